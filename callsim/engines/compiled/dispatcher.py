"""The dispatcher: calls find agents, agents find calls; what an answer settles.

One rule holds at every instant: no agent is idle while a caller whom he may take waits. This is the dispatcher of whole
centres; the other kernels have rules of their own for who answers whom, and share what does not depend on idle lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callsim.engines.compiled import case_layout as of_
from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.borrowed import DRAWS
from callsim.engines.compiled.customer import talk as talk_with_customer
from callsim.engines.compiled.events import set_key
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lines import end_idle, leave_line, line_of, start_idle
from callsim.engines.compiled.lookup import duration, number_for, scaled
from callsim.engines.compiled.record import end_wait, write_contact, write_leg
from callsim.plan.plan import NEVER, ONE

__all__ = [
    "agent_key",
    "agent_of",
    "choosing",
    "end_of_run",
    "end_order",
    "factor_at",
    "find_agent",
    "key_at",
    "next_call",
    "take",
    "transfer_of",
]

_pick = DRAWS.pick


@inlined
def end_of_run(p: Any) -> Any:
    """Return the instant before which everything happens. [ticks]"""
    return p.scalar[of.END]


@inlined
def end_order(p: Any) -> Any:
    """Return the order before which everything happens."""
    return min(end_of_run(p), st.LAST_ORDER >> 4) << 4


@inlined
def key_at(p: Any, s: Any, agent: Any, at: Any) -> Any:
    """Return the key of an agent's event at this instant; at the end of everything if no key can say so late."""
    if at < p.scalar[of.LATEST]:
        return (at << p.scalar[of.AGENT_BITS]) | agent
    if p.scalar[of.DRAIN]:
        s.clock[st.TOO_FAR] = 1
    return st.INFINITE


@inlined
def agent_of(p: Any, key: Any) -> Any:
    """Return the agent whom a key names."""
    return key & p.scalar[of.AGENT_MASK]


@jit
def agent_key(p: Any, s: Any, agent: Any, at: Any, on_break: Any) -> None:
    """Let an agent's next event be at this instant: the end of talk or handling, or of his break."""
    key = key_at(p, s, agent, at)
    if key < st.INFINITE:
        key |= on_break << (p.scalar[of.AGENT_BITS] - 1)
    set_key(s.tree, agent, key)


# --- a caller looks for an agent ------------------------------------------------------------------


@jit
def find_agent(p: Any, s: Any, c: Any, waited: Any) -> Any:
    """Return the idle agent who takes a call that has waited so long in its queue, or NOBODY."""
    if p.scalar[of.AGENT_SELECTION] != is_.LONGEST_IDLE:
        return _find_otherwise(p, s, c, waited)
    queue = s.caller[c, st.LEG_QUEUE]
    best, best_since, level = st.NOBODY, 0, 0
    for k in range(p.queue[queue, of.FIRST_TAKER], p.queue[queue, of.END_TAKER]):
        if best >= 0 and p.taker[k, of.TAKER_LEVEL] > level:
            break
        first = s.group[p.taker[k, of.TAKER_GROUP], st.IDLE_FIRST]
        if first >= 0 and p.taker[k, of.TAKER_AFTER] <= waited:
            since = s.agent[first, st.IDLE_SINCE]
            if best < 0 or since < best_since or (since == best_since and first < best):
                best, best_since, level = first, since, p.taker[k, of.TAKER_LEVEL]
    return best


@apart
def _find_otherwise(p: Any, s: Any, c: Any, waited: Any) -> Any:
    """Find the least occupied of the idle agents, or any of them, in the lowest level that has one."""
    queue = s.caller[c, st.LEG_QUEUE]
    end = p.queue[queue, of.END_TAKER]
    first = p.queue[queue, of.FIRST_TAKER]
    while first < end:
        last, n = first, 0
        while last < end and p.taker[last, of.TAKER_LEVEL] == p.taker[first, of.TAKER_LEVEL]:
            if p.taker[last, of.TAKER_AFTER] <= waited:
                n += s.group[p.taker[last, of.TAKER_GROUP], st.N_IDLE]
            last += 1
        if n > 0:
            if p.scalar[of.AGENT_SELECTION] == is_.LEAST_OCCUPIED:
                return _least_occupied(p, s, first, last, waited)
            leg = s.caller[c, st.LEG_NUMBER]
            u = number_for(p, s, c, s.caller[c, row.C_ATTEMPT], leg, is_.FOR_AGENT_CHOICE)
            return _idle_number(p, s, first, last, waited, _pick(u, n))
        first = last
    return st.NOBODY


