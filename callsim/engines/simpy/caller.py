"""A caller's life: he calls, waits, talks, is passed on, hangs up, and perhaps calls again.

This is the file to read first. `life` is one caller from his first call to his last, `case_life` one who calls because
of a problem and remembers; both `call`: `dial` takes them to the first queue, `pass_on` to the next. `calls_again` says
when the one tries again, `callsim.engines.simpy.customer` when the other does. `source` makes the callers of a stream.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from simpy import Event

from callsim.codes import (
    AtClosing,
    CaseEvent,
    Cause,
    IfClosed,
    Outcome,
    PatienceRule,
    Place,
    Purpose,
    Rank,
    TransferPatience,
    TransferResult,
    WhenClosed,
)
from callsim.engines.simpy.center import Center
from callsim.engines.simpy.lookup import Caller, StreamDay
from callsim.engines.simpy.moments import LaterProcess, Moment
from callsim.engines.simpy.passing import Row
from callsim.engines.simpy.record import NOT_DRAWN, Contact, Leg
from callsim.plan.arrivals import days_of_calls
from callsim.plan.plan import NEVER, ONE
from callsim.runlog.cases import OUTBOUND

if TYPE_CHECKING:
    from callsim.engines.simpy.kinds import Kind

__all__ = ["case_life", "life", "source"]

# Looking a member up in its enumeration takes as long as a function call: hence names of this module.
ANSWERED, MOVED, UNFINISHED = Outcome.ANSWERED, Outcome.MOVED, Outcome.UNFINISHED
ARRIVAL, SERVICE_END, PATIENCE_END = Rank.ARRIVAL, Rank.SERVICE_END, Rank.PATIENCE_END
FRESH, REPEAT, BACK, PATIENCE = Cause.FRESH, Cause.REPEAT_UNSOLVED, Place.BACK, Purpose.PATIENCE
SAME_PERSON, TRANSFERRED = PatienceRule.SAME_PERSON, TransferResult.TRANSFERRED

REDIAL_CAUSE = {
    Outcome.ABANDONED: Cause.REDIAL_AFTER_ABANDONED,
    Outcome.BLOCKED: Cause.REDIAL_AFTER_BLOCKED,
    Outcome.BALKED: Cause.REDIAL_AFTER_BALKED,
    Outcome.CLOSED: Cause.REDIAL_AFTER_CLOSED,
    Outcome.DROPPED_BY_TRANSFER: Cause.REDIAL_AFTER_DROPPED,
    Outcome.DROPPED_AT_CLOSING: Cause.REDIAL_AFTER_DROPPED,
}

Life = Generator[Event, None, None]

AHEAD = 16
"""Callers of a stream who stand ready at a time: few cost events of their own, many make the event list long."""


def source(center: Center, stream: int) -> Life:
    """Let the callers of a stream make their first calls (a process): the last of some calls the next in."""
    kind = center.kinds.get(stream)
    for day in days_of_calls(center.plan, center.seed, center.replication, stream):
        drawn = StreamDay(center.plan, center.laws, center.seed, center.replication, stream, day)
        instants = day.at.tolist()
        for first in range(0, len(instants), AHEAD):
            center.record.pack()
            for index, at in enumerate(instants[first : first + AHEAD], first):
                caller = Caller(drawn, index)
                process = life(center, caller) if kind is None else case_life(center, caller, kind)
                last = LaterProcess(center.env, process, at, ARRIVAL, caller.number)
            yield last.target


def life(center: Center, caller: Caller) -> Life:
    """Call, and call again, until he is served, gives up or has called as often as anybody does (a process)."""
    env, stream, cause = center.env, caller.day.stream, FRESH
    while True:
        contact = center.record.begin_contact(caller, cause, env.now, center.called_queue[stream])
        yield from call(center, contact)
        if contact.outcome is ANSWERED and not center.repeats[stream]:
            return
        again, cause = calls_again(center, caller, contact.outcome)
        if again >= center.horizon:
            return
        yield Moment(env, again, ARRIVAL, caller.number)
        caller.attempt += 1


def case_life(center: Center, caller: Caller, kind: Kind) -> Life:
    """Have a problem, and call until it is solved or he gives up; the provider may call him too (a process)."""
    from callsim.engines.simpy.customer import Customer

    env, customer = center.env, Customer(center, caller, kind)
    caller.customer = customer
    following = customer.begin()
    while following is not None and following.at < center.horizon:
        if following.at > env.now or caller.attempt:
            yield Moment(env, following.at, ARRIVAL, caller.number)
        contact = center.record.begin_contact(caller, following.cause, env.now, following.queue)
        if following.cause is Cause.REPEAT_REOPENED:
            customer.note(env.now, CaseEvent.REOPENED, customer.closed_as, contact=contact.index)
        yield from call(center, contact)
        following = customer.after(contact)
        caller.attempt += 1


def call(center: Center, contact: Contact) -> Life:
    """Make one call: a queue and perhaps a talk, as often as he is passed on (part of a process)."""
    env, record, customer = center.env, center.record, contact.caller.customer
    if center.lines_free:
        center.lines_free -= 1
        leg = dial(center, contact) if contact.cause not in OUTBOUND else _outbound(center, contact)
        while leg is not None:
            if leg.settled is not None:
                yield leg.settled
            contact.outcome = leg.outcome
            if leg.outcome is ANSWERED:
                yield Moment(env, leg.talk_end, SERVICE_END, leg.answered_by)
                row = center.end_talk(leg)
                leg = None if row is None else (yield from pass_on(center, leg, row))
                continue
            if customer is not None:
                customer.waited(leg)
            if leg.outcome is MOVED:
                leg = _moved(center, leg)
            else:
                record.end_leg(leg)
                leg = None
        center.lines_free += 1
    else:
        contact.outcome = Outcome.BLOCKED
    contact.ended = env.now
    record.end_contact(contact)


def calls_again(center: Center, caller: Caller, outcome: Outcome) -> tuple[int, Cause]:
    """Return the instant of the next call, NEVER if there is none [ticks], and its cause."""
    attempt = caller.attempt
    if outcome is ANSWERED:
        again = center.redials[caller.day.stream][REPEAT]
        nth = caller.unsolved
        caller.unsolved = nth + 1
        keys = (0, nth, Purpose.REPEAT, Purpose.REPEAT_DELAY)
    elif outcome in REDIAL_CAUSE:
        again = center.redials[caller.day.stream][REDIAL_CAUSE[outcome]]
        nth, keys = attempt, (attempt, 0, Purpose.REDIAL, Purpose.REDIAL_DELAY)
    else:
        return NEVER, FRESH
    contact, leg, by_share, by_delay = keys
    day, share = caller.day, again.shares[min(nth, len(again.shares) - 1)]
    if not share or attempt + 1 >= again.max_contacts or day.draw(caller.index, contact, leg, by_share) >= share:
        return NEVER, again.cause
    delay = day.duration(caller.index, contact, leg, by_delay, again.delay_law) if again.delay_law >= 0 else 0
    return delay + (center.next_admission(again.queue) if again.until_open else center.env.now), again.cause


def _outbound(center: Center, contact: Contact) -> Leg:
    """Let the provider's call to a customer wait for an agent, behind a closed door if need be."""
    leg = Leg(contact, contact.queue, center.env.now)
    contact.patience = NEVER
    priority = contact.caller.customer.outbound_priority(contact.cause)
    _enter(center, leg, BACK, priority, True)
    return leg


