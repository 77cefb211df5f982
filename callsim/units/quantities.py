"""Numbers, durations, shares and factors: from text, and back to text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

__all__ = [
    "DAY",
    "DAY_MINUTES",
    "HOUR",
    "LONGEST",
    "MINUTE",
    "SECOND",
    "UNIT_NAMES",
    "WEEK",
    "WEEK_MINUTES",
    "UnitError",
    "count",
    "duration",
    "factor",
    "format_duration",
    "format_number",
    "format_share",
    "number",
    "percentage",
    "seconds",
    "share",
    "show",
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
LARGEST_COUNT = 10**15
"""No count may exceed it: all of them fit into 64 bits, with room to multiply."""
UNIT_NAMES = tuple(sorted(_UNITS, key=len, reverse=True))
"""Every unit of time that can be written, longest first."""
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


class UnitError(ValueError):
    """A text that cannot be read as the quantity it should be: what was found, the rule, what to write."""

    def __init__(self, found: str, rule: str, advice: str = "") -> None:
        self.found, self.rule, self.advice = found, rule, advice
        super().__init__(f"found {found}; {rule}" + (f"; {advice}" if advice else ""))


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
    if value > LARGEST_COUNT:
        raise UnitError(show(value), "counts end at 10 to the power of 15")
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
    return f"{value:.9f}".rstrip("0").rstrip(".")


def format_share(value: float) -> str:
    """Return 0.125 as ``12.5%``."""
    return f"{format_number(round(value * 100, 9))}%"


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
