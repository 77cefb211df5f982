"""What is written down while the centre runs: contacts, legs and agent spans, in the columns of `callsim.runlog`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from simpy import Event

from callsim.codes import Cause, Outcome, SpanKind, TransferResult
from callsim.plan.plan import NEVER
from callsim.runlog.columns import CONTACTS, LEGS, MISSING, SPANS

if TYPE_CHECKING:
    from callsim.engines.simpy.caller import Caller
    from callsim.engines.simpy.staff import Agent

__all__ = ["Contact", "Leg", "Span", "table"]


class Contact:
    """One call, from dialling to hanging up."""

    __slots__ = (
        "arrived",
        "attempt",
        "caller",
        "cause",
        "ended",
        "index",
        "legs",
        "outcome",
        "patience",
        "queue",
        "transfers",
    )

    def __init__(self, index: int, caller: Caller, cause: Cause, arrived: int, queue: int) -> None:
        self.index = index
        self.caller = caller
        self.attempt = caller.attempt
        self.cause = cause
        self.arrived = arrived
        self.queue = queue
        self.outcome = Outcome.UNFINISHED
        self.ended = MISSING
        self.legs = 0
        self.transfers = 0
        self.patience = NEVER
        """What is left of the caller's patience in this contact. [ticks]"""

    def row(self) -> tuple[int, ...]:
        """Return the values of `callsim.runlog.columns.CONTACTS`."""
        caller = self.caller
        who = (caller.day.stream, caller.block, caller.n)
        return (*who, self.attempt, self.cause, self.arrived, self.queue, self.outcome, self.ended)


class Leg:
    """One visit to a queue, and the talk with an agent that may follow."""

    __slots__ = (
        "agent",
        "contact",
        "entered",
        "entry",
        "explain_law",
        "handle_end",
        "left",
        "number",
        "outcome",
        "queue",
        "settled",
        "talk_end",
        "transfer",
        "transfer_row",
    )

    def __init__(self, contact: Contact, queue: int, entered: int) -> None:
        self.contact = contact
        self.number = contact.legs
        contact.legs += 1
        self.queue = queue
        self.entered = entered
        self.left = MISSING
        self.outcome = Outcome.UNFINISHED
        self.agent: Agent | None = None
        self.talk_end = MISSING
        self.handle_end = MISSING
        self.transfer = TransferResult.NONE
        self.transfer_row = MISSING
        self.explain_law = -1
        self.settled: Event | None = None
        """Happens when the wait is over, however it ends; None for a caller who was answered at once."""
        self.entry: tuple[int, int, int, Leg] | None = None
        """His place in the waiting line: (priority, key time, sequence, leg)."""

    def row(self) -> tuple[int, ...]:
        """Return the values of `callsim.runlog.columns.LEGS`."""
        agent = MISSING if self.agent is None else self.agent.number
        wait = (self.contact.index, self.number, self.queue, self.entered, self.left, self.outcome)
        return (*wait, agent, self.talk_end, self.handle_end, self.transfer, self.transfer_row)


class Span:
    """A stretch of an agent's time that is not read from the legs."""

    __slots__ = ("agent", "end", "kind", "start")

    def __init__(self, agent: int, kind: SpanKind, start: int, end: int = MISSING) -> None:
        self.agent = agent
        self.kind = kind
        self.start = start
        self.end = end

    def row(self) -> tuple[int, ...]:
        """Return the values of `callsim.runlog.columns.SPANS`."""
        return (self.agent, self.kind, self.start, self.end)


_COLUMNS = {Contact: CONTACTS, Leg: LEGS, Span: SPANS}


def table(kind: type[Contact | Leg | Span], rows: list[tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Return the log table of these rows: a dict of int64 columns."""
    columns = _COLUMNS[kind]
    values = np.array(rows, dtype=np.int64).reshape(len(rows), len(columns))
    return {column.name: np.ascontiguousarray(values[:, i]) for i, column in enumerate(columns)}
