"""Resolve money: wages and training get the numbers of their groups, hours of the week become ticks.

The result stands in the plan's notes under `MONEY`, where no engine looks, and is no part of the plan's digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from callsim.plan.plan import Plan
from callsim.scenario.language.money import ALL_GROUPS
from callsim.scenario.models.money import Money, Training
from callsim.scenario.reading.source import nearest
from callsim.scenario.resolving.context import Context
from callsim.units import WeeklyHours

__all__ = ["MONEY", "GroupWage", "ResolvedMoney", "money_of", "resolve_money"]

MONEY = "money"
"""Name under which resolved money stands in the notes of a plan."""
Part = TypeVar("Part")


@dataclass(frozen=True)
class GroupWage:
    """What an hour of a group costs."""

    per_hour: float
    premium: tuple[tuple[int, int, float], ...]
    """(start, end, share on top) of the hours with extra pay, sorted, apart from each other. [ticks, ticks, 1]"""


@dataclass(frozen=True)
class ResolvedMoney:
    """Money with the groups of a plan."""

    terms: Money
    """As written: all that does not hang on groups and hours."""
    wages: tuple[GroupWage | None, ...]
    """[group] None: not said."""
    training: tuple[Training | None, ...]
    """[group]"""
    paid: tuple[float, ...]
    """[group] Paid hours behind an hour that is planned at the phone: more than 1 where heads were taken less
    shrinkage."""


def money_of(plan: Plan) -> ResolvedMoney | None:
    """Return the money of a plan, None if its scenario speaks of none."""
    found: ResolvedMoney | None = plan.notes.get(MONEY)
    return found


def resolve_money(context: Context) -> dict[str, ResolvedMoney]:
    """Return the money of a scenario as a note of its plan, no note if it speaks of none; note what is wrong."""
    money = context.scenario.money
    if money is None:
        return {}
    wages = _by_group(context, "wages", money.wages)
    return {
        MONEY: ResolvedMoney(
            terms=money,
            wages=tuple(
                None if wage is None else GroupWage(wage.per_hour, _premium(context, way, wage.premium))
                for way, wage in wages
            ),
            training=tuple(training for _, training in _by_group(context, "training", money.training)),
            paid=tuple(1.0 / (1.0 - min(group.shrinkage, 0.999)) for group in context.scenario.agents.values()),
        )
    }


def _by_group(context: Context, key: str, said: Mapping[str, Part]) -> list[tuple[tuple[str, ...], Part | None]]:
    """Return for each group where its value stands, and the value; a name of no group is a problem."""
    if ALL_GROUPS in said:
        return [(("money", key), said[ALL_GROUPS])] * len(context.groups)
    for name in said:
        if name not in context.groups:
            advice = nearest(name, context.groups, "groups")
            context.problem(("money", key, name), repr(name), "there is no group of this name", advice, key=True)
    return [(("money", key, name), said.get(name)) for name in context.groups]


def _premium(
    context: Context, way: tuple[str, ...], premium: tuple[tuple[WeeklyHours, float], ...]
) -> tuple[tuple[int, int, float], ...]:
    if not premium or not context.needs_calendar((*way, "premium"), "extra pay by hours of the week"):
        return ()
    return tuple(
        sorted((start, end, factor - 1.0) for hours, factor in premium for start, end in context.weekly_spans(hours))
    )
