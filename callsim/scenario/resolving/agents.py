"""Agent groups become the plan's people, positions, duties, breaks and skills."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from callsim.codes import StaffingKind
from callsim.plan.draws import name_hash
from callsim.plan.plan import ONE, Agents
from callsim.scenario.models import Group, Skill
from callsim.scenario.resolving.calendar import on_weekdays
from callsim.scenario.resolving.context import Context, Way, as_factor, as_share

if TYPE_CHECKING:
    from callsim.scenario.resolving.rota import Duty

__all__ = ["GroupPlan", "plan_groups", "resolve_agents", "shrunk", "tables_of_queue"]


@dataclass
class GroupPlan:
    """One group worked out: its people or positions, and when they are there."""

    name: str
    names: list[str] = field(default_factory=list)
    """[agent of the group]"""
    steps: list[tuple[int, int]] = field(default_factory=list)
    """Head-count groups: (tick, heads from here on), the first at 0. [ticks]"""
    duties: list[Duty] = field(default_factory=list)
    shifts: list[str] = field(default_factory=list)
    who: list[int] = field(default_factory=list)
    """[duty] Agent of the group."""

    @property
    def presence(self) -> list[tuple[int, int]]:
        """Planned heads at the phone: (tick, heads from here on), breaks taken off."""
        if not self.shifts:
            return self.steps
        from callsim.scenario.resolving.rota import present

        return present(self.duties)


def plan_groups(context: Context) -> list[GroupPlan]:
    """Return every group worked out; problems are noted in the context."""
    return [_plan_group(context, name, group) for name, group in context.scenario.agents.items()]


def _plan_group(context: Context, name: str, group: Group) -> GroupPlan:
    plan, way = GroupPlan(name), ("agents", name)
    if group.shifts:
        from callsim.scenario.resolving.shifts import plan_shifts

        plan.shifts = list(group.shifts)
        plan_shifts(context, plan, group, way)
    elif group.heads == "from volumes":
        plan.steps = _heads_from_volumes(context, group, way)
    elif group.staffing is not None:
        plan.steps = _steps_of_staffing(context, group, (*way, "staffing"))
    else:
        heads = group.heads if isinstance(group.heads, int) else 0
        plan.steps = [(0, shrunk(heads, group.shrinkage))]
    if not group.shifts:
        most = max((heads for _, heads in plan.steps), default=0)
        plan.names = [f"{name} {i + 1}" for i in range(most)]
        if not most:
            context.problem(way, "no heads", "a group has at least one head at some time", "remove it", key=True)
    return plan


def shrunk(heads: float, shrinkage: float) -> int:
    """Return heads at the phone: times one minus the shrinkage, rounded to the nearest, halves up."""
    return math.floor(heads * (1 - shrinkage) + 0.5) if shrinkage else math.ceil(heads)


def _steps_of_staffing(context: Context, group: Group, way: Way) -> list[tuple[int, int]]:
    """Return the steps of a head-count that is given by hours of the week or by a list."""
    staffing = group.staffing
    assert staffing is not None
    if staffing.heads:
        if not staffing.every:
            context.problem(
                (*way, "heads"), "a list", "a list needs `every`, the length of its steps", "write every: 30m"
            )
            return []
        steps = -(-context.horizon // staffing.every)
        steps = steps if staffing.repeat else min(steps, len(staffing.heads))
        listed = [shrunk(count, group.shrinkage) for count in staffing.heads]
        return _changes([(i * staffing.every, listed[i % len(listed)]) for i in range(steps)])
    if not context.needs_calendar(way, "heads by hours of the week"):
        return []
    timeline = context.timeline
    changes: dict[int, int] = {}
    rows = [(span, shrunk(heads, group.shrinkage)) for hours, heads in staffing.hours for span in on_weekdays(hours)]
    for day in range(-8, timeline.day_at(context.horizon - 1) + 1):
        for (weekday, begin, end), heads in rows:
            if weekday == timeline.weekday(day):
                start, until = timeline.instant(day, begin), timeline.instant(day, end)
                changes[start] = changes.get(start, 0) + heads
                changes[until] = changes.get(until, 0) - heads
    return _running(changes, context.horizon)


def _running(changes: dict[int, int], horizon: int) -> list[tuple[int, int]]:
    """Return head-counts from changes: the count at 0, then each change inside the run."""
    count, steps = 0, [(0, 0)]
    for tick in sorted(changes):
        count += changes[tick]
        if tick <= 0:
            steps[0] = (0, count)
        elif tick < horizon:
            steps.append((tick, count))
    return _changes(steps)


def _changes(steps: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out steps that change nothing."""
    found: list[tuple[int, int]] = []
    for tick, heads in steps:
        if not found or found[-1][1] != heads:
            found.append((tick, heads))
    return found


def tables_of_queue(context: Context, queue: str) -> list[str]:
    """Return the names under which the volumes file counts a queue: its own, and those of the streams that call it."""
    names = [stream.table for stream in context.streams if stream.callers.to == queue and stream.table is not None]
    return list(dict.fromkeys(name for name in (queue, *names) if name in context.tables))


