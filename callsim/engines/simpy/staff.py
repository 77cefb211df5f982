"""Agents: who is there, who is idle, who owes a departure."""

from __future__ import annotations

from heapq import heappop

import numpy as np

from callsim.engines.simpy.passing import Rows
from callsim.engines.simpy.record import Leg, Span
from callsim.plan.plan import ONE, Plan
from callsim.runlog.columns import MISSING

__all__ = ["Agent", "Group", "factor_product"]


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
        """Heap of (idle since, number, agent); an entry whose agent is not idle since then is passed over."""
        self.n_idle = 0
        self.n_busy = 0
        self.busy_time = 0
        """Integral of the number of busy agents since the start. [ticks]"""
        self.changed = 0

    def count_time(self, now: int) -> None:
        """Bring the integral of busy agents up to now; call it before the number changes."""
        self.busy_time += self.n_busy * (now - self.changed)
        self.changed = now

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


def factor_product(first: int, second: int) -> int:
    """Return the product of two factors of 20 binary places."""
    return first if second == ONE else (first * second) >> 20
