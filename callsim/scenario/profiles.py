"""Read weekly profiles and recorded calls from CSV files, plain or gzipped."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from callsim.scenario.calendar import Timeline, WeekdayHours
from callsim.scenario.volumes import MOST_DEFECTS, BadCell, Defect, FileDefects, number, read_rows, wall_time
from callsim.units import HOUR, SECOND

__all__ = ["read_instants", "read_profile"]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_profile(path: Path) -> list[tuple[WeekdayHours, float]]:
    """Read a weekly profile: columns ``weekday``, ``from``, ``to`` and ``weight``, separated by comma or semicolon.

    A weekday may be a range (``mon-fri``) or ``daily``; each day of it gets the whole weight. ``to`` may be 24:00.

    Returns
    -------
    list of (hours, weight)
        Hours as (weekday, from, to); calls are spread evenly inside them, in proportion to the weights.

    Raises
    ------
    FileDefects
    """
    with_semicolon = ";" in next(read_rows(path, "\x1f"), (0, [""]))[1][0]
    separator = ";" if with_semicolon else ","
    rows = read_rows(path, separator)
    header = [name.lower() for name in next(rows, (0, []))[1]]
    absent = [name for name in ("weekday", "from", "to", "weight") if name not in header]
    if absent:
        has = ", ".join(header) or "nothing"
        defect = Defect(1, f"no column {absent[0]!r}", f"a profile has weekday, from, to, weight; this one has {has}")
        raise FileDefects(path, [defect])
    found: list[tuple[WeekdayHours, float]] = []
    defects: list[Defect] = []
    for line, cells in rows:
        try:
            if len(cells) != len(header):
                raise BadCell(f"{len(cells)} cells", f"the header has {len(header)}")
            row = dict(zip(header, cells, strict=True))
            begin, end = wall_time(row["from"]), wall_time(row["to"])
            if end <= begin:
                raise BadCell(
                    f"{row['from']} to {row['to']}", "an interval must end after it begins, at 24:00 at the latest"
                )
            weight = number(row["weight"], "." if separator == "," else ",", "weight")
            found.extend(((day, begin, end), weight) for day in _weekdays(row["weekday"]))
        except BadCell as bad:
            defects.append(Defect(line, bad.found, bad.rule, bad.advice))
    defects += _overlaps(found)
    if not defects and sum(weight for _, weight in found) <= 0:
        defects.append(Defect(0, "no weight above 0", "at least one interval must have calls"))
    if defects:
        raise FileDefects(path, defects[:MOST_DEFECTS])
    return found


def _weekdays(text: str) -> list[int]:
    """Return the weekdays of "mon", "mon-fri" or "daily"."""
    if text.lower() == "daily":
        return list(range(7))
    ends = [part.strip().lower()[:3] for part in text.split("-")]
    if len(ends) > 2 or any(part not in _WEEKDAYS for part in ends):
        raise BadCell(
            f"the weekday {text!r}", f"it must be one of {', '.join(_WEEKDAYS)}, a range such as mon-fri, or daily"
        )
    first, last = _WEEKDAYS.index(ends[0]), _WEEKDAYS.index(ends[-1])
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def _overlaps(found: Sequence[tuple[WeekdayHours, float]]) -> list[Defect]:
    ordered = sorted(hours for hours, _ in found)
    for one, other in itertools.pairwise(ordered):
        if one[0] == other[0] and other[1] < one[2]:
            at = f"{_WEEKDAYS[one[0]]} {other[1] // HOUR:02d}:{other[1] % HOUR // (60 * SECOND):02d}"
            return [Defect(0, f"two lines for {at}", "the intervals of a profile must not overlap")]
    return []


def read_instants(path: Path, timeline: Timeline) -> list[int]:
    """Read recorded arrivals: the first column, one call a line, a header line if it is not an instant itself.

    An instant is a date and time (ISO 8601, local unless it has an offset) or a number of seconds since the start.

    Returns
    -------
    list of int
        Sorted; instants outside the run are kept. [ticks]

    Raises
    ------
    FileDefects
    """
    found: list[int] = []
    defects: list[Defect] = []
    for index, (line, cells) in enumerate(read_rows(path)):
        try:
            found.append(_instant(cells[0], timeline))
        except BadCell as bad:
            if index:
                defects.append(Defect(line, bad.found, bad.rule, bad.advice))
        if len(defects) >= MOST_DEFECTS:
            break
    if not found and not defects:
        defects.append(Defect(0, "no calls", "there must be at least one recorded instant"))
    if defects:
        raise FileDefects(path, defects)
    return sorted(found)


def _instant(text: str, timeline: Timeline) -> int:
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        if not math.isfinite(seconds):
            raise BadCell(f"{text!r}", "an instant must be finite")
        return round(seconds * SECOND)
    rule = "an instant is seconds since the start" + (
        " or such as 2025-03-03 08:00:12" if timeline.has_calendar else ""
    )
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(f"{text!r}", rule) from None
    if not timeline.has_calendar:
        raise BadCell(f"{text!r}", rule, "a run without `start` knows no dates")
    return timeline.instant_of(moment)
