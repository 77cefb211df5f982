"""Sigma levels: the printed tables of the convention, and what is said where there is no defect."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callsim.experiments.scorecard.ledger import Ledger
from callsim.experiments.scorecard.lines import card_lines
from callsim.experiments.scorecard.processes import SHIFT, sigma_level, sigma_slope
from callsim.stats import ratio
from tests.small_logs import small_plan


@pytest.mark.parametrize(
    ("per_million", "sigma"), [(691462, 1), (308538, 2), (66807, 3), (6210, 4), (233, 5), (3.4, 6)]
)
def test_conventional_levels_are_those_of_the_printed_table(per_million: float, sigma: int) -> None:
    """Defects per million of 1 to 6 sigma, the shift of 1.5 included, as every handbook prints them."""
    found = sigma_level(per_million / 1e6)
    assert found is not None
    assert found + SHIFT == pytest.approx(sigma, abs=2e-3)


@pytest.mark.parametrize(("share", "sigma"), [(0.5, 0.0), (0.158655254, 1.0), (0.022750132, 2.0), (0.001349898, 3.0)])
def test_level_without_the_shift_is_the_quantile_of_the_normal_distribution(share: float, sigma: float) -> None:
    """One-sided tails beyond 0, 1, 2 and 3 standard deviations."""
    assert sigma_level(share) == pytest.approx(sigma, abs=1e-7)


def test_no_defect_and_nothing_but_defects_have_no_level() -> None:
    """Infinite in theory, and nobody has seen it."""
    assert sigma_level(0.0) is None
    assert sigma_level(1.0) is None


def test_slope_is_that_of_the_level() -> None:
    """By differences."""
    step = 1e-7
    low, high = sigma_level(0.1 - step), sigma_level(0.1 + step)
    assert low is not None
    assert high is not None
    assert (low - high) / (2 * step) == pytest.approx(sigma_slope(0.1), rel=1e-6)


def _ledgers(defects: list[int], chances: list[int]) -> list[Ledger]:
    member = ("queue", "desk")
    return [
        Ledger(1, i, {("opportunities: answered in time", member): n, ("defects: answered in time", member): d})
        for i, (d, n) in enumerate(zip(defects, chances, strict=True))
    ]


def _of(name: str, defects: list[int], chances: list[int]) -> tuple[float | None, float | None, str]:
    lines = card_lines(small_plan(), _ledgers(defects, chances), 0.95)
    scope = {"process": "answered in time", "queue": "desk"}
    line = next(line for line in lines if line.name == name and line.scope == scope)
    return line.value, line.half_width, line.reason


def test_level_of_replications_is_that_of_the_ratio_of_sums() -> None:
    """Its interval is that of the ratio, by the slope."""
    defects, chances = [10, 30, 20], [100, 200, 100]
    share = ratio(np.array(defects), np.array(chances))
    value, half_width, _ = _of("sigma_level", defects, chances)
    assert value == pytest.approx(sigma_level(0.15))
    assert half_width == pytest.approx((share.half_width or math.nan) * sigma_slope(0.15))
    assert _of("sigma_level_shifted", defects, chances)[0] == pytest.approx((value or math.nan) + 1.5)
    assert _of("defects_per_million", defects, chances)[0] == pytest.approx(150_000)


def test_where_nothing_went_wrong_the_level_has_a_lower_bound_only() -> None:
    """With 1000 opportunities and a level of 95 % the share of defects may be 0.0037: beyond 2.7 sigma."""
    assert _of("sigma_level", [0, 0], [400, 600]) == (None, None, "no defect in 1000 opportunities: above 2.7")


def test_a_process_without_opportunity_says_so() -> None:
    """Nobody came to the queue."""
    assert _of("sigma_level", [0, 0], [0, 0]) == (None, None, "there was no opportunity")
    assert _of("sigma_level", [5, 6], [5, 6]) == (None, None, "every opportunity was a defect")
