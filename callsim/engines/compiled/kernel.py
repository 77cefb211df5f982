"""The loop for whole centres: what happens next, in the written event order, until the run is over or a table is full.

It is one of three kernels, and can run every plan: `one_queue` and `skills` run those that need less, faster.

Four sources of events are compared, each already in order: agents (the end of a talk, of handling, of a break), the
planned changes, the streams' next calls, and the heap of what cannot be planned. The order is
(instant, `callsim.codes.Rank`, number); an order's first part is packed as ``instant * 16 + rank``.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.customer import begin, end_talk
from callsim.engines.compiled.dispatcher import agent_key, agent_of, end_of_run, end_order
from callsim.engines.compiled.doors import close_doors, open_doors
from callsim.engines.compiled.events import pop_event
from callsim.engines.compiled.jit import apart, jit
from callsim.engines.compiled.life import dial, end_contact, give_up, go_on, offer, pass_on
from callsim.engines.compiled.positions import leave_all_debtors
from callsim.engines.compiled.record import write_contact, write_leg, write_span
from callsim.engines.compiled.sources import draw_blocks, fresh_caller, number_of
from callsim.engines.compiled.staff import begin_shift, break_due, end_break, end_shift, release, set_heads
from callsim.engines.compiled.state import FINISHED, MORE_CALLERS, MORE_EVENTS, MORE_INSTANTS, ROWS_FULL

__all__ = ["everything", "finish"]

_GOES_ON = -1
_AGENT, _PLANNED, _CALL, _EVENT = range(4)


@jit
def _room(p: Any, s: Any) -> Any:
    """Tell whether every table has room for whatever one event can bring; if not, which one has not."""
    if s.clock[st.N_EMPTY] > 0 and not draw_blocks(p, s):
        return MORE_INSTANTS
    if s.clock[st.FIRST_FREE] < 0:
        return MORE_CALLERS
    callers = s.clock[st.N_CALLERS] + 2
    if s.clock[st.CONTACT_ROWS] + callers > s.contact_rows.shape[0]:
        return ROWS_FULL
    if s.clock[st.LEG_ROWS] + callers * p.scalar[of.LEGS_AT_ONCE] > s.leg_rows.shape[0]:
        return ROWS_FULL
    if s.clock[st.SPAN_ROWS] + 4 * p.scalar[of.N_AGENTS] + 8 > s.span_rows.shape[0]:
        return ROWS_FULL
    if s.clock[st.N_EVENTS] + callers * p.scalar[of.EVENTS_AT_ONCE] > s.event.shape[0]:
        return MORE_EVENTS
    if s.case_rows.shape[0] > 1 and _cases_are_full(p, s, callers):
        return ROWS_FULL
    return _GOES_ON


@apart
def _cases_are_full(p: Any, s: Any, callers: Any) -> Any:
    return s.clock[st.CASE_ROWS] + callers * p.scalar[of.CASE_ROWS_AT_ONCE] > s.case_rows.shape[0]


@jit
def everything(p: Any, s: Any) -> Any:
    """Let events happen until the run is over or a table has no room."""
    end = end_order(p)
    bits = p.scalar[of.AGENT_BITS]
    while True:
        status = _room(p, s)
        if status != _GOES_ON:
            return status
        key = s.tree[1]
        order, source = ((key >> bits) << 4) + 1 + 3 * ((key >> (bits - 1)) & 1), _AGENT
        if key == st.INFINITE:
            order = st.LAST_ORDER
        call = ((s.calls[1] >> 8) << 4) + is_.AT_ARRIVAL
        if call < order:
            order, source = call, _CALL
        planned = s.clock[st.NEXT_PLANNED]
        if planned < p.agenda.shape[0]:
            at = (p.agenda[planned, of.AGENDA_TIME] << 4) + p.agenda[planned, of.AGENDA_RANK]
            if at < order:
                order, source = at, _PLANNED
        if s.clock[st.N_EVENTS] > 0 and _event_is_next(s, order, source):
            order, source = s.event[0, st.EVENT_ORDER], _EVENT
        if order >= end:
            return FINISHED
        now = order >> 4
        s.clock[st.NOW] = now
        if source == _AGENT:
            _agent_is_due(p, s, agent_of(p, key), order & 15, now)
        elif source == _CALL:
            stream = s.calls[1] & 255
            c = fresh_caller(p, s, stream, now)
            if p.stream[stream, of.KIND] < 0 or begin(p, s, c, now):
                dial(p, s, c, is_.FRESH_CALL, now)
        elif source == _PLANNED:
            s.clock[st.NEXT_PLANNED] = planned + 1
            _change(p, s, planned, now)
        else:
            _happen(p, s, order & 15, now)


@jit
def _event_is_next(s: Any, order: Any, source: Any) -> Any:
    """Tell whether the heap's first event comes before the best of the others: calls of one instant go by number."""
    first = s.event[0, st.EVENT_ORDER]
    if first != order or source != _CALL:
        return first < order
    stream = s.calls[1] & 255
    return s.event[0, st.EVENT_NUMBER] < number_of(s, stream, s.source[stream, st.NEXT_INSTANT])


