r"""Laws of patience: how long a caller is willing to wait.

With R the patience and F its distribution function, a law knows

.. math:: S(w) = P(R > w), \quad H(w) = E[\min(R, w)] = \int_0^w S(u)\,du, \quad L(w) = \int_0^w u\,dF(u)

in closed form, each without cancellation where it is small. Nothing here is drawn: the random patience of
simulated callers lives in the plan.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from scipy import special

from callsim.theory.quadrature import Array

__all__ = [
    "ExponentialPatience",
    "FixedPatience",
    "GammaPatience",
    "LognormalPatience",
    "NeverHangsUp",
    "Patience",
    "WeibullPatience",
    "WithZeroMass",
    "as_patience",
]

_DOUBLINGS = 2.0 ** np.arange(-30.0, 10.0)


def _positive(name: str, value: float) -> float:
    """Return ``value`` if it is a finite number above 0."""
    if not (math.isfinite(value) and value > 0.0):
        raise ValueError(f"{name}: found {value!r}; must be a finite number > 0")
    return value


class Patience(ABC):
    """A law of patience. All methods take and return arrays of any shape; times share one unit."""

    @property
    @abstractmethod
    def mean(self) -> float:
        """Mean patience; ``inf`` for callers who never hang up. [s]"""

    @abstractmethod
    def gone(self, wait: Array) -> Array:
        """Return P(R <= wait): the share that has hung up by then."""

    @abstractmethod
    def left(self, wait: Array) -> Array:
        """Return P(R > wait): the share that is still there."""

    @abstractmethod
    def lost_time(self, wait: Array) -> Array:
        """Return the mean of R where R <= wait, and of 0 elsewhere. [s]"""

    def held(self, wait: Array) -> Array:
        """Return E[min(R, wait)]: the mean hold of a caller who would be answered after ``wait``. [s]"""
        return wait * self.left(wait) + self.lost_time(wait)

    def held_between(self, start: float, wait: Array) -> Array:
        """Return ``held(wait) - held(start)``, if possible without cancellation. [s]"""
        value: Array = self.held(wait) - self.held(np.array([start]))[0]
        return value

    def breaks(self) -> list[float]:
        """Return points between which the law is smooth and changes little. [s]"""
        return [float(point) for point in self.mean * _DOUBLINGS]

    def quantile(self, share: float) -> float:
        """Return the wait by which ``share`` of the callers has hung up, found by bisection.

        Parameters
        ----------
        share : float
            In [0, 1).

        Returns
        -------
        float
            Smallest wait w with P(R <= w) >= share, right to 16 digits. [s]

        Raises
        ------
        ValueError
            If so many callers never hang up.
        """
        if float(self.gone(np.zeros(1))[0]) >= share:
            return 0.0
        low, high = 0.0, 1.0
        while float(self.gone(np.array([high]))[0]) < share:
            low, high = high, 2.0 * high
            if math.isinf(high):
                raise ValueError(f"share: found {share!r}; not so many callers ever hang up")
        for _ in range(200):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            if float(self.gone(np.array([middle]))[0]) < share:
                low = middle
            else:
                high = middle
        return high


@dataclass(frozen=True)
class NeverHangsUp(Patience):
    """Infinite patience: Erlang C."""

    @property
    def mean(self) -> float:
        """Return infinity."""
        return math.inf

    def gone(self, wait: Array) -> Array:
        """Return 0."""
        return np.zeros_like(wait)

    def left(self, wait: Array) -> Array:
        """Return 1."""
        return np.ones_like(wait)

    def lost_time(self, wait: Array) -> Array:
        """Return 0."""
        return np.zeros_like(wait)

    def held_between(self, start: float, wait: Array) -> Array:
        """Return the distance itself."""
        return wait - start

    def breaks(self) -> list[float]:
        """Return no point."""
        return []


@dataclass(frozen=True)
class ExponentialPatience(Patience):
    """Exponential patience with mean ``mean_patience`` > 0: Erlang A. [s]"""

    mean_patience: float

    def __post_init__(self) -> None:
        """Check the mean."""
        _positive("mean_patience", self.mean_patience)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.mean_patience

    def gone(self, wait: Array) -> Array:
        """Return 1 - exp(-w/m)."""
        value: Array = -np.expm1(-wait / self.mean_patience)
        return value

    def left(self, wait: Array) -> Array:
        """Return exp(-w/m)."""
        value: Array = np.exp(-wait / self.mean_patience)
        return value

    def lost_time(self, wait: Array) -> Array:
        """Return m * P(2, w/m), P the regularised gamma function."""
        return self.mean_patience * np.asarray(special.gammainc(2.0, wait / self.mean_patience))

    def held(self, wait: Array) -> Array:
        """Return m * (1 - exp(-w/m))."""
        return self.mean_patience * self.gone(wait)

    def held_between(self, start: float, wait: Array) -> Array:
        """Use that the exponential law has no memory."""
        return math.exp(-start / self.mean_patience) * self.held(wait - start)


@dataclass(frozen=True)
class FixedPatience(Patience):
    """Every caller hangs up after exactly ``length`` > 0. [s]"""

    length: float

    def __post_init__(self) -> None:
        """Check the length."""
        _positive("length", self.length)

    @property
    def mean(self) -> float:
        """Return the length."""
        return self.length

    def gone(self, wait: Array) -> Array:
        """Return 0 before the length, 1 from it on."""
        return np.where(wait < self.length, 0.0, 1.0)

    def left(self, wait: Array) -> Array:
        """Return 1 before the length, 0 from it on."""
        return np.where(wait < self.length, 1.0, 0.0)

    def lost_time(self, wait: Array) -> Array:
        """Return 0 before the length, the length from it on."""
        return np.where(wait < self.length, 0.0, self.length)

    def held(self, wait: Array) -> Array:
        """Return min(w, length)."""
        return np.minimum(wait, self.length)


@dataclass(frozen=True)
class GammaPatience(Patience):
    """Gamma patience; ``cv = 1 / sqrt(k)`` is the Erlang-k law, ``mean_patience`` > 0 [s], ``cv`` > 0."""

    mean_patience: float
    cv: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        _positive("mean_patience", self.mean_patience)
        _positive("cv", self.cv)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.mean_patience

    @property
    def _shape(self) -> float:
        return 1.0 / (self.cv * self.cv)

    def gone(self, wait: Array) -> Array:
        """Return P(k, kw/m)."""
        return np.asarray(special.gammainc(self._shape, self._shape * wait / self.mean_patience))

    def left(self, wait: Array) -> Array:
        """Return Q(k, kw/m)."""
        return np.asarray(special.gammaincc(self._shape, self._shape * wait / self.mean_patience))

    def lost_time(self, wait: Array) -> Array:
        """Return m * P(k + 1, kw/m)."""
        scaled = self._shape * wait / self.mean_patience
        return self.mean_patience * np.asarray(special.gammainc(self._shape + 1.0, scaled))

    def breaks(self) -> list[float]:
        """Add whole standard deviations about the mean."""
        return super().breaks() + [self.mean_patience * (1.0 + self.cv * step) for step in range(-9, 10)]


@dataclass(frozen=True)
class LognormalPatience(Patience):
    """Lognormal patience with mean ``mean_patience`` > 0 [s] and coefficient of variation ``cv`` > 0."""

    mean_patience: float
    cv: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        _positive("mean_patience", self.mean_patience)
        _positive("cv", self.cv)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.mean_patience

    @property
    def _sigma(self) -> float:
        return math.sqrt(math.log1p(self.cv**2))

    def _score(self, wait: Array) -> Array:
        """Return the normal score of a wait."""
        sigma = self._sigma
        with np.errstate(divide="ignore"):
            value: Array = np.log(wait / self.mean_patience) / sigma + 0.5 * sigma
        return value

    def gone(self, wait: Array) -> Array:
        """Return Phi(z)."""
        return np.asarray(special.ndtr(self._score(wait)))

    def left(self, wait: Array) -> Array:
        """Return Phi(-z)."""
        return np.asarray(special.ndtr(-self._score(wait)))

    def lost_time(self, wait: Array) -> Array:
        """Return m * Phi(z - sigma)."""
        return self.mean_patience * np.asarray(special.ndtr(self._score(wait) - self._sigma))

    def breaks(self) -> list[float]:
        """Return whole normal scores."""
        median = self.mean_patience * math.exp(-0.5 * self._sigma**2)
        return [median * math.exp(self._sigma * 0.5 * step) for step in range(-78, 79)]


@dataclass(frozen=True)
class WeibullPatience(Patience):
    """Weibull patience with mean ``mean_patience`` > 0 [s] and ``shape`` > 0 (1 is exponential)."""

    mean_patience: float
    shape: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        _positive("mean_patience", self.mean_patience)
        _positive("shape", self.shape)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.mean_patience

    def _hazard(self, wait: Array) -> Array:
        """Return the cumulative hazard."""
        value: Array = (wait / self.mean_patience * math.gamma(1.0 + 1.0 / self.shape)) ** self.shape
        return value

    def gone(self, wait: Array) -> Array:
        """Return 1 - exp(-hazard)."""
        value: Array = -np.expm1(-self._hazard(wait))
        return value

    def left(self, wait: Array) -> Array:
        """Return exp(-hazard)."""
        value: Array = np.exp(-self._hazard(wait))
        return value

    def lost_time(self, wait: Array) -> Array:
        """Return m * P(1 + 1/shape, hazard)."""
        return self.mean_patience * np.asarray(special.gammainc(1.0 + 1.0 / self.shape, self._hazard(wait)))

    def breaks(self) -> list[float]:
        """Add steps in the cumulative hazard."""
        scale = self.mean_patience / math.gamma(1.0 + 1.0 / self.shape)
        return super().breaks() + [scale * (0.5 * step**2) ** (1.0 / self.shape) for step in range(1, 38)]


@dataclass(frozen=True)
class WithZeroMass(Patience):
    """A share ``zero`` in [0, 1) hangs up on hearing that he must wait; the rest follows ``law``."""

    zero: float
    law: Patience

    def __post_init__(self) -> None:
        """Check the share."""
        if not 0.0 <= self.zero < 1.0:
            raise ValueError(f"zero: found {self.zero!r}; must be at least 0 and less than 1")

    @property
    def mean(self) -> float:
        """Return the mean over all callers."""
        return (1.0 - self.zero) * self.law.mean

    def gone(self, wait: Array) -> Array:
        """Return zero + (1 - zero) * F(w)."""
        return self.zero + (1.0 - self.zero) * self.law.gone(wait)

    def left(self, wait: Array) -> Array:
        """Return (1 - zero) * S(w)."""
        return (1.0 - self.zero) * self.law.left(wait)

    def lost_time(self, wait: Array) -> Array:
        """Return (1 - zero) * L(w)."""
        return (1.0 - self.zero) * self.law.lost_time(wait)

    def held_between(self, start: float, wait: Array) -> Array:
        """Return (1 - zero) times that of the law."""
        return (1.0 - self.zero) * self.law.held_between(start, wait)

    def breaks(self) -> list[float]:
        """Return those of the law."""
        return self.law.breaks()


def as_patience(patience: float | Patience | None) -> Patience:
    """Return a law from what a user may give: a law, the mean of an exponential one, or None for never.

    Parameters
    ----------
    patience : float or Patience or None
        A number is the mean of an exponential patience, > 0; ``inf`` and None mean that nobody hangs up. [s]

    Returns
    -------
    Patience
        The law.

    Raises
    ------
    ValueError
        If the number is not positive.

    Examples
    --------
    >>> as_patience(60.0)
    ExponentialPatience(mean_patience=60.0)
    >>> as_patience(None)
    NeverHangsUp()
    """
    if isinstance(patience, Patience):
        return patience
    if patience is None or patience == math.inf:
        return NeverHangsUp()
    return ExponentialPatience(float(patience))
