"""The plan as the kernel reads it: a few tables of int64, with named columns.

A row of a table lies in one or two cache lines, and a NamedTuple of two dozen tables is quick to hand from one
compiled function to the next. Columns are module constants, which the compiler takes for the numbers they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.codes import AtClosing, Cause, Place, WhenClosed
from callsim.engines.compiled.case_layout import MOST_EVENTS, case_tables
from callsim.engines.compiled.routing_layout import overflow_times, routes_of, skills_of, takers_of, trees_of
from callsim.errors import EngineError
from callsim.plan.plan import NEVER, ONE, SECOND, Plan

__all__ = ["PlanTables", "plan_tables"]

Int64 = npt.NDArray[np.int64]
LARGEST_KEY = 1 << 62
"""Sorts after all keys of agents."""

# --- scalars --------------------------------------------------------------------------------------
(
    HORIZON,
    DRAIN,
    END,
    ALL_AS_USUAL,
    LINES,
    CALL_SELECTION,
    AGENT_SELECTION,
    N_STREAMS,
    N_QUEUES,
    N_GROUPS,
    N_AGENTS,
    AGENT_BITS,
    AGENT_MASK,
    LATEST,
    FIRST_CLASS,
    N_CLASSES,
    LEGS_AT_ONCE,
    EVENTS_AT_ONCE,
    CASE_ROWS_AT_ONCE,
    SCALARS,
) = range(20)
"""END: the instant before which everything happens. ALL_AS_USUAL: 1 if no agent and no interval makes talk or work
longer or shorter. AGENT_BITS: bits of an agent's number and of the break flag in a key of the agents' tree; AGENT_MASK:
those of the number. LATEST: a key tells of instants before it. FIRST_CLASS, N_CLASSES: waiting calls of one queue are
kept by class, 2 * priority - 1 if ahead. LEGS_AT_ONCE, EVENTS_AT_ONCE: the most legs that one caller can end, and the
most events that he can put on the heap, at one instant. CASE_ROWS_AT_ONCE: the most case events that are written of one
caller at one instant, 0 in a plan without cases."""

# --- laws -----------------------------------------------------------------------------------------
LAW_FIRST, LAW_SIZE, LAW_KIND, LAW_ZERO, LAW_WIDTH = range(5)

# --- streams --------------------------------------------------------------------------------------
(
    HASH,
    CALLED,
    PRIORITY,
    CREDIT,
    BALK,
    PATIENCE_LAW,
    PATIENCE_RULE,
    MAX_CONTACTS,
    FIRST_BLOCK,
    END_BLOCK,
    FIRST_RECORDED,
    END_RECORDED,
    DAY_LAW,
    DAY_HASH,
    NEEDS_WORK,
    KIND,
    FOLLOWED,
    ORDINARY_FROM,
    CALLED_LINE,
    STREAM_WIDTH,
) = range(20)
"""NEEDS_WORK: 1 if after-call work or a transfer may be drawn for its callers. KIND: row of the kinds of case, NOBODY
for ordinary callers. FOLLOWED: what may follow an answered call: 0 nothing, 1 another call, or `BY_CASE`.
ORDINARY_FROM: the smallest draw of a transfer with which a call is an ordinary one: nobody passes it on, and
no agent and no interval makes it longer or shorter; `NEVER` if some may. CALLED_LINE: the line that its callers
join in the queue that they call (`callsim.engines.compiled.lines.line_of`)."""
BY_CASE = 2
REDIAL_DELAY, REDIAL_UNTIL_OPEN, REDIAL_SHARE = range(3)
"""Rows of the redial table: stream * N_CAUSES + cause; from REDIAL_SHARE on one share a contact."""
BLOCK_START, BLOCK_LENGTH, BLOCK_KEY, BLOCK_DAY, BLOCK_WIDTH = range(5)

# --- queues ---------------------------------------------------------------------------------------
(
    FIRST_OPENING,
    END_OPENING,
    WHEN_CLOSED,
    WHEN_CLOSED_TO,
    AT_CLOSING,
    AT_CLOSING_TO,
    LIMIT,
    SLOPE,
    FIRST_TAKER,
    END_TAKER,
    FIRST_OVERFLOW,
    END_OVERFLOW,
    FIRST_ROW,
    END_ROW,
    ROWS_SHARE,
    ROUTE,
    QUEUE_WIDTH,
) = range(17)
"""ROWS_SHARE: sum of the shares of its rows of transfers, of which not all apply to a call. ROUTE: where its cells of
the table of that name begin."""
OPENS, ADMITS, CLOSES, OPENING_WIDTH = range(4)
TALK_LAW, WORK_LAW, SCALE_ROW, HANDLING_WIDTH = range(4)
"""Rows of the handling table: stream * N_QUEUES + queue."""
SCALE_START, SCALE_FACTOR, SCALE_WIDTH = range(3)
TAKER_LEVEL, TAKER_AFTER, TAKER_GROUP, TAKER_WIDTH = range(4)
"""Groups that can take a queue's calls, lowest level first (all of level 0 if levels do not count), then by index."""

