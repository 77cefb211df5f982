"""The centre while it runs: departments, groups, trunk lines, and the dispatcher that brings calls to agents.

The dispatcher keeps one rule at every instant: no agent is idle while a caller whom he may take
waits. Whoever becomes free looks for a call (`Center.next_call`), whoever joins looks for an agent
(`Center.find_agent`). Agents are not a `simpy.Resource`: cancelling a waiting request is linear
in the queue there, and callers who hang up are the common case here.
"""

from __future__ import annotations

from bisect import insort
from functools import partial
from heapq import heappush
from typing import Any, cast

import numpy as np
from simpy import Event

from callsim.codes import (
    AgentSelection,
    AtClosing,
    CallSelection,
    Cause,
    Outcome,
    Place,
    Purpose,
    Rank,
    SpanKind,
    TransferResult,
)
from callsim.engines.simpy.department import Department
from callsim.engines.simpy.lookup import Caller, LawLists
from callsim.engines.simpy.moments import Clock, Moment
from callsim.engines.simpy.passing import PassingTable, Row
from callsim.engines.simpy.record import Leg, Record, Span
from callsim.engines.simpy.staff import Agent, Group, factor_product
from callsim.plan.draws import pick
from callsim.plan.plan import ONE, Plan
from callsim.runlog.columns import MISSING

__all__ = ["Center"]

Entry = tuple[int, int, int, Leg]

# Looking a member up in its enumeration takes as long as a function call: hence names of this module.
TALK, TRANSFER = Purpose.TALK, Purpose.TRANSFER
ANSWERED, TALKING, NO_TRANSFER = Outcome.ANSWERED, TransferResult.UNFINISHED, TransferResult.NONE
LONGEST_IDLE, LEVEL_FIRST = AgentSelection.LONGEST_IDLE, CallSelection.LEVEL_FIRST
KEEPS, AHEAD = Place.KEEPS, Place.AHEAD


class Redial:
    """The plan's rule for callers of one stream whose contact ended in one way, as Python numbers."""

    def __init__(self, plan: Plan, stream: int, cause: int) -> None:
        streams = plan.streams
        self.cause = Cause(cause)
        self.shares: list[int] = streams.redial_share[stream, cause].tolist()
        self.max_contacts = int(streams.max_contacts[stream])
        self.delay_law = int(streams.redial_delay[stream, cause])
        self.until_open = bool(streams.redial_until_open[stream, cause])
        self.queue = int(streams.queue[stream])


