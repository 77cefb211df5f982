"""What the timetable brings about: doors open and close, people begin, take breaks and go, head-counts change.

Each is a process that waits for the planned instants and tells the centre. Planned instants at or beyond the
horizon do not take place: the last staffing and opening state stays.
"""

from __future__ import annotations

from collections.abc import Generator

from simpy import Event

from callsim.codes import Purpose, Rank, SpanKind
from callsim.engines.simpy.center import Center
from callsim.engines.simpy.department import Department
from callsim.engines.simpy.moments import Moment
from callsim.engines.simpy.staff import Agent, Group
from callsim.plan.draws import DAY_ZERO, draw
from callsim.runlog.columns import MISSING

__all__ = ["doors", "head_counts", "shift"]


def doors(center: Center, department: Department) -> Generator[Event, None, None]:
    """Open and close a department by its hours (a process)."""
    for start, admit_end, end in department.openings:
        if start >= center.horizon:
            return
        if end <= 0:
            continue
        yield Moment(center.env, max(0, start), Rank.OPENING, department.index)
        center.open_doors(department, admit_end)
        if end >= center.horizon:
            return
        yield Moment(center.env, end, Rank.CLOSING, department.index)
        center.close_doors(department)


def shift(center: Center, duty: int) -> Generator[Event, None, None]:
    """One shift of one named person: sign on, take breaks, leave at the end or after the last call (a process).

    Planned instants at or beyond the horizon do not take place: the last staffing stays.
    """
    plan, env = center.plan, center.env
    agents = plan.agents
    agent = center.agents[int(agents.duty_agent[duty])]
    start, end = max(0, int(agents.duty_start[duty])), int(agents.duty_end[duty])
    if end <= 0 or start >= center.horizon:
        return
    yield Moment(env, start, Rank.SIGN_ON, duty)
    if _stays_away(center, duty):
        absence = center.record.begin_span(agent.number, SpanKind.ABSENT, start)
        if end < center.horizon:
            center.record.end_span(absence, end)
        return
    center.sign_on(agent)
    for row in range(int(agents.break_offset[duty]), int(agents.break_offset[duty + 1])):
        begins, length = int(agents.break_start[row]), int(agents.break_length[row])
        if begins >= center.horizon:
            return
        if begins + length > 0:
            yield Moment(env, max(0, begins), Rank.BREAK_START, row)
            center.break_due(agent, begins, length)
    if end < center.horizon:
        yield Moment(env, end, Rank.SIGN_OFF, duty)
        center.sign_off(agent)


def _stays_away(center: Center, duty: int) -> bool:
    agents = center.plan.agents
    threshold = int(agents.duty_no_show[duty])
    if not threshold:
        return False
    name, day, head = int(agents.duty_hash[duty]), int(agents.duty_day[duty]), int(agents.duty_position[duty])
    return bool(draw(center.seed, center.replication, name, day + DAY_ZERO, head, 0, 0, Purpose.NO_SHOW) < threshold)


def head_counts(center: Center) -> Generator[Event, None, None]:
    """Change the head-counts of all groups by the plan (a process)."""
    agents = center.plan.agents
    columns = (agents.heads_time, agents.heads_group, agents.heads_count)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for row, (at, group, count) in enumerate(rows):
        if at >= center.horizon:
            return
        yield Moment(center.env, at, Rank.HEADS, row)
        set_heads(center, center.groups[group], count)


def set_heads(center: Center, group: Group, count: int) -> None:
    """Bring a group to ``count`` heads.

    When they fall, idle agents leave at once, longest idle first, and the rest is owed by the busy
    ones who finish next. When they rise, debts are forgiven first, that of the last to finish before others.
    """
    present = [agent for agent in group.agents if agent.presence and not agent.owes]
    for agent in sorted((a for a in present if a.idle_since != MISSING), key=lambda a: (a.idle_since, a.number)):
        if len(present) <= count:
            break
        center.leave(agent)
        present.remove(agent)
    busy = sorted((a for a in present if a.leg), key=_finish)
    for agent in busy[: max(0, len(present) - count)]:
        agent.owes = True
        center.begin_overrun(agent)
    missing = count - len(present)
    debtors = sorted((a for a in group.agents if a.owes), key=_finish, reverse=True) if missing > 0 else []
    for agent in debtors[: max(0, missing)]:
        agent.owes = False
        center.end_overrun(agent)
        missing -= 1
    absent = [agent for agent in group.agents if not agent.presence]
    for agent in absent[: max(0, missing)]:
        center.sign_on(agent)


def _finish(agent: Agent) -> tuple[int, int]:
    assert agent.leg is not None
    return agent.leg.handle_end, agent.number
