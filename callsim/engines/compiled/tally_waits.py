"""Waits by key and bin: listed one behind the other; a full list moves into a table with open addressing."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import finished, inlined
from callsim.engines.compiled.tally import DONE, FILLED, LISTED, MASK, Tally
from callsim.plan.plan import SECOND
from callsim.runlog.sums import BIN_MASK, KEY_SHIFT

__all__ = ["count_wait", "has_room", "mark_of", "move_bins"]

SPREAD = 0x1E3779B97F4A7C15
"""An odd constant whose products spread keys over the high bits."""
SPREAD_SHIFT = 24


@inlined
def bin_of(wait: Any) -> Any:
    """Return the bin of a wait above zero, as `callsim.measures.bins.bin_of` does."""
    seconds = max(wait - 1, 0) // SECOND
    octave = 0
    while seconds >> octave >= 256:
        octave += 1
    return 1 + 128 * octave + (seconds >> octave)


@inlined
def place_of(bins: Any, mask: Any, key: Any, found: Any) -> Any:
    """Return the place of a key's bin in a table of bins, or the free place where it belongs.

    The bins of a key lie one behind the other: neighbours in time have the same keys, and their bins are at hand.
    """
    mark = (key << KEY_SHIFT | found) + 1
    place = (((key * SPREAD) >> SPREAD_SHIFT) + found) & mask
    while bins[place, 0] != mark and bins[place, 0] != 0:
        place = (place + 1) & mask
    return place


@inlined
def put_bin(t: Tally, bins: Any, places: Any, row: int, key: Any, found: Any, n: Any) -> Any:
    """Add `n` waits to a bin of a key."""
    place = place_of(bins, t.filled[row, MASK], key, found)
    if bins[place, 0] == 0:
        bins[place, 0] = (key << KEY_SHIFT | found) + 1
        places[t.filled[row, FILLED]] = place
        t.filled[row, FILLED] += 1
    bins[place, 1] += n


@inlined
def mark_of(key: Any, wait: Any) -> Any:
    """Return what stands in a list for a wait above zero."""
    return key << KEY_SHIFT | bin_of(wait)


@inlined
def count_wait(t: Tally, waits: Any, row: int, key: Any, wait: Any) -> Any:
    """List the bin of one wait above zero."""
    n = t.filled[row, LISTED]
    waits[n] = mark_of(key, wait)
    t.filled[row, LISTED] = n + 1


@inlined
def has_room(t: Tally, waits: Any, bins: Any, places: Any, row: int, n: Any) -> Any:
    """Tell whether the list has room for `n` more waits; if need be, what is listed moves into the table."""
    listed = t.filled[row, LISTED]
    if len(waits) - listed >= n:
        return True
    if len(waits) < n or len(places) - t.filled[row, FILLED] < listed:
        return False
    for i in range(listed):
        put_bin(t, bins, places, row, waits[i] >> KEY_SHIFT, waits[i] & BIN_MASK, 1)
    t.filled[row, LISTED] = 0
    return True


@finished
def move_bins(old: Any, places: Any, filled: Any, bins: Any, room: Any) -> Any:
    """Write the `filled` bins of one table into a larger empty one, `bins`, and their places into `room`."""
    for i in range(filled):
        mark = old[places[i], 0] - 1
        place = place_of(bins, len(bins) - 1, mark >> KEY_SHIFT, mark & BIN_MASK)
        bins[place, 0] = old[places[i], 0]
        bins[place, 1] = old[places[i], 1]
        room[i] = place
    return DONE
