"""From the measures of replications to tidy rows: one figure a row, with its interval.

`rows` estimates one system, `difference_rows` the paired difference of two under the same callers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from callsim.experiments.places import Place, Tables, place_of, places
from callsim.measures import (
    CASE_CATALOGUE,
    CASE_SCOPES,
    CATALOGUE,
    Measure,
    Measures,
    check_breakdowns,
    measure_named,
)
from callsim.stats import (
    Estimate,
    mean,
    mean_difference,
    percentile,
    percentile_difference,
    ratio,
    ratio_difference,
)

__all__ = ["Row", "counted", "difference_rows", "estimate", "estimate_difference", "rows"]


@dataclass(frozen=True)
class Row:
    """One figure of the results."""

    variant: str
    name: str
    """Of `callsim.measures.EVERY_MEASURE`, or of `callsim.measures.CURVES`."""
    scope: Mapping[str, str | int]
    """Such as ``{"queue": "billing"}``; empty for the whole centre, of measures of cases for all cases."""
    value: float | None
    half_width: float | None
    level: float
    n: int
    """Replications."""
    unit: str
    definition: str
    versus: str | None = None
    """The variant that was subtracted; None for a figure that is no difference."""
    reason: str = ""
    """Why the value or the half width is None."""


def rows(measures: Iterable[Measures], *, variant: str = "", by: Iterable[str] = (), level: float = 0.95) -> list[Row]:
    """Estimate every measure of one system from its replications.

    Parameters
    ----------
    measures : iterable of Measures
        One a replication, in any order; the order leaves no trace in the result.
    variant : str, optional
        What stands in the rows; the scenario's name if not given.
    by : iterable of str, optional
        Breakdowns to list behind the totals; they must have been measured.
    level : float, optional
        Confidence level.

    Returns
    -------
    list of Row
        The whole centre, callers, queues, agents, then the breakdowns, then cases if the scenario has them; within
        a scope in the order of the catalogue. Empty for no replications.

    Raises
    ------
    ScenarioError
        If a breakdown is unknown.
    """
    ordered = sorted(measures, key=_pair)
    if not ordered:
        return []
    found: list[Row] = []
    name = variant or ordered[0].scenario
    for part, place, where in places(ordered, check_breakdowns(by)):
        bins = Tables(place)
        for measure, definition in _defined(ordered[0], part, place.member):
            found.append(_row(measure, definition, name, where, _estimate(measure, place, bins, level)))
    return found + (_curves(ordered, name, level) if "case" in ordered[0].parts else [])


def _curves(measures: Sequence[Measures], variant: str, level: float) -> list[Row]:
    """Return the rows of the curves of cases."""
    from callsim.experiments.case_curves import case_curves

    n = len(measures)
    return [
        Row(variant, of.name, of.scope, of.value, of.half_width, level, n, "1", of.definition, reason=of.reason)
        for of in case_curves(measures, level)
    ]


def difference_rows(
    base: Iterable[Measures],
    other: Iterable[Measures],
    *,
    variant: str = "",
    versus: str = "",
    by: Iterable[str] = (),
    level: float = 0.95,
) -> list[Row]:
    """Estimate the paired differences ``other - base`` of every measure.

    Replications are paired by seed and number: common random numbers make such pairs alike. Scopes that only
    one of the two systems has are left out.

    Parameters
    ----------
    base, other : iterable of Measures
        One a replication, in any order.
    variant, versus : str, optional
        Names of `other` and `base`; the scenarios' names if not given.
    by : iterable of str, optional
        Breakdowns to list behind the totals; they must have been measured in both.
    level : float, optional
        Confidence level.

    Returns
    -------
    list of Row
        As `rows`, with ``versus``. Empty if no replication was run in both.

    Raises
    ------
    ScenarioError
        If a breakdown is unknown.
    """
    first, second = {_pair(m): m for m in base}, {_pair(m): m for m in other}
    pairs = sorted(first.keys() & second.keys())
    if not pairs:
        return []
    left, right = [first[pair] for pair in pairs], [second[pair] for pair in pairs]
    wanted = check_breakdowns(by)
    names = (variant or right[0].scenario, versus or left[0].scenario)
    there = {(part, *where.items()): place for part, place, where in places(left, wanted)}
    found: list[Row] = []
    for part, place, where in places(right, wanted):
        partner = there.get((part, *where.items()))
        if partner is None:
            continue
        bins = Tables(partner, place)
        for measure, definition in _defined(right[0], part, place.member):
            estimate = _estimate_difference(measure, (partner, place), bins, level)
            text = f"{names[0]} - {names[1]}: {definition}"
            found.append(replace(_row(measure, text, names[0], where, estimate), versus=names[1]))
    return found


def estimate(measures: Iterable[Measures], name: str, scope: Mapping[str, str], level: float = 0.95) -> Estimate:
    """Estimate one measure of one system; what `rows` gives for it, without the rest.

    Parameters
    ----------
    measures : iterable of Measures
        One a replication, in any order, at least one.
    name : str
        Of the catalogue.
    scope : mapping of str to str
        Such as ``{"queue": "billing"}``; empty for the whole centre.
    level : float, optional
        Confidence level.

    Raises
    ------
    KeyError, ValueError
        If there is no such measure or member.
    """
    measure = measure_named(name)
    place = _place_of(sorted(measures, key=_pair), measure, scope)
    found = _estimate(measure, place, Tables(place), level)
    return found if found.value is not None else replace(found, reason=measure.empty)


def estimate_difference(
    base: Iterable[Measures], other: Iterable[Measures], name: str, scope: Mapping[str, str], level: float = 0.95
) -> Estimate:
    """Estimate the paired difference ``other - base`` of one measure; what `difference_rows` gives for it.

    Parameters
    ----------
    base, other : iterable of Measures
        The same replications of two systems, in any order, at least one.
    name, scope, level
        As for `estimate`.
    """
    measure = measure_named(name)
    base_place, place = (_place_of(sorted(each, key=_pair), measure, scope) for each in (base, other))
    found = _estimate_difference(measure, (base_place, place), Tables(base_place, place), level)
    return found if found.value is not None else replace(found, reason=measure.empty)


def counted(measures: Iterable[Measures], name: str, scope: Mapping[str, str]) -> tuple[int, int]:
    """Return what a figure was counted from, over all replications.

    Returns
    -------
    (int, int)
        Numerator and denominator of a ratio; a count and the number of replications; 0 and the number of calls or
        cases of a percentile.
    """
    measure = measure_named(name)
    place = _place_of(list(measures), measure, scope)
    if measure.kind == "percentile":
        return 0, int(place.binned(measure.numerator)[2].sum())
    below = place.n if measure.kind == "count" else int(place.sums(measure.denominator).sum())
    return int(place.sums(measure.numerator).sum()), below


def _place_of(measures: Sequence[Measures], measure: Measure, scope: Mapping[str, str]) -> Place:
    kind, label = next(iter(scope.items()), ("", ""))
    return place_of(measures, measure.part(kind), label)


def _pair(measures: Measures) -> tuple[int, int]:
    return measures.seed, measures.replication


def _defined(measures: Measures, part: str, member: int) -> Iterator[tuple[Measure, str]]:
    """Yield the measures of a part with their definitions."""
    if part in CASE_SCOPES:
        yield from ((measure, measure.definition) for measure in CASE_CATALOGUE if CASE_SCOPES[part] in measure.scopes)
        return
    scope = part
    for measure in CATALOGUE:
        if scope in measure.scopes:
            named = measure.name == "service_level"
            yield measure, measures.service_level[scope][member] if named else measure.definition


def _estimate(measure: Measure, place: Place, bins: Tables, level: float) -> Estimate:
    if measure.kind == "ratio":
        return ratio(place.sums(measure.numerator), place.sums(measure.denominator) * measure.scale, level)
    if measure.kind == "rank":
        return mean(_ranks(measure, place)[1], level)
    if measure.kind == "percentile":
        (counts,), edges = bins.of(measure)
        return percentile(counts, edges, measure.share, level)
    if measure.kind == "maximum":
        longest = place.maxima()
        return mean(longest[longest >= 0] / measure.scale, level)
    return mean(place.sums(measure.numerator) / measure.scale, level)


def _ranks(measure: Measure, place: Place) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Return which replications have cases to be compared, and the rank in each of them."""
    below, compared = place.sums(measure.numerator), place.sums(measure.denominator)
    there = compared > 0
    return there, below[there] / (compared[there] * measure.scale)


