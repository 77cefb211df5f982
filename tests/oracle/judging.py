"""Figures of simulated runs with their own standard errors, and the verdict on them.

A run's measured window is cut into batches (its reporting intervals); every figure is a function of sums over the
batches, and its standard error comes from leaving out one batch after the other (jackknife). Where a run is one
finite day, each replication is a batch.

The verdict: a figure must lie within `Z` = 5 standard errors of the reference. With 40 batches the distance in
standard errors is nearly Student's t with 39 degrees of freedom, which exceeds 5 with probability 1.3e-5 (20
batches: 8e-5; a known standard error: 6e-7). The fast tests judge about 600 figures: if every model is right, the
chance that the fixed seeds make one of them fail is below 1 %. They are fixed by the names of the cases.

Two things would spoil this. A run that happens to see little congestion has small waits *and* small standard errors;
so what lies below its reference is judged with the error that it would have at the reference, the variance of such
sums being proportional to their mean at least. And shares below `RARE` or above 1 - `RARE` rest on a handful of busy
hours in a fast run: `common` leaves them to the long mode.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from callsim.codes import Outcome
from callsim.measures import measure
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog

Z = 5.0
ROUNDING = 2e-11
"""The references print 12 digits."""
RARE = 0.02
"""Smallest share that a fast run judges."""

COUNTED = "fresh repeats offered answered abandoned blocked balked callers callers_answered level_met level_counted"
TIMED = "wait wait_answered wait_abandoned queue_time window busy_time staffed_time signed_on_time talk after_call_work"
Columns = dict[str, np.ndarray]


def columns(plan: Plan, log: RunLog, scope: str, thresholds: Sequence[float] = ()) -> Columns:
    """Return the sums of each reporting interval, float64[interval]; times in seconds.

    ``scope`` is "" for the whole centre, or such as "queue:main". Most sums are the package's own measures;
    who was delayed, squares of waits and waits up to a threshold are counted here, from the log.
    """
    kind, _, name = scope.partition(":")
    measures = measure(plan, log, by=("+".join(filter(None, (kind, "interval"))),))
    part = measures.parts["+".join(filter(None, (kind, "interval")))]
    member = measures.members[kind].index(name)
    found = {each: part.sum_of(each)[member].astype(float) for each in COUNTED.split()}
    found |= {each: part.sum_of(each)[member] / SECOND for each in TIMED.split()}
    return found | from_legs(plan, log, scope, thresholds)


def from_legs(plan: Plan, log: RunLog, scope: str, thresholds: Sequence[float], stream: str = "") -> Columns:
    """Return sums over the legs of each reporting interval, straight from the log."""
    kind, _, name = scope.partition(":")
    legs, contact = log.legs, log.legs["contact"]
    arrived = log.contacts["arrived"][contact]
    edges = plan.clock.interval_edges
    cell = np.searchsorted(edges, legs["entered"] if kind == "queue" else arrived, side="right") - 1
    rows = (arrived >= plan.clock.warm_up) & (cell >= 0) & (cell < len(edges) - 1)
    if kind == "queue":
        rows &= legs["queue"] == plan.queues.names.index(name)
    elif kind == "agents":
        rows &= np.where(legs["agent"] >= 0, plan.agents.group[legs["agent"]], -1) == plan.agents.groups.index(name)
    caller = name if kind == "callers" else stream
    if caller:
        rows &= log.contacts["stream"][contact] == plan.streams.names.index(caller)
    cell, outcome = cell[rows], legs["outcome"][rows]
    wait = (legs["left"][rows] - legs["entered"][rows]) / SECOND
    answered, abandoned = outcome == Outcome.ANSWERED, outcome == Outcome.ABANDONED

    def summed(weights: np.ndarray) -> np.ndarray:
        return np.bincount(cell, weights=weights.astype(float), minlength=len(edges) - 1)

    found = {
        "legs": summed(outcome > 0),
        "delayed": summed(abandoned | (wait > 0)),
        "answered_legs": summed(answered),
        "squared_wait_answered": summed(np.where(answered, wait**2, 0)),
        "squared_wait_abandoned": summed(np.where(abandoned, wait**2, 0)),
    }
    for limit in thresholds:
        found[f"answered_within_{limit:g}"] = summed(answered & (wait <= limit))
        found[f"abandoned_within_{limit:g}"] = summed(abandoned & (wait <= limit))
    return found


def joined(runs: Sequence[Columns]) -> Columns:
    """Put the batches of several runs one behind the other."""
    return {name: np.concatenate([run[name] for run in runs]) for name in runs[0]}


def estimate(sums: Columns, formula: Callable[[Any], Any]) -> tuple[float, float]:
    """Return (figure, standard error by the jackknife over batches)."""
    total = {name: column.sum() for name, column in sums.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(formula(SimpleNamespace(**total)))
        rest = formula(SimpleNamespace(**{name: total[name] - column for name, column in sums.items()}))
    rest = np.broadcast_to(np.asarray(rest, float), (len(sums["window"]),))
    return value, float(math.sqrt((len(rest) - 1) * np.var(rest)))


@dataclass(frozen=True)
class Known:
    """What a figure should be."""

    value: float
    error: float = 0.0
    """Standard error of a value that was itself simulated, or half a unit of its last printed digit."""


SHARES = ("p_", "sl_", "service_level", "occupancy", "answered within", "in time or gone")


@dataclass(frozen=True)
class Verdict:
    """One figure, judged."""

    name: str
    known: Known
    value: float
    error: float

    @property
    def distance(self) -> float:
        """Distance from the reference in standard errors of both."""
        gap = abs(self.value - self.known.value)
        if gap <= ROUNDING * abs(self.known.value):
            return 0.0
        there, here = (self._rarer(figure) for figure in (self.known.value, self.value))
        error = math.hypot(self.error * math.sqrt(there / here if 0 < here < there else 1.0), self.known.error)
        return gap / error if error else math.inf

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.name.rpartition(" ")[2].startswith(SHARES)

    @property
    def is_rare(self) -> bool:
        """Whether it is the share of calls to which something hardly ever happens, or nearly always."""
        return self.is_share and not self.name.endswith("occupancy") and 0 < self._rarer(self.known.value) < RARE

    def _rarer(self, value: float) -> float:
        """Return a share, or one minus it if the reference is above a half; other figures as they are."""
        return 1 - value if self.is_share and self.known.value > 0.5 else value

    @property
    def relative_error(self) -> float:
        """Own standard error relative to the reference."""
        return self.error / abs(self.known.value) if self.known.value else math.inf

    def __str__(self) -> str:
        return (
            f"{self.name:42} {self.known.value:12.6g} {self.value:12.6g} +- {self.error:9.3g}"
            f" ({self.relative_error:6.2%})  z {self.distance:5.2f}"
        )


def judge(
    sums: Mapping[str, Columns], expected: Mapping[str, tuple[str, Callable[[Any], Any], Known]]
) -> list[Verdict]:
    """Judge figures given as name -> (scope, formula, known value)."""
    found = []
    for name, (scope, formula, known) in expected.items():
        value, error = estimate(sums[scope], formula)
        found.append(Verdict(name, known, value, error))
    return found


def common(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return what a fast run can judge."""
    return [each for each in verdicts if not each.is_rare]


def disagreements(verdicts: Sequence[Verdict], main: Sequence[str] = (), precision: float = math.inf) -> list[str]:
    """Return each figure further than `Z` standard errors from its reference, and each main one that is too imprecise.

    Main ones that were not judged are named as well.
    """
    print("\n".join(map(str, verdicts)))  # shown by pytest -rP, and when the test fails
    wrong = [f"further than {Z:g} standard errors: {each}" for each in verdicts if not each.distance <= Z]
    for each in verdicts:
        if each.name in main and not each.relative_error <= precision:
            wrong.append(f"standard error above {precision:.1%} of the value: {each}")
    return wrong + [f"not judged: {name}" for name in sorted(set(main) - {each.name for each in verdicts})]
