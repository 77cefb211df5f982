"""Two one-sided tests: what they call alike, what not, and by which standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callsim.stats import (
    Equivalence,
    Estimate,
    at_level,
    equivalence,
    independent_difference,
    mean,
    standard_error,
    student_quantile,
)


@pytest.mark.parametrize(
    ("value", "half_width", "verdict"),
    [
        (0.5, 0.5, Equivalence.WITHIN),
        (-0.5, 0.5, Equivalence.WITHIN),
        (0.6, 0.5, Equivalence.UNDECIDED),
        (-0.6, 0.5, Equivalence.UNDECIDED),
        (0.0, 3.0, Equivalence.UNDECIDED),
        (1.6, 0.5, Equivalence.BEYOND),
        (-1.6, 0.5, Equivalence.BEYOND),
        (None, None, Equivalence.UNDECIDED),
        (0.0, None, Equivalence.UNDECIDED),
    ],
)
def test_the_interval_lies_within_beyond_or_across_the_margin(value, half_width, verdict) -> None:
    """A margin of 1: the whole interval inside it, outside it, or neither; touching it is inside."""
    assert equivalence(Estimate(value, half_width, 0.9, 10), 1.0) is verdict


def test_no_margin_asks_for_figures_that_are_the_same() -> None:
    """Exact figures need no interval; a negative margin means nothing."""
    assert equivalence(Estimate(0.0, 0.0, 0.9, 4), 0.0) is Equivalence.WITHIN
    assert equivalence(Estimate(1e-9, 0.0, 0.9, 4), 0.0) is Equivalence.BEYOND
    with pytest.raises(ValueError, match=r"^margin -1: must be 0 or more$"):
        equivalence(Estimate(0.0, 0.0, 0.9, 4), -1)


def test_welch_by_hand() -> None:
    """Variances of the means 4 (n 3) and 1 (n 5): 25 / (16/2 + 1/4) = 3.03 degrees, rounded down to 3."""
    first = Estimate(10.0, 2.0 * student_quantile(2, 0.95), 0.95, 3)
    second = Estimate(13.0, 1.0 * student_quantile(4, 0.9), 0.9, 5)
    found = independent_difference(first, second, 0.9)
    assert (found.value, found.level, found.n) == (3.0, 0.9, 3)
    assert found.half_width == pytest.approx(student_quantile(3, 0.9) * math.sqrt(5.0), rel=1e-12)


def test_a_figure_without_doubt_adds_none() -> None:
    """The interval is that of the other alone; of two such figures it has no width."""
    known, other = Estimate(1.0, 0.0, 0.95, 6), Estimate(2.0, 0.7, 0.95, 6)
    assert independent_difference(known, other).half_width == pytest.approx(0.7, rel=1e-12)
    assert independent_difference(known, known) == Estimate(0.0, 0.0, 0.95, 6)


def test_what_is_missing_stays_missing_with_its_reason() -> None:
    """No value, or no interval."""
    there, none = Estimate(2.0, 0.7, 0.95, 6), Estimate(None, None, 0.95, 6, "nobody called")
    single = Estimate(1.0, None, 0.95, 1, "one replication gives no interval")
    assert independent_difference(none, there) == Estimate(None, None, 0.95, 6, "nobody called")
    assert independent_difference(there, single) == Estimate(-1.0, None, 0.95, 1, "one replication gives no interval")


def test_another_level_is_what_estimating_at_it_gives() -> None:
    """The standard error is all that an interval holds."""
    values = np.array([3.0, 5.0, 4.0, 8.0])
    found = at_level(mean(values), 0.99)
    assert found.half_width == pytest.approx(mean(values, 0.99).half_width, rel=1e-12)
    assert standard_error(mean(values)) == pytest.approx(values.std(ddof=1) / 2, rel=1e-12)
    assert at_level(mean(values[:1]), 0.99).half_width is None
