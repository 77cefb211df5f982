"""Spans of ticks as people say them: ``mon-fri 18:00-22:00; sat 2025-03-08 20:00-24:00``."""

from __future__ import annotations

from collections.abc import Sequence

from callsim.scenario.resolving.calendar import Span, Timeline, cut
from callsim.units import DAY_NAMES, format_days

__all__ = ["say_hours", "say_spans"]


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
    parts = _by_weekday(timeline, inside, window) if timeline.has_calendar else _plain(timeline, inside)
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more


def say_hours(ticks: int) -> str:
    """Return a total as hours with one decimal at the most: "108 h", "7.5 h"."""
    hours = round(ticks / 3_600_000_000, 1)
    return f"{hours:g} h" if hours or not ticks else "less than 0.1 h"


def _plain(timeline: Timeline, spans: Sequence[Span]) -> list[str]:
    return [f"{timeline.label(start)} to {timeline.label(end)}" for start, end in spans]


def _by_weekday(timeline: Timeline, spans: Sequence[Span], window: Span) -> list[str]:
    """Cut spans at midnights, gather equal hours, and say for each on which weekdays they are."""
    found: dict[tuple[str, str], list[int]] = {}
    for start, end in spans:
        at, day = start, timeline.day_at(start)
        while at < end:
            until = min(timeline.midnight(day + 1), end)
            key = (_clock(timeline, at), "24:00" if until == timeline.midnight(day + 1) else _clock(timeline, until))
            found.setdefault(key, []).append(day)
            at, day = until, day + 1
    first, last = timeline.day_at(window[0]), timeline.day_at(window[1] - 1)
    often = [sum(timeline.weekday(day) == weekday for day in range(first, last + 1)) for weekday in range(7)]
    parts: list[tuple[int, str, str]] = []
    for (opens, closes), days in found.items():
        counts = [sum(timeline.weekday(day) == weekday for day in days) for weekday in range(7)]
        regular = [weekday for weekday in range(7) if counts[weekday] and counts[weekday] == often[weekday]]
        hours = f"{opens}-{closes}"
        if regular:
            parts.append((regular[0], opens, f"{format_days(regular)} {hours}"))
        for day in days:
            if (weekday := timeline.weekday(day)) not in regular:
                parts.append((weekday, opens, f"{DAY_NAMES[weekday]} {timeline.date(day)} {hours}"))
    return [text for _, _, text in sorted(parts)]


def _clock(timeline: Timeline, tick: int) -> str:
    second = timeline.week_second(tick) % 86_400
    text = f"{second // 3600:02d}:{second // 60 % 60:02d}"
    return text + (f":{second % 60:02d}" if second % 60 else "")
