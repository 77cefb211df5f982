"""Goodness of fit of durations and of Poisson counts, drawn as an engine draws them.

Every statistic is put on the scale of a standard normal variable and must lie within 5: for one statistic the
probability of a false alarm is 6e-7, for all of this file below 3e-5. Seeds are fixed.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from callsim.plan.draws import draw, duration, name_hash
from callsim.plan.laws import (
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Mixture,
    Triangular,
    Uniform,
    Weibull,
    quantile_table,
)
from callsim.plan.portable import poisson_count

Z = 5.0
SEED = 20_260_214
SIZE = 200_000
LAWS: list[Law] = [
    Exponential(300.0),
    Lognormal(360.0, 0.8),
    Gamma(360.0, 0.7),
    Erlang(240.0, 3),
    Weibull(120.0, 0.6),
    Uniform(10.0, 20.0),
    Triangular(10.0, 20.0, 60.0),
    Hyperexponential((0.3, 0.7), (60.0, 600.0)),
    Mixture((0.25, 0.75), (Lognormal(60.0, 0.5), Gamma(600.0, 0.8))),
]


def draws(name: str) -> np.ndarray:
    """Return 53-bit draws as a stream of this name gets them."""
    n = np.arange(SIZE, dtype=np.uint64)
    return np.asarray(draw(SEED, 0, name_hash(name), 0, n, 0, 0, 4)).astype(np.int64)


def chi_square_z(counts: np.ndarray, expected: np.ndarray) -> float:
    """Return Pearson's statistic on the normal scale, by Wilson and Hilferty's cube root."""
    free = len(counts) - 1
    statistic = float(np.sum((counts - expected) ** 2 / expected))
    return ((statistic / free) ** (1 / 3) - (1 - 2 / (9 * free))) / math.sqrt(2 / (9 * free))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_durations_follow_their_law(law: Law) -> None:
    """Pearson's statistic over 200 classes of equal probability, the outermost split 16 times finer."""
    values = duration(quantile_table(law), draws(f"callers:{type(law).__name__}")) / 1e6
    edges = np.arange(1, 200) / 200.0
    tails = np.arange(1, 16) / 3200.0
    edges = np.sort(np.concatenate([edges, tails, 1.0 - tails]))
    lower, upper = edges[edges <= 0.5], 1.0 - edges[edges > 0.5]
    bounds = np.concatenate([law.quantiles(lower, False), law.quantiles(upper, True)])
    counts = np.bincount(np.searchsorted(bounds, values), minlength=len(bounds) + 1)
    expected = SIZE * np.diff(np.concatenate([[0.0], edges, [1.0]]))
    assert abs(chi_square_z(counts, expected)) < Z


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_mean_of_durations_is_the_law_s(law: Law) -> None:
    """Sample mean within 5 standard errors."""
    values = duration(quantile_table(law), draws(f"mean of callers:{type(law).__name__}")) / 1e6
    assert abs(values.mean() - law.mean) / (law.mean * law.cv / math.sqrt(SIZE)) < Z


@pytest.mark.parametrize("mean", [0.7, 12.0, 63.5, 64.5, 900.0])
def test_counts_follow_poisson(mean: float) -> None:
    """Pearson's statistic of 20,000 counts over classes of at least 20 expected ones."""
    size = 20_000
    counts = np.array([poisson_count(u, mean) for u in draws(f"counts of mean {mean}")[:size].tolist()])
    values = np.arange(int(mean + 12 * math.sqrt(mean) + 20))
    probabilities = np.exp(special.xlogy(values, mean) - mean - special.gammaln(values + 1.0))
    kept = np.flatnonzero(size * probabilities >= 20.0)
    low, high = kept[0], kept[-1]
    expected = size * probabilities[low : high + 1]
    expected[0], expected[-1] = size * special.pdtr(low, mean), size * special.pdtrc(high - 1, mean)
    seen = np.bincount(np.clip(counts, low, high) - low, minlength=len(expected))
    assert abs(chi_square_z(seen, expected)) < Z