def _estimate_difference(measure: Measure, pair: tuple[Place, Place], bins: Tables, level: float) -> Estimate:
    base, other = pair
    if measure.kind == "ratio":
        sums = [
            (place.sums(measure.numerator), place.sums(measure.denominator) * measure.scale) for place in (base, other)
        ]
        return ratio_difference(sums[0], sums[1], level)
    if measure.kind == "rank":
        (first_there, first), (second_there, second) = (_ranks(measure, place) for place in pair)
        both = first_there & second_there
        return mean_difference(first[both[first_there]], second[both[second_there]], level)
    if measure.kind == "percentile":
        (of_base, of_other), edges = bins.of(measure)
        return percentile_difference(of_base, of_other, edges, measure.share, level)
    if measure.kind == "maximum":
        longest, of_other = base.maxima(), other.maxima()
        both = (longest >= 0) & (of_other >= 0)
        return mean_difference(longest[both] / measure.scale, of_other[both] / measure.scale, level)
    return mean((other.sums(measure.numerator) - base.sums(measure.numerator)) / measure.scale, level)


def _row(measure: Measure, definition: str, variant: str, where: Mapping[str, str | int], estimate: Estimate) -> Row:
    reason = measure.empty if estimate.value is None else estimate.reason
    return Row(
        variant=variant,
        name=measure.name,
        scope=where,
        value=estimate.value,
        half_width=estimate.half_width,
        level=estimate.level,
        n=estimate.n,
        unit=measure.unit,
        definition=definition,
        reason=reason,
    )
