"""The codes as plain numbers: compiled code stores them in cells."""

from __future__ import annotations

from callsim.codes import (
    AgentSelection,
    AtClosing,
    CallSelection,
    Cause,
    IfClosed,
    Outcome,
    PatienceRule,
    Place,
    Purpose,
    Rank,
    SpanKind,
    TransferPatience,
    TransferResult,
    WhenClosed,
)

UNFINISHED, ANSWERED, ABANDONED, BLOCKED, BALKED, CLOSED, VOICEMAIL, DROPPED_BY_TRANSFER, DROPPED_AT_CLOSING, MOVED = (
    int(code) for code in Outcome
)
FRESH_CALL = int(Cause.FRESH)
REDIAL_AFTER_ABANDONED = int(Cause.REDIAL_AFTER_ABANDONED)
REDIAL_AFTER_BLOCKED = int(Cause.REDIAL_AFTER_BLOCKED)
REDIAL_AFTER_BALKED = int(Cause.REDIAL_AFTER_BALKED)
REDIAL_AFTER_CLOSED = int(Cause.REDIAL_AFTER_CLOSED)
REDIAL_AFTER_DROPPED = int(Cause.REDIAL_AFTER_DROPPED)
N_CAUSES = len(Cause)

NOT_TRANSFERRED = int(TransferResult.NONE)
TRANSFERRED = int(TransferResult.TRANSFERRED)
KEPT = int(TransferResult.KEPT_TARGET_CLOSED)
DROPPED = int(TransferResult.DROPPED_TARGET_CLOSED)
RETURNED = int(TransferResult.RETURNED_TARGET_CLOSED)
TO_VOICEMAIL = int(TransferResult.VOICEMAIL_TARGET_CLOSED)
HELD = int(TransferResult.HELD_TARGET_CLOSED)
TOO_MANY_TRANSFERS = int(TransferResult.TOO_MANY_TRANSFERS)
TRANSFER_UNFINISHED = int(TransferResult.UNFINISHED)

CLOSED_BUSY = int(WhenClosed.BUSY)
CLOSED_VOICEMAIL = int(WhenClosed.VOICEMAIL)
CLOSED_OVERFLOW = int(WhenClosed.OVERFLOW)
CLOSED_HOLD = int(WhenClosed.HOLD)

CLOSING_DROP = int(AtClosing.DROP)
CLOSING_KEEP = int(AtClosing.KEEP)
CLOSING_MOVE = int(AtClosing.MOVE)

IF_CLOSED_KEEP = int(IfClosed.KEEP)
IF_CLOSED_DROP = int(IfClosed.DROP)
IF_CLOSED_RETURN = int(IfClosed.RETURN)
IF_CLOSED_VOICEMAIL = int(IfClosed.VOICEMAIL)

BACK = int(Place.BACK)
AHEAD_OF_NEW = int(Place.AHEAD)
KEEPS_PLACE = int(Place.KEEPS)

FRESH_PATIENCE = int(TransferPatience.FRESH)
UNLIMITED_PATIENCE = int(TransferPatience.UNLIMITED)
SAME_PERSON = int(PatienceRule.SAME_PERSON)

LEVEL_FIRST = int(CallSelection.LEVEL_FIRST)
PRIORITY_FIRST = int(CallSelection.PRIORITY_FIRST)
LONGEST_IDLE = int(AgentSelection.LONGEST_IDLE)
LEAST_OCCUPIED = int(AgentSelection.LEAST_OCCUPIED)

SIGNED_ON = int(SpanKind.SIGNED_ON)
ON_BREAK = int(SpanKind.BREAK)
OVERRUN = int(SpanKind.OVERRUN)
ABSENT = int(SpanKind.ABSENT)

AT_SIGN_OFF = int(Rank.SIGN_OFF)
AT_BREAK_START = int(Rank.BREAK_START)
AT_SIGN_ON = int(Rank.SIGN_ON)
AT_HEADS = int(Rank.HEADS)
AT_CLOSING = int(Rank.CLOSING)
AT_OPENING = int(Rank.OPENING)
AT_ARRIVAL = int(Rank.ARRIVAL)
AT_OVERFLOW = int(Rank.OVERFLOW)
AT_PATIENCE_END = int(Rank.PATIENCE_END)

FOR_PATIENCE = int(Purpose.PATIENCE)
FOR_TALK = int(Purpose.TALK)
FOR_WORK = int(Purpose.AFTER_CALL_WORK)
FOR_TRANSFER = int(Purpose.TRANSFER)
FOR_BALK = int(Purpose.BALK)
FOR_REDIAL = int(Purpose.REDIAL)
FOR_REDIAL_DELAY = int(Purpose.REDIAL_DELAY)
FOR_EXPLAIN = int(Purpose.EXPLAIN)
FOR_AGENT_CHOICE = int(Purpose.AGENT_CHOICE)
FOR_INSTANT = int(Purpose.INSTANT)
FOR_COUNT = int(Purpose.COUNT)
FOR_DAY_FACTOR = int(Purpose.DAY_FACTOR)
FOR_NO_SHOW = int(Purpose.NO_SHOW)
FOR_ZERO_MASS = int(Purpose.ZERO_MASS)
