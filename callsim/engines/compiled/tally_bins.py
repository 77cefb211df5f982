"""Bins of waits by other keys, fast: what `callsim.measures.folding.binned` does, for a run that kept no log.

A caller who turns many small runs into measures hands `fold_bins` to `callsim.measures.SumsReader`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import entry, inlined
from callsim.runlog.sums import BINS

__all__ = ["fold", "fold_bins"]

Int64 = npt.NDArray[np.int64]
FEW = 24
"""So many bins under one key are sorted by insertion."""


def fold_bins(
    waits: tuple[Int64, Int64], target: Int64, waited: Int64, write: Callable[..., Any] | None = None
) -> tuple[Int64, Int64]:
    """Return the bins of calls by other keys, with the calls that did not wait.

    Parameters
    ----------
    waits : (int64[entry], int64[entry])
        key * BINS + bin of waits above zero, in any order, and their counts.
    target : int64[key]
        New key of each key; -1: left out.
    waited : int64[new key]
        Answered and abandoned calls; those that the bins lack did not wait.
    write : callable, optional
        Compiled form of `fold`.

    Returns
    -------
    (int64[bin that occurs], int64[bin that occurs])
        new key * BINS + bin, ascending, and counts.
    """
    entries, keys = len(waits[0]), len(waited)
    found = np.empty((2, entries + keys), np.int64)
    sorted_by_key = np.empty((2, entries), np.int64)
    ends, counts = np.zeros(keys + 1, np.int64), np.zeros(BINS, np.int64)
    n = (write or fold)(*waits, target, waited, ends, counts, sorted_by_key, found)
    return found[0, :n].copy(), found[1, :n].copy()


@inlined
def _sort_few(ordered: Any, first: Any, end: Any) -> Any:
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
def _sort_many(ordered: Any, first: Any, end: Any, counts: Any) -> Any:
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
def _spread(position: Any, count: Any, target: Any, ends: Any, ordered: Any) -> Any:
    """Sort entries into stretches by their new key; `ends`, zero at first, tells in the end where each ends."""
    for i in range(len(position)):
        new = target[position[i] // BINS]
        if new >= 0:
            ends[new + 1] += 1
    for new in range(1, len(ends)):
        ends[new] += ends[new - 1]
    # Filling a stretch moves its beginning up to its end.
    for i in range(len(position)):
        key = position[i] // BINS
        new = target[key]
        if new >= 0:
            ordered[0, ends[new]] = position[i] - key * BINS
            ordered[1, ends[new]] = count[i]
            ends[new] += 1


@entry
def fold(position: Any, count: Any, target: Any, waited: Any, ends: Any, counts: Any, ordered: Any, found: Any) -> Any:
    """Write the bins to `found` and return their number; `ends` and `counts` are zero, `ordered` is work space."""
    _spread(position, count, target, ends, ordered)
    n, first = 0, 0
    for new in range(len(waited)):
        end = ends[new]
        if end - first <= FEW:
            _sort_few(ordered, first, end)
        else:
            end = _sort_many(ordered, first, end, counts)
        zero = n
        n += 1
        at_once = waited[new]
        for i in range(first, end):
            mark = new * BINS + ordered[0, i]
            at_once -= ordered[1, i]
            if n > zero + 1 and found[0, n - 1] == mark:
                found[1, n - 1] += ordered[1, i]
            else:
                found[0, n] = mark
                found[1, n] = ordered[1, i]
                n += 1
        found[0, zero] = new * BINS
        found[1, zero] = at_once
        if at_once == 0:
            for i in range(zero, n - 1):
                found[0, i] = found[0, i + 1]
                found[1, i] = found[1, i + 1]
            n -= 1
        first = ends[new]
    return n
