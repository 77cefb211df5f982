"""Ctrl-C on a real process: what is finished is kept, the exit code is 130, no process is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callsim.experiments.execution import _UNDER_WAY_PER_WORKER

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for others")]
SCENARIO = Path(__file__).parent / "small.yaml"


def interrupted(root: Path, folder: Path, workers: int, further: int, whole_group: bool) -> tuple[int, str]:
    """Run many replications, press Ctrl-C when this one's log is there, return exit code and standard error."""
    logs = folder / "logs"
    logs.mkdir()
    command = [
        sys.executable, "-m", "callsim", "run", str(SCENARIO), "--replications", "100000", "--workers", str(workers),
        "--json", f"{folder}/rows.json", "--save-logs", str(logs),
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        # A saved log says that its replication is over, not that the parent has heard of it, and a slow worker may
        # still be at the first one. When this one is under way, the parent has the results of the first ones.
        deadline = time.monotonic() + 60
        while not (logs / f"A-small-desk-r{further:04d}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        if whole_group:  # as a terminal does
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.parametrize(("workers", "whole_group"), [(1, True), (2, True), (2, False)])
def test_ctrl_c_keeps_what_is_finished(root: Path, tmp_path: Path, workers: int, whole_group: bool) -> None:
    """Rows of the finished replications, their logs and no others, nothing half-written."""
    further = workers * _UNDER_WAY_PER_WORKER + 1
    code, said = interrupted(root, tmp_path, workers, further, whole_group)
    assert code == 130
    assert "Traceback" not in said
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    n = max(row["n"] for row in rows)
    assert n >= 2
    assert f"Stopped: the figures rest on the {n} of 100000 replications that were finished" in said
    names = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert names == [f"A-small-desk-r{replication:04d}" for replication in range(n)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "rows.json"]


def test_ctrl_c_before_anything_is_finished_writes_nothing(root: Path, tmp_path: Path) -> None:
    """And says so."""
    scenario = tmp_path / "long.yaml"
    scenario.write_text(SCENARIO.read_text(encoding="utf-8").replace("measure: 2h", "measure: 200 weeks"))
    command = [
        sys.executable, "-m", "callsim", "run", str(scenario), "--workers", "1", "--engine", "simpy",
        "--json", f"{tmp_path}/a.json",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Stopped" in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["long.yaml"]
