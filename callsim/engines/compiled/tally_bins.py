"""Bins of waits by the keys of the measures: sorted once by bin, then counted under the keys of each part.

A part of the measures ("callers", "queue+interval", ...) has a target for each of the tally's keys. Entries that come
in the order of their bins need no sorting under the new keys: equal bins of a key come one after the other.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined, jit
from callsim.runlog.sums import BINS

__all__ = ["fold", "sort_bins"]

KEY, BIN, COUNT, ENTRY = range(4)
"""Rows of the entries that `sort_bins` writes: a key of the tally, a bin, the calls in it."""


@jit
def sort_bins(bins: Any, places: Any, filled: Any, counts: Any, entries: Any, waitless: Any) -> Any:
    """Write the occupied bins of a table to `entries` in the order of bins, and take their calls off `waitless`.

    `waitless` are the calls of each key before, and those that stand in no bin, having not waited, afterwards;
    `counts` is work space, zero before and after.
    """
    highest = 0
    for i in range(filled):
        found = (bins[places[i], 0] - 1) % BINS
        counts[found] += 1
        highest = max(highest, found)
    before = 0
    for found in range(highest + 1):
        before += counts[found]
        counts[found] = before - counts[found]
    for i in range(filled):
        key = (bins[places[i], 0] - 1) // BINS
        found = bins[places[i], 0] - 1 - key * BINS
        place = counts[found]
        counts[found] += 1
        entries[KEY, place] = key
        entries[BIN, place] = found
        entries[COUNT, place] = bins[places[i], 1]
        waitless[key] -= bins[places[i], 1]
    for found in range(highest + 1):
        counts[found] = 0


@inlined
def stretches(new_of: Any, first_key: Any, n: Any, entries: Any, filled: Any, last: Any, ends: Any) -> Any:
    """Write how many bins each new key has to `ends`; `last` is zero before and after."""
    for new in range(n + 1):
        ends[new] = 0
    for i in range(filled):
        new = new_of[first_key + entries[KEY, i]]
        ends[new] += last[new] != entries[BIN, i]
        last[new] = entries[BIN, i]
    for new in range(n + 1):
        last[new] = 0


@jit
def fold(
    new_of: Any,
    first_key: Any,
    keys: Any,
    n: Any,
    waitless: Any,
    entries: Any,
    filled: Any,
    last: Any,
    ends: Any,
    found: Any,
    first: Any,
) -> Any:
    """Write the bins of `n` new keys to `found` from place `first` on, and return the place behind them.

    `new_of` tells from `first_key` on the new key of each of the tally's `keys`, `n` for those that are left out;
    `waitless` and `entries` are as `sort_bins` leaves them. `last` and `ends` are work space, `last` being zero.
    """
    stretches(new_of, first_key, n, entries, filled, last, ends)
    for key in range(keys):
        last[new_of[first_key + key]] += waitless[key]
    place = first
    for new in range(n):
        if last[new] > 0:
            found[0, place] = new * BINS
            found[1, place] = last[new]
            place += 1
        last[new] = 0
        place += ends[new]
        ends[new] = place - ends[new] - 1
    # What is left out is written behind the rest, where the next part will overwrite it.
    last[n], ends[n] = 0, place - 1
    # Choosing by numbers, not by branches: whether a key's bin has come before is a toss-up.
    for i in range(filled):
        new, bin_ = new_of[first_key + entries[KEY, i]], entries[BIN, i]
        again = last[new] == bin_
        at = ends[new] + 1 - again
        found[0, at] = new * BINS + bin_
        found[1, at] = found[1, at] * again + entries[COUNT, i]
        last[new], ends[new] = bin_, at
    for new in range(n + 1):
        last[new] = 0
    return place