def _heads_from_volumes(context: Context, group: Group, way: Way) -> list[tuple[int, int]]:
    """Return the staffed positions of the queues that a group answers; without a line nobody is there."""
    names = [name for queue in group.answers for name in tables_of_queue(context, queue)]
    changes: dict[int, int] = {}
    found = False
    for name in names:
        table = context.tables[name]
        for start, end, staffed in zip(table.start.tolist(), table.end.tolist(), table.staffed.tolist(), strict=True):
            if staffed >= 0:
                found = True
                heads = shrunk(staffed, group.shrinkage)
                changes[start] = changes.get(start, 0) + heads
                changes[end] = changes.get(end, 0) - heads
    if not found:
        listed = ", ".join(group.answers)
        context.problem(
            (*way, "heads"), "from volumes", f"the volumes file has no staffed positions for {listed}",
            "name the column under volumes.columns.staffed",
        )  # fmt: skip
    for other, another in context.scenario.agents.items():
        if other != way[1] and another.heads == "from volumes" and set(another.answers) & set(group.answers):
            context.problem((*way, "heads"), "from volumes", f"{other!r} takes the positions of the same queue already")
            break
    return _running(changes, context.horizon)


def resolve_agents(context: Context, plans: Sequence[GroupPlan]) -> Agents:
    """Return the plan's agents from the groups worked out."""
    groups = list(context.scenario.agents.values())
    first = np.cumsum([0, *(len(plan.names) for plan in plans)]).tolist()
    rows = sorted((tick, g, heads) for g, plan in enumerate(plans) if not plan.shifts for tick, heads in plan.steps)
    on_duty = sorted(
        (
            (duty, first[g] + who, g)
            for g, plan in enumerate(plans)
            for duty, who in zip(plan.duties, plan.who, strict=True)
        ),
        key=lambda row: (row[0].start, row[1]),
    )
    hashes = {
        (g, i): name_hash(f"agents:{plan.name}/{shift}")
        for g, plan in enumerate(plans)
        for i, shift in enumerate(plan.shifts)
    }
    _check_hashes(context, plans, hashes)
    return Agents(
        names=tuple(name for plan in plans for name in plan.names),
        group=np.repeat(np.arange(len(plans), dtype=np.int32), np.diff(first)).astype(np.int32),
        groups=tuple(plan.name for plan in plans),
        kind=np.array([StaffingKind.SHIFTS if plan.shifts else StaffingKind.HEADS for plan in plans], dtype=np.int8),
        level=_skills(context, lambda skill: skill.level, 0, np.int32),
        after=_skills(context, lambda skill: skill.after, 0, np.int64),
        factor=_skills(context, lambda skill: as_factor(skill.handle_time), ONE, np.int64),
        heads_time=np.array([row[0] for row in rows], dtype=np.int64),
        heads_group=np.array([row[1] for row in rows], dtype=np.int32),
        heads_count=np.array([row[2] for row in rows], dtype=np.int32),
        duty_agent=np.array([agent for _, agent, _ in on_duty], dtype=np.int32),
        duty_start=np.array([duty.start for duty, _, _ in on_duty], dtype=np.int64),
        duty_end=np.array([duty.end for duty, _, _ in on_duty], dtype=np.int64),
        duty_hash=np.array([hashes[g, duty.shift] for duty, _, g in on_duty], dtype=np.uint32),
        duty_day=np.array([duty.day for duty, _, _ in on_duty], dtype=np.int32),
        duty_position=np.array([duty.position for duty, _, _ in on_duty], dtype=np.int32),
        duty_no_show=np.array([as_share(groups[g].no_show) for _, _, g in on_duty], dtype=np.int64),
        break_offset=np.cumsum([0, *(len(duty.breaks) for duty, _, _ in on_duty)]).astype(np.int64),
        break_start=np.array(
            [duty.start + start for duty, _, _ in on_duty for start, _ in duty.breaks], dtype=np.int64
        ),
        break_length=np.array([length for duty, _, _ in on_duty for _, length in duty.breaks], dtype=np.int64),
        break_keeps_end=np.array([group.late_break == "keeps its end" for group in groups], dtype=np.bool_),
    )


def _skills(
    context: Context, part: Callable[[Skill], int], fill: int, dtype: type[np.integer[Any]]
) -> npt.NDArray[Any]:
    """Return [group, queue] one part of the skills, ``fill`` where a group does not answer a queue."""
    queues = context.queues
    table = np.full((len(context.groups), len(queues)), fill, dtype=dtype)
    for g, (name, group) in enumerate(context.scenario.agents.items()):
        for queue, skill in group.answers.items():
            if queue in queues:
                table[g, queues.index(queue)] = part(skill)
            elif part(skill) == skill.level:
                context.problem(("agents", name, "answers", queue), repr(queue), "there is no such queue", key=True)
    return table


def _check_hashes(context: Context, plans: Sequence[GroupPlan], hashes: dict[tuple[int, int], int]) -> None:
    seen: dict[int, tuple[int, int]] = {}
    for place, value in hashes.items():
        other = seen.setdefault(value, place)
        if other != place:
            g, i = place
            same = f"{plans[other[0]].name}/{plans[other[0]].shifts[other[1]]}"
            context.problem(
                ("agents", plans[g].name, "shifts", plans[g].shifts[i]), repr(plans[g].shifts[i]),
                f"its draws would be those of {same!r}", "rename one of the two", key=True,
            )  # fmt: skip
