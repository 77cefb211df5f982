"""From local calendars to ticks: opening hours, days, reporting intervals and hours of the week.

Everything behind this module counts ticks (int64 microseconds) since the start. A clock with a ``start`` knows dates,
weekdays and a zone, so a spring day has 23 hours and an autumn day 25; a clock without one only counts hours. A wall
time that a spring day skips is the instant of the change, and of one that an autumn day has twice it is the first: so
hours that touch on paper touch in ticks, and none gets lost. Whole days of a duration are calendar days.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from callsim.units import DAY, HOUR, MINUTE, SECOND, WeeklyHours

__all__ = ["Span", "Timeline", "WeekdayHours", "cut", "gaps", "merge", "on_weekdays", "total"]

Span = tuple[int, int]
"""Half-open [start, end) in ticks since the start of the run."""
WeekdayHours = tuple[int, int, int]
"""(weekday, from, to): 0 = Monday; wall time in ticks after that day's midnight, ``to`` above `DAY` reaches into
the next day."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Timeline:
    """The clock of a run: turns local days and wall times into ticks since the start, and back into labels.

    Parameters
    ----------
    start : datetime.datetime or None
        Local start of the run without zone; ``None`` for a clock without a calendar.
    zone : str
        IANA name of the zone, or "" for a calendar whose days all have 24 hours.

    Raises
    ------
    zoneinfo.ZoneInfoNotFoundError
        If nobody knows the zone.

    Examples
    --------
    >>> spring = Timeline(dt.datetime(2025, 3, 9), "America/Chicago")
    >>> (spring.instant(1, 0) - spring.instant(0, 0)) // HOUR
    23
    """

    start: dt.datetime | None = None
    zone: str = ""
    _midnights: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _info: dt.tzinfo = field(default=dt.UTC, init=False, repr=False, compare=False)
    _origin: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look the zone up once and place the start on the absolute axis."""
        if self.zone:
            object.__setattr__(self, "_info", zoneinfo.ZoneInfo(self.zone))
        if self.start is not None:
            object.__setattr__(self, "_origin", self._absolute(self.start))

    @property
    def has_calendar(self) -> bool:
        """Whether the clock knows dates and weekdays."""
        return self.start is not None

    def _absolute(self, wall: dt.datetime) -> int:
        """Microseconds since 1970 of a naive local time; a skipped one is the instant of the change."""
        first = wall.replace(tzinfo=self._info, fold=0)
        ticks = (first.astimezone(dt.UTC) - _EPOCH) // _TICK
        second = wall.replace(tzinfo=self._info, fold=1)
        if first.utcoffset() == second.utcoffset() or self._local(ticks).replace(tzinfo=None) == wall:
            return ticks
        low, high = (second.astimezone(dt.UTC) - _EPOCH) // _TICK, ticks  # skipped: the change lies in between
        offset = self._local(high).utcoffset()
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._local(middle).utcoffset() == offset else (middle, high)
        return high

    def _local(self, absolute: int) -> dt.datetime:
        return (_EPOCH + dt.timedelta(microseconds=absolute)).astimezone(self._info)

    def date(self, day: int) -> dt.date:
        """Return the local date of a day counted from the day of the start (needs a calendar)."""
        assert self.start is not None
        return self.start.date() + dt.timedelta(days=day)

    def day_of(self, date: dt.date) -> int:
        """Return the day number of a date, 0 being the day of the start (needs a calendar)."""
        assert self.start is not None
        return (date - self.start.date()).days

    def weekday(self, day: int) -> int:
        """Return 0 for Monday to 6 for Sunday; without a calendar the run starts on a Monday."""
        return self.date(day).weekday() if self.has_calendar else day % 7

    def midnight(self, day: int) -> int:
        """Return the tick at which a local day begins; day 0 may begin before the run."""
        if not self.has_calendar:
            return day * DAY
        if day not in self._midnights:
            wall = dt.datetime.combine(self.date(day), dt.time())
            self._midnights[day] = self._absolute(wall) - self._origin
        return self._midnights[day]

    def instant(self, day: int, wall: int) -> int:
        """Return the tick of a wall time on a day.

        Parameters
        ----------
        day : int
            Days since the day of the start.
        wall : int
            Time on that day's clock; `DAY` and more reaches into the next days. [ticks]

        Returns
        -------
        int
            [ticks]
        """
        day, wall = day + wall // DAY, wall % DAY
        begin = self.midnight(day)
        if wall == 0 or self.midnight(day + 1) - begin == DAY:
            return begin + wall
        naive = dt.datetime.combine(self.date(day), dt.time()) + dt.timedelta(microseconds=wall)
        return self._absolute(naive) - self._origin

    def after_start(self, duration: int) -> int:
        """Return the tick that lies a duration after the start: whole days by the calendar, the rest by the watch."""
        if self.start is None:
            return duration
        days, rest = divmod(duration, DAY)
        return self._absolute(self.start + dt.timedelta(days=days)) - self._origin + rest

    def instant_of(self, moment: dt.datetime) -> int:
        """Return the tick of a date and time; with its own offset absolute, without one on the local clock."""
        if moment.tzinfo is not None:
            return (moment.astimezone(dt.UTC) - _EPOCH) // _TICK - self._origin
        return self._absolute(moment) - self._origin

    def day_at(self, tick: int) -> int:
        """Return the number of the local day in which a tick lies."""
        if not self.has_calendar:
            return tick // DAY
        day = self.day_of(self._local(tick + self._origin).date())
        while tick < self.midnight(day):
            day -= 1
        while tick >= self.midnight(day + 1):
            day += 1
        return day

    def label(self, tick: int) -> str:
        """Return the local time of a tick: ISO 8601 with offset; "h:mm" since the start without a calendar."""
        if not self.has_calendar:
            hours, rest = divmod(tick, HOUR)
            minutes, rest = divmod(rest, 60 * SECOND)
            seconds = f":{rest // SECOND:02d}" if rest else ""
            return f"{hours}:{minutes:02d}{seconds}"
        moment = self._local(tick + self._origin)
        return moment.isoformat(timespec="seconds" if moment.second else "minutes")

    def weekday_and_time(self, tick: int) -> str:
        """Return a short local time for people, such as "sat 2025-03-08 20:00"."""
        if not self.has_calendar:
            return self.label(tick)
        moment = self._local(tick + self._origin)
        pattern = "%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M"
        return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[moment.weekday()] + moment.strftime(f" {pattern}")

    def week_second(self, tick: int) -> int:
        """Return the local wall time as seconds since Monday 00:00."""
        if not self.has_calendar:
            return tick // SECOND % (7 * DAY // SECOND)
        moment = self._local(tick + self._origin)
        return moment.weekday() * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second

    def _day_edges(self, day: int, step: int) -> npt.NDArray[np.int64]:
        """Instants of a day at which the wall clock shows a multiple of the step; both of an hour that comes twice."""
        begin, end = self.midnight(day), self.midnight(day + 1)
        if end - begin == DAY:
            return np.arange(begin, end, step, dtype=np.int64)
        midnight = dt.datetime.combine(self.date(day), dt.time())
        edges = {begin}
        for wall in range(0, DAY, step):
            naive = midnight + dt.timedelta(microseconds=wall)
            for fold in (0, 1):
                absolute = (naive.replace(tzinfo=self._info, fold=fold).astimezone(dt.UTC) - _EPOCH) // _TICK
                if self._local(absolute).replace(tzinfo=None, fold=0) == naive:
                    edges.add(absolute - self._origin)
        return np.array(sorted(edge for edge in edges if begin <= edge < end), dtype=np.int64)

    def edges(self, start: int, end: int, step: int) -> npt.NDArray[np.int64]:
        """Return the edges of reporting intervals from start to end.

        Steps of up to a day follow the local clock and begin again at midnight; whole days follow midnights; any
        other step is counted from ``start``. The first and the last interval may be shorter.

        Parameters
        ----------
        start, end : int
            ``start < end``. [ticks]
        step : int
            Length of an interval. [ticks]

        Returns
        -------
        int64[interval + 1]
            Begins with ``start``, ends with ``end``. [ticks]
        """
        first, last = self.day_at(start), self.day_at(end)
        if step < DAY:
            inner = np.concatenate([self._day_edges(day, step) for day in range(first, last + 1)])
        elif step % DAY == 0:
            days = range(first + (self.midnight(first) < start), last + 1, step // DAY)
            inner = np.array([self.midnight(day) for day in days], dtype=np.int64)
        else:
            inner = np.arange(start, end, step, dtype=np.int64)
        inner = inner[(inner > start) & (inner < end)]
        return np.concatenate((np.array([start]), inner, np.array([end]))).astype(np.int64)

    def hours_of_week(self, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Return for each interval the local hour of the week of its start: 0 is Monday 00:00, 167 Sunday 23:00."""
        return np.array([self.week_second(int(edge)) // 3600 for edge in edges[:-1]], dtype=np.int32)

    def spans(
        self,
        hours: Sequence[WeekdayHours],
        first_day: int,
        last_day: int,
        special: Mapping[dt.date, Sequence[tuple[int, int]]] | None = None,
    ) -> list[Span]:
        """Return weekly hours as merged spans, for all days from first to last.

        Parameters
        ----------
        hours : sequence of (weekday, from, to)
            See `WeekdayHours`.
        first_day, last_day : int
            Days on which spans may begin, both included.
        special : mapping from dates to (from, to) pairs, optional
            Hours of single days instead of the weekly ones; an empty sequence is a closed day. What the day before
            sends over midnight is cut there when the special day is closed.

        Returns
        -------
        list of (start, end)
            Sorted, disjoint, not touching. [ticks]
        """
        special = special or {}
        by_weekday: dict[int, list[tuple[int, int]]] = {}
        for weekday, begin, end in hours:
            by_weekday.setdefault(weekday, []).append((begin, end))
        found: list[Span] = []
        for day in range(first_day, last_day + 1):
            pairs: Iterable[tuple[int, int]] = by_weekday.get(self.weekday(day), ())
            if special and self.has_calendar:
                pairs = special.get(self.date(day), pairs)
                shut_tomorrow = not special.get(self.date(day + 1), (0,))
                pairs = [(begin, min(end, DAY) if shut_tomorrow else end) for begin, end in pairs]
            found.extend((self.instant(day, begin), self.instant(day, end)) for begin, end in pairs)
        return merge(found)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans: sorted, disjoint, touching ones joined, empty ones left out."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def cut(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """Return the parts of spans inside [start, end)."""
    clipped = ((max(a, start), min(b, end)) for a, b in spans)
    return [(a, b) for a, b in clipped if a < b]


def gaps(wanted: Sequence[Span], given: Sequence[Span]) -> list[Span]:
    """Return the parts of ``wanted`` that no span of ``given`` covers; both sorted and disjoint."""
    found: list[Span] = []
    index = 0
    for start, end in wanted:
        at = start
        while index < len(given) and given[index][1] <= at:
            index += 1
        look = index
        while look < len(given) and given[look][0] < end:
            if given[look][0] > at:
                found.append((at, given[look][0]))
            at = max(at, given[look][1])
            look += 1
        if at < end:
            found.append((at, end))
    return found


def total(spans: Iterable[Span]) -> int:
    """Return the summed length of spans in ticks."""
    return sum(end - start for start, end in spans)


def on_weekdays(hours: WeeklyHours) -> list[WeekdayHours]:
    """Return weekly hours as (weekday, from, to) in ticks, each with the day on which it begins."""
    return [
        (weekday, first * MINUTE, (first + length) * MINUTE)
        for weekday in range(7)
        for first, length in hours.on_day(weekday)
    ]
