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
    "DENSE", "ENTRY", "N_NEW", "PART_WIDTH", "by_alike", "fold", "highest_bin", "is_dense", "list_entries",
    "sort_entries",
]  # fmt: skip

WHERE, COUNT, ENTRY = range(3)
"""Of an entry: a key of the tally with a bin in its low bits, and the calls in it."""
POSITION, CALLS = range(2)
"""Of what `fold` writes: new key * BINS + bin, and the calls in it."""
FIRST_TARGET, N_NEW, FIRST_KEY, END_KEY, PART_WIDTH = range(5)
"""Columns of the parts of the measures: where the new keys of the tally's keys stand in `targets`, the number of new
ones, which those have that are left out; and the keys under which all its calls stand, whether they waited or not."""
DENSE = 2
"""A table of all bins of some keys has at most so many cells for each bin that occurs."""


@inlined
def list_entry(r: Any, place: Any, where: Any, count: Any) -> Any:
    """Write one entry, and count it under its key."""
    r.entries[place, WHERE] = where
    r.entries[place, COUNT] = count
    r.number[where >> KEY_SHIFT] += 1


@inlined
def list_entries(r: Any, t: Any, row: Any, waits: Any, first: Any, place: Any) -> Any:
    """Write what stands in a tally's table and in its list to `entries` as it comes, and return the place behind it.

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
        Its ``bins``, their ``places`` and its list of ``waits``.
    first : int
        Under which key their first one counts.
    place : int
    """
    bins, places, listed = waits
    filled = t.filled[row, FILLED]
    for i in range(filled):
        where = bins[places[i], 0] - 1 + (first << KEY_SHIFT)
        list_entry(r, place + i, where, bins[places[i], 1])
        r.waitless[where >> KEY_SHIFT] -= bins[places[i], 1] - 1
    place += filled
    for i in range(t.filled[row, LISTED]):
        list_entry(r, place + i, listed[i] + (first << KEY_SHIFT), 1)
    return place + t.filled[row, LISTED]


@jit
def highest_bin(r: Any, n: Any) -> Any:
    """Return the highest bin of the first `n` entries, or 0; make the `waitless` the calls that stand in no entry."""
    for key in range(r.number.shape[0]):
        r.waitless[key] -= r.number[key]
    highest = 0
    for i in range(n):
        highest = max(highest, r.entries[i, WHERE] & BIN_MASK)
    return highest


@inlined
def is_dense(r: Any, part: Any, n: Any, highest: Any) -> Any:
    """Tell whether a table of all bins of the new keys of a part pays."""
    return (r.parts[part, N_NEW] + 1) * (highest + 1) <= DENSE * n


@jit
def sort_entries(r: Any, n: Any, highest: Any) -> Any:
    """Bring the first `n` entries into the order of their bins."""
    for i in range(n):
        r.counts[r.entries[i, WHERE] & BIN_MASK] += 1
    before = 0
    for found in range(highest + 1):
        before += r.counts[found]
        r.counts[found] = before - r.counts[found]
    for i in range(n):
        found = r.entries[i, WHERE] & BIN_MASK
        place = r.counts[found]
        r.counts[found] = place + 1
        r.loose[place, WHERE] = r.entries[i, WHERE]
        r.loose[place, COUNT] = r.entries[i, COUNT]
    for found in range(highest + 1):
        r.counts[found] = 0
    for i in range(n):
        r.entries[i, WHERE] = r.loose[i, WHERE]
        r.entries[i, COUNT] = r.loose[i, COUNT]


@jit
def by_alike(r: Any, filled: Any, highest: Any) -> Any:
    """Add up the entries whose keys count alike in all parts; return whether it pays."""
    width, n = highest + 1, r.alike_targets.shape[1]
    if n * width > DENSE * filled:
        return 0
    for cell in range(n * width):
        r.by_alike[cell] = 0
    for i in range(filled):
        where = r.entries[i, WHERE]
        r.by_alike[r.alike_keys[where >> KEY_SHIFT] * width + (where & BIN_MASK)] += r.entries[i, COUNT]
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
            where = r.entries[i, WHERE]
            new = r.targets[first + (where >> KEY_SHIFT)]
            r.counts[new * width + (where & BIN_MASK)] += r.entries[i, COUNT]
    for new in range(n):
        for bin_of_wait in range(width):
            # An empty bin is written too, and overwritten by the next.
            calls = r.counts[new * width + bin_of_wait]
            r.found[POSITION, place] = new * BINS + bin_of_wait
            r.found[CALLS, place] = calls
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
        where = r.entries[i, WHERE]
        new = r.targets[first + (where >> KEY_SHIFT)]
        place = r.ends[new]
        r.ends[new] = place + 1
        r.loose[place, POSITION] = new * BINS + (where & BIN_MASK)
        r.loose[place, CALLS] = r.entries[i, COUNT]
    return end


@jit
def fold(r: Any, part: Any, filled: Any, highest: Any, place: Any, added: Any) -> Any:
    """Write the bins of a part of the measures to `found` from `place` on, and return the place behind them.

    Parameters
    ----------
    r : callsim.engines.compiled.tally_sums.Results
        With its `entries`, in the order of bins unless the part is dense, their `number`, and the `waitless` as
        `highest_bin` leaves them.
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
        r.found[POSITION, place] = last
        r.found[CALLS, place] = calls
    return place + 1
