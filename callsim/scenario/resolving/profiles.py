"""Read weekly profiles and recorded calls from CSV files, plain or gzipped."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from callsim.scenario.resolving.calendar import Timeline, WeekdayHours
from callsim.scenario.resolving.volumes import MOST_DEFECTS, BadCell, Defect, FileDefects, number, read_rows
from callsim.units import (
    DAY,
    DAY_MINUTES,
    DAY_NAMES,
    MINUTE,
    SECOND,
    WEEK_MINUTES,
    UnitError,
    format_clock,
    weekly_hours,
)

__all__ = ["read_instants", "read_profile"]


def read_profile(path: Path) -> list[tuple[WeekdayHours, float]]:
    """Read a weekly profile: the heading ``hours,weight`` and lines such as ``mon-fri 08:00-08:30,3.2``.

    The separator is a comma or, with decimal commas, a semicolon.

    Returns
    -------
    list of (hours, weight)
        Hours as (weekday, from, to); weights are relative calls an hour.

    Raises
    ------
    FileDefects
    """
    first = next(read_rows(path, "\x1f"), (0, [""]))[1][0]
    separator, decimal = (";", ",") if ";" in first else (",", ".")
    rows = read_rows(path, separator)
    header = [name.lower() for name in next(rows, (0, []))[1]]
    if header != ["hours", "weight"]:
        has = f"{separator} ".join(header) or "nothing"
        raise FileDefects(path, [Defect(1, f"the heading {has}", "the heading of a profile is hours,weight")])
    spans: list[tuple[int, int, int, float]] = []
    defects: list[Defect] = []
    for line, cells in rows:
        try:
            if len(cells) != 2:
                raise BadCell(f"{len(cells)} cells", f"a line has hours and a weight, separated by {separator!r}")
            weight = number(cells[1], decimal, "weight")
            spans.extend((*span, line, weight) for span in weekly_hours(cells[0]).spans)
        except UnitError as bad:
            defects.append(Defect(line, bad.found, bad.rule, bad.advice))
        except BadCell as bad:
            defects.append(Defect(line, bad.found, bad.rule, bad.advice))
    defects += _overlaps(spans)
    if not defects and sum(weight for *_, weight in spans) <= 0:
        defects.append(Defect(0, "no weight above 0", "at least one interval must have calls"))
    if defects:
        raise FileDefects(path, defects[:MOST_DEFECTS])
    found: list[tuple[WeekdayHours, float]] = []
    for begin, length, _, weight in sorted(spans):
        weekday, minute = divmod(begin, DAY_MINUTES)
        if length == WEEK_MINUTES:
            found += [((day, 0, DAY), weight) for day in range(7)]
        else:
            found.append(((weekday, minute * MINUTE, (minute + length) * MINUTE), weight))
    return found


def _overlaps(spans: Sequence[tuple[int, int, int, float]]) -> list[Defect]:
    ordered = sorted(spans)
    for (begin, length, one, _), (after, _, other, _) in itertools.pairwise(ordered):
        if after < begin + length:
            at = f"{DAY_NAMES[after // DAY_MINUTES]} {format_clock(after % DAY_MINUTES)}"
            rule = f"line {min(one, other)} has them too; the hours of a profile must not overlap"
            return [Defect(max(one, other), f"hours that hold {at}", rule)]
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
