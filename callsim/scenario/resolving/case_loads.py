"""What cases ask of the centre, as far as it is known before a run: employees until a case is solved, and their work.

Calls until a case is solved have no closed form: they depend on holds, closed doors, promises and anger. Known is how
many employees must answer: who answers owns the present piece with probability ``p``, so one piece takes ``1 / p`` of
them on average, and ``pieces / p`` all, if one piece is done at a time. Where ``p`` differs by queue it is the owned
part of all legs, of calls that go where customers dial and are passed on (by Wald's identity: legs of a case are legs
of a call times calls). Left out: who gives up before, what notes carry over, promises, escalations, complaints, closed
doors, and cases that come back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import SECOND, SURE, Plan
from callsim.scenario.resolving.resolved import Resolved
from callsim.units import HOUR

__all__ = ["CaseLoad", "case_loads"]

Float = npt.NDArray[np.float64]
_MOST_TRANSFERS = 30
"""Transfers of a call that are followed."""


@dataclass(frozen=True)
class CaseLoad:
    """What one case of a kind asks for, if nobody gives up."""

    stream: int
    employees: float
    """Who must answer on average until the work is done; infinite if nobody would ever own a piece."""
    legs: float
    """Employees for each answered call that nobody owns too early: 1 without transfers."""
    work: Float
    """[queue] Talk, after-call work, explaining and owning of these employees, for each case that begins: those that
    are never tried ask for nothing. 0 if they would be infinite. [h]"""
    deferred: bool
    """The provider may solve it otherwise: it keeps promises, or acts on complaints."""


def case_loads(resolved: Resolved) -> list[CaseLoad]:
    """Return the loads of the case kinds of a plan, in their order."""
    return [_load(resolved.plan, kind) for kind in range(resolved.plan.cases.n)]


def _load(plan: Plan, kind: int) -> CaseLoad:
    cases = plan.cases
    stream, pieces = int(cases.stream[kind]), int(cases.pieces[kind])
    work = np.zeros(plan.n_queues)
    employees, legs = 0.0, []
    for piece in range(1 if cases.owner_does_rest[kind] else pieces):
        owned = _owned(plan, kind, piece)
        visits = _visits(plan, kind, piece, owned)
        share = float(visits @ owned / visits.sum())
        needed = 1 / share if share > 0 else math.inf
        employees += needed
        legs.append(float(visits.sum()))
        if share > 0:
            work += visits / visits.sum() * needed * _handle_times(plan, kind, stream)
            work += visits * owned / (visits @ owned) * _mean(plan, int(cases.owner_law[kind]))
    kept = cases.promise_share[kind] > 0 and cases.promise_kept[kind] > 0
    deferred = bool(kept or cases.complaint_share[kind] > 0)
    tried = 1 - float(cases.never_tries[kind]) / SURE if math.isfinite(employees) else 0.0
    return CaseLoad(stream, employees, float(np.mean(legs)), work * tried, deferred)


def _mean(plan: Plan, law: int) -> float:
    """Return the mean of a law, 0 for none. [h]."""
    return float(plan.laws.mean[law]) * SECOND / HOUR if law >= 0 else 0.0


def _owned(plan: Plan, kind: int, piece: int) -> Float:
    """Return the probability that who answers owns the piece, by queue; its groups taken as equally busy."""
    answers = plan.agents.level > 0
    shares = plan.cases.owner_share[kind] / SURE
    mean = (answers * shares[:, None]).sum(axis=0) / np.maximum(answers.sum(axis=0), 1)
    owned: Float = np.where(plan.cases.can_do[kind, piece], mean, 0.0)
    return owned


def _visits(plan: Plan, kind: int, piece: int, owned: Float) -> Float:
    """Return the legs of a call by queue; who is not passed on, or is owned, hangs up."""
    rows, stream = plan.transfers, int(plan.cases.stream[kind])
    part = np.where(rows.streams[:, stream], rows.share / SURE, 0.0)
    leg: Float = plan.cases.dial_share[kind, piece] / SURE
    visits = leg.copy()
    for _ in range(min(int(rows.at_most.max(initial=0)), _MOST_TRANSFERS)):
        following = np.zeros_like(leg)
        np.add.at(following, rows.target, (leg * (1 - owned))[rows.source] * part)
        leg = following
        visits += leg
    return visits


def _handle_times(plan: Plan, kind: int, stream: int) -> Float:
    """Return the mean time of an employee by queue, without owning, as if half-lost notes were lost half. [h]."""
    cases = plan.cases
    seen = float(cases.notes_seen[kind]) / SURE
    told = (1 - seen) * _mean(plan, int(cases.explain_law[kind])) + seen * _mean(plan, int(cases.notes_law[kind]))
    means = np.append(plan.laws.mean, 0.0)  # law -1 is the last: none
    calls = means[plan.queues.talk_law[stream]] + means[plan.queues.after_call_law[stream]]
    times: Float = calls * SECOND / HOUR + told + _mean(plan, int(cases.identify_law[kind]))
    return times
