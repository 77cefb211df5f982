r"""What one queue comes to in the long run: M/M/n+G with any patience and any number of trunk lines.

The probability of n - 1 busy agents is the unit; idle agents weigh 1/B(n - 1, R), callers who must wait weigh
``lambda`` times the integral of the offered-wait density, blocked ones likewise (see ``offered_wait``). Every
figure is then a mean against that density, never a difference of large terms (Zeltyn and Mandelbaum 2005).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from scipy import special

from callsim.errors import UnstableSystem
from callsim.theory.offered_wait import OfferedWait
from callsim.theory.patience import Patience, as_patience
from callsim.theory.poisson import log_inverse_loss
from callsim.theory.quadrature import Array

__all__ = ["Formula", "SteadyState", "check_agents", "check_positive", "steady_state"]

Formula = Literal[
    "negative_abandon",
    "answered_only",
    "positive_abandon",
    "ignore_short_abandon",
    "exclude_short_abandon",
    "offered_incl_blocked",
]
"""Names of the service-level formulas: which calls stand in the denominator."""


def check_positive(name: str, value: float) -> None:
    """Raise ValueError unless ``value`` is a finite number above 0."""
    if not (math.isfinite(value) and value > 0.0):
        raise ValueError(f"{name}: found {value!r}; must be a finite number > 0")


def check_agents(name: str, value: int) -> None:
    """Raise ValueError unless ``value`` is a whole number, at least 1."""
    if not (math.isfinite(value) and value == int(value) and value >= 1):
        raise ValueError(f"{name}: found {value!r}; must be a whole number >= 1")


@dataclass(frozen=True)
class SteadyState:
    """The long-run figures of one queue; made by `steady_state`.

    *Offered* calls are those that were answered at once or entered the queue; blocked calls are not among them.

    Attributes
    ----------
    n_agents : int
        Agents. [count]
    arrival_rate : float
        All calls, blocked ones too. [1/s]
    handle_time : float
        Mean. [s]
    offered_load : float
        Arrival rate times mean handle time. [erlang]
    p_delay : float
        Offered calls that find no free agent / offered.
    p_block : float
        Calls that find all lines busy / all calls.
    abandonment_ratio : float
        Abandoned / offered.
    mean_wait : float
        Mean wait of all offered calls, answered or abandoned, zeros included. [s]
    speed_of_answer : float
        Mean wait of answered calls, zeros included. [s]
    speed_of_answer_variance : float
        Variance of the wait of answered calls, zeros included. [s^2]
    mean_wait_abandoned : float
        Mean wait of callers who hang up; nan where nobody does. [s]
    mean_offered_wait : float
        Mean wait that a caller with endless patience would have, if he were let in. [s]
    occupancy : float
        Busy time / staffed time.
    mean_queue : float
        Time average of the callers who wait. [count]
    mean_in_system : float
        Time average of the callers who wait or talk. [count]
    """

    n_agents: int
    arrival_rate: float
    handle_time: float
    offered_load: float
    p_delay: float
    p_block: float
    abandonment_ratio: float
    mean_wait: float
    speed_of_answer: float
    speed_of_answer_variance: float
    mean_wait_abandoned: float
    mean_offered_wait: float
    occupancy: float
    mean_queue: float
    mean_in_system: float
    _p_at_once: float = field(repr=False)
    _p_answered: float = field(repr=False)
    _offered_wait: OfferedWait | None = field(repr=False, compare=False)
    _patience: Patience = field(repr=False)

    def answered_within(self, wait: float) -> float:
        """Return the calls answered after at most ``wait`` [s], as a share of the offered ones."""
        _check_wait("wait", wait)
        return self._p_at_once + self._delayed(self._patience.left, high=wait)

    def answered_later(self, wait: float) -> float:
        """Return the share of *answered* calls that waited longer than ``wait`` [s]; an hour of hold is 3600."""
        _check_wait("wait", wait)
        return self._delayed(self._patience.left, low=wait) / self._p_answered

    def abandoned_within(self, wait: float) -> float:
        """Return the calls abandoned after at most ``wait`` [s], as a share of the offered ones."""
        _check_wait("wait", wait)
        gone = float(self._patience.gone(np.array([wait]))[0])
        return self._delayed(self._patience.gone, high=wait) + gone * self._delayed(None, low=wait)

    def wait_above(self, wait: float) -> float:
        """Return the share of offered calls, answered or abandoned, that waited longer than ``wait`` [s]."""
        _check_wait("wait", wait)
        return float(self._patience.left(np.array([wait]))[0]) * self._delayed(None, low=wait)

    def wait_percentile(self, share: float) -> float:
        """Return the smallest wait that at least ``share`` of the offered calls do not exceed.

        Parameters
        ----------
        share : float
            Above 0 and below 1; 0.9 asks for the 90th percentile.

        Returns
        -------
        float
            The wait, 0 if so many calls are answered at once. [s]

        Raises
        ------
        ValueError
            If ``share`` is not between 0 and 1.

        Examples
        --------
        >>> centre = steady_state(arrival_rate=100 / 1800, handle_time=180.0, n_agents=14)
        >>> round(centre.wait_percentile(0.95), 6)
        56.150561
        """
        if not 0.0 < share < 1.0:
            raise ValueError(f"share: found {share!r}; must be above 0 and below 1")
        tail = (1.0 - share) * (1.0 + 1e-12)  # a tie is met, whatever the rounding
        if self.wait_above(0.0) <= tail:
            return 0.0
        low, high = 0.0, self.handle_time
        while self.wait_above(high) > tail:
            low, high = high, 2.0 * high
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.wait_above(middle) > tail else (low, middle)
        return high

    def service_level(self, acceptable_wait: float, formula: Formula = "negative_abandon", short: float = 5.0) -> float:
        """Return the service level X/T by a named formula.

        With A answered, B abandoned, K blocked, and A<=T those with a wait of at most T:

        ========================  ================================
        ``negative_abandon``      A<=T / (A + B)
        ``answered_only``         A<=T / A
        ``positive_abandon``      (A<=T + B<=T) / (A + B)
        ``ignore_short_abandon``  A<=T / (A + B - B<=T)
        ``exclude_short_abandon`` A<=T / (A + B - B<=short)
        ``offered_incl_blocked``  A<=T / (A + B + K)
        ========================  ================================

        Parameters
        ----------
        acceptable_wait : float
            The threshold T, >= 0. [s]
        formula : str
            A name from the table.
        short : float
            Limit of a short abandonment, for ``exclude_short_abandon`` alone, >= 0. [s]

        Returns
        -------
        float
            Between 0 and 1.

        Raises
        ------
        ValueError
            If a time is negative, or nobody knows the formula.

        Examples
        --------
        >>> centre = steady_state(arrival_rate=100 / 1800, handle_time=180.0, n_agents=14, patience=300.0)
        >>> round(centre.service_level(20.0), 6), round(centre.service_level(20.0, "answered_only"), 6)
        (0.916792, 0.929794)
        """
        if formula not in get_args(Formula):
            raise ValueError(f"formula: found {formula!r}; must be one of {', '.join(get_args(Formula))}")
        _check_wait("acceptable_wait", acceptable_wait)
        _check_wait("short", short)
        answered = self.answered_within(acceptable_wait)
        if formula == "answered_only":
            return min(1.0, answered / self._p_answered)
        if formula == "positive_abandon":
            return min(1.0, answered + self.abandoned_within(acceptable_wait))
        if formula == "ignore_short_abandon":
            return min(1.0, answered / (1.0 - self.abandoned_within(acceptable_wait)))
        if formula == "exclude_short_abandon":
            return min(1.0, answered / (1.0 - self.abandoned_within(short)))
        if formula == "offered_incl_blocked":
            return answered * (1.0 - self.p_block)
        return min(1.0, answered)

    def _delayed(self, integrand: Callable[[Array], Array] | None, low: float = 0.0, high: float = math.inf) -> float:
        """Return p_delay times the mean of ``integrand`` over offered waits in [low, high]."""
        if self._offered_wait is None:
            return 0.0
        return self.p_delay * self._offered_wait.law.mean(integrand, low, high)


def _check_wait(name: str, value: float) -> None:
    """Raise ValueError unless ``value`` is a number, at least 0; infinity is allowed."""
    if not value >= 0.0:
        raise ValueError(f"{name}: found {value!r}; must be a number >= 0")


def steady_state(
    arrival_rate: float,
    handle_time: float,
    n_agents: int,
    patience: float | Patience | None = None,
    trunk_lines: int | None = None,
) -> SteadyState:
    """Return the long-run figures of one first-come first-served queue with like agents.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity of all calls, > 0. [1/s]
    handle_time : float
        Mean of the exponential handle time, > 0. [s]
    n_agents : int
        Agents, >= 1. [count]
    patience : float or Patience or None
        Mean of an exponential patience [s], or a law, or None for callers who never hang up.
    trunk_lines : int or None
        Cap on the callers who talk or wait, >= 1; None for no cap. [count]

    Returns
    -------
    SteadyState
        The figures, and the laws of the waits as methods.

    Raises
    ------
    UnstableSystem
        If nobody hangs up, no cap holds the queue, and the offered load is at least ``n_agents``.
    ValueError
        If a parameter is outside its range.

    Notes
    -----
    Exact [1]_ [2]_, and computed to about 1e-13; rounding grows with the calls that come within one patience, to
    3e-9 where these are 10^8. The cost does not grow with agents, patience or lines.

    Examples
    --------
    Ten calls a minute, six minutes each, for thirty agents; the callers would hold for an hour on average, and do:

    >>> centre = steady_state(arrival_rate=10 / 60, handle_time=360.0, n_agents=30, patience=3600.0)
    >>> round(centre.abandonment_ratio, 4), round(centre.speed_of_answer / 60, 3), round(centre.mean_wait / 60, 1)
    (0.5, 41.489, 30.0)
    >>> [round(centre.service_level(3600.0, name), 3) for name in ("negative_abandon", "positive_abandon")]
    [0.5, 1.0]

    References
    ----------
    .. [1] F. Baccelli and G. Hebuterne, "On queues with impatient customers," Performance '81, North-Holland,
       pp. 159-179, 1981.
    .. [2] S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the
       M/M/n+G queue," Queueing Systems 51, pp. 361-402, 2005.
    """
    check_positive("arrival_rate", arrival_rate)
    check_positive("handle_time", handle_time)
    check_agents("n_agents", n_agents)
    if trunk_lines is not None:
        check_agents("trunk_lines", trunk_lines)
    law = as_patience(patience)
    load = arrival_rate * handle_time
    servers = n_agents if trunk_lines is None else min(n_agents, trunk_lines)
    places = None if trunk_lines is None else trunk_lines - servers
    capacity = servers / handle_time
    if places is None and math.isinf(law.mean) and arrival_rate >= capacity:
        raise _without_end(load, n_agents)
    at_once = log_inverse_loss(servers - 1, load)
    if places == 0:
        waiting, delayed, blocked = None, -math.inf, math.log(load / servers)
    else:
        waiting = OfferedWait(arrival_rate, capacity, law, places)
        delayed, blocked = waiting.log_weight, waiting.log_blocked
    let_in = float(np.logaddexp(at_once, delayed))
    p_block = float(special.expit(blocked - let_in))
    offered_rate = arrival_rate * float(special.expit(let_in - blocked))
    p_delay, p_at_once = float(special.expit(delayed - at_once)), float(special.expit(at_once - delayed))
    return _collect(n_agents, arrival_rate, handle_time, offered_rate, p_delay, p_at_once, p_block, waiting, law)


def _without_end(load: float, n_agents: int) -> UnstableSystem:
    """Return what is raised where nothing holds the queue."""
    return UnstableSystem(
        f"offered load {load:.6g} erlang on {n_agents} agents, and nobody hangs up: the queue grows without end; "
        f"needs more than {load:.6g} agents, or a patience, or a number of lines"
    )


def _collect(
    n_agents: int,
    arrival_rate: float,
    handle_time: float,
    offered_rate: float,
    p_delay: float,
    p_at_once: float,
    p_block: float,
    waiting: OfferedWait | None,
    patience: Patience,
) -> SteadyState:
    """Form the means; nine plain numbers are passed because they have no meaning together."""

    def delayed(integrand: Callable[[Array], Array]) -> float:
        return waiting.law.mean(integrand) if waiting is not None else 0.0

    lost = delayed(patience.gone)
    answered = p_at_once + p_delay * delayed(patience.left)
    speed = p_delay * delayed(lambda wait: wait * patience.left(wait)) / answered
    spread = p_delay * delayed(lambda wait: (wait - speed) ** 2 * patience.left(wait)) + p_at_once * speed**2
    mean_wait = p_delay * delayed(patience.held)
    carried = offered_rate * answered * handle_time
    mean_queue = offered_rate * mean_wait
    return SteadyState(
        n_agents=n_agents,
        arrival_rate=arrival_rate,
        handle_time=handle_time,
        offered_load=arrival_rate * handle_time,
        p_delay=p_delay,
        p_block=p_block,
        abandonment_ratio=p_delay * lost,
        mean_wait=mean_wait,
        speed_of_answer=speed,
        speed_of_answer_variance=spread / answered,
        mean_wait_abandoned=delayed(patience.lost_time) / lost if lost > 0.0 else math.nan,
        mean_offered_wait=p_delay * delayed(lambda wait: wait),
        occupancy=min(1.0, carried / n_agents),
        mean_queue=mean_queue,
        mean_in_system=carried + mean_queue,
        _p_at_once=p_at_once,
        _p_answered=answered,
        _offered_wait=waiting,
        _patience=patience,
    )