class Center:
    """The state of one replication; it dies with the run."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan = plan
        self.seed = seed
        self.replication = replication
        self.env = Clock()
        self.horizon = plan.clock.horizon
        self.departments = [Department(plan, index) for index in range(plan.n_queues)]
        self.groups = [Group(plan, index) for index in range(plan.n_groups)]
        self.agents = [agent for group in self.groups for agent in group.agents]
        self.lines_free = plan.lines
        self.agent_selection = plan.agent_selection
        self.call_selection = plan.call_selection
        self.record = Record()
        self.joined = 0
        self.takers = [self._takers(queue) for queue in range(plan.n_queues)]
        """[queue] Lists of (after, group) of one level, lowest level first; one list if levels do not count."""
        queues = plan.queues
        laws = np.stack([queues.talk_law, queues.after_call_law, queues.scale_row], axis=-1)
        self.handling: list[list[list[int]]] = laws.tolist()
        """[stream][queue] Law of the talk, law of the after-call work, row of the interval factors."""
        self.laws = LawLists(plan)
        self.redials = [
            [Redial(plan, stream, cause) for cause in range(len(Cause))] for stream in range(plan.n_streams)
        ]
        """[stream][cause] Who calls again, and when."""
        self.repeats = [any(causes[Cause.REPEAT_UNSOLVED].shares) for causes in self.redials]
        """[stream] Whether anybody calls again after he was answered."""
        self.kinds: dict[int, Any] = {}
        """Stream -> rules of its cases (`callsim.engines.simpy.customer.Kind`)."""
        self.called_queue = plan.streams.queue.tolist()
        self.passing = PassingTable(plan)
        for group in self.groups:
            group.passing = self.passing.of_group(group.index)
        self.patience_law = plan.streams.patience_law.tolist()
        self.patience_rule = plan.streams.patience_rule.tolist()
        self.patience_scale = plan.streams.patience_scale.tolist()
        self.balk = plan.streams.balk.tolist()
        self.credit = plan.streams.credit.tolist()
        self.priority = plan.streams.priority.tolist()
        for department, takers in zip(self.departments, self.takers, strict=True):
            department.overflow_times = sorted({after for level in takers for after, _ in level if after})

    def _takers(self, queue: int) -> list[list[tuple[int, Group]]]:
        levels: dict[int, list[tuple[int, Group]]] = {}
        for group in self.groups:
            level = int(self.plan.agents.level[group.index, queue])
            if level:
                after = int(self.plan.agents.after[group.index, queue])
                levels.setdefault(level if self.plan.agent_by_level else 0, []).append((after, group))
        return [levels[level] for level in sorted(levels)]

    # --- a caller looks for an agent ---------------------------------------------------------

    def find_agent(self, caller: Caller, leg_number: int, queue: int, waited: int) -> Agent | None:
        """Return the idle agent who takes a call that has waited so long in this queue, if there is one."""
        if self.agent_selection != LONGEST_IDLE:
            return self._find_otherwise(caller, leg_number, queue, waited)
        for level in self.takers[queue]:
            best = None
            for after, group in level:
                if group.n_idle and after <= waited:
                    first = group.longest_idle()
                    if best is None or first < best:
                        best = first
            if best is not None:
                return best[2]
        return None

    def _find_otherwise(self, caller: Caller, leg_number: int, queue: int, waited: int) -> Agent | None:
        """Find the least occupied of the idle agents, or any of them."""
        for level in self.takers[queue]:
            groups = [group for after, group in level if group.n_idle and after <= waited]
            idle = sorted((agent for group in groups for agent in group.idle_agents()), key=lambda a: a.number)
            if idle and self.agent_selection == AgentSelection.LEAST_OCCUPIED:
                now = self.env.now
                return min(idle, key=lambda agent: (agent.occupancy(now), agent.idle_since, agent.number))
            if idle:
                return idle[int(pick(caller.draw(leg_number, Purpose.AGENT_CHOICE), len(idle)))]
        return None

    def join(self, leg: Leg, place: int = Place.BACK, priority: int = -1, held: bool = False) -> None:
        """Put a caller into the line of his department, or before its closed door."""
        department = self.departments[leg.queue]
        now, stream = self.env.now, leg.contact.caller.day.stream
        department.count_time(now)
        self.joined += 1
        if priority < 0:
            priority = self.priority[stream]
        came = leg.contact.arrived if place == KEEPS else leg.entered
        entry = (2 * priority - (place == AHEAD), came - self.credit[stream], self.joined, leg)
        leg.entry = entry
        leg.settled = Event(self.env)
        insort(department.held if held else department.waiting, entry)
        for after in department.overflow_times:
            number = leg.contact.caller.number
            Moment(self.env, leg.entered + after, Rank.OVERFLOW, number, lambda _: self.overflow(leg))

    def overflow(self, leg: Leg) -> None:
        """Offer a caller who still waits to the groups that may take him from now on."""
        department = self.departments[leg.queue]
        if leg.entry is not None and department.is_waiting(leg):
            self.offer(leg)

    def offer(self, leg: Leg) -> None:
        """Give a waiting caller to an idle agent, if one may take him."""
        agent = self.find_agent(leg.contact.caller, leg.number, leg.queue, self.env.now - leg.entered)
        if agent is not None:
            self.end_wait(leg, ANSWERED)
            self.answer(leg, agent)

    def give_up(self, leg: Leg) -> None:
        """Let a caller hang up, if he still waits: his patience has ended."""
        if leg.entry is not None:
            self.end_wait(leg, Outcome.ABANDONED)

    def end_wait(self, leg: Leg, outcome: Outcome) -> None:
        """Take a caller out of the line and wake him."""
        department = self.departments[leg.queue]
        department.count_time(self.env.now)
        department.remove(leg)
        leg.entry = None
        leg.left = self.env.now
        leg.outcome = outcome
        assert leg.settled is not None
        leg.settled.succeed()

    # --- an agent looks for a call -----------------------------------------------------------

    def next_call(self, agent: Agent) -> None:
        """Give a free agent the call that is due by the call-selection rule, or make him idle."""
        now, level_first = self.env.now, self.call_selection == LEVEL_FIRST
        found: list[tuple[Entry, int, Department]] = []
        for level, queue, after in agent.group.skills:
            if found and level_first and level > found[0][1]:
                break
            department = self.departments[queue]
            entry = department.first(now, after) if department.waiting else None
            if entry is not None:
                found.append((entry, level, department))
        if not found:
            agent.idle_since = now
            agent.group.n_idle += 1
            heappush(agent.group.idle, (now, agent.number, agent))
            return
        leg = (found[0] if len(found) == 1 else min(found, key=self._turn))[0][3]
        self.end_wait(leg, ANSWERED)
        self.answer(leg, agent)

    def _turn(self, candidate: tuple[Entry, int, Department]) -> tuple[int, ...]:
        """Return whose turn it is between the first calls of several queues: the smallest is next."""
        entry, level, department = candidate
        weight = (-department.slope * (self.env.now - entry[1]), entry[1], department.index)
        if self.call_selection == CallSelection.PRIORITY_FIRST:
            return (entry[0], level, *weight)
        return (entry[0], *weight)

    def answer(self, leg: Leg, agent: Agent) -> None:
        """Let an agent take a call; from here on it is known how long he is busy with it."""
        now, group = self.env.now, agent.group
        if agent.idle_since != MISSING:
            group.end_idle(agent)
        group.busy_time += group.n_busy * (now - group.changed)
        group.changed = now
        group.n_busy += 1
        agent.leg = leg
        leg.answered_by = agent.number
        leg.left = now
        leg.outcome = ANSWERED
        leg.transfer = TALKING
        caller, queue = leg.contact.caller, leg.queue
        stream = caller.day.stream
        factor = group.factor[queue]
        talk_law, work_law, scale_row = self.handling[stream][queue]
        if scale_row >= 0:
            factor = factor_product(factor, self._scale(scale_row, now))
        talk = caller.duration(leg.number, TALK, talk_law)
        if factor != ONE:
            talk = (talk * factor) >> 20
        if caller.customer is not None:
            caller.customer.waited(leg)
            talk = caller.customer.talk(leg, group.index, talk)
        elif leg.explain_law >= 0:
            talk += caller.duration(leg.number, Purpose.EXPLAIN, leg.explain_law)
        leg.talk_end = leg.handle_end = now + talk
        if work_law >= 0:
            leg.handle_end += (caller.duration(leg.number, Purpose.AFTER_CALL_WORK, work_law) * factor) >> 20
        agent.busy_time += leg.handle_end - now

    def _scale(self, row: int, now: int) -> int:
        queues = self.plan.queues
        first, last = int(queues.scale_offset[row]), int(queues.scale_offset[row + 1])
        step = int(queues.scale_start[first:last].searchsorted(now, side="right")) - 1
        return int(queues.scale_factor[first + max(0, step)])

    def end_talk(self, leg: Leg) -> Row | None:
        """End a talk: the agent is released or does his after-call work; then see where the caller is passed on to."""
        agent = self.agents[leg.answered_by]
        if leg.handle_end == leg.talk_end:
            self.release(agent)
        else:
            Moment(self.env, leg.handle_end, Rank.SERVICE_END, agent.number, partial(self.release, agent))
        caller, row = leg.contact.caller, None
        if caller.customer is not None:
            if caller.customer.end_talk(leg):
                leg.transfer = NO_TRANSFER
                self.record.end_leg(leg)
                return None
            row = caller.customer.escalation(leg)
            if row is not None:
                return cast(Row, row)
        rows = agent.group.passing.get((caller.day.stream, leg.queue))
        if rows is not None:
            u = caller.draw(leg.number, TRANSFER)
            row = rows.drawn(u, self.env.now) if u < rows.total else None
        if row is None:
            leg.transfer = NO_TRANSFER
            self.record.end_leg(leg)
        return row

    def release(self, agent: Agent, _: Event | None = None) -> None:
        """End a call's handling: the agent goes, takes his break, or takes the next call."""
        now, group = self.env.now, agent.group
        group.busy_time += group.n_busy * (now - group.changed)
        group.changed = now
        group.n_busy -= 1
        agent.leg = None
        if agent.off_duty or agent.owes:
            self.leave(agent)
        elif not agent.due_breaks or not self.start_break(agent):
            self.next_call(agent)

    # --- agents come and go ------------------------------------------------------------------

    def sign_on(self, agent: Agent) -> None:
        """Start a shift or fill a position. Somebody still finishing his last shift's call just stays."""
        if agent.presence is None:
            agent.since = self.env.now
            self._present(agent, SpanKind.SIGNED_ON)
            self.next_call(agent)
        else:
            agent.off_duty = False
            self.end_overrun(agent)

    def sign_off(self, agent: Agent) -> None:
        """End a shift: at once if he is idle or on a break, after the call if he is busy."""
        agent.due_breaks.clear()
        if agent.leg is None:
            self.leave(agent)
        else:
            agent.off_duty = True
            self.begin_overrun(agent)

    def leave(self, agent: Agent) -> None:
        """Let an agent go home."""
        now = self.env.now
        assert agent.presence is not None
        self.record.end_span(agent.presence, now)
        agent.presence = None
        if agent.on_break is not None:
            self.record.end_span(agent.on_break, now)
            agent.on_break = None
        else:
            agent.present_time += now - agent.since
        if agent.idle_since != MISSING:
            agent.group.end_idle(agent)
        agent.off_duty = agent.owes = False

    def begin_overrun(self, agent: Agent) -> None:
        """Book a busy agent's time as overrun from now on: his planned end has come."""
        self._present(agent, SpanKind.OVERRUN)

    def end_overrun(self, agent: Agent) -> None:
        """Book an agent's time as planned again: his next shift begins, or his debt is forgiven."""
        self._present(agent, SpanKind.SIGNED_ON)

    def _present(self, agent: Agent, kind: SpanKind) -> None:
        now = self.env.now
        if agent.presence is not None:
            self.record.end_span(agent.presence, now)
        agent.presence = self.record.begin_span(agent.number, kind, now)

    def break_due(self, agent: Agent, begins: int, length: int) -> None:
        """Send an agent into a break: at once if he is idle, after the call if he is busy."""
        if agent.presence is None or agent.off_duty:
            return
        agent.due_breaks.append((begins, length))
        if agent.leg is None and agent.on_break is None:
            self.start_break(agent)

    def start_break(self, agent: Agent) -> bool:
        """Begin the first break that is due; return False if there is none, or it would be over already."""
        now = self.env.now
        while agent.due_breaks:
            begins, length = agent.due_breaks.pop(0)
            end = begins + length if agent.group.breaks_keep_end or begins < 0 else now + length
            if end > now:
                if agent.idle_since != MISSING:
                    agent.group.end_idle(agent)
                agent.present_time += now - agent.since
                agent.on_break = self.record.begin_span(agent.number, SpanKind.BREAK, now)
                back = partial(self.end_break, agent, agent.on_break)
                Moment(self.env, end, Rank.BREAK_END, agent.number, back)
                return True
        return False

    def end_break(self, agent: Agent, span: Span, _: Event) -> None:
        """Return to the desk, unless the shift has ended or the next break is due."""
        if agent.on_break is span:
            agent.since = self.env.now
            self.record.end_span(span, agent.since)
            agent.on_break = None
            if not self.start_break(agent):
                self.next_call(agent)

    # --- doors -------------------------------------------------------------------------------

    def open_doors(self, department: Department, admit_end: int) -> None:
        """Open a department: those who waited at the door join the line and are offered in queue order."""
        department.is_open = True
        department.admit_end = admit_end
        department.release_held()
        for entry in list(department.waiting):
            self.offer(entry[3])

    def close_doors(self, department: Department) -> None:
        """Close a department, and treat those who still wait by its rule."""
        department.is_open = False
        if department.at_closing == AtClosing.KEEP:
            department.hold_all()
        elif department.at_closing != AtClosing.SERVE:
            outcome = Outcome.MOVED if department.at_closing == AtClosing.MOVE else Outcome.DROPPED_AT_CLOSING
            for entry in list(department.waiting):
                self.end_wait(entry[3], outcome)

    def admits(self, department: Department) -> bool:
        """Tell whether an arrival is let in now."""
        return department.is_open and self.env.now < department.admit_end

    def next_admission(self, queue: int) -> int:
        """Return the first instant from now on at which this queue lets arrivals in. [ticks]"""
        return self.departments[queue].next_admission(self.env.now)
