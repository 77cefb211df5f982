"""The digest of a run log: the same whichever engine ran, in whatever order rows came, kept in a log or not.

Each row of a table is hashed on its own into 64 bits; a table's digest is the number of its rows and the sum of their
hashes modulo 2^64. The cells of a row are first folded into a few words w: the first cell of a word plus the others,
each increased by one (so that -1 becomes 0) and rotated to its place. With random odd keys k the row's hash is::

    mix((2 w[0] + k[0]) (2 w[1] + k[1]) + (2 w[2] + k[2]) (2 w[3] + k[3]) + ...)   modulo 2^64

where `mix` is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014). Products of odd numbers cost one multiplication for two words (the idea of the hash NH: Black, Halevi,
Krawczyk, Krovetz and Rogaway, "UMAC", CRYPTO 1999), and no change of a single word by less than 2^63 leaves one
unchanged: a single changed cell is always seen, any other difference is missed with a chance of about 2^-64. The keys
are public: the digest guards against accidents and differences between engines, not against forgers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["HEADER", "KEYS", "MIX", "WORDS", "Imprint", "header_of", "table_digest"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))
"""Steps of the finaliser: h = (h ^ (h >> shift)) * factor."""
WORDS: dict[str, tuple[tuple[tuple[str, int], ...], ...]] = {
    "contacts": (
        (("row", 0), ("n", 36)),
        (("arrived", 0),),
        (("outcome", 0), ("cause", 4), ("attempt", 8), ("queue", 16), ("stream", 28), ("block", 40)),
        (("ended", 0),),
    ),
    "legs": (
        (("contact", 0), ("leg", 40)),
        (("entered", 0),),
        (("outcome", 0), ("transfer", 4), ("queue", 8), ("transfer_row", 20), ("agent", 36)),
        (("left", 0),),
        (("talk_end", 0),),
        (("handle_end", 0),),
    ),
    "spans": (
        (("kind", 0), ("agent", 8)),
        (("start", 0),),
        (("end", 0),),
        (),
    ),
    "case_events": (
        (("n", 0), ("block", 24), ("stream", 56)),
        (("at", 0),),
        (("event", 0), ("step", 4), ("leg", 28), ("contact", 44)),
        (("value", 0),),
    ),
}
"""Table -> its words, an even number of them, each of (column, rotation to the left). "row" is the row's own number:
contacts are named by it, while legs carry their contact's and spans may stand in any order."""
_TABLE = {name: row for row, name in enumerate(WORDS)}
_WORD = 1 << 64
HEADER = ("end", "format", "plan_digest", "replication", "seed")
"""What counts of a run besides its tables and its two integrals: every whole number and text that it has."""
header_of = attrgetter(*HEADER)
"""Returns these of a run."""
_TEXT = "".join(
    [f"{name} %r\n" for name in HEADER]
    + [f"{name} %d %d\n" for name in WORDS]
    + [f"{name} %r\n" for name in ("queue_time", "busy_time")]
)
"""What is hashed, without its numbers."""


def _keys() -> UInt64:
    """Return the sequence of SplitMix64 from 0 on, made odd: uint64[table, word]."""
    width = max(len(words) for words in WORDS.values())
    found = []
    for number in range(1, len(WORDS) * width + 1):
        key = number * 0x9E3779B97F4A7C15 % _WORD
        for shift, factor in MIX:
            key = (key ^ (key >> shift)) * factor % _WORD
        found.append(key | 1)
    return np.array(found, np.uint64).reshape(len(WORDS), width)


KEYS = _keys()
"""uint64[table, word]"""


def table_digest(name: str, columns: Mapping[str, Int64]) -> UInt64:
    """Return what a table gives to the digest: uint64[2], its number of rows and the sum of their hashes.

    Parameters
    ----------
    name : str
        One of `WORDS`.
    columns : mapping of str to int64[row]
        In any order of the rows, except that a contact's row is its number.
    """
    n = len(next(iter(columns.values())))
    cells = {"row": np.arange(n, dtype=np.int64), **columns}
    words = [_folded(n, [(cells[column], turn) for column, turn in word]) for word in WORDS[name]]
    factors = [word + word + key for word, key in zip(words, KEYS[_TABLE[name]], strict=False)]
    total = np.zeros(n, np.uint64)
    for first, second in zip(factors[::2], factors[1::2], strict=True):
        total += first * second
    for shift, factor in MIX:
        total = (total ^ (total >> np.uint64(shift))) * np.uint64(factor)
    return np.array([n, np.add.reduce(total)], np.uint64)


def _folded(n: int, cells: Sequence[tuple[Int64, int]]) -> UInt64:
    """Return the word that columns make together, uint64[row]."""
    word = np.zeros(n, np.uint64)
    for column, turn in cells:
        bits = np.ascontiguousarray(column).view(np.uint64)
        if turn:
            bits = bits + np.uint64(1)
            bits = (bits << np.uint64(turn)) | (bits >> np.uint64(64 - turn))
        word += bits
    return word


class Imprint(NamedTuple):
    """What the digest of a run is made from, and no more of the run: it is made when somebody asks for it."""

    end: int
    """Like the next four: the `HEADER`."""
    format: int
    plan_digest: str
    replication: int
    seed: int
    n_queues: int
    n_groups: int
    figures: list[int]
    """The integrals of each queue and of each group of agents, then what `table_digest` says of the tables, modulo
    2^64, in the order of `WORDS`; the last may be missing if it is empty."""

    def digest(self) -> str:
        """Return the digest of the run as 64 hexadecimal digits: a SHA-256 over all its parts."""
        queues, both = self.n_queues, self.n_queues + self.n_groups
        tables = [figure % _WORD for figure in self.figures[both:]]
        if len(tables) < 2 * len(WORDS):
            tables += (0, 0)
        text = _TEXT % (*self[: len(HEADER)], *tables, self.figures[:queues], self.figures[queues:both])
        return hashlib.sha256(text.encode()).hexdigest()
