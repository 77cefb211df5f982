"""A customer with a problem: what he says, gets done, is promised and puts up with, until it works or he gives up.

`callsim.engines.simpy.caller.case_life` is the process; here stand the decisions that it asks for, and the memory from
one call to the next. Every draw is looked up by who he is and by which time it is: the n-th employee who answers him,
the n-th call that solved nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from callsim.codes import AngerCause, CaseEvent, Cause, Outcome, Purpose
from callsim.engines.simpy.center import Center
from callsim.engines.simpy.kinds import Kind
from callsim.engines.simpy.lookup import Caller
from callsim.engines.simpy.passing import Row
from callsim.engines.simpy.record import Contact, Leg
from callsim.plan.plan import NEVER, ONE, SECOND
from callsim.runlog.cases import OUTBOUND
from callsim.runlog.columns import MISSING

__all__ = ["Customer", "NextCall"]

_HOUR = 3600 * SECOND
_TRIED_AGAIN = 60 * SECOND
"""The provider's own call that found no agent is tried again so much later at the earliest. [ticks]"""
REPEAT_CAUSE = {
    Outcome.ABANDONED: (Cause.REDIAL_AFTER_ABANDONED, AngerCause.ABANDONED),
    Outcome.BLOCKED: (Cause.REDIAL_AFTER_BLOCKED, AngerCause.TURNED_AWAY),
    Outcome.BALKED: (Cause.REDIAL_AFTER_BALKED, AngerCause.TURNED_AWAY),
    Outcome.CLOSED: (Cause.REDIAL_AFTER_CLOSED, AngerCause.TURNED_AWAY),
    Outcome.VOICEMAIL: (Cause.REDIAL_AFTER_CLOSED, AngerCause.TURNED_AWAY),
    Outcome.DROPPED_BY_TRANSFER: (Cause.REDIAL_AFTER_DROPPED, AngerCause.CUT_OFF),
    Outcome.DROPPED_AT_CLOSING: (Cause.REDIAL_AFTER_DROPPED, AngerCause.CUT_OFF),
}
"""Why he calls again after a contact that ended so, and what that does to his temper."""


class NextCall(NamedTuple):
    """The next contact of a case."""

    at: int
    """[ticks]"""
    cause: Cause
    queue: int


