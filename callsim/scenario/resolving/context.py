"""What every part of resolving shares: the clock, the names' numbers, the law book, and the problems found so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim.codes import Cause
from callsim.errors import Problem, ScenarioError
from callsim.plan.laws import Constant, Law, LawBook
from callsim.plan.plan import ONE, SURE
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.language.values import Delay
from callsim.scenario.models import Callers, CaseType, Customers, Scenario
from callsim.scenario.resolving.calendar import Span, Timeline
from callsim.units import MINUTE, SECOND, WeeklyHours

if TYPE_CHECKING:
    from callsim.scenario.resolving.volumes import FileDefects, VolumeTable

__all__ = [
    "ESCALATION",
    "LONGEST_PATIENCE",
    "NO_LIMIT",
    "CaseKind",
    "Context",
    "Repeat",
    "Stream",
    "Way",
    "as_factor",
    "as_share",
]

Way = tuple[str | int, ...]
"""Path of a value inside a scenario."""
LONGEST_PATIENCE = Constant(20.0 * 365 * 86_400)
"""Stands for "never hangs up" where a law is needed beside a share that hangs up at once."""
ESCALATION = "escalation"
"""Reason of the transfers by which cases are escalated."""
NO_LIMIT = (1 << 15) - 1
"""Transfers of a contact at the most where none is written; beyond any that happens."""


def as_share(share: float) -> int:
    """Return the 53-bit threshold of a probability."""
    return round(share * SURE)


def as_factor(factor: float) -> int:
    """Return a factor with 20 binary places."""
    return round(factor * ONE)


@dataclass(frozen=True)
class Repeat:
    """Who of a stream calls again after one cause, and when."""

    cause: Cause
    shares: tuple[float, ...]
    delay: Delay
    way: Way
    """Where the delay is written."""


@dataclass(frozen=True)
class CaseKind:
    """A type of case with one kind of customer."""

    type: str
    customer: str
    """Name of the kind of customer; of the type if none is written."""
    case: CaseType
    customers: Customers | None
    """None: the type has one kind of customer, and none is written."""

    @property
    def stream(self) -> str:
        """Name of its stream."""
        return self.type if self.customers is None else f"{self.type}: {self.customer}"

    @property
    def way(self) -> Way:
        """Where the type is written."""
        return ("cases", self.type)

    def side(self, key: str) -> tuple[Any, Way]:
        """Return what the customers are like, and where it is written: said of the kind, else of the type."""
        if self.customers is not None and key in self.customers.model_fields_set:
            return getattr(self.customers, key), (*self.way, "customers", self.customer, key)
        return getattr(self.case, key), (*self.way, key)


@dataclass
class Stream:
    """One stream of callers with the place where it is written."""

    name: str
    callers: Callers
    way: Way
    table: str | None = None
    """Name of its queue in the volumes file."""
    kind: CaseKind | None = None
    """The case kind whose callers these are."""
    repeats: tuple[Repeat, ...] | None = None
    """Who calls again; None: as `callers` says."""
    entrances: tuple[str, ...] = ()
    """Queues to which they come by themselves, besides ``callers.to``."""

    def way_to(self, key: str) -> Way:
        """Return where a key of the callers is written."""
        if self.kind is None:
            return (*self.way, key)
        renamed = {"calls": "starts", "to": "dials"}.get(key, key)
        return self.kind.side(renamed)[1] if hasattr(self.kind.case, renamed) else (*self.way, renamed)


@dataclass
class Context:
    """A scenario on its way to a plan. Parts add problems; the plan is built if none was found."""

    scenario: Scenario
    timeline: Timeline
    warm_up: int
    window_end: int
    horizon: int
    laws: LawBook = field(default_factory=LawBook)
    problems: list[Problem] = field(default_factory=list)
    tables: dict[str, VolumeTable] = field(default_factory=dict)
    """Interval counts by the name that the file uses."""
    streams: list[Stream] = field(default_factory=list)
    escalations: list[tuple[str, str]] = field(default_factory=list)
    """(type of case, source queue) of each row of escalation, which are the last of the plan's transfers."""

    @classmethod
    def of(cls, scenario: Scenario) -> Context:
        """Make the clock of a scenario."""
        run = scenario.run
        timeline = Timeline(run.start, run.time_zone) if run.start is not None else Timeline()
        return cls(
            scenario,
            timeline,
            timeline.after_start(run.warm_up),
            timeline.after_start(run.warm_up + run.measure),
            timeline.after_start(run.warm_up + run.measure + run.follow_cases),
        )

    @property
    def queues(self) -> list[str]:
        """Names of the queues, in the order of their numbers."""
        return list(self.scenario.queues)

    @property
    def groups(self) -> list[str]:
        """Names of the agent groups, in the order of their numbers."""
        return list(self.scenario.agents)

    def raise_problems(self) -> None:
        """Raise all problems found so far, each once; return if there is none."""
        if self.problems:
            raise ScenarioError(list(dict.fromkeys(self.problems)))

    def problem(self, way: Sequence[str | int], found: str, rule: str, advice: str = "", *, key: bool = False) -> None:
        """Note a problem at a path of the scenario."""
        self.problems.append(self.scenario.source.problem(tuple(way), found, rule, advice, key=key))

    def defects(self, way: Way, defects: FileDefects) -> None:
        """Note what is wrong with a file that the scenario names at a path."""
        written = self.scenario.source.problem(way, "", "")
        for defect in defects.defects:
            file = str(Path(defects.path))
            column = 1 if defect.line else 0
            self.problems.append(
                Problem(file, defect.line, column, written.path, defect.found, defect.rule, defect.advice)
            )

    def needs_calendar(self, way: Way, what: str) -> bool:
        """Note a problem if the clock has no calendar, and tell whether it has one."""
        if not self.timeline.has_calendar:
            self.problem(
                way,
                f"{what}, but `run` has no `start`",
                "a clock without a calendar knows no weekdays and dates",
                "write the day on which the run starts, such as run: {start: 2025-06-02, ...}",
            )
        return self.timeline.has_calendar

    def law(self, way: Way, law: Law, text: str, zero: float = 0.0, ticks_per_unit: int = SECOND) -> int:
        """Enter a law into the book and return its number; a law that no table can hold is a problem."""
        try:
            return self.laws.add(law, zero, text, ticks_per_unit)
        except ValueError as error:
            found, _, rule = str(error).removeprefix("found ").partition("; ")
            self.problem(way, f"{text}: {found}", rule)
            return -1

    def written_law(self, way: Way, written: WrittenLaw) -> int:
        """Enter a law as it is written."""
        if written.from_volumes:
            self.problem(way, written.text, "the volumes file has no mean for it", "write the mean itself")
            return -1
        try:
            law = written.law
        except ValueError as error:
            found, _, rule = str(error).removeprefix("found ").partition("; ")
            self.problem(way, f"{written.text}: {found}", rule)
            return -1
        return self.law(way, law, written.text, written.zero)

    def weekly_spans(
        self,
        hours: WeeklyHours,
        special: dict[dt.date, Sequence[tuple[int, int]]] | None = None,
        days_beyond: int = 1,
    ) -> list[Span]:
        """Return weekly hours as spans around [0, horizon); the first may begin before 0."""
        rows = [
            (weekday, first * MINUTE, (first + length) * MINUTE)
            for weekday in range(7)
            for first, length in hours.on_day(weekday)
        ]
        last = self.timeline.day_at(self.horizon) + days_beyond
        return [span for span in self.timeline.spans(rows, -8, last, special) if span[1] > 0]
