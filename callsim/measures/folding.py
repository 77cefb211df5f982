"""Adding up along an axis: parts of the time into cells, streams into the queues that they call."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Fold"]

Int64 = npt.NDArray[np.int64]


class Fold:
    """Entries of an axis, each with the one that it is added to.

    Parameters
    ----------
    target : int64[entry]
        Where each entry goes; -1: nowhere.
    n : int
        Length of the axis afterwards.

    Examples
    --------
    >>> Fold(np.array([1, -1, 1]), 3).sum(np.array([[4, 5, 6]]), axis=1).tolist()
    [[0, 10, 0]]
    """

    def __init__(self, target: Int64, n: int) -> None:
        kept = np.flatnonzero(target >= 0)
        order = kept[np.argsort(target[kept], kind="stable")]
        into = target[order]
        starts = np.flatnonzero(np.diff(into, prepend=-1))
        self.n = n
        self._present = into[starts]
        self._order = None if np.array_equal(order, np.arange(len(order))) else order
        self._kept, self._all = len(order), len(order) == len(target)
        self._one_by_one = len(starts) == len(order)
        self._starts = starts
        self._as_it_is = self._order is None and self._all and self._one_by_one and len(starts) == n

    def sum(self, figures: Int64, axis: int) -> Int64:
        """Return the sums; the figures themselves if nothing is added to anything."""
        return figures if self._as_it_is else self._reduced(figures, axis, np.add, 0)

    def max(self, figures: Int64, axis: int) -> Int64:
        """Return the maxima, -1 where nothing goes; the figures themselves if each goes alone to its own place."""
        return figures if self._as_it_is else self._reduced(figures, axis, np.maximum, -1)

    def _reduced(self, figures: Int64, axis: int, function: np.ufunc, nothing: int) -> Int64:
        if self._order is not None:
            figures = figures.take(self._order, axis=axis)
        elif not self._all:
            figures = figures[(slice(None),) * axis + (slice(self._kept),)]
        if self._one_by_one:
            found = figures
        elif len(self._present) == 1:
            found = function.reduce(figures, axis=axis, keepdims=True)
        else:
            found = function.reduceat(figures, self._starts, axis=axis)
        if len(self._present) == self.n:
            return found
        shape = list(found.shape)
        shape[axis] = self.n
        full = np.full(shape, nothing, np.int64)
        full[(slice(None),) * axis + (self._present,)] = found
        return full
