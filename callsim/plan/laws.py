"""Duration tables: every law becomes int64 knots, so that no engine ever calls a mathematics library.

Scheme of a quantile table (kind 0). A draw of 53 bits is its distance to the nearer end, w = 1, 3, 5, ...
below 2^53, and a side; its tail probability is w / 2^54. Each side has 256 knots in every factor 2 of w,
knot i at w_i = 2^(i // 256) * (1 + (i % 256) / 256), 13,569 from w = 1 to the median w = 2^53; the value is
straight between knots. The lower side stands first, then the upper. `callsim.plan.draws` looks values up;
here the tables are made, and their means made right. Kind 1 is a sorted list of equally likely values.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from callsim.plan.composites import Constant, Empirical, Mixture, Shifted
from callsim.plan.distributions import (
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from callsim.plan.plan import SECOND, SURE, Laws

__all__ = [
    "LARGEST_VALUE",
    "SIDE",
    "Constant",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Hyperexponential",
    "Law",
    "LawBook",
    "Lognormal",
    "Mixture",
    "Shifted",
    "Triangular",
    "Uniform",
    "Weibull",
    "quantile_table",
    "sample_table",
    "table_moments",
]

Float = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

KNOTS_IN_OCTAVE = 256
OCTAVES = 53
SIDE = OCTAVES * KNOTS_IN_OCTAVE + 1
"""Knots of one side of a quantile table."""
FRACTIONS = 1 << 20
"""Steps between two knots."""
LARGEST_VALUE = 1 << 50
"""No table holds more; rarer, longer values are cut. [ticks], 35.7 years

A value times a factor f of 20 binary places can pass 63 bits; in machine integers take
``(value >> 20) * f + (((value & 0xFFFFF) * f) >> 20)``, which is the same number.
"""
LARGEST_STEP = 1 << 42
"""Between neighbouring knots, so that a step times a fraction of 20 bits fits into 63 bits. [ticks]"""
MEAN_ERROR = 1e-6
SECOND_MOMENT_ERROR = 1e-4
JUMP = 1e-5
"""A mean that is off by more than this (relative) comes from a jump inside a cell, not from curvature."""
MOST_JUMPS = 64


def _positions() -> Float:
    knot = np.arange(SIDE, dtype=np.int64)
    return np.ldexp(1.0 + (knot % KNOTS_IN_OCTAVE) / KNOTS_IN_OCTAVE, knot // KNOTS_IN_OCTAVE)


_POSITIONS = _positions()
_TAIL = _POSITIONS * 2.0**-54
# Probability of each cell of the two sides joined at the median, smallest value first; the cell between the
# two knots of the median is empty, and what lies beyond the last knot on either end belongs to that knot.
_SIDE_CELLS = (_POSITIONS[1:] - _POSITIONS[:-1]) * 2.0**-54
_CELLS = np.concatenate([_SIDE_CELLS, [0.0], _SIDE_CELLS[::-1]])
_END = 2.0**-54


def _knot_weights() -> Float:
    weights = np.zeros(2 * SIDE)
    weights[:-1] += 0.5 * _CELLS
    weights[1:] += 0.5 * _CELLS
    weights[[0, -1]] += _END
    return weights


_WEIGHTS = _knot_weights()


def _total(terms: Float) -> float:
    """Return the sum in index order: `np.sum` would group the terms as the vector unit likes."""
    return float(np.add.accumulate(terms)[-1])


def _straight_mean(values: Float) -> float:
    """Return the mean of a table's lookup from unrounded knots: straight between knots, rounded down."""
    rising = np.abs(values[1:] - values[:-1]) >= 1.0
    return _total(values * _WEIGHTS) - 0.5 * _total(np.where(rising, _CELLS, 0.0))


def _settle_jumps(values: Float, mean: float) -> Float:
    """Put the mean right where the quantile function jumps.

    A gap in the support is a jump that falls somewhere inside a cell, where the table can only rise straight.
    One of the two knots beside it moves until the cell has the right area; no other value is touched.
    """
    rise = (values[1:] - values[:-1]) * _CELLS
    settled = values.copy()
    for cell in np.argsort(-rise, kind="stable")[:MOST_JUMPS]:
        gap = mean - _straight_mean(settled)
        if abs(gap) <= JUMP * mean:
            break
        knot = cell if gap > 0 else cell + 1
        room = 0.5 * (values[cell + 1] - values[cell])
        settled[knot] += min(max(gap / _WEIGHTS[knot], -room), room)
    return settled


