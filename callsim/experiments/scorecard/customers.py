"""What became of each customer who came in the measured window, from the log alone.

A *customer* is somebody whose problem begins in the window (a case), or whose first call falls into it (anybody else);
all that follows counts, up to the end of the run. Held is the time of a call in which nobody talks to him: waits, and
dialling while he is passed on. Nobody holds the line while a call to the customer waits for an agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Cause, Outcome
from callsim.measures.facts import open_end
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog

__all__ = ["OUTBOUND", "ContactFacts", "Customers", "contact_facts", "customers_of"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
OUTBOUND = (Cause.CALL_BACK, Cause.REGULATOR)
"""Causes of calls that the provider makes."""
CUT_OFF = (Outcome.DROPPED_BY_TRANSFER, Outcome.DROPPED_AT_CLOSING)
_HOUR = 3600 * SECOND
_LAST = (CaseEvent.SOLVED, CaseEvent.GAVE_UP, CaseEvent.NEVER_TRIED)


@dataclass(frozen=True)
class ContactFacts:
    """Figures of every contact of a log."""

    held: Int64
    """[contact] Nobody talks to him. [ticks]"""
    connected: Int64
    """[contact] Time a line is held; of a call to the customer the time that somebody talks. [ticks]"""
    answers: Int64
    """[contact] Employees who answered."""
    outbound: Bool
    """[contact] The provider called."""


@dataclass(frozen=True)
class Customers:
    """Those who came in the window; one row each, in the order of their names in the log."""

    stream: Int64
    is_case: Bool
    born: Int64
    """The problem begins, or the first call is made. [ticks]"""
    calls: Int64
    """Contacts, those that the provider made included."""
    held: Int64
    """In all. [ticks]"""
    answers: Int64
    """Employees who answered, in all."""
    told: Int64
    """How often he told an employee about the case."""
    held_an_hour: Bool
    """In one call."""
    cut_off: Bool
    promise_broken: Bool
    complained: Bool
    solved: Bool
    """A case: solved for good as far as the log goes. Anybody else: the last call was answered."""
    gave_up: Bool
    never_tried: Bool
    first_time: Bool
    """Solved by the first contact and never called again."""
    decided: Bool
    """Whether `first_time` can be told: there was a contact, and it or what followed has ended."""
    until_solved: Int64
    """From the beginning of the problem until it works, of a case that is solved; else 0. [ticks]"""
    contact_of: Int64
    """[contact] Row of its customer, -1 if he came outside the window."""
    event_of: Int64
    """[case event] Likewise."""

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.stream)


def contact_facts(plan: Plan, log: RunLog) -> ContactFacts:
    """Return the figures of every contact; what lasts at the end of the run counts up to there."""
    contacts, legs, n = log.contacts, log.legs, len(log.contacts["arrived"])
    end = open_end(plan, log)
    answered = legs["outcome"] == Outcome.ANSWERED
    owner = legs["contact"][answered]
    talk = np.minimum(legs["talk_end"][answered], end) - legs["left"][answered]
    talks = np.bincount(owner, talk.astype(np.float64), n).astype(np.int64)  # exact below 2^53 ticks: 285 years
    ended = np.where(contacts["ended"] < 0, end, contacts["ended"])
    outbound = np.isin(contacts["cause"], OUTBOUND)
    lasted = ended - contacts["arrived"]
    return ContactFacts(
        held=np.where(outbound, 0, lasted - talks),
        connected=np.where(outbound, talks, lasted),
        answers=np.bincount(owner, minlength=n).astype(np.int64),
        outbound=outbound,
    )


def customers_of(plan: Plan, log: RunLog, facts: ContactFacts) -> Customers:
    """Return what became of each customer who came in the window."""
    contacts, events = log.contacts, log.case_events
    keys, event_keys = _names(contacts, events)
    first, last = plan.clock.warm_up, plan.clock.window_end
    begun = events["event"] == CaseEvent.BORN
    fresh = (contacts["attempt"] == 0) & ~np.isin(contacts["stream"], plan.cases.stream)
    name, row = np.unique(np.concatenate((keys[fresh], event_keys[begun])), return_index=True)
    born = np.concatenate((contacts["arrived"][fresh], events["at"][begun]))[row]
    inside = (born >= first) & (born < last)
    people = _People(name[inside])
    of, of_event = people.row(keys), people.row(event_keys)
    happened = _Happened(events, of_event, people.n)
    stream = np.concatenate((contacts["stream"][fresh], events["stream"][begun]))[row][inside]
    is_case = np.isin(stream, plan.cases.stream)
    final = happened.final()
    calls, outcome, over = _last_call(contacts, of, people.n)
    plain = ~is_case & over
    solved = np.where(is_case, final == CaseEvent.SOLVED, plain & (outcome == Outcome.ANSWERED))
    lost_call = plain & ~np.isin(outcome, (Outcome.ANSWERED, Outcome.VOICEMAIL))
    gave_up = np.where(is_case, final == CaseEvent.GAVE_UP, lost_call)
    again = happened.any(CaseEvent.REOPENED)
    return Customers(
        stream=stream,
        is_case=is_case,
        born=born[inside],
        calls=calls,
        held=people.sum(of, facts.held),
        answers=people.sum(of, facts.answers),
        told=happened.count(CaseEvent.EXPLAINED),
        held_an_hour=people.any(of, facts.held >= _HOUR),
        cut_off=people.any(of, np.isin(contacts["outcome"], CUT_OFF)),
        promise_broken=happened.any(CaseEvent.PROMISE_BROKEN),
        complained=happened.any(CaseEvent.COMPLAINED),
        solved=solved,
        gave_up=gave_up,
        never_tried=is_case & (final == CaseEvent.NEVER_TRIED),
        first_time=solved & (calls == 1) & ~again,
        decided=(calls > 1) | ((calls == 1) & (solved | gave_up | over & ~is_case)),
        until_solved=np.where(is_case & solved, happened.last_at() - born[inside], 0),
        contact_of=of,
        event_of=of_event,
    )


class _People:
    """Names in order, and sums over what belongs to them."""

    def __init__(self, names: Int64) -> None:
        self._names = names
        self.n = len(names)

    def row(self, keys: Int64) -> Int64:
        """Return the row of each key's customer, -1 for people who are not here."""
        if not self.n:
            return np.full(len(keys), -1, np.int64)
        place = np.minimum(np.searchsorted(self._names, keys), self.n - 1)
        return np.where(self._names[place] == keys, place, -1)

    def sum(self, of: Int64, values: Int64) -> Int64:
        total = np.zeros(self.n, np.int64)
        np.add.at(total, of[of >= 0], values[of >= 0])
        return total

    def any(self, of: Int64, holds: Bool) -> Bool:
        found = np.zeros(self.n, np.bool_)
        found[of[(of >= 0) & holds]] = True
        return found


