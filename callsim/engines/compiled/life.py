"""A caller's life: he calls, waits, is passed on, hangs up, and perhaps calls again.

The twin of ``callsim/engines/simpy/caller.py``, where the same steps stand as one process. It serves the kernel for
whole centres; what a caller does in the others is in ``one_queue.py`` and ``skills_calls.py``.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import case_layout as of_
from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.customer import after, begin_call, outbound_priority
from callsim.engines.compiled.customer_mind import by_anger
from callsim.engines.compiled.dispatcher import find_agent, take
from callsim.engines.compiled.events import push_event
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lines import join_line, leave_line
from callsim.engines.compiled.lookup import duration, number_for, scaled
from callsim.engines.compiled.record import begin_contact, begin_leg, end_wait, write_contact, write_leg
from callsim.plan.plan import NEVER, ONE

__all__ = ["dial", "end_contact", "give_up", "go_on", "let_in", "offer", "pass_on"]


@jit
def dial(p: Any, s: Any, c: Any, cause: Any, now: Any) -> None:
    """Make a call: meet a busy line, a closed door, a full queue; or be answered, or wait."""
    begin_contact(p, s, c, cause, now)
    outbound = False
    if p.stream[s.caller[c, row.C_STREAM], of.KIND] >= 0:
        outbound = begin_call(p, s, c, now)
    if s.clock[st.LINES_FREE] <= 0:
        _end_at_door(p, s, c, is_.BLOCKED, now, 0)
        return
    s.clock[st.LINES_FREE] -= 1
    if outbound:
        _outbound(p, s, c, now)
    else:
        queue, held, outcome = _door(p, s, s.caller[c, row.C_QUEUE], now)
        if outcome != is_.UNFINISHED:
            _end_at_door(p, s, c, outcome, now, 1)
        else:
            _first_leg(p, s, c, queue, held, now)


@apart
def _outbound(p: Any, s: Any, c: Any, now: Any) -> None:
    """Let the provider's call to a customer wait for an agent, behind a closed door if need be."""
    stream = s.caller[c, row.C_STREAM]
    begin_leg(s, c, s.caller[c, row.C_QUEUE], now)
    s.caller[c, st.PATIENCE_LEFT] = NEVER
    rank = _class(p, stream, outbound_priority(p, s, c), 0)
    let_in(p, s, c, rank, now - p.stream[stream, of.CREDIT], True, now)


@apart
def _door(p: Any, s: Any, queue: Any, now: Any) -> Any:
    """Return (queue that lets an arrival in, 1 if he holds at its door, outcome if the call ends here)."""
    if _admits(s, queue, now):
        return queue, 0, is_.UNFINISHED
    while p.queue[queue, of.WHEN_CLOSED] == is_.CLOSED_OVERFLOW:
        queue = p.queue[queue, of.WHEN_CLOSED_TO]
        if _admits(s, queue, now):
            return queue, 0, is_.UNFINISHED
    rule = p.queue[queue, of.WHEN_CLOSED]
    if rule == is_.CLOSED_HOLD:
        return queue, 1, is_.UNFINISHED
    if rule == is_.CLOSED_BUSY:
        return queue, 0, is_.BLOCKED
    if rule == is_.CLOSED_VOICEMAIL:
        return queue, 0, is_.VOICEMAIL
    return queue, 0, is_.CLOSED


@inlined
def _admits(s: Any, queue: Any, now: Any) -> Any:
    return s.queue[queue, st.IS_OPEN] and now < s.queue[queue, st.ADMITS_UNTIL]


