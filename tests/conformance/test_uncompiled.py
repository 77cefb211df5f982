"""The compiled engine without its compiler: the same source, run by Python, gives the same logs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from callsim.testing.drawing.centre import Scope


@pytest.mark.slow
@pytest.mark.parametrize(("scope", "scenarios"), [(Scope.EVERYTHING, 60), (Scope.SKILLS, 20), (Scope.ONE_QUEUE, 20)])
def test_engines_agree_without_the_compiler(scope: Scope, scenarios: int, root: Path) -> None:
    """The first scenarios of a batch for each kernel, in a process of its own, CALLSIM_JIT=off: no cell differs."""
    command = [sys.executable, "-m", "callsim.testing", "--scope", scope.value, "--scenarios", str(scenarios)]
    environment = {**os.environ, "CALLSIM_JIT": "off"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{scenarios} scenarios" in done.stdout
    assert "0 disagreements" in done.stdout
