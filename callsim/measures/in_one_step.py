"""A linear map of small tables in one step: its coefficients are read off once, by what it makes of units.

Tables of a few columns cost by the number of operations, not by their size. Where nothing is split in time, the sums
of a replication are made by three operations in place of thirty, and by the same rules, which stand once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["InOneStep"]

Int64 = npt.NDArray[np.int64]


class InOneStep:
    """What a function makes of tables of facts: sums of a member's own facts, with whole numbers as weights.

    Parameters
    ----------
    make : callable
        Called with one int64[fact, member, part] for each of `facts`; gives int64[sum, member, part].
    facts : tuple of int
        Rows of each table.
    n_members : int

    Examples
    --------
    >>> both = InOneStep(lambda calls, visits: np.stack((calls[0] - visits[0], calls[1])), (2, 1), 3)
    >>> both(np.array([[7, 8, 9], [4, 5, 6]]), np.array([[1, 2, 3]])).tolist()
    [[6, 6, 6], [4, 5, 6]]
    """

    def __init__(self, make: Callable[..., Int64], facts: tuple[int, ...], n_members: int) -> None:
        n = sum(facts)
        units = np.repeat(np.eye(n, dtype=np.int64)[:, np.newaxis], n_members, axis=1)
        weights = make(*np.split(units, np.cumsum(facts)[:-1]))
        self._shape = weights.shape[:2]
        # A sum that is made of nothing is made of no time the first fact: each needs one entry at least.
        there = weights != 0
        there[:, :, 0] |= ~there.any(axis=2)
        _, member, fact = np.nonzero(there)
        self._place, self._weight = fact * n_members + member, weights[there]
        self._starts = np.concatenate(([0], np.cumsum(there.sum(axis=2).ravel())[:-1]))

    def __call__(self, *tables: Int64) -> Int64:
        """Return int64[sum, member] of tables int64[fact, member]."""
        terms = np.concatenate(tables, axis=None).take(self._place)
        terms *= self._weight
        return np.add.reduceat(terms, self._starts).reshape(self._shape)
