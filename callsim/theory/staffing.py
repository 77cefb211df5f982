r"""How many agents, how many lines: the smallest number that meets a target.

.. math:: n^* = \min \{ n : SL(n) \ge target, \; occupancy(n) \le cap \}, \qquad
          heads = \lceil n^* / (1 - shrinkage) \rceil

Service level and occupancy are monotone in the agents, so the search halves an interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from callsim.theory.erlang import erlang_b
from callsim.theory.patience import Patience, as_patience
from callsim.theory.steady_state import Formula, SteadyState, check_agents, check_positive, steady_state

__all__ = ["Requirement", "required_agents", "required_lines", "scheduled_heads"]

_ROUNDING = 1e-12
"""A target that is met exactly, 7 erlangs on 10 agents at a cap of 70 %, must not fail by a rounding error."""


@dataclass(frozen=True)
class Requirement:
    """The agents that a target takes; made by `required_agents`.

    Attributes
    ----------
    n_agents : int
        Smallest number that meets the target. [count]
    scheduled_heads : int
        Heads to schedule so that as many are there after shrinkage. [count]
    service_level : float
        What they reach, by the formula that was asked for.
    state : SteadyState
        All other figures.
    """

    n_agents: int
    scheduled_heads: int
    service_level: float
    state: SteadyState


def scheduled_heads(n_agents: int, shrinkage: float) -> int:
    """Return ceil(n / (1 - shrinkage)): the heads to schedule so that ``n_agents`` are there on average.

    Parameters
    ----------
    n_agents : int
        Agents needed, >= 1. [count]
    shrinkage : float
        Share of paid time not available for calls, in [0, 1).

    Returns
    -------
    int
        Heads. [count]

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> scheduled_heads(14, 0.3)
    20
    """
    check_agents("n_agents", n_agents)
    if not 0.0 <= shrinkage < 1.0:
        raise ValueError(f"shrinkage: found {shrinkage!r}; must be at least 0 and less than 1")
    heads = n_agents / (1.0 - shrinkage)
    # A rounding error above a whole number must not hire a person: 21 / (1 - 0.3) is 30.000000000000004.
    return math.ceil(heads - 1e-9 * max(1.0, heads * 1e-3))


def required_agents(
    arrival_rate: float,
    handle_time: float,
    target: float,
    acceptable_wait: float,
    formula: Formula = "negative_abandon",
    patience: float | Patience | None = None,
    *,
    short: float = 5.0,
    max_occupancy: float = 1.0,
    shrinkage: float = 0.0,
    trunk_lines: int | None = None,
) -> Requirement:
    """Return the smallest number of agents that meets a service level and an occupancy cap.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity, > 0. [1/s]
    handle_time : float
        Mean of the exponential handle time, > 0. [s]
    target : float
        Service level to reach, above 0 and below 1.
    acceptable_wait : float
        Threshold of the service level, >= 0. [s]
    formula : str
        Its formula, see `SteadyState.service_level`.
    patience : float or Patience or None
        Mean of an exponential patience [s], or a law, or None for callers who never hang up.
    short : float
        Limit of a short abandonment, for ``exclude_short_abandon`` alone. [s]
    max_occupancy : float
        Cap, above 0 and at most 1.
    shrinkage : float
        Share of paid time not available for calls, in [0, 1).
    trunk_lines : int or None
        Cap on the callers who talk or wait. [count]

    Returns
    -------
    Requirement
        The agents, the heads and what they reach.

    Raises
    ------
    ValueError
        If a parameter is outside its range, or no number of agents can do it with so few lines.

    Examples
    --------
    >>> needed = required_agents(100 / 1800, 180.0, target=0.8, acceptable_wait=20.0, max_occupancy=0.85, shrinkage=0.3)
    >>> needed.n_agents, needed.scheduled_heads, round(needed.service_level, 4)
    (14, 20, 0.8884)
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"target: found {target!r}; must be above 0 and below 1")
    if not 0.0 < max_occupancy <= 1.0:
        raise ValueError(f"max_occupancy: found {max_occupancy!r}; must be above 0 and at most 1")
    check_positive("arrival_rate", arrival_rate)
    check_positive("handle_time", handle_time)
    law = as_patience(patience)
    lowest = target * (1.0 - _ROUNDING)
    unstable = trunk_lines is None and math.isinf(law.mean)

    def meets(n_agents: int) -> bool:
        if unstable and arrival_rate * handle_time >= n_agents:
            return False
        state = steady_state(arrival_rate, handle_time, n_agents, law, trunk_lines)
        level = state.service_level(acceptable_wait, formula, short)
        return state.occupancy <= max_occupancy * (1.0 + _ROUNDING) and level >= lowest

    if trunk_lines is not None:
        # Agents beyond the lines answer nobody, they only lower the occupancy.
        check_agents("trunk_lines", trunk_lines)
        best = steady_state(arrival_rate, handle_time, trunk_lines, law, trunk_lines)
        if best.service_level(acceptable_wait, formula, short) < lowest:
            raise ValueError(
                f"target: found {target!r} with trunk_lines {trunk_lines}; no number of agents meets it, since "
                f"{best.p_block:.6g} of the calls find all lines busy; raise trunk_lines or lower the target"
            )
    n_agents = _smallest(meets)
    state = steady_state(arrival_rate, handle_time, n_agents, law, trunk_lines)
    level = state.service_level(acceptable_wait, formula, short)
    return Requirement(n_agents, scheduled_heads(n_agents, shrinkage), level, state)


def required_lines(offered_load: float, max_blocking: float) -> int:
    """Return the smallest number of lines whose Erlang B blocking is at most ``max_blocking``.

    Parameters
    ----------
    offered_load : float
        Arrival rate times mean time on the line, > 0. [erlang]
    max_blocking : float
        Share of calls that may find all lines busy, above 0 and at most 1.

    Returns
    -------
    int
        Lines, >= 1. [count]

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> required_lines(10.0, 0.01)
    18
    """
    if not 0.0 < max_blocking <= 1.0:
        raise ValueError(f"max_blocking: found {max_blocking!r}; must be above 0 and at most 1")
    check_positive("offered_load", offered_load)
    return _smallest(lambda lines: erlang_b(lines, offered_load) <= max_blocking * (1.0 + _ROUNDING))


def _smallest(meets: Callable[[int], bool]) -> int:
    """Return the smallest n >= 1 with ``meets(n)``, which never turns false again."""
    low, high = 0, 1
    while not meets(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high
