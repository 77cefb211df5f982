"""Duration tables: the lookup as the scheme says it, exact moments, limits, the same bits everywhere."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys

import numpy as np
import pytest

from callsim.plan.draws import duration
from callsim.plan.laws import (
    LARGEST_VALUE,
    SIDE,
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    LawBook,
    Lognormal,
    Mixture,
    Shifted,
    Triangular,
    Uniform,
    Weibull,
    quantile_table,
    sample_table,
    table_moments,
)
from callsim.plan.plan import SURE

SMOOTH: list[Law] = [
    Exponential(300.0),
    Exponential(1.0),
    Exponential(14 * 86400.0),
    Lognormal(360.0, 0.8),
    Lognormal(360.0, 0.01),
    Lognormal(86400.0, 2.0),
    Lognormal(60.0, 10.0),
    Gamma(360.0, 0.5),
    Gamma(60.0, 2.5),
    Gamma(60.0, 0.02),
    Gamma(60.0, 30.0),
    Erlang(240.0, 3),
    Weibull(120.0, 0.15),
    Weibull(120.0, 0.6),
    Weibull(120.0, 2.0),
    Uniform(10.0, 20.0),
    Triangular(10.0, 20.0, 60.0),
    Hyperexponential((0.3, 0.7), (60.0, 600.0)),
    Hyperexponential((0.999999, 0.000001), (1.0, 1e5)),
    Shifted(Exponential(60.0), 30.0),
    Mixture((0.25, 0.75), (Lognormal(60.0, 0.5), Gamma(600.0, 0.8))),
    Mixture((0.2, 0.8), (Constant(30.0), Lognormal(60.0, 0.5))),
]
GAPS: list[Law] = [
    Mixture((0.3333, 0.6667), (Uniform(1.0, 2.0), Uniform(100.0, 120.0))),
    Mixture((0.1, 0.2, 0.7), (Constant(1.0), Constant(100.0), Exponential(0.001))),
    Mixture((0.12345, 0.87655), (Constant(60.0), Constant(300.0))),
]
DIGESTED = (
    "Exponential(300.0)",
    "Lognormal(360.0, 0.8)",
    "Gamma(360.0, 0.7)",
    "Weibull(120.0, 0.6)",
    "Triangular(10.0, 20.0, 60.0)",
    "Hyperexponential((0.3, 0.7), (60.0, 600.0))",
    "Mixture((0.2, 0.8), (Constant(30.0), Lognormal(60.0, 0.5)))",
)


def named(law: Law) -> str:
    return repr(law)[:50]


def look_up(table: np.ndarray, u: int) -> int:
    """Look a draw of 53 bits up, from the words of the scheme and with Python's whole numbers only."""
    half, v = u >> 52, u & ((1 << 52) - 1)
    if half:
        v = (1 << 52) - 1 - v
    bits = struct.unpack("<q", struct.pack("<d", float(2 * v + 1)))[0]
    i = (bits >> 44) - (1023 << 8) + half * SIDE
    low, high = int(table[i]), int(table[i + 1])
    return low + (((high - low) * ((bits >> 24) & 0xFFFFF)) >> 20)


@pytest.mark.parametrize("law", SMOOTH, ids=named)
def test_table_has_the_mean_and_second_moment_of_its_law(law: Law) -> None:
    """The mean of what a lookup gives, rounding included, to 1e-6; the mean square to 1e-4."""
    mean, second = table_moments(quantile_table(law))
    assert mean / 1e6 == pytest.approx(law.mean, rel=1e-7)
    assert second / 1e12 == pytest.approx(law.second_moment, rel=1e-4)


@pytest.mark.parametrize("law", GAPS, ids=named)
def test_gap_between_possible_values_leaves_the_mean_right(law: Law) -> None:
    """A jump inside a cell is drawn as a ramp over less than 1/256 of a side, but its area is right."""
    mean, second = table_moments(quantile_table(law))
    assert mean / 1e6 == pytest.approx(law.mean, rel=1e-6)
    assert second / 1e12 == pytest.approx(law.second_moment, rel=2e-3)


