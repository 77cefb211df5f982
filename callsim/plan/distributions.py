"""The continuous distributions that a scenario can name, as frozen dataclasses with parameters in seconds.

`callsim.plan.composites` has the lists of values and the laws made from others. Each law knows its mean, its
coefficient of variation, its bounds, its quantiles counted from either tail and its two tail probabilities.
`callsim.plan.laws` turns them into tables of ticks, which is all that an engine sees. Everything is computed
by `callsim.plan.portable`, so that tables are the same on every machine.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.plan.gamma import gamma_quantiles, gamma_tails, log_gamma, normal_tails
from callsim.plan.mixing import mixed_quantiles, mixed_tails
from callsim.plan.parameters import check_not_negative, check_positive, check_range, check_shares, require, spread
from callsim.plan.portable import exp, expm1, log, log1p, normal_quantile

__all__ = [
    "Erlang",
    "Exponential",
    "Gamma",
    "Hyperexponential",
    "Law",
    "Lognormal",
    "Triangular",
    "Uniform",
    "Weibull",
]

Float = npt.NDArray[np.float64]

LARGEST_LOGNORMAL_CV = 10.0
"""Beyond it a visible part of the second moment lies in events rarer than one in 2^54."""
GAMMA_CV = (0.001, 30.0)
WEIBULL_SHAPE = (0.15, 1000.0)
MOST_PHASES = 1_000_000
TINY = 1e-300


class Law(abc.ABC):
    """A distribution of durations >= 0 with finite mean and variance.

    Frozen and hashable: equal laws share one table. Constructors raise ``ValueError`` with the text
    "found ...; rule" when a parameter is out of its range.
    """

    mean: float
    """Mean. [s]"""
    cv: float
    """Coefficient of variation: standard deviation / mean; 0 if the mean is 0."""
    low: float
    """Lower bound of the values. [s]"""
    high: float
    """Upper bound of the values, ``inf`` if there is none. [s]"""
    samples: tuple[float, ...] | None
    """Sorted, equally likely values if the law is a list of such, else None. [s]"""

    def _derive(self, **values: object) -> None:
        """Set what follows from the parameters, once; a law that says nothing of bounds lies on [0, inf)."""
        for name, value in {"low": 0.0, "high": math.inf, "samples": None, **values}.items():
            if name not in self.__dict__:
                object.__setattr__(self, name, value)

    @property
    def second_moment(self) -> float:
        """Mean square. [s^2]"""
        return self.mean * self.mean * (1.0 + self.cv * self.cv)

    @property
    def atoms(self) -> Float:
        """Values of positive probability. [s]"""
        return np.array(self.samples or (), dtype=np.float64)

    @abc.abstractmethod
    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles counted from one tail.

        Parameters
        ----------
        p : float64[point]
            Tail probabilities, in (0, 1/2].
        upper : bool
            False: the values Q(p); True: Q(1 - p), without cancellation.

        Returns
        -------
        float64[point]
            Values. [s]
        """

    @abc.abstractmethod
    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return P(X <= x) and P(X > x), each without cancellation.

        Parameters
        ----------
        x : float64[point]
            Values >= 0. [s]

        Returns
        -------
        tuple of two float64[point]
            Lower and upper tail probability.
        """

    def cdf(self, x: Float | float) -> Float:
        """Return P(X <= x), 0 for negative x.

        Parameters
        ----------
        x : float64 array or float
            Values. [s]

        Returns
        -------
        float64 array
            Probabilities, of the same shape.
        """
        values = np.asarray(x, dtype=np.float64)
        below = self.tails(np.maximum(values.ravel(), 0.0))[0].reshape(values.shape)
        return np.where(values < 0.0, 0.0, below)


@dataclass(frozen=True)
class Exponential(Law):
    """Without memory: the law of patience in Erlang A and of handle times in Erlang C."""

    mean: float
    """Mean, > 0. [s]"""

    def __post_init__(self) -> None:
        check_positive("mean", self.mean)
        self._derive(cv=1.0)

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return -mean * log of the survival probability."""
        return -self.mean * (log(p) if upper else log1p(-p))

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return 1 - exp(-x / mean) and exp(-x / mean)."""
        scaled = -x / self.mean
        return -expm1(scaled), exp(scaled)


@dataclass(frozen=True)
class Lognormal(Law):
    """The logarithm is normal with variance log(1 + cv^2): the usual law of handle times."""

    mean: float
    """Mean, > 0. [s]"""
    cv: float
    """Coefficient of variation, > 0 and at most 10."""

    def __post_init__(self) -> None:
        check_positive("mean", self.mean)
        check_positive("cv", self.cv)
        require(self.cv <= LARGEST_LOGNORMAL_CV, f"cv {self.cv!r}", "cv of a lognormal must be at most 10")
        sigma = math.sqrt(float(log1p(self.cv * self.cv)))
        self._derive(_mu=float(log(self.mean)) - 0.5 * sigma * sigma, _sigma=sigma)

    _mu = 0.0
    _sigma = 1.0

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return exp(mu + sigma z)."""
        z = normal_quantile(p)
        return exp(self._mu + self._sigma * (-z if upper else z))

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the normal tails of (log x - mu) / sigma."""
        return normal_tails((log(np.maximum(x, TINY)) - self._mu) / self._sigma)


@dataclass(frozen=True)
class Gamma(Law):
    """Gamma law of shape 1 / cv^2."""

    mean: float
    """Mean, > 0. [s]"""
    cv: float
    """Coefficient of variation, 0.001 to 30."""

    def __post_init__(self) -> None:
        check_positive("mean", self.mean)
        check_range("cv", self.cv, *GAMMA_CV)
        self._derive(_shape=1.0 / (self.cv * self.cv))

    _shape = 1.0

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles by inverting the incomplete gamma function."""
        return gamma_quantiles(self._shape, p, upper) * (self.mean / self._shape)

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the incomplete gamma functions."""
        return gamma_tails(self._shape, x * (self._shape / self.mean))


@dataclass(frozen=True)
class Erlang(Law):
    """Sum of equal exponential phases."""

    mean: float
    """Mean of the sum, > 0. [s]"""
    phases: int
    """Number of phases, 1 to 1,000,000."""

    def __post_init__(self) -> None:
        check_positive("mean", self.mean)
        whole = isinstance(self.phases, int) and not isinstance(self.phases, bool)
        require(
            whole and 1 <= self.phases <= MOST_PHASES,
            f"phases {self.phases!r}",
            f"phases must be a whole number in 1 to {MOST_PHASES}",
        )
        self._derive(cv=1.0 / math.sqrt(self.phases))

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles by inverting the incomplete gamma function."""
        return gamma_quantiles(float(self.phases), p, upper) * (self.mean / self.phases)

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the incomplete gamma functions."""
        return gamma_tails(float(self.phases), x * (self.phases / self.mean))


@dataclass(frozen=True)
class Weibull(Law):
    """Weibull law: hazard falls with time for shape < 1 (usual for patience), rises for shape > 1."""

    mean: float
    """Mean, > 0. [s]"""
    shape: float
    """Shape, 0.15 to 1000."""

    def __post_init__(self) -> None:
        check_positive("mean", self.mean)
        check_range("shape", self.shape, *WEIBULL_SHAPE)
        first = log_gamma(1.0 + 1.0 / self.shape)
        second = log_gamma(1.0 + 2.0 / self.shape)
        variance = float(expm1(second - 2.0 * first))
        self._derive(cv=math.sqrt(max(variance, 0.0)), _scale=self.mean * float(exp(-first)))

    _scale = 1.0

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return scale * E^(1 / shape), E the quantile of the exponential law of mean 1."""
        e = -(log(p) if upper else log1p(-p))
        return self._scale * exp(log(e) / self.shape)

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return 1 - exp(-(x / scale)^shape) and its complement."""
        e = exp(self.shape * log(np.maximum(x / self._scale, TINY)))
        return -expm1(-e), exp(-e)


@dataclass(frozen=True)
class Uniform(Law):
    """All values between two bounds alike."""

    low: float
    """Lower bound, >= 0. [s]"""
    high: float
    """Upper bound, > low. [s]"""

    def __post_init__(self) -> None:
        check_not_negative("low", self.low)
        check_not_negative("high", self.high)
        require(self.high > self.low, f"low {self.low!r} and high {self.high!r}", "high must be above low")
        mean = (self.low + self.high) / 2.0
        self._derive(mean=mean, cv=(self.high - self.low) / (math.sqrt(12.0) * mean))

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return values at a share p of the way from one bound."""
        way = (self.high - self.low) * p
        return self.high - way if upper else self.low + way

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the shares of the way from each bound."""
        width = self.high - self.low
        inside = np.minimum(np.maximum(x, self.low), self.high)
        return (inside - self.low) / width, (self.high - inside) / width


@dataclass(frozen=True)
class Triangular(Law):
    """Density rising straight from low to mode and falling straight to high."""

    low: float
    """Lower bound, >= 0. [s]"""
    mode: float
    """Most likely value, low to high. [s]"""
    high: float
    """Upper bound, > low. [s]"""

    def __post_init__(self) -> None:
        check_not_negative("low", self.low)
        check_not_negative("high", self.high)
        require(self.high > self.low, f"low {self.low!r} and high {self.high!r}", "high must be above low")
        require(
            self.low <= self.mode <= self.high,
            f"mode {self.mode!r}",
            f"mode must lie between low {self.low!r} and high {self.high!r}",
        )
        a, c, b = self.low, self.mode, self.high
        mean = (a + b + c) / 3.0
        variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0
        self._derive(mean=mean, cv=math.sqrt(variance) / mean)

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return values by square roots, from the near bound up to the mode and from the far bound beyond."""
        width = self.high - self.low
        near, far = self.mode - self.low, self.high - self.mode
        if upper:
            near, far = far, near
        before = np.sqrt(p * (width * near))
        beyond = width - np.sqrt((1.0 - p) * (width * far))
        way = np.where(p * width <= near, before, beyond)
        return self.high - way if upper else self.low + way

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return squares of the distances to the bounds."""
        width = self.high - self.low
        below = np.minimum(np.maximum(x, self.low), self.high) - self.low
        near, far = self.mode - self.low, self.high - self.mode
        rising = below < near
        lower = below * below / (width * near if near > 0 else 1.0)
        upper = (width - below) * (width - below) / (width * far if far > 0 else 1.0)
        return np.where(rising, lower, 1.0 - upper), np.where(rising, 1.0 - lower, upper)


@dataclass(frozen=True)
class Hyperexponential(Law):
    """Mixture of exponential laws: several kinds of calls in one."""

    shares: tuple[float, ...]
    """Probability of each kind, summing to 1."""
    means: tuple[float, ...]
    """Mean of each kind, > 0. [s]"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", tuple(self.shares))
        object.__setattr__(self, "means", tuple(self.means))
        check_shares(self.shares, len(self.means), "means")
        mean = math.fsum(w * Exponential(m).mean for w, m in zip(self.shares, self.means, strict=True))
        second = math.fsum(2.0 * w * m * m for w, m in zip(self.shares, self.means, strict=True))
        self._derive(mean=mean, cv=spread(mean, second))

    @property
    def _parts(self) -> tuple[Exponential, ...]:
        return tuple(Exponential(mean) for mean in self.means)

    def quantiles(self, p: Float, upper: bool) -> Float:
        """Return quantiles by inverting the mixture."""
        return mixed_quantiles(self.shares, self._parts, p, upper)

    def tails(self, x: Float) -> tuple[Float, Float]:
        """Return the weighted tails of the kinds."""
        return mixed_tails(self.shares, self._parts, x)
