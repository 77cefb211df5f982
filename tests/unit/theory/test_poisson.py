"""Poisson probabilities in logarithms against long decimals."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from callsim.theory.poisson import log_below, log_inverse_loss, log_pmf


def by_decimals(count: int, mean: str) -> tuple[float, float]:
    """Return log P(N = count) and log P(N < count), summed in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        rate = Decimal(mean)
        term, below = Decimal(1), Decimal(0)
        for k in range(count):
            below += term
            term = term * rate / (k + 1)
        return float(term.ln() - rate), float(below.ln() - rate)


@pytest.mark.parametrize(
    ("count", "mean"),
    [
        (1, "0.001"),
        (1, "900"),
        (5, "1000"),
        (15, "3"),
        (16, "16"),
        (300, "299.5"),
        (300, "1000"),
        (1000, "2100"),
        (20000, "19000"),
        (20000, "25000"),
        (20000, "90000"),
    ],
)
def test_logarithms_far_below_the_smallest_number(count: int, mean: str) -> None:
    """To a part in 10^11 of the probability itself, of the logarithm's own size where that is large."""
    point, below = by_decimals(count, mean)
    at = np.array([float(mean)])
    assert log_pmf(count, at)[0] == pytest.approx(point, rel=1e-14, abs=1e-11)
    assert log_below(count, at)[0] == pytest.approx(below, rel=1e-14, abs=1e-11)


def test_nobody_comes_at_rate_zero() -> None:
    """P(N = 0) = P(N < n) = 1, and nothing else happens; no warning either."""
    zero = np.zeros(1)
    assert (log_pmf(0, zero)[0], log_pmf(3, zero)[0], log_below(3, zero)[0]) == (0.0, -math.inf, 0.0)


@pytest.mark.parametrize(("n_agents", "load"), [(0, 5.0), (1, 0.25), (4, 100.0), (50, 1e-3)])
def test_loss_of_few_agents(n_agents: int, load: float) -> None:
    """1/B is a polynomial in 1/R, summed here term by term."""
    terms = [math.prod((n_agents - i) / load for i in range(k)) for k in range(n_agents + 1)]
    assert log_inverse_loss(n_agents, load) == pytest.approx(math.log(math.fsum(terms)), rel=1e-13, abs=1e-14)
