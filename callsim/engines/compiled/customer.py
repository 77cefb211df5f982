"""A customer with a problem: what he says, gets done, is promised and puts up with, until it works or he gives up.

The twin of ``callsim/engines/simpy/customer.py``. Nothing here places a call or finds an agent: the caller's life asks
what to do (`begin`, `begin_call`, `talk`, `end_talk`) and hands a contact over that has ended (`after`).
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import case_layout as of_
from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.customer_mind import (
    anger_of,
    by_anger,
    held_by,
    is_outbound,
    lasts,
    next_inside,
    note,
    note_of_leg,
    plan_call,
)
from callsim.engines.compiled.events import push_event
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lookup import number_for
from callsim.engines.compiled.record import free_caller, write_contact
from callsim.plan.plan import NEVER, SECOND

__all__ = ["after", "begin", "begin_call", "end_talk", "outbound_priority", "talk"]

_TRIED_AGAIN = 60 * SECOND
"""The provider's own call that found no agent is tried again so much later at the earliest. [ticks]"""


# --- a contact begins -------------------------------------------------------------------------------


@apart
def begin(p: Any, s: Any, c: Any, now: Any) -> Any:
    """Let the problem begin; return whether he calls now."""
    kind = p.stream[s.caller[c, row.C_STREAM], of.KIND]
    for column in range(of_.CASE):
        s.case[c, column] = 0
    s.case[c, of_.KIND_OF_CASE] = kind
    s.case[c, of_.BORN_AT] = now
    note(p, s, c, now, is_.BORN, 0, st.NOBODY, st.NOBODY, now)
    never = p.kind[kind, of_.NEVER_TRIES]
    if never > 0 and number_for(p, s, c, 0, 0, is_.FOR_NEVER_TRIES) < never:
        note(p, s, c, now, is_.NEVER_TRIED, 0, st.NOBODY, st.NOBODY, now)
        free_caller(s, c)
        return False
    if number_for(p, s, c, 0, 0, is_.FOR_KNOWS_HOURS) < p.kind[kind, of_.KNOWS_HOURS]:
        s.case[c, of_.KNOWS] = 1
    noticed = now + lasts(p, s, c, 0, 0, is_.FOR_NOTICED, p.kind[kind, of_.NOTICED_LAW])
    at = plan_call(p, s, c, noticed, is_.FRESH_CALL, 0)
    if at >= p.scalar[of.HORIZON]:
        free_caller(s, c)
        return False
    if at == now:
        return True
    s.caller[c, row.C_CAUSE] = is_.FRESH_CALL
    s.caller[c, st.PHASE] = st.AWAY
    push_event(s, (at << 4) + is_.AT_ARRIVAL, s.caller[c, st.NUMBER], c, 0)
    return False


@apart
def begin_call(p: Any, s: Any, c: Any, now: Any) -> Any:
    """Begin the contact that was planned; return whether it is the provider who calls."""
    s.caller[c, row.C_QUEUE] = s.case[c, of_.NEXT_QUEUE]
    if s.caller[c, row.C_CAUSE] == is_.REPEAT_REOPENED:
        closed_as = s.case[c, of_.CLOSED_AS]
        note(p, s, c, now, is_.REOPENED, closed_as, s.caller[c, row.C_INDEX], st.NOBODY, now)
    return is_outbound(s, c)


@jit
def outbound_priority(p: Any, s: Any, c: Any) -> Any:
    """Return the priority of the provider's call."""
    kind = s.case[c, of_.KIND_OF_CASE]
    if s.caller[c, row.C_CAUSE] == is_.CALL_BACK:
        return p.kind[kind, of_.PROMISE_PRIORITY]
    return p.kind[kind, of_.REGULATOR_PRIORITY]


# --- with an employee -------------------------------------------------------------------------------


