"""The digest of a run log: the same whichever engine ran, in whatever order rows came, kept in a log or not.

Each row of a table is hashed on its own into two words of 64 bits (lanes); a table's digest is the number of its
rows and the sum of the words modulo 2^64. Cells are first folded into few words: the first cell plus the others,
each increased by one (so that -1 becomes 0) and rotated to its place. With odd keys k, a row's hash is::

    mix(k[0] + k[1] w[1] + k[2] w[2] + ...)   modulo 2^64

where `mix` is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014). Every step is one to one in each cell, so a single changed cell always changes both
lanes; any other difference goes unseen with a chance of about 2^-128. The keys are public: the digest guards
against accidents and differences between engines, not against forgers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["KEYS", "LANES", "MIX", "WORDS", "combined", "table_sums"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

LANES = 2
_BITS = 64
_WORD = (1 << _BITS) - 1
MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))
"""Steps of the finaliser: h = (h ^ (h >> shift)) * factor."""

WORDS: dict[str, tuple[tuple[tuple[str, int], ...], ...]] = {
    "contacts": (
        (("row", 0),),
        (("n", 0), ("block", 32)),
        (("outcome", 0), ("cause", 8), ("attempt", 16), ("queue", 32), ("stream", 48)),
        (("arrived", 0),),
        (("ended", 0),),
    ),
    "legs": (
        (("contact", 0), ("leg", 48)),
        (("outcome", 0), ("transfer", 4), ("queue", 8), ("transfer_row", 24), ("agent", 40)),
        (("entered", 0),),
        (("left", 0),),
        (("talk_end", 0),),
        (("handle_end", 0),),
    ),
    "spans": (
        (("kind", 0), ("agent", 8)),
        (("start", 0),),
        (("end", 0),),
    ),
}
"""Table -> its words, each of (column, rotation to the left). "row" is the row's own number: contacts are named by
it, while legs carry their contact's and spans may stand in any order."""


def _mixed(value: int) -> int:
    for shift, factor in MIX:
        value = (value ^ (value >> shift)) * factor & _WORD
    return value


def _keys() -> UInt64:
    """Return odd constants, the sequence of SplitMix64 from 0 on: uint64[table, lane, 1 + word]."""
    width = 1 + max(len(words) for words in WORDS.values())
    numbers = range(1, len(WORDS) * LANES * width + 1)
    found = [_mixed(number * 0x9E3779B97F4A7C15 & _WORD) | 1 for number in numbers]
    keys = np.array(found, np.uint64).reshape(len(WORDS), LANES, width)
    keys.setflags(write=False)
    return keys


KEYS = _keys()
"""uint64[table, lane, 1 + word]: what a row's hash starts from, then the key of each word. All odd."""


def table_sums(name: str, columns: Mapping[str, Int64]) -> UInt64:
    """Return what a table gives to the digest: uint64[1 + lane], its number of rows and the sums of the lanes.

    Parameters
    ----------
    name : str
        One of `WORDS`.
    columns : mapping of str to int64[row]
        In any order of the rows, except that a contact's row is its number.
    """
    n = len(next(iter(columns.values())))
    sums = np.zeros(1 + LANES, np.uint64)
    sums[0] = n
    cells = {"row": np.arange(n, dtype=np.int64), **columns}
    words = [_folded([(cells[column], turn) for column, turn in word]) for word in WORDS[name]]
    for lane in range(LANES):
        keys = KEYS[list(WORDS).index(name), lane]
        total = np.full(n, keys[0], np.uint64)
        for key, word in zip(keys[1:], words, strict=False):
            total += key * word
        for shift, factor in MIX:
            total ^= total >> np.uint64(shift)
            total *= np.uint64(factor)
        sums[1 + lane] = np.add.reduce(total)
    return sums


def _folded(cells: Sequence[tuple[Int64, int]]) -> UInt64:
    """Return the word that columns make together, uint64[row]."""
    word = np.zeros(len(cells[0][0]), np.uint64)
    for column, turn in cells:
        bits = np.ascontiguousarray(column).view(np.uint64)
        if turn:
            bits = bits + np.uint64(1)
            bits = (bits << np.uint64(turn)) | (bits >> np.uint64(_BITS - turn))
        word += bits
    return word


def combined(header: Mapping[str, int | str], tables: UInt64, queue_time: Int64, busy_time: Int64) -> str:
    """Return the digest of a run as 64 hexadecimal digits: a SHA-256 over all its parts.

    Parameters
    ----------
    header : mapping of str to int or str
        End, seed, replication, digest of the plan, format of the log: in any order.
    tables : uint64[table, 1 + lane]
        `table_sums` of contacts, legs and spans.
    queue_time : int64[queue]
        [ticks * callers]
    busy_time : int64[group]
        [ticks]
    """
    total = hashlib.sha256()
    for name, value in sorted(header.items()):
        total.update(f"{name} {value!r}\n".encode())
    for name, sums in zip(WORDS, tables, strict=True):
        total.update(f"{name} {' '.join(str(int(number)) for number in sums)}\n".encode())
    for name, array in (("queue_time", queue_time), ("busy_time", busy_time)):
        total.update(f"{name} {array.tolist()}\n".encode())
    return total.hexdigest()
