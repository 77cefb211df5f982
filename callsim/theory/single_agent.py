r"""One agent, any law of the handle time, nobody hangs up: the formula of Pollaczek and Khinchine.

.. math:: E[W] = \frac{\lambda E[S^2]}{2 (1 - \rho)} = \frac{1 + c^2}{2} \, \frac{\rho}{1 - \rho} \, E[S]
"""

from __future__ import annotations

from dataclasses import dataclass

from callsim.errors import UnstableSystem
from callsim.theory.steady_state import check_positive

__all__ = ["SingleAgent", "pollaczek_khinchine"]


@dataclass(frozen=True)
class SingleAgent:
    """The long-run figures of M/G/1.

    Attributes
    ----------
    p_delay : float
        Calls that find the agent busy / all.
    mean_wait : float
        Mean wait of all calls, zeros included; also the speed of answer. [s]
    mean_queue : float
        Time average of the callers who wait. [count]
    occupancy : float
        Busy time / staffed time.
    """

    p_delay: float
    mean_wait: float
    mean_queue: float
    occupancy: float


def pollaczek_khinchine(arrival_rate: float, handle_time: float, handle_time_cv: float) -> SingleAgent:
    """Return the long-run figures of one agent with any law of the handle time.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity, > 0. [1/s]
    handle_time : float
        Mean handle time, > 0. [s]
    handle_time_cv : float
        Standard deviation / mean, >= 0: 0 is constant, 1 exponential.

    Returns
    -------
    SingleAgent
        The figures.

    Raises
    ------
    UnstableSystem
        If the offered load is at least 1.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> pollaczek_khinchine(arrival_rate=0.8 / 60, handle_time=60.0, handle_time_cv=0.0).mean_wait
    120.00000000000003

    References
    ----------
    .. [1] L. Kleinrock, Queueing Systems, volume 1, Wiley, 1975, chapter 5.
    """
    check_positive("arrival_rate", arrival_rate)
    check_positive("handle_time", handle_time)
    if not 0.0 <= handle_time_cv < float("inf"):
        raise ValueError(f"handle_time_cv: found {handle_time_cv!r}; must be a finite number >= 0")
    load = arrival_rate * handle_time
    if load >= 1.0:
        raise UnstableSystem(
            f"offered load {load:.6g} erlang on 1 agent, and nobody hangs up: the queue grows without end; "
            "needs an offered load below 1"
        )
    wait = 0.5 * (1.0 + handle_time_cv**2) * load / (1.0 - load) * handle_time
    return SingleAgent(p_delay=load, mean_wait=wait, mean_queue=arrival_rate * wait, occupancy=load)
