"""A plan with cases and a log of it, small enough to be worked out by hand; times in seconds, as in small_logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from callsim.codes import AngerCause, CaseEvent, Cause, Outcome, TransferResult
from callsim.plan.cases import Cases
from callsim.plan.plan import NEVER, SURE, Plan
from callsim.runlog import CASE_EVENTS, RunLog
from tests.small_logs import (
    Contact,
    answered,
    contact,
    ints,
    lost,
    small_log,
    small_plan,
    ticks,
    times,
    transfers,
    with_part,
)

H = 3600.0
DAY = 24 * H
ORDINARY, PERSISTENT, OTHERS, HEIRS = range(4)
ORDERS, SUPPORT, BILLING = range(3)
DOCUMENTED = {
    "order error": {"calls": 5, "employees": 3, "hours_on_the_phone": 2.0, "hours_to_solution": 40, "promises": 1}
}


def case_plan(documented: Mapping[str, Any] | None = None) -> Plan:
    """Return a plan with two types of case: order errors of two kinds of customers, and name changes of heirs.

    The window is [24 h, 72 h), the run ends at 240 h. An order error needs two pieces of work, a name change one.
    Billing closes for good at 20 h.
    """
    plan = small_plan(
        streams={"everybody": 0, "order error, persistent": 1, "order error, others": 1, "name change, heirs": 0},
        queues=("orders", "support", "billing"),
        groups={"clerks": 4},
        horizon=3 * DAY,
        warm_up=DAY,
        interval=DAY,
    )
    plan = with_part(plan, "clock", horizon=ticks(10 * DAY))
    plan = with_part(
        plan, "queues", open_end=ints([NEVER, NEVER, ticks(20 * H)]), admit_end=ints([NEVER, NEVER, ticks(20 * H)])
    )
    notes = {"documented": DOCUMENTED if documented is None else documented}
    return replace(plan, transfers=transfers(4, 1, [(0, 1, 30.0), (1, 2, 30.0)]), cases=small_cases(), notes=notes)


def small_cases(**columns: Any) -> Cases:
    """Return the three kinds of case: whatever is not said is off."""
    n, queues, groups = 3, 3, 1
    off = {name: np.full(n, -1, np.int32) for name in ("owner_law", "works_law", "identify_law", "explain_law",
           "notes_law", "noticed_law", "waits_on_law", "promise_due_law", "regulator_law")}  # fmt: skip
    none = {name: np.zeros(n, np.int64) for name in ("carried_share", "returns", "notes_seen", "never_tries",
            "knows_hours", "learns_hours", "promise_share", "promise_kept", "promise_lead", "closes_unsolved",
            "escalation_granted", "complaint_share", "complaint_age")}  # fmt: skip
    windows = {name: ints([]) for name in ("awake_start", "awake_end", "believed_start", "believed_end",
               "office_start", "office_end")}  # fmt: skip
    said: dict[str, Any] = {
        "types": ("order error", "name change"),
        "type": ints([0, 0, 1], np.int32),
        "customers": ("persistent", "others", "heirs"),
        "stream": ints([PERSISTENT, OTHERS, HEIRS], np.int32),
        "pieces": ints([2, 2, 1], np.int32),
        "can_do": np.ones((n, 2, queues), np.bool_),
        "owner_share": np.zeros((n, groups), np.int64),
        "owner_does_rest": np.zeros(n, np.bool_),
        "deadline": times([30 * H, 30 * H, -1]),
        "dial_share": np.full((n, 2, queues), SURE // 3),
        "awake_offset": ints([0] * (n + 1)),
        "believed_offset": ints([0] * (queues + 1)),
        "office_offset": ints([0] * (n + 1)),
        "anger": np.zeros((n, len(AngerCause)), np.int64),
        **{name: np.ones((n, 1), np.int64) for name in ("anger_patience", "anger_delay", "anger_talk")},
        "promise_queue": ints([-1, -1, ORDERS], np.int32),
        "promise_priority": ints([0] * n, np.int32),
        "escalation_row": np.full((n, queues), -1, np.int32),
        "escalation_contacts": ints([99] * n, np.int32),
        "escalation_age": ints([NEVER] * n),
        "escalation_hold": ints([NEVER] * n),
        "escalation_anger": ints([99] * n, np.int32),
        "complaint_contacts": ints([0] * n, np.int32),
        "regulator_queue": ints([ORDERS, -1, -1], np.int32),
        "regulator_priority": ints([0] * n, np.int32),
    }
    said["deadline"][2] = NEVER
    every = {**off, **none, **windows, **said, **columns}
    return Cases(**{field.name: every[field.name] for field in fields(Cases)})


Event = tuple[float, CaseEvent, dict[str, Any]]


def event(at: float, what: CaseEvent, contact: str = "", leg: int = -1, value: float = 0) -> Event:
    """Return an event of a case; `contact` is the name of a contact of the log."""
    return at, what, {"contact": contact, "leg": leg, "value": value}


def case_log(
    plan: Plan,
    contacts: Mapping[str, Contact],
    cases: Mapping[tuple[int, int], Sequence[Event]],
    **more: Any,
) -> RunLog:
    """Return a log of named contacts and of cases, (stream, n) -> their events in order."""
    order = {name: row for row, name in enumerate(sorted(contacts, key=lambda name: contacts[name][0]["arrived"]))}
    dated = {CaseEvent.PROMISED, CaseEvent.PROMISE_KEPT, CaseEvent.PROMISE_BROKEN}
    rows = []
    for (stream, n), events in sorted(cases.items()):
        for step, (at, what, cells) in enumerate(events):
            value = ticks(cells["value"]) if what in dated else int(cells["value"])
            number = order[cells["contact"]] if cells["contact"] else -1
            rows.append((stream, 0, n, step, ticks(at), what, number, cells["leg"], value))
    columns = np.array(rows, np.int64).reshape(-1, len(CASE_EVENTS)).T
    events = {column.name: np.ascontiguousarray(cells) for column, cells in zip(CASE_EVENTS, columns, strict=True)}
    return small_log(plan, list(contacts.values()), case_events=events, **more)


def case_week(plan: Plan) -> RunLog:
    """Return a log in which everything happens that can happen to a case; see the comments."""
    passed = {"transfer_row": 0, "transfer": TransferResult.TRANSFERRED}
    dropped = {"transfer_row": 1, "transfer": TransferResult.DROPPED_TARGET_CLOSED}
    a, b, h = ({"stream": PERSISTENT, "n": n} for n in range(3))
    c, i = ({"stream": OTHERS, "n": n} for n in (0, 2))
    e, f, g = ({"stream": HEIRS, "n": n} for n in range(3))
    back = 38 * H + 500
    contacts = {
        # A: passed on and cut off by a transfer into closed billing: holds 600 + 30 + 1200 + 30, talks 300 + 400
        "A0": contact(
            answered(25 * H, 25 * H + 600, 300, **passed),
            answered(25 * H + 930, 25 * H + 2130, 400, agent=1, queue=SUPPORT, **dropped),
            **a, outcome=Outcome.DROPPED_BY_TRANSFER, ended=25 * H + 2560,
        ),
        "A1": contact(lost(26 * H, 26 * H + 1000, queue=SUPPORT), **a, attempt=1, cause=Cause.REDIAL_AFTER_DROPPED),
        "A2": contact(arrived=27 * H, outcome=Outcome.CLOSED, queue=BILLING, **a, attempt=2,
                      cause=Cause.REDIAL_AFTER_ABANDONED),
        "A3": contact(answered(28 * H, 28 * H, 500, queue=SUPPORT), **a, attempt=3, cause=Cause.REDIAL_AFTER_CLOSED),
        "A4": contact(answered(39 * H + 500, 40 * H + 500, 600, agent=1, queue=SUPPORT), **a, attempt=4,
                      cause=Cause.REPEAT_BROKEN_PROMISE),
        # the regulator has made the provider call
        "A5": contact(answered(60 * H, 60 * H + 100, 200, agent=2), **a, attempt=5, cause=Cause.REGULATOR),
        "B0": contact(answered(31 * H, 31 * H + 60, 600), **b),
        "B1": contact(answered(33 * H, 33 * H, 300, agent=1), **b, attempt=1, cause=Cause.REPEAT_UNSOLVED),
        "C0": contact(lost(26 * H, 26 * H + 300), **c),
        "E0": contact(answered(27 * H, 27 * H + 120, 240, agent=2), **e),
        "F0": contact(answered(29 * H, 29 * H, 300, agent=3), **f),
        "F1": contact(answered(30 * H, 30 * H + 200, 100, agent=3), **f, attempt=1, cause=Cause.REPEAT_REOPENED),
        "F2": contact(answered(39 * H, 41 * H, 120, agent=2), **f, attempt=2, cause=Cause.CALL_BACK),
        "G0": contact(answered(71 * H, 71 * H + 30, 100), **g),
        "H0": contact(lost(81 * H, 81 * H + 50), **h),
        "I0": contact(answered(11 * H, 11 * H, 100), **i),
        "X0": contact(answered(35 * H, 35 * H + 10, 60), n=0),
        "Y0": contact(lost(36 * H, 36 * H + 40), n=1),
        "Y1": contact(lost(37 * H, 37 * H + 20), n=1, attempt=1, cause=Cause.REDIAL_AFTER_ABANDONED),
    }  # fmt: skip
    born, explained, owned = CaseEvent.BORN, CaseEvent.EXPLAINED, CaseEvent.OWNED
    cases = {
        # A: solved because of the regulator, 44 h after it began; 5 calls, 5 employees, 3 different ones
        (PERSISTENT, 0): [
            event(24 * H, born),
            event(25 * H + 600, explained, "A0", 0, 0),
            event(25 * H + 2130, explained, "A0", 1, 1),
            event(27 * H, CaseEvent.LEARNED_HOURS, "A2"),
            event(28 * H, explained, "A3", 0, 2),
            event(28 * H + 500, owned, "A3", 0, 1),
            event(28 * H + 500, CaseEvent.PROMISED, "A3", value=back),
            event(back, CaseEvent.PROMISE_BROKEN, value=back),
            event(40 * H + 500, explained, "A4", 0, 3),
            event(40 * H + 1100, CaseEvent.ESCALATION_REFUSED, "A4", 0),
            event(41 * H, CaseEvent.COMPLAINED),
            event(60 * H + 300, owned, "A5", 0, 1),
            event(68 * H, CaseEvent.SOLVED, value=1),
        ],
        # B: solved in two calls, 10 h after it began
        (PERSISTENT, 1): [
            event(30 * H, born),
            event(31 * H + 60, explained, "B0", 0, 0),
            event(31 * H + 660, owned, "B0", 0, 1),
            event(33 * H, explained, "B1", 0, 1),
            event(33 * H + 300, owned, "B1", 0, 1),
            event(40 * H, CaseEvent.SOLVED),
        ],
        # H: born behind the window
        (PERSISTENT, 2): [event(80 * H, born)],
        # C: gives up after holding in vain
        (OTHERS, 0): [event(25 * H, born), event(26 * H + 300, CaseEvent.GAVE_UP)],
        # D: never tries
        (OTHERS, 1): [event(40 * H, born), event(40 * H, CaseEvent.NEVER_TRIED)],
        # I: born before the window
        (OTHERS, 2): [event(10 * H, born), event(11 * H, explained, "I0", 0, 0),
                      event(11 * H + 100, CaseEvent.GAVE_UP)],
        # E: solved at the first call
        (HEIRS, 0): [event(26 * H, born), event(27 * H + 120, explained, "E0", 0, 0),
                     event(27 * H + 360, owned, "E0", 0, 1), event(27 * H + 360, CaseEvent.SOLVED)],
        # F: closed without a solution, opened again; called back, too late
        (HEIRS, 1): [
            event(28 * H, born),
            event(29 * H, explained, "F0", 0, 0),
            event(29 * H + 300, CaseEvent.CLOSED_UNSOLVED, "F0"),
            event(30 * H, CaseEvent.REOPENED, "F1", value=0),
            event(30 * H + 200, explained, "F1", 0, 1),
            event(30 * H + 300, CaseEvent.PROMISED, "F1", value=40 * H),
            event(41 * H + 120, owned, "F2", 0, 1),
            event(41 * H + 120, CaseEvent.PROMISE_KEPT, "F2", 0, value=40 * H),
            event(41 * H + 120, CaseEvent.SOLVED),
        ],
        # G: has a promise that is due when the run has ended
        (HEIRS, 2): [event(70 * H, born), event(71 * H + 30, explained, "G0", 0, 0),
                     event(71 * H + 130, CaseEvent.PROMISED, "G0", value=300 * H)],
    }  # fmt: skip
    return case_log(plan, contacts, cases)