def dial(center: Center, contact: Contact) -> Leg | None:
    """Go through the door into the first queue; None if the call ends here."""
    department = center.departments[contact.queue]
    if department.is_open and center.env.now < department.admit_end:
        return _first_leg(center, contact, contact.queue, False)
    return _at_closed_door(center, contact)


def _at_closed_door(center: Center, contact: Contact) -> Leg | None:
    """Hear the announcement, a busy tone or a voice box; or hold, or go where the closed queue sends its callers."""
    department = center.departments[contact.queue]
    while department.when_closed == WhenClosed.OVERFLOW:
        department = center.departments[department.when_closed_to]
        if center.admits(department):
            return _first_leg(center, contact, department.index, False)
    if department.when_closed == WhenClosed.HOLD:
        return _first_leg(center, contact, department.index, True)
    contact.outcome = OUTCOME_IF_CLOSED[department.when_closed]
    return None


OUTCOME_IF_CLOSED = {
    WhenClosed.ANNOUNCE: Outcome.CLOSED,
    WhenClosed.BUSY: Outcome.BLOCKED,
    WhenClosed.VOICEMAIL: Outcome.VOICEMAIL,
}


def _first_leg(center: Center, contact: Contact, queue: int, held: bool) -> Leg | None:
    """Answer at once if an agent can; else he meets a full queue, balks, hangs up at once, or joins."""
    caller = contact.caller
    agent = None if held else center.find_agent(caller, 0, queue, 0)
    if agent is None:
        department = center.departments[queue]
        balk = center.balk[caller.day.stream]
        if department.n_waiting() >= department.limit:
            contact.outcome = Outcome.BLOCKED
            return None
        if balk and caller.draw(0, Purpose.BALK) < balk:
            contact.outcome = Outcome.BALKED
            return None
    leg = Leg(contact, queue, center.env.now)
    if agent is not None:
        center.answer(leg, agent)
    else:
        contact.patience = _patience(center, caller, 0)
        _queue_up(center, leg, BACK, -1, held)
    return leg


def _patience(center: Center, caller: Caller, leg: int) -> int:
    """Return how long he is willing to wait in this leg. [ticks]"""
    stream = caller.day.stream
    law = center.patience_law[stream]
    if law < 0:
        return NEVER
    if center.patience_rule[stream] == SAME_PERSON:
        drawn = caller.day.duration(caller.index, 0, 0, PATIENCE, law)
    else:
        drawn = caller.duration(leg, PATIENCE, law)
    scale = center.patience_scale[stream]
    factor = scale[min(caller.attempt, len(scale) - 1)]
    if factor != ONE:
        drawn = (drawn * factor) >> 20
    return drawn if caller.customer is None else int(caller.customer.patience(drawn))


