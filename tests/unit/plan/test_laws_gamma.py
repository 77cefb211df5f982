"""The gamma law's functions against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from callsim.plan import gamma

SHAPES = (0.0012, 0.1, 0.5, 1.0, 1.0001, 2.5, 15.9, 16.1, 100.0, 1e4)


def test_log_gamma_agrees_with_scipy() -> None:
    """From the pole at 0 over the zeros at 1 and 2 to a million."""
    for x in (1e-3, 0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 15.999, 16.0, 171.5, 1e4, 1e6):
        assert gamma.log_gamma(x) == pytest.approx(special.gammaln(x), rel=2e-15, abs=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_tails_agree_with_scipy(shape: float) -> None:
    """Both tails, each to its own digits, on both sides of x = k + 1."""
    spread = 8.0 * math.sqrt(shape)
    x = np.concatenate([np.geomspace(1e-9, 1.0, 30), np.linspace(max(shape - spread, 0.01), shape + spread + 30.0, 60)])
    lower, upper = gamma.gamma_tails(shape, x)
    large = special.gammainc(shape, x) > 1e-290
    assert lower[large] == pytest.approx(special.gammainc(shape, x)[large], rel=2e-12)
    # Below x = k + 1 the upper tail of a tiny shape is what the lower one leaves of 1.
    assert upper == pytest.approx(special.gammaincc(shape, x), rel=2e-12, abs=2e-15)


def test_gamma_tails_at_zero_are_exact() -> None:
    """No mass at or below 0."""
    lower, upper = gamma.gamma_tails(0.5, np.array([0.0]))
    assert (lower[0], upper[0]) == (0.0, 1.0)


def test_normal_tails_agree_with_scipy() -> None:
    """Without cancellation on either side."""
    z = np.linspace(-30.0, 30.0, 601)
    lower, upper = gamma.normal_tails(z)
    assert lower == pytest.approx(special.ndtr(z), rel=1e-12)
    assert upper == pytest.approx(special.ndtr(-z), rel=1e-12)


@pytest.mark.parametrize("shape", [0.1, 0.5, 1.0, 2.5, 15.9, 100.0, 1e4])
@pytest.mark.parametrize("many", [False, True], ids=["few points", "many points"])
def test_gamma_quantiles_agree_with_scipy(shape: float, many: bool) -> None:
    """From tail probability 2^-54 to the median, solved directly or from a coarse grid."""
    p = np.geomspace(2.0**-54, 0.5, 2500 if many else 200)
    lower, upper = gamma.gamma_quantiles(shape, p, False), gamma.gamma_quantiles(shape, p, True)
    assert lower == pytest.approx(special.gammaincinv(shape, p), rel=1e-11, abs=1e-290)
    assert upper == pytest.approx(special.gammainccinv(shape, p), rel=1e-11)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantiles_are_the_inverse_of_the_tails(shape: float) -> None:
    """Also for shapes where scipy's inverse gives up; values below 1e-290 have no digits left to test."""
    p = np.geomspace(2.0**-54, 0.5, 200)
    lower, upper = gamma.gamma_quantiles(shape, p, False), gamma.gamma_quantiles(shape, p, True)
    seen = lower > 1e-290
    assert gamma.gamma_tails(shape, lower[seen])[0] == pytest.approx(p[seen], rel=1e-10)
    seen = upper > 1e-290
    assert gamma.gamma_tails(shape, upper[seen])[1] == pytest.approx(p[seen], rel=1e-10)


def test_gamma_quantiles_of_shape_one_are_exponential() -> None:
    """The exponential law is the gamma law of shape 1."""
    p = np.array([1e-12, 0.01, 0.5])
    assert gamma.gamma_quantiles(1.0, p, True) == pytest.approx(-np.log(p), rel=1e-14)
    assert gamma.gamma_quantiles(1.0, p, False) == pytest.approx(-np.log1p(-p), rel=1e-13)
