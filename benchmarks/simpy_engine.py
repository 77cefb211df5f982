"""callsim's SimPy engine against the same model written by hand: calls per CPU second and the ratio.

``python -m benchmarks.simpy_engine`` runs the two in turn (hand, callsim, hand, callsim, ...), each measurement in a
process of its own, so that neither pays for what the other has loaded. CPU time is user and system time of the
process while it simulates, clearing up included; imports and set-up (reading and resolving the scenario) are left
out, and so is a first replication of each side. callsim's side includes everything it does per replication: keyed
draws, the log, the measures and the invariants. A call is a visit to a queue.

Printed beside the rates: abandonment and mean wait with standard errors between replications, against the values
that are known, so that a fast wrong engine shows.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Known:
    """Values that a right model must meet. Shares in 0..1, waits in minutes."""

    abandonment: float
    mean_wait: float
    abandonment_error: float
    """Standard error of the known value itself; 0: exact."""
    mean_wait_error: float
    replications: int
    """Replications of each side in a round, a day each: about two seconds' work."""


KNOWN = {
    "w1": Known(0.060369, 0.603694, 0.0, 0.0, 3),
    "w2": Known(0.0, 0.506457, 0.0, 0.0, 3),
    "w3": Known(0.02263, 0.1083, 0.00002, 0.0001, 6),
}
"""W1, W2: birth-death chain. W3: three separately written programs over 162,000 days."""


@dataclass
class Sample:
    """One measurement: some replications of one side."""

    cpu: float = 0.0
    """[s]"""
    calls: int = 0
    visits: list[int] = field(default_factory=list)
    """[replication] Counted visits, the warm-up left out."""
    abandoned: list[int] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """[replication] Sum of waits. [min]"""

    @property
    def rate(self) -> float:
        """Calls per CPU second."""
        return self.calls / self.cpu


Replication = Callable[[int], tuple[int, int, int, float]]
"""Seed -> (calls simulated, visits counted, of them abandoned, sum of their waits in minutes)."""


def by_hand(work: str) -> Replication:
    """Return the hand-written model of a work item."""
    from benchmarks.models.idiomatic_simpy import MODELS

    def replicate(seed: int) -> tuple[int, int, int, float]:
        tally = MODELS[work](seed)
        return tally.simulated, tally.visits, tally.abandoned, tally.waited

    return replicate


def with_callsim(work: str) -> Replication:
    """Return the shipped scenario of a work item on callsim's engine, log, measures and invariants included."""
    from callsim.codes import Outcome
    from callsim.engines.simpy import run
    from callsim.measures import check_run, measure
    from callsim.runlog import check_log
    from callsim.scenario import load, resolve
    from callsim.units import SECOND

    plan = resolve(load(ROOT / "scenarios" / "benchmark" / f"{work}.yaml"))

    def replicate(seed: int) -> tuple[int, int, int, float]:
        log = run(plan, seed=1, replication=seed)
        check_log(log)
        check_run(plan, log)
        measure(plan, log)
        legs = log.legs
        counted = log.contacts["arrived"][legs["contact"]] >= plan.clock.warm_up
        abandoned = int((counted & (legs["outcome"] == Outcome.ABANDONED)).sum())
        waited = (legs["left"] - legs["entered"])[counted].sum() / SECOND / 60
        return len(counted), int(counted.sum()), abandoned, float(waited)

    return replicate


SIDES = {"hand": by_hand, "callsim": with_callsim}


def cpu_seconds() -> float:
    """Return the user and system time of this process so far. [s]"""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def sample(side: str, work: str, first_seed: int, replications: int) -> Sample:
    """Measure one side in this process."""
    replicate = SIDES[side](work)
    replicate(0)
    gc.collect()
    gc.freeze()  # imported modules and the scenario are set-up: looking through them is no side's rubbish
    taken = Sample()
    for seed in range(first_seed, first_seed + replications):
        before = cpu_seconds()
        calls, visits, abandoned, waited = replicate(seed)
        gc.collect()  # the rubbish that a side leaves behind is its own cost
        taken.cpu += cpu_seconds() - before
        taken.calls += calls
        taken.visits.append(visits)
        taken.abandoned.append(abandoned)
        taken.waited.append(waited)
    return taken


def in_a_process_of_its_own(side: str, work: str, first_seed: int, replications: int) -> Sample:
    """Measure one side in a fresh interpreter."""
    command = [sys.executable, "-m", "benchmarks.simpy_engine", "--sample", side, "--work", work]
    command += ["--seed", str(first_seed), "--replications", str(replications)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return Sample(**json.loads(done.stdout))


def ratio_and_error(numerators: list[float], denominators: list[int]) -> tuple[float, float]:
    """Return a ratio of sums and its standard error between replications (delta method)."""
    n, total = len(numerators), sum(denominators)
    ratio = sum(numerators) / total
    rest = [top - ratio * bottom for top, bottom in zip(numerators, denominators, strict=True)]
    return ratio, math.sqrt(sum(r * r for r in rest) * n / (n - 1)) / total


def lines(work: str, samples: dict[str, list[Sample]]) -> Iterator[str]:
    """Yield the report of one work item."""
    known = KNOWN[work]
    for side, taken in samples.items():
        rates = [one.rate for one in taken]
        visits = [count for one in taken for count in one.visits]
        yield (
            f"{work}  {side:8s} {statistics.median(rates):9,.0f} calls per CPU second"
            f"  ({min(rates):,.0f} to {max(rates):,.0f}; {sum(one.calls for one in taken):,} calls)"
        )
        for what, value, value_error, sums in (
            ("P(abandon)", known.abandonment, known.abandonment_error, [x for one in taken for x in one.abandoned]),
            ("mean wait, min", known.mean_wait, known.mean_wait_error, [x for one in taken for x in one.waited]),
        ):
            got, error = ratio_and_error([float(x) for x in sums], visits)
            spread = math.hypot(error, value_error)
            off = f"{(got - value) / spread:+.1f} standard errors" if spread else "exact"
            yield f"      {what:15s} {got:.5f} ± {error:.5f}; known {value:.6g}: {off}"
    ratios = [ours.rate / hand.rate for hand, ours in zip(samples["hand"], samples["callsim"], strict=True)]
    yield (
        f"{work}  callsim / hand: median of {len(ratios)} pairwise ratios {statistics.median(ratios):.2f}"
        f"  ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def main() -> None:
    """Measure, print; with ``--sample`` be one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", choices=sorted(KNOWN), action="append", help="default: w1 and w3")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--replications", type=int, help="days of each side in a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", choices=sorted(SIDES), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.sample:
        print(json.dumps(asdict(sample(asked.sample, asked.work[0], asked.seed, asked.replications))))
        return
    for work in asked.work or ["w1", "w3"]:
        replications = asked.replications or KNOWN[work].replications
        samples: dict[str, list[Sample]] = {side: [] for side in SIDES}
        for turn in range(asked.rounds):
            for side, taken in samples.items():
                taken.append(in_a_process_of_its_own(side, work, asked.seed + turn * replications, replications))
        print("\n".join(lines(work, samples)), flush=True)


if __name__ == "__main__":
    main()
