"""What must hold between a plan and the sums of a run that kept no log.

Contacts, visits to queues and callers are counted from rows of their own, agents' spans from others again, and the
engine adds up the queues and the agents' work as time passes: what one says of another must agree. Which single call
breaks a rule cannot be seen here; the same replication with its log says it (``invariants.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, SpanKind, StaffingKind
from callsim.measures.sums import sum_by
from callsim.plan.plan import Plan
from callsim.runlog import RunSums
from callsim.runlog.breaks import break_run
from callsim.runlog.sums import (
    CALLERS_CALLS,
    CONTACT_LEGS,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    HOLD,
    LASTING,
    MESSAGE_AFTER,
    TALK,
    TURNED_AWAY,
    UNANSWERED_TALK,
    UNANSWERED_WAIT,
    UNANSWERED_WORK,
    WAIT,
    WORK,
    whole_run,
)

__all__ = ["SumChecks", "check_sums"]

Int64 = npt.NDArray[np.int64]
_ENTERED = [Outcome.BLOCKED, Outcome.BALKED, Outcome.CLOSED, Outcome.MOVED]
"""Outcomes that a contact cannot have if it entered a queue."""
_NO_QUEUE = [outcome for outcome in Outcome if outcome not in (*_ENTERED[:3], Outcome.VOICEMAIL)]
"""Outcomes that it cannot have if it did not."""
_VISITS = [*_ENTERED[:3], Outcome.VOICEMAIL, Outcome.DROPPED_BY_TRANSFER]
"""Outcomes that a visit to a queue cannot have."""


class _Claim(NamedTuple):
    """Two figures that must be equal, sums of what a run has come to or one that is known before, and what they are."""

    found: Int64
    """Places in `_Ledger` whose figures are added up."""
    wanted: Int64 | int
    """Likewise, or the number."""
    what: str
    other: str
    name: str = ""


def check_sums(plan: Plan, sums: RunSums) -> None:
    """Check the sums of a finished run: that every call is accounted for, Little's law, and planned presence.

    Every contact and visit has one outcome that it can have; contacts, visits, callers and groups agree on calls,
    waits, talks and after-call work; the queue length and the agents' work that the engine integrated while running
    equal the waits and handle times of the calls; the presence and absence of agents add up to what was planned.
    All this over the whole run, from its start on, the warm-up and what a drain added included.

    Parameters
    ----------
    plan : Plan
    sums : RunSums

    Raises
    ------
    InvariantBroken
        Naming the two figures that disagree, with the plan's digest, the seed and the replication.
    """
    SumChecks(plan).check(sums)


class SumChecks:
    """The checks of `check_sums` for many runs of one plan; what they share is made once.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan_digest = plan.digest()
        ledger = _Ledger(plan)
        claims = [*_calls(ledger), *_amounts(plan, ledger), *_presence(plan, ledger)]
        self._between = [claim for claim in claims if not isinstance(claim.wanted, int)]
        self._given = [claim for claim in claims if isinstance(claim.wanted, int)]
        self._numbers = [claim.wanted for claim in self._given]
        sides = [np.ravel(side) for claim in self._between for side in (claim.found, claim.wanted)]
        sides += [claim.found for claim in self._given]
        self._all = _Sums([*sides, ledger.lasting])
        # As long as no visit lasts, no time of such is to be added.
        self._whole = _Sums([*(side[side < ledger.n] for side in sides), ledger.lasting])
        self._places = whole_run(plan.n_queues, plan.n_groups).lasting

    def check(self, sums: RunSums) -> None:
        """Check the sums of one run.

        Raises
        ------
        InvariantBroken
            As `check_sums`.
        """
        if sums.plan_digest != self._plan_digest:
            break_run(sums, f"the sums belong to another plan than {self._plan_digest}")
        sides = self._whole.of(sums.whole)
        if sides[-1]:
            sides = self._all.of(np.concatenate((sums.whole, self._lasting_time(sums))))
        n = 2 * len(self._between)
        if sides[:n:2] != sides[1:n:2] or sides[n:-1] != self._numbers:
            self._break(sums, sides)

    def _lasting_time(self, sums: RunSums) -> Int64:
        """Return the time, by queue, for which visits lasted behind the instant up to which they are counted."""
        number, since = sums.whole[self._places].T
        time: Int64 = number * sums.end - since
        return time

    def _break(self, sums: RunSums, sides: list[int]) -> None:
        """Name the first claim that does not hold; what cannot be at all is said first."""
        n = 2 * len(self._between)
        found, wanted = sides[n:-1] + sides[:n:2], self._numbers + sides[1:n:2]
        for claim, one, other in zip((*self._given, *self._between), found, wanted, strict=True):
            if one != other:
                where = f"{claim.name!r}: " if claim.name else ""
                break_run(sums, f"{where}{one} {claim.what}, but {other} {claim.other}")


