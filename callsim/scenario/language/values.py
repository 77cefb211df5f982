"""Values of the scenario language that are more than a number or a text, as the models hold them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from callsim.codes import AtClosing, ServiceLevelFormula, WhenClosed
from callsim.scenario.language.law_families import WrittenLaw
from callsim.units import WeeklyHours

__all__ = ["AbandonedRule", "Amounts", "ClosedRule", "ClosingRule", "DayCounts", "Delay", "WrittenFile"]


@dataclass(frozen=True)
class WrittenFile:
    """A file that a scenario names: as written, and where it is."""

    name: str
    path: Path


@dataclass(frozen=True)
class Amounts:
    """An amount that is constant, or listed by interval, or given by hours of the week or by weekday.

    Exactly one of the four is set.
    """

    constant: float | None = None
    listed: tuple[float, ...] = ()
    by_hours: tuple[tuple[WeeklyHours, float], ...] = ()
    """Sorted as written; the hours of different entries never overlap."""
    by_day: tuple[tuple[tuple[int, ...], float], ...] = ()
    """(weekdays, amount), 0 = Monday; no weekday comes twice."""


@dataclass(frozen=True)
class Delay:
    """When somebody calls again: after a law, or after a law counted from the next opening."""

    law: WrittenLaw | None
    """None: at the very opening."""
    until_open: bool
    text: str


@dataclass(frozen=True)
class ClosedRule:
    """What becomes of a caller who arrives at a closed queue."""

    action: WhenClosed
    to: str | None
    """The queue that an overflow goes to."""
    text: str


@dataclass(frozen=True)
class ClosingRule:
    """What becomes of callers who wait when their queue closes."""

    action: AtClosing
    to: str | None
    """The queue that they move to."""
    text: str


@dataclass(frozen=True)
class AbandonedRule:
    """What an abandoned call counts in the service level."""

    formula: ServiceLevelFormula
    short_wait: int
    """Below this wait abandoned calls are left out. [ticks]"""
    text: str


@dataclass(frozen=True)
class DayCounts:
    """Heads of a shift by weekday."""

    by_day: tuple[int, int, int, int, int, int, int]
    """Monday first."""
    text: str

    def on(self, weekday: int) -> int:
        """Return the heads on a weekday (0 = Monday)."""
        return self.by_day[weekday]
