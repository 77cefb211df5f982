"""The load of a plan in the fluid picture: work against heads by the hour, repeats, and the hold that follows.

Queues that share agents, and agents who share queues, form a *pool*. In an hour with more work than heads the excess
share of calls abandons; over all hours that is the share ``a``. Of those who abandon some call again, so offered calls
are fresh calls times ``A(a) = 1 + a r1 + a r1 a r2 + ...`` (r: share that calls again, by attempt; of those who are
answered a share calls again because their problem is not solved), and ``a`` is the smallest solution of that circle.
Callers then hold for w with ``F(w) = a``, F their patience: with a load that never
varies this is ``1 - 1/rho = F(w)`` (Whitt 2006, fluid models for multiserver queues with abandonments).
Variation from call to call, and calls carried over from hour to hour, are left out: that is what the simulation is for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Cause, IfClosed, WhenClosed
from callsim.plan.plan import SURE, Plan
from callsim.scenario.resolving.calendar import Span
from callsim.scenario.resolving.case_loads import case_loads
from callsim.scenario.resolving.presence import openings_of
from callsim.scenario.resolving.resolved import Resolved
from callsim.units import HOUR, SECOND

__all__ = ["Pool", "fresh_calls", "fresh_shares", "pools"]

Float = npt.NDArray[np.float64]
_MOST_TRANSFERS = 30
"""Transfers of a call that the fluid picture follows."""
_ROUNDS = 500


@dataclass(frozen=True)
class Pool:
    """Queues and agent groups that hang together, and their load over the measured window."""

    queues: tuple[str, ...]
    groups: tuple[str, ...]
    work: float
    """Of fresh calls and transfers, without repeats, and of cases. [h]"""
    case_work: float
    """The part of cases, as if nobody gave up; see `case_loads`. [h]"""
    heads: float
    """Heads at the phone as planned, absence taken off. [h]"""
    abandons: float
    """Share of calls that must abandon because there are not enough heads."""
    amplification: float
    """Offered calls for each fresh call of ordinary callers: 1 without repeats after abandonment or unsolved calls."""
    hold: float
    """How long callers hold for so many of them to abandon; infinite if nobody hangs up. [s]"""

    @property
    def rho(self) -> float:
        """Work of fresh calls and cases for each hour of heads."""
        return self.work / self.heads if self.heads else math.inf


@dataclass(frozen=True)
class _Flow:
    """What the pools are worked out from."""

    plan: Plan
    fresh: Float
    """[stream, hour] Fresh calls that are let in; those of cases are not known before a run."""
    work: Float
    """[stream, queue, hour] Hours of work that come with the fresh calls of a stream, transfers included; of cases with
    all their calls, at the hours at which others call."""
    heads: Float
    """[group, hour] Hours of heads."""
    members: list[tuple[list[int], list[int]]]
    """Queues and groups of each pool."""


def pools(resolved: Resolved) -> list[Pool]:
    """Return the pools of a scenario with their loads, in the order of their first queues."""
    flow = _flow(resolved)
    return [_pool(resolved, flow, queues, groups) for queues, groups in flow.members]


def fresh_shares(resolved: Resolved, streams: Sequence[int]) -> dict[int, float]:
    """Return which share of the offered calls of some streams is fresh, in the fluid picture.

    Parameters
    ----------
    resolved : Resolved
        Its arrival blocks hold offered calls for these streams, fresh calls for all others.
    streams : sequence of int

    Returns
    -------
    dict from stream to share
        1 where nobody has to abandon, or nobody calls again.
    """
    flow = _flow(resolved)
    shares = dict.fromkeys(streams, 1.0)
    for queues, groups in flow.members:
        abandons = _abandons(flow, queues, groups, frozenset(streams))
        for s in streams:
            if int(resolved.plan.streams.queue[s]) in queues:
                shares[s] = 1 / _amplification(resolved.plan, s, abandons)
    return shares


def fresh_calls(plan: Plan, stream: int, start: int, end: int) -> float:
    """Return the expected fresh calls of a stream in [start, end)."""
    return float(np.diff(_cumulated(plan, stream, np.array([start, end])))[0])


def _cumulated(plan: Plan, stream: int, edges: npt.NDArray[np.int64]) -> Float:
    """Return the expected fresh calls of a stream before each edge."""
    streams = plan.streams
    rows = slice(int(streams.block_offset[stream]), int(streams.block_offset[stream + 1]))
    if rows.start == rows.stop:
        recorded = streams.recorded[streams.recorded_offset[stream] : streams.recorded_offset[stream + 1]]
        return np.searchsorted(recorded, edges).astype(np.float64)
    ticks = np.column_stack((streams.block_start[rows], streams.block_end[rows])).ravel()
    after = np.cumsum(streams.block_mean[rows])
    counts = np.column_stack((after - streams.block_mean[rows], after)).ravel()
    return np.interp(edges.astype(np.float64), ticks.astype(np.float64), counts)


def _flow(resolved: Resolved) -> _Flow:
    plan = resolved.plan
    edges = np.append(np.arange(plan.clock.warm_up, plan.clock.window_end, HOUR, dtype=np.int64), plan.clock.window_end)
    doors = [_part_of_hours(openings_of(resolved, q), edges) for q in range(plan.n_queues)]
    kept = (WhenClosed.HOLD, WhenClosed.OVERFLOW)
    fresh = np.zeros((plan.n_streams, len(edges) - 1))
    work = np.zeros((plan.n_streams, plan.n_queues, len(edges) - 1))
    for s in set(range(plan.n_streams)) - set(plan.cases.stream.tolist()):
        q = int(plan.streams.queue[s])
        let_in = 1.0 if WhenClosed(int(plan.queues.when_closed[q])) in kept else doors[q]
        fresh[s] = np.diff(_cumulated(plan, s, edges)) * let_in
        work[s] = _visits(resolved, s, fresh[s], doors, edges) * _mean_handle_times(plan, s)[:, None]
    _add_cases(resolved, work, doors, edges)
    absent = [1 - group.no_show if group.shifts else 1.0 for group in resolved.context.scenario.agents.values()]
    heads = [
        np.diff(_head_hours(group.presence, edges)) * share
        for group, share in zip(resolved.groups, absent, strict=True)
    ]
    return _Flow(plan, fresh, work, np.array(heads), _members(plan))


def _add_cases(resolved: Resolved, work: Float, doors: Sequence[Float], edges: npt.NDArray[np.int64]) -> None:
    """Put the work of cases into ``work``, at the hours of other callers' work; without any, at the open hours."""
    plan, others = resolved.plan, work.sum(axis=0)
    for load in case_loads(resolved):
        begin = fresh_calls(plan, load.stream, plan.clock.warm_up, plan.clock.window_end)
        for q in np.flatnonzero(load.work).tolist():
            when = others[q] if others[q].any() else doors[q] * np.diff(edges)
            if when.any():
                work[load.stream, q] = begin * load.work[q] * when / when.sum()


