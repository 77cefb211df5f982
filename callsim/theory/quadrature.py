r"""Integrals against a positive function whose logarithm is concave, on [0, inf).

.. math:: \int_a^b f(w) \, e^{h(w)} \, dw, \qquad h \text{ concave}, \; h(\text{mode}) = 0

Every waiting-time law of this room has this form. The panels end where ``h`` has fallen by 1/2, 2, 9/2, ...
(one standard deviation each, were it Gaussian), and at the break points of ``f``; each is integrated by the
Gauss-Legendre rule of 20 points. Nothing overflows, and values below 1e-313 of the peak are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "LogConcave"]

Array = NDArray[np.float64]
"""An array of float64, of any shape."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_LEVELS = 0.5 * np.arange(1.0, 39.0) ** 2
"""Falls of the logarithm at which panels end; the last, 722, is where a float64 becomes denormal."""


class LogConcave:
    """A function ``exp(log_value(w))`` on [0, inf) with a concave logarithm, ready to be integrated.

    Parameters
    ----------
    log_value : callable
        From an array of points to the logarithm there, relative to that at ``mode``.
    mode : float
        Where the function is largest, >= 0.
    scale : float
        A first guess of its width to the right of the mode, > 0; it may be wrong by any factor.
    breaks : iterable of float
        Points where an integrand is not smooth, or changes fast.
    """

    def __init__(
        self, log_value: Callable[[Array], Array], mode: float, scale: float, breaks: Iterable[float] = ()
    ) -> None:
        self._log_value = log_value
        reach = scale
        while log_value(np.array([mode + reach]))[0] > -_LEVELS[-1]:
            reach *= 2.0
        right = mode + self._distances(mode, reach, +1.0)
        left = mode - self._distances(mode, mode, -1.0) if mode > 0.0 else np.zeros(0)
        inner = np.array([point for point in breaks if 0.0 < point < right[-1]])
        self._edges = np.unique(np.concatenate(([0.0, mode], left, right, inner)))
        self.total = self.integral()

    def _distances(self, mode: float, reach: float, side: float) -> Array:
        """Return how far from the mode the logarithm has fallen by each level, by bisection, at most ``reach``."""
        near, far = np.zeros_like(_LEVELS), np.full_like(_LEVELS, reach)
        for _ in range(32):
            middle = 0.5 * (near + far)
            inside = self._log_value(mode + side * middle) > -_LEVELS
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        return far

    def integral(
        self, integrand: Callable[[Array], Array] | None = None, low: float = 0.0, high: float = np.inf
    ) -> float:
        """Return the integral of ``integrand(w) * exp(log_value(w))`` over [low, high].

        Parameters
        ----------
        integrand : callable, optional
            From an array of points to values there; 1 if it is left out.
        low, high : float
            Limits, 0 <= low <= high; ``inf`` is allowed.

        Returns
        -------
        float
            The integral, in units of the value at the mode times the unit of ``w``.
        """
        end = self._edges[-1]
        edges = np.clip(self._edges, min(low, end), min(high, end))
        half = 0.5 * np.diff(edges)
        kept = half > 0.0
        half = half[kept, None]
        points = (edges[:-1][kept, None] + half) + half * _NODES
        values = np.exp(self._log_value(points))
        if integrand is not None:
            values = values * integrand(points)
        return float(np.sum(half * values * _WEIGHTS))

    def mean(self, integrand: Callable[[Array], Array] | None, low: float = 0.0, high: float = np.inf) -> float:
        """Return ``integral(integrand, low, high)`` divided by the integral over everything."""
        return self.integral(integrand, low, high) / self.total