@inlined
def _occupancy(s: Any, agent: Any, now: Any) -> Any:
    """Return the share of his time at work so far in which he handled calls."""
    present = s.agent[agent, st.PRESENT_TIME] + now - s.agent[agent, st.COUNTED_TO]
    return s.agent[agent, st.WORKED] / present if present else 0.0


@jit
def _least_occupied(p: Any, s: Any, first: Any, last: Any, waited: Any) -> Any:
    now = s.clock[st.NOW]
    best, best_share, best_since = st.NOBODY, 0.0, 0
    for k in range(first, last):
        if p.taker[k, of.TAKER_AFTER] > waited:
            continue
        agent = s.group[p.taker[k, of.TAKER_GROUP], st.IDLE_FIRST]
        while agent >= 0:
            share, since = _occupancy(s, agent, now), s.agent[agent, st.IDLE_SINCE]
            tie = share == best_share and (since < best_since or (since == best_since and agent < best))
            if best < 0 or share < best_share or tie:
                best, best_share, best_since = agent, share, since
            agent = s.agent[agent, st.BEHIND]
    return best


@jit
def _idle_number(p: Any, s: Any, first: Any, last: Any, waited: Any, n: Any) -> Any:
    """Return the n-th idle agent by number; takers stand by group, and the agents of a group follow each other."""
    for k in range(first, last):
        group = p.taker[k, of.TAKER_GROUP]
        if p.taker[k, of.TAKER_AFTER] > waited:
            continue
        if n >= s.group[group, st.N_IDLE]:
            n -= s.group[group, st.N_IDLE]
            continue
        for agent in range(p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]):
            if s.agent[agent, st.IDLE_SINCE] != st.NOBODY:
                if n == 0:
                    return agent
                n -= 1
    return st.NOBODY


# --- an agent looks for a call --------------------------------------------------------------------


@jit
def _first_who_waited(p: Any, s: Any, queue: Any, after: Any, now: Any) -> Any:
    """Return the first caller in queue order who has waited for at least ``after``, or NOBODY."""
    for rank in range(p.scalar[of.N_CLASSES]):
        c = s.line[line_of(p, queue, 0, rank), st.LINE_FIRST]
        while c >= 0:
            if now - s.caller[c, st.LEG_ENTERED] >= after:
                return c
            c = s.caller[c, st.AFTER_IT]
    return st.NOBODY


@inlined
def _weight(slope: Any, wait: Any) -> Any:
    """Return slope * wait as two numbers, high and low: waits of months times large slopes do not fit into one."""
    low = slope * (wait & 0xFFFFF)
    return slope * (wait >> 20) + (low >> 20), low & 0xFFFFF


@jit
def is_due_before(p: Any, s: Any, c: Any, level: Any, other: Any, other_level: Any, now: Any) -> Any:
    """Tell whether the first call of one queue is taken before that of another queue, by the call-selection rule."""
    classes, queues = p.scalar[of.N_CLASSES], (s.caller[c, st.LEG_QUEUE], s.caller[other, st.LEG_QUEUE])
    mine, his = s.caller[c, st.WAITS_IN] % classes, s.caller[other, st.WAITS_IN] % classes
    if mine != his:
        return mine < his
    if p.scalar[of.CALL_SELECTION] == is_.PRIORITY_FIRST and level != other_level:
        return level < other_level
    came, other_came = s.caller[c, st.CAME], s.caller[other, st.CAME]
    weight = _weight(p.queue[queues[0], of.SLOPE], now - came)
    other_weight = _weight(p.queue[queues[1], of.SLOPE], now - other_came)
    if weight != other_weight:
        return weight > other_weight
    if came != other_came:
        return came < other_came
    return queues[0] < queues[1]