def _part_of_hours(spans: Sequence[Span], edges: npt.NDArray[np.int64]) -> Float:
    """Return which part of each interval between the edges lies in the spans."""
    ticks = [tick for span in spans for tick in span]
    if not ticks:
        return np.zeros(len(edges) - 1)
    after = np.cumsum([end - start for start, end in spans])
    inside = np.column_stack((after - [end - start for start, end in spans], after)).ravel()
    parts: Float = np.diff(np.interp(edges, ticks, inside)) / np.diff(edges)
    return parts


def _head_hours(steps: Sequence[tuple[int, int]], edges: npt.NDArray[np.int64]) -> Float:
    """Return the hours of heads before each edge."""
    if not steps:
        return np.zeros(len(edges))
    ticks = [*(tick for tick, _ in steps), max(steps[-1][0] + 1, int(edges[-1]))]
    spent = [heads * (until - tick) / HOUR for (tick, heads), until in zip(steps, ticks[1:], strict=True)]
    return np.interp(edges, ticks, np.concatenate(([0.0], np.cumsum(spent))))


def _mean_handle_times(plan: Plan, stream: int) -> Float:
    """Return the mean of talk and after-call work by queue, 0 where the stream cannot come. [h]."""
    means = np.append(plan.laws.mean, 0.0)  # law -1 is the last: none
    hours: Float = (means[plan.queues.talk_law[stream]] + means[plan.queues.after_call_law[stream]]) * SECOND / HOUR
    return hours


def _visits(
    resolved: Resolved, stream: int, fresh: Float, doors: Sequence[Float], edges: npt.NDArray[np.int64]
) -> Float:
    """Return [queue, hour]: legs at each queue that come with fresh calls, passed on within the hour."""
    plan, rows = resolved.plan, resolved.plan.transfers
    leg = np.zeros((plan.n_queues, len(fresh)))
    leg[int(plan.streams.queue[stream])] = fresh
    visits = leg.copy()
    answers = plan.agents.level > 0
    applicable = np.flatnonzero(rows.streams[:, stream] & (rows.share > 0)).tolist()
    part = {}
    for row in applicable:
        able = answers[:, int(rows.source[row])]
        window = slice(int(rows.during_offset[row]), int(rows.during_offset[row + 1]))
        during = list(zip(rows.during_start[window].tolist(), rows.during_end[window].tolist(), strict=True))
        when = _part_of_hours(during, edges) if during else 1.0
        door = 1.0 if IfClosed(int(rows.if_closed[row])) == IfClosed.HOLD else doors[int(rows.target[row])]
        part[row] = rows.share[row] / SURE * ((able & rows.groups[row]).sum() / max(able.sum(), 1)) * when * door
    for _ in range(min(int(rows.at_most.max(initial=0)), _MOST_TRANSFERS)):
        following = np.zeros_like(leg)
        for row in applicable:
            following[int(rows.target[row])] += leg[int(rows.source[row])] * part[row]
        leg = following
        visits += leg
        if leg.sum() <= 1e-9 * fresh.sum():
            break
    return visits


