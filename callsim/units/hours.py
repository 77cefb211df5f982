"""Times of day, weekdays, hours of the week and dates: from text, and back to text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from callsim.units.quantities import DAY_MINUTES, WEEK_MINUTES, UnitError, show

__all__ = [
    "DAY_NAMES",
    "WeeklyHours",
    "clock_span",
    "clock_time",
    "date",
    "days",
    "format_clock",
    "format_days",
    "instant",
    "weekly_hours",
]

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the weekdays, Monday first."""
_LONG_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NUMBER = {name: i for names in (DAY_NAMES, _LONG_DAY_NAMES) for i, name in enumerate(names)}
_DAY_SETS = {
    "daily": (0, 1, 2, 3, 4, 5, 6),
    "every day": (0, 1, 2, 3, 4, 5, 6),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    "weekend": (5, 6),
}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\S+?)\s*-\s*(\S+)")


@dataclass(frozen=True)
class WeeklyHours:
    """Hours that return every week on a local clock.

    ``spans`` are (first minute, length), counted from Monday 00:00 in minutes, sorted, never overlapping. A span
    belongs to the day on which it begins and may run past midnight (also past the end of the week). Round the
    clock is the one span ``(0, 10080)``.
    """

    spans: tuple[tuple[int, int], ...]
    text: str
    """As written."""

    @property
    def always(self) -> bool:
        """True for hours round the clock."""
        return self.spans == ((0, WEEK_MINUTES),)

    @property
    def minutes(self) -> int:
        """Minutes a week."""
        return sum(length for _, length in self.spans)

    def overlaps(self, other: WeeklyHours) -> bool:
        """Tell whether some minute of the week lies in both."""
        return any(
            (start - first) % WEEK_MINUTES < length or (first - start) % WEEK_MINUTES < other_length
            for first, length in self.spans
            for start, other_length in other.spans
        )

    def on_day(self, weekday: int) -> tuple[tuple[int, int], ...]:
        """Return (first minute of the day, length) of the spans that begin on ``weekday`` (0 = Monday).

        Round the clock gives ``((0, 1440),)`` on each day.
        """
        if self.always:
            return ((0, DAY_MINUTES),)
        first = weekday * DAY_MINUTES
        return tuple((start - first, n) for start, n in self.spans if 0 <= start - first < DAY_MINUTES)


def clock_time(value: object) -> int:
    """Return the minutes since midnight of ``08:30``; ``24:00`` is the end of the day.

    Raises
    ------
    UnitError
        If it is not a time of day.
    """
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnitError(show(value), "a time of day is needed", "write a time such as 08:30")
    hour, minute = int(match[1]), int(match[2])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise UnitError(show(value), "times of day run from 00:00 to 24:00", "write a time such as 08:30")
    return 60 * hour + minute


def clock_span(value: object) -> tuple[int, int]:
    """Return (first minute of the day, length in minutes) of ``22:00-06:00``.

    Raises
    ------
    UnitError
        If it is not two times of day, or has no length.
    """
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnitError(show(value), "hours such as 08:00-18:00 are needed", "write the first and the last time")
    first, last = clock_time(match[1]), clock_time(match[2])
    if first in {last, DAY_MINUTES}:
        raise UnitError(show(value), "these hours have no length", "round the clock is written 00:00-24:00 or 24/7")
    return first, (last - first) % DAY_MINUTES or DAY_MINUTES


def days(value: object) -> tuple[int, ...]:
    """Return the weekdays (0 = Monday) of ``mon-fri``, ``mon wed fri``, ``sat-sun``, ``daily``, or of a list of such.

    Raises
    ------
    UnitError
        If a day is unknown or comes twice.
    """
    texts = list(value) if isinstance(value, list | tuple) and value else [value]
    found: list[int] = []
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise UnitError(show(text), "days of the week are needed", "write days such as mon-fri, sat or daily")
        for part in re.split(r"[,\s]+", _join_ranges(text)):
            found.extend(_day_range(part, text))
    for day in found:
        if found.count(day) > 1:
            raise UnitError(_show_all(texts), f"{DAY_NAMES[day]} comes twice", "name each day once")
    return tuple(sorted(found))


def _join_ranges(text: str) -> str:
    """Lower the case, and take the blanks out of ``mon - fri`` and ``every day``."""
    return re.sub(r"\s*-\s*", "-", text.strip().lower()).replace("every day", "daily").strip(", ")


def _day_range(part: str, text: str) -> tuple[int, ...]:
    if part in _DAY_SETS:
        return _DAY_SETS[part]
    first, dash, last = part.partition("-")
    for name in (first, last) if dash else (first,):
        if name not in _DAY_NUMBER:
            rule = f"{name!r} is not a day of the week" if name else "a day is missing"
            raise UnitError(show(text), rule, f"the days are {', '.join(DAY_NAMES)}; also daily, weekdays, weekends")
    if not dash:
        return (_DAY_NUMBER[first],)
    length = (_DAY_NUMBER[last] - _DAY_NUMBER[first]) % 7 + 1
    return tuple((_DAY_NUMBER[first] + i) % 7 for i in range(length))


