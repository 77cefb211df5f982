"""Means, ratios, percentiles and paired differences from replications, by hand and by the textbook."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callsim.stats import (
    Estimate,
    mean,
    mean_difference,
    percentile,
    percentile_difference,
    ratio,
    ratio_difference,
    student_quantile,
)

T9 = 2.262157162798204
"""The 97.5 % quantile of Student's t with nine degrees of freedom, computed with 40 decimals."""

BINS = (np.array([0.0, 0, 1, 2, 3]), np.array([0.0, 1, 2, 3, 4]))
"""Bins (lower, upper]; the first is the single value 0."""


def test_mean_has_students_interval() -> None:
    """1 .. 10: mean 5.5, variance 55/6, half width t(9) * sqrt(55/60)."""
    found = mean(np.arange(1, 11))
    assert (found.value, found.level, found.n, found.reason) == (5.5, 0.95, 10, "")
    assert found.half_width == pytest.approx(T9 * math.sqrt(55 / 60), rel=1e-12)


def test_one_replication_gives_a_value_without_an_interval() -> None:
    """Not infinity, not NaN: None, and the reason."""
    reason = "one replication gives no interval"
    assert mean(np.array([7])) == Estimate(7.0, None, 0.95, 1, reason)
    assert ratio(np.array([1]), np.array([4])) == Estimate(0.25, None, 0.95, 1, reason)
    assert percentile(np.array([[0, 1, 0, 0, 0]]), BINS, 0.5) == Estimate(1.0, None, 0.95, 1, reason)


def test_no_replications_give_no_value() -> None:
    """The answer to an empty question is None with the reason."""
    assert mean(np.zeros(0)) == Estimate(None, None, 0.95, 0, "no replications")
    assert ratio(np.zeros(0), np.zeros(0)) == Estimate(None, None, 0.95, 0, "no replications")
    assert percentile(np.zeros((0, 5), np.int64), BINS, 0.5) == Estimate(None, None, 0.95, 0, "no replications")


def test_ratio_is_the_ratio_of_sums_not_the_mean_of_ratios() -> None:
    """1/1 and 1/9: 2/10, not 5/9 (specification, pitfall 24)."""
    assert ratio(np.array([1, 1]), np.array([1, 9])).value == 0.2


def test_jackknife_of_a_ratio_by_hand() -> None:
    """Numerators 1, 2, 6 over 4, 4, 4: without each 8/8, 7/8, 3/8; mean 3/4, s^2 = 2/3 * (1/16 + 1/64 + 9/64)."""
    found = ratio(np.array([1, 2, 6]), np.array([4, 4, 4]))
    assert found.value == 0.75
    assert found.half_width == pytest.approx(student_quantile(2, 0.95) * math.sqrt(2 / 3 * 14 / 64), rel=1e-12)


def test_jackknife_of_the_textbook() -> None:
    """Efron and Tibshirani 1993, the mouse data's treatment group (section 2.1): the mean's standard error is 25.24."""
    mice = np.array([94, 197, 16, 38, 99, 141, 23])
    found = ratio(mice, np.ones(7, np.int64))
    assert round(found.value, 2) == 86.86
    assert round(found.half_width / student_quantile(6, 0.95), 2) == 25.24


def test_jackknife_of_a_ratio_with_constant_denominators_is_students_interval() -> None:
    """For a mean the jackknife is the textbook interval, to rounding."""
    values = np.array([3.0, 1.5, 9.25, 4.0, 4.5])
    by_ratio, by_mean = ratio(values * 8, np.full(5, 8.0), 0.9), mean(values, 0.9)
    assert by_ratio.value == pytest.approx(by_mean.value, rel=1e-15)
    assert by_ratio.half_width == pytest.approx(by_mean.half_width, rel=1e-12)


def test_an_empty_denominator_gives_no_value_and_a_reason() -> None:
    """Null, never 100 % (specification, pitfall 26)."""
    found = ratio(np.array([0, 0]), np.array([0, 0]))
    assert found == Estimate(None, None, 0.95, 2, "nothing was counted in the denominator")
    empty = percentile(np.zeros((2, 5), np.int64), BINS, 0.5)
    assert empty == Estimate(None, None, 0.95, 2, "nothing was counted in the denominator")


def test_a_denominator_in_one_replication_only_gives_a_value_without_an_interval() -> None:
    """Leaving that replication out would leave nothing."""
    reason = "without one of the replications nothing would be counted, so there is no interval"
    assert ratio(np.array([1, 0]), np.array([2, 0])) == Estimate(0.5, None, 0.95, 2, reason)
    histograms = np.array([[0, 3, 0, 0, 0], [0, 0, 0, 0, 0]])
    assert percentile(histograms, BINS, 0.5) == Estimate(1.0, None, 0.95, 2, reason)


@pytest.mark.parametrize(
    ("share", "edge"), [(0.01, 1.0), (0.4, 1.0), (0.4000001, 2.0), (0.7, 2.0), (0.71, 4.0), (1.0, 4.0)]
)
def test_a_percentile_is_the_upper_edge_of_the_first_bin_with_enough_at_or_below(share: float, edge: float) -> None:
    """Ten values: four in (0, 1], three in (1, 2], three in (3, 4]."""
    histograms = np.array([[0, 4, 1, 0, 1], [0, 0, 2, 0, 2]])
    assert percentile(histograms, BINS, share).value == edge