@apart
def talk(p: Any, s: Any, c: Any, group: Any, length: Any, now: Any) -> Any:
    """Let an employee answer; return how long the talk takes that would take so long otherwise. [ticks]"""
    kind, ordinal = s.case[c, of_.KIND_OF_CASE], s.case[c, of_.EMPLOYEES]
    s.case[c, of_.EMPLOYEES] = ordinal + 1
    length = by_anger(p, s, c, length, p.anger_talk)
    owner_law = p.kind[kind, of_.OWNER_LAW]
    if is_outbound(s, c):
        s.case[c, of_.IS_OWNED] = 1
        return length + lasts(p, s, c, 0, ordinal, is_.FOR_OWNER_TALK, owner_law)
    notes = ordinal > 0 and number_for(p, s, c, 0, ordinal, is_.FOR_NOTES) < p.kind[kind, of_.NOTES_SEEN]
    length += lasts(p, s, c, 0, ordinal, is_.FOR_IDENTIFY, p.kind[kind, of_.IDENTIFY_LAW])
    if notes:
        length += lasts(p, s, c, 0, ordinal, is_.FOR_NOTES_TALK, p.kind[kind, of_.NOTES_LAW])
    else:
        length += lasts(p, s, c, 0, ordinal, is_.FOR_CASE_EXPLAIN, p.kind[kind, of_.EXPLAIN_LAW])
        note_of_leg(p, s, c, is_.EXPLAINED, ordinal, now)
    share = p.owner_share[kind, group]
    if notes and s.case[c, of_.HAD_OWNER]:
        share = max(share, p.kind[kind, of_.CARRIED_SHARE])
    s.case[c, of_.IS_OWNED] = 0
    if (
        p.can_do[kind, s.case[c, of_.PIECES_DONE], s.caller[c, st.LEG_QUEUE]]
        and number_for(p, s, c, 0, ordinal, is_.FOR_OWNERSHIP) < share
    ):
        s.case[c, of_.IS_OWNED] = 1
        length += lasts(p, s, c, 0, ordinal, is_.FOR_OWNER_TALK, owner_law)
    return length


@apart
def end_talk(p: Any, s: Any, c: Any, now: Any) -> Any:
    """End a talk; return the transfer by which he is passed on, NOBODY if the call ends with it."""
    if not s.case[c, of_.IS_OWNED]:
        return _escalation(p, s, c, now)
    everything = s.caller[c, row.C_CAUSE] == is_.BY_REGULATOR
    done = _work(p, s, c, everything)
    note_of_leg(p, s, c, is_.OWNED, done, now)
    if s.caller[c, row.C_CAUSE] == is_.CALL_BACK:
        note_of_leg(p, s, c, is_.PROMISE_KEPT, s.case[c, of_.DUE], now)
    return st.NOBODY


@jit
def _work(p: Any, s: Any, c: Any, everything: Any) -> Any:
    """Have an owner's work done; return how many pieces."""
    kind, done = s.case[c, of_.KIND_OF_CASE], 1
    if everything or p.kind[kind, of_.OWNER_DOES_REST]:
        done = p.kind[kind, of_.PIECES] - s.case[c, of_.PIECES_DONE]
    s.case[c, of_.PIECES_DONE] += done
    s.case[c, of_.HAD_OWNER] = 1
    return done


@jit
def _escalation(p: Any, s: Any, c: Any, now: Any) -> Any:
    """Return the transfer to somebody in authority, if he asks for it and is heard; else the one that was drawn."""
    kind = s.case[c, of_.KIND_OF_CASE]
    k = p.escalation_row[kind, s.caller[c, st.LEG_QUEUE]]
    if k < 0:
        return s.case[c, of_.DRAWN_ROW]
    asks = (
        s.caller[c, row.C_ATTEMPT] + 1 >= p.kind[kind, of_.ESCALATION_CONTACTS]
        or now - s.case[c, of_.BORN_AT] >= p.kind[kind, of_.ESCALATION_AGE]
        or held_by(s, c) >= p.kind[kind, of_.ESCALATION_HOLD]
        or anger_of(p, s, c) >= p.kind[kind, of_.ESCALATION_ANGER]
    )
    if not asks or s.caller[c, st.TRANSFERS] >= p.transfer[k, of.AT_MOST]:
        return s.case[c, of_.DRAWN_ROW]
    employee = s.case[c, of_.EMPLOYEES] - 1
    if number_for(p, s, c, 0, employee, is_.FOR_ESCALATION) >= p.kind[kind, of_.ESCALATION_GRANTED]:
        note_of_leg(p, s, c, is_.ESCALATION_REFUSED, 0, now)
        return s.case[c, of_.DRAWN_ROW]
    note_of_leg(p, s, c, is_.ESCALATED, 0, now)
    return k


