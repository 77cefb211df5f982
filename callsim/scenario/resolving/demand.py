"""Fresh calls: rates, totals and profiles become arrival blocks with an expected number of calls each.

A block is the stream's own rate segment cut at local midnight. Rates (`per_hour`, lists) run by the watch; totals
(`per_day`, `per_week`) belong to local days, so a day of 23 or 25 hours has as many calls as any other, and calls of
an hour that the clocks skip are not made up elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from callsim.scenario.language.readers import Amounts
from callsim.scenario.resolving.calendar import Timeline, WeekdayHours, on_weekdays
from callsim.units import DAY, HOUR, WEEK

__all__ = ["Blocks", "Segment", "at_rates", "cut_at_midnights", "listed_profile", "of_totals", "split_days"]

Segment = tuple[int, int, float]
"""(start, end, expected calls): evenly spread over [start, end). [ticks]"""
WeightedHours = tuple[WeekdayHours, float]
"""Hours of a weekday and calls an hour in them, in any unit."""


@dataclass(frozen=True)
class Blocks:
    """Arrival blocks of one stream, in time order."""

    start: npt.NDArray[np.int64]
    """[block] [ticks]"""
    end: npt.NDArray[np.int64]
    """[block] [ticks]"""
    mean: npt.NDArray[np.float64]
    """[block] Expected calls."""
    day: npt.NDArray[np.int32]
    """[block] Local day since the day of the start."""


def cut_at_midnights(timeline: Timeline, segments: Sequence[Segment], horizon: int) -> Blocks:
    """Cut segments at local midnights, in proportion to time, and keep what begins in [0, horizon).

    A block that the horizon divides stays whole: its callers do not depend on when the run ends.

    Parameters
    ----------
    timeline : Timeline
    segments : sequence of Segment
        Sorted and disjoint.
    horizon : int
        [ticks]

    Returns
    -------
    Blocks
    """
    rows: list[tuple[int, int, float, int]] = []
    for start, end, mean in segments:
        first = max(start, 0)
        if first >= min(end, horizon):
            continue
        day = timeline.day_at(first)
        while first < min(end, horizon):
            until = min(timeline.midnight(day + 1), end)
            if until > first:
                rows.append((first, until, mean * ((until - first) / (end - start)), day))
            first, day = until, day + 1
    return Blocks(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array([row[3] for row in rows], dtype=np.int32),
    )


def at_rates(timeline: Timeline, amounts: Amounts, unit: int, every: int, repeat: bool, horizon: int) -> list[Segment]:
    """Return segments of rates that hold by the watch: a constant, a list of steps, or by hours of the week.

    Parameters
    ----------
    timeline : Timeline
    amounts : Amounts
        Calls in a ``unit``.
    unit : int
        An hour, a day or a week. [ticks]
    every : int
        Step of a list, from the start of the run. [ticks]
    repeat : bool
        Whether a list begins again at its end; else nobody calls after it.
    horizon : int
        [ticks]

    Returns
    -------
    list of Segment
    """
    if amounts.constant is not None:
        edges = [max(0, timeline.midnight(day)) for day in range(timeline.day_at(horizon - 1) + 2)]
        return [(a, b, amounts.constant * ((b - a) / unit)) for a, b in pairwise(edges)]
    if amounts.listed:
        steps = -(-horizon // every)
        steps = steps if repeat else min(steps, len(amounts.listed))
        size = len(amounts.listed)
        return [(i * every, (i + 1) * every, amounts.listed[i % size] * (every / unit)) for i in range(steps)]
    last = timeline.day_at(horizon - 1)
    rows = [(spans, rate) for hours, rate in amounts.by_hours for spans in on_weekdays(hours)]
    rows += [((weekday, 0, DAY), rate) for weekdays, rate in amounts.by_day for weekday in weekdays]
    placed = []
    for day in range(-1, last + 1):
        for (weekday, begin, end), rate in rows:
            if weekday == timeline.weekday(day):
                first, until = timeline.instant(day, begin), timeline.instant(day, end)
                placed.append((first, until, rate * ((until - first) / unit)))
    return sorted(segment for segment in placed if segment[0] < segment[1])


def split_days(rows: Sequence[WeightedHours]) -> list[WeightedHours]:
    """Cut hours over midnight in two, so that each row lies within its weekday."""
    found: list[WeightedHours] = []
    for (weekday, begin, end), weight in rows:
        if end <= DAY:
            found.append(((weekday, begin, end), weight))
        else:
            found += [((weekday, begin, DAY), weight), (((weekday + 1) % 7, 0, end - DAY), weight)]
    return found


def listed_profile(weights: Sequence[float], every: int) -> list[WeightedHours]:
    """Return a list of weights that fills a day (each day then) or a week as weighted hours.

    Raises
    ------
    ValueError
        If it fills neither.
    """
    length = len(weights) * every
    if length not in (DAY, WEEK):
        raise ValueError(length)
    rows: list[WeightedHours] = []
    for i, weight in enumerate(weights):
        weekday, begin = divmod(i * every, DAY)
        weekdays = range(7) if length == DAY else (weekday,)
        rows += [((day, begin, begin + every), weight) for day in weekdays]
    return split_days(rows)


def of_totals(
    timeline: Timeline,
    totals: Sequence[float],
    profile: Sequence[WeightedHours] | None,
    weekly: bool,
    horizon: int,
) -> list[Segment]:
    """Spread totals of local days or of a week over a profile.

    Parameters
    ----------
    timeline : Timeline
    totals : sequence of 7 floats
        Calls on each weekday, Monday first; for ``weekly`` the first is the week's total.
    profile : sequence of WeightedHours or None
        Within weekdays; ``None`` spreads evenly.
    weekly : bool
        Whether weights are compared over the week, or within each day.
    horizon : int
        [ticks]

    Returns
    -------
    list of Segment
    """
    rows = profile or [((day, 0, DAY), 1.0) for day in range(7)]
    mass = [0.0] * 7
    for (weekday, begin, end), weight in rows:
        mass[weekday] += weight * ((end - begin) / HOUR)
    shares: list[list[tuple[int, int, float]]] = [[] for _ in range(7)]
    for (weekday, begin, end), weight in rows:
        whole, total = (sum(mass), totals[0]) if weekly else (mass[weekday], totals[weekday])
        if weight > 0 and total > 0:
            shares[weekday].append((begin, end, total * (weight * ((end - begin) / HOUR) / whole)))
    found = []
    for day in range(timeline.day_at(horizon - 1) + 1):
        for begin, end, calls in sorted(shares[timeline.weekday(day)]):
            start, until = timeline.instant(day, begin), timeline.instant(day, end)
            if start < until:
                found.append((start, until, calls))
    return found
