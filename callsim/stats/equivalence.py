"""Have two systems the same figure, give or take a margin? Two one-sided tests, on pairs or on independent runs.

To find no difference proves nothing: with few replications everything looks alike. Equivalence turns the burden of
proof around [1]_. With d the difference, s its standard error and v degrees of freedom, both of ::

    (d + margin) / s >= t_v(1 - alpha),      (d - margin) / s <= -t_v(1 - alpha)

show that the true difference lies within the margin, and declare two systems alike that are not with probability
alpha at the most. That is the same as asking whether the interval of level 1 - 2 alpha lies inside the margin.
Independent runs get Welch's standard error and degrees of freedom [2]_, pairs those of their differences.

References
----------
.. [1] D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the
   equivalence of average bioavailability", J. Pharmacokinet. Biopharm. 15 (1987), 657-680.
.. [2] B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
   involved", Biometrika 34 (1947), 28-35.
"""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum

from callsim.stats.estimate import Estimate
from callsim.stats.student import student_quantile

__all__ = ["Equivalence", "at_level", "equivalence", "independent_difference", "standard_error"]


class Equivalence(Enum):
    """What two one-sided tests say of a difference."""

    WITHIN = "within"
    """The true difference lies within the margin."""
    BEYOND = "beyond"
    """The true difference lies beyond the margin."""
    UNDECIDED = "undecided"
    """Either may be: more replications are needed, or there is no interval."""


def equivalence(difference: Estimate, margin: float) -> Equivalence:
    """Judge a difference by its interval.

    Parameters
    ----------
    difference : Estimate
        Of pairs (`mean_difference`, `ratio_difference`, `percentile_difference`) or of independent runs
        (`independent_difference`), of level 1 - 2 alpha.
    margin : float
        The largest difference that does not matter, >= 0, in the unit of the estimate.

    Returns
    -------
    Equivalence
        WITHIN and BEYOND are each wrong with probability alpha at the most.

    Raises
    ------
    ValueError
        If the margin is negative.

    Examples
    --------
    >>> equivalence(Estimate(0.2, 0.5, 0.9, 10), 1.0)
    <Equivalence.WITHIN: 'within'>
    >>> equivalence(Estimate(0.2, 0.9, 0.9, 10), 1.0)
    <Equivalence.UNDECIDED: 'undecided'>
    """
    if not margin >= 0.0:
        raise ValueError(f"margin {margin}: must be 0 or more")
    if difference.value is None or difference.half_width is None:
        return Equivalence.UNDECIDED
    low, high = difference.value - difference.half_width, difference.value + difference.half_width
    if -margin <= low and high <= margin:
        return Equivalence.WITHIN
    return Equivalence.BEYOND if low > margin or high < -margin else Equivalence.UNDECIDED


def independent_difference(base: Estimate, other: Estimate, level: float = 0.95) -> Estimate:
    """Return the difference ``other - base`` of two figures from independent replications.

    Parameters
    ----------
    base, other : Estimate
        Of any level; their numbers of replications may differ.
    level : float, optional
        Of the result: 1 - 2 alpha for `equivalence` at alpha.

    Returns
    -------
    Estimate
        ``n`` is the smaller of the two; without a half width if one of the two has none.

    Examples
    --------
    >>> first, second = Estimate(5.0, 1.0, 0.95, 10), Estimate(6.0, 1.0, 0.95, 10)
    >>> found = independent_difference(first, second)
    >>> found.value, round(found.half_width, 4)
    (1.0, 1.3134)
    """
    n = min(base.n, other.n)
    reason = base.reason or other.reason
    if base.value is None or other.value is None:
        return Estimate(None, None, level, n, reason)
    value = other.value - base.value
    errors = (standard_error(base), standard_error(other))
    if errors[0] is None or errors[1] is None:
        return Estimate(value, None, level, n, reason)
    squares = [(error**2, estimate.n) for error, estimate in zip(errors, (base, other), strict=True) if error]
    if not squares:
        return Estimate(value, 0.0, level, n)
    variance = sum(square for square, _ in squares)
    # Rounded down: Student's quantile falls with the degrees of freedom, so this errs on the safe side.
    degrees = math.floor(variance**2 / sum(square**2 / (count - 1) for square, count in squares) + 1e-9)
    return Estimate(value, student_quantile(degrees, level) * math.sqrt(variance), level, n)


def standard_error(estimate: Estimate) -> float | None:
    """Return the standard error behind an estimate's half width, None if there is none.

    Where a half width was widened to what the bins of a percentile resolve, so is this.

    Examples
    --------
    >>> round(standard_error(Estimate(5.0, 2.262157, 0.95, 10)), 6)
    1.0
    """
    if estimate.half_width is None:
        return None
    return estimate.half_width / student_quantile(estimate.n - 1, estimate.level)


def at_level(estimate: Estimate, level: float) -> Estimate:
    """Return the same estimate with the interval of another level.

    Examples
    --------
    >>> round(at_level(Estimate(5.0, 2.262157, 0.95, 10), 0.9).half_width, 4)
    1.8331
    """
    error = standard_error(estimate)
    half_width = None if error is None else error * student_quantile(estimate.n - 1, level)
    return replace(estimate, half_width=half_width, level=level)
