"""The second tier: several streams, queues and groups with transfers, all always open, agents by head-count.

The loop in the written event order (`callsim.codes.Rank`), for centres in which few things are events: calls, the end
of a call that is passed on or for whom callers wait, arrivals at the next department, changes of head-counts. That
other calls end, and that waiting callers hang up, is noticed by whoever comes next (``positions.py``).

``clock[REACHED]`` is the largest key of an agent up to which ends of calls have happened: an agent whose key is not
larger is idle, one with a larger key still talks, though perhaps only until later at the same instant.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.dispatcher import agent_of, end_of_run, end_order
from callsim.engines.compiled.events import pop_event
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.kernel import finish
from callsim.engines.compiled.positions import (
    begin_change,
    leave_out_overtime,
    next_to_come,
    note_last_work,
    set_free,
    sign_on,
)
from callsim.engines.compiled.skills_calls import (
    FOR_CALLS,
    answer_next,
    call,
    go_on,
    next_call,
    pass_on,
    write_hang_up,
)
from callsim.engines.compiled.state import FINISHED, MORE_CALLERS, MORE_EVENTS, MORE_INSTANTS, ROWS_FULL
from callsim.engines.compiled.upcoming import line_up, number_of_call
from callsim.engines.compiled.visits import fill_row, write_unfinished

__all__ = ["finish_skills", "skills"]


@apart
def _events_at_hand(p: Any, s: Any) -> Any:
    """Return for how many events every table has room; if for none, which has not, as a number below zero.

    Each event brings one caller at most. Whoever is there may be written down at any event, but once; as a single
    visit only while the rows are left that the events may need.
    """
    callers = s.clock[st.N_CALLERS]
    if s.event.shape[0] < s.caller.shape[0] + p.scalar[of.N_AGENTS] + 2:
        return -MORE_EVENTS
    if callers + 2 > s.caller.shape[0]:
        return -MORE_CALLERS
    if s.clock[st.SPAN_ROWS] + 4 * p.scalar[of.N_AGENTS] + 8 > s.span_rows.shape[0]:
        return -ROWS_FULL
    room = min(
        FOR_CALLS,
        s.single_rows.shape[1] - FOR_CALLS - s.clock[st.SINGLE_ROWS],
        s.contact_rows.shape[0] - s.clock[st.CONTACT_ROWS] - callers,
        (s.leg_rows.shape[0] - s.clock[st.LEG_ROWS] - callers) // 3,
    )
    if room <= 0:
        return -ROWS_FULL
    return min(room, s.caller.shape[0] - callers - 1)


@jit
def skills(p: Any, s: Any) -> Any:
    """Let events happen until the run is over or a table has no room."""
    while True:
        if s.clock[st.NEXT_CALL] == s.clock[st.END_CALL] and not line_up(p, s):
            return MORE_INSTANTS
        n = _events_at_hand(p, s)
        if n < 0:
            return -n
        if _some_events(p, s, n):
            return FINISHED


@apart
def _some_events(p: Any, s: Any, n: Any) -> Any:
    """Let at most so many events happen, none after a change of head-counts or the last call that is lined up.

    Return whether the run is over.
    """
    bits = p.scalar[of.AGENT_BITS]
    i, end = s.clock[st.NEXT_CALL], s.clock[st.END_CALL]
    planned = s.clock[st.NEXT_PLANNED]
    change = end_order(p)
    if planned < p.agenda.shape[0]:
        change = min(change, (p.agenda[planned, of.AGENDA_TIME] << 4) + is_.AT_HEADS)
    # Calls are numbered as they are lined up; each other event leaves one call less to be made here.
    first, last, is_over = s.clock[st.N_CONTACTS] - i, i + n, False
    if i == end:
        # All streams are done: the call that never comes is not reached.
        end = last
    stop = min(end, last)
    while i < stop:
        order, place = s.call_order[i], s.call_place[i]
        reached = _reached_by(order >> 4, bits)
        if order >= change:
            if not _event_before_change(p, s, change):
                is_over = _reach_change(p, s, change)
                break
            last -= 1
            stop = min(end, last)
            continue
        # Mostly a call comes first. Its order is above that of ends of calls at the same instant.
        if s.due[1] <= reached:
            _answer_waiting(p, s, reached)
        if s.event[0, st.EVENT_ORDER] <= order and _event_is_first(s, order, place):
            _happen(p, s)
            last -= 1
            stop = min(end, last)
            continue
        s.clock[st.REACHED] = reached
        call(p, s, place, s.call_route[i], first + i, order >> 4)
        i += 1
    s.clock[st.NEXT_CALL] = i
    s.clock[st.N_CONTACTS] = first + i
    return is_over


@inlined
def _reached_by(now: Any, bits: Any) -> Any:
    """Return the key up to which ends of calls have happened when all those at this instant have."""
    return ((now + 1) << bits) - 1


@apart
def _answer_waiting(p: Any, s: Any, reached: Any) -> None:
    """Let agents take the calls of those who wait until an event of the heap comes, or nobody is free up to this key.

    That needs no room for rows but what is left for everybody who is there. How far ends of calls have happened is
    noted by what comes next.
    """
    latest = min(reached, st.INFINITE - 1)
    while s.due[1] <= latest and not _event_is_before(p, s, s.due[1]):
        answer_next(p, s, agent_of(p, s.due[1]), s.due[1] >> p.scalar[of.AGENT_BITS])


@inlined
def _event_is_before(p: Any, s: Any, key: Any) -> Any:
    """Tell whether the heap's first event comes before the end of a call, with this key; equals go by agent."""
    first, order = s.event[0, st.EVENT_ORDER], ((key >> p.scalar[of.AGENT_BITS]) << 4) + 1
    return first <= order and (first < order or s.event[0, st.EVENT_NUMBER] >> 1 < agent_of(p, key))


