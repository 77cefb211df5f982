"""Agents: who is there, who is idle, who owes a departure; shifts of named people and head-counts as processes."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from callsim.codes import Purpose, Rank, SpanKind
from callsim.engines.simpy.moments import Moment
from callsim.engines.simpy.passing import Rows
from callsim.engines.simpy.record import Leg, Span
from callsim.plan.draws import draw
from callsim.plan.plan import ONE, Plan
from callsim.runlog.columns import MISSING

if TYPE_CHECKING:
    from simpy import Event

    from callsim.engines.simpy.center import Center

__all__ = ["Agent", "Group", "head_counts", "shift"]

DAY_ZERO = 1 << 16
"""Added to a duty's day number in its key, because a duty may begin on the day before the start."""


class Agent:
    """A person, or a position of a head-count group."""

    __slots__ = (
        "busy_time",
        "due_breaks",
        "group",
        "idle_since",
        "leg",
        "number",
        "off_duty",
        "on_break",
        "owes",
        "presence",
        "present_time",
        "since",
    )

    def __init__(self, number: int, group: Group) -> None:
        self.number = number
        self.group = group
        self.leg: Leg | None = None
        """The call he is handling, after-call work included."""
        self.presence: Span | None = None
        """The open SIGNED_ON or OVERRUN span; None: not there."""
        self.on_break: Span | None = None
        self.due_breaks: list[tuple[int, int]] = []
        """(planned start, length) of the breaks he takes when he has finished his call."""
        self.off_duty = False
        """His shift is over: he leaves when he has finished his call."""
        self.owes = False
        """A head-count fell while he was busy: he leaves when he has finished his call."""
        self.idle_since = MISSING
        """Since when he waits for a call; -1: he does not."""
        self.busy_time = 0
        self.present_time = 0
        self.since = 0
        """``present_time`` (breaks left out) counts up to here. [ticks]"""

    def occupancy(self, now: int) -> float:
        """Return the share of his time at work so far in which he handled calls."""
        present = self.present_time + now - self.since
        return self.busy_time / present if present else 0.0


class Group:
    """The agents of one group, and the idle ones among them, longest idle first."""

    def __init__(self, plan: Plan, index: int) -> None:
        agents = plan.agents
        levels, after = agents.level[index].tolist(), agents.after[index].tolist()
        self.index = index
        self.name = agents.groups[index]
        self.agents = [Agent(number, self) for number in np.flatnonzero(agents.group == index).tolist()]
        self.skills = sorted((level, queue, after[queue]) for queue, level in enumerate(levels) if level)
        """(level, queue, takes calls after waiting so long), lowest level first."""
        self.factor = agents.factor[index].tolist()
        self.breaks_keep_end = bool(agents.break_keeps_end[index])
        self.passing: dict[tuple[int, int], Rows] = {}
        """Transfers of legs that this group answers, by (stream, queue)."""
        self.idle: list[tuple[int, int, Agent]] = []
        self.n_idle = 0
        self.n_busy = 0
        self.busy_time = 0
        """Integral of the number of busy agents since the start. [ticks]"""
        self.changed = 0

    def count_time(self, now: int) -> None:
        """Bring the integral of busy agents up to now; call it before the number changes."""
        self.busy_time += self.n_busy * (now - self.changed)
        self.changed = now

    def make_idle(self, agent: Agent, now: int) -> None:
        """Put an agent at the end of the idle line."""
        agent.idle_since = now
        self.n_idle += 1
        heappush(self.idle, (now, agent.number, agent))

    def end_idle(self, agent: Agent) -> None:
        """Take an agent out of the idle line; his entry in the heap is passed over later."""
        agent.idle_since = MISSING
        self.n_idle -= 1

    def longest_idle(self) -> tuple[int, int, Agent]:
        """Return (idle since, number, agent) of the first in the idle line; somebody must be idle."""
        line = self.idle
        while line[0][2].idle_since != line[0][0]:
            heappop(line)
        return line[0]

    def idle_agents(self) -> list[Agent]:
        """Return the idle agents by number."""
        return [agent for agent in self.agents if agent.idle_since != MISSING]


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


def factor_product(first: int, second: int) -> int:
    """Return the product of two factors of 20 binary places."""
    return first if second == ONE else (first * second) >> 20
