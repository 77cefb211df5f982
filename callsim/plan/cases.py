"""Cases in the plan: problems that customers have, and what they and the provider do until they are solved.

A *case kind* is a type of case with one kind of customer, such as "order error" of "persistent" customers. It is a
stream of its own: the fresh calls of `callsim.plan.plan.Streams` are then the instants at which a problem begins, and
caller and case are the same thing. What a case kind does not say here its stream says: patience, priority, where an
ordinary caller would call, and the shares and delays of calling again by `callsim.codes.Cause`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

__all__ = ["Cases", "case_faults", "no_cases"]

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """Problems and those who have them. Shares are thresholds of 53 bits, factors have 20 binary places."""

    types: tuple[str, ...]
    """Names of the types of case."""
    type: Int32
    """[kind] Which type."""
    customers: tuple[str, ...]
    """[kind] Name of the kind of customer."""
    stream: Int32
    """[kind] The stream whose callers these are; sorted, each at most once."""

    # --- what is to be done ---------------------------------------------------------------------
    pieces: Int32
    """[kind] Pieces of owned work until the case is solved; 1 or more."""
    can_do: Bool
    """[kind, piece, queue] Whether who answers in this queue can own this piece."""
    owner_share: Int64
    """[kind, group] Threshold: an answering employee who can own the present piece does."""
    carried_share: Int64
    """[kind] Threshold instead, where it is larger, of employees who see in the notes that the case has had an
    owner; 0: ownership does not carry over."""
    owner_does_rest: Bool
    """[kind] An owner does all pieces that are left, not one."""
    owner_law: Int32
    """[kind] What an owner's talk takes longer, -1: nothing."""
    works_law: Int32
    """[kind] From the last piece until it works for the customer, -1: at once."""
    returns: Int64
    """[kind] Threshold: a solved problem comes back."""
    deadline: Int64
    """[kind] Age by which the case should be solved; NEVER: none. [ticks]"""

    # --- telling it again -----------------------------------------------------------------------
    identify_law: Int32
    """[kind] Identity check, at every employee, -1: none."""
    explain_law: Int32
    """[kind] Explaining the case, at every employee who sees no notes, -1: takes no time of its own."""
    notes_law: Int32
    """[kind] Instead of it, where he sees the notes, -1: nothing."""
    notes_seen: Int64
    """[kind] Threshold: an employee sees the notes of his colleagues; 0: there is no shared ticket."""

    # --- the customer ---------------------------------------------------------------------------
    never_tries: Int64
    """[kind] Threshold: suffers without ever calling."""
    noticed_law: Int32
    """[kind] From the beginning of the problem until he notices, -1: at once."""
    dial_share: Int64
    """[kind, piece, queue] Thresholds that add up to SURE: where he calls for this piece. If it is closed as far as he
    knows, he calls the first other queue with a share that is open, by index."""
    awake_offset: Int64
    """[kind + 1] Rows of the instants at which he makes calls; none: always."""
    awake_start: Int64
    """[window] Sorted, apart from each other. [ticks]"""
    awake_end: Int64
    """[window] [ticks]"""
    knows_hours: Int64
    """[kind] Threshold: knows from the first day when departments admit calls; others believe `believed_start`."""
    learns_hours: Int64
    """[kind] Threshold, at each closed announcement: from now on he knows them all."""
    believed_offset: Int64
    """[queue + 1] Rows of the hours that who does not know believes in, such as the advertised ones."""
    believed_start: Int64
    """[window] Sorted, apart from each other. [ticks]"""
    believed_end: Int64
    """[window] [ticks]"""
    waits_on_law: Int32
    """[kind] Who waited for an opening, or for the morning, calls so long after it, -1: on the dot."""

    # --- anger ----------------------------------------------------------------------------------
    anger: Int64
    """[kind, `AngerCause`] Points of anger; `HOUR_ON_HOLD` for each full hour he has held so far in all."""
    anger_patience: Int64
    """[kind, points] Factor on his patience; the last column serves all higher points, as in the next two."""
    anger_delay: Int64
    """[kind, points] Factor on the delay until he calls again."""
    anger_talk: Int64
    """[kind, points] Factor on the talk (not on identifying, explaining and owning)."""

    # --- promises -------------------------------------------------------------------------------
    promise_share: Int64
    """[kind] Threshold: who answers and does not solve it makes a promise as the call ends."""
    promise_due_law: Int32
    """[kind] From the promise to its deadline. >= 0 where promise_share is not 0."""
    promise_kept: Int64
    """[kind] Threshold: something is done about it: what an owner does."""
    promise_queue: Int32
    """[kind] Where a kept promise becomes work, a call to the customer; -1: it is kept, elsewhere, when it is due."""
    promise_lead: Int64
    """[kind] So long before the deadline the call joins that queue. [ticks]"""
    promise_priority: Int32
    """[kind] Priority of that call."""

    # --- closing a case that is not solved --------------------------------------------------------
    closes_unsolved: Int64
    """[kind] Threshold: the provider closes the case after an answered call that did not solve it."""

    # --- escalation -------------------------------------------------------------------------------
    escalation_row: Int32
    """[kind, queue] Row of the plan's transfers, with share 0, by which a call is escalated from here; -1: none."""
    escalation_contacts: Int32
    """[kind] He asks for it in this contact (1 is the first) and all later ones, ..."""
    escalation_age: Int64
    """[kind] ... or when the case is so old, ... [ticks]"""
    escalation_hold: Int64
    """[kind] ... or when he has held so long in all, ... [ticks]"""
    escalation_anger: Int32
    """[kind] ... or at so many points of anger."""
    escalation_granted: Int64
    """[kind] Threshold: who is asked escalates the call; otherwise the call goes on as if not asked."""

    # --- the regulator ----------------------------------------------------------------------------
    complaint_share: Int64
    """[kind] Threshold: complains to the regulator after an answered call that did not solve it, once a case, ..."""
    complaint_age: Int64
    """[kind] ... if the case is at least so old, ... [ticks]"""
    complaint_contacts: Int32
    """[kind] ... and this was at least his so-many-th contact."""
    office_offset: Int64
    """[kind + 1] Rows of the hours in which complaints are taken; none: always."""
    office_start: Int64
    """[window] Sorted, apart from each other. [ticks]"""
    office_end: Int64
    """[window] [ticks]"""
    regulator_law: Int32
    """[kind] From the complaint until the regulator has made the provider act. >= 0 where complaint_share is not 0."""
    regulator_queue: Int32
    """[kind] There it becomes work for the provider, a call to the customer by an owner who does the rest; -1: the
    case is solved then."""
    regulator_priority: Int32
    """[kind] Priority of that call."""

    @property
    def n(self) -> int:
        """Number of case kinds."""
        return len(self.stream)


