"""How many cases have ended by which age, and in which way, from replications: Aalen-Johansen and the naive share.

Replications are added up; the interval of a share is by leave-one-out jackknife, since the cases of a replication wait
in the same queues. With one replication it is made of the estimator's own variance, which takes cases as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.measures import CASE_SCOPES, CURVES, DAYS, ENDS, OPEN, CasePart, Measures
from callsim.stats import cumulative_incidence, naive_incidence, student_quantile

__all__ = ["Curve", "Endings", "case_curves", "endings"]

Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

_WAYS = tuple(name for name in ENDS if name != OPEN)
_HOURS = 24
_MANY = 10**6
"""Degrees of freedom with which Student's law is the normal one."""


class Curve(NamedTuple):
    """One point of a curve."""

    name: str
    """Of `callsim.measures.CURVES`."""
    scope: dict[str, str | int]
    value: float | None
    half_width: float | None
    definition: str
    reason: str
    """Why the value or the half width is None."""


@dataclass(frozen=True)
class Endings:
    """At which age the cases of each replication ended, and how; ages by the full hour, upper edges."""

    ages: Int64
    """[age] Ascending; an age at which no case of any replication ended or was last seen is left out. [h]"""
    ends: Int64
    """[replication, end, age] In the order of `callsim.measures.ENDS` without those that are open."""
    censored: Int64
    """[replication, age] Open cases."""

    def incidence(self, ways: Sequence[str], ages: Sequence[float], without: int = -1) -> tuple[Float, Float]:
        """Return the share of cases that ended in one of these ways up to each age, and its variance.

        Parameters
        ----------
        ways : sequence of str
            Of `callsim.measures.ENDS`.
        ages : sequence of float
            [h]
        without : int, optional
            A replication to leave out.

        Returns
        -------
        (float64[age], float64[age])
        """
        ends, censored = self._summed(without)
        found = cumulative_incidence(self._merged(ends, ways), censored)
        return self._at(found.incidence[0], ages), self._at(found.variance[0], ages)

    def naive(self, ways: Sequence[str], ages: Sequence[float], without: int = -1) -> Float:
        """Return the share among the finished cases, float64[age]."""
        return self._at(naive_incidence(self._merged(self._summed(without)[0], ways))[0], ages)

    def _at(self, curve: Float, ages: Sequence[float]) -> Float:
        """Return a curve's value at each age; it begins at 0 and rises at the ages of the bins."""
        place = np.searchsorted(self.ages, ages, side="right")
        found: Float = np.concatenate(([0.0], curve))[place]
        return found

    def _summed(self, without: int) -> tuple[Int64, Int64]:
        kept = np.arange(len(self.ends)) != without
        return self.ends[kept].sum(axis=0), self.censored[kept].sum(axis=0)

    @staticmethod
    def _merged(ends: Int64, ways: Sequence[str]) -> Int64:
        """Return the chosen ends in the first row and all others in the second."""
        chosen = np.array([way in ways for way in _WAYS])
        return np.stack((ends[chosen].sum(axis=0), ends[~chosen].sum(axis=0)))


def endings(measures: Sequence[Measures], part: str, member: int) -> Endings:
    """Return the ends of the cases of one member: all cases, a type, or a type with a kind of customer.

    Parameters
    ----------
    measures : sequence of Measures
        One a replication, of a plan with cases.
    part : str
        Of `callsim.measures.CASE_SCOPES`.
    member : int
    """
    found = {
        name: [_case_part(each, part).histogram(name).of(member, 0) for each in measures] for name in (*_WAYS, OPEN)
    }
    ages = np.unique(np.concatenate([bins for column in found.values() for bins, _ in column]))
    tables = np.zeros((len(measures), len(found), len(ages)), np.int64)
    for way, column in enumerate(found.values()):
        for replication, (bins, counts) in enumerate(column):
            tables[replication, way, np.searchsorted(ages, bins)] = counts
    return Endings(ages, tables[:, :-1], tables[:, -1])


def _case_part(measures: Measures, part: str) -> CasePart:
    found = measures.parts[part]
    assert isinstance(found, CasePart)
    return found


def case_curves(measures: Sequence[Measures], level: float) -> Iterator[Curve]:
    """Yield the rows of the curves for all cases, each type, and each type with a kind of customer.

    Parameters
    ----------
    measures : sequence of Measures
        One a replication, in order.
    level : float
        Confidence level.
    """
    if "case" not in measures[0].parts:
        return
    longest = endings(measures, "case", 0).ages.max(initial=0)
    for part, scope in CASE_SCOPES.items():
        for member, label in enumerate(measures[0].members.get(part, ())):
            found = endings(measures, part, member)
            if not len(found.ages):
                continue
            # Once every case is over, nothing changes any more; else nothing is known beyond the last look.
            known = found.ages[-1] if found.censored.any() else longest
            days = [day for day in DAYS if day * _HOURS <= known]
            where: dict[str, str | int] = {scope: label} if scope else {}
            for name, (_, definition) in CURVES.items():
                for day, value, half_width, reason in zip(days, *_points(found, name, days, level), strict=True):
                    yield Curve(name, where | {"day": day}, value, half_width, definition, reason)


def _points(
    found: Endings, name: str, days: Sequence[int], level: float
) -> tuple[list[float | None], list[float | None], list[str]]:
    """Return values, half widths and reasons of a curve on these days."""
    n, ages, ways = len(found.ends), [day * _HOURS for day in days], CURVES[name][0]
    naive = name.endswith("_naive")
    if naive and not found.ends.any():
        return [None] * len(days), [None] * len(days), ["no case was finished"] * len(days)
    if naive:
        values, variance = found.naive(ways, ages), np.full(len(days), np.nan)
        without = [found.naive(ways, ages, each) for each in range(n)]
    else:
        values, variance = found.incidence(ways, ages)
        without = [found.incidence(ways, ages, each)[0] for each in range(n)]
    if name == "case.unsolved_after":
        values = 1.0 - values
    if n > 1:
        off = np.array(without) - np.mean(without, axis=0)
        half = student_quantile(n - 1, level) * np.sqrt((n - 1) / n * (off**2).sum(axis=0))
        return values.tolist(), half.tolist(), [""] * len(days)
    if naive:
        return values.tolist(), [None] * len(days), ["one replication gives no interval"] * len(days)
    return values.tolist(), (student_quantile(_MANY, level) * np.sqrt(variance)).tolist(), [""] * len(days)
