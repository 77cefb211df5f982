r"""Logarithms of Poisson and Erlang loss probabilities that neither underflow nor cancel.

.. math:: \frac{1}{B(n, R)} = \int_0^\infty e^{-t} \left(1 + \frac tR\right)^n dt

This is the integral form of the Erlang loss formula (Jagerman 1974): its cost does not grow with the
number of agents, and its logarithm exists where the loss itself is far below the smallest float64.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from callsim.theory.quadrature import Array, LogConcave

__all__ = ["log_below", "log_inverse_loss", "log_pmf"]

_SMALLEST_DIRECT = 1e-280
"""Above this the regularised gamma function is used as it is; below it, the largest term and what the others add."""

_LAGUERRE_NODES, _LAGUERRE_WEIGHTS = np.polynomial.laguerre.laggauss(24)


def log_inverse_loss(n_agents: float, offered_load: float) -> float:
    """Return log(1 / B), B the Erlang loss of ``n_agents`` >= 0 agents under ``offered_load`` > 0 erlangs."""
    mode = max(0.0, n_agents - offered_load)
    base = offered_load + mode

    def log_value(point: Array) -> Array:
        distance = point - mode
        value: Array = n_agents * np.log1p(distance / base) - distance
        return value

    spread = LogConcave(log_value, mode, 1.0 + math.sqrt(base))
    # Near balance the logarithm of the ratio would lose the digits that n_agents multiplies.
    nearly_balanced = mode < 0.5 * base
    log_ratio = -math.log1p(-mode / base) if nearly_balanced else math.log(base / offered_load)
    return n_agents * log_ratio - mode + math.log(spread.total)


def _stirling_error(count: int) -> float:
    """Return log(count!) minus its Stirling approximation, count >= 1 (Loader 2000)."""
    if count < 16:
        return math.lgamma(count + 1.0) - (count + 0.5) * math.log(count) + count - 0.5 * math.log(2.0 * math.pi)
    square = 1.0 / (float(count) * count)
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - square / 1188) * square) * square) * square) / count


def log_pmf(count: int, mean: Array) -> Array:
    """Return log P(N = count) of a Poisson N, by Loader's saddle-point form; ``mean`` is an array, >= 0."""
    if count == 0:
        return -mean
    with np.errstate(divide="ignore"):
        relative = mean / count - 1.0
        deviance = count * (relative - np.log1p(relative))
    value: Array = -_stirling_error(count) - 0.5 * math.log(2.0 * math.pi * count) - deviance
    return value


def log_below(count: int, mean: Array) -> Array:
    """Return log P(N < count) of a Poisson N, ``count`` >= 1, also where the probability underflows."""
    direct = np.asarray(special.gammaincc(count, mean))
    tiny = direct < _SMALLEST_DIRECT
    value: Array = np.log(np.where(tiny, 1.0, direct))
    if np.any(tiny):
        far = mean[tiny]
        value[tiny] = log_pmf(count - 1, far) + np.log(_sum_per_largest(count, far))
    return value


def _sum_per_largest(count: int, mean: Array) -> Array:
    """Return P(N < count) / P(N = count - 1) for means far above ``count``, by Gauss and Laguerre.

    The ratio is the integral of exp(-t) (1 + t/x)^(count - 1), which is nearly exponential there.
    """
    distance = mean - (count - 1.0)
    step = _LAGUERRE_NODES * (1.0 / distance)[:, None]
    bend = np.exp((count - 1.0) * (np.log1p(step) - step))
    value: Array = mean / distance * (bend @ _LAGUERRE_WEIGHTS)
    return value
