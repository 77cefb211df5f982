"""Integrals against log-concave functions: exact where they can be done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callsim.theory.quadrature import Array, LogConcave


def normal(mean: float, sigma: float) -> LogConcave:
    """Return exp(-(w - mean)^2 / (2 sigma^2)) on [0, inf)."""

    def log_value(point: Array) -> Array:
        value: Array = -0.5 * ((point - mean) / sigma) ** 2
        return value

    return LogConcave(log_value, mean, sigma)


@pytest.mark.parametrize("rate", [1e-6, 1.0, 1e6])
def test_exponential_integrates_to_its_mean_and_its_tail(rate: float) -> None:
    """Mode at the edge; the first guess of the width may be wrong by any factor."""
    law = LogConcave(lambda point: -rate * point, 0.0, 1.0)
    assert law.total == pytest.approx(1.0 / rate, rel=1e-14)
    assert law.mean(lambda point: point) == pytest.approx(1.0 / rate, rel=1e-14)
    assert law.integral(low=3.0 / rate) == pytest.approx(math.exp(-3.0) / rate, rel=1e-13)
    assert law.integral(low=1.0 / rate, high=2.0 / rate) == pytest.approx(
        (math.exp(-1.0) - math.exp(-2.0)) / rate, rel=1e-13
    )


def test_narrow_peak_far_from_zero_is_found() -> None:
    """A million standard deviations from the edge."""
    law = normal(1e6, 1.0)
    assert law.total == pytest.approx(math.sqrt(2.0 * math.pi), rel=1e-13)
    assert law.mean(lambda point: (point - 1e6) ** 2) == pytest.approx(1.0, rel=1e-12)


def test_peak_cut_by_the_edge() -> None:
    """Half a normal law."""
    assert normal(0.0, 2.0).total == pytest.approx(math.sqrt(2.0 * math.pi), rel=1e-14)


def test_break_in_an_integrand_is_met() -> None:
    """A step inside a panel spoils the rule, unless it is told."""
    law = LogConcave(lambda point: -point, 0.0, 1.0, breaks=[0.7, -1.0, 1e9])
    assert law.integral(lambda point: np.where(point < 0.7, 0.0, 1.0)) == pytest.approx(math.exp(-0.7), rel=1e-14)


def test_limits_beyond_the_support_and_turned_to_a_point_give_nothing() -> None:
    """From infinity to infinity, or from a point to itself."""
    law = LogConcave(lambda point: -point, 0.0, 1.0)
    assert law.integral(low=math.inf) == 0.0
    assert law.integral(low=2.0, high=2.0) == 0.0