# --- agents ---------------------------------------------------------------------------------------
FIRST_SKILL, END_SKILL, FIRST_AGENT, END_AGENT, KEEPS_END, FIRST_NODE, LEAF_OF, GROUP_WIDTH = range(8)
"""FIRST_NODE: where the group's tree begins in `callsim.engines.compiled.state.State.free`. LEAF_OF: what leads from an
agent's number to his leaf in it."""
SKILL_LEVEL, SKILL_QUEUE, SKILL_AFTER, SKILL_DECIDES, SKILL_WIDTH = range(5)
"""SKILL_DECIDES: 1 if no further queue of the group comes before this one: there is none, or all are of higher levels
and levels come first."""
DUTY_AGENT, DUTY_START, DUTY_END, DUTY_HASH, DUTY_DAY, DUTY_POSITION, DUTY_NO_SHOW, DUTY_WIDTH = range(8)
BREAK_DUTY, BREAK_START, BREAK_LENGTH, BREAK_WIDTH = range(4)
HEADS_GROUP, HEADS_COUNT, HEADS_WIDTH = range(3)
AGENDA_TIME, AGENDA_RANK, AGENDA_NUMBER, AGENDA_WIDTH = range(4)

# --- transfers ------------------------------------------------------------------------------------
(
    ROW_INDEX,
    TARGET,
    SHARE,
    AT_MOST,
    DIALLING,
    EXPLAIN_LAW,
    PLACE,
    ROW_PRIORITY,
    PATIENCE,
    ROW_PATIENCE_LAW,
    IF_CLOSED,
    MISTAKEN,
    FIRST_WINDOW,
    END_WINDOW,
    ROW_WIDTH,
) = range(15)


class PlanTables(NamedTuple):
    """A plan in tables of int64, all of two dimensions but the lists."""

    scalar: Int64
    law: Int64
    knots: Int64
    """One list; law i begins at LAW_FIRST. [ticks]"""
    stream: Int64
    patience_scale: Int64
    """[stream, contact]"""
    redial: Int64
    block: Int64
    block_mean: npt.NDArray[np.float64]
    recorded: Int64
    queue: Int64
    opening: Int64
    overflow_time: Int64
    """One list; the different waits of a queue after which further groups may take a call. [ticks]"""
    handling: Int64
    scale_offset: Int64
    scale: Int64
    taker: Int64
    route: Int64
    """One list; see `callsim.engines.compiled.routing_layout.routes_of`."""
    stream_route: Int64
    """[stream] Where the route of the queue begins that it calls."""
    group: Int64
    skill: Int64
    factor: Int64
    """[group, queue]"""
    agent_group: Int64
    duty: Int64
    planned_break: Int64
    heads: Int64
    agenda: Int64
    """What is planned, in the order in which it happens."""
    transfer: Int64
    """By source queue, then by index."""
    transfer_stream: Int64
    """[row, stream] 1: the row applies."""
    transfer_group: Int64
    """[row, group]"""
    window: Int64
    kind: Int64
    """Kinds of case, as the next: `callsim.engines.compiled.case_layout`."""
    can_do: Int64
    """[kind, piece, queue] 1: who answers here can own the piece."""
    owner_share: Int64
    """[kind, group]"""
    dial_share: Int64
    """[kind, piece, queue]"""
    anger: Int64
    """[kind, cause] Points."""
    anger_patience: Int64
    """[kind, points] Factor, as the next two."""
    anger_delay: Int64
    anger_talk: Int64
    escalation_row: Int64
    """[kind, queue] Row of ``transfer``."""
    hours: Int64
    """Stretches of time."""
    queue_hours: Int64
    """Rows of ``hours``: queue * 2 + whether he knows when it lets callers in."""

    @staticmethod
    def widths() -> dict[str, int]:
        """Return the number of columns of the tables that have columns."""
        return {
            "law": LAW_WIDTH,
            "stream": STREAM_WIDTH,
            "block": BLOCK_WIDTH,
            "queue": QUEUE_WIDTH,
            "opening": OPENING_WIDTH,
            "handling": HANDLING_WIDTH,
            "scale": SCALE_WIDTH,
            "taker": TAKER_WIDTH,
            "group": GROUP_WIDTH,
            "skill": SKILL_WIDTH,
            "duty": DUTY_WIDTH,
            "planned_break": BREAK_WIDTH,
            "heads": HEADS_WIDTH,
            "agenda": AGENDA_WIDTH,
            "transfer": ROW_WIDTH,
        }