class Customer:
    """One case: who has it, what has been done about it, and what he has gone through."""

    __slots__ = (
        "answered",
        "born",
        "caller",
        "center",
        "closed_as",
        "closings",
        "complained",
        "due",
        "had_owner",
        "held",
        "kind",
        "knows_hours",
        "owned",
        "pieces_done",
        "points",
        "solutions",
        "step",
        "unsolved",
    )

    def __init__(self, center: Center, caller: Caller, kind: Kind) -> None:
        self.center = center
        self.caller = caller
        self.kind = kind
        self.born = center.env.now
        self.step = 0
        self.pieces_done = 0
        self.answered = 0
        """Employees who have answered him."""
        self.unsolved = 0
        """Calls that were answered and did not solve it."""
        self.solutions = 0
        self.closings = 0
        """How often the case was closed with the problem still there, or back."""
        self.closed_as = 0
        """Value of the event with which he will have it opened again."""
        self.points = 0
        """Of anger, without those for hours on hold."""
        self.held = 0
        """[ticks]"""
        self.knows_hours = False
        self.complained = False
        self.had_owner = False
        self.owned = False
        """Whether who talks with him now owns the case."""
        self.due = 0
        """Deadline of the promise for which the provider calls him. [ticks]"""

    # --- looking up, writing down ------------------------------------------------------------

    def draw(self, contact: int, ordinal: int, purpose: Purpose) -> int:
        """Return the 53-bit draw of a purpose."""
        return self.caller.day.draw(self.caller.index, contact, ordinal, purpose)

    def lasts(self, law: int, contact: int, ordinal: int, purpose: Purpose) -> int:
        """Return a drawn duration, 0 without a law. [ticks]"""
        return self.caller.day.duration(self.caller.index, contact, ordinal, purpose, law) if law >= 0 else 0

    def note(self, at: int, event: CaseEvent, value: int = 0, leg: Leg | None = None, contact: int = MISSING) -> None:
        """Write an event of the case down, unless it lies beyond the run."""
        if at > self.center.env.now and at >= self.center.horizon:
            return
        number = MISSING
        if leg is not None:
            contact, number = leg.contact.index, leg.number
        self.center.record.add_case_event(self.caller, self.step, at, event, contact, number, value)
        self.step += 1

    def anger(self) -> int:
        """Return his points of anger now."""
        return self.points + self.kind.anger[AngerCause.HOUR_ON_HOLD] * (self.held // _HOUR)

    def _by_anger(self, amount: int, factors: list[int]) -> int:
        factor = factors[min(self.anger(), len(factors) - 1)]
        return amount if factor == ONE else (amount * factor) >> 20

    # --- the first call, and where he calls ----------------------------------------------------

    def begin(self) -> NextCall | None:
        """Let the problem begin; return the first call, None if he never makes one."""
        kind = self.kind
        self.note(self.born, CaseEvent.BORN)
        if kind.never_tries and self.draw(0, 0, Purpose.NEVER_TRIES) < kind.never_tries:
            self.note(self.born, CaseEvent.NEVER_TRIED)
            return None
        self.knows_hours = self.draw(0, 0, Purpose.KNOWS_HOURS) < kind.knows_hours
        noticed = self.born + self.lasts(kind.noticed_law, 0, 0, Purpose.NOTICED)
        return self._next_call(noticed, Cause.FRESH, 0)

    def _next_call(self, earliest: int, cause: Cause, contact: int) -> NextCall | None:
        """Return his next call: when he is awake and a department that he has in mind is open, as far as he knows."""
        kind, choices = self.kind, self._choices(contact)
        hours = kind.admits if self.knows_hours else kind.believed
        at = earliest
        while True:
            at = kind.awake.next(at)
            if at == NEVER:
                return None
            opens = min(hours[queue].next(at) for queue in choices)
            if opens == at:
                break
            at = opens
            if at == NEVER:
                return None
        if at > earliest and kind.waits_on_law >= 0:
            later = at + self.lasts(kind.waits_on_law, contact, 0, Purpose.WAITS_ON)
            if kind.awake.contain(later) and any(hours[queue].contain(later) for queue in choices):
                at = later
        queue = next(queue for queue in choices if hours[queue].contain(at))
        return NextCall(at, cause, queue)

    def _choices(self, contact: int) -> list[int]:
        """Return the departments that he would call for the present piece, the drawn one first."""
        shares = self.kind.dial_share[self.pieces_done]
        u, total, first = self.draw(contact, 0, Purpose.DIAL), 0, -1
        for queue, share in enumerate(shares):
            total += share
            if share and (first < 0 or u >= total - share):
                first = queue
        return [first, *(queue for queue, share in enumerate(shares) if share and queue != first)]

    def waited(self, leg: Leg) -> None:
        """Count a wait that is over, if it was he who called."""
        if leg.contact.cause not in OUTBOUND:
            self.held += leg.left - leg.entered

    def patience(self, drawn: int) -> int:
        """Return how long he is willing to wait, who else would wait so long. [ticks]"""
        return self._by_anger(drawn, self.kind.anger_patience)

    # --- with an employee ------------------------------------------------------------------------

    def talk(self, leg: Leg, group: int, talk: int) -> int:
        """Let an employee answer; return how long the talk takes that would take so long otherwise. [ticks]"""
        kind, ordinal = self.kind, self.answered
        self.answered = ordinal + 1
        talk = self._by_anger(talk, kind.anger_talk)
        if leg.contact.cause in OUTBOUND:
            self.owned = True
            return talk + self.lasts(kind.owner_law, 0, ordinal, Purpose.OWNER_TALK)
        notes = ordinal > 0 and self.draw(0, ordinal, Purpose.NOTES) < kind.notes_seen
        talk += self.lasts(kind.identify_law, 0, ordinal, Purpose.IDENTIFY)
        if notes:
            talk += self.lasts(kind.notes_law, 0, ordinal, Purpose.NOTES_TALK)
        else:
            talk += self.lasts(kind.explain_law, 0, ordinal, Purpose.CASE_EXPLAIN)
            self.note(self.center.env.now, CaseEvent.EXPLAINED, ordinal, leg)
        share = kind.owner_share[group]
        if notes and self.had_owner:
            share = max(share, kind.carried_share)
        self.owned = kind.can_do[self.pieces_done][leg.queue] and self.draw(0, ordinal, Purpose.OWNERSHIP) < share
        if self.owned:
            talk += self.lasts(kind.owner_law, 0, ordinal, Purpose.OWNER_TALK)
        return talk

    def end_talk(self, leg: Leg) -> bool:
        """End a talk; return whether the call ends with it, because the employee has done work."""
        if not self.owned:
            return False
        self._work(self.center.env.now, leg)
        if leg.contact.cause == Cause.CALL_BACK:
            self.note(self.center.env.now, CaseEvent.PROMISE_KEPT, self.due, leg)
        return True

    def _work(self, at: int, leg: Leg | None) -> None:
        """Have an owner's work done."""
        left = self.kind.pieces - self.pieces_done
        everything = self.kind.owner_does_rest or (leg is not None and leg.contact.cause == Cause.REGULATOR)
        done = left if everything else 1
        self.pieces_done += done
        self.had_owner = True
        self.note(at, CaseEvent.OWNED, done, leg)

    def escalation(self, leg: Leg) -> Row | None:
        """Return the row by which he is passed on to somebody in authority, if he asks for it and is heard."""
        kind, center = self.kind, self.center
        index = kind.escalation_row[leg.queue]
        if index < 0 or leg.contact.cause in OUTBOUND:
            return None
        row = center.passing.rows[index]
        asks = (
            leg.contact.attempt + 1 >= kind.escalation_contacts
            or center.env.now - self.born >= kind.escalation_age
            or self.held >= kind.escalation_hold
            or self.anger() >= kind.escalation_anger
        )
        if not asks or leg.contact.transfers >= row.at_most:
            return None
        if self.draw(0, self.answered - 1, Purpose.ESCALATION) >= kind.escalation_granted:
            self.note(center.env.now, CaseEvent.ESCALATION_REFUSED, 0, leg)
            return None
        self.note(center.env.now, CaseEvent.ESCALATED, 0, leg)
        return row

    def outbound_priority(self, cause: Cause) -> int:
        """Return the priority of the provider's call."""
        return self.kind.promise_priority if cause == Cause.CALL_BACK else self.kind.regulator_priority

    # --- after a contact ---------------------------------------------------------------------------

    def after(self, contact: Contact) -> NextCall | None:
        """Return the next contact of the case after one that has ended now, None if there is none."""
        now, cause = self.center.env.now, contact.cause
        if contact.outcome == Outcome.ANSWERED:
            if self.pieces_done == self.kind.pieces:
                works = self.lasts(self.kind.works_law, 0, self.solutions, Purpose.WORKS)
                return self._solved(now + works)
            return self._after_nothing(now, contact)
        if cause in OUTBOUND:
            if contact.attempt + 1 >= self.kind.max_contacts:
                return self._gives_up(now)
            again = self.kind.admits[contact.queue].next(now + _TRIED_AGAIN)
            return NextCall(again, cause, contact.queue) if again < NEVER else None
        cause, anger = REPEAT_CAUSE[contact.outcome]
        self.points += self.kind.anger[anger]
        if (
            contact.outcome == Outcome.CLOSED
            and not self.knows_hours
            and self.draw(contact.attempt, 0, Purpose.LEARNS_HOURS) < self.kind.learns_hours
        ):
            self.knows_hours = True
            self.note(now, CaseEvent.LEARNED_HOURS, contact=contact.index)
        keys = (contact.attempt, 0, Purpose.REDIAL, Purpose.REDIAL_DELAY)
        return self._calls_again(now, cause, contact.attempt, keys)

    def _after_nothing(self, now: int, contact: Contact) -> NextCall | None:
        """Return the next contact after an answered one that did not solve it."""
        kind, u = self.kind, self.unsolved
        self.unsolved = u + 1
        self.points += kind.anger[AngerCause.UNSOLVED]
        if kind.closes_unsolved and self.draw(0, u, Purpose.CLOSING) < kind.closes_unsolved:
            self.note(now, CaseEvent.CLOSED_UNSOLVED, contact=contact.index)
            return self._closed(now, 0)
        if self._complains(now, contact):
            filed = kind.office.next(now)
            if filed == NEVER:
                return None
            self.complained = True
            self.note(filed, CaseEvent.COMPLAINED)
            acts = filed + self.lasts(kind.regulator_law, 0, u, Purpose.REGULATOR_ACTS)
            if kind.regulator_queue < 0:
                self.pieces_done = kind.pieces
                return self._solved(acts)
            return self._provider_calls(acts, Cause.REGULATOR, kind.regulator_queue)
        employee = self.answered - 1
        if kind.promise_share and self.draw(0, employee, Purpose.PROMISE) < kind.promise_share:
            return self._promised(now, employee, contact)
        return self._repeat(now)

    def _complains(self, now: int, contact: Contact) -> bool:
        kind = self.kind
        return (
            not self.complained
            and now - self.born >= kind.complaint_age
            and contact.attempt + 1 >= kind.complaint_contacts
            and self.draw(0, self.unsolved - 1, Purpose.COMPLAINT) < kind.complaint_share
        )

    def _promised(self, now: int, employee: int, contact: Contact) -> NextCall | None:
        """Return the next contact after a promise: the provider's, or his own when it was broken or did not suffice."""
        kind = self.kind
        due = now + self.lasts(kind.promise_due_law, 0, employee, Purpose.PROMISE_DUE)
        self.note(now, CaseEvent.PROMISED, due, contact=contact.index)
        if self.draw(0, employee, Purpose.PROMISE_KEPT) >= kind.promise_kept:
            self.points += kind.anger[AngerCause.BROKEN_PROMISE]
            self.note(due, CaseEvent.PROMISE_BROKEN, due)
            keys = (0, self.unsolved - 1, Purpose.REPEAT, Purpose.BROKEN_DELAY)
            return self._calls_again(due, Cause.REPEAT_BROKEN_PROMISE, self.unsolved - 1, keys)
        if kind.promise_queue >= 0:
            self.due = due
            return self._provider_calls(max(now, due - kind.promise_lead), Cause.CALL_BACK, kind.promise_queue)
        self.note(due, CaseEvent.PROMISE_KEPT, due)
        self._work(due, None)
        if self.pieces_done == kind.pieces:
            return self._solved(due + self.lasts(kind.works_law, 0, self.solutions, Purpose.WORKS))
        return self._repeat(due)

    def _provider_calls(self, at: int, cause: Cause, queue: int) -> NextCall | None:
        if self.caller.attempt + 1 >= self.kind.max_contacts:
            return self._gives_up(at)
        return NextCall(at, cause, queue)

    def _solved(self, at: int) -> NextCall | None:
        """Let it work from an instant on; return the next contact if the problem comes back."""
        kind, solution = self.kind, self.solutions
        self.solutions = solution + 1
        self.note(at, CaseEvent.SOLVED, int(self.complained))
        if not kind.returns or self.draw(0, solution, Purpose.RETURNS) >= kind.returns:
            return None
        self.pieces_done = 0
        return self._closed(at, 1)

    def _closed(self, at: int, value: int) -> NextCall | None:
        """Return the call with which he has a closed case opened again, None if he leaves it at that."""
        ordinal = self.closings
        self.closings = ordinal + 1
        self.closed_as = value
        keys = (0, ordinal, Purpose.REOPENS, Purpose.REOPENS_DELAY)
        return self._calls_again(at, Cause.REPEAT_REOPENED, ordinal, keys)

    def _repeat(self, at: int) -> NextCall | None:
        """Return his next call after one that solved nothing, None if he gives up at this instant."""
        u = self.unsolved - 1
        keys = (0, u, Purpose.REPEAT, Purpose.REPEAT_DELAY)
        return self._calls_again(at, Cause.REPEAT_UNSOLVED, u, keys)

    def _calls_again(self, at: int, cause: Cause, nth: int, keys: tuple[int, int, Purpose, Purpose]) -> NextCall | None:
        """Return his next call, by share and delay of its cause; None if he gives up or finds no hour for it."""
        contact, ordinal, by_share, by_delay = keys
        shares = self.kind.shares[cause]
        share = shares[min(nth, len(shares) - 1)]
        too_often = self.caller.attempt + 1 >= self.kind.max_contacts
        if too_often or not share or self.draw(contact, ordinal, by_share) >= share:
            return self._gives_up(at)
        delay = self.lasts(self.kind.delays[cause], contact, ordinal, by_delay)
        delay = self._by_anger(delay, self.kind.anger_delay)
        return self._next_call(at + delay, cause, self.caller.attempt + 1)

    def _gives_up(self, at: int) -> NextCall | None:
        """Let him call no more."""
        self.note(at, CaseEvent.GAVE_UP)
        return None
