"""The axis of clock time below figures by interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from callsim.plan.plan import SECOND, Clock
from callsim.report.figures.style import Size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TimeAxis", "show_time", "time_axis"]

_HOUR = 3600 * SECOND
_SHORT = 49.0
"""[h] Up to here hours are named, above days."""
_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)
_DAY_STEPS = (1, 2, 7, 14, 28)
_MOST = {"phone": 5, "page": 9, "wide": 13}
_FEWEST_DAYS = 2


@dataclass(frozen=True)
class TimeAxis:
    """Intervals on an axis of hours since the measured window began."""

    edges: tuple[float, ...]
    """[interval + 1] [h]"""
    marks: tuple[tuple[float, str], ...]
    """(place [h], name) of each full local hour, or of each local midnight if the window has more than two days."""
    label: str
    """What is written below: the unit, the dates, the zone."""

    def ticks(self, size: Size) -> tuple[tuple[float, str], ...]:
        """Return as many of the marks as a figure of this size has room for."""
        most = _MOST[size]
        if self.edges[-1] > _SHORT:
            step = next((step for step in _DAY_STEPS if len(self.marks) <= step * most * 0.9), _DAY_STEPS[-1])
            return self.marks[::step]
        step = next((step for step in _STEPS if len(self.marks) <= step * most), _STEPS[-1])
        return tuple(mark for mark in self.marks if int(mark[1].partition(":")[0]) % step == 0)


def time_axis(clock: Clock) -> TimeAxis:
    """Return the axis of the reporting intervals of a plan.

    Parameters
    ----------
    clock : Clock
        With a calendar, intervals are named in local time; without one, by the hours since the start.
    """
    edges = tuple(int(edge - clock.interval_edges[0]) / _HOUR for edge in clock.interval_edges)
    if not clock.start:
        return TimeAxis(edges, _without_calendar(clock, edges[-1]), "time since the start of the run [h:mm]")
    starts = [datetime.fromisoformat(label) for label in clock.interval_labels]
    days = edges[-1] > _SHORT
    marks = [
        (place, f"{start:%a} {start.day}" if days else f"{start:%H:%M}")
        for place, start in zip(edges, starts, strict=False)
        if start.minute == 0 and (start.hour == 0 or not days)
    ]
    if days and len(marks) < _FEWEST_DAYS:
        marks = [(place, f"{start:%a} {start.day}") for place, start in zip(edges, starts, strict=False)][::24]
    return TimeAxis(edges, tuple(marks), f"{_dates(starts)}, {'days' if days else 'time [h:mm]'} in {clock.time_zone}")


def _without_calendar(clock: Clock, length: float) -> tuple[tuple[float, str], ...]:
    first = int(clock.interval_edges[0]) / _HOUR
    step = 24 if length > _SHORT else 1
    hours = range(-int(-first // 1), int(first + length) + 1, step)
    return tuple((hour - first, f"{hour}:00") for hour in hours)


def _dates(starts: Sequence[datetime]) -> str:
    first, last = starts[0], starts[-1]
    begin, end = (f"{day.day} {day:%b %Y}" for day in (first, last))
    if begin == end:
        return f"{first:%a} {begin}"
    if first.year == last.year:
        begin = f"{first.day} {first:%b}"
    return f"{begin} – {end}"


def show_time(axes: Axes, axis: TimeAxis, size: Size) -> None:
    """Put ticks, limits and the label of the time axis below an axes."""
    ticks = axis.ticks(size)
    axes.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
    axes.set_xlim(axis.edges[0], axis.edges[-1])
    axes.set_xlabel(axis.label)
