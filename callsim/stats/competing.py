"""How a case ends and when, if not every case has ended: competing risks.

A case ends in one of several ways, or is still open when the watching stops (it is *censored*). The Aalen-Johansen
estimator [1]_ of the cumulative incidence of end k up to age t, from the numbers at risk n_j, of ends d_kj (all: d_j)
at the ages t_j in ascending order, is ::

    I_k(t) = sum over t_j <= t of S(t_(j-1)) d_kj / n_j,      S(t) = product over t_j <= t of (1 - d_j / n_j)

It is computed in an equal form, in which each end counts for those who were lost from sight before it: I_k(t) is the
sum of d_kj / (n G(t_(j-1))) with G the Kaplan-Meier estimate of not yet being censored; where nothing is censored this
is the plain share, to the last digit. Its variance is that of the delta method, ::

    sum_j [I_k(t) - I_k(t_j)]^2 d_j / (n_j (n_j - d_j)) + sum_j S(t_(j-1))^2 d_kj (n_j - d_kj) / n_j^3
      - 2 sum_j [I_k(t) - I_k(t_j)] S(t_(j-1)) d_kj / n_j^2        (all over t_j <= t)

which without censoring is I (1 - I) / n; it takes the cases as independent of each other.

One minus a Kaplan-Meier curve that takes other ends for censoring is not this: it answers how many would have ended in
that way if no other way existed, and is too large. The share among those cases that have ended is not it either: long
cases are missing from it.

References
----------
.. [1] O. O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov chains based on censored
   observations", Scandinavian Journal of Statistics 5:141-150, 1978.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Incidence", "cumulative_incidence", "naive_incidence"]

Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidences at the ages at which something happened."""

    incidence: Float
    """[end, age] Share of cases that have ended in this way up to the age."""
    variance: Float
    """[end, age]"""

    @property
    def surviving(self) -> Float:
        """Share of cases that have not ended up to each age, float64[age]."""
        found: Float = 1.0 - self.incidence.sum(axis=0)
        return found


def cumulative_incidence(ends: Int64, censored: Int64) -> Incidence:
    """Return the Aalen-Johansen estimates.

    Parameters
    ----------
    ends : int64[end, age]
        How many cases ended in each way at each age; ages ascending.
    censored : int64[age]
        How many open cases were last seen at each age; they are at risk of what ends at that age.

    Returns
    -------
    Incidence
        Zeros if there is no case.

    Examples
    --------
    >>> found = cumulative_incidence(np.array([[1, 0, 1], [0, 0, 1]]), np.array([0, 1, 0]))
    >>> found.incidence.round(12).tolist()
    [[0.25, 0.25, 0.625], [0.0, 0.0, 0.375]]
    """
    total = int(ends.sum() + censored.sum())
    if not total:
        return Incidence(np.zeros(ends.shape), np.zeros(ends.shape))
    every = ends.sum(axis=0)
    leaving = every + censored
    at_risk = total - np.concatenate(([0], np.cumsum(leaving)[:-1]))
    # Who ends at an age was not censored at it: the ends come first.
    watched = np.maximum(at_risk - every, 1)
    seen = np.concatenate(([1.0], np.cumprod(1.0 - censored / watched)[:-1]))
    weights = np.divide(1.0, seen, out=np.zeros(len(seen)), where=every > 0)
    incidence = np.cumsum(ends * weights, axis=1) / total
    return Incidence(incidence, _variance(ends, at_risk, incidence))


def _variance(ends: Int64, at_risk: Int64, incidence: Float) -> Float:
    every = ends.sum(axis=0)
    n = np.maximum(at_risk, 1).astype(np.float64)
    before = np.concatenate(([1.0], np.cumprod(1.0 - every / n)[:-1]))
    rest = n * (n - every)
    hazard = np.divide(every, rest, out=np.zeros(len(n)), where=rest > 0)
    spread = before**2 * ends * (n - ends) / n**3
    mixed = before * ends / n**2
    # [I(t) - I(t_j)]^2 is taken apart, so that each sum over t_j <= t is a running one.
    first = incidence**2 * np.cumsum(hazard) - 2.0 * incidence * np.cumsum(hazard * incidence, axis=1)
    first += np.cumsum(hazard * incidence**2, axis=1)
    third = incidence * np.cumsum(mixed, axis=1) - np.cumsum(mixed * incidence, axis=1)
    found: Float = np.maximum(first + np.cumsum(spread, axis=1) - 2.0 * third, 0.0)
    return found


def naive_incidence(ends: Int64) -> Float:
    """Return the shares of finished cases that have ended in each way up to each age, float64[end, age].

    Open cases are left out, and with them the long ones: too much of it lies at early ages.

    Parameters
    ----------
    ends : int64[end, age]
        As in `cumulative_incidence`.
    """
    total = int(ends.sum())
    found: Float = np.cumsum(ends, axis=1) / total if total else np.zeros(ends.shape)
    return found