# Copies throughout: a plan's own arrays are frozen, and numba would take frozen and free arrays for different types.


def _table(*columns: Any) -> Int64:
    """Return columns of one length side by side as int64."""
    return np.ascontiguousarray(np.stack([np.asarray(column).astype(np.int64) for column in columns], axis=-1))


def _spans(offset: Int64) -> tuple[Int64, Int64]:
    return offset[:-1], offset[1:]


def plan_tables(plan: Plan, timetable: Int64) -> PlanTables:
    """Return the tables of a plan; ``timetable`` is what `callsim.engines.compiled.agenda.agenda` made of it.

    Raises
    ------
    EngineError
        If the plan has more classes of priority than a run has room for.
    """
    agents, queues, laws = plan.agents, plan.queues, plan.laws
    edges = np.searchsorted(agents.group, np.arange(plan.n_groups + 1))
    first_node, leaves = trees_of(edges)
    takers, first_taker = takers_of(plan)
    route, first_cell = routes_of(takers, first_taker, first_node)
    skills, first_skill = skills_of(plan)
    overflow, first_overflow = overflow_times(plan)
    rows, first_row = _transfer_rows(plan)
    handling = _table(queues.talk_law, queues.after_call_law, queues.scale_row)
    order = rows[:, ROW_INDEX]
    shares = np.diff(np.concatenate(([0], np.cumsum(rows[:, SHARE])))[first_row])
    scalar = _scalars(plan)
    return PlanTables(
        scalar=scalar,
        law=_table(laws.offset[:-1], np.diff(laws.offset), laws.kind, laws.zero),
        knots=np.array(laws.knots, np.int64),
        stream=_streams(plan, scalar, shares),
        patience_scale=np.array(plan.streams.patience_scale, np.int64),
        redial=_redials(plan),
        block=_blocks(plan),
        block_mean=np.array(plan.streams.block_mean, np.float64),
        recorded=np.array(plan.streams.recorded, np.int64),
        queue=_table(
            *_spans(queues.open_offset),
            queues.when_closed,
            queues.when_closed_to,
            queues.at_closing,
            queues.at_closing_to,
            queues.limit,
            queues.slope,
            *_spans(first_taker),
            *_spans(first_overflow),
            *_spans(first_row),
            shares,
            first_cell,
        ),
        opening=_table(queues.open_start, queues.admit_end, queues.open_end),
        overflow_time=overflow,
        handling=handling.reshape(-1, HANDLING_WIDTH),
        scale_offset=np.array(queues.scale_offset, np.int64),
        scale=_table(queues.scale_start, queues.scale_factor),
        taker=takers,
        route=route,
        stream_route=first_cell[plan.streams.queue],
        group=_table(*_spans(first_skill), *_spans(edges), agents.break_keeps_end, first_node, leaves - edges[:-1]),
        skill=skills,
        factor=np.array(agents.factor, np.int64),
        agent_group=agents.group.astype(np.int64),
        duty=_table(
            agents.duty_agent,
            agents.duty_start,
            agents.duty_end,
            agents.duty_hash,
            agents.duty_day,
            agents.duty_position,
            agents.duty_no_show,
        ),
        planned_break=_table(
            np.repeat(np.arange(len(agents.duty_agent)), np.diff(agents.break_offset)),
            agents.break_start,
            agents.break_length,
        ),
        heads=_table(agents.heads_group, agents.heads_count),
        agenda=timetable,
        transfer=rows,
        transfer_stream=np.ascontiguousarray(plan.transfers.streams[order].astype(np.int64)),
        transfer_group=np.ascontiguousarray(plan.transfers.groups[order].astype(np.int64)),
        window=_table(plan.transfers.during_start, plan.transfers.during_end),
        **case_tables(plan, order),
    )


