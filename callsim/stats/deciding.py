"""On which side of a bound does a figure lie? A decision at a stated level, though it is looked at several times.

Replications are added and the figure is looked at after n_1 < n_2 < .. < n_L of them, numbers fixed beforehand. Who
looks often is wrong often: an error of alpha at each look adds up. So a check with D one-sided decisions spends its
alpha in equal parts (Bonferroni), ::

    a = alpha / (D * L)

at each look on each decision, and a bound is on one side if the one-sided interval of level 1 - a lies there. Each
decision has but one wrong side. So the probability that any decision of the check is ever wrong is at most alpha,
whatever the figures have to do with one another and whenever the looking ends.
"""

from __future__ import annotations

import math
from enum import Enum

from callsim.stats.estimate import Estimate

__all__ = ["Side", "at_least_this_uncertain", "level_of_each_look", "looks", "nothing_seen", "side"]

_LAST_STEP = 1.5
"""A look is left out if the last one follows with fewer than so many times its replications."""


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


def level_of_each_look(level: float, n_looks: int, decisions: int) -> float:
    """Return the level of the two-sided intervals that the looks use, so that all decisions together keep theirs.

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
        Of the level that `level_of_each_look` gives.
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
    return Estimate(estimate.value, half_width, estimate.level, estimate.n, estimate.reason)
