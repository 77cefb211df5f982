"""What the work items come to, and whether a measurement agrees.

W1 and W2 are solved here as birth-death chains. W3 has no formula; three separately written programs, 162,000 days in
all, agree on what stands here, with the standard error given. W3's day starts and ends empty, W1 and W2 are stationary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.models.definitions import W1, W2, OneQueue

__all__ = ["FALSE_ALARM", "KNOWN", "Agreement", "Known", "Value", "agreement", "stationary"]

FALSE_ALARM = 1e-4
"""Probability that a right model is reported to be off, for each figure that is checked (two-sided, Student)."""


@dataclass(frozen=True)
class Value:
    """A value and its standard error; 0: exact."""

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class Known:
    """What a right model must meet; shares in 0..1, waits in minutes. A call is a visit to a queue."""

    abandonment: Value
    mean_wait: Value
    """Over all calls, those that hang up included."""
    within: Value | None = None
    """Share answered within 20 s."""


def stationary(centre: OneQueue) -> Known:
    """Solve the birth-death chain of one queue in which callers may hang up.

    Parameters
    ----------
    centre : OneQueue

    Returns
    -------
    Known
        Exact to about ten digits; ``within`` is not computed.
    """
    served, hang_up = 1.0 / centre.handle_time, 1.0 / centre.patience
    n, log_weight, weights = 0, 0.0, [0.0]
    while n <= centre.agents or log_weight > max(weights) - 60.0:
        n += 1
        leave = min(n, centre.agents) * served + max(0, n - centre.agents) * hang_up
        log_weight += math.log(centre.calls_per_minute / leave)
        weights.append(log_weight)
    largest = max(weights)
    total = math.fsum(math.exp(each - largest) for each in weights)
    waiting = math.fsum(max(0, n - centre.agents) * math.exp(each - largest) for n, each in enumerate(weights)) / total
    mean_wait = waiting / centre.calls_per_minute
    return Known(Value(hang_up * mean_wait), Value(mean_wait))


KNOWN = {
    "w1": stationary(W1),
    "w2": stationary(W2),
    "w3": Known(Value(0.02263, 0.00002), Value(0.1083, 0.0001), Value(0.8874, 0.0001)),
}


@dataclass(frozen=True)
class Agreement:
    """A measured ratio held against the known value."""

    got: Value
    known: Value
    off: float
    """Difference in standard errors, those of the known value included; 0 if both are exact and equal."""
    limit: float
    """Largest difference that a right model exceeds with probability `FALSE_ALARM` only."""

    @property
    def holds(self) -> bool:
        """Whether the measurement agrees."""
        return abs(self.off) <= self.limit


def agreement(numerators: list[float], denominators: list[int], known: Value) -> Agreement:
    """Hold a ratio of sums over independent replications against what is known.

    Parameters
    ----------
    numerators, denominators : list
        [replication] At least two.
    known : Value

    Returns
    -------
    Agreement
        The standard error is that between replications (delta method); the limit is Student's with n - 1 degrees.
    """
    from scipy.special import stdtrit

    n, total = len(numerators), sum(denominators)
    ratio = sum(numerators) / total
    rest = [top - ratio * bottom for top, bottom in zip(numerators, denominators, strict=True)]
    error = math.sqrt(math.fsum(r * r for r in rest) * n / (n - 1)) / total
    spread = math.hypot(error, known.error)
    difference = ratio - known.value
    off = difference / spread if spread else (math.copysign(math.inf, difference) if difference else 0.0)
    return Agreement(Value(ratio, error), known, off, float(stdtrit(n - 1, 1.0 - FALSE_ALARM / 2.0)))