# --- after a contact --------------------------------------------------------------------------------


@apart
def after(p: Any, s: Any, c: Any, outcome: Any, now: Any) -> None:
    """Write down a contact that ends now, and plan the next one of the case, if there is one."""
    at = _next_contact(p, s, c, outcome, now)
    s.case[c, of_.HELD_BEFORE] = held_by(s, c)
    if at >= p.scalar[of.HORIZON]:
        write_contact(s, c, outcome, now, 1)
        return
    write_contact(s, c, outcome, now, 0)
    s.caller[c, row.C_ATTEMPT] += 1
    s.caller[c, row.C_CAUSE] = s.case[c, of_.NEXT_CAUSE]
    s.caller[c, st.PHASE] = st.AWAY
    push_event(s, (at << 4) + is_.AT_ARRIVAL, s.caller[c, st.NUMBER], c, 0)


@jit
def _next_contact(p: Any, s: Any, c: Any, outcome: Any, now: Any) -> Any:
    """Return the instant of the next contact after one that ends now, NEVER if there is none. [ticks]"""
    kind = s.case[c, of_.KIND_OF_CASE]
    if outcome == is_.ANSWERED:
        if s.case[c, of_.PIECES_DONE] == p.kind[kind, of_.PIECES]:
            return _works_from(p, s, c, now, now)
        return _after_nothing(p, s, c, now)
    if is_outbound(s, c):
        if _too_often(p, s, c):
            return _gives_up(p, s, c, now, now)
        s.case[c, of_.NEXT_CAUSE] = s.caller[c, row.C_CAUSE]
        s.case[c, of_.NEXT_QUEUE] = s.caller[c, row.C_QUEUE]
        hours = s.caller[c, row.C_QUEUE] * 2 + 1
        return next_inside(p, p.queue_hours[hours, 0], p.queue_hours[hours, 1], now + _TRIED_AGAIN)
    attempt, cause = s.caller[c, row.C_ATTEMPT], is_.REDIAL_AFTER_CLOSED
    anger = is_.BY_TURNED_AWAY
    if outcome == is_.ABANDONED:
        cause, anger = is_.REDIAL_AFTER_ABANDONED, is_.BY_ABANDONED
    elif outcome == is_.BLOCKED:
        cause = is_.REDIAL_AFTER_BLOCKED
    elif outcome == is_.BALKED:
        cause = is_.REDIAL_AFTER_BALKED
    elif outcome in (is_.DROPPED_BY_TRANSFER, is_.DROPPED_AT_CLOSING):
        cause, anger = is_.REDIAL_AFTER_DROPPED, is_.BY_CUT_OFF
    s.case[c, of_.POINTS] += p.anger[kind, anger]
    if (
        outcome == is_.CLOSED
        and not s.case[c, of_.KNOWS]
        and number_for(p, s, c, attempt, 0, is_.FOR_LEARNS_HOURS) < p.kind[kind, of_.LEARNS_HOURS]
    ):
        s.case[c, of_.KNOWS] = 1
        note(p, s, c, now, is_.LEARNED_HOURS, 0, s.caller[c, row.C_INDEX], st.NOBODY, now)
    return _calls_again(p, s, c, now, cause, attempt, attempt, 0, is_.FOR_REDIAL, is_.FOR_REDIAL_DELAY, now)


@jit
def _after_nothing(p: Any, s: Any, c: Any, now: Any) -> Any:
    """Return the instant of the next contact after an answered one that did not solve it. [ticks]"""
    kind, u = s.case[c, of_.KIND_OF_CASE], s.case[c, of_.UNSOLVED_CALLS]
    s.case[c, of_.UNSOLVED_CALLS] = u + 1
    s.case[c, of_.POINTS] += p.anger[kind, is_.BY_UNSOLVED]
    closes = p.kind[kind, of_.CLOSES_UNSOLVED]
    if closes > 0 and number_for(p, s, c, 0, u, is_.FOR_CLOSING) < closes:
        note(p, s, c, now, is_.CLOSED_UNSOLVED, 0, s.caller[c, row.C_INDEX], st.NOBODY, now)
        return _closed(p, s, c, now, 0, now)
    if _complains(p, s, c, u, now):
        return _complained(p, s, c, u, now)
    employee, promises = s.case[c, of_.EMPLOYEES] - 1, p.kind[kind, of_.PROMISE_SHARE]
    if promises > 0 and number_for(p, s, c, 0, employee, is_.FOR_PROMISE) < promises:
        return _promised(p, s, c, u, employee, now)
    return _repeat(p, s, c, now, now)


