"""Spans of ticks as people say them: ``mon-fri 18:00-22:00; sat 2025-03-08 20:00-24:00``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from callsim.scenario.resolving.calendar import Span, Timeline, cut
from callsim.units import DAY_NAMES, format_days

__all__ = ["HoursPart", "parts_of", "say_hours", "say_spans"]


@dataclass(frozen=True)
class HoursPart:
    """Equal hours of one or more days: ``mon-fri 18:00-22:00``, ``sat 2025-03-08 20:00-24:00``."""

    weekdays: tuple[int, ...]
    """0 = Monday; on every such weekday of the window, unless there is a date. Empty without a calendar."""
    date: dt.date | None
    """The only day, if the hours do not return on its weekday."""
    opens: str
    closes: str
    """"24:00" at the end of the day."""
    spans: tuple[Span, ...]
    """Where they lie, a span a day. [ticks]"""

    @property
    def text(self) -> str:
        """The hours as they are written."""
        if not self.weekdays:
            return f"{self.opens} to {self.closes}"
        day = format_days(list(self.weekdays)) if self.date is None else f"{DAY_NAMES[self.weekdays[0]]} {self.date}"
        return f"{day} {self.opens}-{self.closes}"


def say_spans(timeline: Timeline, spans: Sequence[Span], window: Span, most: int = 6) -> str:
    """Return spans as text: hours that return on every such weekday of the window by weekday, others by date.

    Parameters
    ----------
    timeline : Timeline
    spans : sequence of Span
        Sorted and disjoint. [ticks]
    window : Span
        What they are compared with. [ticks]
    most : int
        So many parts are written out, the rest is counted.

    Returns
    -------
    str
        "none" if there are no spans.
    """
    inside = cut(spans, *window)
    if not inside:
        return "none"
    if inside == [window]:
        return "all the time"
    parts = [part.text for part in parts_of(timeline, inside, window)]
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more


def parts_of(timeline: Timeline, spans: Sequence[Span], window: Span) -> list[HoursPart]:
    """Return spans as hours of weekdays, in the order of the week; without a calendar, each as it is.

    Parameters
    ----------
    timeline : Timeline
    spans : sequence of Span
        Sorted and disjoint. [ticks]
    window : Span
        What they are cut to and compared with. [ticks]
    """
    inside = cut(spans, *window)
    if timeline.has_calendar:
        return _by_weekday(timeline, inside, window)
    return [HoursPart((), None, timeline.label(start), timeline.label(end), ((start, end),)) for start, end in inside]


def say_hours(ticks: int) -> str:
    """Return a total as hours with one decimal at the most: "108 h", "7.5 h"."""
    hours = round(ticks / 3_600_000_000, 1)
    return f"{hours:g} h" if hours or not ticks else "less than 0.1 h"


def _by_weekday(timeline: Timeline, spans: Sequence[Span], window: Span) -> list[HoursPart]:
    """Cut spans at midnights, gather equal hours, and say for each on which weekdays they are."""
    found: dict[tuple[str, str], dict[int, Span]] = {}
    for start, end in spans:
        at, day = start, timeline.day_at(start)
        while at < end:
            until = min(timeline.midnight(day + 1), end)
            key = (_clock(timeline, at), "24:00" if until == timeline.midnight(day + 1) else _clock(timeline, until))
            found.setdefault(key, {})[day] = (at, until)
            at, day = until, day + 1
    first, last = timeline.day_at(window[0]), timeline.day_at(window[1] - 1)
    often = [sum(timeline.weekday(day) == weekday for day in range(first, last + 1)) for weekday in range(7)]
    parts: list[HoursPart] = []
    for (opens, closes), days in found.items():
        counts = [sum(timeline.weekday(day) == weekday for day in days) for weekday in range(7)]
        regular = tuple(weekday for weekday in range(7) if counts[weekday] and counts[weekday] == often[weekday])
        if regular:
            spans_there = tuple(span for day, span in days.items() if timeline.weekday(day) in regular)
            parts.append(HoursPart(regular, None, opens, closes, spans_there))
        for day, span in days.items():
            if timeline.weekday(day) not in regular:
                parts.append(HoursPart((timeline.weekday(day),), timeline.date(day), opens, closes, (span,)))
    return sorted(parts, key=lambda part: (part.weekdays[0], part.opens, part.text))


def _clock(timeline: Timeline, tick: int) -> str:
    second = timeline.week_second(tick) % 86_400
    text = f"{second // 3600:02d}:{second // 60 % 60:02d}"
    return text + (f":{second % 60:02d}" if second % 60 else "")
