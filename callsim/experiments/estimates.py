"""From the measures of replications to tidy rows: one figure a row, with its interval.

`rows` estimates one system, `difference_rows` the paired difference of two under the same callers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from callsim.measures import (
    CASE_CATALOGUE,
    CASE_SCOPES,
    CATALOGUE,
    LOWER_EDGES,
    NUMBERS,
    NUMBERS_BELOW,
    PARTS,
    SCOPES,
    UPPER_EDGES,
    Measure,
    Measures,
    Part,
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

Int64 = npt.NDArray[np.int64]
Bins = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


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


@dataclass(frozen=True)
class _Place:
    """One member of a kind of scope in one cell, and the figures of all replications there."""

    parts: Sequence[Part]
    """[replication]"""
    member: int
    cell: int

    def sums(self, name: str) -> Int64:
        """Return one sum, int64[replication]."""
        figures: Int64 = self._sums[self.parts[0].row_of(name)]
        return figures

    @cached_property
    def _sums(self) -> Int64:
        """Every sum, int64[sum, replication]: put together once, however many measures are made of them."""
        found = np.array([part.sums[:, self.member, self.cell] for part in self.parts], np.int64)
        return np.ascontiguousarray(found.T)

    def maxima(self) -> Int64:
        """Return the longest wait of each replication, -1 where nobody waited. [ticks]"""
        return np.array([part.maxima[self.member, self.cell] for part in self.parts], np.int64)

    def bins(self, name: str) -> list[tuple[Int64, Int64]]:
        """Return (bins, counts) of each replication."""
        return [part.histogram(name).of(self.member, self.cell) for part in self.parts]


class _Bins:
    """The bins of places, each sort of them put together once."""

    def __init__(self, *places: _Place) -> None:
        self._places = places
        self._made: dict[str, tuple[list[Int64], Bins]] = {}

    def of(self, measure: Measure) -> tuple[list[Int64], Bins]:
        """Return int64[replication, bin] of each place, and the edges of the bins that occur in any of them."""
        if measure.numerator not in self._made:
            below, above = (NUMBERS_BELOW, NUMBERS) if measure.unit == "count" else (LOWER_EDGES, UPPER_EDGES)
            tables, columns = _tables([place.bins(measure.numerator) for place in self._places])
            self._made[measure.numerator] = tables, (below[columns], above[columns])
        return self._made[measure.numerator]


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
    for part, place, where in _places(ordered, check_breakdowns(by)):
        bins = _Bins(place)
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
    there = {(part, *where.items()): place for part, place, where in _places(left, wanted)}
    found: list[Row] = []
    for part, place, where in _places(right, wanted):
        partner = there.get((part, *where.items()))
        if partner is None:
            continue
        bins = _Bins(partner, place)
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
    found = _estimate(measure, place, _Bins(place), level)
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
    found = _estimate_difference(measure, (base_place, place), _Bins(base_place, place), level)
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
        return 0, sum(int(counts.sum()) for _, counts in place.bins(measure.numerator))
    below = len(place.parts) if measure.kind == "count" else int(place.sums(measure.denominator).sum())
    return int(place.sums(measure.numerator).sum()), below


def _place_of(measures: Sequence[Measures], measure: Measure, scope: Mapping[str, str]) -> _Place:
    """Return the place of one member of a kind of scope, over the whole window."""
    kind, label = next(iter(scope.items()), ("", ""))
    part = measure.part(kind)
    return _Place([each.parts[part] for each in measures], measures[0].members[part].index(label), 0)


def _pair(measures: Measures) -> tuple[int, int]:
    return measures.seed, measures.replication


def _places(
    measures: Sequence[Measures], breakdowns: Iterable[str]
) -> Iterator[tuple[str, _Place, dict[str, str | int]]]:
    """Yield (part, place, scope) for every member of every kind of scope and every cell that exists."""
    for name in (*SCOPES, *breakdowns):
        scope, kind = PARTS[name]
        parts = [each.parts[name] for each in measures]
        window = parts[0].sum_of("window")
        for member, label in enumerate(measures[0].members[scope]):
            for cell, cell_label in enumerate(measures[0].labels[kind]):
                if window[member, cell]:
                    where: dict[str, str | int] = {scope: label} if scope else {}
                    yield scope, _Place(parts, member, cell), where | ({kind: cell_label} if kind else {})
    for name, scope in CASE_SCOPES.items():
        for member, label in enumerate(measures[0].members.get(name, ())):
            yield name, _Place([each.parts[name] for each in measures], member, 0), {scope: label} if scope else {}


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


def _tables(found: Sequence[list[tuple[Int64, Int64]]]) -> tuple[list[Int64], Int64]:
    """Return int64[replication, bin] of each place, and the bins that occur in any of them."""
    columns = np.flatnonzero(np.bincount(np.concatenate([bins for waits in found for bins, _ in waits])))
    tables = []
    for waits in found:
        bins, counts = (np.concatenate(each) for each in zip(*waits, strict=True))
        row = np.repeat(np.arange(len(waits)), [len(each) for each, _ in waits])
        table = np.zeros((len(waits), len(columns)), np.int64)
        table[row, columns.searchsorted(bins)] = counts
        tables.append(table)
    return tables, columns


def _estimate(measure: Measure, place: _Place, bins: _Bins, level: float) -> Estimate:
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


def _ranks(measure: Measure, place: _Place) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Return which replications have cases to be compared, and the rank in each of them."""
    below, compared = place.sums(measure.numerator), place.sums(measure.denominator)
    there = compared > 0
    return there, below[there] / (compared[there] * measure.scale)


def _estimate_difference(measure: Measure, pair: tuple[_Place, _Place], bins: _Bins, level: float) -> Estimate:
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