@jit
def _first_leg(p: Any, s: Any, c: Any, queue: Any, held: Any, now: Any) -> None:
    """Answer at once if an agent can; else he meets a full queue, balks, hangs up at once, or joins."""
    begin_leg(s, c, queue, now)
    agent = st.NOBODY
    if not held:
        agent = find_agent(p, s, c, 0)
    if agent >= 0:
        take(p, s, c, agent, now)
        return
    stream = s.caller[c, row.C_STREAM]
    balk = p.stream[stream, of.BALK]
    full = s.queue[queue, st.N_WAITING] + s.queue[queue, st.N_HELD] >= p.queue[queue, of.LIMIT]
    attempt = s.caller[c, row.C_ATTEMPT]
    if full or (balk > 0 and number_for(p, s, c, attempt, 0, is_.FOR_BALK) < balk):
        s.caller[c, row.C_LEGS] = 0
        _end_at_door(p, s, c, is_.BLOCKED if full else is_.BALKED, now, 1)
        return
    s.caller[c, st.PATIENCE_LEFT] = _patience(p, s, c, 0)
    _queue_up(p, s, c, held, _class(p, stream, -1, 0), now - p.stream[stream, of.CREDIT], now)


@inlined
def _class(p: Any, stream: Any, priority: Any, ahead: Any) -> Any:
    """Return the rank of a waiting call's class among the plan's classes."""
    if priority < 0:
        priority = p.stream[stream, of.PRIORITY]
    return 2 * priority - ahead - p.scalar[of.FIRST_CLASS]


@jit
def _patience(p: Any, s: Any, c: Any, leg: Any) -> Any:
    """Return how long he is willing to wait in this leg. [ticks]"""
    stream, attempt = s.caller[c, row.C_STREAM], s.caller[c, row.C_ATTEMPT]
    law = p.stream[stream, of.PATIENCE_LAW]
    if law < 0:
        return NEVER
    if p.stream[stream, of.PATIENCE_RULE] == is_.SAME_PERSON:
        drawn = duration(p, s, c, 0, 0, is_.FOR_PATIENCE, law)
    else:
        drawn = duration(p, s, c, attempt, leg, is_.FOR_PATIENCE, law)
    factor = p.patience_scale[stream, min(attempt, p.patience_scale.shape[1] - 1)]
    if factor != ONE:
        drawn = scaled(drawn, factor)
    if p.stream[stream, of.KIND] >= 0:
        drawn = by_anger(p, s, c, drawn, p.anger_patience)
    return drawn


@apart
def _patience_left(p: Any, s: Any, c: Any) -> Any:
    """Return what a wait has left of the patience; who was answered at once has not used any. [ticks]"""
    patience = s.caller[c, st.PATIENCE_LEFT]
    if patience == st.NOT_DRAWN:
        return _patience(p, s, c, 0)
    if patience == NEVER:
        return patience
    return patience - (s.caller[c, st.LEG_LEFT] - s.caller[c, st.LEG_ENTERED])


@jit
def _queue_up(p: Any, s: Any, c: Any, held: Any, rank: Any, came: Any, now: Any) -> None:
    """Join the line. Without any patience he hangs up at once; else his patience starts to run."""
    patience = s.caller[c, st.PATIENCE_LEFT]
    if patience <= 0:
        end_wait(s, c, is_.ABANDONED, now)
        write_leg(s, c)
        end_contact(p, s, c, is_.ABANDONED, now)
        return
    join_line(p, s, c, held, rank, came)
    sequence, queue = s.caller[c, st.SEQUENCE], s.caller[c, st.LEG_QUEUE]
    for k in range(p.queue[queue, of.FIRST_OVERFLOW], p.queue[queue, of.END_OVERFLOW]):
        push_event(s, ((now + p.overflow_time[k]) << 4) + is_.AT_OVERFLOW, s.caller[c, st.NUMBER], c, sequence)
    if patience < NEVER:
        push_event(s, ((now + patience) << 4) + is_.AT_PATIENCE_END, s.caller[c, st.NUMBER], c, sequence)


# --- the end of a contact, and calling again ------------------------------------------------------


@jit
def _end_at_door(p: Any, s: Any, c: Any, outcome: Any, now: Any, has_line: Any) -> None:
    """End a contact that never entered a queue."""
    s.clock[st.LINES_FREE] += has_line
    _call_again_or_not(p, s, c, outcome, now)


