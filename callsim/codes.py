"""The small integers that plan, engines and log share. A code's number is part of the log format: never reuse one."""

from __future__ import annotations

from enum import IntEnum

__all__ = [
    "AgentSelection",
    "AngerCause",
    "AtClosing",
    "CallSelection",
    "CaseEvent",
    "Cause",
    "IfClosed",
    "Outcome",
    "PatienceRule",
    "Place",
    "Purpose",
    "Rank",
    "ServiceLevelFormula",
    "SpanKind",
    "StaffingKind",
    "TransferPatience",
    "TransferResult",
    "WhenClosed",
]


class Outcome(IntEnum):
    """How a leg or a contact ended. A contact's outcome is that of its last leg."""

    UNFINISHED = 0
    """Still waiting, or on the way to another department, when the run ended."""
    ANSWERED = 1
    ABANDONED = 2
    """The caller hung up while waiting."""
    BLOCKED = 3
    """Busy tone: no trunk line was free, or the queue was full. Never entered a queue."""
    BALKED = 4
    """Hung up on hearing that he would have to wait, before queueing."""
    CLOSED = 5
    """Met the closed announcement."""
    VOICEMAIL = 6
    """Left a message because the department was closed."""
    DROPPED_BY_TRANSFER = 7
    """Cut off by a transfer into a closed department."""
    DROPPED_AT_CLOSING = 8
    """Was waiting when the department closed, and was cut off."""
    MOVED = 9
    """A leg only: moved to another queue at closing; the next leg of the contact follows at once."""


class Cause(IntEnum):
    """Why a contact was made."""

    FRESH = 0
    REDIAL_AFTER_ABANDONED = 1
    REDIAL_AFTER_BLOCKED = 2
    REDIAL_AFTER_BALKED = 3
    REDIAL_AFTER_CLOSED = 4
    REDIAL_AFTER_DROPPED = 5
    """After being cut off: by a transfer or at closing."""
    REPEAT_UNSOLVED = 6
    """After an answered call that did not solve the problem."""
    REPEAT_BROKEN_PROMISE = 7
    """The deadline that an employee had promised went by. Cases only, like the following."""
    REPEAT_REOPENED = 8
    """The case was closed, but the problem is still there, or back."""
    CALL_BACK = 9
    """The provider calls the customer, as promised: who waits for an agent is the call, not the customer."""
    REGULATOR = 10
    """The provider calls the customer, because the regulator has told it to."""


class CaseEvent(IntEnum):
    """What happens to a case: rows of the log's table of case events; `value` is the number that goes with it."""

    BORN = 0
    """The problem begins."""
    NEVER_TRIED = 1
    """The customer suffers it without ever calling. The last event."""
    LEARNED_HOURS = 2
    """He met a closed door and found out when departments are open. Of the contact that met it."""
    EXPLAINED = 3
    """He tells an employee what it is about: at the answer of this leg. value = employees who answered before"""
    OWNED = 4
    """Work is done: at the end of this leg's talk, or elsewhere to keep a promise (no contact). value = pieces done"""
    ESCALATION_REFUSED = 5
    """He asked for somebody in authority, at the end of this leg's talk."""
    ESCALATED = 6
    """He is passed on to somebody in authority, at the end of this leg's talk."""
    PROMISED = 7
    """An employee makes a promise as the call ends. value = the deadline [ticks]"""
    PROMISE_KEPT = 8
    """What was promised is done, in time or late: at the end of this leg's talk, or elsewhere at the deadline (no
    contact). value = the deadline [ticks]"""
    PROMISE_BROKEN = 9
    """The deadline has come and nothing will be done. value = the deadline [ticks]"""
    COMPLAINED = 10
    """A complaint reaches the regulator."""
    CLOSED_UNSOLVED = 11
    """The provider closes the case after this contact, unsolved."""
    REOPENED = 12
    """The customer calls because it was closed unsolved (value = 0) or has come back (value = 1): as this contact
    begins."""
    SOLVED = 13
    """It works. value = 1 if the customer had complained to the regulator"""
    GAVE_UP = 14
    """The customer does not call again. The last event."""


