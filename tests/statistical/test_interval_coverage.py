"""A 95 % interval covers the truth in about 95 of 100 experiments.

Each test makes 2,000 experiments with a fixed seed and counts how often the interval covers. The count is
binomial with standard error sqrt(0.95 * 0.05 / 2000) = 0.49 points; four standard errors (z = 4) give
93.05 to 96.95 %. If the coverage were exactly 95 % a test would fail by chance with probability 6e-5 at
the choice of the seed; the four together with 2.5e-4. Ratios and percentiles are nearly normal at these
sizes, so that their true coverage is within half a point of 95 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from callsim.measures import LOWER_EDGES, UPPER_EDGES
from callsim.measures.bins import bin_of
from callsim.plan.plan import SECOND
from callsim.stats import mean, percentile, ratio, ratio_difference

EXPERIMENTS = 2000
LOW, HIGH = 0.9305, 0.9695


def _coverage(estimates: list, truth: float) -> float:
    return sum(abs(found.value - truth) <= found.half_width for found in estimates) / len(estimates)


def test_interval_of_a_mean_covers_at_its_level() -> None:
    """Ten normal replications: exactly Student's case."""
    random = np.random.default_rng(20_001)
    found = [mean(random.normal(3.0, 2.0, 10)) for _ in range(EXPERIMENTS)]
    assert LOW <= _coverage(found, 3.0) <= HIGH


def test_interval_of_a_ratio_covers_at_its_level() -> None:
    """Twenty days of Poisson(400) calls, of which a share that varies by day (beta, mean 0.1) is abandoned."""
    random = np.random.default_rng(20_002)

    def day() -> tuple[np.ndarray, np.ndarray]:
        calls = random.poisson(400, 20)
        return random.binomial(calls, random.beta(10, 90, 20)), calls

    found = [ratio(*day()) for _ in range(EXPERIMENTS)]
    assert LOW <= _coverage(found, 0.1) <= HIGH


def test_interval_of_a_paired_difference_covers_at_its_level() -> None:
    """The same calls answered in time by two systems: 80 % by the first, of the rest 30 % by the second too."""
    random = np.random.default_rng(20_003)
    found = []
    for _ in range(EXPERIMENTS):
        calls = random.poisson(300, 20)
        first = random.binomial(calls, 0.8)
        second = first + random.binomial(calls - first, 0.3)
        found.append(ratio_difference((first, calls), (second, calls)))
    assert LOW <= _coverage(found, 0.06) <= HIGH


@pytest.mark.slow
def test_interval_of_a_percentile_covers_at_its_level() -> None:
    """P80 of waits with a random mean by day, 20 days of 200 calls.

    Given its mean, a day's waits are exponential, and the day's mean is 600 s times a gamma variable with mean
    1 and shape 20: a wait is beta prime, its 80 % quantile solves (1 + x / (600 * 20 / 20) / 20)^-20 = 0.2
    in closed form only if the rate, not the mean, is gamma; so the rate is: 1 / 600 s times the gamma variable.
    """
    random = np.random.default_rng(20_004)
    shape = 20
    truth = 600 * shape * (0.2 ** (-1 / shape) - 1)
    found = []
    for _ in range(EXPERIMENTS):
        rates = random.gamma(shape, 1 / shape, (20, 1)) / 600
        waits = random.exponential(1 / rates, (20, 200))
        bins = bin_of(np.rint(waits * SECOND).astype(np.int64))
        width = int(bins.max()) + 1
        histograms = np.stack([np.bincount(day, minlength=width) for day in bins])
        found.append(percentile(histograms, (LOWER_EDGES[:width], UPPER_EDGES[:width]), 0.8))
    assert LOW <= _coverage(found, truth) <= HIGH
