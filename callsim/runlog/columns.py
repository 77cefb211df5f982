"""The columns of the run log, each declared once: name, dtype, unit, meaning, missing value.

Every figure that callsim reports can be recomputed from these tables. The reference page, the
saved files and the digest all loop over the declarations below.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASE_EVENTS", "CONTACTS", "FORMAT", "LEGS", "MISSING", "SPANS", "Column"]

FORMAT = 3
"""Version of the log: raised when a column changes its name, meaning or order, or the rule of the digest changes."""
MISSING = -1
"""Stands where there is no value (an agent for a caller who was never answered)."""


@dataclass(frozen=True)
class Column:
    """One column of a log table. All columns are int64."""

    name: str
    unit: str
    meaning: str


CONTACTS = (
    Column("stream", "index", "callers' stream"),
    Column("block", "index", "arrival block of the caller, counted in the plan; -1 for replayed instants"),
    Column("n", "count", "ordinal of the caller's draw in the block (of the instant in the record, if replayed)"),
    Column("attempt", "count", "0 for the caller's first contact, 1 for the next, ..."),
    Column("cause", "Cause", "why this contact was made"),
    Column("arrived", "ticks", "instant of the call"),
    Column("queue", "index", "the queue that was called"),
    Column("outcome", "Outcome", "how it ended: the outcome of its last leg, if it had one"),
    Column("ended", "ticks", "hang-up; -1 if it had not ended when the run did"),
)
"""One row per call, in the order of the arrival events (by instant, then caller)."""

LEGS = (
    Column("contact", "index", "row of the contact"),
    Column("leg", "count", "0 for the first queue visit, 1 for the next, ..."),
    Column("queue", "index", "where he waits"),
    Column("entered", "ticks", "joined the queue"),
    Column("left", "ticks", "answered, hung up or cut off; -1 if still waiting at the end"),
    Column("outcome", "Outcome", "ANSWERED, ABANDONED, DROPPED_AT_CLOSING, MOVED or UNFINISHED"),
    Column("agent", "index", "who answered; -1: nobody"),
    Column("talk_end", "ticks", "end of the talk (known at the answer: it may lie beyond the end of the run); -1"),
    Column("handle_end", "ticks", "end of the after-call work, likewise; -1"),
    Column("transfer", "TransferResult", "what became of him at the end of the talk"),
    Column("transfer_row", "index", "row of the transfer table that was drawn; -1: none"),
)
"""One row per queue visit and the agent within it, sorted by contact and leg."""

SPANS = (
    Column("agent", "index", "who"),
    Column("kind", "SpanKind", "SIGNED_ON, BREAK, OVERRUN or ABSENT"),
    Column("start", "ticks", "from"),
    Column("end", "ticks", "to; -1 if it lasted when the run ended"),
)
"""What agents did besides calls, sorted by agent, start and kind."""

CASE_EVENTS = (
    Column("stream", "index", "callers' stream of the case kind"),
    Column("block", "index", "arrival block of the caller, who is the case"),
    Column("n", "count", "ordinal of the caller's draw in the block"),
    Column("step", "count", "0 for the first event of the case, 1 for the next, ..."),
    Column("at", "ticks", "when"),
    Column("event", "CaseEvent", "what happened"),
    Column("contact", "index", "row of the contact in which it happened; -1: between two contacts"),
    Column("leg", "count", "leg of that contact; -1: not within one"),
    Column("value", "count", "the number that goes with the event; 0 if it has none"),
)
"""What happened to cases besides their contacts, sorted by stream, block, n and step; empty without cases.

A case's events are in the order of their instants. What would happen at the end of the run or later is not there: the
case is open then."""
