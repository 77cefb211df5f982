r"""The three formulas that planners know by name.

.. math:: B = \frac{R^n / n!}{\sum_{k=0}^n R^k / k!}, \quad
          C = \frac{B}{1 - \rho (1 - B)}, \quad R = \lambda E[S], \; \rho = R / n

Erlang B has no queue, Erlang C a queue without end and callers without impatience, Erlang A callers who hang up.
"""

from __future__ import annotations

import math

from callsim.theory.patience import ExponentialPatience
from callsim.theory.poisson import log_inverse_loss
from callsim.theory.steady_state import SteadyState, check_positive, steady_state

__all__ = ["erlang_a", "erlang_b", "erlang_c"]


def erlang_b(n_agents: int, offered_load: float) -> float:
    """Return the share of calls that find every agent (or line) busy when nobody may wait.

    Parameters
    ----------
    n_agents : int
        Agents or lines, >= 0. [count]
    offered_load : float
        Arrival rate times mean handle time, > 0; the law of the handle time does not matter. [erlang]

    Returns
    -------
    float
        Blocked / all calls.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> round(erlang_b(10, 5.0), 12)
    0.018384570337

    References
    ----------
    .. [1] A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
       telephone exchanges," Post Office Electrical Engineer's Journal 10, pp. 189-197, 1917.
    .. [2] D. L. Jagerman, "Some properties of the Erlang loss function," Bell System Technical Journal 53,
       pp. 525-551, 1974.
    """
    if not (math.isfinite(n_agents) and n_agents == int(n_agents) and n_agents >= 0):
        raise ValueError(f"n_agents: found {n_agents!r}; must be a whole number >= 0")
    check_positive("offered_load", offered_load)
    return 1.0 if n_agents == 0 else math.exp(-log_inverse_loss(n_agents, offered_load))


def erlang_c(arrival_rate: float, handle_time: float, n_agents: int) -> SteadyState:
    """Return the long-run figures of M/M/n: nobody hangs up, the queue has no end.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity, > 0. [1/s]
    handle_time : float
        Mean of the exponential handle time, > 0. [s]
    n_agents : int
        Agents, more than the offered load. [count]

    Returns
    -------
    SteadyState
        The figures; ``p_delay`` is what tables call C.

    Raises
    ------
    UnstableSystem
        If the offered load is at least ``n_agents``.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> centre = erlang_c(arrival_rate=100 / 1800, handle_time=180.0, n_agents=14)
    >>> round(centre.p_delay, 6), round(centre.speed_of_answer, 6), round(centre.service_level(20.0), 6)
    (0.174132, 7.835937, 0.88835)

    References
    ----------
    .. [1] N. Gans, G. Koole and A. Mandelbaum, "Telephone call centers: tutorial, review, and research prospects,"
       Manufacturing & Service Operations Management 5(2), pp. 79-141, 2003.
    """
    return steady_state(arrival_rate, handle_time, n_agents)


def erlang_a(
    arrival_rate: float, handle_time: float, n_agents: int, patience: float, trunk_lines: int | None = None
) -> SteadyState:
    """Return the long-run figures of M/M/n+M, or of M/M/n/K+M with ``trunk_lines`` = K.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity, > 0. [1/s]
    handle_time : float
        Mean of the exponential handle time, > 0. [s]
    n_agents : int
        Agents, >= 1. [count]
    patience : float
        Mean of the exponential patience, > 0. [s]
    trunk_lines : int or None
        Cap on the callers who talk or wait, >= 1; None for no cap. [count]

    Returns
    -------
    SteadyState
        The figures; they exist for every load.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> centre = erlang_a(arrival_rate=4.2 / 60, handle_time=120.0, n_agents=12, patience=60.0)
    >>> round(centre.abandonment_ratio, 7), round(centre.speed_of_answer / 60, 6)
    (0.0296789, 0.02406)

    References
    ----------
    .. [1] C. Palm, "Research on telephone traffic carried by full availability groups," Tele 1, 1957.
    .. [2] A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue, with applications
       to call centers," in Advances in Services Innovations, Springer, 2007.
    """
    return steady_state(arrival_rate, handle_time, n_agents, ExponentialPatience(patience), trunk_lines)
