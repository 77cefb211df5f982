"""callsim and the packages that one would use instead, on the same work: calls per CPU second and ratios.

``python -m benchmarks.peers`` runs all sides round after round, each in a process of its own; within a round they take
turns of a fraction of a second. Rates wander with whatever else the machine does; the ratio of two runs made in turns
does not wander so much. So what counts is the median of the ratios to idiomatic SimPy within each round. Every side's
P(abandon) and mean wait are held against the known values, so that a fast wrong engine shows; the command then ends
with code 1.

    python -m benchmarks.peers                                         # everything, about four minutes
    python -m benchmarks.peers --side callsim-simpy --work w3 --rounds 9
    python -m benchmarks.peers --write                                 # and into docs/explanation/speed.md

Packages that are not installed are left out: ``pip install -e '.[benchmarks]'``.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks.known import FALSE_ALARM, KNOWN, Agreement, agreement
from benchmarks.measuring import Running, Sample
from benchmarks.page import aligned, machine, put, table
from benchmarks.sides import BASE, COMPILED, SAME_FIGURES, SIDES

__all__ = ["TURNS", "Outcome", "one_round", "outcome", "ratios", "rounds", "spread", "turns"]

WORKS = tuple(KNOWN)
TURNS = 5
"""In so many turns each side simulates what it has to in a round: a few tenths of a second at a time."""


@dataclass(frozen=True)
class Outcome:
    """What the rounds of one side and work item say."""

    rate: float
    """Median. [calls per CPU second]"""
    ratios: tuple[float, ...]
    """[round] To idiomatic SimPy."""
    calls: int
    peak: float
    """Median. [MB]"""
    checks: tuple[Agreement, ...]
    """P(abandon) and mean wait; empty with fewer than two replications."""


def turns(n: int, round_: int) -> list[range]:
    """Return the replications of each turn that a side takes in a round, those of a round being `n` of its own."""
    first = 1 + round_ * n
    return [range(first + n * turn // TURNS, first + n * (turn + 1) // TURNS) for turn in range(TURNS)]


def one_round(work: str, sides: list[str], round_: int) -> dict[str, Sample]:
    """Measure the sides once, each in a process of its own, in turns."""
    with ExitStack() as processes:
        running = {side: processes.enter_context(Running(side, work)) for side in sides}
        seeds = {side: turns(SIDES[side].replications[work], round_) for side in sides}
        for turn in range(TURNS):
            for side, process in running.items():
                if seeds[side][turn]:
                    process.take(seeds[side][turn])
        return {side: process.sample() for side, process in running.items()}


def rounds(work: str, sides: list[str], n: int) -> dict[str, list[Sample]]:
    """Measure the sides n times over."""
    taken: dict[str, list[Sample]] = {side: [] for side in sides}
    for round_ in range(n):
        for side, found in one_round(work, sides, round_).items():
            taken[side].append(found)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return taken


def ratios(taken: dict[str, list[Sample]], side: str, base: str = BASE) -> tuple[float, ...]:
    """Return how many times the rate of another side a side reached in each round, idiomatic SimPy if none is named."""
    return tuple(ours.rate / theirs.rate for theirs, ours in zip(taken[base], taken[side], strict=True))


def outcome(work: str, taken: dict[str, list[Sample]], side: str) -> Outcome:
    """Return what the rounds of one side say."""
    samples, known = taken[side], KNOWN[work]
    visits = [count for each in samples for count in each.visits]
    abandoned = [float(count) for each in samples for count in each.abandoned]
    waited = [minutes for each in samples for minutes in each.waited]
    checks = ()
    if len(visits) > 1:
        checks = (agreement(abandoned, visits, known.abandonment), agreement(waited, visits, known.mean_wait))
    return Outcome(
        rate=median(each.rate for each in samples),
        ratios=ratios(taken, side),
        calls=sum(each.calls for each in samples),
        peak=median(each.peak for each in samples),
        checks=checks,
    )


def _figure(value: float) -> str:
    """Return a figure with three digits that count, and words for large ones."""
    for size, word in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"


def _rate_rows(found: dict[str, dict[str, Outcome]]) -> Iterator[list[str]]:
    for side, about in SIDES.items():
        works = [found[work].get(side) for work in found]
        if any(works):
            row = [f"{about.label} {about.version()}"]
            for each in works:
                row += [_figure(each.rate), f"{median(each.ratios):.3g}"] if each else ["-", "-"]
            yield [*row, f"{max(each.peak for each in works if each):.0f}"]


def _check_rows(found: dict[str, dict[str, Outcome]]) -> Iterator[list[str]]:
    for work, sides in found.items():
        for side, about in SIDES.items():
            if side in sides and sides[side].checks:
                abandonment, wait = sides[side].checks
                yield [
                    f"{work.upper()}, {about.label}",
                    _figure(sides[side].calls),
                    f"{abandonment.got.value:.5f} ± {abandonment.got.error:.5f}",
                    f"{abandonment.off:+.1f}",
                    f"{wait.got.value:.4f} ± {wait.got.error:.4f}",
                    f"{wait.off:+.1f}",
                    "yes" if abandonment.holds and wait.holds else "NO",
                ]


CHECKS = ["", "calls", "P(abandon)", "off by", "mean wait, min", "off by", "agrees"]


def spread(found: tuple[float, ...]) -> str:
    """Return the median of ratios, and the smallest and the largest."""
    return f"{median(found):.3g} ({min(found):.3g} to {max(found):.3g})"


def like_for_like(work: str, taken: dict[str, list[Sample]]) -> list[str]:
    """Say how many times the rate of SimPy that counts the same figures the compiled engine reached, if both ran."""
    if SAME_FIGURES not in taken or COMPILED not in taken:
        return []
    times = spread(ratios(taken, COMPILED, SAME_FIGURES))
    return [
        f"{work.upper()} with figures by interval on both sides: {SIDES[COMPILED].label}, "
        f"{times} times {SIDES[SAME_FIGURES].label}."
    ]


def report(found: dict[str, dict[str, Outcome]], n: int, said: list[str]) -> tuple[str, str]:
    """Return the report for a terminal and for the page; ``said`` are sentences about the rates."""
    header = [""]
    for work in found:
        header += [f"{work.upper()}, calls/s", "times SimPy"]
    rates, checks = list(_rate_rows(found)), list(_check_rows(found))
    known = "; ".join(
        f"{work.upper()} {KNOWN[work].abandonment.value:.6g} and {KNOWN[work].mean_wait.value:.6g} min"
        for work in found
    )
    words = (
        f"Calls per CPU second (medians), and times the rate of idiomatic SimPy (medians of {n} pairwise ratios). "
        "The last column is the peak memory of the process."
    )
    held = (
        f'What they come to, held against the known P(abandon) and mean wait: {known}. "Off by" counts standard '
        f"errors between replications; a right model is reported as off with probability {FALSE_ALARM:g} a figure."
    )
    header.append("MB")
    shown = "\n\n".join((words, aligned(header, rates), *said, held, aligned(CHECKS, checks)))
    day = datetime.datetime.now(datetime.UTC).strftime("%B %Y")
    page = "\n\n".join(
        (f"Measured in {day} on {machine()}. {words}", table(header, rates), *said, held, table(CHECKS, checks))
    )
    return shown, page


def installed(wanted: list[str] | None) -> list[str]:
    """Return the sides to measure, the base first, and say which are left out."""
    sides = [BASE, *(side for side in wanted or SIDES if side != BASE)]
    missing = [side for side in sides if SIDES[side].version() is None]
    if missing:
        print(f"not installed, left out: {', '.join(missing)}; pip install -e '.[benchmarks]'", file=sys.stderr)
    return [side for side in sides if side not in missing]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", choices=sorted(SIDES), action="append", help="default: all; may be repeated")
    parser.add_argument("--work", choices=WORKS, action="append", help="default: all; may be repeated")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the tables into the documentation")
    asked = parser.parse_args()
    sides = installed(asked.side)
    found, said = {}, []
    for work in asked.work or WORKS:
        taken = rounds(work, [side for side in sides if work in SIDES[side].replications], asked.rounds)
        found[work] = {side: outcome(work, taken, side) for side in taken}
        said += like_for_like(work, taken)
    shown, page = report(found, asked.rounds, said)
    print(shown)
    for work, each in found.items():
        for side in each:
            if side != BASE:
                print(f"{work}  {side} / {BASE}: {spread(each[side].ratios)}")
    if asked.write:
        put("peers", page)
    if not all(check.holds for each in found.values() for one in each.values() for check in one.checks):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