def choosing(first_waiting: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that chooses the waiting call which a free agent takes, NOBODY if there is none.

    Parameters
    ----------
    first_waiting : callable
        ``first_waiting(p, s, queue, after, now)``: the first caller of a queue who has waited for so long, or NOBODY.
    """

    @apart
    def of_several(p: Any, s: Any, best: Any, first: Any, end: Any, now: Any) -> Any:
        best_level = p.skill[first, of.SKILL_LEVEL]
        for k in range(first + 1, end):
            level, queue = p.skill[k, of.SKILL_LEVEL], p.skill[k, of.SKILL_QUEUE]
            if s.queue[queue, st.N_WAITING] > 0:
                c = first_waiting(p, s, queue, p.skill[k, of.SKILL_AFTER], now)
                if c >= 0 and is_due_before(p, s, c, level, best, best_level, now):
                    best, best_level = c, level
            if p.skill[k, of.SKILL_DECIDES]:
                break
        return best

    @inlined
    def due_call(p: Any, s: Any, agent: Any, now: Any) -> Any:
        group = p.agent_group[agent]
        k, end = p.group[group, of.FIRST_SKILL], p.group[group, of.END_SKILL]
        while k < end:
            queue = p.skill[k, of.SKILL_QUEUE]
            if s.queue[queue, st.N_WAITING] > 0:
                c = first_waiting(p, s, queue, p.skill[k, of.SKILL_AFTER], now)
                if c >= 0:
                    return c if p.skill[k, of.SKILL_DECIDES] else of_several(p, s, c, k, end, now)
            k += 1
        return st.NOBODY

    return due_call


_due_call = choosing(_first_who_waited)


@apart
def next_call(p: Any, s: Any, agent: Any, now: Any) -> None:
    """Give a free agent the call that is due by the call-selection rule, or make him idle."""
    c = _due_call(p, s, agent, now)
    if c >= 0:
        leave_line(s, c, now)
        answer(p, s, c, agent, now)
    else:
        start_idle(p, s, agent, now)
        set_key(s.tree, agent, st.INFINITE)


# --- an answer ------------------------------------------------------------------------------------


@jit
def _drawn_transfer(p: Any, s: Any, c: Any, group: Any, talk_end: Any) -> Any:
    """Return the row of the transfer that follows a talk, or NOBODY.

    Of the rows that apply it is the first whose cumulative share exceeds the draw.
    """
    queue, stream = s.caller[c, st.LEG_QUEUE], s.caller[c, row.C_STREAM]
    if p.queue[queue, of.FIRST_ROW] == p.queue[queue, of.END_ROW]:
        return st.NOBODY
    u = number_for(p, s, c, s.caller[c, row.C_ATTEMPT], s.caller[c, st.LEG_NUMBER], is_.FOR_TRANSFER)
    return transfer_of(p, queue, stream, group, u, talk_end)


@jit
def transfer_of(p: Any, queue: Any, stream: Any, group: Any, u: Any, talk_end: Any) -> Any:
    """Return the row of the transfer that follows a talk of which this number is drawn, or NOBODY."""
    total = 0
    for k in range(p.queue[queue, of.FIRST_ROW], p.queue[queue, of.END_ROW]):
        if p.transfer_stream[k, stream] and p.transfer_group[k, group] and _applies_at(p, k, talk_end):
            total += p.transfer[k, of.SHARE]
            if u < total:
                return k
    return st.NOBODY


@inlined
def _applies_at(p: Any, k: Any, at: Any) -> Any:
    first, end = p.transfer[k, of.FIRST_WINDOW], p.transfer[k, of.END_WINDOW]
    if first == end:
        return True
    for i in range(first, end):  # noqa: SIM110 (numba takes no generator)
        if p.window[i, 0] <= at < p.window[i, 1]:
            return True
    return False


@apart
def _scale_at(p: Any, scale: Any, now: Any) -> Any:
    """Return the interval factor of a scale row: a step function, before the first step the first."""
    low, high = p.scale_offset[scale], p.scale_offset[scale + 1]
    first = low
    while low < high:
        middle = (low + high) >> 1
        if p.scale[middle, of.SCALE_START] <= now:
            low = middle + 1
        else:
            high = middle
    return p.scale[max(first, low - 1), of.SCALE_FACTOR]


@inlined
def factor_at(p: Any, group: Any, queue: Any, stream: Any, now: Any) -> Any:
    """Return by how much longer or shorter than usual an agent talks and works on a call that he takes now."""
    if p.scalar[of.ALL_AS_USUAL]:
        return ONE
    factor, scale = p.factor[group, queue], p.handling[stream * p.scalar[of.N_QUEUES] + queue, of.SCALE_ROW]
    if scale >= 0:
        other = _scale_at(p, scale, now)
        if other != ONE:
            factor = scaled(factor, other)
    return factor


@apart
def answer(p: Any, s: Any, c: Any, agent: Any, now: Any) -> None:
    """Let an agent take a call; from here on it is known how long he is busy with it, and what follows.

    If nobody will be passed on or call again, the end of the talk changes nothing but the agent's time, and all is
    written down now.
    """
    group = p.agent_group[agent]
    queue, stream = s.caller[c, st.LEG_QUEUE], s.caller[c, row.C_STREAM]
    attempt, leg = s.caller[c, row.C_ATTEMPT], s.caller[c, st.LEG_NUMBER]
    rule = stream * p.scalar[of.N_QUEUES] + queue
    end_wait(s, c, is_.ANSWERED, now)
    factor, work_law = factor_at(p, group, queue, stream, now), p.handling[rule, of.WORK_LAW]
    talk = duration(p, s, c, attempt, leg, is_.FOR_TALK, p.handling[rule, of.TALK_LAW])
    if factor != ONE:
        talk = scaled(talk, factor)
    if s.caller[c, st.EXPLAINS] >= 0:
        talk += duration(p, s, c, attempt, leg, is_.FOR_EXPLAIN, s.caller[c, st.EXPLAINS])
    followed = p.stream[stream, of.FOLLOWED]
    if followed == of.BY_CASE:
        talk = talk_with_customer(p, s, c, group, talk, now)
    talk_end = now + talk
    handle_end = talk_end
    if work_law >= 0:
        handle_end += scaled(duration(p, s, c, attempt, leg, is_.FOR_WORK, work_law), factor)
    s.caller[c, row.C_TALK] += talk
    s.caller[c, row.C_WORK] += handle_end - talk_end
    s.caller[c, st.LEG_AGENT] = agent
    s.caller[c, st.LEG_TALK_END] = talk_end
    s.caller[c, st.LEG_HANDLE_END] = handle_end
    end = end_of_run(p)
    s.agent[agent, st.BUSY] = 1
    s.agent[agent, st.HANDLED_UNTIL] = handle_end
    s.agent[agent, st.WORKED] += handle_end - now
    s.group[group, st.BUSY_TIME] += min(handle_end, end) - now
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], handle_end)
    transfer = _drawn_transfer(p, s, c, group, talk_end)
    if followed == of.BY_CASE:
        s.case[c, of_.DRAWN_ROW] = transfer
        transfer = st.UNDECIDED
    if transfer < 0 and followed == 0 and p.scalar[of.LINES] == NEVER:
        over = talk_end < end
        s.caller[c, st.LEG_TRANSFER] = is_.NOT_TRANSFERRED if over else is_.TRANSFER_UNFINISHED
        write_leg(s, c)
        write_contact(s, c, is_.ANSWERED, talk_end if over else st.NOBODY, 1)
        agent_key(p, s, agent, handle_end, 0)
    else:
        s.caller[c, st.LEG_TRANSFER] = is_.TRANSFER_UNFINISHED
        s.caller[c, st.ROW] = transfer
        s.caller[c, st.PHASE] = st.TALKING
        s.agent[agent, st.TALKS_WITH] = c
        agent_key(p, s, agent, talk_end, 0)


@jit
def take(p: Any, s: Any, c: Any, agent: Any, now: Any) -> None:
    """Let an idle agent take a call."""
    end_idle(p, s, agent)
    answer(p, s, c, agent, now)