@jit
def end_contact(p: Any, s: Any, c: Any, outcome: Any, now: Any) -> None:
    """End a contact now; its last leg is written down already."""
    s.clock[st.LINES_FREE] += 1
    _call_again_or_not(p, s, c, outcome, now)


@apart
def _call_again_or_not(p: Any, s: Any, c: Any, outcome: Any, now: Any) -> None:
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], now)
    stream = s.caller[c, row.C_STREAM]
    if p.stream[stream, of.KIND] >= 0:
        after(p, s, c, outcome, now)
        return
    cause = _redial_cause(outcome)
    if outcome == is_.ANSWERED and p.stream[stream, of.FOLLOWED]:
        cause = is_.REPEAT_UNSOLVED
    again = NEVER
    if cause != is_.FRESH_CALL:
        again = _calls_again_at(p, s, c, cause, now)
    if again >= p.scalar[of.HORIZON]:
        write_contact(s, c, outcome, now, 1)
        return
    write_contact(s, c, outcome, now, 0)
    s.caller[c, row.C_ATTEMPT] += 1
    s.caller[c, row.C_CAUSE] = cause
    s.caller[c, st.PHASE] = st.AWAY
    push_event(s, (again << 4) + is_.AT_ARRIVAL, s.caller[c, st.NUMBER], c, 0)


@inlined
def _redial_cause(outcome: Any) -> Any:
    """Return why he may call again after a contact that ended in this way; FRESH_CALL: he does not."""
    if outcome == is_.ABANDONED:
        return is_.REDIAL_AFTER_ABANDONED
    if outcome == is_.BLOCKED:
        return is_.REDIAL_AFTER_BLOCKED
    if outcome == is_.BALKED:
        return is_.REDIAL_AFTER_BALKED
    if outcome == is_.CLOSED:
        return is_.REDIAL_AFTER_CLOSED
    if outcome in (is_.DROPPED_BY_TRANSFER, is_.DROPPED_AT_CLOSING):
        return is_.REDIAL_AFTER_DROPPED
    return is_.FRESH_CALL


@apart
def _calls_again_at(p: Any, s: Any, c: Any, cause: Any, now: Any) -> Any:
    """Return the instant of the next call after one that did not solve it, NEVER if he gives up. [ticks]"""
    stream, attempt = s.caller[c, row.C_STREAM], s.caller[c, row.C_ATTEMPT]
    nth, contact, leg, by_share, by_delay = attempt, attempt, 0, is_.FOR_REDIAL, is_.FOR_REDIAL_DELAY
    if cause == is_.REPEAT_UNSOLVED:
        nth = s.caller[c, st.UNSOLVED]
        s.caller[c, st.UNSOLVED] = nth + 1
        contact, leg, by_share, by_delay = 0, nth, is_.FOR_REPEAT, is_.FOR_REPEAT_DELAY
    rule = stream * is_.N_CAUSES + cause
    share = p.redial[rule, of.REDIAL_SHARE + min(nth, p.redial.shape[1] - of.REDIAL_SHARE - 1)]
    if share == 0 or attempt + 1 >= p.stream[stream, of.MAX_CONTACTS]:
        return NEVER
    if number_for(p, s, c, contact, leg, by_share) >= share:
        return NEVER
    law, start = p.redial[rule, of.REDIAL_DELAY], now
    if p.redial[rule, of.REDIAL_UNTIL_OPEN]:
        start = _next_admission(p, p.stream[stream, of.CALLED], now)
    return start + (duration(p, s, c, contact, leg, by_delay, law) if law >= 0 else 0)


@jit
def _next_admission(p: Any, queue: Any, now: Any) -> Any:
    """Return the first instant from now on at which a queue lets arrivals in, NEVER if there is none. [ticks]"""
    for k in range(p.queue[queue, of.FIRST_OPENING], p.queue[queue, of.END_OPENING]):
        since = max(now, p.opening[k, of.OPENS])
        if p.opening[k, of.ADMITS] > since:
            return since
    return NEVER


