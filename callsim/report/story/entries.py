"""What a story is made of: dated entries with what happened and what it had come to by then. Times are ticks."""

from __future__ import annotations

from dataclasses import dataclass, field

from callsim.codes import CaseEvent, Cause, Outcome, TransferResult

__all__ = ["IN_VAIN", "Call", "Entry", "Promise", "Totals", "Visit"]

IN_VAIN = (Outcome.CLOSED, Outcome.BLOCKED, Outcome.BALKED, Outcome.VOICEMAIL)
"""How a call ends that never came to a queue: a call in vain."""


@dataclass(frozen=True)
class Totals:
    """What it has come to so far."""

    calls: int = 0
    """That the customer made."""
    from_provider: int = 0
    """Calls that the provider made to him."""
    conversations: int = 0
    """Employees who answered, each as often as he did."""
    employees: int = 0
    """Different employees who answered."""
    phone: int = 0
    """Time on the phone: from calling to hanging up, and the talk of the provider's calls. [ticks]"""
    hold: int = 0
    """Of it, waits in queues and the dialling of transfers. [ticks]"""
    talk: int = 0
    """The rest of it. [ticks]"""
    in_vain: int = 0
    """Calls that met a closed door, a busy tone, a voice box, or word of too long a wait."""
    abandoned: int = 0
    cut_off: int = 0
    """By a transfer, or because the department closed."""
    transfers: int = 0
    """Times that he was passed on to somebody else's department, those into closed doors included."""
    explanations: int = 0
    escalations_refused: int = 0
    escalations_granted: int = 0
    promises: int = 0
    promises_kept: int = 0
    """In time or late."""
    promises_broken: int = 0


@dataclass(frozen=True)
class Visit:
    """One leg: a wait in a queue and what followed."""

    queue: str
    waited: int
    """[ticks]"""
    outcome: Outcome
    employee: str = ""
    """Who answered; "" nobody."""
    talked: int = 0
    """[ticks]"""
    explained: int | None = None
    """He told what it is about for the so-many-th time; None: he did not."""
    saw_notes: bool = False
    """The employee saw what his colleagues had written."""
    pieces: int = 0
    """Pieces of work done at the end of the talk."""
    pieces_done: int = 0
    """And in all by then, since it began or came back."""
    escalation: CaseEvent | None = None
    """`ESCALATED`, `ESCALATION_REFUSED`, or he did not ask."""
    transfer: TransferResult = TransferResult.NONE
    target: str = ""
    """Where the transfer was to lead; "" there was none."""
    still_talking: bool = False
    """The run ended while he talked."""


@dataclass(frozen=True)
class Promise:
    """One line of the ledger of promises."""

    made: int
    """[ticks]"""
    call: int
    """In which call of his; 0: in one of the provider's."""
    employee: str
    """Who made it."""
    due: int
    """[ticks]"""
    fate: str = "open"
    """kept, late, broken or open."""
    settled: int | None = None
    """When it was kept or broken. [ticks]"""


@dataclass(frozen=True)
class Call:
    """One contact."""

    number: int
    """1 for his first call; of the provider's calls 1 for its first."""
    cause: Cause
    outbound: bool
    """The provider made it."""
    queue: str
    """Called, or to which the provider's call belongs."""
    outcome: Outcome
    ended: int
    """[ticks]; the end of the run if it had not ended"""
    visits: tuple[Visit, ...]
    believed_open: bool = False
    """It met a closed door in hours in which those who do not know better believe it open."""
    learned_hours: bool = False
    promise_due: int | None = None
    """A promise was made as it ended: the deadline. [ticks]"""
    kept: Promise | None = None
    """What it was made to keep, now kept."""
    closed_unsolved: bool = False
    """The provider closed the case behind it, unsolved."""
    reopened: int | None = None
    """It opens the case again: 0 after it was closed unsolved, 1 because the problem is back."""


@dataclass(frozen=True)
class Entry:
    """Something that happened: a call, or something between two calls."""

    at: int
    """[ticks]"""
    kind: str
    """``call``, the name of a `CaseEvent` in small letters, or ``open``: the run ends and it is not solved."""
    age: int
    """Since the problem began; since the first call, without a case. [ticks]"""
    totals: Totals
    """After it."""
    call: Call | None = None
    value: int = 0
    """The number that goes with the event; see `CaseEvent`. Of ``open``, 1 if it is with the regulator."""
    promise: Promise | None = None
    """That is kept or broken now; of ``open``, one that is not due yet."""
    pieces_done: int = 0
    """Of the work, so far."""
    text: str = field(default="", compare=False)
    """The dated sentence."""