class AngerCause(IntEnum):
    """What makes customers angry; columns of `callsim.plan.cases.Cases.anger`."""

    UNSOLVED = 0
    """An answered call that did not solve it."""
    ABANDONED = 1
    TURNED_AWAY = 2
    """A busy tone, a closed announcement, a voice box, or word of a wait that he did not care to begin."""
    CUT_OFF = 3
    """By a transfer, or at closing."""
    BROKEN_PROMISE = 4
    HOUR_ON_HOLD = 5


class TransferResult(IntEnum):
    """What became of a caller when the talk of an answered leg ended."""

    NONE = 0
    """Nobody meant to transfer him."""
    TRANSFERRED = 1
    KEPT_TARGET_CLOSED = 2
    """The agent knew that the target is closed and kept the caller; the call ends here."""
    DROPPED_TARGET_CLOSED = 3
    RETURNED_TARGET_CLOSED = 4
    """Sent back to the queue he came from."""
    VOICEMAIL_TARGET_CLOSED = 5
    HELD_TARGET_CLOSED = 6
    """Joined the target's queue and holds until it opens."""
    TOO_MANY_TRANSFERS = 7
    """Meant to be transferred, but had been passed on as often as is allowed; the call ends here."""
    UNFINISHED = 8
    """The run ended while he talked or was on the way."""


class WhenClosed(IntEnum):
    """What becomes of a caller who arrives at a closed queue."""

    ANNOUNCE = 0
    """Announce and hang up: outcome CLOSED."""
    BUSY = 1
    """Busy tone: outcome BLOCKED."""
    VOICEMAIL = 2
    OVERFLOW = 3
    """Goes to another queue at once."""
    HOLD = 4
    """Waits in the queue until it opens."""


class AtClosing(IntEnum):
    """What becomes of callers who still wait when their queue closes."""

    SERVE = 0
    DROP = 1
    KEEP = 2
    """They keep waiting, unserved, until the queue opens again."""
    MOVE = 3
    """They move to another queue, at its back, as a new leg."""


class IfClosed(IntEnum):
    """What a transfer does when its target is closed at the end of the talk."""

    KEEP = 0
    DROP = 1
    RETURN = 2
    VOICEMAIL = 3
    HOLD = 4


class Place(IntEnum):
    """Where a transferred caller joins the target's queue."""

    BACK = 0
    AHEAD = 1
    """Ahead of new calls of the same priority, behind higher priorities."""
    KEEPS = 2
    """As if he had joined when he first called: key time is the contact's arrival."""


class TransferPatience(IntEnum):
    """The patience of a transferred caller in the next queue."""

    FRESH = 0
    REMAINING = 1
    """What is left of this contact's patience after the waits so far."""
    UNLIMITED = 2


class PatienceRule(IntEnum):
    """How the patience of one caller's contacts hangs together."""

    FRESH = 0
    """Drawn anew for each contact and leg (times ``patience_scale`` of the contact)."""
    SAME_PERSON = 1
    """Drawn once per caller and used for each of his contacts and fresh legs."""


class CallSelection(IntEnum):
    """Which waiting call an agent who becomes free takes. Only the first takeable call of each queue is compared."""

    LEVEL_FIRST = 0
    """Lowest level of the agent, then highest priority, then largest slope * (wait + credit)."""
    PRIORITY_FIRST = 1
    """Highest priority, then lowest level, then largest slope * (wait + credit)."""
    LONGEST_WAIT = 2
    """Highest priority, then largest slope * (wait + credit), whatever the level."""


class AgentSelection(IntEnum):
    """Which idle agent takes a call, among those of the lowest level if ``agent_by_level``."""

    LONGEST_IDLE = 0
    LEAST_OCCUPIED = 1
    """Smallest (time handling) / (time signed on), both since the start; then longest idle."""
    RANDOM = 2


