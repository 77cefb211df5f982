"""Days that begin empty: piecewise-constant rates and head-counts, each replication one day and one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.scenario import load, resolve
from tests.oracle.centres import run_checked
from tests.oracle.figures import Formula, figure
from tests.oracle.judging import Columns, Known, columns
from tests.oracle.reference_values import Case

THRESHOLDS = (20.0, 60.0)
DAYS: dict[str, Formula] = {
    "expected_arrivals": lambda s: s.offered / s.days,
    "expected_served": lambda s: s.answered / s.days,
    "expected_abandoned": lambda s: s.abandoned / s.days,
    "expected_waiting_at_close": lambda s: s.waiting_at_close / s.days,
    "expected_busy_at_close": lambda s: s.busy_at_close / s.days,
}
INPUTS = {"start_s", "end_s", "arrival_rate_per_h", "agents"}


def text(case: Case) -> str:
    """Return the scenario of a case with periods of equal length."""
    p, periods = case["parameters"], case["periods"]
    step = round(periods[0]["end_s"] - periods[0]["start_s"])
    assert all(round(each["end_s"] - each["start_s"]) == step for each in periods)
    patience = p["mean_patience_s"]
    hangs_up = "" if patience == "infinite" else f", patience: exponential mean {patience:g}s"
    rates = [each["arrival_rate_per_h"] for each in periods]
    heads = [each["agents"] for each in periods]
    return (
        f"run: {{measure: {step * len(periods)}s, interval: {step}s, at_end: drain}}\n"
        f"callers: {{everyone: {{calls: {{every: {step}s, per_hour: {rates}}}, to: main{hangs_up}}}}}\n"
        f"queues: {{main: {{handle_time: exponential mean {p['mean_service_s']:g}s}}}}\n"
        f"agents: {{team: {{staffing: {{every: {step}s, heads: {heads}}}, answers: [main]}}}}\n"
    )


def present(log: RunLog, instants: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (waiting, being served) at each instant. [ticks]"""
    legs = log.legs
    begun, left, done = (np.sort(legs[name]) for name in ("entered", "left", "handle_end"))
    answered = np.sort(legs["left"][legs["agent"] >= 0])
    done = done[done >= 0]
    waiting = np.searchsorted(begun, instants, side="right") - np.searchsorted(left, instants, side="right")
    busy = np.searchsorted(answered, instants, side="right") - np.searchsorted(done, instants, side="right")
    return waiting, busy


@dataclass(frozen=True)
class Days:
    """Many days: float64[day, interval] by name."""

    cells: Columns

    def interval(self, number: int) -> Columns:
        """Return the sums of one interval, a batch a day."""
        return {name: column[:, number] for name, column in self.cells.items()}

    @property
    def whole(self) -> Columns:
        """The sums of whole days."""
        return {name: column.sum(axis=1) for name, column in self.cells.items()} | {"days": self.cells["days"][:, 0]}


def simulate(folder: Path, scenario: str, seed: int, days: int) -> Days:
    """Run so many days."""
    path = folder / "day.yaml"
    path.write_text(scenario, encoding="utf-8")
    plan = resolve(load(path))
    return gather([_day(plan, seed, number) for number in range(days)])


def gather(found: Sequence[Columns]) -> Days:
    """Stack days."""
    return Days({name: np.stack([day[name] for day in found]) for name in found[0]})


def _day(plan: Plan, seed: int, number: int) -> Columns:
    log = run_checked(plan, seed, number)
    found = columns(plan, log, "", THRESHOLDS)
    last = np.zeros(len(found["window"]))
    last[-1] = 1
    waiting, busy = present(log, [plan.clock.horizon])
    return found | {
        "days": np.ones(len(last)),
        "waiting_at_close": last * waiting[0],
        "busy_at_close": last * busy[0],
    }


def expected(values: dict[str, Any], unit: float = 1.0) -> dict[str, tuple[str, Formula, Known]]:
    """Return what the printed values of a period, or of the totals, stand for."""
    found: dict[str, tuple[str, Formula, Known]] = {}
    for name, value in values.items():
        if name in INPUTS or isinstance(value, list) or abs(value) < 1e-9:  # rounding noise of the equations
            continue
        if name in DAYS:
            found[name] = ("", DAYS[name], Known(value))
            continue
        known = figure(name, unit)
        assert known is not None, f"no figure stands for {name}"
        found[name] = ("", known[0], Known(value * known[1]))
    return found


def at_instants(log: RunLog, first: int, day: int, phases: Sequence[float], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (waiting, busy) as int64[day, phase] at phases of a day. Ticks; ``phases`` in days."""
    instants = first + np.add.outer(np.arange(n), np.array(phases)) * day
    waiting, busy = present(log, np.rint(instants).astype(np.int64).ravel())
    return waiting.reshape(n, -1), busy.reshape(n, -1)


def hours(number: float) -> int:
    """Return hours in ticks."""
    return round(number * 3600 * SECOND)
