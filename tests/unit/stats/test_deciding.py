"""Looks, the error that each may spend, and the side of a bound."""

from __future__ import annotations

import math

import pytest
from scipy.special import stdtrit

from callsim.stats import (
    Estimate,
    Side,
    at_least_this_uncertain,
    level_of_each_look,
    levels_of_looks,
    looks,
    nothing_seen,
    side,
    student_quantile,
    widened,
)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (8, 128, (8, 16, 32, 64, 128)),
        (8, 100, (8, 16, 32, 64, 100)),
        (8, 70, (8, 16, 32, 70)),
        (8, 12, (8, 12)),
        (8, 11, (11,)),
        (8, 2, (2,)),
    ],
)
def test_looks_double_and_end_at_the_last(first, last, found) -> None:
    """A look just before the last would cost error and tell nothing."""
    assert looks(first, last) == found


def test_the_parts_of_the_error_add_up() -> None:
    """One side of each interval, at each look, for each decision: together the error of the check."""
    one_side = (1 - level_of_each_look(0.95, 5, 3)) / 2
    assert 5 * 3 * one_side == pytest.approx(0.05, rel=1e-12)


@pytest.mark.parametrize("degrees", [1, 7, 15, 127])
@pytest.mark.parametrize("level", [0.9998, 0.99998, 0.9999998])
def test_students_quantile_holds_at_the_levels_that_looks_use(degrees, level) -> None:
    """A hundred expectations at five looks ask for the quantile of 0.99996: scipy agrees to a relative 1e-8."""
    assert student_quantile(degrees, level) == pytest.approx(stdtrit(degrees, (1 + level) / 2), rel=1e-8)


@pytest.mark.parametrize(
    ("value", "half_width", "found"),
    [
        (4.0, 0.9, Side.BELOW),
        (4.0, 1.0, Side.BELOW),
        (4.0, 1.1, Side.UNDECIDED),
        (6.0, 1.1, Side.UNDECIDED),
        (6.0, 1.0, Side.ABOVE),
        (5.0, 0.0, Side.AT),
        (5.0, 0.1, Side.UNDECIDED),
        (5.1, 0.0, Side.ABOVE),
        (4.0, None, Side.UNDECIDED),
        (None, None, Side.UNDECIDED),
    ],
)
def test_the_interval_decides_the_side(value, half_width, found) -> None:
    """A bound of 5: the whole interval below, above, or neither; without an interval nothing is decided."""
    assert side(Estimate(value, half_width, 0.99, 8), 5.0) is found


def test_what_is_never_seen_may_still_be() -> None:
    """A Poisson count of this mean is 0 in all of m trials with probability a, an event of this probability rarer."""
    found = nothing_seen(300, 0.98)
    assert math.exp(-found * 300) == pytest.approx(0.01, rel=1e-9)
    assert 0.009 < (1 - found) ** 300 < 0.01


def test_a_half_width_is_widened_never_narrowed() -> None:
    """And one that is missing stays missing."""
    narrow = Estimate(1.0, 0.1, 0.99, 8)
    assert at_least_this_uncertain(narrow, 0.3) == Estimate(1.0, 0.3, 0.99, 8)
    assert at_least_this_uncertain(narrow, 0.05) is narrow
    missing = Estimate(None, None, 0.99, 8, "nobody called")
    assert at_least_this_uncertain(missing, 0.3) is missing


def test_late_looks_get_most_of_the_error() -> None:
    """In proportion to the square of their replications; one side of all of them, over all decisions, is the error."""
    found = levels_of_looks(0.95, (8, 16, 32), 3)
    sides = [(1 - level) / 2 for level in found]
    assert sides[1] / sides[0] == pytest.approx(4, rel=1e-9)
    assert sides[2] / sides[0] == pytest.approx(16, rel=1e-9)
    assert 3 * sum(sides) == pytest.approx(0.05, rel=1e-12)


def test_an_interval_is_widened_by_the_next_term_of_the_expansion() -> None:
    """Instead of t standard errors, t + 2.5 c (2 t^2 + 1) / (6 sqrt n); either sign widens both sides alike."""
    t = student_quantile(11, 0.99)
    error = 2.0 / t
    found = widened(Estimate(5.0, 2.0, 0.99, 12, skewness=0.8))
    wanted = t + 2.5 * 0.8 * (2 * t**2 + 1) / (6 * math.sqrt(12))
    assert found.half_width == pytest.approx(wanted * error, rel=1e-12)
    assert widened(Estimate(5.0, 2.0, 0.99, 12, skewness=-0.8)) == found


@pytest.mark.parametrize("estimate", [Estimate(5.0, 2.0, 0.99, 12), Estimate(5.0, None, 0.99, 1, skewness=1.0)])
def test_without_skewness_or_interval_nothing_is_widened(estimate) -> None:
    """The same estimate comes back."""
    assert widened(estimate) is estimate
