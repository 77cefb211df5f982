"""Bins of waits by the keys of the measures: listed once, then counted under the keys of each part.

A part of the measures ("callers", "queue", ...) has a new key for each of the tally's keys. Where these are few, calls
are added up in a table of all their bins. Where they are many, the bins that occur are sorted and spread over them;
spread in the order of bins, they stand in that order under each new key, equal ones side by side. The bins of parts
that are split in time are added up from the same entries by whoever asks for them (`callsim.measures.from_sums`).
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.tally import FILLED, LISTED
from callsim.runlog.sums import BIN_MASK, BINS, KEY_SHIFT

__all__ = [
    "DENSE", "ENTRY", "N_NEW", "PART_WIDTH", "by_alike", "count_listed", "fold", "is_dense", "list_counted",
    "list_waits", "set_waitless", "sort_entries",
]  # fmt: skip

WHERE, COUNT, ENTRY = range(3)
"""Of an entry that is moved: a key of the tally with a bin in its low bits, and the calls in it."""
POSITION, CALLS = range(2)
"""Of what `fold` writes: new key * BINS + bin, and the calls in it."""
FIRST_TARGET, N_NEW, FIRST_KEY, END_KEY, PART_WIDTH = range(5)
"""Columns of the parts of the measures: where the new keys of the tally's keys stand in `targets`, the number of new
ones, which those have that are left out; and the keys under which all its calls stand, whether they waited or not."""
DENSE = 2
"""A table of all bins of some keys has at most so many cells for each bin that occurs."""
ALIKE = 4
"""Likewise, of keys that count alike in all parts: that table stands for a walk over the bins for each part."""


@inlined
def list_counted(r: Any, t: Any, row: Any, waits: Any, first: Any, listed: Any) -> Any:
    """Write what stands in a table of a tally to `entries` and `calls`, and count it under its keys.

    The same bin of a key may be entered often.

    Parameters
    ----------
    r : callsim.engines.compiled.tally_sums.Results
        Its `number`, the entries by key, is counted on. Its `waitless` are the calls of each key; of those that stand
        in an entry one is left.
    t : callsim.engines.compiled.tally.Tally
    row : int
        Of its `filled`.
    waits : tuple
        Its ``bins`` and their ``places``.
    first : int
        Under which key their first one counts.
    listed : tuple
        Entries so far, and the highest of their bins; what is returned is the same, then.
    """
    (bins, places), (place, highest) = waits, listed
    for i in range(t.filled[row, FILLED]):
        where, calls = bins[places[i], 0] - 1 + (first << KEY_SHIFT), bins[places[i], 1]
        r.entries[place + i] = where
        r.calls[place + i] = calls
        r.number[where >> KEY_SHIFT] += 1
        r.waitless[where >> KEY_SHIFT] -= calls - 1
        highest = max(highest, where & BIN_MASK)
    return place + t.filled[row, FILLED], highest


@inlined
def list_waits(r: Any, t: Any, row: Any, waits: Any, first: Any, listed: Any) -> Any:
    """Write a list of ``waits`` of a tally to `entries`; each stands for one call. For the rest see `list_counted`."""
    place, highest = listed
    for i in range(t.filled[row, LISTED]):
        where = waits[i] + (first << KEY_SHIFT)
        r.entries[place + i] = where
        r.number[where >> KEY_SHIFT] += 1
        highest = max(highest, where & BIN_MASK)
    return place + t.filled[row, LISTED], highest


@inlined
def set_waitless(r: Any) -> Any:
    """Make `waitless`, of which one call is left for each entry, the calls that stand in no entry."""
    for key in range(r.number.shape[0]):
        r.waitless[key] -= r.number[key]


@inlined
def count_listed(r: Any, counted: Any, n: Any) -> Any:
    """Write down that each entry behind those `counted`, up to `n`, stands for one call."""
    for i in range(counted, n):
        r.calls[i] = 1


@inlined
def is_dense(r: Any, part: Any, n: Any, highest: Any) -> Any:
    """Tell whether a table of all bins of the new keys of a part pays."""
    return (r.parts[part, N_NEW] + 1) * (highest + 1) <= DENSE * n


@jit
def sort_entries(r: Any, n: Any, highest: Any) -> Any:
    """Bring the first `n` entries into the order of their bins."""
    for i in range(n):
        r.counts[r.entries[i] & BIN_MASK] += 1
    before = 0
    for found in range(highest + 1):
        before += r.counts[found]
        r.counts[found] = before - r.counts[found]
    for i in range(n):
        found = r.entries[i] & BIN_MASK
        place = r.counts[found]
        r.counts[found] = place + 1
        r.loose[place, WHERE] = r.entries[i]
        r.loose[place, COUNT] = r.calls[i]
    for found in range(highest + 1):
        r.counts[found] = 0
    for i in range(n):
        r.entries[i] = r.loose[i, WHERE]
        r.calls[i] = r.loose[i, COUNT]


@jit
def by_alike(r: Any, counted: Any, filled: Any, highest: Any) -> Any:
    """Add up the entries, of which the first are `counted`, whose keys count alike in all parts, if it pays."""
    width, n = highest + 1, r.alike_targets.shape[1]
    if n * width > min(ALIKE * filled, r.by_alike.shape[0]):
        return 0
    for cell in range(n * width):
        r.by_alike[cell] = 0
    for i in range(counted):
        where = r.entries[i]
        r.by_alike[r.alike_keys[where >> KEY_SHIFT] * width + (where & BIN_MASK)] += r.calls[i]
    for i in range(counted, filled):
        where = r.entries[i]
        r.by_alike[r.alike_keys[where >> KEY_SHIFT] * width + (where & BIN_MASK)] += 1
    return 1


@inlined
def fold_few(r: Any, part: Any, filled: Any, width: Any, place: Any, added: Any) -> Any:
    """Add up the calls in a table, [new key, bin], and write what it has to `found`."""
    first, n = r.parts[part, FIRST_TARGET], r.parts[part, N_NEW]
    for key in range(r.parts[part, FIRST_KEY], r.parts[part, END_KEY]):
        r.counts[r.targets[first + key] * width] += r.waitless[key]
    if added:
        for row in range(r.alike_targets.shape[1]):
            begin, old = r.alike_targets[part, row] * width, row * width
            for bin_of_wait in range(width):
                r.counts[begin + bin_of_wait] += r.by_alike[old + bin_of_wait]
    else:
        for i in range(filled):
            where = r.entries[i]
            new = r.targets[first + (where >> KEY_SHIFT)]
            r.counts[new * width + (where & BIN_MASK)] += r.calls[i]
    for new in range(n):
        for bin_of_wait in range(width):
            # An empty bin is written too, and overwritten by the next.
            calls = r.counts[new * width + bin_of_wait]
            r.found[place, POSITION] = new * BINS + bin_of_wait
            r.found[place, CALLS] = calls
            place += calls > 0
    for cell in range((n + 1) * width):
        r.counts[cell] = 0
    return place


@inlined
def spread(r: Any, part: Any, filled: Any) -> Any:
    """Write the entries to `loose` by new key, calls without a wait first, and return their number."""
    first, n = r.parts[part, FIRST_TARGET], r.parts[part, N_NEW]
    for new in range(n + 1):
        r.ends[new] = 0
        r.waited[new] = 0
    for key in range(r.parts[part, FIRST_KEY], r.parts[part, END_KEY]):
        r.waited[r.targets[first + key]] += r.waitless[key]
    for key in range(r.number.shape[0]):
        r.ends[r.targets[first + key]] += r.number[key]
    end = 0
    for new in range(n):
        r.loose[end, POSITION] = new * BINS
        r.loose[end, CALLS] = r.waited[new]
        begin = end + (r.waited[new] > 0)
        end = begin + r.ends[new]
        # Filling a stretch moves its beginning up to its end.
        r.ends[new] = begin
    # What is left out stands behind the rest.
    r.ends[n] = end
    for i in range(filled):
        where = r.entries[i]
        new = r.targets[first + (where >> KEY_SHIFT)]
        place = r.ends[new]
        r.ends[new] = place + 1
        r.loose[place, POSITION] = new * BINS + (where & BIN_MASK)
        r.loose[place, CALLS] = r.calls[i]
    return end


@jit
def fold(r: Any, part: Any, filled: Any, highest: Any, place: Any, added: Any) -> Any:
    """Write the bins of a part of the measures to `found` from `place` on, and return the place behind them.

    Parameters
    ----------
    r : callsim.engines.compiled.tally_sums.Results
        With its `entries`, in the order of bins unless the part is dense; their `calls`, unless they are ``added``;
        their `number`; and the `waitless` as `set_waitless` leaves them.
    part : int
        Row of its `parts`.
    filled, highest : int
        Entries, and the highest of their bins.
    place : int
    added : int
        Whether `by_alike` has added up the entries.
    """
    if is_dense(r, part, filled, highest):
        return fold_few(r, part, filled, highest + 1, place, added)
    # Whether a bin is that of the neighbour is a toss-up: numbers choose, branches would be guessed.
    place, last, calls = place - 1, -1, 0
    for i in range(spread(r, part, filled)):
        again = r.loose[i, POSITION] == last
        last = r.loose[i, POSITION]
        calls = calls * again + r.loose[i, CALLS]
        place += 1 - again
        r.found[place, POSITION] = last
        r.found[place, CALLS] = calls
    return place + 1
