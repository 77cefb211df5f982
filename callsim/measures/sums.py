"""Exact sums by key: integers stay integers, whatever their size, and time is split at cell edges.

Every figure of a replication is made of these few functions. A *cell* is one reporting interval, one
hour of the week, or the whole window; -1 stands for "in no cell".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.measures.bins import BINS, bin_of
from callsim.plan.plan import Clock

__all__ = ["CELL_KINDS", "HOURS_OF_WEEK", "Cells", "Histogram", "cells", "count_by", "histogram_by", "max_by", "sum_by"]

Int64 = npt.NDArray[np.int64]

HOURS_OF_WEEK = 168
CELL_KINDS = ("", "interval", "hour_of_week")
"""How a figure can be split in time; "" is the whole window."""
_EXACT = 1 << 53
_LOW_BITS = 24


def count_by(key: Int64, n_keys: int) -> Int64:
    """Return how often each key 0 .. n_keys - 1 occurs, int64[key]."""
    return np.bincount(key, minlength=n_keys).astype(np.int64, copy=False)


def sum_by(key: Int64, value: Int64, n_keys: int) -> Int64:
    """Return the exact sum of non-negative integers for each key, int64[key].

    ``numpy.bincount`` sums in float64, which is exact below 2^53; larger totals are summed in two halves.
    """
    if len(value) == 0:
        return np.zeros(n_keys, np.int64)
    if int(value.max()) * len(value) < _EXACT:
        return np.bincount(key, value, n_keys).astype(np.int64)
    low = np.bincount(key, value & ((1 << _LOW_BITS) - 1), n_keys).astype(np.int64)
    high = np.bincount(key, value >> _LOW_BITS, n_keys).astype(np.int64)
    return (high << _LOW_BITS) + low


def max_by(key: Int64, value: Int64, n_keys: int) -> Int64:
    """Return the largest value of each key, -1 for a key that does not occur, int64[key]."""
    largest = np.full(n_keys, -1, np.int64)
    np.maximum.at(largest, key, value)
    return largest


@dataclass(frozen=True)
class Histogram:
    """Counts of waits by (member, cell, bin); only bins that occur are kept.

    ``position`` is sorted and equals (member * n_cells + cell) * BINS + bin.
    """

    position: Int64
    count: Int64
    n_cells: int

    def of(self, member: int, cell: int) -> tuple[Int64, Int64]:
        """Return (bins, counts) of one member and cell."""
        return self._from(member * self.n_cells + cell, 1)

    def of_member(self, member: int) -> tuple[Int64, Int64]:
        """Return (cell * BINS + bin, counts) of all cells of one member."""
        return self._from(member * self.n_cells, self.n_cells)

    def _from(self, key: int, cells: int) -> tuple[Int64, Int64]:
        """Return bins and counts of neighbouring cells, the bins counted from the first of them on."""
        low, high = self.position.searchsorted((key * BINS, (key + cells) * BINS)).tolist()
        return self.position[low:high] - key * BINS, self.count[low:high]

    def over_members(self) -> Histogram:
        """Return the histogram with all members added up, as member 0."""
        position, row = np.unique(self.position % (self.n_cells * BINS), return_inverse=True)
        return Histogram(position, sum_by(row, self.count, len(position)), self.n_cells)


def histogram_by(key: Int64, wait: Int64, n_keys: int, n_cells: int) -> Histogram:
    """Return the histogram of waits by key = member * n_cells + cell."""
    position = key * BINS + bin_of(wait)
    # Counting needs memory for every bin, sorting needs time: count unless the bins outnumber the calls by far.
    if n_keys * BINS <= 4 * len(position) + (1 << 18):
        counts = count_by(position, n_keys * BINS)
        found = np.flatnonzero(counts)
        return Histogram(found, counts[found], n_cells)
    found, counts = np.unique(position, return_counts=True)
    return Histogram(found, counts.astype(np.int64), n_cells)


@dataclass(frozen=True)
class Cells:
    """A division of the measured window into cells."""

    kind: str
    edges: Int64
    """[part + 1] [ticks]"""
    cell_of_part: Int64 | None
    """[part] Cell of each part between two edges; None: part i is cell i."""
    labels: tuple[str | int, ...]
    """[cell] What stands in a scope; ("",) for the whole window."""

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.labels)

    def of(self, instant: Int64) -> Int64:
        """Return the cell of each instant, -1 if it lies in none; the whole window takes every instant."""
        if not self.kind:
            return np.zeros(len(instant), np.int64)
        part = np.searchsorted(self.edges, instant, side="right") - 1
        part[part == len(self.edges) - 1] = -1
        return part if self.cell_of_part is None else np.where(part < 0, -1, self.cell_of_part[part])

    def time(self, member: Int64, start: Int64, stop: Int64, n_members: int) -> Int64:
        """Return the time that [start, stop) spends in each cell, added up by member.

        Parameters
        ----------
        member, start, stop : int64[stay]
            Stays outside the window count with the part inside it. [ticks]
        n_members : int

        Returns
        -------
        int64[member, cell]
            [ticks]
        """
        start = np.clip(start, self.edges[0], self.edges[-1])
        stop = np.maximum(np.clip(stop, self.edges[0], self.edges[-1]), start)
        parts = len(self.edges) - 1
        if parts == 1:
            by_part = sum_by(member, stop - start, n_members).reshape(n_members, 1)
        else:
            entered, head = self._instants(member, start, n_members)
            left, tail = self._instants(member, stop, n_members)
            present = np.cumsum(entered - left, axis=1) - (entered - left)
            by_part = head - tail + present * np.diff(self.edges)
        return self._by_cell(by_part)

    def _instants(self, member: Int64, instant: Int64, n_members: int) -> tuple[Int64, Int64]:
        """Return the number of instants by (member, part), and the time from them to the end of their part."""
        parts = len(self.edges) - 1
        part = np.minimum(np.searchsorted(self.edges, instant, side="right") - 1, parts - 1)
        key = member * parts + part
        shape = (n_members, parts)
        number = count_by(key, n_members * parts).reshape(shape)
        return number, sum_by(key, self.edges[part + 1] - instant, n_members * parts).reshape(shape)

    def _by_cell(self, by_part: Int64) -> Int64:
        if self.cell_of_part is None:
            return by_part
        by_cell = np.zeros((self.n, len(by_part)), np.int64)
        np.add.at(by_cell, self.cell_of_part, by_part.T)
        return np.ascontiguousarray(by_cell.T)

    def lengths(self) -> Int64:
        """Return the length of each cell, int64[cell]. [ticks]"""
        found: Int64 = self._by_cell(np.diff(self.edges).reshape(1, -1))[0]
        return found


def cells(clock: Clock, kind: str) -> Cells:
    """Return the division of the measured window of the given kind (one of `CELL_KINDS`)."""
    if kind == "interval":
        return Cells(kind, clock.interval_edges, None, clock.interval_labels)
    if kind == "hour_of_week":
        hours = clock.hour_of_week.astype(np.int64)
        return Cells(kind, clock.hour_edges, hours, tuple(range(HOURS_OF_WEEK)))
    return Cells("", np.array([clock.warm_up, clock.window_end], np.int64), None, ("",))