# --- events of waiting ----------------------------------------------------------------------------


@apart
def give_up(p: Any, s: Any, c: Any, now: Any) -> None:
    """Let a waiting caller hang up: his patience has ended."""
    leave_line(s, c, now)
    end_wait(s, c, is_.ABANDONED, now)
    write_leg(s, c)
    end_contact(p, s, c, is_.ABANDONED, now)


@apart
def offer(p: Any, s: Any, c: Any, now: Any) -> None:
    """Give a waiting caller to an idle agent, if one may take him."""
    agent = find_agent(p, s, c, now - s.caller[c, st.LEG_ENTERED])
    if agent >= 0:
        leave_line(s, c, now)
        take(p, s, c, agent, now)


# --- passing on -----------------------------------------------------------------------------------


@jit
def pass_on(p: Any, s: Any, c: Any, now: Any) -> Any:
    """End a talk that is to be followed by a transfer; return whether the caller reaches the target now."""
    k = s.caller[c, st.ROW]
    result = is_.TRANSFERRED
    if s.caller[c, st.TRANSFERS] >= p.transfer[k, of.AT_MOST]:
        result = is_.TOO_MANY_TRANSFERS
    elif not s.queue[p.transfer[k, of.TARGET], st.IS_OPEN]:
        result = _at_closed_target(p, s, c, k)
    s.caller[c, st.LEG_TRANSFER] = result
    s.caller[c, st.LEG_TRANSFER_ROW] = p.transfer[k, of.ROW_INDEX]
    if result in (is_.TOO_MANY_TRANSFERS, is_.KEPT):
        write_leg(s, c)
        end_contact(p, s, c, is_.ANSWERED, now)
        return False
    s.caller[c, st.TRANSFERS] += 1
    s.caller[c, row.C_PASSED_ON] = 1
    s.caller[c, st.PHASE] = st.PASSING
    if p.stream[s.caller[c, row.C_STREAM], of.KIND] >= 0:
        s.case[c, of_.HELD_BEFORE] += p.transfer[k, of.DIALLING]
    if p.transfer[k, of.DIALLING] > 0:
        at = now + p.transfer[k, of.DIALLING]
        push_event(s, (at << 4) + is_.AT_ARRIVAL, s.caller[c, st.NUMBER], c, 0)
        return False
    return True


@apart
def _at_closed_target(p: Any, s: Any, c: Any, k: Any) -> Any:
    """Return what becomes of a transfer into a closed department; the agent may not know that it is closed."""
    mistaken = p.transfer[k, of.MISTAKEN]
    if mistaken > 0:
        attempt, leg = s.caller[c, row.C_ATTEMPT], s.caller[c, st.LEG_NUMBER]
        if number_for(p, s, c, attempt, leg, is_.FOR_BELIEF) < mistaken:
            return is_.DROPPED
    return _result_if_closed(p.transfer[k, of.IF_CLOSED])


@inlined
def _result_if_closed(rule: Any) -> Any:
    if rule == is_.IF_CLOSED_KEEP:
        return is_.KEPT
    if rule == is_.IF_CLOSED_DROP:
        return is_.DROPPED
    if rule == is_.IF_CLOSED_RETURN:
        return is_.RETURNED
    if rule == is_.IF_CLOSED_VOICEMAIL:
        return is_.TO_VOICEMAIL
    return is_.HELD


