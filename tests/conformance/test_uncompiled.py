"""The compiled engine without its compiler: the same source, run by Python, gives the same logs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_engines_agree_without_the_compiler(root: Path) -> None:
    """The first 60 scenarios of the batch in a process of its own, CALLSIM_JIT=off: no cell differs."""
    command = [sys.executable, "-m", "callsim.testing", "--scenarios", "60"]
    environment = {**os.environ, "CALLSIM_JIT": "off"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 scenarios" in done.stdout
    assert "0 disagreements" in done.stdout
