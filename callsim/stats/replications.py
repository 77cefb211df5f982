"""Estimates from independent replications, and paired differences of two systems under the same draws.

A mean is estimated from the replications' figures x_1 .. x_n by Student's interval. A ratio is the ratio
of the sums over replications, a percentile that of the bins summed over replications; for them the
leave-one-out jackknife [1]_ gives the variance: with T_(i) the figure without replication i ::

    s^2 = (n - 1) / n * sum_i (T_(i) - mean T_(.))^2,      half width = t_(n-1) * s

For a mean both are the same interval. Differences pair replication i of one system with replication i
of the other and leave both out together, so that common random numbers make the interval narrow.

References
----------
.. [1] B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 11.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.stats.estimate import Estimate
from callsim.stats.student import student_quantile

__all__ = ["mean", "mean_difference", "percentile", "percentile_difference", "ratio", "ratio_difference"]

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Float = npt.NDArray[np.float64]

ONE_REPLICATION = "one replication gives no interval"
NO_REPLICATIONS = "no replications"
NOTHING_COUNTED = "nothing was counted in the denominator"
SOMETIMES_NOTHING = "without one of the replications nothing would be counted, so there is no interval"


def mean(values: Numbers, level: float = 0.95) -> Estimate:
    """Return the mean of the replications' figures.

    Parameters
    ----------
    values : int64 or float64[replication]
    level : float, optional

    Returns
    -------
    Estimate

    Examples
    --------
    >>> estimate = mean(np.array([1.0, 2.0, 3.0]))
    >>> estimate.value, round(estimate.half_width, 6)
    (2.0, 2.484138)
    """
    n = len(values)
    if not n:
        return Estimate(None, None, level, 0, NO_REPLICATIONS)
    centre = values.sum().item() / n
    if n == 1:
        return Estimate(centre, None, level, n, ONE_REPLICATION)
    off = values - centre
    half_width = _student(n, level) * math.sqrt(float((off**2).sum()) / (n - 1) / n)
    return Estimate(centre, half_width, level, n, skewness=_skewness(off))


def mean_difference(base: Numbers, other: Numbers, level: float = 0.95) -> Estimate:
    """Return the mean of ``other - base``, paired by replication; see `mean`."""
    return mean(other - base, level)


def ratio(numerators: Numbers, denominators: Numbers, level: float = 0.95) -> Estimate:
    """Return the ratio of the sums over replications.

    Parameters
    ----------
    numerators, denominators : int64 or float64[replication]
    level : float, optional

    Returns
    -------
    Estimate
        Without a value if the denominators add up to zero, without a half width if they would do so
        when one replication is left out.

    Examples
    --------
    >>> estimate = ratio(np.array([1, 2]), np.array([4, 4]))
    >>> estimate.value, round(estimate.half_width, 6)
    (0.375, 1.588276)
    """
    value, without, reason = _ratio(numerators, denominators)
    return _jackknifed(value, without, level, len(numerators), reason)


def ratio_difference(base: tuple[Numbers, Numbers], other: tuple[Numbers, Numbers], level: float = 0.95) -> Estimate:
    """Return the difference ``other - base`` of two ratios, paired by replication.

    Parameters
    ----------
    base, other : (numerators, denominators)
        int64 or float64[replication] each, as in `ratio`.
    level : float, optional

    Returns
    -------
    Estimate
    """
    return _difference(_ratio(*base), _ratio(*other), level, len(base[0]))


def percentile(
    histograms: npt.NDArray[np.int64], bins: tuple[Float, Float], share: float, level: float = 0.95
) -> Estimate:
    """Return the percentile of binned figures: the upper edge of the first bin up to which a share of them lies.

    Parameters
    ----------
    histograms : int64[replication, bin]
        Counts.
    bins : (float64[bin], float64[bin])
        Lower and upper edges of the bins, ascending; bins without a count may be left out.
    share : float
        In (0, 1], such as 0.9.
    level : float, optional

    Returns
    -------
    Estimate
        In the unit of the edges. The half width is at least the width of the bin: no interval can be
        narrower than what the bins resolve.
    """
    value, without, reason = _percentile(histograms, bins, share)
    resolution = _width(bins, value) if _varies(histograms) else 0.0
    return _jackknifed(value, without, level, len(histograms), reason, resolution)


def percentile_difference(
    base: npt.NDArray[np.int64],
    other: npt.NDArray[np.int64],
    bins: tuple[Float, Float],
    share: float,
    level: float = 0.95,
) -> Estimate:
    """Return the difference ``other - base`` of two percentiles, paired by replication.

    Parameters
    ----------
    base, other : int64[replication, bin]
        As in `percentile`.
    bins : (float64[bin], float64[bin])
    share : float
    level : float, optional

    Returns
    -------
    Estimate
        The half width is at least the wider of the two bins, but 0 if the two are alike in every bin.
    """
    first, second = _percentile(base, bins, share), _percentile(other, bins, share)
    same = base.shape == other.shape and bool((base == other).all())
    resolution = 0.0 if same else max(_width(bins, first[0]), _width(bins, second[0]))
    return _difference(first, second, level, len(base), resolution)


_Parts = tuple[float | None, Float | None, str]
"""(value, figure without each replication, reason why one of them is missing)."""


def _student(n: int, level: float) -> float:
    return student_quantile(n - 1, level)


def _ratio(numerators: Numbers, denominators: Numbers) -> _Parts:
    above: Any = numerators.sum().item()
    below: Any = denominators.sum().item()
    if not below:
        return None, None, NOTHING_COUNTED
    rest = below - denominators
    if len(rest) > 1 and not rest.all():
        return above / below, None, SOMETIMES_NOTHING
    return above / below, (above - numerators) / np.where(rest == 0, 1, rest), ""


def _percentile(histograms: npt.NDArray[np.int64], bins: tuple[Float, Float], share: float) -> _Parts:
    total = histograms.sum(axis=0)
    if not total.any():
        return None, None, NOTHING_COUNTED
    value = float(bins[1][_place(total[np.newaxis], share)[0]])
    rest = total - histograms
    if len(rest) > 1 and not rest.any(axis=1).all():
        return value, None, SOMETIMES_NOTHING
    return value, bins[1][_place(rest, share)], ""


def _place(histograms: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.int64]:
    """Return for each histogram the first bin up to which at least the share of its counts lies."""
    up_to = np.cumsum(histograms, axis=1)
    # 0.07 * 100 is a little more than 7 in binary: such a rounding error must not ask for one call more.
    wanted = np.ceil(up_to[:, -1:] * share * (1 - 1e-12))
    place: npt.NDArray[np.int64] = np.argmax(up_to >= np.maximum(wanted, 1), axis=1)
    return place


def _width(bins: tuple[Float, Float], value: float | None) -> float:
    """Return the width of the bin with this upper edge."""
    lower, upper = bins
    return 0.0 if value is None else value - float(lower[np.searchsorted(upper, value)])


def _varies(histograms: npt.NDArray[np.int64]) -> bool:
    return bool((histograms != histograms[:1]).any())


def _difference(first: _Parts, second: _Parts, level: float, n: int, resolution: float = 0.0) -> Estimate:
    reason = second[2] or first[2]
    if first[0] is None or second[0] is None:
        return Estimate(None, None, level, n, reason)
    without = None if first[1] is None or second[1] is None else second[1] - first[1]
    return _jackknifed(second[0] - first[0], without, level, n, reason, resolution)


def _jackknifed(
    value: float | None, without: Float | None, level: float, n: int, reason: str, resolution: float = 0.0
) -> Estimate:
    if value is None:
        return Estimate(None, None, level, n, reason if n else NO_REPLICATIONS)
    if n == 1:
        return Estimate(value, None, level, n, ONE_REPLICATION)
    if without is None:
        return Estimate(value, None, level, n, reason)
    # What a replication contributes is what the figure lacks without it.
    off = without.mean() - without
    half_width = _student(n, level) * math.sqrt((n - 1) / n * float((off**2).sum()))
    return Estimate(value, max(half_width, resolution), level, n, skewness=_skewness(off))


_FEWEST_FOR_SKEWNESS = 3


def _skewness(off: Float) -> float:
    """Return the skewness of deviations from their mean, with the usual correction for few of them."""
    n, spread = len(off), float((off**2).mean())
    if n < _FEWEST_FOR_SKEWNESS or not spread:
        return 0.0
    return float((off**3).mean()) / math.pow(spread, 1.5) * math.sqrt(n * (n - 1)) / (n - 2)
