"""One measurement in a process of its own: CPU seconds, peak memory, and what the replications came to.

``python -m benchmarks.measuring SIDE WORK`` is such a process and prints one line of JSON; `measured` starts it.
CPU time is user and system time while it simulates, clearing up included. Imports, set-up (reading and resolving the
scenario), compilation and a first replication are left out.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.sides import SIDES

__all__ = ["ROOT", "Sample", "cpu_seconds", "measured", "own_process", "peak_megabytes", "sample"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Sample:
    """Some replications of one side."""

    cpu: float = 0.0
    """[s]"""
    calls: int = 0
    """Visits to queues, those of the warm-up included."""
    peak: float = 0.0
    """Peak memory of the process. [MB]"""
    visits: list[int] = field(default_factory=list)
    """[replication] Counted visits, the warm-up left out."""
    abandoned: list[int] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """[replication] Sum of waits. [min]"""

    @property
    def rate(self) -> float:
        """Calls per CPU second."""
        return self.calls / self.cpu


def cpu_seconds() -> float:
    """Return the user and system time of this process so far. [s]"""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_megabytes() -> float:
    """Return the most memory that this process has had in use. [MB]"""
    try:  # where it exists, this does not count what the parent had before it started us
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024.0
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024.0 if sys.platform != "darwin" else peak / 1024.0**2


def sample(side: str, work: str, first_seed: int, replications: int) -> Sample:
    """Measure one side in this process."""
    replicate = SIDES[side].build(work)
    if SIDES[side].warms_up:
        replicate(0)
    gc.collect()
    gc.freeze()  # imported modules and the scenario are set-up: looking through them is no side's rubbish
    taken = Sample()
    for seed in range(first_seed, first_seed + replications):
        before = cpu_seconds()
        tally = replicate(seed)
        taken.cpu += cpu_seconds() - before
        taken.calls += tally.simulated
        taken.visits.append(tally.visits)
        taken.abandoned.append(tally.abandoned)
        taken.waited.append(tally.waited)
    before = cpu_seconds()
    gc.collect()  # the rubbish that a side leaves behind is its own cost
    taken.cpu += cpu_seconds() - before
    taken.peak = peak_megabytes()
    return taken


def own_process(module: str, *arguments: object) -> dict[str, object]:
    """Run ``python -m module arguments`` and return the JSON object that it prints last.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """
    command = [sys.executable, "-m", module, *(str(each) for each in arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(side: str, work: str, turn: int) -> Sample:
    """Measure one side in a fresh interpreter; each turn has replications of its own."""
    replications = SIDES[side].replications[work]
    found = own_process("benchmarks.measuring", side, work, 1 + turn * replications, replications)
    return Sample(**found)  # type: ignore[arg-type]


def main() -> None:
    """Be one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("side", choices=sorted(SIDES))
    parser.add_argument("work", choices=("w1", "w2", "w3"))
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("replications", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    print(json.dumps(asdict(sample(asked.side, asked.work, asked.seed, asked.replications))))


if __name__ == "__main__":
    main()