def _members(plan: Plan) -> list[tuple[list[int], list[int]]]:
    """Return the queues and groups that hang together by skills."""
    answers = plan.agents.level > 0
    left, found = list(range(plan.n_queues)), []
    while left:
        queues = {left[0]}
        while True:
            groups = set(np.flatnonzero(answers[:, sorted(queues)].any(axis=1)).tolist())
            grown = queues | set(np.flatnonzero(answers[sorted(groups)].any(axis=0)).tolist())
            if grown == queues:
                break
            queues = grown
        found.append((sorted(queues), sorted(groups)))
        left = [q for q in left if q not in queues]
    return found


def _amplification(plan: Plan, stream: int, abandons: float) -> float:
    """Return A(a): calls for each fresh call if the share ``abandons`` of all calls abandons."""
    if stream in plan.cases.stream:
        return 1.0  # their work holds all their calls
    shares = plan.streams.redial_share[stream, Cause.REDIAL_AFTER_ABANDONED] / SURE
    unsolved = plan.streams.redial_share[stream, Cause.REPEAT_UNSOLVED] / SURE
    calls = np.zeros(len(unsolved))
    calls[0] = total_calls = (
        1.0  # calls of this attempt, by answered calls before; the last entry serves all later ones
    )
    for attempt in range(int(plan.streams.max_contacts[stream]) - 1):
        repeats = calls * (1 - abandons) * unsolved
        calls = calls * (abandons * float(shares[min(attempt, len(shares) - 1)]))
        calls[1:] += repeats[:-1]
        calls[-1] += repeats[-1]
        total_calls += float(calls.sum())
        if calls.sum() < 1e-12:
            break
    return float(total_calls)


def _abandons(
    flow: _Flow, queues: Sequence[int], groups: Sequence[int], offered: frozenset[int] = frozenset()
) -> float:
    """Return the share of a pool's calls that must abandon; the calls of ``offered`` streams hold their repeats."""
    each = flow.work[:, list(queues)].sum(axis=1)
    heads = flow.heads[list(groups)].sum(axis=0)
    share = 0.0
    for _ in range(_ROUNDS):
        factors = [1.0 if s in offered else _amplification(flow.plan, s, share) for s in range(flow.plan.n_streams)]
        work = np.array(factors) @ each
        whole = float(work.sum())
        after = float(np.maximum(work - heads, 0.0).sum()) / whole if whole else 0.0
        if abs(after - share) < 1e-12:
            break
        share = after
    return share


def _pool(resolved: Resolved, flow: _Flow, queues: list[int], groups: list[int]) -> Pool:
    plan, context = resolved.plan, resolved.context
    each = flow.work[:, queues].sum(axis=(1, 2))
    abandons = _abandons(flow, queues, groups)
    factors = np.array([_amplification(plan, s, abandons) for s in range(plan.n_streams)])
    callers = [s for s in range(plan.n_streams) if int(plan.streams.queue[s]) in queues and flow.fresh[s].sum() > 0]
    calls = flow.fresh.sum(axis=1)[callers]
    amplification = float(calls @ factors[callers] / calls.sum()) if callers else 1.0
    return Pool(
        tuple(context.queues[q] for q in queues),
        tuple(context.groups[g] for g in groups),
        float(each.sum()),
        float(each[plan.cases.stream].sum()),
        float(flow.heads[groups].sum()),
        abandons,
        amplification,
        _hold(resolved, np.flatnonzero(each).tolist(), (each * factors)[each != 0], abandons),
    )


def _hold(resolved: Resolved, callers: Sequence[int], weights: Float, abandons: float) -> float:
    """Return the wait after which the share ``abandons`` of the callers has hung up: F(w) = a, by bisection. [s]."""
    if abandons <= 0 or not len(callers):
        return 0.0

    def gone(wait: float) -> float:
        parts = [_hung_up(resolved, s, wait) for s in callers]
        return float(weights @ np.array(parts) / weights.sum())

    low, high = 0.0, 1e9
    if gone(high) < abandons:
        return math.inf
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if gone(middle) < abandons else (low, middle)
    return high


def _hung_up(resolved: Resolved, stream: int, wait: float) -> float:
    """Return the share of a stream's callers whose patience is at most ``wait``, first calls taken for all."""
    callers = resolved.context.streams[stream].callers
    if callers.patience is None:
        return callers.hangs_up_at_once
    written = callers.patience.law
    zero = 1 - (1 - written.zero) * (1 - callers.hangs_up_at_once)
    return zero + (1 - zero) * float(written.law.cdf(wait))
