"""What is written down while the centre runs: contacts, legs and agent spans, in the columns of `callsim.runlog`."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from simpy import Event

from callsim.codes import Cause, Outcome, SpanKind, TransferResult
from callsim.plan.plan import NEVER
from callsim.runlog.columns import CONTACTS, LEGS, MISSING, SPANS, Column

if TYPE_CHECKING:
    from callsim.engines.simpy.caller import Caller
    from callsim.engines.simpy.staff import Agent

__all__ = ["Contact", "Leg", "Span", "tables"]

Table = dict[str, npt.NDArray[np.int64]]


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


class Leg:
    """One visit to a queue, and the talk with an agent that may follow."""

    __slots__ = (
        "agent",
        "answered_by",
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
        self.answered_by = MISSING
        self.talk_end = MISSING
        self.handle_end = MISSING
        self.transfer = TransferResult.NONE
        self.transfer_row = MISSING
        self.explain_law = -1
        self.settled: Event | None = None
        """Happens when the wait is over, however it ends; None for a caller who was answered at once."""
        self.entry: tuple[int, int, int, Leg] | None = None
        """His place in the waiting line: (priority, key time, sequence, leg)."""


class Span:
    """A stretch of an agent's time that is not read from the legs."""

    __slots__ = ("agent", "end", "kind", "start")

    def __init__(self, agent: int, kind: SpanKind, start: int, end: int = MISSING) -> None:
        self.agent = agent
        self.kind = kind
        self.start = start
        self.end = end


_CONTACT_PATHS = {"stream": "caller.day.stream", "block": "caller.block", "n": "caller.n"}
_LEG_PATHS = {"contact": "contact.index", "leg": "number", "agent": "answered_by"}


def tables(contacts: list[Contact], legs: list[Leg], spans: list[Span]) -> tuple[Table, Table, Table]:
    """Return the log's three tables: contacts and legs in their order, spans without the empty ones."""
    leg_rows = _table(LEGS, legs, _LEG_PATHS)
    order = np.lexsort((leg_rows["leg"], leg_rows["contact"]))
    leg_rows = {name: column[order] for name, column in leg_rows.items()}
    span_rows = _table(SPANS, [span for span in spans if span.start != span.end], {})
    order = np.lexsort((span_rows["kind"], span_rows["start"], span_rows["agent"]))
    span_rows = {name: column[order] for name, column in span_rows.items()}
    return _table(CONTACTS, contacts, _CONTACT_PATHS), leg_rows, span_rows


def _table(columns: tuple[Column, ...], records: Sequence[Contact | Leg | Span], paths: dict[str, str]) -> Table:
    """Read each column by its own name, or by the path that stands for it."""
    size = len(records)
    return {
        column.name: np.fromiter(map(attrgetter(paths.get(column.name, column.name)), records), np.int64, size)
        for column in columns
    }