@pytest.mark.parametrize("law", SMOOTH + GAPS, ids=named)
def test_table_rises_from_the_lower_to_the_upper_end_within_the_bounds(law: Law) -> None:
    """Monotone in the draw, so that common random numbers order durations alike in all variants."""
    table = quantile_table(law)
    joined = np.concatenate([table[:SIDE], table[SIDE:][::-1]])
    assert table.dtype == np.int64
    assert len(table) == 2 * SIDE == 27_138
    assert np.all(np.diff(joined) >= 0)
    assert joined[0] >= int(law.low * 1e6)
    assert joined[-1] <= law.high * 1e6


@pytest.mark.parametrize("law", SMOOTH, ids=named)
def test_lookup_gives_the_quantile_of_the_draw(law: Law) -> None:
    """Value = Q(w / 2^54) below the median and Q(1 - w / 2^54) above it."""
    rng = np.random.default_rng(5)
    table = quantile_table(law)
    v = np.concatenate([[0, 1, 2, 5, 100, 1 << 30, (1 << 52) - 1], rng.integers(0, 1 << 52, 40)])
    p = (2.0 * v + 1.0) * 2.0**-54
    for upper in (False, True):
        u = (1 << 53) - 1 - v if upper else v
        found = np.array([look_up(table, int(draw)) for draw in u]) / 1e6
        wanted = law.quantiles(p, upper)
        kept = wanted < LARGEST_VALUE / 1e6
        # Within a cell the line leaves the curve by 2e-6 of its curvature: 7^2 for a Weibull of shape 0.15.
        assert found[kept] == pytest.approx(wanted[kept], rel=2e-4, abs=3e-6)


def test_engines_look_up_as_the_scheme_says() -> None:
    """`callsim.plan.draws.duration` against the words of the scheme, at the ends, the median and in between."""
    table = quantile_table(Lognormal(360.0, 0.8))
    edges = [0, 1, 2, 3, 1 << 30, (1 << 52) - 1, 1 << 52, (1 << 53) - 2, (1 << 53) - 1]
    u = np.concatenate([edges, np.random.default_rng(3).integers(0, 1 << 53, 500)])
    assert duration(table, u).tolist() == [look_up(table, int(draw)) for draw in u]


def test_mean_of_the_table_is_the_mean_of_its_lookups() -> None:
    """`table_moments` against looking up: an even grid of draws integrates a straight cell exactly."""
    table = quantile_table(Uniform(0.0, 0.001))  # steps of one or two ticks, where rounding down matters
    draws = [(2 * j + 1) << 36 for j in range(1 << 16)]
    found = sum(look_up(table, u) for u in draws) / len(draws)
    assert table_moments(table)[0] == pytest.approx(found, abs=0.02)
    assert table_moments(table)[0] == pytest.approx(500.0, abs=0.5)


def test_uniform_table_never_leaves_its_bounds() -> None:
    """The first and the last draw of all give the bounds to a tick."""
    table = quantile_table(Uniform(10.0, 20.0))
    assert abs(look_up(table, 0) - 10_000_000) <= 1
    assert 19_999_999 <= look_up(table, (1 << 53) - 1) <= 20_000_000


def test_equal_laws_share_one_table() -> None:
    """Within a process a table is built once, and nobody can change it."""
    first = quantile_table(Lognormal(77.0, 0.8))
    assert quantile_table(Lognormal(77.0, 0.8)) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


def test_factors_have_their_own_unit() -> None:
    """A day factor of mean 1 in units of 1e-9."""
    table = quantile_table(Gamma(1.0, 0.1), 1_000_000_000)
    assert table_moments(table)[0] == pytest.approx(1e9, rel=1e-8)


def test_tail_that_a_table_cannot_hold_is_refused() -> None:
    """Cut values may not matter for mean or variance; the text shows the law and the limits."""
    with pytest.raises(ValueError, match=r"^found ") as refused:
        quantile_table(Exponential(1e9))
    assert str(refused.value) == (
        "found law exponential of mean 1e+09 and cv 1, whose tail is too long; "
        "values above 1.13e+09, or rarer than one in 2^54, must not matter for mean and variance"
    )


def test_gap_that_the_interpolation_cannot_cross_is_refused() -> None:
    """A step times a fraction of 20 bits must fit into 63 bits."""
    with pytest.raises(ValueError, match=r"^found ") as refused:
        quantile_table(Mixture((0.7, 0.3), (Exponential(1.0), Shifted(Exponential(1.0), 1e8))))
    assert str(refused.value) == (
        "found law mixture with a gap of 1e+08 between possible values; a gap must be at most 4.4e+06"
    )


