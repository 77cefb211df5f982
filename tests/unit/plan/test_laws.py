"""Each law's mean, spread, tails and quantiles; what constructors refuse, with the full text."""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from callsim.plan import laws
from callsim.plan.laws import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Mixture,
    Shifted,
    Triangular,
    Uniform,
    Weibull,
)

CASES: list[Law] = [
    Exponential(300.0),
    Lognormal(360.0, 0.8),
    Lognormal(20.0, 3.0),
    Gamma(360.0, 0.5),
    Gamma(60.0, 2.5),
    Erlang(240.0, 3),
    Weibull(120.0, 0.6),
    Weibull(120.0, 2.0),
    Uniform(10.0, 20.0),
    Triangular(10.0, 20.0, 60.0),
    Triangular(0.0, 0.0, 60.0),
    Triangular(5.0, 60.0, 60.0),
    Hyperexponential((0.3, 0.7), (60.0, 600.0)),
    Shifted(Exponential(60.0), 30.0),
    Mixture((0.25, 0.75), (Lognormal(60.0, 0.5), Gamma(600.0, 0.8))),
]
DISCRETE: list[Law] = [Constant(90.0), Empirical((30.0, 10.0, 20.0, 20.0))]
TAIL = np.geomspace(2.0**-54, 0.5, 400)


def named(law: Law) -> str:
    return repr(law)[:50]


