"""A case worked out by hand: everything that can happen to a customer happens to this one, in eight days of March."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from callsim.codes import CaseEvent, Cause, Outcome, TransferResult
from callsim.plan.cases import no_cases
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.columns import CASE_EVENTS
from tests.small_logs import answered, contact, ints, lost, small_log, small_plan, ticks, times, transfers, with_part

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
KEYS = {"stream": 0, "block": 3, "n": 14}
ORDINARY = 1
SUPPORT, ESCALATIONS, BILLING = 0, 1, 2

EVERYTHING = """
name: Cases with nearly everything
run: {start: 2025-03-06, time_zone: America/Chicago, measure: 4 days, follow_cases: 2 days}
callers:
  fault: {calls: {per_hour: {daily 07:00-23:00: 12}}, to: support, patience: exponential mean 20m}
cases:
  order error:
    starts: {per_day: 10, at: daily 09:00-20:00}
    customers: {persistent: {share: 60%, gives_up: never}, others: {share: 40%, gives_up: 40%, never_tries: 10%}}
    needs: [mend order, provision line]
    owner: {share: 15%, takes: constant 5m}
    dials: {orders: 60%, support: 40%}
    explain: {time: constant 2m, with_notes: constant 20s}
    shared_ticket: {notes_lost: 40%}
    passed_on: {share: 60%, at_most: 3 transfers}
    returns: 20%
    patience: lognormal mean 40m cv 0.6
    awake: daily 07:00-23:30
    believes_open: {knows: 20%, learns: 90%}
    calls_again: {unsolved: exponential mean 2h, abandoned: exponential mean 45m, closed: exponential mean 40m,
                  cut off: exponential mean 5m, broken promise: exponential mean 1h, reopened: exponential mean 4h}
    promises: {share: 30%, due: uniform 3h to 10h, kept: 50%, called_back_by: escalations, lead: 1h}
    closes_unsolved: 5%
    escalation: {to: escalations, from: [orders, support], after: {calls: 3 calls}, granted: 60%}
    regulator: {complains: 30%, after: {calls: 4 calls}, acts_in: exponential mean 8h, called_back_by: escalations}
queues:
  orders: {open: mon-sat 08:00-20:00, talk: exponential mean 6m}
  support: {open: mon-sat 08:00-22:00, advertised: 24/7, talk: exponential mean 8m}
  escalations: {open: mon-sat 09:00-19:00, talk: exponential mean 7m}
agents:
  team: {staffing: {mon-sat 08:00-22:00: 4}, answers: [orders, support]}
  desk: {staffing: {mon-sat 09:00-19:00: 1}, answers: [escalations]}
transfers:
  to escalations: {if_closed: cut off}
  handed round:
    callers: [order error]
    orders: {support: 60%, escalations: 40%}
    support: {orders: 60%, escalations: 40%}
    escalations: {orders: 50%, support: 50%}
