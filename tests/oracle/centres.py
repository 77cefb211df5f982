"""A trial: one centre as scenario text, how long it runs, and what its figures should be."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from callsim.engines import simpy
from callsim.measures import check_run
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.scenario import load, resolve
from tests.oracle.figures import Formula, figure
from tests.oracle.judging import Columns, Known, Verdict, columns, joined, judge

HOUR = 3600


@dataclass(frozen=True)
class Trial:
    """One centre and its reference."""

    name: str
    text: str
    """The scenario without its clock."""
    rate: float
    """Calls offered to the centre, those that call again included. [1/s]"""
    warm_up: float
    """At least ten relaxation times. [s]"""
    expected: Mapping[str, tuple[str, Formula, Known]]
    """Figure -> (scope, formula, value)."""
    thresholds: tuple[float, ...] = ()
    """[s]"""
    calls: int = 40_000
    """Of the fast run, in the measured window."""
    batches: int = 40
    main: tuple[str, ...] = ()
    """Figures whose standard error is kept below 2 % in the fast run and 0.5 % in the long one."""
    clock: str = ""
    """Instead of the usual clock."""

    @property
    def seed(self) -> int:
        """A seed of its own for each centre, fixed by its name."""
        return zlib.crc32(self.name.encode())

    def plan(self, folder: Path) -> Plan:
        """Write the scenario and resolve it."""
        batch = max(1, round(self.calls / self.rate / self.batches))
        usual = (
            f"{{warm_up: {round(self.warm_up)}s, measure: {self.batches * batch}s, interval: {batch}s, at_end: drain}}"
        )
        path = folder / "centre.yaml"
        path.write_text(f"run: {self.clock or usual}\n{self.text}", encoding="utf-8")
        return resolve(load(path))

    def run(self, folder: Path, replications: range = range(1)) -> dict[str, Columns]:
        """Run it; return the sums of its batches by scope."""
        plan = self.plan(folder)
        parts: dict[str, list[Columns]] = {scope: [] for scope in self.scopes}
        for replication in replications:  # a log is dropped before the next one is made
            log = run_checked(plan, self.seed, replication)
            for scope in self.scopes:
                parts[scope].append(columns(plan, log, scope, self.thresholds))
        return {scope: joined(runs) for scope, runs in parts.items()}

    def verdicts(self, folder: Path, replications: range = range(1)) -> list[Verdict]:
        """Run it and judge every figure."""
        return judge(self.run(folder, replications), self.expected)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that a figure needs."""
        return tuple(dict.fromkeys(scope for scope, _, _ in self.expected.values()))

    def but(self, **changes: Any) -> Trial:
        """Return the trial with other fields."""
        return replace(self, **changes)


def run_checked(plan: Plan, seed: int, replication: int) -> RunLog:
    """Run one replication and check its invariants."""
    log = simpy.run(plan, seed, replication)
    check_run(plan, log)
    return log


@dataclass
class Expectations:
    """Collects the figures of a case; names that no figure stands for must be named in `left_out`."""

    unit: float = 1.0
    """The file's unit of time. [s]"""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Name -> why it is not judged."""
    figures: dict[str, tuple[str, Formula, Known]] = field(default_factory=dict)
    limits: set[float] = field(default_factory=set)

    def take(self, values: Mapping[str, Any], scope: str = "", prefix: str = "", digits: int = 12) -> None:
        """Take every printed value of a mapping."""
        for name, value in values.items():
            if name in self.left_out:
                continue
            found = figure(name, self.unit)
            assert found is not None, f"no figure stands for {name}: judge it or say why not"
            formula, factor, limit = found
            if limit:
                self.limits.add(limit)
            if isinstance(value, Mapping):  # published with a 95 % interval of ten runs: Student's t with 9 degrees
                known = Known(value["value"] * factor, value["ci95_halfwidth"] * factor / 2.262)
            else:
                known = Known(value * factor)
            self.figures[prefix + name] = (scope, formula, known)

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The acceptable waits that the figures need. [s]"""
        return tuple(sorted(self.limits))


def centre(
    rate: float, handle_time: str, heads: int, *, callers: str = "", queue: str = "", lines: int | None = None
) -> str:
    """Return a centre with one stream, one queue and one group. ``rate`` in calls a second."""
    service = handle_time if ":" in handle_time else f"handle_time: {handle_time}"
    return (
        (f"lines: {lines}\n" if lines is not None else "")
        + f"callers:\n  everyone: {{calls: {{per_hour: {rate * HOUR:.12g}}}, to: main{callers and ', ' + callers}}}\n"
        + f"queues:\n  main: {{{service}{queue and ', ' + queue}}}\n"
        + f"agents:\n  team: {{heads: {heads}, answers: [main]}}\n"
    )