class StaffingKind(IntEnum):
    """How an agent group's presence is given."""

    HEADS = 0
    """Head-counts by interval: when they fall, idle agents leave, the rest is owed by those who finish next."""
    SHIFTS = 1
    """Named people whose end is fixed: a busy one finishes his call, then goes."""


class SpanKind(IntEnum):
    """What an agent span says. Talk and after-call work are read from the legs."""

    SIGNED_ON = 0
    """Present as planned; breaks lie inside."""
    BREAK = 1
    OVERRUN = 2
    """Present after the planned end, finishing a call."""
    ABSENT = 3
    """A planned shift that nobody came to."""


class ServiceLevelFormula(IntEnum):
    """Which denominator the service level has; names and formulas as in the measures reference."""

    NEGATIVE_ABANDON = 0
    ANSWERED_ONLY = 1
    POSITIVE_ABANDON = 2
    IGNORE_SHORT_ABANDON = 3
    EXCLUDE_SHORT_ABANDON = 4
    OFFERED_INCL_BLOCKED = 5


class Rank(IntEnum):
    """The written event order: at equal times lower ranks come first, then the entity's number.

    A service end is the end of talk or of after-call work. When both fall together (no after-call
    work) the agent is released and takes his next call, then the caller moves on.
    """

    SERVICE_END = 1
    """number = agent"""
    SIGN_OFF = 2
    """number = duty"""
    BREAK_START = 3
    """number = break"""
    BREAK_END = 4
    """number = agent"""
    SIGN_ON = 5
    """number = duty"""
    HEADS = 6
    """number = row of the head-count table"""
    CLOSING = 7
    """number = queue"""
    OPENING = 8
    """number = queue"""
    ARRIVAL = 9
    """A fresh call, a redial, or a transferred caller who reaches the target. number = caller"""
    OVERFLOW = 10
    """A waiting call becomes takeable for further groups. number = caller"""
    PATIENCE_END = 11
    """number = caller"""


class Purpose(IntEnum):
    """Why a draw is made. Numbers 2i and 2i+1 share one Philox block; ``+ ZERO_MASS`` is the companion draw."""

    PATIENCE = 0
    TALK = 1
    AFTER_CALL_WORK = 2
    TRANSFER = 3
    BALK = 4
    REDIAL = 5
    REDIAL_DELAY = 6
    EXPLAIN = 7
    AGENT_CHOICE = 8
    INSTANT = 10
    COUNT = 12
    DAY_FACTOR = 14
    NO_SHOW = 16
    OWNERSHIP = 18
    """By the ordinal of the answered employee, in the leg's place, contact 0; as the next nine."""
    NOTES = 19
    IDENTIFY = 20
    OWNER_TALK = 21
    NOTES_TALK = 22
    CASE_EXPLAIN = 23
    ESCALATION = 24
    PROMISE = 25
    PROMISE_DUE = 26
    PROMISE_KEPT = 27
    REPEAT = 28
    """By the ordinal of the answered call that did not solve it, in the leg's place, contact 0; as the next five."""
    REPEAT_DELAY = 29
    CLOSING = 30
    COMPLAINT = 31
    REGULATOR_ACTS = 32
    BROKEN_DELAY = 33
    WORKS = 34
    """By the ordinal of the solution, in the leg's place, contact 0; as the next."""
    RETURNS = 35
    REOPENS = 36
    """By the ordinal of the closing, solved or not, in the leg's place, contact 0; as the next."""
    REOPENS_DELAY = 37
    NEVER_TRIES = 38
    """By the case: contact 0, leg 0; as the next two."""
    NOTICED = 39
    KNOWS_HOURS = 40
    LEARNS_HOURS = 41
    """By the contact that met a closed door, leg 0."""
    DIAL = 42
    """By the contact that is to be made, leg 0; as the next."""
    WAITS_ON = 43
    BELIEF = 44
    ZERO_MASS = 256
    """Added to the purpose of a duration: decides whether the law's point mass at zero is hit."""
