"""Calls in centres that are always open: they find agents, wait, are answered, passed on, or hang up.

The twin of ``dispatcher.py`` and ``life.py`` for the second tier. A call that is answered at once and not passed on
never gets a row in the callers' table; one that waits gets what the wait needs, and the rest only if it is passed on.
Hanging up is no event: a caller whose patience has ended is written down when an agent reaches him.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.dispatcher import agent_of, choosing, end_of_run, factor_at, transfer_of
from callsim.engines.compiled.events import push_event, put_event
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lines import line_of
from callsim.engines.compiled.lookup import ask_for_visit, duration, duration_at, have_visit, scaled
from callsim.engines.compiled.positions import set_free
from callsim.engines.compiled.record import free_caller, new_caller, write_single
from callsim.engines.compiled.routing_layout import GROUP_CELL
from callsim.engines.compiled.upcoming import cell_of_call, number_of_call, stream_of_call
from callsim.engines.compiled.visits import (
    begin_history,
    keep_sums,
    sums_of,
    visit_of,
    write_hung_up,
    write_visit,
    write_visits_contact,
)
from callsim.engines.compiled.waiting import begin_wait, leave_front
from callsim.plan.plan import NEVER, ONE

__all__ = ["FOR_CALLS", "answer_next", "call", "go_on", "next_call", "pass_on", "write_hang_up"]

NO_AGENT = st.NOBODY
"""The key of nobody: it stands at the end of each route, as if there were somebody who is always idle."""
FOR_CALLS = 128
"""So many of the rows of single visits are left to those who are answered as they call: one at each event."""


@inlined
def find_free(p: Any, s: Any, cell: Any) -> Any:
    """Return the key of the idle agent who takes a call whose route begins in this cell, or `NO_AGENT`."""
    while s.free[p.route[cell] & GROUP_CELL] > s.clock[st.REACHED]:
        cell += 1
    best = s.free[p.route[cell] & GROUP_CELL]
    while p.route[cell] >= 0:
        cell += 1
        best = min(best, s.free[p.route[cell] & GROUP_CELL])
    return best


@inlined
def _occupy(p: Any, s: Any, agent: Any, queue: Any, stream: Any, now: Any, times: Any) -> Any:
    """Let an agent take a call of this talk, explaining and after-call work; return when they end. [ticks]"""
    talk, explaining, work = times
    group = p.agent_group[agent]
    factor = factor_at(p, group, queue, stream, now)
    if factor != ONE:
        talk, work = scaled(talk, factor), scaled(work, factor)
    talk_end = now + talk + explaining
    handle_end = talk_end + work
    s.group[group, st.BUSY_TIME] += handle_end - now
    if handle_end > now and handle_end < p.scalar[of.LATEST]:
        set_free(p, s, group, agent, (handle_end << p.scalar[of.AGENT_BITS]) | agent, True)
    else:
        _occupy_without_key(p, s, agent, handle_end, now)
    return talk_end, handle_end


@apart
def _occupy_without_key(p: Any, s: Any, agent: Any, handle_end: Any, now: Any) -> None:
    """Keep an agent busy whose call is over at once, which is an event of its own, or later than a key can say."""
    if handle_end > now and p.scalar[of.DRAIN]:
        s.clock[st.TOO_FAR] = 1
    s.agent[agent, st.HANDLED_UNTIL] = handle_end
    set_free(p, s, p.agent_group[agent], agent, st.INFINITE, True)


@inlined
def _transfer(p: Any, agent: Any, queue: Any, stream: Any, u: Any, talk_end: Any) -> Any:
    """Return the row of the transfer that follows a talk of which this number is drawn, or NOBODY."""
    if u >= p.queue[queue, of.ROWS_SHARE]:
        return st.NOBODY
    return transfer_of(p, queue, stream, p.agent_group[agent], u, talk_end)


@inlined
def _write_answer(p: Any, s: Any, index: Any, caller: Any, entered: Any, now: Any, agent: Any, ends: Any) -> None:
    """Write down a call that is answered in its first visit and not passed on."""
    talk_end, handle_end = ends
    write_single(s, index, caller, entered, now, agent, talk_end, handle_end)
    if handle_end == now:
        _end_at_once(s, agent, now)


@inlined
def _has_single_row(s: Any) -> Any:
    """Tell whether somebody who waited can be written down as a single visit: at one instant that may be anybody."""
    return s.clock[st.SINGLE_ROWS] < s.single_rows.shape[1] - FOR_CALLS


@inlined
def _end_at_once(s: Any, agent: Any, now: Any) -> None:
    """Plan the end of a call that took no time and is not passed on."""
    push_event(s, (now << 4) + 1, 2 * agent + 1, st.NOBODY, 1)


# --- the first visit ------------------------------------------------------------------------------


@jit
def call(p: Any, s: Any, place: Any, route: Any, index: Any, now: Any) -> None:
    """Let the caller call who is next in the line of upcoming calls.

    What is looked up first is at hand: if it was foreseen wrongly who answers, all that follows waits for it. Nobody
    waits for the group of an idle agent: all ends of calls up to now have happened.
    """
    stream, (line, j) = stream_of_call(place), cell_of_call(place)
    key = find_free(p, s, route)
    if key == NO_AGENT:
        _begin_waiting(p, s, place, index, p.stream[stream, of.CALLED], now)
        return
    agent = agent_of(p, key)
    talk_end = now + s.ahead[line + st.TALK_TIME, j]
    handle_end = talk_end + s.ahead[line + st.WORK_TIME, j]
    is_ordinary = s.ahead[line + st.U_TRANSFER_AHEAD, j] >= p.stream[stream, of.ORDINARY_FROM]
    if is_ordinary and now < handle_end < p.scalar[of.LATEST]:
        group = p.agent_group[agent]
        s.group[group, st.BUSY_TIME] += handle_end - now
        set_free(p, s, group, agent, (handle_end << p.scalar[of.AGENT_BITS]) | agent, False)
        write_single(s, index, s.ahead[line + st.WHO_AHEAD, j], now, now, agent, talk_end, handle_end)
    else:
        _answer_with_care(p, s, place, index, agent, now)


@apart
def _answer_with_care(p: Any, s: Any, place: Any, index: Any, agent: Any, now: Any) -> None:
    """Answer at once a call that is perhaps passed on, or longer or shorter than usual, or over at once."""
    stream, (line, j) = stream_of_call(place), cell_of_call(place)
    queue, times = p.stream[stream, of.CALLED], (s.ahead[line + st.TALK_TIME, j], 0, s.ahead[line + st.WORK_TIME, j])
    talk_end, handle_end = _occupy(p, s, agent, queue, stream, now, times)
    transfer = _transfer(p, agent, queue, stream, s.ahead[line + st.U_TRANSFER_AHEAD, j], talk_end)
    if transfer < 0:
        _write_answer(p, s, index, s.ahead[line + st.WHO_AHEAD, j], now, now, agent, (talk_end, handle_end))
    else:
        _talk_first(p, s, place, index, agent, (now, talk_end, handle_end), transfer)


@inlined
def _talk_first(p: Any, s: Any, place: Any, index: Any, agent: Any, times: Any, transfer: Any) -> None:
    """Let a caller talk who was answered at once and is passed on afterwards."""
    (line, j), stream, now = cell_of_call(place), stream_of_call(place), times[0]
    c = _new_row(s, place, index, now)
    begin_history(p, s, c, s.ahead[line + st.WHO_AHEAD, j], now, s.ahead[line + st.PATIENCE_TIME, j])
    visit = (index, 0, p.stream[stream, of.CALLED], now, stream, now)
    _be_passed_on(p, s, c, visit, (0, 0, 0), agent, times, transfer)


@apart
def _begin_waiting(p: Any, s: Any, place: Any, index: Any, queue: Any, now: Any) -> None:
    """Let a caller wait whom nobody can answer at once, if he is willing to."""
    stream, (line, j) = stream_of_call(place), cell_of_call(place)
    patience = s.ahead[line + st.PATIENCE_TIME, j]
    if patience <= 0:
        s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], now)
        write_single(s, index, s.ahead[line + st.WHO_AHEAD, j], now, now, st.NOBODY, st.NOBODY, st.NOBODY)
        return
    c = _new_row(s, place, index, now)
    s.caller[c, st.LEG_QUEUE] = queue
    s.caller[c, st.U_TALK] = s.ahead[line + st.TALK_TIME, j]
    s.caller[c, st.U_WORK] = s.ahead[line + st.WORK_TIME, j]
    s.caller[c, st.U_TRANSFER] = s.ahead[line + st.U_TRANSFER_AHEAD, j]
    came = now - p.stream[stream, of.CREDIT]
    begin_wait(p, s, c, queue, p.stream[stream, of.CALLED_LINE], patience, came, now)


@inlined
def _new_row(s: Any, place: Any, index: Any, now: Any) -> Any:
    """Return a row with what is kept of every caller whose first visit is not over, or not the only one."""
    c, (line, j) = new_caller(s), cell_of_call(place)
    s.caller[c, row.C_INDEX] = index
    s.caller[c, row.C_STREAM] = stream_of_call(place)
    s.caller[c, st.WHO] = s.ahead[line + st.WHO_AHEAD, j]
    s.caller[c, st.NUMBER] = number_of_call(s, place)
    s.caller[c, st.LEG_NUMBER] = 0
    s.caller[c, st.LEG_ENTERED] = now
    s.caller[c, st.U_PATIENCE] = s.ahead[line + st.PATIENCE_TIME, j]
    return c


@apart
def _talk(p: Any, s: Any, c: Any, agent: Any, now: Any, talk_end: Any, handle_end: Any, transfer: Any) -> None:
    """Let a caller talk who has waited or was passed on, and is passed on afterwards."""
    if s.caller[c, st.LEG_NUMBER] == 0:
        begin_history(p, s, c, s.caller[c, st.WHO], s.caller[c, st.LEG_ENTERED], s.caller[c, st.U_PATIENCE])
    _be_passed_on(p, s, c, visit_of(s, c), sums_of(s, c), agent, (now, talk_end, handle_end), transfer)


@inlined
def _be_passed_on(p: Any, s: Any, c: Any, visit: Any, sums: Any, agent: Any, times: Any, transfer: Any) -> None:
    """Write down a visit that ends with a transfer, and plan the end of its talk."""
    (_, leg, _, entered, stream, _), (wait, talk, work) = visit, sums
    now, talk_end, handle_end = times
    fate, transfer_row = is_.TOO_MANY_TRANSFERS, p.transfer[transfer, of.ROW_INDEX]
    if leg < p.transfer[transfer, of.AT_MOST]:
        fate = is_.TRANSFERRED
        ask_for_visit(p, s, c, stream, leg + 1, p.transfer[transfer, of.TARGET])
    if talk_end >= end_of_run(p):
        fate, transfer_row = is_.TRANSFER_UNFINISHED, st.NOBODY
    write_visit(s, visit, now, is_.ANSWERED, agent, (talk_end, handle_end), fate, transfer_row)
    keep_sums(s, c, (wait + now - entered, talk + talk_end - now, work + handle_end - talk_end))
    s.caller[c, st.LEG_LEFT] = now
    s.caller[c, st.ROW] = transfer
    s.caller[c, st.PHASE] = st.TALKING
    # What begins and ends at one instant comes after what was to end then.
    number = 2 * agent + (1 if talk_end == now else 0)
    put_event(s, (talk_end << 4) + 1, number, c, 1 if handle_end == now else 0)


# --- waiting --------------------------------------------------------------------------------------


@apart
def write_hang_up(p: Any, s: Any, c: Any) -> None:
    """Write down a caller whose patience has ended while nobody looked."""
    at = s.caller[c, st.DEADLINE]
    leave_front(p, s, c, s.caller[c, st.LEG_QUEUE], at)
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], at)
    is_first = s.caller[c, st.LEG_NUMBER] == 0
    if is_first and _has_single_row(s):
        entered = s.caller[c, st.LEG_ENTERED]
        index = s.caller[c, row.C_INDEX]
        write_single(s, index, s.caller[c, st.WHO], entered, at, st.NOBODY, st.NOBODY, st.NOBODY)
        free_caller(s, c)
    else:
        if is_first:
            begin_history(p, s, c, s.caller[c, st.WHO], s.caller[c, st.LEG_ENTERED], s.caller[c, st.U_PATIENCE])
        write_hung_up(p, s, c, at)


@inlined
def _first_waiting(p: Any, s: Any, queue: Any, _: Any, now: Any) -> Any:
    """Return the first caller in queue order who has not hung up, or NOBODY. No group takes calls later than others."""
    c = s.line[line_of(p, queue, 0, 0), st.LINE_FIRST]
    if c >= 0 and s.caller[c, st.DEADLINE] >= now:
        return c
    return _first_patient(p, s, queue, now)


@apart
def _first_patient(p: Any, s: Any, queue: Any, now: Any) -> Any:
    """Do this where the first class is empty, or its first caller has hung up."""
    for rank in range(p.scalar[of.N_CLASSES]):
        line = line_of(p, queue, 0, rank)
        while s.line[line, st.LINE_FIRST] >= 0:
            c = s.line[line, st.LINE_FIRST]
            if s.caller[c, st.DEADLINE] >= now:
                return c
            write_hang_up(p, s, c)
    return st.NOBODY


_due_call = choosing(_first_waiting)


@inlined
def answer_next(p: Any, s: Any, agent: Any, now: Any) -> Any:
    """Give a free agent the call that is due by the call-selection rule; return whether there is one."""
    c = _due_call(p, s, agent, now)
    if c < 0:
        return False
    queue = s.caller[c, st.LEG_QUEUE]
    leave_front(p, s, c, queue, now)
    if s.caller[c, st.LEG_NUMBER] > 0:
        _answer_again(p, s, c, agent, now)
    else:
        _answer_first(p, s, c, agent, now)
    return True


@apart
def next_call(p: Any, s: Any, agent: Any, now: Any) -> Any:
    """Do this where it is rare."""
    return answer_next(p, s, agent, now)


@inlined
def _answer_first(p: Any, s: Any, c: Any, agent: Any, now: Any) -> None:
    """Let an agent answer a caller who has waited in his first visit."""
    queue, stream = s.caller[c, st.LEG_QUEUE], s.caller[c, row.C_STREAM]
    times = (s.caller[c, st.U_TALK], 0, s.caller[c, st.U_WORK])
    talk_end, handle_end = _occupy(p, s, agent, queue, stream, now, times)
    transfer = _transfer(p, agent, queue, stream, s.caller[c, st.U_TRANSFER], talk_end)
    if transfer >= 0:
        _talk(p, s, c, agent, now, talk_end, handle_end, transfer)
        return
    if _has_single_row(s):
        entered, index = s.caller[c, st.LEG_ENTERED], s.caller[c, row.C_INDEX]
        _write_answer(p, s, index, s.caller[c, st.WHO], entered, now, agent, (talk_end, handle_end))
        free_caller(s, c)
    else:
        _write_first_answer(p, s, c, agent, now, talk_end, handle_end)


@apart
def _write_first_answer(p: Any, s: Any, c: Any, agent: Any, now: Any, talk_end: Any, handle_end: Any) -> None:
    """Write down the answer of a caller who waited in his only visit, for whom no row of single visits is left."""
    begin_history(p, s, c, s.caller[c, st.WHO], s.caller[c, st.LEG_ENTERED], s.caller[c, st.U_PATIENCE])
    _write_last_answer(p, s, c, visit_of(s, c), agent, (now, talk_end, handle_end))


@inlined
def _write_last_answer(p: Any, s: Any, c: Any, visit: Any, agent: Any, times: Any) -> None:
    """Write down a caller who is answered and not passed on, with a row for his visit and one for his contact."""
    (_, leg, _, entered, _, _), (wait, talk, work) = visit, sums_of(s, c)
    now, talk_end, handle_end = times
    over = talk_end < end_of_run(p)
    fate = is_.NOT_TRANSFERRED if over else is_.TRANSFER_UNFINISHED
    write_visit(s, visit, now, is_.ANSWERED, agent, (talk_end, handle_end), fate, st.NOBODY)
    sums = (wait + now - entered, talk + talk_end - now, work + handle_end - talk_end)
    write_visits_contact(p, s, c, visit, sums, is_.ANSWERED, talk_end if over else st.NOBODY, leg > 0)
    if handle_end == now:
        _end_at_once(s, agent, now)


# --- passed on ------------------------------------------------------------------------------------


@apart
def _answer_again(p: Any, s: Any, c: Any, agent: Any, now: Any) -> None:
    """Let an agent answer a caller who was passed on to him and has waited."""
    _answer_visit(p, s, c, visit_of(s, c), s.caller[c, st.EXPLAINS], agent, now)


@inlined
def _answer_visit(p: Any, s: Any, c: Any, visit: Any, explains: Any, agent: Any, now: Any) -> None:
    """Let an agent answer a caller in this visit, to which he was passed on."""
    (_, leg, queue, _, stream, _), explaining = visit, 0
    if explains >= 0:
        explaining = duration(p, s, c, 0, leg, is_.FOR_EXPLAIN, explains)
    times = (s.caller[c, st.U_TALK], explaining, s.caller[c, st.U_WORK])
    talk_end, handle_end = _occupy(p, s, agent, queue, stream, now, times)
    transfer = _transfer(p, agent, queue, stream, s.caller[c, st.U_TRANSFER], talk_end)
    if transfer >= 0:
        _talk(p, s, c, agent, now, talk_end, handle_end, transfer)
    else:
        _write_last_answer(p, s, c, visit, agent, (now, talk_end, handle_end))


@inlined
def pass_on(p: Any, s: Any, c: Any, now: Any) -> Any:
    """End a talk that is to be followed by a transfer; return whether the caller is in the next department at once."""
    k = s.caller[c, st.ROW]
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], now)
    if s.caller[c, st.LEG_NUMBER] >= p.transfer[k, of.AT_MOST]:
        visit = visit_of(s, c)
        write_visits_contact(p, s, c, visit, sums_of(s, c), is_.ANSWERED, now, visit[1] > 0)
        return False
    s.caller[c, st.PHASE] = st.PASSING
    if p.transfer[k, of.DIALLING] == 0:
        return True
    at = now + p.transfer[k, of.DIALLING]
    push_event(s, (at << 4) + is_.AT_ARRIVAL, s.caller[c, st.NUMBER], c, 0)
    return False


@inlined
def go_on(p: Any, s: Any, c: Any, now: Any) -> None:
    """Let a caller who was passed on reach the next department."""
    k, stream, leg = s.caller[c, st.ROW], s.caller[c, row.C_STREAM], s.caller[c, st.LEG_NUMBER] + 1
    queue, priority = p.transfer[k, of.TARGET], p.transfer[k, of.ROW_PRIORITY]
    have_visit(p, s, c)
    key = find_free(p, s, p.queue[queue, of.ROUTE])
    if key == NO_AGENT or s.caller[c, st.U_TRANSFER] < p.queue[queue, of.ROWS_SHARE]:
        # Who is answered at once, and not passed on again, needs none.
        s.caller[c, st.PATIENCE_LEFT] = _patience_there(p, s, c, k, s.caller[c, st.U_NEXT_PATIENCE])
    s.caller[c, st.LEG_NUMBER] = leg
    s.caller[c, st.LEG_QUEUE] = queue
    s.caller[c, st.LEG_ENTERED] = now
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], now)
    s.caller[c, st.EXPLAINS] = p.transfer[k, of.EXPLAIN_LAW]
    patience = s.caller[c, st.PATIENCE_LEFT]
    if key != NO_AGENT:
        visit = (s.caller[c, row.C_INDEX], leg, queue, now, stream, s.caller[c, row.C_ARRIVED])
        _answer_visit(p, s, c, visit, p.transfer[k, of.EXPLAIN_LAW], agent_of(p, key), now)
    elif patience <= 0:
        write_hung_up(p, s, c, now)
    else:
        came = s.caller[c, row.C_ARRIVED] if p.transfer[k, of.PLACE] == is_.KEEPS_PLACE else now
        priority = p.stream[stream, of.PRIORITY] if priority < 0 else priority
        ahead = 1 if p.transfer[k, of.PLACE] == is_.AHEAD_OF_NEW else 0
        line = line_of(p, queue, 0, 2 * priority - ahead - p.scalar[of.FIRST_CLASS])
        begin_wait(p, s, c, queue, line, patience, came - p.stream[stream, of.CREDIT], now)


@jit
def _patience_there(p: Any, s: Any, c: Any, k: Any, u: Any) -> Any:
    """Return the patience in the next department, drawn as `u`; the leg that ended is still in place. [ticks]"""
    stream, leg, law = s.caller[c, row.C_STREAM], s.caller[c, st.LEG_NUMBER] + 1, p.transfer[k, of.ROW_PATIENCE_LAW]
    if law >= 0:
        return duration_at(p, s, c, 0, leg, is_.FOR_PATIENCE, law, u)
    rule, left = p.transfer[k, of.PATIENCE], s.caller[c, st.PATIENCE_LEFT]
    if rule == is_.FRESH_PATIENCE:
        law = p.stream[stream, of.PATIENCE_LAW]
        if law < 0 or p.stream[stream, of.PATIENCE_RULE] == is_.SAME_PERSON:
            return s.caller[c, st.U_PATIENCE]
        drawn, factor = duration_at(p, s, c, 0, leg, is_.FOR_PATIENCE, law, u), p.patience_scale[stream, 0]
        return scaled(drawn, factor) if factor != ONE else drawn
    if rule == is_.UNLIMITED_PATIENCE or left == NEVER:
        return NEVER
    return left - (s.caller[c, st.LEG_LEFT] - s.caller[c, st.LEG_ENTERED])
