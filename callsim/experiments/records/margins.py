"""How much a figure may move before it matters, and which figures are precise enough to be judged by that.

A later version of callsim is judged by equivalence: a figure passes if the interval of its difference to the record
lies within the margin. A record of few replications, or of a figure that varies wildly, could never show that. So a
figure carries a margin only if the record pins it down: with s its standard error and c the factor by which n
replications may understate the spread (once in ten records: the 10 % quantile of chi-square over its degrees of
freedom), ::

    6 * c * s <= margin

The difference to a new run four times as long has the standard error 1.12 s. Some three of them for chance and two that
the interval of the test takes stay inside the margin then: a figure of an unchanged scenario fails with a probability
of 4e-4 at the most (four replications; 2e-4 from eight on), whatever its spread, and far less if it is not just precise
enough. A record has some twenty figures that could be.
"""

from __future__ import annotations

import math

from callsim.experiments.records.value import Margin
from callsim.measures import MEAN_NUMBERS, Measure
from callsim.stats import Estimate, standard_error

__all__ = ["DEFAULTS", "allowed", "default_margin", "is_judged", "is_share", "noise"]

DEFAULTS = {
    "share": Margin(1.0, "points"),
    "handling": Margin(2.0, "%"),
    "wait": Margin(5.0, "%"),
    "number": Margin(5.0, "%"),
    "count": Margin(2.0, "%"),
    "agent time": Margin(2.0, "%"),
}
"""Kind of measure -> the margin unless the record says another. Maxima have none."""

_HANDLING = ("handle_time", "talk_time", "after_call_work")
_CHANCE = 6.0
_TWO_BINS = 2.0
"""Bins are a second wide; above 128 s they are 1/128 of the wait, less than any margin. [s]"""
_ONE_IN_TEN = -1.2815515655446004
"""Quantile of the normal distribution at 10 %."""


def is_share(measure: Measure) -> bool:
    """Return whether a measure lies between 0 and 1 and is read in per cent."""
    return measure.unit == "1" and measure.name not in MEAN_NUMBERS


def default_margin(measure: Measure) -> Margin | None:
    """Return how much a measure may move before it matters; None: it is never judged (a maximum).

    Examples
    --------
    >>> from callsim.measures import measure_named
    >>> default_margin(measure_named("handle_time"))
    Margin(amount=2.0, unit='%')
    """
    if measure.kind == "maximum":
        return None
    if measure.kind in ("count", "time"):
        return DEFAULTS["count" if measure.kind == "count" else "agent time"]
    if is_share(measure):
        return DEFAULTS["share"]
    if measure.unit == "1":
        return DEFAULTS["number"]
    return DEFAULTS["handling" if measure.name in _HANDLING else "wait"]


def noise(measure: Measure, exact: str, n: int) -> float:
    """Return the standard error that a figure made of counted calls has at the least, whatever its replications show.

    Three replications without a single blocked call do not prove that there are none: a count has about the spread
    of a Poisson number, one more than was seen. Figures made of times have no such bound.
    """
    top, _, bottom = exact.partition("/")
    if not bottom or not int(bottom):
        return 0.0
    if measure.kind == "count":
        return math.sqrt(int(top) + 1) / n
    if is_share(measure) and measure.name != "occupancy":
        # Nearly all or nearly none: the rarer side is what chance decides.
        return math.sqrt(min(int(top), int(bottom) - int(top)) + 1) / int(bottom)
    return 0.0


def is_judged(measure: Measure, estimate: Estimate, margin: Margin | None, least: float) -> bool:
    """Return whether a record is precise enough for a figure to be judged.

    Parameters
    ----------
    measure : Measure
        What is estimated.
    estimate : Estimate
        What the record found.
    margin : Margin or None
        How much the figure may move.
    least : float
        Standard error that it has at the least, see `noise`.
    """
    error = standard_error(estimate)
    if margin is None or estimate.value is None or error is None:
        return False
    room = allowed(measure, margin, estimate.value)
    return 0.0 < room >= _CHANCE * max(error * _understated(estimate.n - 1), least)


def allowed(measure: Measure, margin: Margin, value: float) -> float:
    """Return a margin in the unit of the measure; percentiles may move by two of their bins at the least.

    Examples
    --------
    >>> from callsim.measures import measure_named
    >>> allowed(measure_named("wait_p50"), Margin(5.0, "%"), 0.0)
    2.0
    """
    return max(margin.of(value), _TWO_BINS if measure.kind == "percentile" else 0.0)


def _understated(degrees: int) -> float:
    """Return by which factor so many degrees of freedom understate a spread once in ten times.

    The quantile of chi-square by Wilson and Hilferty's cube root, which errs on the side of caution where there are
    few degrees of freedom, and is below zero for a single one: no precision can be claimed then.
    """
    part = 2.0 / (9.0 * degrees)
    root = 1.0 - part + _ONE_IN_TEN * math.sqrt(part)
    return math.inf if root <= 0.0 else root**-1.5
