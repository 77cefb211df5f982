"""The only place where text becomes time, shares, factors and hours of the week, and where they become text again.

Time is an integer number of ticks (microseconds). Hours of the week are minutes since Monday 00:00 on a
local clock; turning them into instants is the calendar's work. Nothing here knows YAML: a text that cannot
be read raises `UnitError`, which says what was found, what holds and what to write.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "DAY",
    "DAY_MINUTES",
    "DAY_NAMES",
    "HOUR",
    "LONGEST",
    "MINUTE",
    "SECOND",
    "UNIT_NAMES",
    "WEEK",
    "WEEK_MINUTES",
    "UnitError",
    "WeeklyHours",
    "clock_span",
    "clock_time",
    "count",
    "date",
    "days",
    "duration",
    "factor",
    "format_clock",
    "format_days",
    "format_duration",
    "format_number",
    "format_share",
    "instant",
    "number",
    "percentage",
    "seconds",
    "share",
    "show",
    "weekly_hours",
]

SECOND = 1_000_000
"""Ticks in a second."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
LONGEST = 20 * 365 * DAY
"""The longest duration that can be written: 20 years. [ticks]"""
DAY_MINUTES = 1440
WEEK_MINUTES = 7 * DAY_MINUTES
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_UNITS = {
    "ms": Fraction(SECOND, 1000),
    "s": Fraction(SECOND),
    "sec": Fraction(SECOND),
    "second": Fraction(SECOND),
    "seconds": Fraction(SECOND),
    "m": Fraction(MINUTE),
    "min": Fraction(MINUTE),
    "minute": Fraction(MINUTE),
    "minutes": Fraction(MINUTE),
    "h": Fraction(HOUR),
    "hour": Fraction(HOUR),
    "hours": Fraction(HOUR),
    "d": Fraction(DAY),
    "day": Fraction(DAY),
    "days": Fraction(DAY),
    "w": Fraction(WEEK),
    "week": Fraction(WEEK),
    "weeks": Fraction(WEEK),
}
UNIT_NAMES = tuple(sorted(_UNITS, key=len, reverse=True))
"""Every unit of time that can be written, longest first."""
_LONG_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NUMBER = {name: i for names in (DAY_NAMES, _LONG_DAY_NAMES) for i, name in enumerate(names)}
_DAY_SETS = {
    "daily": (0, 1, 2, 3, 4, 5, 6),
    "every day": (0, 1, 2, 3, 4, 5, 6),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    "weekend": (5, 6),
}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\S+?)\s*-\s*(\S+)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


class UnitError(ValueError):
    """A text that cannot be read as the quantity it should be: what was found, the rule, what to write."""

    def __init__(self, found: str, rule: str, advice: str = "") -> None:
        self.found, self.rule, self.advice = found, rule, advice
        super().__init__(f"found {found}; {rule}" + (f"; {advice}" if advice else ""))


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


def number(value: object, what: str = "a number") -> float:
    """Return ``value`` as a float.

    Raises
    ------
    UnitError
        If it is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        raise UnitError(show(value), f"{what} is needed", "write digits, such as 120 or 1.5")
    return float(value)


def count(value: object, nouns: Iterable[str] = ()) -> int:
    """Return a whole number, written as ``3`` or with one of ``nouns``: ``3 calls``.

    Raises
    ------
    UnitError
        If it is not a whole number of at least 0.
    """
    if isinstance(value, str):
        digits, _, noun = value.strip().partition(" ")
        if digits.isdigit() and noun.strip() in {*nouns, *(n.removesuffix("s") for n in nouns)}:
            return int(digits)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        example = f"3 {next(iter(nouns), '')}".strip()
        raise UnitError(show(value), "a whole number of at least 0 is needed", f"write a count such as {example}")
    return value


def duration(value: object) -> int:
    """Return ticks for ``20s``, ``5m``, ``1h30m``, ``2 weeks``, ``1.5 h``, ``500ms``; ``0`` needs no unit.

    Raises
    ------
    UnitError
        If there is no unit, an unknown unit, a negative or too long time, or a part that comes twice.

    Examples
    --------
    >>> duration("1h30m") // MINUTE
    90
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0:
            return 0
        text = format_number(value)
        if value < 0:
            raise UnitError(text, "a duration cannot be negative", "write a duration such as 90s")
        raise UnitError(f"{text} without a unit", "a duration needs one", f"write {text}s, {text}m or {text}h")
    if not isinstance(value, str):
        raise UnitError(show(value), "a duration is needed", "write a duration such as 20s, 5m or 1h30m")
    total = _sum_parts(value)
    if total > LONGEST:
        raise UnitError(show(value), "no duration may exceed 20 years")
    return round(total)


