"""What a log says about each call of the measured window, in the form that sums are made of.

A *call* is a contact (whole centre, callers) or a leg (queues, agents): the two bases of the
specification. Contacts that arrive in [warm_up, window_end) count, with all their legs, however late.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, TransferResult
from callsim.measures.sums import count_by, sum_by
from callsim.plan.plan import NEVER, Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND

__all__ = ["KEPT", "Callers", "Calls", "callers_of", "contacts_of", "legs_of", "open_end"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

KEPT = (
    TransferResult.NONE,
    TransferResult.KEPT_TARGET_CLOSED,
    TransferResult.TOO_MANY_TRANSFERS,
    TransferResult.UNFINISHED,
)
"""After these the caller did not leave the agent for another department."""


@dataclass(frozen=True)
class Calls:
    """Calls of one basis, one row each: contacts, or legs."""

    stream: Int64
    queue: Int64
    """The queue that was called (contacts), or where the caller waits (legs)."""
    agent: Int64
    """[leg] Who answered, -1: nobody. Unused for contacts."""
    at: Int64
    """The instant that decides the interval: arrival (contacts), entry into the queue (legs). [ticks]"""
    outcome: Int64
    offered: Bool
    wait: Int64
    """Up to the answer, the hanging-up or the end of the run. [ticks]"""
    talk: Int64
    """0 if not answered. [ticks]"""
    after_call_work: Int64
    """[ticks]"""
    passed_on: Bool
    """An agent passed the caller on, whatever became of him."""
    dropped: Bool
    """[leg] Cut off by the transfer at the end of its talk. Unused for contacts."""
    message: Bool
    """[leg] Sent to voicemail by the transfer at the end of its talk. Unused for contacts."""
    attempt: Int64
    """[contact] Unused for legs."""

    def take(self, rows: Int64 | Bool) -> Calls:
        """Return the calls of these rows."""
        return Calls(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class Callers:
    """People who made their first call in the window, with all their calls up to the end of the run."""

    stream: Int64
    at: Int64
    """First call. [ticks]"""
    answered: Bool
    """One of their calls was answered."""
    hold: Int64
    """Time waited in all their calls. [ticks]"""
    calls: Int64


def open_end(plan: Plan, log: RunLog) -> int:
    """Return the instant up to which a state that lasted at the end of the run is counted. [ticks]

    A drained run may end before the horizon, when nothing changes any more; its last state then lasts.
    """
    return max(log.end, plan.clock.horizon)


def _window(plan: Plan, log: RunLog, followed: bool) -> tuple[int, int]:
    """Return the rows of the contacts of the window; of all contacts from its start on, if people are followed."""
    until = NEVER if followed else plan.clock.window_end
    first, last = np.searchsorted(log.contacts["arrived"], (plan.clock.warm_up, until))
    return int(first), int(last)


def legs_of(plan: Plan, log: RunLog, followed: bool = False) -> tuple[Calls, Int64]:
    """Return the legs of the window's contacts, and the row of each leg's contact among these contacts.

    With ``followed`` the contacts behind the window are among them.
    """
    first, last = _window(plan, log, followed)
    low, high = np.searchsorted(log.legs["contact"], (first, last))
    legs = {name: column[low:high] for name, column in log.legs.items()}
    contact = legs["contact"]
    answered = legs["outcome"] == Outcome.ANSWERED
    ends = log.contacts["outcome"][contact]
    left = np.where(legs["outcome"] == Outcome.UNFINISHED, log.end, legs["left"])
    calls = Calls(
        stream=log.contacts["stream"][contact],
        queue=legs["queue"],
        agent=legs["agent"],
        at=legs["entered"],
        outcome=legs["outcome"],
        offered=np.ones(len(contact), np.bool_),
        wait=left - legs["entered"],
        talk=np.where(answered, legs["talk_end"] - legs["left"], 0),
        after_call_work=np.where(answered, legs["handle_end"] - legs["talk_end"], 0),
        passed_on=answered & ~np.isin(legs["transfer"], KEPT),
        # The run may have ended while the agent dialled, before the caller was cut off.
        dropped=(legs["transfer"] == TransferResult.DROPPED_TARGET_CLOSED) & (ends == Outcome.DROPPED_BY_TRANSFER),
        message=(legs["transfer"] == TransferResult.VOICEMAIL_TARGET_CLOSED) & (ends == Outcome.VOICEMAIL),
        attempt=np.zeros(len(contact), np.int64),
    )
    return calls, contact - first


def contacts_of(plan: Plan, log: RunLog, legs: Calls, contact_of_leg: Int64, followed: bool = False) -> Calls:
    """Return the window's contacts; waits, talks and after-call work are sums over their legs (of `legs_of`)."""
    first, last = _window(plan, log, followed)
    contacts = {name: column[first:last] for name, column in log.contacts.items()}
    n = int(last - first)
    none = np.zeros(n, np.int64)
    return Calls(
        stream=contacts["stream"],
        queue=contacts["queue"],
        agent=none,
        at=contacts["arrived"],
        outcome=contacts["outcome"],
        offered=count_by(contact_of_leg, n) > 0,
        wait=sum_by(contact_of_leg, legs.wait, n),
        talk=sum_by(contact_of_leg, legs.talk, n),
        after_call_work=sum_by(contact_of_leg, legs.after_call_work, n),
        passed_on=count_by(contact_of_leg[legs.passed_on], n) > 0,
        dropped=none > 0,
        message=none > 0,
        attempt=contacts["attempt"],
    )


def callers_of(plan: Plan, log: RunLog, contacts: Calls) -> Callers:
    """Return the callers born in the window.

    `contacts` are those of `contacts_of` from the window's start on; calls that the provider makes are not theirs.
    """
    answered = contacts.outcome == Outcome.ANSWERED
    fresh = np.flatnonzero((contacts.attempt == 0) & (contacts.at < plan.clock.window_end))
    hold, calls = contacts.wait[fresh], np.ones(len(fresh), np.int64)
    reached = answered[fresh]
    repeats = np.flatnonzero(contacts.attempt > 0)
    if len(repeats):
        first = int(np.searchsorted(log.contacts["arrived"], plan.clock.warm_up))
        identity = _identity(log, first, first + len(contacts.stream))
        caller, known = _find(identity[fresh], identity[repeats])
        caller, repeats = caller[known], repeats[known]
        own = ~np.isin(log.contacts["cause"][first + repeats], OUTBOUND)
        hold = hold + sum_by(caller[own], contacts.wait[repeats[own]], len(fresh))
        calls = calls + count_by(caller[own], len(fresh))
        reached = reached | (count_by(caller[answered[repeats]], len(fresh)) > 0)
    return Callers(contacts.stream[fresh], contacts.at[fresh], reached, hold, calls)


def _identity(log: RunLog, first: int, last: int) -> Int64:
    """Return one integer for each contact that names its caller: (stream, block, n) packed."""
    columns = log.contacts
    stream, block, n = (columns[name][first:last] for name in ("stream", "block", "n"))
    found: Int64 = (stream * (block.max() + 2) + block + 1) * (n.max() + 1) + n
    return found


def _find(keys: Int64, wanted: Int64) -> tuple[Int64, Bool]:
    """Return for each wanted value its row in `keys`, and whether it is there (born before the window if not)."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    row = order[place]
    return row, keys[row] == wanted
