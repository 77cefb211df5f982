"""Cases as the kernel reads and keeps them: tables of their kinds, and a row for the case of each caller.

What a table means says `callsim.plan.cases.Cases`; here stand the columns. As in ``layout.py`` all is int64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import NEVER, Plan

__all__ = ["CASE", "MOST_EVENTS", "case_tables"]

Int64 = npt.NDArray[np.int64]

MOST_EVENTS = 8
"""Case events that one event of the run can bring about for one caller, at the most: the end of a provider's call by
an owner, a promise that is kept elsewhere, the solution and giving up are seven."""

# --- kinds ----------------------------------------------------------------------------------------
_PLAIN = (
    "pieces",
    "carried_share",
    "owner_does_rest",
    "owner_law",
    "works_law",
    "returns",
    "identify_law",
    "explain_law",
    "notes_law",
    "notes_seen",
    "never_tries",
    "noticed_law",
    "knows_hours",
    "learns_hours",
    "waits_on_law",
    "promise_share",
    "promise_due_law",
    "promise_kept",
    "promise_queue",
    "promise_lead",
    "promise_priority",
    "closes_unsolved",
    "escalation_contacts",
    "escalation_age",
    "escalation_hold",
    "escalation_anger",
    "escalation_granted",
    "complaint_share",
    "complaint_age",
    "complaint_contacts",
    "regulator_law",
    "regulator_queue",
    "regulator_priority",
)
"""Columns of `Cases` that have one number a kind, in the order of the constants below."""
(
    PIECES,
    CARRIED_SHARE,
    OWNER_DOES_REST,
    OWNER_LAW,
    WORKS_LAW,
    RETURNS,
    IDENTIFY_LAW,
    EXPLAIN_LAW,
    NOTES_LAW,
    NOTES_SEEN,
    NEVER_TRIES,
    NOTICED_LAW,
    KNOWS_HOURS,
    LEARNS_HOURS,
    WAITS_ON_LAW,
    PROMISE_SHARE,
    PROMISE_DUE_LAW,
    PROMISE_KEPT,
    PROMISE_QUEUE,
    PROMISE_LEAD,
    PROMISE_PRIORITY,
    CLOSES_UNSOLVED,
    ESCALATION_CONTACTS,
    ESCALATION_AGE,
    ESCALATION_HOLD,
    ESCALATION_ANGER,
    ESCALATION_GRANTED,
    COMPLAINT_SHARE,
    COMPLAINT_AGE,
    COMPLAINT_CONTACTS,
    REGULATOR_LAW,
    REGULATOR_QUEUE,
    REGULATOR_PRIORITY,
) = range(len(_PLAIN))
FIRST_AWAKE, END_AWAKE, FIRST_OFFICE, END_OFFICE = range(len(_PLAIN), len(_PLAIN) + 4)
"""Rows of the table of hours in which he is awake, and in which complaints are taken."""
HOURS_START, HOURS_END = range(2)

# --- the case of a caller -------------------------------------------------------------------------
(
    KIND_OF_CASE,
    BORN_AT,
    STEP,
    PIECES_DONE,
    EMPLOYEES,
    UNSOLVED_CALLS,
    SOLUTIONS,
    CLOSINGS,
    CLOSED_AS,
    POINTS,
    HELD_BEFORE,
    KNOWS,
    HAS_COMPLAINED,
    HAD_OWNER,
    IS_OWNED,
    DRAWN_ROW,
    DUE,
    NEXT_CAUSE,
    NEXT_QUEUE,
    CASE,
) = range(20)
"""STEP: case events so far. EMPLOYEES: who have answered. UNSOLVED_CALLS: calls that were answered and solved nothing.
CLOSED_AS: value of the event with which he will have it opened again. POINTS: of anger, without those for hours on
hold. HELD_BEFORE: ticks on hold, without the waits of the present contact. IS_OWNED: 1 if who talks with him now owns
the case. DRAWN_ROW: the transfer by which he is passed on as everybody may be. DUE: deadline of the promise for which
the provider calls. NEXT_CAUSE, NEXT_QUEUE: of the next contact."""


def case_tables(plan: Plan, order: Int64) -> dict[str, Int64]:
    """Return the tables of a plan's kinds of case, by their names in `callsim.engines.compiled.layout.PlanTables`.

    Parameters
    ----------
    plan : Plan
    order : int64[row]
        Rows of the plan's transfers in the order of the kernel's table.
    """
    cases, queues = plan.cases, plan.queues
    hours: list[tuple[int, int]] = [(0, NEVER)]
    awake = _stretches(hours, cases.awake_offset, cases.awake_start, cases.awake_end, always=True)
    office = _stretches(hours, cases.office_offset, cases.office_start, cases.office_end, always=True)
    believed = _stretches(hours, cases.believed_offset, cases.believed_start, cases.believed_end)
    admits = _stretches(hours, queues.open_offset, queues.open_start, queues.admit_end) if cases.n else believed
    place = np.full(len(order) + 1, -1)  # the last one is where -1 points to
    place[order] = np.arange(len(order))
    plain = [np.asarray(getattr(cases, name)).astype(np.int64).reshape(-1, 1) for name in _PLAIN]
    return {
        "kind": np.ascontiguousarray(np.concatenate((*plain, awake, office), axis=1)),
        "can_do": _own(cases.can_do),
        "owner_share": _own(cases.owner_share),
        "dial_share": _own(cases.dial_share),
        "anger": _own(cases.anger),
        "anger_patience": _own(cases.anger_patience),
        "anger_delay": _own(cases.anger_delay),
        "anger_talk": _own(cases.anger_talk),
        "escalation_row": _own(place[cases.escalation_row]),
        "hours": np.array(hours, np.int64),
        "queue_hours": np.ascontiguousarray(np.stack((believed, admits), axis=1).reshape(-1, 2)),
    }


def _own(array: Any) -> Int64:
    return np.array(array, np.int64, order="C")


def _stretches(hours: list[tuple[int, int]], offset: Int64, start: Int64, end: Int64, always: bool = False) -> Int64:
    """Add stretches of time to the table of hours; return (first, end) of each owner's rows there.

    Parameters
    ----------
    hours : list of (start, end)
        Its row 0 is all time.
    offset, start, end : int64 arrays
        Columns of the plan.
    always : bool
        Whether no row at all means all time.
    """
    found = []
    for first, last in zip(offset[:-1].tolist(), offset[1:].tolist(), strict=True):
        if always and first == last:
            found.append((0, 1))
            continue
        before = len(hours)
        hours.extend((a, b) for a, b in zip(start[first:last].tolist(), end[first:last].tolist(), strict=True) if b > a)
        found.append((before, len(hours)))
    return np.array(found, np.int64).reshape(-1, 2)
