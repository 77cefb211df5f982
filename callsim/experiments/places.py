"""Where the figures of all replications stand: one member of a kind of scope in one cell of time.

Replications are put together by member, once for all cells of time and all measures: a week by half hours has
thousands of figures, each made of every replication.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from callsim.measures import (
    CASE_SCOPES,
    LOWER_EDGES,
    NUMBERS,
    NUMBERS_BELOW,
    PARTS,
    SCOPES,
    UPPER_EDGES,
    Measure,
    Measures,
    Part,
)
from callsim.measures.bins import BINS

__all__ = ["Edges", "Place", "Tables", "place_of", "places"]

Int64 = npt.NDArray[np.int64]
Edges = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Lower and upper edges of bins, in the unit of a measure."""


class _Binned:
    """The bins of one member in all replications, in the order of cells, and within these of replications."""

    def __init__(self, parts: Sequence[Part], name: str, member: int) -> None:
        found = [part.histogram(name).of_member(member) for part in parts]
        position, calls = (np.concatenate(each) for each in zip(*found, strict=True))
        cell = position // BINS
        order = cell.argsort(kind="stable")
        self._cell = cell[order]
        self._row = np.repeat(np.arange(len(parts)), [len(each) for each, _ in found])[order]
        self._bin, self._calls = (position % BINS)[order], calls[order]

    def of(self, cell: int) -> tuple[Int64, Int64, Int64]:
        """Return (replications, bins, counts) of one cell."""
        low, high = self._cell.searchsorted((cell, cell + 1)).tolist()
        return self._row[low:high], self._bin[low:high], self._calls[low:high]


class _Member:
    """One member of a kind of scope in all replications."""

    def __init__(self, parts: Sequence[Part], number: int) -> None:
        self.parts, self.number = parts, number
        self._binned: dict[str, _Binned] = {}

    @cached_property
    def sums(self) -> Int64:
        """int64[cell, sum, replication]."""
        return np.ascontiguousarray(np.array([part.sums[:, self.number] for part in self.parts], np.int64).T)

    @cached_property
    def maxima(self) -> Int64:
        """int64[cell, replication]."""
        return np.ascontiguousarray(np.array([part.maxima[self.number] for part in self.parts], np.int64).T)

    def binned(self, name: str) -> _Binned:
        """Return the bins of which a percentile is read."""
        if name not in self._binned:
            self._binned[name] = _Binned(self.parts, name, self.number)
        return self._binned[name]


@dataclass(frozen=True)
class Place:
    """One member of a kind of scope in one cell, and the figures of all replications there."""

    _member: _Member
    cell: int

    @property
    def member(self) -> int:
        """The member's number in its kind of scope."""
        return self._member.number

    @property
    def n(self) -> int:
        """Number of replications."""
        return len(self._member.parts)

    def sums(self, name: str) -> Int64:
        """Return one sum, int64[replication]."""
        figures: Int64 = self._member.sums[self.cell, self._member.parts[0].row_of(name)]
        return figures

    def maxima(self) -> Int64:
        """Return the longest wait of each replication, -1 where nobody waited. [ticks]"""
        longest: Int64 = self._member.maxima[self.cell]
        return longest

    def binned(self, name: str) -> tuple[Int64, Int64, Int64]:
        """Return (replications, bins, counts) of the bins that occur, by replication."""
        return self._member.binned(name).of(self.cell)


class Tables:
    """The bins of places as tables, each sort of them put together once."""

    def __init__(self, *there: Place) -> None:
        self._places = there
        self._made: dict[str, tuple[list[Int64], Edges]] = {}

    def of(self, measure: Measure) -> tuple[list[Int64], Edges]:
        """Return int64[replication, bin] of each place, and the edges of the bins that occur in any of them."""
        if measure.numerator not in self._made:
            below, above = (NUMBERS_BELOW, NUMBERS) if measure.unit == "count" else (LOWER_EDGES, UPPER_EDGES)
            tables, columns = self._tables(measure.numerator)
            self._made[measure.numerator] = tables, (below[columns], above[columns])
        return self._made[measure.numerator]

    def _tables(self, name: str) -> tuple[list[Int64], Int64]:
        found = [place.binned(name) for place in self._places]
        columns = np.flatnonzero(np.bincount(np.concatenate([bins for _, bins, _ in found])))
        tables = []
        for place, (row, bins, counts) in zip(self._places, found, strict=True):
            table = np.zeros((place.n, len(columns)), np.int64)
            table[row, columns.searchsorted(bins)] = counts
            tables.append(table)
        return tables, columns


def place_of(measures: Sequence[Measures], part: str, label: str) -> Place:
    """Return the place of one member of a kind of scope, over the whole window.

    Parameters
    ----------
    measures : sequence of Measures
        One a replication, at least one.
    part, label : str
        The kind, and the member's name.

    Raises
    ------
    KeyError, ValueError
        If there is no such part or member.
    """
    return Place(_Member([each.parts[part] for each in measures], measures[0].members[part].index(label)), 0)


def places(
    measures: Sequence[Measures], breakdowns: Iterable[str]
) -> Iterator[tuple[str, Place, dict[str, str | int]]]:
    """Yield (part, place, scope) for every member of every kind of scope and every cell that exists.

    Parameters
    ----------
    measures : sequence of Measures
        One a replication, at least one.
    breakdowns : iterable of str
        To be listed behind the totals; they must have been measured.
    """
    for name in (*SCOPES, *breakdowns):
        scope, kind = PARTS[name]
        parts = [each.parts[name] for each in measures]
        window = parts[0].sum_of("window")
        for number, label in enumerate(measures[0].members[scope]):
            member = _Member(parts, number)
            for cell, cell_label in enumerate(measures[0].labels[kind]):
                if window[number, cell]:
                    where: dict[str, str | int] = {scope: label} if scope else {}
                    yield scope, Place(member, cell), where | ({kind: cell_label} if kind else {})
    for name, scope in CASE_SCOPES.items():
        for number, label in enumerate(measures[0].members.get(name, ())):
            member = _Member([each.parts[name] for each in measures], number)
            yield name, Place(member, 0), {scope: label} if scope else {}