@apart
def go_on(p: Any, s: Any, c: Any, now: Any) -> None:
    """Let a caller who was passed on reach the next department, or be cut off, or leave a message."""
    k, result = s.caller[c, st.ROW], s.caller[c, st.LEG_TRANSFER]
    if result in (is_.DROPPED, is_.TO_VOICEMAIL):
        s.caller[c, st.LEG_FATE] = row.CUT_OFF if result == is_.DROPPED else row.MESSAGE
        write_leg(s, c)
        outcome = is_.DROPPED_BY_TRANSFER if result == is_.DROPPED else is_.VOICEMAIL
        end_contact(p, s, c, outcome, now)
        return
    queue = s.caller[c, st.LEG_QUEUE] if result == is_.RETURNED else p.transfer[k, of.TARGET]
    s.caller[c, st.PATIENCE_LEFT] = _patience_there(p, s, c, k)
    write_leg(s, c)
    begin_leg(s, c, queue, now)
    s.clock[st.LAST_CHANGE] = max(s.clock[st.LAST_CHANGE], now)
    stream = s.caller[c, row.C_STREAM]
    if p.stream[stream, of.KIND] < 0:
        s.caller[c, st.EXPLAINS] = p.transfer[k, of.EXPLAIN_LAW]
    place = p.transfer[k, of.PLACE]
    came = s.caller[c, row.C_ARRIVED] if place == is_.KEEPS_PLACE else now
    ahead = 1 if place == is_.AHEAD_OF_NEW else 0
    rank = _class(p, stream, p.transfer[k, of.ROW_PRIORITY], ahead)
    let_in(p, s, c, rank, came - p.stream[stream, of.CREDIT], result == is_.HELD, now)


@jit
def _patience_there(p: Any, s: Any, c: Any, k: Any) -> Any:
    """Return the patience in the next department; the leg that has just ended is still in place. [ticks]"""
    leg = s.caller[c, row.C_LEGS]
    law = p.transfer[k, of.ROW_PATIENCE_LAW]
    if law >= 0:
        return duration(p, s, c, s.caller[c, row.C_ATTEMPT], leg, is_.FOR_PATIENCE, law)
    if p.transfer[k, of.PATIENCE] == is_.FRESH_PATIENCE:
        return _patience(p, s, c, leg)
    if p.transfer[k, of.PATIENCE] == is_.UNLIMITED_PATIENCE:
        return NEVER
    return _patience_left(p, s, c)


@apart
def let_in(p: Any, s: Any, c: Any, rank: Any, came: Any, hold: Any, now: Any) -> None:
    """Let a transferred or moved caller into a department; a closed one treats him as one who waits at closing."""
    held = 0
    while not s.queue[s.caller[c, st.LEG_QUEUE], st.IS_OPEN]:
        rule = p.queue[s.caller[c, st.LEG_QUEUE], of.AT_CLOSING]
        if hold or rule == is_.CLOSING_KEEP:
            held = 1
            break
        if rule == is_.CLOSING_MOVE:
            end_wait(s, c, is_.MOVED, now)
            rank, came = move_on(p, s, c, now)
            hold = False
        elif rule == is_.CLOSING_DROP:
            end_wait(s, c, is_.DROPPED_AT_CLOSING, now)
            write_leg(s, c)
            end_contact(p, s, c, is_.DROPPED_AT_CLOSING, now)
            return
        else:
            break
    agent = st.NOBODY
    if not held:
        agent = find_agent(p, s, c, 0)
    if agent >= 0:
        take(p, s, c, agent, now)
    else:
        _queue_up(p, s, c, held, rank, came, now)


@apart
def move_on(p: Any, s: Any, c: Any, now: Any) -> Any:
    """Begin the next leg of a caller whose department has closed; return (rank of his class, key time) there.

    He waits on elsewhere with the patience that he has left.
    """
    stream = s.caller[c, row.C_STREAM]
    s.caller[c, st.PATIENCE_LEFT] = _patience_left(p, s, c)
    queue = p.queue[s.caller[c, st.LEG_QUEUE], of.AT_CLOSING_TO]
    write_leg(s, c)
    begin_leg(s, c, queue, now)
    return _class(p, stream, -1, 0), now - p.stream[stream, of.CREDIT]