def test_a_percentile_does_not_ask_for_one_call_more_by_a_rounding_error() -> None:
    """0.07 * 100 is 7.000000000000001 in binary: the seventh of 100 calls is enough."""
    assert percentile(np.array([[0, 7, 93, 0, 0]]), BINS, 0.07).value == 1.0


def test_jackknife_of_a_percentile_by_hand() -> None:
    """Medians without each replication: 2, 2, 4; mean 8/3, s^2 = 2/3 * (4/9 + 4/9 + 16/9)."""
    histograms = np.array([[0, 0, 0, 0, 5], [0, 0, 0, 0, 5], [0, 0, 7, 0, 0]])
    found = percentile(histograms, BINS, 0.5)
    assert found.value == 4.0
    assert found.half_width == pytest.approx(student_quantile(2, 0.95) * math.sqrt(2 / 3 * 24 / 9), rel=1e-12)


def test_the_interval_of_a_percentile_is_not_narrower_than_its_bin() -> None:
    """Every leave-one-out median lies in the same bin; the interval is the bin's width, not 0."""
    histograms = np.array([[0, 5, 0, 0, 0], [0, 6, 0, 0, 0], [0, 5, 1, 0, 0]])
    assert percentile(histograms, BINS, 0.5).half_width == 1.0


def test_replications_that_are_all_alike_have_an_exact_percentile() -> None:
    """Nothing varies, so nothing is uncertain."""
    assert percentile(np.array([[0, 5, 0, 0, 0]] * 3), BINS, 0.5).half_width == 0.0


def test_paired_difference_of_means_uses_the_pairs() -> None:
    """1, 2, 3 and 11, 12, 13: each pair differs by 10, so the difference is exact although each mean is not."""
    assert mean_difference(np.array([1, 2, 3]), np.array([11, 12, 13])) == Estimate(10.0, 0.0, 0.95, 3)


def test_paired_difference_of_ratios_by_hand() -> None:
    """Leave-one-out differences of 1, 2, 6 over 4 and 4, 4, 4 over 8: 1/2 - 8/8, 1/2 - 7/8, 1/2 - 3/8."""
    base = (np.array([1, 2, 6]), np.array([4, 4, 4]))
    other = (np.array([4, 4, 4]), np.array([8, 8, 8]))
    found = ratio_difference(base, other)
    assert found.value == -0.25
    assert found.half_width == pytest.approx(ratio(*base).half_width, rel=1e-12)


def test_ratios_that_move_together_have_a_narrow_difference() -> None:
    """Each replication's second ratio is 0.1 higher: the interval of the difference is that of rounding."""
    one = np.array([10, 30, 70, 20])
    hundred = np.full(4, 100)
    found = ratio_difference((one, hundred), (one + 10, hundred))
    assert found.value == pytest.approx(0.1)
    assert found.half_width == pytest.approx(0.0, abs=1e-15)


def test_paired_difference_of_percentiles_by_hand() -> None:
    """Medians 4 and 2, without each replication 2, 2, 4 and 2, 2, 2."""
    base = np.array([[0, 0, 0, 0, 5], [0, 0, 0, 0, 5], [0, 0, 7, 0, 0]])
    other = np.array([[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0]])
    found = percentile_difference(base, other, BINS, 0.5)
    assert found.value == -2.0
    assert found.half_width == pytest.approx(percentile(base, BINS, 0.5).half_width, rel=1e-12)


def test_a_variant_that_changes_nothing_differs_by_exactly_zero() -> None:
    """0 +- 0, for means, ratios and percentiles."""
    values, histograms = np.array([3, 1, 4]), np.array([[0, 2, 1, 0, 0], [1, 0, 0, 2, 0], [0, 0, 0, 0, 9]])
    nothing = Estimate(0.0, 0.0, 0.95, 3)
    assert mean_difference(values, values) == nothing
    assert ratio_difference((values, values + 1), (values, values + 1)) == nothing
    assert percentile_difference(histograms, histograms, BINS, 0.5) == nothing


def test_a_difference_with_one_side_missing_has_no_value() -> None:
    """Nobody was answered in the base: nothing to subtract."""
    found = ratio_difference((np.array([0, 0]), np.array([0, 0])), (np.array([1, 1]), np.array([2, 2])))
    assert found == Estimate(None, None, 0.95, 2, "nothing was counted in the denominator")


def test_skewness_is_that_of_what_replications_contribute() -> None:
    """0, 0, 3: deviations -1, -1, 2; mean cube 2, mean square 2: 2 / 2^1.5 * sqrt(6) = 3^0.5; a ratio over equal
    denominators has that of its numerators; alike or too few, there is none.
    """
    x = np.array([0, 0, 3])
    assert mean(x).skewness == pytest.approx(math.sqrt(3), rel=1e-12)
    assert ratio(x, np.array([4, 4, 4])).skewness == pytest.approx(math.sqrt(3), rel=1e-12)
    assert mean(-x).skewness == pytest.approx(-math.sqrt(3), rel=1e-12)
    assert mean(np.array([2, 2, 2])).skewness == mean(np.array([1, 5])).skewness == 0.0
