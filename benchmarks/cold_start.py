"""What starting costs: CPU time and peak memory of whole processes, the median and the least of several runs.

``python -m benchmarks.cold_start`` prints one line a command. A bare interpreter stands first: take it off.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CLI = ("-c", "from callsim.cli import main; main()")
_W1 = "scenarios/benchmark/w1.yaml"

COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "import simpy": ("-c", "import simpy"),
    "import callsim": ("-c", "import callsim"),
    "callsim --help": (*_CLI, "--help"),
    "callsim --version": (*_CLI, "--version"),
    "callsim validate w1.yaml": (*_CLI, "validate", _W1),
    "callsim explain w1.yaml": (*_CLI, "explain", _W1),
}


def once(arguments: tuple[str, ...]) -> tuple[float, float]:
    """Return CPU seconds (user and system) and peak memory in MB of one process."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with exit code {process.returncode}")
    to_megabytes = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / to_megabytes


def main() -> None:
    """Measure every command and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    print(f"{'command':28s} {'CPU s, median':>14s} {'least':>8s} {'peak MB':>9s}")
    for name, arguments in COMMANDS.items():
        once(arguments)  # the first run writes the compiled modules
        taken = [once(arguments) for _ in range(runs)]
        seconds = [one[0] for one in taken]
        memory = max(one[1] for one in taken)
        print(f"{name:28s} {statistics.median(seconds):14.3f} {min(seconds):8.3f} {memory:9.1f}", flush=True)


if __name__ == "__main__":
    main()
