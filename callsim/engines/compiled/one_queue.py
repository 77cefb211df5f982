"""One stream of callers, one queue, one group: no events at all, one caller after the other.

Calls are answered in the order in which they come. So the first agent to be free, longest idle or next to finish,
takes the next caller, unless that one's patience ends before; from then on the agent is free when he has handled the
call. That is the recursion of the text-book (Kiefer and Wolfowitz, "On the theory of queues with many servers", 1955)
on the free instants of all agents, with hang-ups: W = max(0, first free instant - arrival). Head-counts change between
two callers: a change is due before a caller is settled if it comes no later than his call, or while all are busy.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.dispatcher import agent_of, end_of_run, factor_at, key_at
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lookup import scaled
from callsim.engines.compiled.positions import begin_change, first_free, next_to_come, set_free, sign_on
from callsim.engines.compiled.record import (
    begin_caller,
    begin_contact,
    begin_leg,
    block_and_n,
    new_caller,
    who,
    write_single,
)
from callsim.engines.compiled.sources import draw_ahead, draw_blocks, instant_of, ordinal_of, time_ahead
from callsim.engines.compiled.state import FINISHED, MORE_CALLERS, MORE_INSTANTS, ROWS_FULL
from callsim.plan.plan import NEVER, ONE

__all__ = ["one_queue"]


@jit
def one_queue(p: Any, s: Any) -> Any:
    """Settle caller after caller until the run is over or a table has no room."""
    while True:
        if s.clock[st.N_EMPTY] > 0 and not draw_blocks(p, s):
            return MORE_INSTANTS
        if s.clock[st.N_CALLERS] + 1 >= s.caller.shape[0]:
            return MORE_CALLERS
        if s.clock[st.SINGLE_ROWS] >= s.single_rows.shape[1]:
            return ROWS_FULL
        if s.clock[st.SPAN_ROWS] + 4 * p.scalar[of.N_AGENTS] + 8 > s.span_rows.shape[0]:
            return ROWS_FULL
        if _settle_some(p, s):
            k = s.clock[st.NEXT_PLANNED]
            if k == p.agenda.shape[0]:
                return FINISHED
            s.clock[st.NEXT_PLANNED] = k + 1
            if s.clock[st.REACHED] >= 0:
                _end_sign_on(p, s)
            change_positions(p, s, p.agenda[k, of.AGENDA_NUMBER], p.agenda[k, of.AGENDA_TIME])


@apart
def change_positions(p: Any, s: Any, k: Any, now: Any) -> None:
    """Bring the group to its next head-count."""
    begin_change(p, s, k, now, False)
    agent = next_to_come(p, s, k, st.NOBODY)
    while agent >= 0:
        sign_on(p, s, agent, now, False)
        agent = next_to_come(p, s, k, agent)
    s.clock[st.REACHED] = now


@apart
def _end_sign_on(p: Any, s: Any) -> None:
    """Free the agents who took a call as they signed on that was over at once: all of them signed on before."""
    now, bits = s.clock[st.REACHED], p.scalar[of.AGENT_BITS]
    s.clock[st.REACHED] = -1
    for agent in range(p.scalar[of.N_AGENTS]):
        if s.agent[agent, st.HANDLED_UNTIL] == now and s.agent[agent, st.PRESENCE] != st.NOBODY:
            set_free(p, s, 0, agent, (now << bits) | agent, False)


@apart
def _settle_some(p: Any, s: Any) -> Any:
    """Settle callers; return whether nothing more can be done before the next change, if there is one."""
    planned, end, bits = s.clock[st.NEXT_PLANNED], end_of_run(p), p.scalar[of.AGENT_BITS]
    change = p.agenda[planned, of.AGENDA_TIME] if planned < p.agenda.shape[0] else NEVER
    i, block = s.source[0, st.NEXT_INSTANT], s.source[0, st.BLOCK]
    n = _callers_at_hand(s, i)
    if n == 0:
        return s.source[0, st.DONE] == 1
    if i & (st.AHEAD - 1) == 0:
        draw_ahead(p, s, 0, i)
        time_ahead(p, s, 0, i)
    index = s.clock[st.N_CONTACTS] - i
    is_due, j = False, i
    while j < i + n:
        at, key = instant_of(p, s, 0, block, j), first_free(p, s, 0)
        if s.clock[st.REACHED] >= 0 and (s.clock[st.REACHED] <= at or s.clock[st.REACHED] < key >> bits):
            _end_sign_on(p, s)
            key = first_free(p, s, 0)
        is_due = change <= at or change < key >> bits
        if is_due:
            break
        caller = who(0, block, ordinal_of(s, 0, block, j))
        _settle(p, s, at, key, index + j, caller, j & (st.AHEAD - 1), end)
        j += 1
    s.source[0, st.NEXT_INSTANT] = j
    s.clock[st.N_CONTACTS] = index + j
    if j >= s.source[0, st.N_INSTANTS]:
        s.clock[st.N_EMPTY] += 1
    return is_due


@inlined
def _callers_at_hand(s: Any, i: Any) -> Any:
    """Return how many callers from the i-th of the block on have their numbers, and room for what becomes of them."""
    ahead = min(s.source[0, st.N_INSTANTS] - i, st.AHEAD - (i & (st.AHEAD - 1)))
    room = min(s.single_rows.shape[1] - s.clock[st.SINGLE_ROWS], s.caller.shape[0] - s.clock[st.N_CALLERS] - 1)
    return min(ahead, room)


@inlined
def _settle(p: Any, s: Any, at: Any, key: Any, index: Any, caller: Any, j: Any, end: Any) -> None:
    """Let a caller be answered, hang up, or wait until the end of the run."""
    bits = p.scalar[of.AGENT_BITS]
    start = key >> bits
    if start <= at:
        start = at
    else:
        if key == st.INFINITE:
            start = NEVER
        patience = s.ahead[st.PATIENCE_TIME, j]
        deadline = NEVER if patience == NEVER else at + patience
        if min(start, deadline) >= end:
            _wait_to_the_end(p, s, caller, index, at, deadline)
            return
        s.queue[0, st.QUEUE_TIME] += min(start, deadline) - at
        if start > deadline:
            s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], deadline)
            write_single(s, index, caller, at, deadline, st.NOBODY, st.NOBODY, st.NOBODY)
            return
    agent = agent_of(p, key)
    talk, work = s.ahead[st.TALK_TIME, j], s.ahead[st.WORK_TIME, j]
    factor = factor_at(p, 0, 0, 0, start)
    if factor != ONE:
        talk, work = scaled(talk, factor), scaled(work, factor)
    talk_end = start + talk
    handle_end = talk_end + work
    write_single(s, index, caller, at, start, agent, talk_end, handle_end)
    s.group[0, st.BUSY_TIME] += min(handle_end, end) - start
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], handle_end)
    free = key_at(p, s, agent, handle_end) if handle_end != s.clock[st.REACHED] else st.INFINITE
    if free == st.INFINITE:
        s.agent[agent, st.HANDLED_UNTIL] = handle_end
    set_free(p, s, 0, agent, free, False)


@apart
def _wait_to_the_end(p: Any, s: Any, caller: Any, index: Any, at: Any, deadline: Any) -> None:
    """Keep a caller who waits until the run is over: how long that is, is known when everything has happened."""
    c = new_caller(s)
    s.clock[st.N_CONTACTS] = index
    block, n = block_and_n(caller)
    begin_caller(s, c, 0, block, n, at)
    begin_contact(p, s, c, is_.FRESH_CALL, at)
    begin_leg(s, c, 0, at)
    s.caller[c, st.DEADLINE] = deadline
    s.caller[c, st.PHASE] = st.WAITING
