"""Shifts of a group become duties on days of the run, and its people take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.scenario.models import Break, Group, Shift
from callsim.scenario.resolving.agents import shrunk
from callsim.scenario.resolving.context import Context, Way
from callsim.scenario.resolving.rota import BreakRule, MeetingRule, ShiftRule, TooFewPersons, assign, duties
from callsim.units import MINUTE

if TYPE_CHECKING:
    from callsim.scenario.resolving.agents import GroupPlan

__all__ = ["plan_shifts"]


def plan_shifts(context: Context, plan: GroupPlan, group: Group, way: Way) -> None:
    """Enter the duties of a group with shifts into its plan, and who does which; problems are noted in the context."""
    if not context.needs_calendar((*way, "shifts"), "shifts by weekday and time of day"):
        return
    rules = _shift_rules(context, plan.name, group)
    plan.duties, defects = duties(context.timeline, rules, context.horizon)
    for defect in defects:
        own = group.shifts[defect.shift].breaks is not None or defect.part == "meeting"
        where = (*way, "shifts", defect.shift, defect.part) if own else (*way, defect.part)
        context.problem(where, defect.text, f"everybody on shift {defect.shift!r} takes part", defect.advice)
    if not plan.duties:
        context.problem((*way, "shifts"), "no shift inside the run", "a group has at least one head at some time")
    persons = group.persons
    number = len(persons) if isinstance(persons, tuple) else persons
    try:
        plan.who, number = assign(plan.duties, number)
    except TooFewPersons as few:
        at = context.timeline.weekday_and_time(few.tick)
        context.problem(
            (*way, "persons"),
            f"{number} persons, and {few.needed} on duty at once ({at})",
            "nobody can work two shifts at a time",
            f"write persons: {few.needed} or more",
        )
        plan.who, number = assign(plan.duties, None)
    plan.names = list(persons) if isinstance(persons, tuple) else []
    plan.names += [f"{plan.name} {i + 1}" for i in range(len(plan.names), number)]


def _shift_rules(context: Context, name: str, group: Group) -> list[ShiftRule]:
    """Return the shifts of a group in ticks; breaks outside their shift are problems."""
    rules = []
    for shift_name, shift in group.shifts.items():
        way: Way = ("agents", name, "shifts", shift_name)
        breaks_way = (*way, "breaks") if shift.breaks is not None else ("agents", name, "breaks")
        breaks = shift.breaks if shift.breaks is not None else group.breaks
        own = [_break_rule(context, rule, shift, shift_name, (*breaks_way, i)) for i, rule in enumerate(breaks)]
        if shift.lasts <= 0:
            context.problem((*way, "for"), "a shift without length", "a shift lasts longer than 0")
            continue
        rules.append(
            ShiftRule(
                shift_name,
                {weekday: shrunk(shift.heads.on(weekday), group.shrinkage) for weekday in shift.days},
                shift.starts * MINUTE,
                shift.lasts,
                tuple(rule for rule in own if rule is not None),
                _meeting_rule(shift),
            )
        )
    return rules


def _break_rule(context: Context, rule: Break, shift: Shift, name: str, way: Way) -> BreakRule | None:
    earliest, latest = rule.between
    if rule.length <= 0:
        context.problem((*way, "length"), "a break without length", "a break lasts longer than 0")
        return None
    if latest + rule.length > shift.lasts:
        context.problem(
            (*way, "between"),
            f"a break that may end {_clock(latest + rule.length)} into {name!r}, which lasts {_clock(shift.lasts)}",
            "a break lies inside its shift",
        )
        return None
    return BreakRule(rule.length, earliest, latest + rule.length)


def _clock(ticks: int) -> str:
    minutes = ticks // MINUTE
    return f"{minutes // 60}h{minutes % 60:02d}m"


def _meeting_rule(shift: Shift) -> MeetingRule | None:
    meeting = shift.meeting
    if meeting is None:
        return None
    first, length = meeting.between
    begin = first * MINUTE
    return MeetingRule(frozenset(meeting.days), begin, begin + length * MINUTE, meeting.length, meeting.at_once or 0)