"""
"""A centre in which everything happens to customers that can."""


def at(day: int, hour: float, minute: float = 0.0, second: float = 0.0) -> float:
    """Return seconds since Monday, 3 March 2025, 00:00."""
    return day * DAY + hour * HOUR + minute * MINUTE + second


def story_plan() -> Plan:
    """Return a plan with one kind of case, a stream of ordinary callers, and three departments."""
    plan = small_plan(
        streams={"order error, persistent": SUPPORT, "fault": SUPPORT},
        queues=("support", "escalations", "billing"),
        groups={"generalists": 3, "desk": 2, "clerks": 1},
        horizon=8 * DAY,
        interval=DAY,
    )
    plan = replace(plan, transfers=transfers(2, 3, [(SUPPORT, ESCALATIONS, 30.0), (ESCALATIONS, BILLING, 30.0)]))
    closes = times([*(at(d, 23) for d in range(7)), *(at(d, 21) for d in range(6)), *(at(d, 18) for d in range(5))])
    plan = with_part(
        plan,
        "queues",
        open_offset=ints([0, 7, 13, 18]),
        open_start=times([*(at(d, 8) for d in range(7)), *(at(d, 9) for d in range(6)), *(at(d, 8) for d in range(5))]),
        open_end=closes,
        admit_end=closes,
    )
    clock = replace(plan.clock, start="2025-03-03T00:00:00-06:00", time_zone="America/Chicago")
    kind = {
        "types": ("order error",),
        "type": ints([0], np.int32),
        "customers": ("persistent",),
        "stream": ints([0], np.int32),
        "pieces": ints([2], np.int32),
        "awake_offset": ints([0, 8]),
        "awake_start": times([at(d, 7) for d in range(8)]),
        "awake_end": times([at(d, 23, 30) for d in range(8)]),
        "believed_offset": ints([0, 1, 2, 3]),
        "believed_start": times([0.0, at(0, 9), at(0, 8)]),
        "believed_end": times([8 * DAY, at(0, 21), at(0, 18)]),
    }
    return replace(plan, clock=clock, cases=replace(no_cases(), **kind))


def events(*rows: tuple[Any, ...]) -> dict[str, Any]:
    """Return the table of case events of one case: rows of (instant, event, contact, leg, value) in seconds."""
    table: dict[str, list[int]] = {column.name: [] for column in CASE_EVENTS}
    for step, (when, event, row, leg, value) in enumerate(rows):
        cells = {**KEYS, "step": step, "at": ticks(when), "event": event, "contact": row, "leg": leg, "value": value}
        for name, cell in cells.items():
            table[name].append(int(cell))
    return {name: ints(column) for name, column in table.items()}


def story_log(plan: Plan) -> RunLog:
    """Return the log of a case from Monday to Friday, and of one ordinary caller.

    Call 1 (mon 7:00) meets a closed door. Call 2 (mon 8:30) holds 40 min, talks 6 min. Call 3 (mon 12:00) hangs up
    after 20 min; call 4 (mon 14:00) holds 10 min, talks 4 min, is promised something by mon 20:00, which is broken.
    Call 5 (tue 10:00) holds 60 min, asks for somebody in authority and is refused; call 6 (tue 14:05) asks again,
    waits 12 min at the desk, and is transferred to billing after its hours (tue 18:00): cut off. Complaint on
    wed 9:00; the case is closed unsolved by call 7 (wed 12:00) and opened again by call 8 (thu 9:00), in which the
    first owner does a piece. The provider calls on fri 10:00, the regulator's word does the rest; solved fri 16:00.
    """
    plain = TransferResult.NONE
    on, off = {"transfer": TransferResult.TRANSFERRED}, {"transfer": TransferResult.DROPPED_TARGET_CLOSED}
    calls = [
        contact(arrived=at(0, 7), outcome=Outcome.CLOSED, attempt=0, **KEYS),
        contact(answered(at(0, 8, 30), at(0, 9, 10), 6 * MINUTE), attempt=1, cause=Cause.REDIAL_AFTER_CLOSED, **KEYS),
        contact(lost(at(0, 12), at(0, 12, 20)), attempt=2, cause=Cause.REPEAT_UNSOLVED, **KEYS),
        contact(
            answered(at(0, 14), at(0, 14, 10), 4 * MINUTE, agent=1),
            attempt=3,
            cause=Cause.REDIAL_AFTER_ABANDONED,
            **KEYS,
        ),
        contact(
            answered(at(1, 10), at(1, 11), 5 * MINUTE, agent=1, transfer=plain),
            attempt=4,
            cause=Cause.REPEAT_BROKEN_PROMISE,
            **KEYS,
        ),
        contact(
            answered(at(1, 17), at(1, 17, 40), 3 * MINUTE, agent=2, transfer_row=0, **on),
            answered(at(1, 17, 43, 30), at(1, 17, 55), 8 * MINUTE, agent=3, queue=1, transfer_row=1, **off),
            attempt=5,
            cause=Cause.REPEAT_UNSOLVED,
            outcome=Outcome.DROPPED_BY_TRANSFER,
            ended=at(1, 18, 3, 30),
            **KEYS,
        ),
        contact(answered(at(2, 12), at(2, 12), 5 * MINUTE), attempt=6, cause=Cause.REDIAL_AFTER_DROPPED, **KEYS),
        contact(answered(at(3, 9), at(3, 9, 30), 15 * MINUTE, agent=2), attempt=7, cause=Cause.REPEAT_REOPENED, **KEYS),
        contact(
            answered(at(4, 10), at(4, 10, 45), 12 * MINUTE, agent=4, queue=1),
            attempt=8,
            cause=Cause.REGULATOR,
            queue=1,
            **KEYS,
        ),
        contact(answered(at(0, 9), at(0, 9, 2), 3 * MINUTE, agent=1), stream=ORDINARY, n=0),
    ]
    # Contacts are sorted by arrival: the ordinary caller's is row 2, what follows it moves down by one.
    rows = events(
        (at(0, 6), CaseEvent.BORN, -1, -1, 0),
        (at(0, 7), CaseEvent.LEARNED_HOURS, 0, -1, 0),
        (at(0, 9, 10), CaseEvent.EXPLAINED, 1, 0, 0),
        (at(0, 14, 10), CaseEvent.EXPLAINED, 4, 0, 1),
        (at(0, 14, 14), CaseEvent.PROMISED, 4, -1, ticks(at(0, 20))),
        (at(0, 20), CaseEvent.PROMISE_BROKEN, -1, -1, ticks(at(0, 20))),
        (at(1, 11, 5), CaseEvent.ESCALATION_REFUSED, 5, 0, 0),
        (at(1, 17, 40), CaseEvent.EXPLAINED, 6, 0, 3),
        (at(1, 17, 43), CaseEvent.ESCALATED, 6, 0, 0),
        (at(1, 17, 55), CaseEvent.EXPLAINED, 6, 1, 4),
        (at(2, 9), CaseEvent.COMPLAINED, -1, -1, 0),
        (at(2, 12), CaseEvent.EXPLAINED, 7, 0, 5),
        (at(2, 12, 5), CaseEvent.CLOSED_UNSOLVED, 7, -1, 0),
        (at(3, 9), CaseEvent.REOPENED, 8, -1, 0),
        (at(3, 9, 30), CaseEvent.EXPLAINED, 8, 0, 6),
        (at(3, 9, 45), CaseEvent.OWNED, 8, 0, 1),
        (at(4, 10, 57), CaseEvent.OWNED, 9, 0, 1),
        (at(4, 16), CaseEvent.SOLVED, -1, -1, 1),
    )
    return small_log(plan, calls, case_events=rows)