@jit
def _agent_is_due(p: Any, s: Any, agent: Any, rank: Any, now: Any) -> None:
    """End a talk, the handling of a call, or a break. The agent is released first, then the caller moves on."""
    if rank != 1:
        end_break(p, s, agent, now)
        return
    c = s.agent[agent, st.TALKS_WITH]
    s.agent[agent, st.TALKS_WITH] = st.NOBODY
    if s.agent[agent, st.HANDLED_UNTIL] > now:
        agent_key(p, s, agent, s.agent[agent, st.HANDLED_UNTIL], 0)
    else:
        release(p, s, agent, now)
    if c >= 0:
        if s.caller[c, st.ROW] == st.UNDECIDED:
            s.caller[c, st.ROW] = end_talk(p, s, c, now)
        if s.caller[c, st.ROW] < 0:
            s.caller[c, st.LEG_TRANSFER] = is_.NOT_TRANSFERRED
            write_leg(s, c)
            end_contact(p, s, c, is_.ANSWERED, now)
        elif pass_on(p, s, c, now):
            go_on(p, s, c, now)


@apart
def _happen(p: Any, s: Any, rank: Any, now: Any) -> None:
    """Let the heap's first event happen: somebody calls again, reaches a department, is offered, or hangs up."""
    c, stamp = s.event[0, st.EVENT_CALLER], s.event[0, st.EVENT_STAMP]
    pop_event(s)
    if rank == is_.AT_ARRIVAL:
        if s.caller[c, st.PHASE] == st.AWAY:
            dial(p, s, c, s.caller[c, row.C_CAUSE], now)
        else:
            go_on(p, s, c, now)
    elif s.caller[c, st.PHASE] == st.WAITING and s.caller[c, st.SEQUENCE] == stamp:
        if rank == is_.AT_PATIENCE_END:
            give_up(p, s, c, now)
        elif not s.caller[c, st.WAITS_AS]:
            offer(p, s, c, now)


@apart
def _change(p: Any, s: Any, planned: Any, now: Any) -> None:
    """Let a planned change happen."""
    rank, number = p.agenda[planned, of.AGENDA_RANK], p.agenda[planned, of.AGENDA_NUMBER]
    if rank == is_.AT_HEADS:
        set_heads(p, s, number, now)
    elif rank == is_.AT_SIGN_ON:
        begin_shift(p, s, number, now)
    elif rank == is_.AT_SIGN_OFF:
        end_shift(p, s, number, now)
    elif rank == is_.AT_BREAK_START:
        break_due(p, s, number, now)
    elif rank == is_.AT_OPENING:
        open_doors(p, s, number, now)
    else:
        close_doors(p, s, number, now)


@jit
def finish(p: Any, s: Any) -> Any:
    """Write down what is not over, after the rows so far were handed over; return the end of the run. [ticks]

    All kernels end with it: nobody waits any more whose patience ended before.
    """
    end = end_of_run(p)
    leave_all_debtors(p, s)
    if p.scalar[of.DRAIN]:
        end = max(p.scalar[of.HORIZON], s.clock[st.LAST_CHANGE])
    for c in range(s.caller.shape[0]):
        phase = s.caller[c, st.PHASE]
        if phase == st.WAITING:
            wait = end - s.caller[c, st.LEG_ENTERED]
            s.queue[s.caller[c, st.LEG_QUEUE], st.QUEUE_TIME] += wait
            s.caller[c, row.C_WAIT] += wait
        if phase in (st.WAITING, st.TALKING, st.PASSING):
            write_leg(s, c)
            outcome = is_.ANSWERED if phase == st.TALKING else is_.UNFINISHED
            write_contact(s, c, outcome, st.NOBODY, 1)
    for agent in range(s.agent.shape[0]):
        if s.agent[agent, st.PRESENCE] != st.NOBODY:
            write_span(s, agent, s.agent[agent, st.PRESENCE], s.agent[agent, st.PRESENT_SINCE], st.NOBODY)
        if s.agent[agent, st.BREAK_SINCE] >= 0:
            write_span(s, agent, is_.ON_BREAK, s.agent[agent, st.BREAK_SINCE], st.NOBODY)
    return end
