"""Plans small enough to be run in milliseconds, put together by hand."""

from __future__ import annotations

import numpy as np

from callsim.codes import Cause
from callsim.plan.draws import name_hash
from callsim.plan.plan import NEVER, ONE, SECOND, Agents, Clock, Laws, Plan, Queues, Streams, Transfers

HOUR = 3600 * SECOND


def _i8(*values: int) -> np.ndarray:
    return np.array(values, np.int8)


def _i32(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def _i64(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def small_plan(name: str = "small", heads: int = 2, calls: float = 40.0, patience: int = 90) -> Plan:
    """Return an hour of one queue: ``calls`` expected, talks of a minute or three, everybody as patient."""
    samples = _i64(60 * SECOND, 180 * SECOND, patience * SECOND)
    return Plan(
        name=name,
        clock=Clock(
            warm_up=0, window_end=HOUR, horizon=HOUR, drain=False, interval_edges=_i64(0, HOUR // 2, HOUR),
            interval_labels=("0:00", "0:30"), hour_edges=_i64(0, HOUR), hour_of_week=_i32(0), start="", time_zone="",
        ),
        laws=Laws(
            knots=samples, offset=_i64(0, 2, 3), kind=_i8(1, 1), zero=_i64(0, 0), mean=np.array([120.0, patience]),
            text=("one of 60s, 180s", f"constant {patience}s"),
        ),
        streams=Streams(
            names=("everyone",), hashes=np.array([name_hash("callers:everyone")], np.uint32), queue=_i32(0),
            priority=_i32(0), credit=_i64(0), balk=_i64(0), patience_law=_i32(1), patience_rule=_i8(0),
            patience_scale=np.full((1, 1), ONE, np.int64), max_contacts=_i32(1),
            redial_share=np.zeros((1, len(Cause), 1), np.int64), redial_delay=np.full((1, len(Cause)), -1, np.int32),
            redial_until_open=np.zeros((1, len(Cause)), np.bool_), block_offset=_i64(0, 1), block_start=_i64(0),
            block_end=_i64(HOUR), block_mean=np.array([calls]), block_day=_i32(0), day_factor_law=_i32(-1),
            day_factor_hash=np.zeros(1, np.uint32), recorded_offset=_i64(0, 0), recorded=_i64(),
        ),
        queues=Queues(
            names=("main",), open_offset=_i64(0, 1), open_start=_i64(0), open_end=_i64(NEVER), admit_end=_i64(NEVER),
            when_closed=_i8(0), when_closed_to=_i32(-1), at_closing=_i8(0), at_closing_to=_i32(-1), limit=_i64(NEVER),
            slope=_i64(1000), talk_law=np.zeros((1, 1), np.int32), after_call_law=np.full((1, 1), -1, np.int32),
            scale_row=np.full((1, 1), -1, np.int32), scale_offset=_i64(0), scale_start=_i64(), scale_factor=_i64(),
            acceptable_wait=_i64(20 * SECOND), target_share=np.array([0.8]), formula=_i8(0),
            short_wait=_i64(5 * SECOND),
        ),
        agents=Agents(
            names=tuple(f"team {i + 1}" for i in range(heads)), group=np.zeros(heads, np.int32), groups=("team",),
            kind=_i8(0), level=np.ones((1, 1), np.int32), after=np.zeros((1, 1), np.int64),
            factor=np.full((1, 1), ONE, np.int64), heads_time=_i64(0), heads_group=_i32(0), heads_count=_i32(heads),
            duty_agent=_i32(), duty_start=_i64(), duty_end=_i64(), duty_hash=np.zeros(0, np.uint32), duty_day=_i32(),
            duty_position=_i32(), duty_no_show=_i64(), break_offset=_i64(0), break_start=_i64(), break_length=_i64(),
            break_keeps_end=np.zeros(1, np.bool_),
        ),
        transfers=Transfers(
            reasons=(), reason=_i32(), source=_i32(), target=_i32(), share=_i64(), streams=np.zeros((0, 1), np.bool_),
            groups=np.zeros((0, 1), np.bool_), during_offset=_i64(0), during_start=_i64(), during_end=_i64(),
            at_most=_i32(), dialling=_i64(), explain_law=_i32(), place=_i8(), priority=_i32(), patience=_i8(),
            patience_law=_i32(), if_closed=_i8(), mistaken=_i64(),
        ),
        lines=NEVER, call_selection=0, agent_selection=0, agent_by_level=True,
    )  # fmt: skip