def _patience_left(center: Center, leg: Leg) -> int:
    """Return what a wait has left of the patience; who was answered at once has not used any. [ticks]"""
    contact = leg.contact
    if contact.patience == NOT_DRAWN:
        return _patience(center, contact.caller, 0)
    return contact.patience if contact.patience == NEVER else contact.patience - (leg.left - leg.entered)


def _queue_up(center: Center, leg: Leg, place: int, priority: int, held: bool) -> None:
    """Join the line. Without any patience he hangs up at once; else his patience starts to run."""
    patience = leg.contact.patience
    if patience <= 0:
        leg.left = leg.entered
        leg.outcome = Outcome.ABANDONED
        return
    center.join(leg, place, priority, held)
    if patience < NEVER:
        number = leg.contact.caller.number
        Moment(center.env, leg.entered + patience, PATIENCE_END, number, lambda _: center.give_up(leg))


def pass_on(center: Center, leg: Leg, row: Row) -> Generator[Event, None, Leg | None]:
    """Transfer the caller; return his next leg, or None if the call ends here after all."""
    contact, target = leg.contact, center.departments[row.target]
    leg.transfer_row = row.index
    if contact.transfers >= row.at_most:
        leg.transfer = TransferResult.TOO_MANY_TRANSFERS
    else:
        leg.transfer = TRANSFERRED if target.is_open else _at_closed_target(contact, leg, row)
    center.record.end_leg(leg)
    if leg.transfer in (TransferResult.TOO_MANY_TRANSFERS, TransferResult.KEPT_TARGET_CLOSED):
        return None
    contact.transfers += 1
    contact.outcome = UNFINISHED
    if contact.caller.customer is not None:
        contact.caller.customer.held += row.dialling
    if row.dialling:
        yield Moment(center.env, center.env.now + row.dialling, ARRIVAL, contact.caller.number)
    if leg.transfer == TransferResult.DROPPED_TARGET_CLOSED:
        contact.outcome = Outcome.DROPPED_BY_TRANSFER
        return None
    if leg.transfer == TransferResult.VOICEMAIL_TARGET_CLOSED:
        contact.outcome = Outcome.VOICEMAIL
        return None
    queue = leg.queue if leg.transfer == TransferResult.RETURNED_TARGET_CLOSED else row.target
    next_leg = Leg(contact, queue, center.env.now)
    next_leg.explain_law = row.explain_law
    if row.patience_law >= 0:
        contact.patience = contact.caller.duration(next_leg.number, PATIENCE, row.patience_law)
    elif row.patience == TransferPatience.FRESH:
        contact.patience = _patience(center, contact.caller, next_leg.number)
    elif row.patience == TransferPatience.UNLIMITED:
        contact.patience = NEVER
    else:
        contact.patience = _patience_left(center, leg)
    _enter(center, next_leg, row.place, row.priority, leg.transfer == TransferResult.HELD_TARGET_CLOSED)
    return next_leg


def _at_closed_target(contact: Contact, leg: Leg, row: Row) -> TransferResult:
    """Return what becomes of a transfer into a closed department; the agent may not know that it is closed."""
    if row.mistaken and contact.caller.draw(leg.number, Purpose.BELIEF) < row.mistaken:
        return TransferResult.DROPPED_TARGET_CLOSED
    return RESULT_IF_CLOSED[row.if_closed]


RESULT_IF_CLOSED = {
    IfClosed.KEEP: TransferResult.KEPT_TARGET_CLOSED,
    IfClosed.DROP: TransferResult.DROPPED_TARGET_CLOSED,
    IfClosed.RETURN: TransferResult.RETURNED_TARGET_CLOSED,
    IfClosed.VOICEMAIL: TransferResult.VOICEMAIL_TARGET_CLOSED,
    IfClosed.HOLD: TransferResult.HELD_TARGET_CLOSED,
}


def _moved(center: Center, leg: Leg) -> Leg:
    """Move a caller whose department has closed under him: he waits on elsewhere with the patience he has left."""
    contact = leg.contact
    center.record.end_leg(leg)
    next_leg = Leg(contact, center.departments[leg.queue].at_closing_to, center.env.now)
    contact.patience = _patience_left(center, leg)
    contact.outcome = UNFINISHED
    _enter(center, next_leg, Place.BACK, -1, False)
    return next_leg


def _enter(center: Center, leg: Leg, place: int, priority: int, hold: bool) -> None:
    """Let a transferred or moved caller into a department; a closed one treats him as one who waits at closing."""
    department = center.departments[leg.queue]
    held = not department.is_open and (hold or department.at_closing == AtClosing.KEEP)
    if not department.is_open and not hold and department.at_closing in (AtClosing.DROP, AtClosing.MOVE):
        leg.left = leg.entered
        moved = department.at_closing == AtClosing.MOVE
        leg.outcome = Outcome.MOVED if moved else Outcome.DROPPED_AT_CLOSING
        return
    agent = None if held else center.find_agent(leg.contact.caller, leg.number, leg.queue, 0)
    if agent is not None:
        center.answer(leg, agent)
    else:
        _queue_up(center, leg, place, priority, held)
