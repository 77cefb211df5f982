"""What must hold between a plan and the sums of a run that kept no log.

Contacts, visits to queues and callers are counted from rows of their own, agents' spans from others again, and the
engine adds up the queues and the agents' work as time passes: what one says of another must agree. Which single call
breaks a rule cannot be seen here; the same replication with its log says it (``invariants.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    LASTING_FROM,
    MESSAGE_AFTER,
    TALK,
    TURNED_AWAY,
    UNANSWERED_TALK,
    UNANSWERED_WAIT,
    UNANSWERED_WORK,
    WAIT,
    WORK,
)

__all__ = ["check_sums", "planned_time"]

Int64 = npt.NDArray[np.int64]
_ENTERED = [Outcome.BLOCKED, Outcome.BALKED, Outcome.CLOSED, Outcome.MOVED]
"""Outcomes that a contact cannot have if it entered a queue."""
_NO_QUEUE = [outcome for outcome in Outcome if outcome not in (*_ENTERED[:3], Outcome.VOICEMAIL)]
"""Outcomes that it cannot have if it did not."""
_VISITS = [*_ENTERED[:3], Outcome.VOICEMAIL, Outcome.DROPPED_BY_TRANSFER]
"""Outcomes that a visit to a queue cannot have."""


class _Claim(NamedTuple):
    """Two figures that must be equal, and what they are."""

    found: int
    wanted: int
    what: str
    other: str
    name: str = ""


def check_sums(plan: Plan, sums: RunSums, planned: Sequence[int] | None = None) -> None:
    """Check the sums of a finished run: that every call is accounted for, Little's law, and planned presence.

    Every contact and visit has one outcome that it can have; contacts, visits, callers and groups agree on calls,
    waits, talks and after-call work; the queue length and the agents' work that the engine integrated while running
    equal the waits and handle times of the calls; the presence and absence of agents add up to what was planned.
    All this over the whole run, from its start on, the warm-up and what a drain added included.

    Parameters
    ----------
    plan : Plan
    sums : RunSums
    planned : sequence of int, optional
        `planned_time` of the plan, for those who check many runs of it.

    Raises
    ------
    InvariantBroken
        Naming the two figures that disagree, with the plan's digest, the seed and the replication.
    """
    if sums.plan_digest != plan.digest():
        break_run(sums, f"the sums belong to another plan than {plan.digest()}")
    planned = planned_time(plan) if planned is None else planned
    for claims in (_calls(sums), _amounts(plan, sums), _presence(plan, sums, planned)):
        for claim in claims:
            if claim.found != claim.wanted:
                where = f"{claim.name!r}: " if claim.name else ""
                break_run(sums, f"{where}{claim.found} {claim.what}, but {claim.wanted} {claim.other}")


def _by_outcome(facts: Int64, first: int = FIRST_OUTCOME) -> Int64:
    """Return the counts of each outcome over everything."""
    found: Int64 = facts[first : first + len(Outcome)].sum(axis=(1, 2))
    return found


def _calls(sums: RunSums) -> Iterator[_Claim]:
    """Yield what contacts, visits, callers and groups say of the number of calls and of how they ended."""
    contacts, visits = sums.tables[:2, 0].tolist()
    entered, turned_away = _by_outcome(sums.contacts), _by_outcome(sums.contacts, TURNED_AWAY)
    ended, answers = _by_outcome(sums.visits), int(sums.answers[FIRST_OUTCOME + Outcome.ANSWERED].sum())
    yield _Claim(int(entered.sum() + turned_away.sum()), contacts, "contacts with an outcome", "contacts")
    yield _Claim(int(ended.sum()), visits, "visits with an outcome", "visits to queues")
    yield _Claim(int(sums.totals[CONTACT_LEGS]), visits, "visits that contacts say they made", "visits to queues")
    calls = contacts + int(sums.totals[CALLERS_CALLS])
    yield _Claim(calls, contacts, "calls of all callers", "contacts")
    impossible = "that can have it"
    yield _Claim(int(entered[_ENTERED].sum()), 0, "contacts in a queue with an outcome of those outside", impossible)
    yield _Claim(int(turned_away[_NO_QUEUE].sum()), 0, "contacts in no queue with an outcome of one", impossible)
    yield _Claim(int(ended[_VISITS].sum()), 0, "visits with an outcome of no visit", impossible)
    for outcome, what in ((Outcome.ABANDONED, "abandoned"), (Outcome.DROPPED_AT_CLOSING, "dropped at closing")):
        yield _Claim(int(entered[outcome]), int(ended[outcome]), "contacts", "visits", what)
    for outcome, fact, what in (
        (Outcome.DROPPED_BY_TRANSFER, CUT_OFF_AFTER, "cut off by a transfer"),
        (Outcome.VOICEMAIL, MESSAGE_AFTER, "sent to voicemail by a transfer"),
    ):
        yield _Claim(int(entered[outcome]), int(sums.visits[fact].sum()), "contacts", "visits", what)
    yield _Claim(answers, int(ended[Outcome.ANSWERED]), "visits answered by groups", "answered in queues")
    lasting = int(sums.lasting[:, LASTING].sum())
    yield _Claim(lasting, int(ended[Outcome.UNFINISHED]), "visits lasted at the end", "are unfinished")


def _amounts(plan: Plan, sums: RunSums) -> Iterator[_Claim]:
    """Yield what they say of time, and Little's law as an identity of the path; likewise the agents' work."""
    waiting = sums.queue_waiting.sum(axis=1) + sums.lasting[:, LASTING] * sums.end - sums.lasting[:, LASTING_FROM]
    whole = int(waiting.sum())
    waits = int(sums.contacts[WAIT].sum()) + int(sums.totals[UNANSWERED_WAIT])
    yield _Claim(waits, whole, "ticks that contacts waited", "that visits waited")
    yield _Claim(int(sums.contacts[HOLD].sum()), whole, "ticks that callers waited", "that visits waited")
    for fact, rest, what, other in (
        (TALK, UNANSWERED_TALK, "ticks of talk of contacts", "of talk of visits"),
        (WORK, UNANSWERED_WORK, "ticks of after-call work of contacts", "of after-call work of visits"),
    ):
        found = int(sums.contacts[fact].sum()) + int(sums.totals[rest])
        yield _Claim(found, int(sums.visits[fact].sum()), what, other)
    integrals = zip(plan.queues.names, waiting.tolist(), sums.queue_time.tolist(), strict=True)
    for name, found, wanted in integrals:
        yield _Claim(found, wanted, "ticks that visits waited", "by the queue length over time", name)
    work = sums.handling.sum(axis=1).tolist()
    for name, found, wanted in zip(plan.agents.groups, work, sums.busy_time.tolist(), strict=True):
        yield _Claim(found, wanted, "ticks of work on calls", "by the busy agents over time", name)


def _presence(plan: Plan, sums: RunSums, planned: Sequence[int]) -> Iterator[_Claim]:
    """Yield what groups were present, or absent, up to the horizon, and what was planned."""
    present = sums.span_time[:, :, :-1].sum(axis=2)
    signed_on, absent = present[SpanKind.SIGNED_ON].tolist(), present[SpanKind.ABSENT].tolist()
    for row, (name, wanted) in enumerate(zip(plan.agents.groups, planned, strict=True)):
        if plan.agents.kind[row] == StaffingKind.SHIFTS:
            yield _Claim(signed_on[row] + absent[row], wanted, "ticks signed on or absent", "planned", name)
        else:
            yield _Claim(signed_on[row], wanted, "ticks signed on", "planned", name)


def planned_time(plan: Plan) -> list[int]:
    """Return the planned time of each group up to the horizon. [ticks]"""
    agents, horizon = plan.agents, plan.clock.horizon
    length = np.clip(agents.duty_end, 0, horizon) - np.clip(agents.duty_start, 0, horizon)
    planned = sum_by(agents.group[agents.duty_agent].astype(np.int64), length, plan.n_groups)
    for row in np.flatnonzero(agents.kind == StaffingKind.HEADS):
        rows = agents.heads_group == row
        times = np.append(np.minimum(agents.heads_time[rows], horizon), horizon)
        planned[row] = (np.diff(times) * agents.heads_count[rows]).sum()
    found: list[int] = planned.tolist()
    return found
