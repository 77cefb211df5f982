r"""The law of the offered wait: how long a caller with endless patience would wait (all other callers as they are).

With n agents, handle times of rate mu, Poisson calls of rate lambda and patience with H(w) = E[min(R, w)], the
offered wait of those who find every agent busy and a free line has the density

.. math:: g(w) \propto e^{\lambda H(w) - n \mu w} \, P(\text{Poisson}(\lambda H(w)) < K - n)

(Baccelli and Hebuterne 1981; with K lines, Brandt and Brandt 1999, Performance Evaluation 35, pp. 1-18). It is
log-concave, so every expectation is one integral around its mode. Weights against an idle agent and against a busy
tone are kept as logarithms: with 100,000 agents they reach e^(10^6).
"""

from __future__ import annotations

import math

import numpy as np

from callsim.theory.patience import Patience
from callsim.theory.poisson import log_below, log_pmf
from callsim.theory.quadrature import Array, LogConcave

__all__ = ["OfferedWait"]


class OfferedWait:
    """The offered wait of callers who must wait and are let in.

    Parameters
    ----------
    arrival_rate : float
        Poisson intensity, > 0. [1/s]
    capacity : float
        Calls that all agents together can finish, n / mean handle time. [1/s]
    patience : Patience
        Law of patience.
    places : int or None
        Waiting places, >= 1; None for endless ones. Without an end to both places and patience the arrival rate
        must be below the capacity; the caller has checked this.

    Attributes
    ----------
    law : LogConcave
        The density up to a factor, to integrate against.
    log_weight : float
        log of P(must wait and is let in), relative to P(n - 1 agents busy, nobody waiting).
    log_blocked : float
        log of P(all lines busy), likewise; -inf without an end to the places.
    """

    def __init__(self, arrival_rate: float, capacity: float, patience: Patience, places: int | None) -> None:
        self._arrival_rate, self._capacity, self._patience, self._places = arrival_rate, capacity, patience, places
        self._mode = 0.0
        self._mode = self._find_mode()
        peak = np.array([self._mode])
        self._log_room_at_mode = float(self._log_room(peak)[0])
        self.law = LogConcave(self._log_value, self._mode, 1.0 / capacity, patience.breaks())
        level = arrival_rate * float(patience.held(peak)[0]) - capacity * self._mode if self._mode > 0.0 else 0.0
        log_peak = math.log(arrival_rate) + level + self._log_room_at_mode
        self.log_weight = log_peak + math.log(self.law.total)
        self.log_blocked = -math.inf
        if places is not None:
            blocked = self.law.integral(self._blocked_per_admitted)
            self.log_blocked = log_peak + math.log(blocked) if blocked > 0.0 else -math.inf

    def _expected_ahead(self, wait: Array) -> Array:
        """Return lambda H(w): the mean number of callers who came within ``wait`` and are still there."""
        return self._arrival_rate * self._patience.held(wait)

    def _log_room(self, wait: Array) -> Array:
        """Return the logarithm of the factor for a finite number of waiting places."""
        if self._places is None:
            return np.zeros_like(wait)
        return log_below(self._places, self._expected_ahead(wait))

    def _log_value(self, wait: Array) -> Array:
        """Return log g(w), relative to the mode; differences are taken before anything grows large."""
        held = self._patience.held_between(self._mode, wait)
        change = self._arrival_rate * held - self._capacity * (wait - self._mode)
        if self._places is None:
            return change
        return change + (self._log_room(wait) - self._log_room_at_mode)

    def _blocked_per_admitted(self, wait: Array) -> Array:
        """Return P(N = places) / P(N < places), N the Poisson number ahead."""
        assert self._places is not None
        ahead = self._expected_ahead(wait)
        value: Array = np.exp(log_pmf(self._places, ahead) - log_below(self._places, ahead))
        return value

    def _rises(self, wait: float) -> bool:
        """Return whether g still rises at ``wait``."""
        point = np.array([wait])
        rate = self._arrival_rate * float(self._patience.left(point)[0])
        if rate <= self._capacity:
            return False
        if self._places is not None:
            if self._places == 1:
                return False
            ahead = self._expected_ahead(point)
            rate *= math.exp(float((log_below(self._places - 1, ahead) - log_below(self._places, ahead))[0]))
        return rate > self._capacity

    def _find_mode(self) -> float:
        """Return where g is largest, by bisection: its logarithm is concave."""
        if not self._rises(0.0):
            return 0.0
        low, high = 0.0, 1.0 / self._capacity
        while self._rises(high):
            low, high = high, 2.0 * high
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._rises(middle) else (low, middle)
        return high