def test_value_beyond_the_largest_is_refused() -> None:
    """Constants and samples are limited like tables."""
    with pytest.raises(ValueError, match=r"^found ") as refused:
        sample_table(Constant(2e9))
    assert str(refused.value) == "found law constant with the value 2e+09; values must be at most 1.13e+09"


def test_samples_are_rounded_to_ticks() -> None:
    """Sorted, a microsecond each."""
    found = sample_table(Empirical((2.0000004, 1.0, 0.25)))
    assert found is not None
    assert found.tolist() == [250_000, 1_000_000, 2_000_000]
    assert sample_table(Exponential(1.0)) is None


def test_book_enters_equal_laws_once_and_lays_tables_one_behind_the_other() -> None:
    """Same law with another point mass at zero or another unit is another entry."""
    book = LawBook()
    numbers = [
        book.add(Constant(90.0), text="90s"),
        book.add(Exponential(300.0), zero=0.1, text="exponential mean 5m, 10% zero"),
        book.add(Constant(90.0), text="1m30s"),
        book.add(Exponential(300.0)),
        book.add(Empirical((1.0, 2.0))),
        book.add(Constant(90.0), ticks_per_unit=10),
    ]
    built = book.build()
    assert numbers == [0, 1, 0, 2, 3, 4]
    assert built.offset.tolist() == [0, 1, 1 + 2 * SIDE, 1 + 4 * SIDE, 3 + 4 * SIDE, 4 + 4 * SIDE]
    assert built.kind.tolist() == [1, 0, 0, 1, 1]
    assert built.zero.tolist() == [0, round(0.1 * SURE), 0, 0, 0]
    assert built.mean.tolist() == pytest.approx([90.0, 270.0, 300.0, 1.5, 90.0], rel=1e-15)
    assert built.text == ("90s", "exponential mean 5m, 10% zero", "", "", "")
    assert built.knots[0] == 90_000_000
    assert built.knots[-3:].tolist() == [1_000_000, 2_000_000, 900]
    assert np.array_equal(built.knots[1 : 1 + 2 * SIDE], quantile_table(Exponential(300.0)))


def test_book_without_laws_builds_empty_tables() -> None:
    """A scenario with replayed calls only and no patience may have none."""
    built = LawBook().build()
    assert built.knots.dtype == np.int64
    assert (len(built.knots), built.offset.tolist(), built.text) == (0, [0], ())


@pytest.mark.parametrize("zero", [-0.1, 1.1, float("nan")])
def test_share_of_zeros_outside_zero_to_one_is_refused(zero: float) -> None:
    """The text shows the value."""
    with pytest.raises(ValueError, match=r"^found ") as refused:
        LawBook().add(Exponential(1.0), zero=zero)
    assert str(refused.value) == f"found a share of zero values {zero!r}; it must be in 0 to 1"


def test_point_mass_of_one_is_always_below_its_threshold() -> None:
    """Patience zero for everybody."""
    book = LawBook()
    book.add(Exponential(300.0), zero=1.0)
    assert (book.build().zero.tolist(), book.build().mean.tolist()) == ([SURE], [0.0])


def digest() -> str:
    """Return one SHA-256 over tables of every kind of law and a few Poisson counts."""
    from callsim.plan import laws
    from callsim.plan.portable import poisson_count

    total = hashlib.sha256()
    for text in DIGESTED:
        total.update(laws.quantile_table(eval(text, vars(laws))).tobytes())
    counts = [poisson_count(u << 44, mean) for u in range(0, 512, 7) for mean in (0.3, 40.0, 63.5, 777.7, 1e5)]
    total.update(repr(counts).encode())
    return total.hexdigest()


@pytest.mark.slow
def test_tables_are_the_same_without_vector_units_and_fused_multiplication() -> None:
    """A process with the plain C library and numpy's plain loops makes the same bits."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    environment = dict(os.environ)
    environment["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F,-FMA4"
    switched_off = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(switched_off)
    code = f"import runpy; print(runpy.run_path({__file__!r})['digest']())"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == digest()


def test_tables_are_those_of_random_scheme_1() -> None:
    """A change of these bits changes results, and must come with a new number of the random scheme."""
    assert digest() == "8cd36a16c6ad8fdb79dd71b7425752c2f3c6d0676732938306e19f51c1307d01"
