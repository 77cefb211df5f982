"""What is written down while the centre runs: contacts, legs and agent spans, in the columns of `callsim.runlog`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from simpy import Event

from callsim.codes import CaseEvent, Cause, Outcome, SpanKind, TransferResult
from callsim.engines.simpy.lookup import Caller
from callsim.runlog.columns import CASE_EVENTS, CONTACTS, LEGS, MISSING, SPANS, Column

__all__ = ["NOT_DRAWN", "Contact", "Leg", "Record", "Span"]

Table = dict[str, npt.NDArray[np.int64]]


NOT_DRAWN = -1
"""The patience of a caller who did not have to wait yet."""


UNFINISHED, NO_TRANSFER = Outcome.UNFINISHED, TransferResult.NONE

PACKED_AT_ONCE = 4096
"""Loose cells that are packed when there are more: while they are still in the processor's cache."""


class Contact:
    """One call, from dialling to hanging up."""

    __slots__ = (
        "arrived",
        "attempt",
        "caller",
        "cause",
        "ended",
        "index",
        "leg",
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
        self.outcome = UNFINISHED
        self.ended = MISSING
        self.leg: Leg | None = None
        """The leg that is not written down yet."""
        self.legs = 0
        self.transfers = 0
        self.patience = NOT_DRAWN
        """What is left of the caller's patience in this contact. [ticks]"""


class Leg:
    """One visit to a queue, and the talk with an agent that may follow."""

    __slots__ = (
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
        self.queue = queue
        self.entered = entered
        contact.legs += 1
        contact.leg = self
        self.left = MISSING
        self.outcome = UNFINISHED
        self.answered_by = MISSING
        """Number of the agent."""
        self.talk_end = MISSING
        self.handle_end = MISSING
        self.transfer = NO_TRANSFER
        self.transfer_row = MISSING
        self.explain_law = -1
        self.settled: Event | None = None
        """Happens when the wait is over, however it ends; None for a caller who was answered at once."""
        self.entry: tuple[int, int, int, Leg] | None = None
        """His place in the waiting line: (priority, key time, sequence, leg); None: he does not wait."""


class Span:
    """A stretch of an agent's time that is not read from the legs."""

    __slots__ = ("agent", "kind", "start")

    def __init__(self, agent: int, kind: SpanKind, start: int) -> None:
        self.agent = agent
        self.kind = kind
        self.start = start


_INDEX = Column("index", "index", "row of the contact")


class Record:
    """The log as it is written: a row is appended when its contact, leg or span is over, and the object can go."""

    def __init__(self) -> None:
        self.contacts = Cells((_INDEX, *CONTACTS))
        self.legs = Cells(LEGS)
        self.spans = Cells(SPANS)
        self.case_events = Cells(CASE_EVENTS)
        self.n_contacts = 0
        self.calling: dict[int, Contact] = {}
        """Contacts that are not over, by index."""
        self.present: dict[Span, None] = {}
        """Spans that are not over, in the order of their beginning."""

    def begin_contact(self, caller: Caller, cause: Cause, now: int, queue: int) -> Contact:
        """Give a new contact its number: they count in the order of the arrival events."""
        index = self.n_contacts
        self.n_contacts = index + 1
        contact = self.calling[index] = Contact(index, caller, cause, now, queue)
        return contact

    def end_contact(self, contact: Contact) -> None:
        """Write down a contact that is over."""
        c, day, i = contact, contact.caller.day, contact.caller.index
        del self.calling[c.index]
        self.contacts.add(
            (
                c.index,
                day.stream,
                day.blocks[i],
                day.ordinals[i],
                c.attempt,
                c.cause,
                c.arrived,
                c.queue,
                c.outcome,
                c.ended,
            )
        )

    def end_leg(self, leg: Leg) -> None:
        """Write down a leg that is over, the decision about a transfer included."""
        leg.contact.leg = None
        self.legs.add(
            (
                leg.contact.index,
                leg.number,
                leg.queue,
                leg.entered,
                leg.left,
                leg.outcome,
                leg.answered_by,
                leg.talk_end,
                leg.handle_end,
                leg.transfer,
                leg.transfer_row,
            )
        )

    def begin_span(self, agent: int, kind: SpanKind, start: int) -> Span:
        """Open a span of an agent's time."""
        span = Span(agent, kind, start)
        self.present[span] = None
        return span

    def end_span(self, span: Span, end: int) -> None:
        """Write down a span that is over; one without length did not happen."""
        del self.present[span]
        if end > span.start or end == MISSING:
            self.spans.add((span.agent, span.kind, span.start, end))

    def add_case_event(
        self, caller: Caller, step: int, at: int, event: CaseEvent, contact: int, leg: int, value: int
    ) -> None:
        """Write down what happened to a case."""
        day, i = caller.day, caller.index
        self.case_events.add((day.stream, day.blocks[i], day.ordinals[i], step, at, event, contact, leg, value))

    def pack(self) -> None:
        """Keep memory small: called every few callers."""
        for cells in (self.contacts, self.legs, self.spans, self.case_events):
            if len(cells.loose) > PACKED_AT_ONCE:
                cells.pack()

    def tables(self) -> tuple[Table, Table, Table, Table]:
        """Return contacts, legs, spans and case events; what is not over is written down as it stands."""
        for contact in list(self.calling.values()):
            if contact.leg is not None:
                self.end_leg(contact.leg)
            self.end_contact(contact)
        for span in list(self.present):
            self.end_span(span, MISSING)
        contacts = self.contacts.table("index")
        del contacts["index"]
        legs, spans = self.legs.table("contact", "leg"), self.spans.table("agent", "start", "kind")
        return contacts, legs, spans, self.case_events.table("stream", "block", "n", "step")


class Cells:
    """A table under way: Python numbers, packed into machine integers from time to time."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.loose: list[int] = []
        self.packed: list[npt.NDArray[np.int64]] = []
        self.add = self.loose.extend
        """Append the cells of a row. (A list takes a row several times faster than an array.)"""

    def pack(self) -> None:
        """Pack what is loose."""
        self.packed.append(np.fromiter(self.loose, dtype=np.int64, count=len(self.loose)))
        self.loose.clear()

    def table(self, *key: str) -> Table:
        """Return the columns, with the rows sorted by the key."""
        self.pack()
        rows = np.concatenate(self.packed).reshape(-1, len(self.columns))
        self.packed.clear()
        table = {column.name: rows[:, i] for i, column in enumerate(self.columns)}
        order = np.lexsort([table[name] for name in reversed(key)])
        return {name: column[order] for name, column in table.items()}
