"""The sketch of a scenario: what its parts must know of each other so that the whole is valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from callsim.testing.choices import Choices

__all__ = ["Mapping", "Sketch"]

Mapping = dict[str, Any]
"""A part of a scenario as it would be read from YAML."""
Option = TypeVar("Option")

_DAY = 1440


@dataclass
class Sketch:
    """The frame that every part is drawn into.

    Most durations are 0, 1, 2 or 3 steps, and so are many instants: events of every two kinds fall together.
    """

    choices: Choices
    step: int
    """[s]"""
    seconds: int
    """Length of the run. [s]"""
    calendar: bool
    first_minute: int
    """Minute of the day at which the run starts."""
    dates: tuple[str, str]
    """Of the start, and of the day after."""
    streams: list[str]
    queues: list[str]
    groups: list[str]
    overflow: int | None
    """Percent of the skills that take only calls that have waited; None: groups name their queues, and no more."""
    tight: bool
    """Everything on the minute, people on shifts, calls that overflow: the ties that chance alone seldom brings."""
    common: int = 0
    """A minute of the run in which every queue is open and every group is there: a transfer meets an open door."""
    volumes: list[str] = field(default_factory=list)
    """Streams and queues that the interval file must count."""
    counted: set[str] = field(default_factory=set)
    """Queues of the interval file whose staffed positions no group has taken yet."""
    files: dict[str, str] = field(default_factory=dict)
    """Name -> text of the files that the scenario reads."""

    @property
    def minutes(self) -> int:
        """Whole minutes of the run, one at least."""
        return max(1, self.seconds // 60)

    @property
    def steps(self) -> int:
        """Steps of the run."""
        return self.seconds // self.step

    def clock(self, minute: int) -> str:
        """Return the time of day of a minute of the run."""
        wall = (self.first_minute + minute) % _DAY
        return f"{wall // 60:02d}:{wall % 60:02d}"

    def instant(self, minute: int) -> str:
        """Return date and time of a minute of the run."""
        return f"{self.dates[(self.first_minute + minute) // _DAY]} {self.clock(minute)}"

    def span(self, first: int, last: int) -> str:
        """Return the hours between two minutes of the run."""
        return f"{self.clock(first)}-{self.clock(last)}"

    def spans(self, most: int) -> list[tuple[int, int]]:
        """Draw spans of minutes, sorted and apart from each other; one of them holds the common minute."""
        before = self._odd_cuts(most, -2, self.common)
        after = self._odd_cuts(most, self.common + 1, self.minutes + 2)
        cuts = [*before, *after]
        return list(zip(cuts[::2], cuts[1::2], strict=True))

    def _odd_cuts(self, most: int, low: int, high: int) -> list[int]:
        wanted = 2 * self.choices.whole(0, most - 1) + 1
        cuts = sorted({self.choices.whole(low, high) for _ in range(wanted)})
        return cuts if len(cuts) % 2 else cuts[1:]

    def hours(self, most: int) -> str:
        """Draw hours of the week: a few spans on all days, or on that of the start and the days about it."""
        days = self.choices.pick(("daily ", "", "mon-sun "))
        return days + " and ".join(self.span(first, last) for first, last in self.spans(most))

    def time(self, low: int, high: int) -> str:
        """Draw a duration of so many steps."""
        return f"{self.choices.whole(low, high) * self.step}s"

    def some(self, options: Sequence[Option], least: int = 1) -> list[Option]:
        """Draw some of the options, in their order."""
        wanted = self.choices.whole(least, len(options))
        left = list(range(len(options)))
        taken = sorted(left.pop(self.choices.whole(0, len(left) - 1)) for _ in range(wanted))
        return [options[i] for i in taken]