def _corrected(law: Law, values: Float, ticks_per_unit: int) -> Float:
    """Return knots whose straight mean is the law's: the last millionths, by a factor on what exceeds the minimum."""
    mean, low = law.mean * ticks_per_unit, law.low * ticks_per_unit
    settled = _settle_jumps(values, mean)
    excess = _straight_mean(settled) - low
    if excess <= 0.0:
        return settled
    return low + (settled - low) * ((mean - low) / excess)


def _name(law: Law) -> str:
    return type(law).__name__.lower()


def _check_gaps(law: Law, values: Float, ticks_per_unit: int) -> None:
    """Refuse a law whose possible values lie too far apart."""
    gap = float(np.max(np.diff(np.minimum(values, float(LARGEST_VALUE)))))
    if gap > LARGEST_STEP:
        raise ValueError(
            f"found law {_name(law)} with a gap of {gap / ticks_per_unit:.3g} between possible values; "
            f"a gap must be at most {LARGEST_STEP / ticks_per_unit:.3g}"
        )


def _check_moments(law: Law, table: Int64, ticks_per_unit: int) -> None:
    """Refuse a law whose tail is too long for a table."""
    mean, second = table_moments(table)
    wanted, wanted_second = law.mean * ticks_per_unit, law.second_moment * ticks_per_unit * ticks_per_unit
    # Half a tick is below what anybody can mean.
    mean_ok = abs(mean - wanted) <= MEAN_ERROR * wanted + 0.5
    # A jump inside a cell can only be a ramp, which spreads the cell's probability over the gap.
    ramps = sum(
        _total((side[1:] - side[:-1]).astype(np.float64) ** 2 * _SIDE_CELLS) for side in (table[:SIDE], table[SIDE:])
    )
    second_ok = abs(second - wanted_second) <= SECOND_MOMENT_ERROR * wanted_second + ramps + wanted
    if not (mean_ok and second_ok):
        raise ValueError(
            f"found law {_name(law)} of mean {law.mean:g} and cv {law.cv:g}, whose tail is too long; "
            f"values above {LARGEST_VALUE / ticks_per_unit:.3g}, or rarer than one in 2^54, must not matter for "
            "mean and variance"
        )


def table_moments(table: Int64) -> tuple[float, float]:
    """Return mean and mean square of the values that a lookup in a quantile table gives.

    Parameters
    ----------
    table : int64[knot]
        Lower side, then upper side.

    Returns
    -------
    tuple of float
        Mean [ticks], with the rounding of the interpolation, and mean square [ticks^2], without it.
    """
    lower, upper = table[:SIDE], table[SIDE:]
    mean = second = 0.0
    for side in (lower, upper):
        step = side[1:] - side[:-1]
        # The sum of floor(d f / N) over f = 0 ... N - 1 is ((d - 1)(N - 1) + gcd(d, N) - 1) / 2.
        divisor = np.where(step == 0, FRACTIONS, np.minimum(step & -step, FRACTIONS))
        inside = ((step - 1) * (FRACTIONS - 1) + divisor - 1) / (2.0 * FRACTIONS)
        mean += _total((side[:-1] + inside) * _SIDE_CELLS) + float(side[0]) * _END
        a, b = side[:-1].astype(np.float64), side[1:].astype(np.float64)
        second += _total((a * a + a * b + b * b) * _SIDE_CELLS) / 3.0 + float(side[0]) ** 2 * _END
    return mean, second


