"""On which side of a bound does a figure lie? A decision at a stated level, though it is looked at several times.

Replications are added and the figure is looked at after n_1 < n_2 < .. < n_L of them, numbers fixed beforehand. Who
looks often is wrong often: an error of alpha at each look adds up. So a check with D one-sided decisions divides its
alpha among decisions and looks (Bonferroni, alpha spending [1]_), look j getting ::

    a_j = alpha / D * n_j^2 / (n_1^2 + .. + n_L^2)

and decides that a figure lies on one side of its bound if the one-sided interval of level 1 - a_j does. Each decision
has but one wrong side. So the probability that any decision of the check is ever wrong is at most alpha, whatever the
figures have to do with one another and whenever the looking ends. Most of alpha is kept for the late looks, since few
replications know their own spread and skewness badly.

That holds for normal replications. Waits in a loaded centre are skewed to the right, and Student's interval then
misses far more often on one side: with 8 exponential replications by a factor of twenty at such levels. The intervals
are therefore `widened` by the next term of the expansion of its quantile [2]_.

References
----------
.. [1] K. K. G. Lan and D. L. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983),
   659-663.
.. [2] P. Hall, "Inverting an Edgeworth expansion", Ann. Statist. 11 (1983), 569-576.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from callsim.stats.estimate import Estimate
from callsim.stats.student import student_quantile

__all__ = [
    "Side",
    "at_least_this_uncertain",
    "level_of_each_look",
    "levels_of_looks",
    "looks",
    "nothing_seen",
    "side",
    "widened",
]

_LAST_STEP = 1.5
"""A look is left out if the last one follows with fewer than so many times its replications."""
_CAUTION = 2.5
"""The skewness of few replications is mostly found too small, and further terms are left out: it is taken so many
times. With 2.5 checks keep a level of 99 % for exponential replications, tests/statistical/test_check_level.py."""


class Side(Enum):
    """Where a figure lies."""

    BELOW = "below"
    AT = "at"
    """Just on the bound: only a figure that is known without doubt can be."""
    ABOVE = "above"
    UNDECIDED = "undecided"


def looks(first: int, last: int) -> tuple[int, ...]:
    """Return the numbers of replications after which is looked: each twice the one before, up to the last.

    Parameters
    ----------
    first, last : int
        Replications before the first look and at the most, >= 1.

    Examples
    --------
    >>> looks(8, 100)
    (8, 16, 32, 64, 100)
    >>> looks(8, 5)
    (5,)
    """
    found = []
    while first * _LAST_STEP <= last:
        found.append(first)
        first *= 2
    return (*found, last)


def levels_of_looks(level: float, planned: Sequence[int], decisions: int) -> tuple[float, ...]:
    """Return the levels of the two-sided intervals that the looks use, so that all decisions together keep theirs.

    Parameters
    ----------
    level : float
        Probability, at the least, that no decision is wrong, such as 0.99.
    planned : sequence of int
        Replications at each look.
    decisions : int
        One-sided decisions that are made at each look, >= 1.

    Returns
    -------
    tuple of float
        1 - 2 a_j: each side of such an interval is left by the truth with probability a_j.

    Examples
    --------
    >>> [round(found, 6) for found in levels_of_looks(0.99, (8, 16, 32), 2)]
    [0.999524, 0.998095, 0.992381]
    """
    whole = sum(n**2 for n in planned)
    return tuple(1.0 - 2.0 * (1.0 - level) / decisions * n**2 / whole for n in planned)


def level_of_each_look(level: float, n_looks: int, decisions: int) -> float:
    """Return the level of two-sided intervals if each look gets an equal part of the error; see `levels_of_looks`.

    Parameters
    ----------
    level : float
        Probability, at the least, that no decision is wrong, such as 0.99.
    n_looks, decisions : int
        Looks that are planned, and one-sided decisions that are made at each, >= 1.

    Returns
    -------
    float
        1 - 2 a: each side of such an interval is left by the truth with probability a.

    Examples
    --------
    >>> round(level_of_each_look(0.99, 5, 2), 6)
    0.998
    """
    return 1.0 - 2.0 * (1.0 - level) / (n_looks * decisions)


def side(estimate: Estimate, bound: float) -> Side:
    """Return on which side of a bound the interval of an estimate lies.

    Parameters
    ----------
    estimate : Estimate
        Of the level that `levels_of_looks` gives, `widened`.
    bound : float
        In the unit of the estimate.

    Returns
    -------
    Side
        BELOW also if the interval just touches the bound from below, ABOVE from above, unless it has no width.

    Examples
    --------
    >>> side(Estimate(4.0, 0.5, 0.998, 8), 5.0)
    <Side.BELOW: 'below'>
    >>> side(Estimate(4.8, 0.5, 0.998, 8), 5.0)
    <Side.UNDECIDED: 'undecided'>
    """
    if estimate.value is None or estimate.half_width is None:
        return Side.UNDECIDED
    if estimate.half_width == 0.0 and estimate.value == bound:
        return Side.AT
    if estimate.value + estimate.half_width <= bound:
        return Side.BELOW
    return Side.ABOVE if estimate.value - estimate.half_width >= bound else Side.UNDECIDED


def widened(estimate: Estimate) -> Estimate:
    """Return an estimate whose interval holds its level though the replications are skewed.

    With c the skewness, the quantile of the studentised mean of n replications is, to the order 1 / n, ::

        t + c * (2 t^2 + 1) / (6 sqrt(n))

    on the one side and as much less on the other. Both sides are taken as wide as the wider, with 2.5 times the
    skewness that is found: few replications mostly show too little of it.

    Examples
    --------
    >>> widened(Estimate(5.0, 1.0, 0.99, 8)).half_width
    1.0
    >>> round(widened(Estimate(5.0, 1.0, 0.99, 8, skewness=1.0)).half_width, 3)
    2.073
    """
    if estimate.half_width is None or not estimate.skewness:
        return estimate
    t = student_quantile(estimate.n - 1, estimate.level)
    more = _CAUTION * abs(estimate.skewness) * (2.0 * t**2 + 1.0) / (6.0 * math.sqrt(estimate.n))
    return replace(estimate, half_width=estimate.half_width * (1.0 + more / t))


def nothing_seen(trials: float, level: float) -> float:
    """Return how large a probability, or a mean count in a trial, may be of which nothing was seen in all trials.

    With p the probability, nothing is seen in m independent trials with probability (1 - p)^m < exp(-p m); that is a,
    the error of one side, at p = -log(a) / m: "the rule of three" where a is 5 %. For a Poisson count of mean p the
    same holds with equality. A spread of zero between replications would claim to know it exactly.

    Parameters
    ----------
    trials : float
        > 0.
    level : float
        Of the two-sided interval, 1 - 2 a.

    Examples
    --------
    >>> round(nothing_seen(1000, 0.90), 6)
    0.002996
    """
    return -math.log((1.0 - level) / 2.0) / trials


def at_least_this_uncertain(estimate: Estimate, half_width: float) -> Estimate:
    """Return an estimate whose half width is not below the one given."""
    if estimate.half_width is None or estimate.half_width >= half_width:
        return estimate
    return replace(estimate, half_width=half_width)
