"""Quantiles of mixtures: no formula inverts them, but those of the parts bracket them closely.

The parts' own quantiles, taken together and sorted, are a grid fine enough that the mixture's tail
probability is nearly straight between neighbours; two steps of false position finish the work. Atoms
(constants, samples) put themselves and their lower neighbour into the grid, so that jumps stay sharp.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from callsim.plan.portable import exp

__all__ = ["mixed_quantiles", "mixed_tails"]

Float = npt.NDArray[np.float64]

OCTAVES = 72
"""The grid reaches down to tail probability 2^-72 of each part."""
POINTS = 32
"""Grid points of each part in a factor 2 of probability."""
LN2 = 0.69314718055994530942


class Part(Protocol):
    """What a mixture asks of its parts."""

    @property
    def atoms(self) -> Float:
        """Values of positive probability. [s]"""

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles counted from one tail. [s]"""

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return P(X <= x) and P(X > x)."""


def mixed_tails(shares: Sequence[float], parts: Sequence[Part], x: Float) -> tuple[Float, Float]:
    """Return P(X <= x) and P(X > x) of a mixture.

    Parameters
    ----------
    shares : sequence of float
        Probability of each part.
    parts : sequence of Part
        The laws that are mixed.
    x : float64[point]
        Values >= 0. [s]

    Returns
    -------
    tuple of two float64[point]
        Lower and upper tail probability.
    """
    lower = np.zeros_like(x)
    upper = np.zeros_like(x)
    for share, part in zip(shares, parts, strict=True):
        below, above = part.tails(x)
        lower = lower + share * below
        upper = upper + share * above
    return lower, upper


def _grid(parts: Sequence[Part]) -> Float:
    """Return sorted values between which a mixture of these parts is nearly straight."""
    levels = exp(-LN2 * (1.0 + np.arange((OCTAVES - 1) * POINTS + 1) / POINTS))
    values = [part.quantiles(levels, upper) for part in parts for upper in (False, True)]
    for part in parts:
        atoms = part.atoms
        values += [atoms, np.maximum(np.nextafter(atoms, -np.inf), 0.0)]
    return np.unique(np.concatenate(values))


def mixed_quantiles(shares: Sequence[float], parts: Sequence[Part], p: Float, upper: bool) -> Float:
    """Return quantiles of a mixture counted from one tail.

    Parameters
    ----------
    shares : sequence of float
        Probability of each part.
    parts : sequence of Part
        The laws that are mixed.
    p : float64[point]
        Tail probabilities, in (0, 1/2].
    upper : bool
        False: Q(p); True: Q(1 - p).

    Returns
    -------
    float64[point]
        Values; for parts with densities the relative error is about 1e-9. [s]
    """

    def level(x: Float) -> Float:
        # Rises with x on both sides: the upper tail enters with a minus sign.
        return -mixed_tails(shares, parts, x)[1] if upper else mixed_tails(shares, parts, x)[0]

    return _invert(level, _grid(parts), -p if upper else p)


def _invert(level: Callable[[Float], Float], x: Float, target: Float) -> Float:
    """Return for each target the smallest value whose level reaches it."""
    known = np.maximum.accumulate(level(x))
    right = np.minimum(np.searchsorted(known, target, side="left"), len(x) - 1)
    left = np.maximum(right - 1, 0)
    x0, x1, level0, level1 = x[left], x[right], known[left], known[right]
    for _ in range(2):
        middle = _between(x0, x1, level0, level1, target)
        at_middle = level(middle)
        reached = at_middle >= target
        x0, level0 = np.where(reached, x0, middle), np.where(reached, level0, at_middle)
        x1, level1 = np.where(reached, middle, x1), np.where(reached, at_middle, level1)
    return _between(x0, x1, level0, level1, target)


def _between(x0: Float, x1: Float, level0: Float, level1: Float, target: Float) -> Float:
    """Return the value at which the chord reaches the target, kept inside the bracket."""
    rise = level1 - level0
    share = np.where(rise > 0.0, (target - level0) / np.where(rise > 0.0, rise, 1.0), 1.0)
    return x0 + (x1 - x0) * np.minimum(np.maximum(share, 0.0), 1.0)