def _sum_parts(value: str) -> Fraction:
    """Return the exact ticks of a text such as ``1h30m``."""
    text = value.strip().lower()
    if text.startswith("-"):
        raise UnitError(show(value), "a duration cannot be negative", "write a duration such as 90s")
    position, total, seen = 0, Fraction(0), None
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or (part[2] not in _UNITS and position == 0):
            advice = "write a duration such as 20s, 5m, 1h30m or 2 weeks"
            if _NUMBER.fullmatch(text):
                raise UnitError(f"{show(value)} without a unit", "a duration needs one", advice)
            raise UnitError(show(value), "this is not a duration", advice)
        unit = _UNITS.get(part[2])
        if unit is None or (seen is not None and unit >= seen):
            rule = "its parts go from the larger unit to the smaller, each unit once"
            raise UnitError(show(value), rule, "write a duration such as 1h30m or 2m30s")
        position, total, seen = part.end(), total + Fraction(part[1]) * unit, unit
    if not text:
        raise UnitError(show(value), "a duration is needed", "write a duration such as 20s, 5m or 1h30m")
    return total


def seconds(ticks: int) -> float:
    """Return ticks as seconds."""
    return ticks / SECOND


def share(value: object) -> float:
    """Return ``12%`` as 0.12; ``0`` needs no sign.

    Raises
    ------
    UnitError
        If there is no per cent sign, or the share lies outside 0 % to 100 %.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0:
            return 0.0
        text = format_number(value)
        likely = format_number(value * 100) if 0 < value < 1 else text
        raise UnitError(f"{text} without a per cent sign", "a share needs one", f"write {likely}%")
    match = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*%", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnitError(show(value), "a share is needed", "write a share such as 12%")
    fraction = float(Fraction(match[1]) / 100)
    if not 0 <= fraction <= 1:
        raise UnitError(show(value), "a share lies between 0% and 100%", "write a share such as 12%")
    return fraction


def percentage(value: object) -> float:
    """Return ``8%`` as 0.08; unlike a share it may exceed 100 %.

    Raises
    ------
    UnitError
        If there is no per cent sign, or it is negative.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", value.strip()) if isinstance(value, str) else None
    if match is None:
        return share(value)
    return float(Fraction(match[1]) / 100)


def factor(value: object) -> float:
    """Return a factor, written as ``1.15``, ``+15%`` or ``-5%``.

    Raises
    ------
    UnitError
        If it is neither, or not above 0.
    """
    result = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        result = number(value)
    elif isinstance(value, str) and (match := re.fullmatch(r"([+-]\d+(?:\.\d+)?)\s*%", value.strip())):
        result = float(1 + Fraction(match[1]) / 100)
    if result is None:
        raise UnitError(show(value), "a factor is needed", "write a factor such as 1.15 or +15%")
    if not 0 < result <= 1000:
        raise UnitError(show(value), "a factor lies above 0 and is at most 1000", "write a factor such as 1.15 or +15%")
    return result


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
    texts = list(value) if isinstance(value, list | tuple) else [value]
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
    texts = list(value) if isinstance(value, list | tuple) else [value]
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


def format_duration(ticks: int) -> str:
    """Return ticks as people write them: ``1h30m``, ``20s``, ``2w``, ``0.25s``; ``0s`` for none.

    Examples
    --------
    >>> format_duration(5_400_000_000)
    '1h30m'
    """
    if ticks < 0:
        return "-" + format_duration(-ticks)
    if ticks >= WEEK and ticks % WEEK == 0:
        return _plural(ticks // WEEK, "week")
    if ticks >= 2 * DAY and ticks % DAY == 0:
        return _plural(ticks // DAY, "day")
    hours, rest = divmod(ticks, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    if rest or not text:
        text += f"{format_number(rest / SECOND)}s"
    return text


def _plural(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def format_number(value: float) -> str:
    """Return a number without a needless decimal point: ``120``, ``1.5``."""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value)) if abs(value) < 1e15 else repr(value)
    return repr(round(float(value), 9))


def format_share(value: float) -> str:
    """Return 0.125 as ``12.5%``."""
    return f"{format_number(round(value * 100, 9))}%"


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


def show(value: object) -> str:
    """Return a value as it stands in a message: texts quoted, nothing longer than 60 characters."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes (a truth value)" if value else "no (a truth value)"
    if isinstance(value, int | float):
        return format_number(value) if abs(value) < 1e300 else str(value)
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _show_all(values: list[object]) -> str:
    return show(values[0]) if len(values) == 1 else show(", ".join(str(v) for v in values))