def no_cases() -> Cases:
    """Return the cases of a plan that has none."""
    empty: dict[str, npt.NDArray[np.generic] | tuple[str, ...]] = {
        name: np.zeros(shape, dtype)
        for dtype, shape, names in (
            (
                np.int32,
                (0,),
                "type stream pieces owner_law works_law identify_law explain_law notes_law noticed_law waits_on_law"
                " promise_due_law promise_queue promise_priority escalation_contacts escalation_anger"
                " complaint_contacts regulator_law regulator_queue regulator_priority",
            ),
            (
                np.int64,
                (0,),
                "carried_share returns deadline notes_seen never_tries awake_start awake_end knows_hours learns_hours"
                " believed_start believed_end promise_share promise_kept promise_lead closes_unsolved escalation_age"
                " escalation_hold escalation_granted complaint_share complaint_age office_start office_end",
            ),
            (np.int64, (1,), "awake_offset believed_offset office_offset"),
            (np.int64, (0, 0), "owner_share anger anger_patience anger_delay anger_talk"),
            (np.int64, (0, 0, 0), "dial_share"),
            (np.int32, (0, 0), "escalation_row"),
            (np.bool_, (0,), "owner_does_rest"),
            (np.bool_, (0, 0, 0), "can_do"),
        )
        for name in names.split()
    }
    return Cases(types=(), customers=(), **empty)  # type: ignore[arg-type]


_WINDOWS = ("awake", "believed", "office")


def case_faults(cases: Cases, n_streams: int, n_queues: int, n_groups: int) -> Iterator[str]:
    """Yield what is wrong with the shape or order of a plan's cases, each as the rest of a sentence."""
    if not cases.n:
        return
    n = cases.n
    columns = cases.can_do.shape[1]
    by_piece = (n, columns, n_queues)
    if columns < cases.pieces.max():
        yield f"cases.can_do has {columns} pieces, but a kind needs {cases.pieces.max()}"
    wanted: dict[str, tuple[int, ...]] = {
        "owner_share": (n, n_groups),
        "escalation_row": (n, n_queues),
        "can_do": by_piece,
        "dial_share": by_piece,
    }
    for name, shape in wanted.items():
        if getattr(cases, name).shape != shape:
            yield f"cases.{name} has shape {getattr(cases, name).shape}, not {shape}"
    for column in fields(cases):
        value = getattr(cases, column.name)
        by_kind = isinstance(value, np.ndarray) and not column.name.startswith(_WINDOWS)
        if by_kind and column.name not in wanted and len(value) != n:
            yield f"cases.{column.name} has {len(value)} rows for {n} kinds"
    for name, rows in (("awake", n), ("office", n), ("believed", n_queues)):
        offset, start, end = (getattr(cases, f"{name}_{part}") for part in ("offset", "start", "end"))
        if len(offset) != rows + 1 or not len(start) == len(end) == offset[-1]:
            yield f"cases.{name}_offset does not fit its windows"
    if (np.diff(cases.stream) <= 0).any() or not (cases.stream[0] >= 0 and cases.stream[-1] < n_streams):
        yield "cases.stream is not sorted, or names a stream that is not there"
    if (cases.pieces < 1).any():
        yield "a case needs no piece of work"