class _Sums:
    """Some sums of figures.

    Parameters
    ----------
    places : list of int64[term]
        Of the figures of each sum; no sum is empty.
    """

    def __init__(self, places: list[Int64]) -> None:
        self._terms = np.concatenate(places)
        self._starts = np.cumsum([0, *(len(each) for each in places[:-1])])

    def of(self, figures: Int64) -> list[int]:
        """Return the sums."""
        sums: list[int] = np.add.reduceat(figures.take(self._terms), self._starts).tolist()
        return sums


class _Ledger:
    """Where the figures of a run stand that the checks compare."""

    def __init__(self, plan: Plan) -> None:
        whole = whole_run(plan.n_queues, plan.n_groups)
        self.contacts, self.visits, self.answered, self.totals = (
            whole.contacts, whole.visits, whole.answers, whole.totals,
        )  # fmt: skip
        """[fact], [fact], [group], [total]"""
        self.rows = whole.tables[:2, 0]
        """Contacts, and visits to queues."""
        self.lasting = whole.lasting[:, LASTING]
        """[queue] Visits that lasted when the run ended."""
        self.handling, self.spans = whole.handling, whole.span_time
        """[group] By the calls; [kind of span, group] up to the horizon. [ticks]"""
        self.queue_time, self.busy_time = whole.queue_time, whole.busy_time
        """[queue] By the queue length over time; [group] by the busy agents over time. [ticks]"""
        self.n = int(whole.tables[-1, -1]) + 1
        """Figures of a run. Behind them stands, by queue, for how long the visits that lasted did so behind the instant
        up to which they are counted. [ticks]"""
        self.waiting = np.column_stack((whole.queue_waiting, np.arange(self.n, self.n + plan.n_queues)))
        """[queue, 2] By the visits: to be added up. [ticks]"""


def _together(*places: Int64 | np.int64) -> Int64:
    return np.concatenate([np.ravel(each) for each in places]).astype(np.int64)


def _by_outcome(facts: Int64, first: int = FIRST_OUTCOME) -> Int64:
    """Return the places of the counts of each outcome."""
    return facts[first : first + len(Outcome)]


