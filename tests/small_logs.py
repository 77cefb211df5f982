"""Plans and logs small enough to be worked out by hand, for the tests of log and measures.

Times are given in seconds and stored in ticks. A plan has streams, queues and groups of head-count
positions; whatever else a test needs, it replaces. A log's integrals follow from its legs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from callsim.codes import Cause, Outcome, TransferResult
from callsim.experiments.estimates import rows
from callsim.plan.plan import NEVER, ONE, SECOND, Agents, Clock, Laws, Plan, Queues, Streams, Transfers
from callsim.runlog import CONTACTS, LEGS, SPANS, RunLog

Row = Mapping[str, float]

_TIMES = {"arrived", "ended", "entered", "left", "talk_end", "handle_end", "start", "end"}


def ticks(seconds: float) -> int:
    """Return whole ticks; -1 stays the mark of what is missing."""
    return -1 if seconds == -1 else round(seconds * SECOND)


def ints(values: Sequence[float], dtype: Any = np.int64) -> Any:
    """Return an integer array."""
    return np.array(values, dtype)


def times(values: Sequence[float]) -> Any:
    """Return an array of ticks."""
    return ints([ticks(value) for value in values])


def small_plan(
    streams: Mapping[str, int] | None = None,
    queues: Sequence[str] = ("desk",),
    groups: Mapping[str, int] | None = None,
    horizon: float = 3600.0,
    warm_up: float = 0.0,
    interval: float = 1800.0,
) -> Plan:
    """Return a plan: streams (name -> queue called), queues that never close, groups (name -> heads)."""
    streams = {"callers": 0} if streams is None else streams
    groups = {"team": 2} if groups is None else groups
    s, q, g, a = len(streams), len(queues), len(groups), sum(groups.values())
    return Plan(
        name="small",
        clock=_clock(horizon, warm_up, interval),
        laws=Laws(ints([0]), ints([0, 1]), ints([1], np.int8), ints([0]), np.zeros(1), ("constant 0s",)),
        streams=_streams(streams),
        queues=_queues(queues, s),
        agents=_agents(groups, q),
        transfers=_no_transfers(s, g),
        lines=NEVER,
        call_selection=0,
        agent_selection=0,
        agent_by_level=True,
        notes={"agents": a},
    )


def _clock(horizon: float, warm_up: float, interval: float) -> Clock:
    edges = np.arange(ticks(warm_up), ticks(horizon) + 1, ticks(interval))
    hours = np.unique(np.concatenate((np.arange(ticks(warm_up), ticks(horizon), ticks(3600.0)), [ticks(horizon)])))
    return Clock(
        warm_up=ticks(warm_up),
        window_end=ticks(horizon),
        horizon=ticks(horizon),
        drain=False,
        interval_edges=edges,
        interval_labels=tuple(f"{edge // SECOND // 3600}:{edge // SECOND % 3600 // 60:02d}" for edge in edges[:-1]),
        hour_edges=hours,
        hour_of_week=ints([hour // SECOND // 3600 % 168 for hour in hours[:-1]], np.int32),
        start="",
        time_zone="",
    )


def _streams(streams: Mapping[str, int]) -> Streams:
    s, none = len(streams), ints([-1] * len(streams), np.int32)
    return Streams(
        names=tuple(streams),
        hashes=ints(range(1, s + 1), np.uint32),
        queue=ints(list(streams.values()), np.int32),
        priority=ints([1] * s, np.int32),
        credit=ints([0] * s),
        balk=ints([0] * s),
        patience_law=none,
        patience_rule=ints([0] * s, np.int8),
        patience_scale=np.full((s, 1), ONE),
        max_contacts=ints([1] * s, np.int32),
        redial_share=np.zeros((s, len(Cause), 1), np.int64),
        redial_delay=np.full((s, len(Cause)), -1, np.int32),
        redial_until_open=np.zeros((s, len(Cause)), np.bool_),
        block_offset=ints([0] * (s + 1)),
        block_start=ints([]),
        block_end=ints([]),
        block_mean=np.zeros(0),
        block_day=ints([], np.int32),
        day_factor_law=none,
        day_factor_hash=ints([0] * s, np.uint32),
        recorded_offset=ints([0] * (s + 1)),
        recorded=ints([]),
    )


def _queues(queues: Sequence[str], s: int) -> Queues:
    q = len(queues)
    none = ints([-1] * q, np.int32)
    return Queues(
        names=tuple(queues),
        open_offset=ints(range(q + 1)),
        open_start=ints([0] * q),
        open_end=ints([NEVER] * q),
        admit_end=ints([NEVER] * q),
        when_closed=ints([0] * q, np.int8),
        when_closed_to=none,
        at_closing=ints([0] * q, np.int8),
        at_closing_to=none,
        limit=ints([NEVER] * q),
        slope=ints([1000] * q),
        talk_law=np.zeros((s, q), np.int32),
        after_call_law=np.full((s, q), -1, np.int32),
        scale_row=np.full((s, q), -1, np.int32),
        scale_offset=ints([0]),
        scale_start=ints([]),
        scale_factor=ints([]),
        acceptable_wait=times([20.0] * q),
        target_share=np.full(q, np.nan),
        formula=ints([0] * q, np.int8),
        short_wait=times([5.0] * q),
    )


def _agents(groups: Mapping[str, int], q: int) -> Agents:
    g, a = len(groups), sum(groups.values())
    return Agents(
        names=tuple(f"{name} {i + 1}" for name, heads in groups.items() for i in range(heads)),
        group=ints([row for row, heads in enumerate(groups.values()) for _ in range(heads)], np.int32),
        groups=tuple(groups),
        kind=ints([0] * g, np.int8),
        level=np.ones((g, q), np.int32),
        after=np.zeros((g, q), np.int64),
        factor=np.full((g, q), ONE),
        heads_time=ints([0] * g),
        heads_group=ints(range(g), np.int32),
        heads_count=ints(list(groups.values()), np.int32),
        duty_agent=ints([], np.int32),
        duty_start=ints([]),
        duty_end=ints([]),
        duty_hash=ints([], np.uint32),
        duty_day=ints([], np.int32),
        duty_position=ints([], np.int32),
        duty_no_show=ints([]),
        break_offset=ints([0]),
        break_start=ints([]),
        break_length=ints([]),
        break_keeps_end=np.zeros(a and g, np.bool_),
    )


def _no_transfers(s: int, g: int) -> Transfers:
    return transfers(s, g, [])


def transfers(s: int, g: int, rows: Sequence[tuple[int, int, float]]) -> Transfers:
    """Return transfers of everybody by everybody: rows of (source, target, dialling in seconds)."""
    n = len(rows)
    return Transfers(
        reasons=("any",),
        reason=ints([0] * n, np.int32),
        source=ints([row[0] for row in rows], np.int32),
        target=ints([row[1] for row in rows], np.int32),
        share=ints([1 << 52] * n),
        streams=np.ones((n, s), np.bool_),
        groups=np.ones((n, g), np.bool_),
        during_offset=ints([0] * (n + 1)),
        during_start=ints([]),
        during_end=ints([]),
        at_most=ints([9] * n, np.int32),
        dialling=times([row[2] for row in rows]),
        explain_law=ints([-1] * n, np.int32),
        place=ints([0] * n, np.int8),
        priority=ints([-1] * n, np.int32),
        patience=ints([0] * n, np.int8),
        patience_law=ints([-1] * n, np.int32),
        if_closed=ints([0] * n, np.int8),
        mistaken=ints([0] * n),
    )


def with_part(plan: Plan, part: str, **columns: Any) -> Plan:
    """Return the plan with columns of one of its parts replaced."""
    return replace(plan, **{part: replace(getattr(plan, part), **columns)})


def answered(
    entered: float, left: float, talk: float, work: float = 0.0, agent: int = 0, **more: float
) -> dict[str, float]:
    """Return an answered leg."""
    ends = {"talk_end": left + talk, "handle_end": left + talk + work}
    return {"entered": entered, "left": left, "outcome": Outcome.ANSWERED, "agent": agent, **ends, **more}


def lost(entered: float, left: float, outcome: Outcome = Outcome.ABANDONED, **more: float) -> dict[str, float]:
    """Return a leg that ended without an answer."""
    return {"entered": entered, "left": left, "outcome": outcome, **more}


Contact = tuple[Row, Sequence[Row]]


def contact(*legs: Row, **columns: float) -> Contact:
    """Return a contact with its legs; arrival, outcome and hang-up follow from them unless given."""
    row = dict(columns)
    if legs:
        first, last = legs[0], legs[-1]
        row.setdefault("arrived", first["entered"])
        row.setdefault("queue", first.get("queue", 0))
        row.setdefault("outcome", last["outcome"])
        ended = last["talk_end"] if last["outcome"] == Outcome.ANSWERED else last["left"]
        row.setdefault("ended", ended)
    else:
        row.setdefault("ended", row["arrived"])
    return row, legs


def small_log(plan: Plan, contacts: Sequence[Contact], spans: Sequence[Row] | None = None, **fields: Any) -> RunLog:
    """Return a log of these contacts, sorted by arrival; without spans every agent is there all the time."""
    contacts = sorted(contacts, key=lambda pair: pair[0]["arrived"])
    end = fields.setdefault("end", plan.clock.horizon)
    table = []
    for n, (row, _) in enumerate(contacts):
        ended = row["ended"] if ticks(row["ended"]) <= end else -1
        defaults = {"stream": 0, "block": 0, "n": n, "attempt": 0, "cause": 0, "queue": 0}
        table.append({**defaults, **row, "ended": ended})
    missing = {"agent": -1, "talk_end": -1, "handle_end": -1, "transfer": TransferResult.NONE, "transfer_row": -1}
    legs = [
        {"queue": 0, **missing, **leg, "contact": n, "leg": i}
        for n, (_, visits) in enumerate(contacts)
        for i, leg in enumerate(visits)
    ]
    if spans is None:
        spans = [{"agent": a, "kind": 0, "start": 0.0, "end": -1} for a in range(plan.n_agents)]
    spans = sorted(spans, key=lambda span: (span["agent"], span["start"], span["kind"]))
    tables = [_columns(CONTACTS, table), _columns(LEGS, legs), _columns(SPANS, spans)]
    fields.setdefault("queue_time", _queue_time(plan, tables[1], end))
    fields.setdefault("busy_time", _busy_time(plan, tables[1], end))
    fields = {"replication": 0, "seed": 1, "plan_digest": plan.digest()} | fields
    return RunLog(contacts=tables[0], legs=tables[1], spans=tables[2], **fields)


def _columns(columns: Any, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        column.name: ints([ticks(row[column.name]) if column.name in _TIMES else int(row[column.name]) for row in rows])
        for column in columns
    }


def _queue_time(plan: Plan, legs: Mapping[str, Any], end: int) -> Any:
    total = np.zeros(plan.n_queues, np.int64)
    for queue, entered, left in zip(legs["queue"], legs["entered"], legs["left"], strict=True):
        total[queue] += (end if left < 0 else left) - entered
    return total


def _busy_time(plan: Plan, legs: Mapping[str, Any], end: int) -> Any:
    total = np.zeros(plan.n_groups, np.int64)
    for agent, left, handle_end in zip(legs["agent"], legs["left"], legs["handle_end"], strict=True):
        if agent >= 0:
            total[plan.agents.group[agent]] += min(handle_end, end) - left
    return total


def changed(log: RunLog, table: str, row: int, **columns: int) -> RunLog:
    """Return a log with some cells of one row changed, in ticks."""
    data = {name: column.copy() for name, column in getattr(log, table).items()}
    for name, value in columns.items():
        data[name][row] = value
    return replace(log, **{table: data})


def busy_day_plan() -> Plan:
    """Return the plan of `busy_day`: two departments, two teams, two hours."""
    plan = small_plan(
        streams={"alice": 0, "bob": 1}, queues=("sales", "repairs"), groups={"team": 2, "crew": 2}, horizon=7200.0
    )
    return replace(plan, transfers=transfers(2, 2, [(0, 1, 10.0)]))


def busy_day(plan: Plan) -> RunLog:
    """Return a log in which everything happens once that can happen to a call; see the comments."""
    passed = {"transfer_row": 0, "transfer": TransferResult.TRANSFERRED}
    dropped = {"transfer_row": 0, "transfer": TransferResult.DROPPED_TARGET_CLOSED}
    message = {"transfer_row": 0, "transfer": TransferResult.VOICEMAIL_TARGET_CLOSED}
    talking = {"transfer": TransferResult.UNFINISHED}
    calls = [
        contact(answered(0, 0, 100, 20)),  # A: answered at once
        # B: waits 30 s and 40 s, answered in both departments
        contact(answered(100, 130, 60, agent=1, **passed), answered(200, 240, 50, 10, agent=2, queue=1)),
        contact(answered(200, 210, 90, **passed), lost(310, 330, queue=1)),  # C: hangs up at the second queue
        contact(lost(300, 350), n=99),  # D: hangs up, and calls again as O
        contact(arrived=400, outcome=Outcome.BLOCKED),  # E
        contact(arrived=500, outcome=Outcome.BALKED),  # F
        contact(arrived=600, outcome=Outcome.CLOSED, stream=1, queue=1),  # G
        contact(arrived=700, outcome=Outcome.VOICEMAIL, stream=1, queue=1),  # H
        # I: cut off by a transfer, J: sent to voicemail by one
        contact(answered(800, 800, 100, agent=1, **dropped), outcome=Outcome.DROPPED_BY_TRANSFER, ended=910),
        contact(answered(1000, 1005, 50, **message), outcome=Outcome.VOICEMAIL, ended=1065),
        contact(lost(2000, 2100, Outcome.DROPPED_AT_CLOSING, queue=1), stream=1),  # K
        contact(answered(3000, 6600, 100, agent=2, queue=1), stream=1),  # L: holds for exactly an hour
        contact(lost(7100, -1, Outcome.UNFINISHED)),  # M: still waits at the end
        contact(answered(7000, 7000, 150, 100, **talking)),  # N: still talks at the end
        contact(answered(1200, 1260, 10, agent=1), n=99, attempt=1, cause=1),  # O: the second call of D
        # P: moved to the other department at closing
        contact(lost(4000, 4100, Outcome.MOVED, queue=1), answered(4100, 4150, 20), stream=1),
    ]
    spans = [
        {"agent": 0, "kind": 0, "start": 0, "end": -1},
        {"agent": 0, "kind": 1, "start": 5000, "end": 5300},
        {"agent": 1, "kind": 0, "start": 0, "end": 1265},
        {"agent": 1, "kind": 2, "start": 1265, "end": 1270},
        {"agent": 2, "kind": 0, "start": 0, "end": -1},
        {"agent": 3, "kind": 3, "start": 0, "end": 3600},
    ]
    return small_log(plan, calls, spans)


def figures(measures: Any, by: Sequence[str] = (), **scope: str | int) -> dict[str, float | None]:
    """Return the values of one scope by name, from one replication."""
    return {row.name: row.value for row in rows([measures], by=by) if row.scope == scope}