@inlined
def _event_is_first(s: Any, order: Any, place: Any) -> Any:
    """Tell whether the heap's first event comes before a call of this order; equals go by number."""
    return s.event[0, st.EVENT_ORDER] < order or s.event[0, st.EVENT_NUMBER] < number_of_call(s, place)


@apart
def _event_before_change(p: Any, s: Any, change: Any) -> Any:
    """Let happen what comes before a change of head-counts, or the end, of this order; up to the first of the heap.

    Return whether there was an event. None is of the same order.
    """
    _answer_waiting(p, s, _reached_by((change - 2) >> 4, p.scalar[of.AGENT_BITS]))
    if s.event[0, st.EVENT_ORDER] >= change:
        return False
    _happen(p, s)
    return True


@apart
def _reach_change(p: Any, s: Any, change: Any) -> Any:
    """Let the next change of head-counts happen, of this order; return whether the end of the run comes first."""
    if change >= end_order(p):
        return True
    planned, now = s.clock[st.NEXT_PLANNED], change >> 4
    _reach_arrivals(p, s, now)
    s.clock[st.NEXT_PLANNED] = planned + 1
    set_positions(p, s, p.agenda[planned, of.AGENDA_NUMBER], now)
    return False


@inlined
def _reach_arrivals(p: Any, s: Any, now: Any) -> None:
    """Note that all ends of calls at this instant have happened: what happens now comes after them."""
    s.clock[st.REACHED] = _reached_by(now, p.scalar[of.AGENT_BITS])


@apart
def _happen(p: Any, s: Any) -> None:
    """Let the heap's first event happen: a call ends that is passed on, or was over at once; or a caller arrives."""
    bits, number, now = p.scalar[of.AGENT_BITS], s.event[0, st.EVENT_NUMBER], s.event[0, st.EVENT_ORDER] >> 4
    c, ends_at_once, rank = s.event[0, st.EVENT_CALLER], s.event[0, st.EVENT_STAMP], s.event[0, st.EVENT_ORDER] & 15
    pop_event(s)
    if rank == is_.AT_ARRIVAL:
        _reach_arrivals(p, s, now)
    else:
        agent = number >> 1
        key = (now << bits) | agent
        s.clock[st.REACHED] = max(s.clock[st.REACHED], key)
        if ends_at_once and not next_call(p, s, agent, now):
            set_free(p, s, p.agent_group[agent], agent, key, True)
        if c < 0 or not pass_on(p, s, c, now):
            return
    go_on(p, s, c, now)


@apart
def set_positions(p: Any, s: Any, k: Any, now: Any) -> None:
    """Bring a group to its next head-count; who comes takes a call if one waits for him."""
    begin_change(p, s, k, now, True)
    agent = next_to_come(p, s, k, st.NOBODY)
    while agent >= 0:
        sign_on(p, s, agent, now, True)
        next_call(p, s, agent, now)
        agent = next_to_come(p, s, k, agent)


@jit
def finish_skills(p: Any, s: Any) -> Any:
    """`callsim.engines.compiled.kernel.finish` for this tier, in which nobody has a whole row yet."""
    end = end_of_run(p)
    note_last_work(p, s)
    leave_out_overtime(p, s)
    for c in range(s.caller.shape[0]):
        phase = s.caller[c, st.PHASE]
        if phase == st.WAITING:
            if s.caller[c, st.DEADLINE] < end:
                # Not the first of his line, perhaps; but nobody asks for lines any more.
                write_hang_up(p, s, c)
            else:
                fill_row(p, s, c)
        elif phase in (st.TALKING, st.PASSING):
            write_unfinished(p, s, c)
    return finish(p, s)