class _Happened:
    """Case events by customer."""

    def __init__(self, events: Mapping[str, Int64], of: Int64, n: int) -> None:
        here = of >= 0
        self._of, self._event, self._at, self._n = of[here], events["event"][here], events["at"][here], n

    def count(self, event: CaseEvent) -> Int64:
        return np.bincount(self._of[self._event == event], minlength=self._n).astype(np.int64)

    def any(self, event: CaseEvent) -> Bool:
        return self.count(event) > 0

    def final(self) -> Int64:
        """Return the last event of each, -1 where there is none; rows are in the order of their steps."""
        found = np.full(self._n, -1, np.int64)
        found[self._of] = self._event
        return np.where(np.isin(found, _LAST), found, -1)

    def last_at(self) -> Int64:
        found = np.zeros(self._n, np.int64)
        found[self._of] = self._at
        return found


def _last_call(contacts: Mapping[str, Int64], of: Int64, n: int) -> tuple[Int64, Int64, Bool]:
    """Return the number of calls, the outcome of the last one, and whether that has ended."""
    here = np.flatnonzero(of >= 0)
    calls = np.bincount(of[here], minlength=n).astype(np.int64)
    outcome, over = np.full(n, -1, np.int64), np.zeros(n, np.bool_)
    # Contacts are in the order of arrival: what is written last is the last call.
    outcome[of[here]] = contacts["outcome"][here]
    over[of[here]] = (contacts["ended"] >= 0)[here]
    return calls, outcome, over


def _names(contacts: Mapping[str, Int64], events: Mapping[str, Int64]) -> tuple[Int64, Int64]:
    """Return one number for the caller of each contact and of each case event; the same caller has the same."""
    both = {name: np.concatenate((contacts[name], events[name])) for name in ("stream", "block", "n")}
    if not len(both["n"]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    packed = (both["stream"] * (both["block"].max() + 2) + both["block"] + 1) * (both["n"].max() + 1) + both["n"]
    split = len(contacts["n"])
    return packed[:split], packed[split:]
