"""Bins of waits by the keys of the measures: sorted once by bin, then counted under the keys of each part.

A part of the measures ("callers", "queue", ...) has a new key for each of the tally's keys. Where these are few, calls
are added up in a table of all their bins. Where they are many, the bins that occur are spread over them; spread in the
order of bins, they stand in that order under each new key, equal ones side by side. The bins of parts that are split in
time are added up from the same entries by whoever asks for them (`callsim.measures.from_sums`).
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.tally import FILLED, LISTED
from callsim.runlog.sums import BIN_MASK, BINS, KEY_SHIFT

__all__ = [
    "DENSE", "ENTRY", "N_NEW", "PART_WIDTH", "by_alike", "close_bins", "count_entries", "enter_all", "fold",
    "open_bins",
]  # fmt: skip

WHERE, COUNT, ENTRY = range(3)
"""Of an entry: a key of the tally with a bin in its low bits, and the calls in it. They are side by side and short,
because entries are written here and there, to memory that has not been at hand since the last replication."""
POSITION, CALLS = range(2)
"""Of what `fold` writes: new key * BINS + bin, and the calls in it."""
FIRST_TARGET, N_NEW, FIRST_KEY, END_KEY, PART_WIDTH = range(5)
"""Columns of the parts of the measures: where the new keys of the tally's keys stand in `targets`, the number of new
ones, which those have that are left out; and the keys under which all its calls stand, whether they waited or not."""
DENSE = 2
"""A table of all bins of some keys has at most so many cells for each bin that occurs."""


@inlined
def count_entry(r: Any, where: Any) -> Any:
    """Count one entry under its bin and its key."""
    r.counts[where & BIN_MASK] += 1
    r.number[where >> KEY_SHIFT] += 1


@inlined
def count_entries(r: Any, t: Any, row: Any, waits: Any, first: Any) -> Any:
    """Count the entries that a tally's table and its list will have.

    Parameters
    ----------
    r : callsim.engines.compiled.tally_sums.Results
        Its `number` and `counts` are counted on: entries by key and by bin. Its `waitless` are the calls of each key;
        of those that stand in an entry one is left.
    t : callsim.engines.compiled.tally.Tally
    row : int
        Of its `filled`.
    waits : tuple
        Its ``bins``, their ``places`` and its list of ``waits``.
    first : int
        Under which key their first one counts.
    """
    bins, places, listed = waits
    for i in range(t.filled[row, FILLED]):
        where = bins[places[i], 0] - 1 + (first << KEY_SHIFT)
        count_entry(r, where)
        r.waitless[where >> KEY_SHIFT] -= bins[places[i], 1] - 1
    for i in range(t.filled[row, LISTED]):
        count_entry(r, listed[i] + (first << KEY_SHIFT))


@jit
def open_bins(r: Any, n: Any) -> Any:
    """Return the highest bin of the `n` entries that were counted; each bin's count becomes the place of its first.

    The `waitless` become the calls that stand in no entry, having not waited.
    """
    for key in range(r.number.shape[0]):
        r.waitless[key] -= r.number[key]
    before, highest = 0, -1
    while before < n:
        highest += 1
        before += r.counts[highest]
        r.counts[highest] = before - r.counts[highest]
    return max(highest, 0)


@inlined
def enter(r: Any, where: Any, count: Any) -> Any:
    """Write one entry to the next place of its bin."""
    place = r.counts[where & BIN_MASK]
    r.counts[where & BIN_MASK] = place + 1
    r.entries[place, WHERE] = where
    r.entries[place, COUNT] = count


@inlined
def enter_all(r: Any, t: Any, row: Any, waits: Any, first: Any) -> Any:
    """Write what stands in a tally's table and in its list to `entries` in the order of bins.

    Parameters as for `count_entries`; the same bin of a key may be entered often.
    """
    bins, places, listed = waits
    for i in range(t.filled[row, FILLED]):
        enter(r, bins[places[i], 0] - 1 + (first << KEY_SHIFT), bins[places[i], 1])
    for i in range(t.filled[row, LISTED]):
        enter(r, listed[i] + (first << KEY_SHIFT), 1)


@inlined
def close_bins(r: Any, highest: Any) -> Any:
    """Forget where entries of bins stand."""
    for found in range(highest + 1):
        r.counts[found] = 0


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
        With its `entries`, their `number`, and the `waitless` as `open_bins` leaves them.
    part : int
        Row of its `parts`.
    filled, highest : int
        Entries, and the highest of their bins.
    place : int
    added : int
        Whether `by_alike` has added up the entries.
    """
    if (r.parts[part, N_NEW] + 1) * (highest + 1) <= DENSE * filled:
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
