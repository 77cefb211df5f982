"""Worker processes: they start without the user's script, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callsim.experiments.execution import cores
from callsim.experiments.pool import workers

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
print("begun", flush=True)
from callsim.experiments.pool import workers
with workers(2) as pool:
    print(sum(pool.map(abs, [-1, -2, -3])), flush=True)
"""
ORPHANS = """
import os, time
from callsim.experiments.pool import workers
with workers(1) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_a_plain_script_needs_no_main_guard(tmp_path: Path, root: Path) -> None:
    """A spawned worker does not run the script again, so that workers do not start workers."""
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, text=True, cwd=root)
    assert done.stdout == "begun\n6\n"
    assert done.stderr == ""


def test_the_main_module_is_as_before_once_workers_have_started() -> None:
    """What is hidden for a moment comes back."""
    before = vars(sys.modules["__main__"]).get("__file__"), sys.modules["__main__"].__spec__
    with workers(1) as pool:
        pool.submit(abs, -1).result()
    assert (vars(sys.modules["__main__"]).get("__file__"), sys.modules["__main__"].__spec__) == before


def test_no_worker_is_left_when_the_block_is_left_in_a_hurry() -> None:
    """A fault or Ctrl-C does not wait for a replication of ten minutes."""
    left: list[int] = []

    def leave_in_a_hurry() -> None:
        with workers(1) as pool:
            left.append(pool.submit(os.getpid).result())
            task = pool.submit(time.sleep, 60)
            while not task.running():
                time.sleep(0.01)
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        leave_in_a_hurry()
    assert time.monotonic() - began < 30
    # `active_children` would not do: the executor's own thread waits for the process too, and the list of children
    # still names one that this thread found gone before the other could note how it ended.
    with pytest.raises(ProcessLookupError):
        os.kill(left[0], 0)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the state of processes from /proc")
def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path, root: Path) -> None:
    """A parent that was killed outright leaves no process behind that waits for ever."""
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_alive(worker)


def test_cores_are_those_that_may_be_used() -> None:
    """Not those of the machine."""
    assert 1 <= cores() <= (os.cpu_count() or 1)
