"""The portable elementary functions against scipy, exact rational sums and printed values."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special

from callsim.plan import portable

DRAWS = 1 << 53
MEANS = (1e-9, 0.001, 0.5, 1.0, 10.0, 63.999, 64.0, 64.0001, 100.5, 1e3, 12_345.678, 1e5)


def relative(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.max(np.abs(found / wanted - 1.0)))


def test_exp_is_right_to_two_units_in_the_last_place() -> None:
    """From underflow to overflow."""
    x = np.linspace(-700.0, 709.0, 40_001)
    assert relative(portable.exp(x), np.exp(x)) < 5e-16


def test_exp_underflows_to_zero_and_stays_finite_at_the_top() -> None:
    """No warning, no infinity: tables are made of finite numbers."""
    assert portable.exp(np.array([-np.inf, -1e9, -760.0])).tolist() == [0.0, 0.0, 0.0]
    assert math.isfinite(float(portable.exp(1e9)))
    assert float(portable.exp(0.0)) == 1.0


def test_expm1_keeps_its_digits_near_zero() -> None:
    """Exp(x) - 1 would lose all digits of 1e-17."""
    x = np.concatenate([-np.geomspace(1e-300, 30.0, 5_000), np.geomspace(1e-300, 30.0, 5_000)])
    assert relative(portable.expm1(x), np.expm1(x)) < 6e-16


def test_log_is_right_to_two_units_in_the_last_place() -> None:
    """Over all magnitudes, subnormal numbers included, and close to 1."""
    x = np.concatenate([np.geomspace(5e-324, 1e308, 20_001), np.linspace(0.5, 2.0, 20_001)])
    x = x[x != 1.0]
    assert relative(portable.log(x), np.log(x)) < 5e-16
    assert float(portable.log(1.0)) == 0.0


def test_log1p_keeps_its_digits_near_zero() -> None:
    """Log(1 + x) would lose all digits of 1e-17."""
    x = np.concatenate([-np.geomspace(1e-300, 0.999, 5_000), np.geomspace(1e-300, 100.0, 5_000)])
    assert relative(portable.log1p(x), np.log1p(x)) < 6e-16


def test_normal_quantile_agrees_with_scipy_in_all_three_branches() -> None:
    """AS 241: the centre, the tail and the far tail beyond exp(-25)."""
    p = np.concatenate([np.geomspace(2.0**-54, 0.5, 20_000)[:-1], [0.075, 0.0750001, math.exp(-25.0)]])
    assert relative(portable.normal_quantile(p), special.ndtri(p)) < 3e-15
    assert float(portable.normal_quantile(0.5)) == 0.0


def test_normal_quantile_gives_printed_values() -> None:
    """The 2.5 % and 0.1 % points of every statistical table."""
    found = portable.normal_quantile(np.array([0.025, 0.001]))
    assert found == pytest.approx([-1.959963984540054, -3.090232306167813], rel=1e-15)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_count_inverts_the_distribution(mean: float) -> None:
    """The count n is the smallest with P(N <= n) > u, in both tails down to the last of the 2^53 draws."""
    rng = np.random.default_rng(20_260_101)
    edges = [0, 1, 2, 1 << 20, 1 << 33, 1 << 40, (1 << 52) - 1]
    edges += [DRAWS - 1 - u for u in edges]
    for u in edges + [int(v) for v in rng.integers(0, DRAWS, 200)]:
        n = portable.poisson_count(u, mean)
        if u < 1 << 52:
            tail = (u + 0.5) / DRAWS
            before = special.pdtr(n - 1, mean) if n else 0.0
            assert before <= tail * (1 + 1e-10)
            assert special.pdtr(n, mean) > tail * (1 - 1e-10)
        else:
            tail = (DRAWS - u - 0.5) / DRAWS
            before = special.pdtrc(n - 1, mean) if n else 1.0
            assert before >= tail * (1 - 1e-10)
            assert special.pdtrc(n, mean) < tail * (1 + 1e-10)


@pytest.mark.parametrize("base", [1e-3, 1.0, 20.0, 63.9, 64.0, 500.0, 99_999.0])
def test_poisson_count_never_falls_when_the_mean_rises(base: float) -> None:
    """More volume adds callers and takes none away: the same draw at rising means gives rising counts."""
    rng = np.random.default_rng(7)
    means = base * (1.0 + np.concatenate([[0.0], np.geomspace(1e-9, 0.2, 24)]))
    for u in rng.integers(0, DRAWS, 60).tolist():
        counts = [portable.poisson_count(u, float(mean)) for mean in means]
        assert counts == sorted(counts)


def test_poisson_count_never_falls_when_the_draw_rises() -> None:
    """Inversion is monotone in the draw, across the median and into the rare tails."""
    draws = sorted({0, 1, 1 << 30, 1 << 33, (1 << 33) + 1, DRAWS - 1, *range(1 << 40, DRAWS, DRAWS // 400)})
    for mean in (3.0, 70.0, 2_000.0):
        counts = [portable.poisson_count(u, mean) for u in draws]
        assert counts == sorted(counts)


def test_poisson_count_of_mean_zero_is_zero() -> None:
    """A block without demand has no calls, whatever the draw."""
    assert [portable.poisson_count(u, 0.0) for u in (0, 1 << 52, DRAWS - 1)] == [0, 0, 0]


def test_poisson_count_matches_a_count_by_hand() -> None:
    """Mean 1: P(N = 0) = 0.36788, P(N <= 1) = 0.73576, P(N <= 2) = 0.91970."""
    shares = (0.3678, 0.3679, 0.7357, 0.7358, 0.9196, 0.9198)
    assert [portable.poisson_count(round(share * DRAWS), 1.0) for share in shares] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize("mean", [-1.0, math.nan, math.inf, 1.1e9])
def test_poisson_count_refuses_a_mean_out_of_range(mean: float) -> None:
    """The message states the rule."""
    with pytest.raises(ValueError, match=r"^the mean of a Poisson count must be in \[0, 1e9\]$"):
        portable.poisson_count(1, mean)


@pytest.mark.parametrize("mode", [64, 65, 300])
@pytest.mark.parametrize("step", [0.0, 0.25, 0.9990234375])
def test_start_at_the_mode_has_full_precision(mode: int, step: float) -> None:
    """P(N = m) and P(N <= m) - 1/2 against sums in 60 digits (Ramanujan's theta and its shift along the mean)."""
    found, centred = portable._poisson_at_mode(mode, mode + step)
    with localcontext() as context:
        context.prec = 60
        mean = Decimal(mode) + Decimal(step)
        term = (-mean).exp()
        total = term
        for n in range(1, mode + 1):
            term = term * mean / n
            total += term
        assert abs(float(Decimal(found) / term - 1)) < 1e-15
        assert abs(float(Decimal(centred) - (total - Decimal("0.5")))) < 2e-16
