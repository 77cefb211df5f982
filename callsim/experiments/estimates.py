"""From the measures of replications to tidy rows: one figure a row, with its interval.

`rows` estimates one system, `difference_rows` the paired difference of two under the same callers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from callsim.measures import (
    CATALOGUE,
    LOWER_EDGES,
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
    """Of `callsim.measures.CATALOGUE`."""
    scope: Mapping[str, str | int]
    """Such as ``{"queue": "billing"}``; empty for the whole centre."""
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
        return np.array([part.sum_of(name)[self.member, self.cell] for part in self.parts], np.int64)

    def maxima(self) -> Int64:
        """Return the longest wait of each replication, -1 where nobody waited. [ticks]"""
        return np.array([part.maxima[self.member, self.cell] for part in self.parts], np.int64)

    def waits(self) -> list[tuple[Int64, Int64]]:
        """Return (bins, counts) of each replication."""
        return [part.waits.of(self.member, self.cell) for part in self.parts]


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
        The whole centre, callers, queues, agents, then the breakdowns; within a scope in the order of the
        catalogue. Empty for no replications.

    Raises
    ------
    ScenarioError
        If a breakdown is unknown.
    """
    ordered = sorted(measures, key=_pair)
    if not ordered:
        return []
    found: list[Row] = []
    for scope, place, where in _places(ordered, check_breakdowns(by)):
        (waits,), bins = _histograms(place)
        for measure, definition in _defined(ordered[0], scope, place.member):
            estimate = _estimate(measure, place, waits, bins, level)
            found.append(_row(measure, definition, variant or ordered[0].scenario, where, estimate))
    return found


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
    there = {tuple(where.items()): place for _, place, where in _places(left, wanted)}
    found: list[Row] = []
    for scope, place, where in _places(right, wanted):
        partner = there.get(tuple(where.items()))
        if partner is None:
            continue
        waits, bins = _histograms(partner, place)
        for measure, definition in _defined(right[0], scope, place.member):
            estimate = _estimate_difference(measure, (partner, place), waits, bins, level)
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
    measure, place = measure_named(name), _place_of(sorted(measures, key=_pair), scope)
    (waits,), bins = _histograms(place)
    found = _estimate(measure, place, waits, bins, level)
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
    pair = (_place_of(sorted(base, key=_pair), scope), _place_of(sorted(other, key=_pair), scope))
    waits, bins = _histograms(*pair)
    found = _estimate_difference(measure, pair, waits, bins, level)
    return found if found.value is not None else replace(found, reason=measure.empty)


def counted(measures: Iterable[Measures], name: str, scope: Mapping[str, str]) -> tuple[int, int]:
    """Return what a figure was counted from, over all replications.

    Returns
    -------
    (int, int)
        Numerator and denominator of a ratio; a count and the number of replications; 0 and the number of waits of
        a percentile.
    """
    measure, place = measure_named(name), _place_of(list(measures), scope)
    if measure.kind == "percentile":
        return 0, sum(int(counts.sum()) for _, counts in place.waits())
    below = len(place.parts) if measure.kind == "count" else int(place.sums(measure.denominator).sum())
    return int(place.sums(measure.numerator).sum()), below


def _place_of(measures: Sequence[Measures], scope: Mapping[str, str]) -> _Place:
    """Return the place of one member of a kind of scope, over the whole window."""
    kind, label = next(iter(scope.items()), ("", ""))
    member = measures[0].members[kind].index(label) if kind else 0
    return _Place([each.parts[kind] for each in measures], member, 0)


def _pair(measures: Measures) -> tuple[int, int]:
    return measures.seed, measures.replication


def _places(
    measures: Sequence[Measures], breakdowns: Iterable[str]
) -> Iterator[tuple[str, _Place, dict[str, str | int]]]:
    """Yield (kind of scope, place, scope) for every member of every kind of scope and every cell that exists."""
    for name in (*SCOPES, *breakdowns):
        scope, kind = PARTS[name]
        parts = [each.parts[name] for each in measures]
        window = parts[0].sum_of("window")
        for member, label in enumerate(measures[0].members[scope]):
            for cell, cell_label in enumerate(measures[0].labels[kind]):
                if window[member, cell]:
                    where: dict[str, str | int] = {scope: label} if scope else {}
                    yield scope, _Place(parts, member, cell), where | ({kind: cell_label} if kind else {})


def _defined(measures: Measures, scope: str, member: int) -> Iterator[tuple[Measure, str]]:
    """Yield the measures of a kind of scope with their definitions."""
    for measure in CATALOGUE:
        if scope in measure.scopes:
            named = measure.name == "service_level"
            yield measure, measures.service_level[scope][member] if named else measure.definition


def _histograms(*places: _Place) -> tuple[list[Int64], Bins]:
    """Return int64[replication, bin] of each place, and the edges of the bins that occur in any of them."""
    found = [place.waits() for place in places]
    columns = np.unique(np.concatenate([bins for waits in found for bins, _ in waits]))
    tables = []
    for waits in found:
        table = np.zeros((len(waits), len(columns)), np.int64)
        for row, (bins, counts) in enumerate(waits):
            table[row, np.searchsorted(columns, bins)] = counts
        tables.append(table)
    return tables, (LOWER_EDGES[columns], UPPER_EDGES[columns])


def _estimate(measure: Measure, place: _Place, waits: Int64, bins: Bins, level: float) -> Estimate:
    if measure.kind == "ratio":
        return ratio(place.sums(measure.numerator), place.sums(measure.denominator) * measure.scale, level)
    if measure.kind == "percentile":
        return percentile(waits, bins, measure.share, level)
    if measure.kind == "maximum":
        longest = place.maxima()
        return mean(longest[longest >= 0] / measure.scale, level)
    return mean(place.sums(measure.numerator) / measure.scale, level)


def _estimate_difference(
    measure: Measure, pair: tuple[_Place, _Place], waits: list[Int64], bins: Bins, level: float
) -> Estimate:
    base, other = pair
    if measure.kind == "ratio":
        sums = [
            (place.sums(measure.numerator), place.sums(measure.denominator) * measure.scale) for place in (base, other)
        ]
        return ratio_difference(sums[0], sums[1], level)
    if measure.kind == "percentile":
        return percentile_difference(waits[0], waits[1], bins, measure.share, level)
    if measure.kind == "maximum":
        first, second = base.maxima(), other.maxima()
        both = (first >= 0) & (second >= 0)
        return mean_difference(first[both] / measure.scale, second[both] / measure.scale, level)
    first, second = base.sums(measure.numerator), other.sums(measure.numerator)
    return mean((second - first) / measure.scale, level)


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