@jit
def _complains(p: Any, s: Any, c: Any, u: Any, now: Any) -> Any:
    kind = s.case[c, of_.KIND_OF_CASE]
    return (
        not s.case[c, of_.HAS_COMPLAINED]
        and now - s.case[c, of_.BORN_AT] >= p.kind[kind, of_.COMPLAINT_AGE]
        and s.caller[c, row.C_ATTEMPT] + 1 >= p.kind[kind, of_.COMPLAINT_CONTACTS]
        and number_for(p, s, c, 0, u, is_.FOR_COMPLAINT) < p.kind[kind, of_.COMPLAINT_SHARE]
    )


@jit
def _complained(p: Any, s: Any, c: Any, u: Any, now: Any) -> Any:
    """Return the instant of the next contact after a complaint to the regulator. [ticks]"""
    kind = s.case[c, of_.KIND_OF_CASE]
    filed = next_inside(p, p.kind[kind, of_.FIRST_OFFICE], p.kind[kind, of_.END_OFFICE], now)
    if filed == NEVER:
        return NEVER
    s.case[c, of_.HAS_COMPLAINED] = 1
    note(p, s, c, filed, is_.COMPLAINED, 0, st.NOBODY, st.NOBODY, now)
    acts = filed + lasts(p, s, c, 0, u, is_.FOR_REGULATOR_ACTS, p.kind[kind, of_.REGULATOR_LAW])
    queue = p.kind[kind, of_.REGULATOR_QUEUE]
    if queue < 0:
        s.case[c, of_.PIECES_DONE] = p.kind[kind, of_.PIECES]
        return _solved(p, s, c, acts, now)
    return _provider_calls(p, s, c, acts, is_.BY_REGULATOR, queue, now)


@jit
def _promised(p: Any, s: Any, c: Any, u: Any, employee: Any, now: Any) -> Any:
    """Return the instant of the next contact after a promise: kept, in vain or not, or broken. [ticks]"""
    kind = s.case[c, of_.KIND_OF_CASE]
    due = now + lasts(p, s, c, 0, employee, is_.FOR_PROMISE_DUE, p.kind[kind, of_.PROMISE_DUE_LAW])
    note(p, s, c, now, is_.PROMISED, due, s.caller[c, row.C_INDEX], st.NOBODY, now)
    if number_for(p, s, c, 0, employee, is_.FOR_PROMISE_KEPT) >= p.kind[kind, of_.PROMISE_KEPT]:
        s.case[c, of_.POINTS] += p.anger[kind, is_.BY_BROKEN_PROMISE]
        note(p, s, c, due, is_.PROMISE_BROKEN, due, st.NOBODY, st.NOBODY, now)
        cause = is_.REPEAT_BROKEN_PROMISE
        return _calls_again(p, s, c, due, cause, u, 0, u, is_.FOR_REPEAT, is_.FOR_BROKEN_DELAY, now)
    queue = p.kind[kind, of_.PROMISE_QUEUE]
    if queue >= 0:
        s.case[c, of_.DUE] = due
        at = max(now, due - p.kind[kind, of_.PROMISE_LEAD])
        return _provider_calls(p, s, c, at, is_.CALL_BACK, queue, now)
    note(p, s, c, due, is_.PROMISE_KEPT, due, st.NOBODY, st.NOBODY, now)
    done = _work(p, s, c, False)
    note(p, s, c, due, is_.OWNED, done, st.NOBODY, st.NOBODY, now)
    if s.case[c, of_.PIECES_DONE] == p.kind[kind, of_.PIECES]:
        return _works_from(p, s, c, due, now)
    return _repeat(p, s, c, due, now)


