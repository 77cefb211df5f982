"""The kinds of value that only `money` has: amounts, extra pay by hours of the week, wages for all or by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from callsim import units
from callsim.scenario.language.faults import Collector
from callsim.scenario.language.read_by import ReadBy
from callsim.units import UnitError, WeeklyHours, show

__all__ = ["ALL_GROUPS", "Amount", "Premium", "Weeks", "for_groups", "read_amount", "read_premium", "read_weeks"]

MOST = 1e12
"""The largest amount, in units of the currency."""
MOST_WEEKS = 1040.0
"""The longest training: 20 years."""
ALL_GROUPS = "*"
"""Stands for every group where one thing is written for all of them."""


def read_amount(value: object) -> float:
    """Return an amount of money: a number without its currency."""
    if isinstance(value, str):
        advice = "write the number alone, and the currency once: currency: EUR"
        raise UnitError(show(value), "an amount is a number", advice)
    amount = units.number(value, "an amount of money")
    if not 0 <= amount <= MOST:
        raise UnitError(show(value), "an amount is 0 or more, and at most a million millions", "write 0 or more")
    return amount


def read_weeks(value: object) -> float:
    """Return a number of weeks."""
    weeks = units.number(value, "a number of weeks")
    if not 0 <= weeks <= MOST_WEEKS:
        raise UnitError(show(value), "weeks of training are 0 or more, and at most 1040", "write a number such as 6")
    return weeks


def read_premium(value: object) -> tuple[tuple[WeeklyHours, float], ...]:
    """Return factors on the wage by hours of the week; no hour has two."""
    if not isinstance(value, Mapping) or not value:
        raise UnitError(show(value), "hours with their extra pay are needed", "write it like {sun 00:00-24:00: +50%}")
    collector = Collector()
    hours = {key: collector.read((key,), units.weekly_hours, key, key=True) for key in value}
    factors = {key: collector.read((key,), units.factor, item) for key, item in value.items()}
    seen: dict[Any, WeeklyHours] = {}
    for key, one in hours.items():
        if one is not None:
            if (other := next((earlier for earlier in seen if seen[earlier].overlaps(one)), None)) is not None:
                error = UnitError(show(key), f"it overlaps {other!r}", "name each hour once")
                collector.faults.append(((key,), error, True))
            seen[key] = one
    collector.finish()
    return tuple((hours[key], factors[key]) for key in value)


_AMOUNT = WithJsonSchema({"type": "number", "minimum": 0})
Amount = Annotated[float, ReadBy(read_amount), _AMOUNT]
"""An amount in the currency of the scenario."""
Weeks = Annotated[float, ReadBy(read_weeks), _AMOUNT]
Premium = Annotated[
    tuple[tuple[WeeklyHours, float], ...],
    ReadBy(read_premium),
    WithJsonSchema({"type": "object", "additionalProperties": {"anyOf": [{"type": "number"}, {"type": "string"}]}}),
]
"""Factors on the wage by hours of the week."""


def for_groups(*own: str) -> BeforeValidator:
    """Return a validator of one value for all groups, or of values by group.

    Parameters
    ----------
    *own : str
        The keys of one value: a mapping with these keys only is one value, any other holds groups.
    """
    keys = frozenset(own)

    def read(value: object) -> object:
        one = not isinstance(value, Mapping) or (bool(value) and {str(key) for key in value} <= keys)
        return {ALL_GROUPS: value} if one else value

    return BeforeValidator(read)