def weekly_hours(value: object) -> WeeklyHours:
    """Return hours of the week: ``24/7``, ``mon-fri 08:00-18:00, sat 09:00-13:00``, or a list of such parts.

    A part is days and hours; several hours of the same days are joined by ``and``; hours without days are daily;
    hours past midnight (``fri 22:00-06:00``) belong to the day on which they begin.

    Raises
    ------
    UnitError
        If a part cannot be read, or two parts overlap.
    """
    texts = list(value) if isinstance(value, list | tuple) and value else [value]
    spans: list[tuple[int, int]] = []
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            advice = "write hours such as mon-fri 08:00-18:00, or 24/7"
            raise UnitError(show(text), "hours of the week are needed", advice)
        for part in _parts(text):
            spans.extend(_part_spans(part))
    return WeeklyHours(_without_overlap(sorted(spans), _show_all(texts)), ", ".join(str(t) for t in texts))


def _parts(text: str) -> list[str]:
    """Split at the commas behind hours; a comma between days (``mon, wed 08:00-12:00``) stays in its part."""
    parts: list[str] = []
    begun = ""
    for piece in text.split(","):
        begun = f"{begun}, {piece.strip()}" if begun else piece.strip()
        if re.search(r"\d", piece) or not piece.strip():
            parts.append(begun)
            begun = ""
    return parts + ([begun] if begun else [])


def _part_spans(part: str) -> list[tuple[int, int]]:
    """Return the spans of one part such as ``mon-fri 08:00-12:00 and 13:00-17:00``."""
    text = part.strip().lower()
    if text in {"24/7", "always", "round the clock"}:
        return [(day * DAY_MINUTES, DAY_MINUTES) for day in range(7)]
    match = re.search(r"\d", text)
    if match is None:
        raise UnitError(show(part), "hours of the day are missing", "write hours such as mon-fri 08:00-18:00, or 24/7")
    names, hours = text[: match.start()].strip(), text[match.start() :]
    weekdays = days(names) if names else tuple(range(7))
    if "24/7" in hours:
        raise UnitError(show(part), "24/7 stands alone", "write 24/7, or days and hours such as mon-fri 00:00-24:00")
    spans = [clock_span(span) for span in re.split(r"\s+and\s+", hours)]
    return [(day * DAY_MINUTES + first, length) for day in weekdays for first, length in spans]


def _without_overlap(spans: list[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    """Check that sorted spans do not overlap, the end of the week included; round the clock becomes one span."""
    for (first, length), (after, _) in zip(spans, [*spans[1:], (spans[0][0] + WEEK_MINUTES, 0)], strict=True):
        if first + length > after:
            clash = f"{_moment(after)} lies in the hours that begin {_moment(first)}"
            raise UnitError(text, f"hours must not overlap, and {clash}", "name each hour once")
    if sum(length for _, length in spans) == WEEK_MINUTES:
        return ((0, WEEK_MINUTES),)
    return tuple(spans)


def _moment(minute: int) -> str:
    day, rest = divmod(minute % WEEK_MINUTES, DAY_MINUTES)
    return f"{DAY_NAMES[day]} {format_clock(rest)}"


def date(value: object) -> datetime.date:
    """Return the day of ``2025-06-05``.

    Raises
    ------
    UnitError
        If it is not a day of the calendar, written so.
    """
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            raise UnitError(show(value), "there is no such day", "write a date such as 2025-06-05") from None
    raise UnitError(show(value), "a date is needed", "write a date such as 2025-06-05")


def instant(value: object) -> datetime.datetime:
    """Return the local instant of ``2025-06-02`` (midnight) or ``2025-06-02 08:00``.

    Raises
    ------
    UnitError
        If it is neither.
    """
    if not isinstance(value, str):
        raise UnitError(show(value), "a date is needed", "write a date such as 2025-06-02 or 2025-06-02 08:00")
    day, _, clock = re.sub(r"[T\s]+", " ", value.strip()).partition(" ")
    minutes = clock_time(clock) if clock else 0
    return datetime.datetime.combine(date(day), datetime.time()) + datetime.timedelta(minutes=minutes)


def format_clock(minute: int) -> str:
    """Return minutes since midnight as ``08:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def format_days(weekdays: Iterable[int]) -> str:
    """Return weekdays (0 = Monday) as ``mon-fri, sun``; ``daily`` for all."""
    left = sorted(set(weekdays))
    if len(left) == 7:
        return "daily"
    runs: list[list[int]] = []
    for day in left:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [(DAY_NAMES[run[0]], DAY_NAMES[run[-1]]) for run in runs]
    return ", ".join(first if first == last else f"{first}-{last}" for first, last in names)


def _show_all(values: list[object]) -> str:
    return show(values[0]) if len(values) == 1 else show(", ".join(str(v) for v in values))
