"""Who can answer a queue, and how many are needed there by the Erlang C formula."""

from __future__ import annotations

import math

import numpy as np

from callsim.plan.plan import SECOND, Plan
from callsim.theory import erlang_b

__all__ = ["groups_of", "required", "serves_only"]

_ROUNDING = 1.0 - 1e-12
"""A target that is met exactly must not fail by a rounding error."""


def groups_of(plan: Plan, queue: str) -> tuple[str, ...]:
    """Return the groups that answer a queue; all groups if ``queue`` is empty."""
    if not queue:
        return plan.agents.groups
    column = plan.agents.level[:, plan.queues.names.index(queue)]
    return tuple(name for name, level in zip(plan.agents.groups, column, strict=True) if level > 0)


def serves_only(plan: Plan, queue: str) -> bool:
    """Return whether the groups that answer a queue answer no other; True for the whole centre."""
    groups = [plan.agents.groups.index(name) for name in groups_of(plan, queue)]
    return not queue or not (np.count_nonzero(plan.agents.level[groups], axis=1) > 1).any()


def required(plan: Plan, queue: str, calls: float, handle_time: float, length: float) -> float:
    """Return the agents that a queue's service-level target takes in one interval, by Erlang C.

    Parameters
    ----------
    plan : Plan
        Has the queue's target and its acceptable wait.
    queue : str
        Name of the queue.
    calls : float
        That enter it in the interval, mean over replications.
    handle_time : float
        Mean of talk and after-call work. [s]
    length : float
        Of the interval. [s]

    Returns
    -------
    float
        Whole number of agents; 0 if nobody calls, NaN if the queue has no target or the work is unknown. Callers
        of Erlang C never hang up, so that all formulas of the service level agree.
    """
    place = plan.queues.names.index(queue)
    target = float(plan.queues.target_share[place])
    if calls <= 0.0:
        return 0.0
    if math.isnan(target) or not 0.0 < target < 1.0 or handle_time <= 0.0:
        return math.nan
    load = calls * handle_time / length
    wait = int(plan.queues.acceptable_wait[place]) / SECOND / handle_time
    n_agents = math.floor(load) + 1
    while _level(n_agents, load, wait) < target * _ROUNDING:
        n_agents += 1
    return float(n_agents)


def _level(n_agents: int, load: float, wait: float) -> float:
    """Return the share that waits no longer than ``wait`` handle times: 1 - C exp(-(n - R) wait)."""
    lost = erlang_b(n_agents, load)
    delayed = lost / (1.0 - load / n_agents * (1.0 - lost))
    return 1.0 - delayed * math.exp(-(n_agents - load) * wait)
