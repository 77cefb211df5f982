"""Competing risks: worked out by hand, against the textbook's form, and where the short cuts go wrong."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from callsim.stats import cumulative_incidence, naive_incidence


def aalen_johansen(ends: np.ndarray, censored: np.ndarray) -> list[list[Fraction]]:
    """Return the estimator as Aalen and Johansen write it, in fractions."""
    at_risk, surviving = int(ends.sum() + censored.sum()), Fraction(1)
    found: list[list[Fraction]] = [[] for _ in ends]
    total = [Fraction(0)] * len(ends)
    for j in range(ends.shape[1]):
        dying = int(ends[:, j].sum())
        for k in range(len(ends)):
            if at_risk:
                total[k] += surviving * Fraction(int(ends[k, j]), at_risk)
            found[k].append(total[k])
        if at_risk:
            surviving *= 1 - Fraction(dying, at_risk)
        at_risk -= dying + int(censored[j])
    return found


def test_four_cases_by_hand() -> None:
    """One is solved on day 1, one lost from sight on day 2, on day 3 one is solved and one gives up.

    After day 2 two of four are left, who stand for three: each of their ends counts 3/4 : 2 = 3/8.
    """
    found = cumulative_incidence(np.array([[1, 0, 1], [0, 0, 1]]), np.array([0, 1, 0]))
    assert found.incidence == pytest.approx(np.array([[1 / 4, 1 / 4, 5 / 8], [0.0, 0.0, 3 / 8]]), rel=1e-15)
    assert found.surviving == pytest.approx([3 / 4, 3 / 4, 0.0], abs=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_estimator_of_the_textbook(seed: int) -> None:
    """The weighted form and the product of survival and hazard are the same, with ties of ends and censoring."""
    random = np.random.default_rng(seed)
    ends, censored = random.integers(0, 4, (3, 12)), random.integers(0, 3, 12)
    expected = [[float(value) for value in row] for row in aalen_johansen(ends, censored)]
    np.testing.assert_allclose(cumulative_incidence(ends, censored).incidence, expected, rtol=1e-12, atol=0)


def test_without_censoring_it_is_the_share_of_the_finished_cases_to_the_last_digit() -> None:
    """When every case has been followed to its end, nothing is left to be estimated."""
    ends = np.random.default_rng(3).integers(0, 9, (3, 40))
    assert (cumulative_incidence(ends, np.zeros(40, np.int64)).incidence == naive_incidence(ends)).all()


def test_without_censoring_the_variance_is_that_of_a_share() -> None:
    """I (1 - I) / n at every age."""
    ends = np.random.default_rng(4).integers(0, 9, (2, 15))
    found = cumulative_incidence(ends, np.zeros(15, np.int64))
    share = found.incidence
    np.testing.assert_allclose(found.variance, share * (1 - share) / ends.sum(), rtol=1e-9, atol=1e-15)


def test_variance_covers_what_samples_scatter() -> None:
    """Under a known law with censoring the mean of the variances is the variance of the estimates.

    4,000 samples of 80 cases: the standard error of a variance is 2.2 % of it; 5 of them are allowed.
    """
    random = np.random.default_rng(11)
    estimates, variances = [], []
    for _ in range(4000):
        age, lost = random.geometric(0.15, 80), random.geometric(0.08, 80)
        way = random.random(80) < 0.6
        table, censored = np.zeros((2, 12), np.int64), np.zeros(12, np.int64)
        seen = (age <= lost) & (age <= 12)
        np.add.at(table, (way[seen].astype(int), age[seen] - 1), 1)
        np.add.at(censored, np.minimum(lost[~seen], 12) - 1, 1)
        found = cumulative_incidence(table, censored)
        estimates.append(found.incidence[1, 9])
        variances.append(found.variance[1, 9])
    assert np.mean(variances) == pytest.approx(np.var(estimates), rel=5 * 0.0224)
    # The true incidence: 0.6 of those who end within ten steps.
    truth = 0.6 * (1 - 0.85**10)
    assert np.mean(estimates) == pytest.approx(truth, abs=4 * np.std(estimates) / 4000**0.5)


def test_kaplan_meier_and_the_naive_share_mislead() -> None:
    """Of 100 cases 40 give up on day 1, 30 are solved on day 2, and 30 are open when the watching stops on day 3.

    30 % are solved. A Kaplan-Meier curve that takes giving up for censoring says that half are; the share of the
    finished cases says 43 %.
    """
    ends, censored = np.array([[0, 30, 0], [40, 0, 0]]), np.array([0, 0, 30])
    assert cumulative_incidence(ends, censored).incidence[:, -1].tolist() == [0.3, 0.4]
    kaplan_meier = 1 - (1 - 0 / 100) * (1 - 30 / 60)
    assert kaplan_meier == 0.5
    assert naive_incidence(ends)[0, -1] == 30 / 70


def test_nobody_gives_zeros() -> None:
    """No case, no incidence."""
    none = np.zeros((2, 3), np.int64)
    assert cumulative_incidence(none, none[0]).incidence.tolist() == none.tolist()
    assert cumulative_incidence(none, none[0]).variance.tolist() == none.tolist()
    assert naive_incidence(none).tolist() == none.tolist()