@functools.lru_cache(maxsize=128)
def quantile_table(law: Law, ticks_per_unit: int = SECOND) -> Int64:
    """Return the quantile table of a law, the same bits on every machine.

    Parameters
    ----------
    law : Law
        The law.
    ticks_per_unit : int
        Ticks in one unit of the law's values; microseconds for seconds.

    Returns
    -------
    int64[knot]
        Lower side, then upper side, `SIDE` knots each, read-only. [ticks]

    Raises
    ------
    ValueError
        If values that are too large (`LARGEST_VALUE`) or too rare for the table matter for mean or variance.

    Notes
    -----
    The mean of what a lookup gives is within 1e-6 of the law's, the mean square within 1e-4. Knots are the
    quantiles, times a common factor close to 1 that makes up for straight lines above a curve.
    """
    lower = law.quantiles(_TAIL, False)
    upper = law.quantiles(_TAIL, True)
    values = np.maximum.accumulate(np.concatenate([lower, upper[::-1]]) * ticks_per_unit)
    _check_gaps(law, values, ticks_per_unit)
    corrected = _corrected(law, values, ticks_per_unit)
    bound = min(law.high * ticks_per_unit, float(LARGEST_VALUE))
    joined = np.rint(np.minimum(corrected, bound)).astype(np.int64)
    table = np.concatenate([joined[:SIDE], joined[SIDE:][::-1]])
    _check_moments(law, table, ticks_per_unit)
    table.setflags(write=False)
    return table


def sample_table(law: Law, ticks_per_unit: int = SECOND) -> Int64 | None:
    """Return a law's equally likely values, or None if it is not a list of values.

    Parameters
    ----------
    law : Law
        The law.
    ticks_per_unit : int
        Ticks in one unit of the law's values.

    Returns
    -------
    int64[sample] or None
        Sorted values. [ticks]

    Raises
    ------
    ValueError
        If a value exceeds `LARGEST_VALUE`.
    """
    samples = law.samples
    if samples is None:
        return None
    if samples[-1] * ticks_per_unit > LARGEST_VALUE:
        raise ValueError(
            f"found law {_name(law)} with the value {samples[-1]:g}; "
            f"values must be at most {LARGEST_VALUE / ticks_per_unit:.3g}"
        )
    return np.array([round(value * ticks_per_unit) for value in samples], dtype=np.int64)


@dataclass
class LawBook:
    """Collects the laws of a scenario, each distinct one once, and builds the plan's tables.

    Examples
    --------
    >>> book = LawBook()
    >>> book.add(Constant(90.0)), book.add(Exponential(300.0), zero=0.1), book.add(Constant(90.0))
    (0, 1, 0)
    >>> book.build().mean.tolist()
    [90.0, 270.0]
    """

    _index: dict[tuple[Law, int, int], int] = field(default_factory=dict)
    _tables: list[Int64] = field(default_factory=list)
    _kinds: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)

    def add(self, law: Law, zero: float = 0.0, text: str = "", ticks_per_unit: int = SECOND) -> int:
        """Enter a law and return its number.

        Parameters
        ----------
        law : Law
            The law of the values that are not zero.
        zero : float
            Probability of a value of exactly zero instead, 0 to 1.
        text : str
            As the user wrote it; of equal laws the first text is kept.
        ticks_per_unit : int
            Ticks in one unit of the law's values; 10^9 for factors in units of 1e-9.

        Returns
        -------
        int
            Index into `Laws`.

        Raises
        ------
        ValueError
            If ``zero`` is not in [0, 1] or a table cannot hold the law.
        """
        if not 0.0 <= zero <= 1.0:
            raise ValueError(f"found a share of zero values {zero!r}; it must be in 0 to 1")
        key = (law, round(math.ldexp(zero, 53)), ticks_per_unit)
        if key not in self._index:
            samples = sample_table(law, ticks_per_unit)
            self._tables.append(quantile_table(law, ticks_per_unit) if samples is None else samples)
            self._kinds.append(0 if samples is None else 1)
            self._texts.append(text)
            self._index[key] = len(self._index)
        return self._index[key]

    def build(self) -> Laws:
        """Return the tables of all laws, in the order of their numbers."""
        keys = list(self._index)
        sizes = np.array([0, *(len(table) for table in self._tables)], dtype=np.int64)
        return Laws(
            knots=np.concatenate([np.zeros(0, dtype=np.int64), *self._tables]),
            offset=np.cumsum(sizes),
            kind=np.array(self._kinds, dtype=np.int8),
            zero=np.array([zero for _, zero, _ in keys], dtype=np.int64),
            mean=np.array([law.mean * ((SURE - zero) / SURE) for law, zero, _ in keys], dtype=np.float64),
            text=tuple(self._texts),
        )
