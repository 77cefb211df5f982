"""What is written down while the centre runs: contacts, legs and agent spans, in the columns of `callsim.runlog`."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from simpy import Event

from callsim.codes import Cause, Outcome, SpanKind, TransferResult
from callsim.runlog.columns import CONTACTS, LEGS, MISSING, SPANS, Column

if TYPE_CHECKING:
    from callsim.engines.simpy.caller import Caller
    from callsim.engines.simpy.staff import Agent

__all__ = ["NOT_DRAWN", "Contact", "Leg", "Record", "Span"]

Table = dict[str, npt.NDArray[np.int64]]


NOT_DRAWN = -1
"""The patience of a caller who did not have to wait yet."""


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
        self.outcome = Outcome.UNFINISHED
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
        contact.leg = self
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

    __slots__ = ("agent", "kind", "start")

    def __init__(self, agent: int, kind: SpanKind, start: int) -> None:
        self.agent = agent
        self.kind = kind
        self.start = start


class Record:
    """The log as it is written: a row is appended when its contact, leg or span is over, and the object can go."""

    def __init__(self) -> None:
        self.contacts = array("q")
        self.legs = array("q")
        self.spans = array("q")
        self.n_contacts = 0
        self.calling: dict[int, Contact] = {}
        """Contacts that are not over, by index."""
        self.present: dict[Span, None] = {}
        """Spans that are not over, in the order of their beginning."""

    def begin_contact(self, caller: Caller, cause: Cause, now: int, queue: int) -> Contact:
        """Give a new contact its number: they count in the order of the arrival events."""
        contact = Contact(self.n_contacts, caller, cause, now, queue)
        self.calling[self.n_contacts] = contact
        self.n_contacts += 1
        return contact

    def end_contact(self, contact: Contact) -> None:
        """Write down a contact that is over."""
        del self.calling[contact.index]
        self._write_contact(contact)

    def _write_contact(self, contact: Contact) -> None:
        caller = contact.caller
        who = (contact.index, caller.day.stream, caller.block, caller.n, contact.attempt)
        self.contacts.extend((*who, contact.cause, contact.arrived, contact.queue, contact.outcome, contact.ended))

    def end_leg(self, leg: Leg) -> None:
        """Write down a leg that is over, the decision about a transfer included."""
        leg.contact.leg = None
        where = (leg.contact.index, leg.number, leg.queue, leg.entered, leg.left, leg.outcome)
        talk = (leg.answered_by, leg.talk_end, leg.handle_end)
        self.legs.extend((*where, *talk, leg.transfer, leg.transfer_row))

    def begin_span(self, agent: int, kind: SpanKind, start: int) -> Span:
        """Open a span of an agent's time."""
        span = Span(agent, kind, start)
        self.present[span] = None
        return span

    def end_span(self, span: Span, end: int) -> None:
        """Write down a span that is over; one without length did not happen."""
        del self.present[span]
        if end > span.start:
            self.spans.extend((span.agent, span.kind, span.start, end))

    def tables(self) -> tuple[Table, Table, Table]:
        """Return contacts, legs and spans; what is not over is written down as it stands."""
        for contact in self.calling.values():
            self._write_contact(contact)
            if contact.leg is not None:
                self.end_leg(contact.leg)
        for span in self.present:
            self.spans.extend((span.agent, span.kind, span.start, MISSING))
        contacts = _table((_INDEX, *CONTACTS), self.contacts, ("index",))
        del contacts["index"]
        return (
            contacts,
            _table(LEGS, self.legs, ("contact", "leg")),
            _table(SPANS, self.spans, ("agent", "start", "kind")),
        )


_INDEX = Column("index", "index", "row of the contact")


def _table(columns: tuple[Column, ...], cells: array[int], key: tuple[str, ...]) -> Table:
    """Return cells that stand row behind row as columns, the rows sorted by the key."""
    rows = np.frombuffer(cells, dtype=np.int64).reshape(-1, len(columns))
    table = {column.name: np.ascontiguousarray(rows[:, i]) for i, column in enumerate(columns)}
    order = np.lexsort([table[name] for name in reversed(key)])
    return {name: column[order] for name, column in table.items()}