def moment(law: Law, power: int) -> float:
    """Integrate a power of the quantile function over both sides, by Gauss's rule in the logarithm of the tail."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.log(2.0) * np.arange(-800, -3) / 4.0
    half = (edges[1:] - edges[:-1]) / 2.0
    points = ((edges[1:] + edges[:-1]) / 2.0)[:, None] + half[:, None] * nodes
    p = np.minimum(np.exp(points), 0.5).ravel()
    mass = (half[:, None] * weights * np.exp(points)).ravel()
    return math.fsum(float(np.dot(law.quantiles(p, upper) ** power, mass)) for upper in (False, True))


def test_every_exported_law_has_a_case() -> None:
    """A new law cannot be forgotten here."""
    classes = {name for name in laws.__all__ if isinstance(getattr(laws, name), type)} - {"Law", "LawBook"}
    assert {type(law).__name__ for law in CASES + DISCRETE} == classes


@pytest.mark.parametrize("law", CASES, ids=named)
def test_mean_and_cv_are_those_of_the_quantiles(law: Law) -> None:
    """The moments that a law states are the integrals of its own quantile function."""
    tolerance = 2e-5  # kinks of triangles and mixtures lie inside a cell of the rule
    assert moment(law, 1) == pytest.approx(law.mean, rel=tolerance)
    assert moment(law, 2) == pytest.approx(law.second_moment, rel=tolerance)


@pytest.mark.parametrize("law", CASES, ids=named)
def test_tails_are_the_inverse_of_the_quantiles(law: Law) -> None:
    """P(X <= Q(p)) = p from below, P(X > Q(1 - p)) = p from above, to the digits that p has."""
    shallow = TAIL[TAIL > 1e-6]
    assert law.tails(law.quantiles(shallow, False))[0] == pytest.approx(shallow, rel=1e-8)
    assert law.tails(law.quantiles(shallow, True))[1] == pytest.approx(shallow, rel=1e-8)


@pytest.mark.parametrize("law", CASES + DISCRETE, ids=named)
def test_tails_sum_to_one_and_quantiles_rise_within_the_bounds(law: Law) -> None:
    """A distribution: monotone, between low and high, total mass 1."""
    joined = np.concatenate([law.quantiles(TAIL, False), law.quantiles(TAIL, True)[::-1]])
    slack = 1e-9 * law.mean  # a mixture's inverse is false position
    assert np.all(np.diff(joined) >= -slack)
    assert joined[0] >= law.low
    assert joined[-1] <= law.high
    lower, upper = law.tails(np.linspace(0.0, 10.0 * law.mean, 101))
    assert lower + upper == pytest.approx(np.ones(101), abs=1e-12)
    assert np.all(np.diff(lower) >= -1e-12)


@pytest.mark.parametrize("law", CASES + DISCRETE, ids=named)
def test_law_survives_pickling_and_is_hashable(law: Law) -> None:
    """Laws travel to worker processes and key the table cache."""
    again = pickle.loads(pickle.dumps(law))
    assert again == law
    assert hash(again) == hash(law)
    assert (again.mean, again.cv, again.low, again.high) == (law.mean, law.cv, law.low, law.high)
    assert dataclasses.replace(law).mean == law.mean


def test_moments_match_textbook_formulas() -> None:
    """Mean and cv of the laws that are not given by them, by hand."""
    assert Erlang(240.0, 4).cv == 0.5
    assert (Uniform(10.0, 20.0).mean, Uniform(0.0, 12.0).cv) == (15.0, pytest.approx(1 / math.sqrt(3)))
    assert (Triangular(0.0, 3.0, 6.0).mean, Triangular(0.0, 3.0, 6.0).cv) == (3.0, pytest.approx(1 / math.sqrt(6)))
    assert Weibull(7.0, 1.0).cv == pytest.approx(1.0, rel=1e-14)
    assert Weibull(7.0, 2.0).cv == pytest.approx(math.sqrt(4 / math.pi - 1), rel=1e-13)
    # Half of mean 1, half of mean 3: mean 2, mean square (2 + 18) / 2 = 10.
    assert (Hyperexponential((0.5, 0.5), (1.0, 3.0)).mean, Hyperexponential((0.5, 0.5), (1.0, 3.0)).cv) == (
        2.0,
        pytest.approx(math.sqrt(1.5)),
    )
    assert (Empirical((1.0, 2.0, 6.0)).mean, Empirical((1.0, 2.0, 6.0)).cv) == (
        3.0,
        pytest.approx(math.sqrt(14 / 3) / 3),
    )
    assert (Shifted(Exponential(60.0), 30.0).mean, Shifted(Exponential(60.0), 30.0).cv) == (90.0, pytest.approx(2 / 3))
    assert Mixture((0.5, 0.5), (Constant(1.0), Constant(3.0))).cv == pytest.approx(0.5)


def test_distribution_functions_match_scipy() -> None:
    """Independent code for the functions behind each law."""
    x = np.array([1.0, 60.0, 300.0, 2000.0])
    sigma = math.sqrt(math.log1p(0.64))
    mu = math.log(360.0) - sigma**2 / 2
    assert Lognormal(360.0, 0.8).cdf(x) == pytest.approx(special.ndtr((np.log(x) - mu) / sigma), rel=1e-11)
    assert Gamma(360.0, 0.5).cdf(x) == pytest.approx(special.gammainc(4.0, x / 90.0), rel=1e-11)
    assert Erlang(240.0, 3).cdf(x) == pytest.approx(special.gammainc(3.0, x / 80.0), rel=1e-11)
    scale = 120.0 / special.gamma(1 + 1 / 0.6)
    assert Weibull(120.0, 0.6).cdf(x) == pytest.approx(-special.expm1(-((x / scale) ** 0.6)), rel=1e-12)


def test_cdf_takes_numbers_and_arrays_and_is_zero_below_zero() -> None:
    """Durations are never negative."""
    law = Exponential(10.0)
    assert float(law.cdf(10.0)) == pytest.approx(1 - math.exp(-1), rel=1e-15)
    assert law.cdf(np.array([[-5.0, 0.0]])).tolist() == [[0.0, 0.0]]


def test_quantiles_of_samples_are_order_statistics() -> None:
    """Q(p) is the smallest sample with P(X <= sample) >= p."""
    law = Empirical((30.0, 10.0, 20.0, 40.0))
    p = np.array([0.01, 0.25, 0.2500001, 0.5])
    assert law.quantiles(p, False).tolist() == [10.0, 10.0, 20.0, 20.0]
    assert law.quantiles(p, True).tolist() == [40.0, 30.0, 30.0, 20.0]


def test_atom_in_a_mixture_stays_sharp() -> None:
    """A fifth of exactly 30 s within a lognormal: the quantile function is flat at 30 s over a fifth."""
    law = Mixture((0.2, 0.8), (Constant(30.0), Lognormal(60.0, 0.5)))
    start = 0.8 * float(Lognormal(60.0, 0.5).cdf(30.0))
    inside = np.linspace(start + 1e-6, start + 0.2 - 1e-6, 50)
    assert law.quantiles(inside, False) == pytest.approx(np.full(50, 30.0), rel=1e-12)
    assert float(law.quantiles(np.array([start * 0.99]), False)[0]) < 29.95


def test_mixture_of_constants_with_simple_shares_is_an_exact_list() -> None:
    """Thirty percent of 60 s and seventy percent of 300 s need ten equally likely values."""
    assert Mixture((0.3, 0.7), (Constant(300.0), Constant(60.0))).samples == (60.0,) * 7 + (300.0,) * 3
    assert Mixture((1 / 3, 2 / 3), (Constant(1.0), Constant(2.0))).samples == (1.0, 2.0, 2.0)
    assert Mixture((0.12345, 0.87655), (Constant(1.0), Constant(2.0))).samples is None
    assert Mixture((0.5, 0.5), (Constant(1.0), Exponential(2.0))).samples is None


def test_shift_moves_samples_and_may_be_negative_while_values_are_not() -> None:
    """The smallest value counts, not the sign of the shift."""
    assert Shifted(Empirical((5.0, 9.0)), -5.0).samples == (0.0, 4.0)


REFUSED: list[tuple[Callable[[], Law], str]] = [
    (lambda: Constant(-1.0), "found value -1.0; value must be >= 0"),
    (lambda: Exponential(0.0), "found mean 0.0; mean must be > 0"),
    (lambda: Exponential(math.nan), "found mean nan; mean must be > 0"),
    (lambda: Exponential(math.inf), "found mean inf; mean must be > 0"),
    (lambda: Lognormal(-30.0, 0.5), "found mean -30.0; mean must be > 0"),
    (lambda: Lognormal(30.0, 0.0), "found cv 0.0; cv must be > 0"),
    (lambda: Lognormal(30.0, 11.0), "found cv 11.0; cv of a lognormal must be at most 10"),
    (lambda: Gamma(0.0, 1.0), "found mean 0.0; mean must be > 0"),
    (lambda: Gamma(30.0, 0.0), "found cv 0.0; cv must be in 0.001 to 30"),
    (lambda: Erlang(30.0, 0), "found phases 0; phases must be a whole number in 1 to 1000000"),
    (lambda: Erlang(30.0, 2.5), "found phases 2.5; phases must be a whole number in 1 to 1000000"),  # type: ignore[arg-type]
    (lambda: Erlang(0.0, 2), "found mean 0.0; mean must be > 0"),
    (lambda: Weibull(0.0, 2.0), "found mean 0.0; mean must be > 0"),
    (lambda: Weibull(30.0, 0.1), "found shape 0.1; shape must be in 0.15 to 1000"),
    (lambda: Uniform(-1.0, 2.0), "found low -1.0; low must be >= 0"),
    (lambda: Uniform(1.0, math.inf), "found high inf; high must be >= 0"),
    (lambda: Uniform(5.0, 5.0), "found low 5.0 and high 5.0; high must be above low"),
    (lambda: Triangular(-1.0, 2.0, 3.0), "found low -1.0; low must be >= 0"),
    (lambda: Triangular(1.0, 2.0, -3.0), "found high -3.0; high must be >= 0"),
    (lambda: Triangular(6.0, 6.0, 6.0), "found low 6.0 and high 6.0; high must be above low"),
    (lambda: Triangular(1.0, 9.0, 6.0), "found mode 9.0; mode must lie between low 1.0 and high 6.0"),
    (lambda: Hyperexponential((), ()), "found no shares; at least one share is needed"),
    (lambda: Hyperexponential((1.0,), (1.0, 2.0)), "found 1 shares and 2 means; their numbers must be equal"),
    (lambda: Hyperexponential((0.5, 0.4), (1.0, 2.0)), "found shares that sum to 0.9; they must sum to 1"),
    (lambda: Hyperexponential((1.5, -0.5), (1.0, 2.0)), "found share -0.5; share must be > 0"),
    (lambda: Hyperexponential((0.5, 0.5), (1.0, 0.0)), "found mean 0.0; mean must be > 0"),
    (lambda: Empirical(()), "found no samples; at least one sample is needed"),
    (lambda: Empirical((1.0, -2.0)), "found sample -2.0; sample must be >= 0"),
    (lambda: Shifted(Uniform(5.0, 9.0), -6.0), "found by -6.0; the smallest shifted value must be >= 0"),
    (lambda: Mixture((0.5, 0.5), (Constant(1.0),)), "found 2 shares and 1 laws; their numbers must be equal"),
]


@pytest.mark.parametrize(("build", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_parameter_out_of_range_is_refused_with_value_and_rule(build: Callable[[], Law], message: str) -> None:
    """The whole text, so that the scenario can put it beside file and line."""
    with pytest.raises(ValueError, match=r"^found ") as refused:
        build()
    assert str(refused.value) == message


def test_too_many_samples_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that does not belong in memory."""
    monkeypatch.setattr("callsim.plan.composites.MOST_SAMPLES", 2)
    with pytest.raises(ValueError, match=r"^found 3 samples; at most 2 are allowed$"):
        Empirical((1.0, 2.0, 3.0))
