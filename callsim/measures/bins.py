"""The bins of waits, on which percentiles are defined: 1 s wide below 128 s, of relative width 2^-7 above.

Bin 0 holds waits of exactly zero. Every other bin is half-open at its lower edge and includes its upper
edge, which is a whole number of seconds and is what a percentile reports: a wait of exactly 20 s is
reported as 20 s, never as 21 s. Numbers of calls or employees have a bin each.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import SECOND
from callsim.runlog.sums import BINS

__all__ = ["BINS", "LOWER_EDGES", "NUMBERS", "NUMBERS_BELOW", "UPPER_EDGES", "bin_of"]

Int64 = npt.NDArray[np.int64]

_FINE = 128
"""Bins in an octave, and seconds up to which bins are 1 s wide."""


def bin_of(wait: Int64) -> Int64:
    """Return the bin of each wait.

    Parameters
    ----------
    wait : int64[call]
        >= 0. [ticks]

    Returns
    -------
    int64[call]
        Bin numbers, 0 to ``BINS - 1``, monotone in the wait.

    Examples
    --------
    >>> bin_of(np.array([0, 1, 1_000_000, 1_000_001, 128_000_000, 256_000_000, 258_000_000])).tolist()
    [0, 1, 1, 2, 128, 256, 257]
    """
    # One tick less turns (lower, upper] into [lower, upper), so that whole seconds decide the bin.
    seconds = (wait - 1) // SECOND
    _, exponent = np.frexp(seconds.astype(np.float64))
    octave = np.maximum(exponent.astype(np.int64) - 8, 0)
    found: Int64 = 1 + _FINE * octave + (seconds >> octave)
    return found


def _upper_edges() -> npt.NDArray[np.float64]:
    fine = np.arange(_FINE + 1, dtype=np.float64)
    coarse = np.arange(BINS - _FINE - 1)
    octave, step = coarse // _FINE, coarse % _FINE
    edges = np.concatenate((fine, (_FINE + step + 1.0) * np.exp2(octave)))
    edges.setflags(write=False)
    return edges


UPPER_EDGES = _upper_edges()
"""[bin] Upper edge of each bin. [s]"""

LOWER_EDGES = np.concatenate(([0.0], UPPER_EDGES[:-1]))
"""[bin] Lower edge of each bin; bin 0 is the single wait 0. [s]"""
LOWER_EDGES.setflags(write=False)

NUMBERS = np.arange(BINS, dtype=np.float64)
"""[bin] The number that a bin of numbers holds."""
NUMBERS.setflags(write=False)

NUMBERS_BELOW = np.maximum(NUMBERS - 1.0, 0.0)
"""[bin] The number before it."""
NUMBERS_BELOW.setflags(write=False)
