r"""Overload as a stream: how long callers hold when more come than can be served, and chance hardly matters.

With F the law of patience and rho the load over the capacity, the hold w solves

.. math:: F(w) = 1 - 1/\rho

(Whitt 2006). With a share r of the abandoned who call again, long after, the stream of calls swells until losses
and capacity balance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callsim.errors import UnstableSystem
from callsim.theory.patience import Patience, as_patience
from callsim.theory.steady_state import check_agents, check_positive

__all__ = ["FluidOverload", "fluid_overload"]


@dataclass(frozen=True)
class FluidOverload:
    """What an overloaded queue comes to as a stream; made by `fluid_overload`.

    Attributes
    ----------
    offered_rate : float
        Calls, first ones and repeats. [1/s]
    abandonment_ratio : float
        Abandoned / offered, of calls.
    hold : float
        Wait of every answered call: the speed of answer. [s]
    mean_wait : float
        Mean wait of a call, answered or abandoned. [s]
    calls_per_case : float
        Calls that one caller makes until he is answered or gives up.
    hold_per_case : float
        Wait of all his calls together. [s]
    answered_cases : float
        Callers who are answered in the end / callers.
    occupancy : float
        Busy time / staffed time.
    """

    offered_rate: float
    abandonment_ratio: float
    hold: float
    mean_wait: float
    calls_per_case: float
    hold_per_case: float
    answered_cases: float
    occupancy: float


def fluid_overload(
    arrival_rate: float,
    handle_time: float,
    n_agents: int,
    patience: float | Patience,
    redial_share: float = 0.0,
    same_person: bool = False,
) -> FluidOverload:
    """Return the hold, the losses and the repeats of an overloaded queue, as a stream.

    Parameters
    ----------
    arrival_rate : float
        First calls, > 0. [1/s]
    handle_time : float
        Mean handle time, > 0; its law does not matter. [s]
    n_agents : int
        Agents, >= 1. [count]
    patience : float or Patience
        Mean of an exponential patience, > 0 [s], or a law.
    redial_share : float
        Share of the abandoned calls after which the caller tries again, in [0, 1), however often he has tried.
    same_person : bool
        Whether a caller keeps his patience (True) or draws a new one for each call (False).

    Returns
    -------
    FluidOverload
        The figures; without overload nobody holds and nobody is lost.

    Raises
    ------
    UnstableSystem
        If everybody calls again for ever, or too few callers ever hang up.
    ValueError
        If a parameter is outside its range.

    Notes
    -----
    Right in the limit of many agents [1]_; redial delays are long against the wait, so that a repeat finds the
    queue as a first call does.

    Examples
    --------
    >>> centre = fluid_overload(10 / 60, handle_time=360.0, n_agents=30, patience=3600.0, redial_share=0.8)
    >>> round(centre.offered_rate * 60, 6), round(centre.hold / 60, 2), round(centre.hold_per_case / 60, 6)
    (30.0, 107.51, 150.0)

    References
    ----------
    .. [1] W. Whitt, "Fluid models for multiserver queues with abandonments," Operations Research 54(1),
       pp. 37-54, 2006.
    """
    check_positive("arrival_rate", arrival_rate)
    check_positive("handle_time", handle_time)
    check_agents("n_agents", n_agents)
    if not 0.0 <= redial_share <= 1.0:
        raise ValueError(f"redial_share: found {redial_share!r}; must be between 0 and 1")
    law = as_patience(patience)
    load = arrival_rate * handle_time / n_agents
    if load <= 1.0:
        return FluidOverload(arrival_rate, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, load)
    served = 1.0 / load
    if redial_share == 1.0:
        raise UnstableSystem(
            f"load {load:.6g} of the capacity, and everybody who hangs up calls again: calls grow without end; "
            "needs a redial_share below 1, or more agents"
        )
    lost = 1.0 - served if same_person else (1.0 - served) / (1.0 - redial_share * served)
    hold = _hold(law, lost, load)
    held = float(law.held(np.array([hold]))[0])
    if same_person:
        calls = served + lost / (1.0 - redial_share)
        hold_per_case = served * hold + (held - served * hold) / (1.0 - redial_share)
    else:
        calls = 1.0 / (1.0 - redial_share * lost)
        hold_per_case = held * calls
    return FluidOverload(
        offered_rate=arrival_rate * calls,
        abandonment_ratio=1.0 - served / calls,
        hold=hold,
        mean_wait=hold_per_case / calls,
        calls_per_case=calls,
        hold_per_case=hold_per_case,
        answered_cases=served,
        occupancy=1.0,
    )


def _hold(law: Patience, lost: float, load: float) -> float:
    """Return the hold after which this share of the calls has hung up. [s]"""
    try:
        return law.quantile(lost)
    except ValueError as error:
        raise UnstableSystem(
            f"load {load:.6g} of the capacity, and fewer than {lost:.6g} of the callers ever hang up: "
            "the queue grows without end; needs more agents"
        ) from error
