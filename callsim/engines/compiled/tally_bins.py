"""Bins of waits by the keys of the measures: the table of bins is sorted once for each part of the measures.

A part of the measures ("callers", "queue+interval", ...) has a target for each of the tally's keys. Waits go to the
stretch of their new key, are sorted there by their bins, and equal bins are added up.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined, jit
from callsim.runlog.sums import BINS

__all__ = ["FEW", "fold"]

FEW = 24
"""So many bins under one key are sorted by insertion, more by counting."""


@inlined
def sort_few(ordered: Any, first: Any, end: Any) -> Any:
    """Sort the entries from `first` to `end` by their bins, by insertion."""
    for i in range(first + 1, end):
        found, count = ordered[0, i], ordered[1, i]
        j = i
        while j > first and ordered[0, j - 1] > found:
            ordered[0, j] = ordered[0, j - 1]
            ordered[1, j] = ordered[1, j - 1]
            j -= 1
        ordered[0, j] = found
        ordered[1, j] = count


@inlined
def sort_many(ordered: Any, first: Any, end: Any, counts: Any) -> Any:
    """Sort them by counting, equal bins added up, and return their new end; `counts` is zero before and after."""
    highest = 0
    for i in range(first, end):
        counts[ordered[0, i]] += ordered[1, i]
        highest = max(highest, ordered[0, i])
    place = first
    for found in range(highest + 1):
        if counts[found] > 0:
            ordered[0, place] = found
            ordered[1, place] = counts[found]
            counts[found] = 0
            place += 1
    return place


@inlined
def spread(bins: Any, places: Any, filled: Any, targets: Any, first_key: Any, ends: Any, n: Any, ordered: Any) -> Any:
    """Sort entries into stretches by their new key; `ends` tells afterwards where each stretch ends."""
    for new in range(n + 1):
        ends[new] = 0
    for i in range(filled):
        new = targets[first_key + (bins[places[i], 0] - 1) // BINS]
        if new >= 0:
            ends[new + 1] += 1
    for new in range(1, n + 1):
        ends[new] += ends[new - 1]
    # Filling a stretch moves its beginning up to its end.
    for i in range(filled):
        key = (bins[places[i], 0] - 1) // BINS
        new = targets[first_key + key]
        if new >= 0:
            ordered[0, ends[new]] = bins[places[i], 0] - 1 - key * BINS
            ordered[1, ends[new]] = bins[places[i], 1]
            ends[new] += 1


@inlined
def write(ordered: Any, first: Any, end: Any, new: Any, waited: Any, found: Any, n: Any) -> Any:
    """Write the bins of one key to `found` from place `n` on, and return the next place; `waited` calls in all."""
    for i in range(first, end):
        waited -= ordered[1, i]
    # The calls that stand in no bin did not wait.
    if waited > 0:
        found[0, n] = new * BINS
        found[1, n] = waited
        n += 1
    last = -1
    for i in range(first, end):
        if ordered[0, i] == last:
            found[1, n - 1] += ordered[1, i]
        else:
            last = ordered[0, i]
            found[0, n] = new * BINS + last
            found[1, n] = ordered[1, i]
            n += 1
    return n


@jit
def fold(
    bins: Any,
    places: Any,
    filled: Any,
    targets: Any,
    first_key: Any,
    waited: Any,
    n_new: Any,
    ends: Any,
    counts: Any,
    ordered: Any,
    found: Any,
    first: Any,
) -> Any:
    """Write the bins by new key to `found` from place `first` on, and return their number.

    `targets` tells the new key of each key from `first_key` on, `waited` the calls of each new key; `ends`, `counts`
    and `ordered` are work space, `counts` being zero.
    """
    spread(bins, places, filled, targets, first_key, ends, n_new, ordered)
    n, begin = first, 0
    for new in range(n_new):
        end = ends[new]
        if end - begin <= FEW:
            sort_few(ordered, begin, end)
        else:
            end = sort_many(ordered, begin, end, counts)
        n = write(ordered, begin, end, new, waited[new], found, n)
        begin = ends[new]
    return n - first