@jit
def _provider_calls(p: Any, s: Any, c: Any, at: Any, cause: Any, queue: Any, now: Any) -> Any:
    if _too_often(p, s, c):
        return _gives_up(p, s, c, at, now)
    s.case[c, of_.NEXT_CAUSE] = cause
    s.case[c, of_.NEXT_QUEUE] = queue
    return at


@jit
def _works_from(p: Any, s: Any, c: Any, at: Any, now: Any) -> Any:
    """Return the instant of the next contact after all pieces have been done. [ticks]"""
    law = p.kind[s.case[c, of_.KIND_OF_CASE], of_.WORKS_LAW]
    return _solved(p, s, c, at + lasts(p, s, c, 0, s.case[c, of_.SOLUTIONS], is_.FOR_WORKS, law), now)


@apart
def _solved(p: Any, s: Any, c: Any, at: Any, now: Any) -> Any:
    """Let it work from an instant on; return that of the next contact, if the problem comes back. [ticks]"""
    kind, solution = s.case[c, of_.KIND_OF_CASE], s.case[c, of_.SOLUTIONS]
    s.case[c, of_.SOLUTIONS] = solution + 1
    note(p, s, c, at, is_.SOLVED, s.case[c, of_.HAS_COMPLAINED], st.NOBODY, st.NOBODY, now)
    returns = p.kind[kind, of_.RETURNS]
    if returns == 0 or number_for(p, s, c, 0, solution, is_.FOR_RETURNS) >= returns:
        return NEVER
    s.case[c, of_.PIECES_DONE] = 0
    return _closed(p, s, c, at, 1, now)


@apart
def _closed(p: Any, s: Any, c: Any, at: Any, value: Any, now: Any) -> Any:
    """Return when he has a closed case opened again, NEVER if he leaves it at that. [ticks]"""
    ordinal = s.case[c, of_.CLOSINGS]
    s.case[c, of_.CLOSINGS] = ordinal + 1
    s.case[c, of_.CLOSED_AS] = value
    cause = is_.REPEAT_REOPENED
    return _calls_again(p, s, c, at, cause, ordinal, 0, ordinal, is_.FOR_REOPENS, is_.FOR_REOPENS_DELAY, now)


@apart
def _repeat(p: Any, s: Any, c: Any, at: Any, now: Any) -> Any:
    """Return when he calls after a call that solved nothing, NEVER if he gives up at this instant. [ticks]"""
    u, cause = s.case[c, of_.UNSOLVED_CALLS] - 1, is_.REPEAT_UNSOLVED
    return _calls_again(p, s, c, at, cause, u, 0, u, is_.FOR_REPEAT, is_.FOR_REPEAT_DELAY, now)


@apart
def _calls_again(
    p: Any,
    s: Any,
    c: Any,
    at: Any,
    cause: Any,
    nth: Any,
    contact: Any,
    ordinal: Any,
    by_share: Any,
    by_delay: Any,
    now: Any,
) -> Any:
    """Return when he calls again, by share and delay of the cause; NEVER if he gives up or finds no hour for it."""
    rule = s.caller[c, row.C_STREAM] * is_.N_CAUSES + cause
    share = p.redial[rule, of.REDIAL_SHARE + min(nth, p.redial.shape[1] - of.REDIAL_SHARE - 1)]
    if _too_often(p, s, c) or share == 0 or number_for(p, s, c, contact, ordinal, by_share) >= share:
        return _gives_up(p, s, c, at, now)
    delay = lasts(p, s, c, contact, ordinal, by_delay, p.redial[rule, of.REDIAL_DELAY])
    delay = by_anger(p, s, c, delay, p.anger_delay)
    return plan_call(p, s, c, at + delay, cause, s.caller[c, row.C_ATTEMPT] + 1)


@inlined
def _too_often(p: Any, s: Any, c: Any) -> Any:
    return s.caller[c, row.C_ATTEMPT] + 1 >= p.stream[s.caller[c, row.C_STREAM], of.MAX_CONTACTS]


@jit
def _gives_up(p: Any, s: Any, c: Any, at: Any, now: Any) -> Any:
    """Let him call no more."""
    note(p, s, c, at, is_.GAVE_UP, 0, st.NOBODY, st.NOBODY, now)
    return NEVER
