"""Readers of amounts: numbers that are constant, listed, or given by hours or days; heads likewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsim import units
from callsim.scenario.language.faults import Collector
from callsim.scenario.language.readers import read_file
from callsim.scenario.language.values import Amounts, DayCounts, WrittenFile
from callsim.units import UnitError, WeeklyHours, show

__all__ = [
    "read_amounts",
    "read_day_counts",
    "read_heads",
    "read_heads_by_hours",
    "read_heads_list",
    "read_heads_or_volumes",
    "read_profile",
]


MOST_HEADS = 1_000_000
"""Heads of a group at the most."""
MOST_CALLS = 1e9
"""Calls an hour, day or week at the most; also the largest weight of a profile."""


def _positive_or_zero(value: object) -> float:
    amount = units.number(value)
    if amount < 0:
        raise UnitError(show(value), "it must not be negative", "write 0 or more")
    if amount > MOST_CALLS:
        raise UnitError(show(value), "at most 1,000,000,000 can be simulated")
    return amount


def read_amounts(value: object) -> Amounts:
    """Return an amount: a number, a list of numbers, or numbers by hours of the week or by weekday."""
    if isinstance(value, list | tuple):
        collector = Collector()
        listed = tuple(collector.read((i,), _positive_or_zero, item) for i, item in enumerate(value))
        if not listed:
            raise UnitError("an empty list", "at least one number is needed")
        collector.finish()
        return Amounts(listed=listed)
    if isinstance(value, Mapping):
        return _amounts_by_key(value)
    return Amounts(constant=_positive_or_zero(value))


def _amounts_by_key(value: Mapping[str, Any]) -> Amounts:
    if not value:
        raise UnitError("an empty mapping", "hours of the week with a number each are needed")
    collector = Collector()
    by_days = not any(any(sign.isdigit() for sign in str(key)) for key in value)
    reader: Callable[[Any], Any] = units.days if by_days else units.weekly_hours
    keys = {key: collector.read((key,), reader, key, key=True) for key in value}
    amounts = {key: collector.read((key,), _positive_or_zero, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    rows = tuple((keys[key], amounts[key]) for key in value)
    return Amounts(by_day=rows) if by_days else Amounts(by_hours=rows)


def _refuse_overlap(keys: dict[str, Any], collector: Collector) -> None:
    """Report each key whose hours or days overlap an earlier one's."""
    seen: dict[str, Any] = {}
    for key, hours in keys.items():
        if hours is None:
            continue
        for earlier, other in seen.items():
            if _overlap(hours, other):
                error = UnitError(show(key), f"it overlaps {earlier!r}", "name each hour once")
                collector.faults.append(((key,), error, True))
                break
        seen[key] = hours


def _overlap(one: Any, other: Any) -> bool:
    return one.overlaps(other) if isinstance(one, WeeklyHours) else bool(set(one) & set(other))


def read_heads(value: object) -> int:
    """Return a head-count."""
    n = units.count(value, ("heads", "people", "agents"))
    if n > MOST_HEADS:
        raise UnitError(show(value), f"at most {MOST_HEADS} heads can be simulated")
    return n


def read_day_counts(value: object) -> DayCounts:
    """Return the heads of a shift: a number, or numbers by weekday."""
    if not isinstance(value, Mapping):
        n = read_heads(value)
        return DayCounts((n,) * 7, str(n))
    collector = Collector()
    keys = {key: collector.read((key,), units.days, key, key=True) for key in value}
    counts = {key: collector.read((key,), read_heads, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    by_day = [0] * 7
    for key, weekdays in keys.items():
        for day in weekdays:
            by_day[day] = counts[key]
    first, second, third, fourth, fifth, sixth, seventh = by_day
    text = ", ".join(f"{key} {n}" for key, n in counts.items())
    return DayCounts((first, second, third, fourth, fifth, sixth, seventh), text)


def read_heads_or_volumes(value: object) -> int | str:
    """Return a head-count, or the words `from volumes`."""
    if isinstance(value, str) and " ".join(value.split()) == "from volumes":
        return "from volumes"
    try:
        return read_heads(value)
    except UnitError as error:
        advice = "write a number such as 12, or from volumes" if error.advice else ""
        raise UnitError(error.found, error.rule, advice) from None


def read_heads_list(value: object) -> tuple[int, ...]:
    """Return heads, step by step."""
    if not isinstance(value, list | tuple) or not value:
        raise UnitError(show(value), "a list of heads is needed", "write it like [5, 7, 9]")
    collector = Collector()
    heads = tuple(collector.read((i,), read_heads, item) for i, item in enumerate(value))
    collector.finish()
    return heads


def read_heads_by_hours(value: object) -> tuple[tuple[WeeklyHours, int], ...]:
    """Return heads by hours of the week."""
    if not isinstance(value, Mapping) or not value:
        raise UnitError(show(value), "hours with heads are needed", "write it like {mon-fri 08:00-18:00: 12}")
    collector = Collector()
    keys = {key: collector.read((key,), units.weekly_hours, key, key=True) for key in value}
    heads = {key: collector.read((key,), read_heads, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    return tuple((keys[key], heads[key]) for key in value)


def read_profile(value: object) -> WrittenFile | Amounts:
    """Return a profile: a file, weights by hours of the week, or a list of weights."""
    if isinstance(value, str):
        return read_file(value)
    if not isinstance(value, list | tuple | Mapping):
        raise UnitError(show(value), "a file, hours with weights or a list of weights is needed")
    profile = read_amounts(value)
    if profile.by_day:
        raise UnitError("days without hours", "a profile needs hours", "write it like {mon-fri 08:00-18:00: 3}")
    return profile