def _scalars(plan: Plan) -> Int64:
    streams, transfers = plan.streams, plan.transfers
    given = np.concatenate((transfers.priority, plan.cases.promise_priority, plan.cases.regulator_priority))
    used = np.concatenate((streams.priority, given[given >= 0])).astype(np.int64)
    low = 2 * int(used.min()) - bool((transfers.place == Place.AHEAD).any()) if len(used) else 0
    high = 2 * int(used.max()) if len(used) else 0
    if high - low >= 1 << 10:
        raise EngineError("priorities lie too far apart: the compiled engine has room for 512 of them")
    scalar = np.zeros(SCALARS, np.int64)
    scalar[HORIZON] = plan.clock.horizon
    scalar[DRAIN] = plan.clock.drain
    scalar[END] = NEVER if plan.clock.drain else plan.clock.horizon
    scalar[ALL_AS_USUAL] = bool((plan.agents.factor == ONE).all() and (plan.queues.scale_row < 0).all())
    scalar[LINES] = plan.lines
    scalar[CALL_SELECTION] = plan.call_selection
    scalar[AGENT_SELECTION] = plan.agent_selection
    scalar[N_STREAMS] = plan.n_streams
    scalar[N_QUEUES] = plan.n_queues
    scalar[N_GROUPS] = plan.n_groups
    scalar[N_AGENTS] = plan.n_agents
    # Six bits at least: the time of a key that sorts after all others, times 16, still fits.
    scalar[AGENT_BITS] = max(5, (plan.n_agents - 1).bit_length()) + 1
    scalar[AGENT_MASK] = (1 << (scalar[AGENT_BITS] - 1)) - 1
    scalar[LATEST] = LARGEST_KEY >> scalar[AGENT_BITS]
    scalar[FIRST_CLASS] = low
    scalar[N_CLASSES] = high - low + 1
    scalar[LEGS_AT_ONCE] = 2 + np.count_nonzero(plan.queues.at_closing == AtClosing.MOVE)
    scalar[EVENTS_AT_ONCE] = 2 + (np.diff(overflow_times(plan)[1]).max() if plan.n_queues else 0)
    scalar[CASE_ROWS_AT_ONCE] = MOST_EVENTS if plan.cases.n else 0
    return scalar


def _streams(plan: Plan, scalar: Int64, shares: Int64) -> Int64:
    streams, queues = plan.streams, plan.queues
    needs_work = (queues.after_call_law >= 0).any(axis=1) | (len(plan.transfers.share) > 0)
    kind = np.full(plan.n_streams, -1)
    kind[plan.cases.stream] = np.arange(plan.cases.n)
    called, every = streams.queue, np.arange(plan.n_streams)
    as_usual = (plan.agents.factor == ONE).all(axis=0)[called] & (queues.scale_row[every, called] < 0)
    return _table(
        streams.hashes,
        called,
        streams.priority,
        streams.credit,
        streams.balk,
        streams.patience_law,
        streams.patience_rule,
        streams.max_contacts,
        *_spans(streams.block_offset),
        *_spans(streams.recorded_offset),
        streams.day_factor_law,
        streams.day_factor_hash,
        needs_work,
        kind,
        np.where(kind >= 0, BY_CASE, streams.redial_share[:, Cause.REPEAT_UNSOLVED].any(axis=1)),
        np.where(as_usual, shares[called], NEVER),
        (2 * called * scalar[N_CLASSES] + 2 * streams.priority) - scalar[FIRST_CLASS],
    )


def _redials(plan: Plan) -> Int64:
    streams = plan.streams
    n_causes = streams.redial_delay.shape[1]
    shares = streams.redial_share.reshape(plan.n_streams * n_causes, -1)
    rules = _table(streams.redial_delay.reshape(-1), streams.redial_until_open.reshape(-1))
    return np.ascontiguousarray(np.concatenate((rules, shares), axis=1))


def _blocks(plan: Plan) -> Int64:
    streams = plan.streams
    start = streams.block_start
    return _table(start, streams.block_end - start, start // SECOND, streams.block_day)


def _transfer_rows(plan: Plan) -> tuple[Int64, Int64]:
    t = plan.transfers
    order = np.argsort(t.source, kind="stable")
    rows = _table(
        np.arange(len(t.share)),
        t.target,
        t.share,
        t.at_most,
        t.dialling,
        t.explain_law,
        t.place,
        t.priority,
        t.patience,
        t.patience_law,
        t.if_closed,
        t.mistaken,
        *_spans(t.during_offset),
    )[order]
    return np.ascontiguousarray(rows), np.searchsorted(t.source[order], np.arange(plan.n_queues + 1)).astype(np.int64)


def always_open(plan: Plan) -> bool:
    """Tell whether no queue of the plan ever closes its door or its line before the horizon."""
    queues = plan.queues
    whole = np.diff(queues.open_offset) == 1
    if not whole.all():
        return False
    inside = (queues.open_start <= 0) & (queues.admit_end >= plan.clock.horizon) & (queues.open_end >= NEVER)
    return bool(inside.all()) and not np.isin(queues.when_closed, [WhenClosed.OVERFLOW]).any()