def _calls(of: _Ledger) -> Iterator[_Claim]:
    """Yield what contacts, visits, callers and groups say of the number of calls and of how they ended."""
    contacts, visits = (_together(row) for row in of.rows)
    entered, turned_away, ended = (
        _by_outcome(of.contacts),
        _by_outcome(of.contacts, TURNED_AWAY),
        _by_outcome(of.visits),
    )
    yield _Claim(_together(entered, turned_away), contacts, "contacts with an outcome", "contacts")
    yield _Claim(ended, visits, "visits with an outcome", "visits to queues")
    yield _Claim(_together(of.totals[CONTACT_LEGS]), visits, "visits that contacts say they made", "visits to queues")
    yield _Claim(_together(contacts, of.totals[CALLERS_CALLS]), contacts, "calls of all callers", "contacts")
    impossible = "that can have it"
    yield _Claim(entered[_ENTERED], 0, "contacts in a queue with an outcome of those outside", impossible)
    yield _Claim(turned_away[_NO_QUEUE], 0, "contacts in no queue with an outcome of one", impossible)
    yield _Claim(ended[_VISITS], 0, "visits with an outcome of no visit", impossible)
    for outcome, there, what in (
        (Outcome.ABANDONED, ended[Outcome.ABANDONED], "abandoned"),
        (Outcome.DROPPED_AT_CLOSING, ended[Outcome.DROPPED_AT_CLOSING], "dropped at closing"),
        (Outcome.DROPPED_BY_TRANSFER, of.visits[CUT_OFF_AFTER], "cut off by a transfer"),
        (Outcome.VOICEMAIL, of.visits[MESSAGE_AFTER], "sent to voicemail by a transfer"),
    ):
        yield _Claim(_together(entered[outcome]), _together(there), "contacts", "visits", what)
    answered = _together(ended[Outcome.ANSWERED])
    yield _Claim(of.answered, answered, "visits answered by groups", "answered in queues")
    unfinished = _together(ended[Outcome.UNFINISHED])
    yield _Claim(of.lasting, unfinished, "visits lasted at the end", "are unfinished")


def _amounts(plan: Plan, of: _Ledger) -> Iterator[_Claim]:
    """Yield what they say of time, and Little's law as an identity of the path; likewise the agents' work."""
    waits = _together(of.contacts[WAIT], of.totals[UNANSWERED_WAIT])
    whole = of.waiting.ravel()
    yield _Claim(waits, whole, "ticks that contacts waited", "that visits waited")
    yield _Claim(_together(of.contacts[HOLD]), whole, "ticks that callers waited", "that visits waited")
    for fact, rest, what, other in (
        (TALK, UNANSWERED_TALK, "ticks of talk of contacts", "of talk of visits"),
        (WORK, UNANSWERED_WORK, "ticks of after-call work of contacts", "of after-call work of visits"),
    ):
        yield _Claim(_together(of.contacts[fact], of.totals[rest]), _together(of.visits[fact]), what, other)
    for name, found, wanted in zip(plan.queues.names, of.waiting, of.queue_time, strict=True):
        there = "by the queue length over time"
        yield _Claim(_together(found), _together(wanted), "ticks that visits waited", there, name)
    for name, found, wanted in zip(plan.agents.groups, of.handling, of.busy_time, strict=True):
        there = "by the busy agents over time"
        yield _Claim(_together(found), _together(wanted), "ticks of work on calls", there, name)


def _presence(plan: Plan, of: _Ledger) -> Iterator[_Claim]:
    """Yield what groups were present, or absent, up to the horizon, and what was planned."""
    signed_on, absent = of.spans[SpanKind.SIGNED_ON], of.spans[SpanKind.ABSENT]
    for row, (name, wanted) in enumerate(zip(plan.agents.groups, _planned_time(plan).tolist(), strict=True)):
        if plan.agents.kind[row] == StaffingKind.SHIFTS:
            there = _together(signed_on[row], absent[row])
            yield _Claim(there, wanted, "ticks signed on or absent", "planned", name)
        else:
            yield _Claim(_together(signed_on[row]), wanted, "ticks signed on", "planned", name)


def _planned_time(plan: Plan) -> Int64:
    """Return the planned time of each group up to the horizon. [ticks]"""
    agents, horizon = plan.agents, plan.clock.horizon
    length = np.clip(agents.duty_end, 0, horizon) - np.clip(agents.duty_start, 0, horizon)
    planned = sum_by(agents.group[agents.duty_agent].astype(np.int64), length, plan.n_groups)
    for row in np.flatnonzero(agents.kind == StaffingKind.HEADS):
        rows = agents.heads_group == row
        times = np.append(np.minimum(agents.heads_time[rows], horizon), horizon)
        planned[row] = (np.diff(times) * agents.heads_count[rows]).sum()
    return planned
