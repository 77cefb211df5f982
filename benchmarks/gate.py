"""The compiled engine against the known values, with errors small enough to show a mistake of 1.5 %.

``python -m benchmarks.gate`` runs W3 over 10,000 days, and W1 and W2 over some 10^8 calls each, and holds what they
come to against the known values. Differences of this size do not show in hundreds of days: a shift change that let
one call too many through once cost 1.6 % of P(abandon) and was seen after 12,000 days only.

It ends with code 1 if a figure is off.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.known import FALSE_ALARM, KNOWN, Agreement, agreement
from benchmarks.sides import counted, plan_of

if TYPE_CHECKING:
    from benchmarks.models.tally import Tally

__all__ = ["RUNS", "Run", "judged"]


@dataclass(frozen=True)
class Run:
    """How often a work item is run, and how exact that makes it."""

    changes: tuple[str, ...]
    replications: int
    largest_error: tuple[float, ...]
    """Standard errors, those of the known values included, that P(abandon), the mean wait [min] and the share
    answered within 20 s may have at the most: the check must be able to fail."""


_LONG = ("run.warm_up=1 day", "run.measure=100 days")
RUNS = {
    "w1": Run(_LONG, 33, (0.0002, 0.002)),
    "w2": Run(_LONG, 37, (0.0, 0.006)),
    "w3": Run((), 10_000, (0.00007, 0.0003, 0.0003)),
}


def judged(work: str, seed: int = 1, replications: int | None = None) -> tuple[Agreement, ...]:
    """Run a work item and hold it against what is known.

    Parameters
    ----------
    work : str
        "w1", "w2" or "w3".
    seed : int
    replications : int, optional
        Fewer than `RUNS` says.

    Returns
    -------
    tuple of Agreement
        P(abandon), mean wait in minutes and, for W3, the share answered within 20 s.
    """
    known = KNOWN[work]
    replicate = counted(plan_of(work, *RUNS[work].changes), seed, ())
    taken = [replicate(number) for number in range(replications or RUNS[work].replications)]
    visits = [each.visits for each in taken]

    def held(count: Callable[[Tally], float], value: object) -> tuple[Agreement, ...]:
        return (agreement([float(count(each)) for each in taken], visits, value),) if value else ()

    return (
        *held(lambda each: each.abandoned, known.abandonment),
        *held(lambda each: each.waited, known.mean_wait),
        *held(lambda each: each.within, known.within),
    )


def main() -> None:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", choices=sorted(RUNS), action="append", help="default: all; may be repeated")
    parser.add_argument("--replications", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    holds = True
    print(f"A right engine is reported as off with probability {FALSE_ALARM:g} a figure.")
    for work in asked.work or RUNS:
        checks = judged(work, asked.seed, asked.replications)
        for what, check in zip(("P(abandon)", "mean wait, min", "within 20 s"), checks, strict=False):
            print(
                f"{work}  {what:15s} {check.got.value:.6f} ± {check.got.error:.6f}; known {check.known.value:.6g}"
                f" ± {check.known.error:g}: off by {check.off:+.1f} of at most {check.limit:.1f} standard errors",
                flush=True,
            )
        holds = holds and all(check.holds for check in checks)
    if not holds:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
