"""A plan in which everything happens within four hours: closings, transfers, redials, shifts, breaks, no-shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from callsim.codes import AtClosing, Cause, IfClosed, StaffingKind, WhenClosed
from callsim.plan.laws import Constant, Exponential, LawBook
from callsim.plan.plan import NEVER, ONE, SECOND, Plan
from tests.small_logs import ints, small_plan, times, transfers, with_part

HOUR = 3600.0
HALF = 1 << 52


def eventful_plan(drain: bool = False) -> Plan:
    """Return the plan.

    Queues: sales never closes; repairs is open in hours 2 and 4 and cuts off who waits at its closing;
    parts closes for hour 2, holds who calls then and serves who waits; desk closes after hour 3, its
    callers move to sales, and later ones overflow to parts. Sales passes half of its callers on to repairs.
    """
    plan = small_plan(
        streams={"alice": 0, "bob": 1, "carol": 2, "dave": 3},
        queues=("sales", "repairs", "parts", "desk"),
        groups={"team": 4, "crew": 6},
        horizon=4 * HOUR,
        warm_up=0.5 * HOUR,
    )
    laws = LawBook()
    talk, work, patience = (laws.add(Exponential(mean)) for mean in (200.0, 40.0, 600.0))
    delay, explain = laws.add(Exponential(300.0)), laws.add(Constant(20.0))
    plan = replace(plan, laws=laws.build(), transfers=transfers(4, 2, [(0, 1, 7.0)]))
    plan = with_part(plan, "clock", drain=drain)
    plan = _with_callers(plan, patience, delay)
    plan = with_part(
        plan, "queues", talk_law=np.full((4, 4), talk, np.int32), after_call_law=np.full((4, 4), work, "i4")
    )
    plan = _with_hours(plan)
    plan = _with_staff(plan)
    if_closed = ints([IfClosed.DROP], np.int8)
    plan = with_part(plan, "transfers", explain_law=ints([explain], np.int32), if_closed=if_closed, share=ints([HALF]))
    plan.check()
    return plan


def _with_callers(plan: Plan, patience: int, delay: int) -> Plan:
    share = np.zeros((4, len(Cause), 1), np.int64)
    share[:, Cause.REDIAL_AFTER_ABANDONED : Cause.REPEAT_UNSOLVED] = HALF
    return with_part(
        plan,
        "streams",
        patience_law=np.full(4, patience, np.int32),
        patience_scale=np.full((4, 1), ONE),
        balk=ints([HALF // 8, 0, 0, 0]),
        max_contacts=np.full(4, 3, np.int32),
        redial_share=share,
        redial_delay=np.full((4, len(Cause)), delay, np.int32),
        block_offset=ints(range(5)),
        block_start=ints([0] * 4),
        block_end=times([4 * HOUR] * 4),
        block_mean=np.array([220.0, 120.0, 60.0, 90.0]),
        block_day=ints([0] * 4, np.int32),
    )


def _with_hours(plan: Plan) -> Plan:
    starts, ends = [0, HOUR, 3 * HOUR, 0, 2 * HOUR, 0], [0, 2 * HOUR, 3.9 * HOUR, HOUR, 9 * HOUR, 3 * HOUR]
    open_end = times(ends)
    open_end[0] = NEVER
    admit_end = open_end.copy()
    admit_end[1] -= 300 * SECOND
    closed = [WhenClosed.ANNOUNCE, WhenClosed.ANNOUNCE, WhenClosed.HOLD, WhenClosed.OVERFLOW]
    return with_part(
        plan,
        "queues",
        open_offset=ints([0, 1, 3, 5, 6]),
        open_start=times(starts),
        open_end=open_end,
        admit_end=admit_end,
        when_closed=ints(closed, np.int8),
        when_closed_to=ints([-1, -1, -1, 2], np.int32),
        at_closing=ints([AtClosing.SERVE, AtClosing.DROP, AtClosing.SERVE, AtClosing.MOVE], np.int8),
        at_closing_to=ints([-1, -1, -1, 0], np.int32),
        limit=ints([6, NEVER, NEVER, NEVER]),
    )


def _with_staff(plan: Plan) -> Plan:
    """Team: four people, two shifts each, a break in the first; crew: heads that rise and fall."""
    starts = [0.0] * 4 + [2.5 * HOUR] * 4
    ends = [2 * HOUR] * 4 + [3.75 * HOUR] * 4
    heads = [(0, 4), (HOUR, 6), (1.5 * HOUR, 2), (1.5 * HOUR + 60, 4), (3 * HOUR, 3)]
    return with_part(
        plan,
        "agents",
        kind=ints([StaffingKind.SHIFTS, StaffingKind.HEADS], np.int8),
        level=ints([[1, 2, 1, 1], [2, 1, 2, 2]], np.int32),
        after=np.array([[0, 0, 0, 0], [30, 0, 0, 0]], np.int64) * SECOND,
        factor=np.full((2, 4), ONE),
        heads_time=times([at for at, _ in heads]),
        heads_group=ints([1] * len(heads), np.int32),
        heads_count=ints([count for _, count in heads], np.int32),
        duty_agent=ints([0, 1, 2, 3] * 2, np.int32),
        duty_start=times(starts),
        duty_end=times(ends),
        duty_hash=ints([77] * 4 + [78] * 4, np.uint32),
        duty_day=ints([0] * 8, np.int32),
        duty_position=ints([0, 1, 2, 3] * 2, np.int32),
        duty_no_show=ints([HALF // 2] * 8),
        break_offset=ints([0, 1, 2, 3, 4, 4, 4, 4, 4]),
        break_start=times([0.5 * HOUR, 0.75 * HOUR, HOUR, 1.25 * HOUR]),
        break_length=times([900.0] * 4),
        break_keeps_end=np.zeros(2, np.bool_),
    )
