"""What a replication keeps of one kind of scope: sums, maxima and bins, by member and cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from callsim.measures.case_catalogue import CASE_SUMS
from callsim.measures.catalogue import SUMS
from callsim.measures.sums import Histogram

__all__ = ["CasePart", "Part"]

Int64 = npt.NDArray[np.int64]
_ROW = {name: row for row, name in enumerate(SUMS)}
_CASE_ROW = {name: row for row, name in enumerate(CASE_SUMS)}


@dataclass(frozen=True)
class Part:
    """The figures of one kind of scope, in total or split in time."""

    sums: Int64
    """[sum, member, cell] In the order of `callsim.measures.catalogue.SUMS`; times in ticks."""
    maxima: Int64
    """[member, cell] Longest wait, -1 if there is none. [ticks]"""
    waits: Histogram
    """Bins of waits by member and cell."""

    @staticmethod
    def row_of(name: str) -> int:
        """Return the row of a sum."""
        return _ROW[name]

    def sum_of(self, name: str) -> Int64:
        """Return one sum, int64[member, cell]."""
        figures: Int64 = self.sums[self.row_of(name)]
        return figures

    def histogram(self, _: str) -> Histogram:
        """Return the bins of which a percentile is read."""
        return self.waits


@dataclass(frozen=True)
class CasePart(Part):
    """The figures of cases of one kind of scope; ``sums`` are in the order of `CASE_SUMS`, and there are no waits."""

    bins: Mapping[str, Histogram] = field(default_factory=dict)
    """Name -> bins: of numbers, of times as of waits, and of ages at the end by the full hour."""

    @staticmethod
    def row_of(name: str) -> int:
        """Return the row of a sum."""
        return _CASE_ROW[name]

    def histogram(self, name: str) -> Histogram:
        """Return the bins of this name."""
        return self.bins[name]
