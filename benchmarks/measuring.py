"""One measurement in a process of its own: CPU seconds, peak memory, and what the replications came to.

``python -m benchmarks.measuring SIDE WORK`` is such a process. It simulates what it is asked for line by line, so that
several sides can take turns of a fraction of a second (`Running`): a machine whose clock changes slows all of them.
At the end it prints one line of JSON. CPU time is user and system time while it simulates, clearing up included.
Imports, set-up (reading and resolving the scenario), compilation and a first replication are left out.
With ``--replications`` it simulates so many at once and prints the figures that other programs compare:

    python -m benchmarks.measuring callsim-compiled w3 --replications 1000 --first 5000
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.sides import SIDES

__all__ = ["ROOT", "Running", "Sample", "cpu_seconds", "own_process", "peak_megabytes", "sample"]

ROOT = Path(__file__).resolve().parent.parent
_READY = "ready\n"


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

    def summary(self) -> dict[str, float]:
        """Return rate, memory and what the replications came to."""
        visits = sum(self.visits)
        return {
            "calls_per_cpu_s": round(self.rate),
            "peak_mb": round(self.peak, 1),
            "p_abandon": round(sum(self.abandoned) / visits, 6),
            "mean_wait": round(sum(self.waited) / visits, 6),
        }


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


def sample(side: str, work: str, turns: Iterable[range]) -> Sample:
    """Measure one side in this process: a first replication, then those of each turn as soon as it is known."""
    replicate = SIDES[side].build(work)
    if SIDES[side].warms_up:
        replicate(0)
    gc.collect()
    gc.freeze()  # imported modules and the scenario are set-up: looking through them is no side's rubbish
    taken = Sample()
    for seeds in turns:
        before = cpu_seconds()
        tallies = [replicate(seed) for seed in seeds]
        taken.cpu += cpu_seconds() - before
        for tally in tallies:
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


class Running:
    """One side in a fresh interpreter, which waits between the turns that it is given; leaving the context ends it.

    Parameters
    ----------
    side, work : str
        Of `benchmarks.sides.SIDES`, and one of its work items.

    Raises
    ------
    subprocess.CalledProcessError
        If it ends before it has done what it was asked for.
    """

    def __init__(self, side: str, work: str) -> None:
        self._command = [sys.executable, "-m", "benchmarks.measuring", side, work]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a process was started with pipes and has none")
        self._asking, self._answers = self._process.stdin, self._process.stdout

    def __enter__(self) -> Running:
        try:
            self._line()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        for pipe in (self._asking, self._answers):
            pipe.close()
        self._process.wait()

    def take(self, seeds: range) -> None:
        """Let it simulate these replications, and wait until it has."""
        print(seeds.start, seeds.stop, file=self._asking, flush=True)
        self._line()

    def sample(self) -> Sample:
        """Return what it has measured in all its turns."""
        self._asking.close()
        return Sample(**json.loads(self._line()))

    def _line(self) -> str:
        line = self._answers.readline()
        if not line:
            raise subprocess.CalledProcessError(self._process.wait(), self._command)
        return line


def _asked(lines: Iterable[str]) -> Iterator[range]:
    """Yield the replications that each line asks for, and say when all those asked for so far are done."""
    print(_READY, end="", flush=True)
    for line in lines:
        yield range(*map(int, line.split()))
        print(_READY, end="", flush=True)


def main() -> None:
    """Be one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("side", choices=sorted(SIDES))
    parser.add_argument("work", choices=("w1", "w2", "w3"))
    parser.add_argument("--replications", type=int, help="instead of those that are asked for line by line")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    asked = parser.parse_args()
    if asked.replications is None:
        print(json.dumps(asdict(sample(asked.side, asked.work, _asked(sys.stdin)))))
    else:
        turn = range(asked.first, asked.first + asked.replications)
        print(json.dumps(sample(asked.side, asked.work, [turn]).summary()))


if __name__ == "__main__":
    main()
