"""Laws that are lists of values, or are made from other laws: constants, samples, shifts and mixtures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.plan.distributions import Law
from callsim.plan.mixing import mixed_quantiles, mixed_tails
from callsim.plan.parameters import SHARE_SLACK, check_not_negative, check_shares, require, spread

__all__ = ["Constant", "Empirical", "Mixture", "Shifted"]

Float = npt.NDArray[np.float64]

MOST_SAMPLES = 1 << 24
"""More samples than this do not belong in memory."""
FINEST_SHARES = 1000
"""A mixture of constants whose shares are multiples of 1/n, n up to this, becomes a list of n values."""


@dataclass(frozen=True)
class Constant(Law):
    """Always the same value."""

    value: float
    """The value, >= 0. [s]"""

    def __post_init__(self) -> None:
        check_not_negative("value", self.value)
        value = float(self.value)
        self._derive(mean=value, cv=0.0, low=value, high=value, samples=(value,))

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return the value everywhere."""
        return np.full(p.shape, float(self.value))

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the step at the value."""
        reached = (x >= self.value).astype(np.float64)
        return reached, 1.0 - reached


@dataclass(frozen=True)
class Empirical(Law):
    """Measured values, each as likely as the others."""

    values: tuple[float, ...]
    """The values in any order (kept sorted), >= 0; repeated ones count as often as they stand. [s]"""

    def __post_init__(self) -> None:
        ordered = tuple(sorted(float(value) for value in self.values))
        require(len(ordered) > 0, "no samples", "at least one sample is needed")
        require(len(ordered) <= MOST_SAMPLES, f"{len(ordered)} samples", f"at most {MOST_SAMPLES} are allowed")
        for value in ordered:
            check_not_negative("sample", value)
        object.__setattr__(self, "values", ordered)
        mean = math.fsum(ordered) / len(ordered)
        second = math.fsum(value * value for value in ordered) / len(ordered)
        self._derive(mean=mean, cv=spread(mean, second), low=ordered[0], high=ordered[-1], samples=ordered)

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return order statistics."""
        n = len(self.values)
        place = np.floor(p * n) if upper else np.ceil(p * n) - 1.0
        index = np.minimum(np.maximum(place, 0.0), n - 1.0).astype(np.int64)
        return np.array(self.values)[n - 1 - index if upper else index]

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the shares of samples up to and above x."""
        n = len(self.values)
        below = np.searchsorted(np.array(self.values), x, side="right")
        return below / n, (n - below) / n


@dataclass(frozen=True)
class Shifted(Law):
    """Another law, moved: at least `by` is always needed."""

    law: Law
    """What is moved."""
    by: float
    """Added to every value; may be negative as long as no value is. [s]"""

    def __post_init__(self) -> None:
        lowest = self.law.low + self.by
        require(math.isfinite(lowest) and lowest >= 0, f"by {self.by!r}", "the smallest shifted value must be >= 0")
        mean = self.law.mean + self.by
        cv = self.law.cv * self.law.mean / mean if mean > 0 else 0.0
        samples = None if self.law.samples is None else tuple(value + self.by for value in self.law.samples)
        self._derive(mean=mean, cv=cv, low=lowest, high=self.law.high + self.by, samples=samples)

    @property
    def atoms(self) -> Float:
        """The other law's atoms, moved. [s]"""
        return self.law.atoms + self.by

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return the other law's quantiles, moved."""
        return self.law.quantiles(p, upper) + self.by

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the other law's tails at x - by."""
        below, above = self.law.tails(np.maximum(x - self.by, 0.0))
        return np.where(x < self.low, 0.0, below), np.where(x < self.low, 1.0, above)


def _mixed_samples(parts: Sequence[tuple[float, Law]]) -> tuple[float, ...] | None:
    """Return a short exact list if all laws are constants and the shares are simple fractions, else None."""
    if any(law.samples is None or len(law.samples) != 1 for _, law in parts):
        return None
    for n in range(1, FINEST_SHARES + 1):
        counts = [round(share * n) for share, _ in parts]
        if sum(counts) == n and all(
            abs(share * n - count) <= SHARE_SLACK * n for (share, _), count in zip(parts, counts, strict=True)
        ):
            return tuple(sorted(law.mean for count, (_, law) in zip(counts, parts, strict=True) for _ in range(count)))
    return None


@dataclass(frozen=True)
class Mixture(Law):
    """One of several laws, chosen afresh for every value."""

    shares: tuple[float, ...]
    """Probability of each law, summing to 1."""
    laws: tuple[Law, ...]
    """The laws."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", tuple(self.shares))
        object.__setattr__(self, "laws", tuple(self.laws))
        check_shares(self.shares, len(self.laws), "laws")
        parts = list(zip(self.shares, self.laws, strict=True))
        mean = math.fsum(share * law.mean for share, law in parts)
        second = math.fsum(share * law.second_moment for share, law in parts)
        low, high = min(law.low for law in self.laws), max(law.high for law in self.laws)
        self._derive(mean=mean, cv=spread(mean, second), low=low, high=high, samples=_mixed_samples(parts))

    @property
    def atoms(self) -> Float:
        """The atoms of all laws. [s]"""
        return np.concatenate([law.atoms for law in self.laws])

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles by inverting the mixture."""
        return mixed_quantiles(self.shares, self.laws, p, upper)

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the weighted tails of the laws."""
        return mixed_tails(self.shares, self.laws, x)
