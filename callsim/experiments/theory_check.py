"""What Erlang B, C and A would answer for each queue, from the averages that a planner would put into them.

The formulas get the simulated averages: calls that entered the queue per open hour, mean handle time, the
mean number of agents in these hours. Agents of several queues are shared out by the work they find there.
Where the answer differs from the simulation, it is not the input that is wrong but what the formula leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callsim.codes import ServiceLevelFormula
from callsim.experiments.blind_spots import BlindSpot, blind_spots
from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings
from callsim.plan.plan import NEVER, SECOND, Plan
from callsim.theory import Answer, predict

__all__ = ["QueueCheck", "TheoryFindings", "check"]


@dataclass(frozen=True)
class QueueCheck:
    """One queue: what went into the formulas, and what came out."""

    queue: str
    arrival_rate: float
    """Calls that enter the queue, averaged over its open hours. [1/s]"""
    handle_time: float
    """[s]"""
    n_agents: int
    """Rounded mean of the agents present in the open hours, those of several queues shared out by work."""
    patience: float | None
    """Mean patience of its callers, None if nobody hangs up. [s]"""
    answers: tuple[Answer, ...]
    """One a model; empty if no call was answered."""
    formula: str
    """Name of the queue's service-level formula."""


@dataclass(frozen=True)
class TheoryFindings:
    """The answer to `check`."""

    findings: Findings
    queues: tuple[QueueCheck, ...]
    blind_spots: tuple[BlindSpot, ...]


def check(findings: Findings) -> TheoryFindings:
    """Ask the formulas about every queue of a run.

    Parameters
    ----------
    findings : Findings
        Of one scenario, with all its measures.

    Returns
    -------
    TheoryFindings
        Input and answers by queue, and what of the scenario the formulas cannot see.
    """
    plan = findings.replicated.plans[findings.base]
    staff = _agents_by_queue(findings, plan)
    queues = tuple(_queue_check(findings, plan, i, staff[i]) for i in range(plan.n_queues))
    return TheoryFindings(findings, queues, blind_spots(plan))


def _value(findings: Findings, name: str, scope: dict[str, str]) -> float:
    row: Row | None = findings.row(name, scope)
    return row.value if row is not None and row.value is not None else 0.0


def _agents_by_queue(findings: Findings, plan: Plan) -> list[float]:
    """Return agent seconds in the window by queue, each group's shared out by the work of its queues."""
    work = np.array(
        [
            _value(findings, "answered", {"queue": q}) * _value(findings, "handle_time", {"queue": q})
            for q in plan.queues.names
        ]
    )
    total = np.zeros(plan.n_queues)
    for i, group in enumerate(plan.agents.groups):
        mine = (plan.agents.level[i] > 0) * work
        if mine.sum() > 0.0:
            total += _value(findings, "staffed_time", {"agents": group}) * mine / mine.sum()
    return [float(value) for value in total]


def _queue_check(findings: Findings, plan: Plan, queue: int, staffed_time: float) -> QueueCheck:
    name = plan.queues.names[queue]
    scope = {"queue": name}
    open_time = _open_time(plan, queue)
    rate = _value(findings, "offered", scope) / open_time if open_time else 0.0
    handle_time = _value(findings, "handle_time", scope)
    n_agents = max(1, round(staffed_time / open_time)) if open_time else 1
    patience = _patience(plan, queue)
    formula = ServiceLevelFormula(int(plan.queues.formula[queue])).name.lower()
    answers: tuple[Answer, ...] = ()
    if rate > 0.0 and handle_time > 0.0:
        answers = predict(
            rate,
            handle_time,
            n_agents,
            patience=patience,
            trunk_lines=_places(plan, queue, n_agents),
            acceptable_wait=int(plan.queues.acceptable_wait[queue]) / SECOND,
            short=int(plan.queues.short_wait[queue]) / SECOND,
        )
    return QueueCheck(name, rate, handle_time, n_agents, patience, answers, formula)


def _open_time(plan: Plan, queue: int) -> float:
    """Return the time in the window in which the queue is open. [s]"""
    rows = slice(int(plan.queues.open_offset[queue]), int(plan.queues.open_offset[queue + 1]))
    start = np.maximum(plan.queues.open_start[rows], plan.clock.warm_up)
    end = np.minimum(plan.queues.open_end[rows], plan.clock.horizon)
    return float(np.maximum(end - start, 0).sum()) / SECOND


def _patience(plan: Plan, queue: int) -> float | None:
    """Return the mean patience of those who call the queue, weighted by their fresh calls; None: nobody hangs up."""
    streams = plan.streams
    callers = np.flatnonzero(streams.queue == queue)
    weights, means = [], []
    for i in callers:
        law = int(streams.patience_law[i])
        if law >= 0:
            rows = slice(int(streams.block_offset[i]), int(streams.block_offset[i + 1]))
            recorded = streams.recorded_offset[i + 1] - streams.recorded_offset[i]
            weights.append(float(streams.block_mean[rows].sum()) + float(recorded))
            means.append(float(plan.laws.mean[law]))
    return float(np.average(means, weights=weights)) if sum(weights) > 0.0 else None


def _places(plan: Plan, queue: int, n_agents: int) -> int | None:
    """Return how many callers may talk or wait at a queue, None: any number."""
    limit = int(plan.queues.limit[queue])
    places = n_agents + limit if limit < NEVER else NEVER
    if plan.n_queues == 1:
        places = min(places, plan.lines)
    return places if places < NEVER else None
