"""Read interval counts from CSV files, plain or gzipped; also what every other CSV reader here needs.

A planner's export is taken as it is: separator, decimal sign, date pattern, start or end of the interval and the zone
are declared by the scenario, never guessed. Every defect is reported with its line; a file with defects gives nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import gzip
import io
import itertools
import math
import re
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from callsim.scenario.resolving.calendar import Span, Timeline, gaps
from callsim.units import DAY, HOUR, SECOND

__all__ = [
    "MOST_DEFECTS",
    "BadCell",
    "Defect",
    "FileDefects",
    "Reading",
    "VolumeTable",
    "missing",
    "number",
    "read_rows",
    "read_volumes",
    "wall_time",
]

MOST_DEFECTS = 20
"""So many defects of a file are told; what follows is usually the same once more."""
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong in a file; line 0 is the file as a whole."""

    line: int
    found: str
    rule: str
    advice: str = ""


class FileDefects(Exception):
    """A file cannot be used; ``defects`` are sorted by line."""

    def __init__(self, path: Path, defects: Sequence[Defect]) -> None:
        super().__init__(path, defects)
        self.path = path
        self.defects = sorted(defects, key=lambda defect: defect.line)


@dataclass(frozen=True)
class Reading:
    """How an interval file is to be read.

    ``date`` is "" if the ``time`` column holds date and time together (ISO 8601); column names are "" where absent.
    """

    interval: int
    """[ticks]"""
    calls: str
    date: str = ""
    time: str = ""
    queue: str = ""
    handle_time: str = ""
    staffed: str = ""
    separator: str = ","
    decimal: str = "."
    date_pattern: str = "YYYY-MM-DD"
    end_of_interval: bool = False
    zone: str = ""
    """Zone of the times, "" for that of the run."""
    encoding: str = "utf-8"


@dataclass
class VolumeTable:
    """The intervals of one queue inside the run, sorted by start."""

    start: npt.NDArray[np.int64]
    """[interval] [ticks]"""
    end: npt.NDArray[np.int64]
    """[interval] [ticks]"""
    calls: npt.NDArray[np.float64]
    """[interval] Calls."""
    handle_time: npt.NDArray[np.float64]
    """[interval] Mean handle time, NaN where the file has none. [s]"""
    staffed: npt.NDArray[np.int64]
    """[interval] Open positions, -1 where the file has none."""

    @property
    def mean_handle_time(self) -> float:
        """Mean handle time over the calls of all intervals that have one, NaN if none has. [s]"""
        known = ~np.isnan(self.handle_time)
        calls = float(self.calls[known].sum())
        if calls > 0:
            return float((self.calls[known] * self.handle_time[known]).sum()) / calls
        return float(self.handle_time[known].mean()) if known.any() else math.nan

    def spans(self) -> list[Span]:
        """Return the intervals. [ticks]."""
        return list(zip(self.start.tolist(), self.end.tolist(), strict=True))


@dataclass
class _Rows:
    """Intervals of one queue while the file is read."""

    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    handle_time: list[float] = field(default_factory=list)
    staffed: list[int] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)


def read_rows(path: Path, separator: str = ",", encoding: str = "utf-8") -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of a CSV file, its header first; blank lines are skipped.

    Raises
    ------
    FileDefects
        If the file is missing, cannot be read, is not UTF-8 or not CSV.
    """
    reader = None
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as binary:
            text = io.TextIOWrapper(binary, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="")
            reader = csv.reader(text, delimiter=separator, strict=True)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
    except UnicodeError as error:
        line = reader.line_num + 1 if reader else 1
        at = f" ({error.object[error.start]:#04x})" if isinstance(error, UnicodeDecodeError) and error.object else ""
        found, rule = f"bytes that are not {encoding.upper()}{at}", f"the file must be {encoding.upper()} text"
        defect = Defect(line, found, rule, "save it again as UTF-8, or say its encoding under `reads`")
        raise FileDefects(path, [defect]) from None
    except csv.Error as error:
        line = reader.line_num if reader else 1
        raise FileDefects(path, [Defect(line, f"a line that is not CSV ({error})", "quotes must be closed")]) from None
    except FileNotFoundError:
        defect = Defect(0, "no such file", "the file must exist beside the scenario", _nearest_file(path))
        raise FileDefects(path, [defect]) from None
    except (OSError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileDefects(path, [Defect(0, f"a file that cannot be read ({reason})", "it must be readable")]) from None


def _nearest_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent.name!r} either"
    near = difflib.get_close_matches(path.name, [other.name for other in path.parent.iterdir()], 1)
    return f"did you mean {near[0]!r}?" if near else ""


def read_volumes(path: Path, reading: Reading, timeline: Timeline, horizon: int) -> dict[str, VolumeTable]:
    """Read interval counts.

    Parameters
    ----------
    path : pathlib.Path
    reading : Reading
    timeline : Timeline
        The run's clock; it must have a calendar.
    horizon : int
        Intervals that end before the start or begin at or after the horizon are checked, then left out. [ticks]

    Returns
    -------
    dict from queue name to VolumeTable
        In the order of the file; the name is "" if the file has no queue column.

    Raises
    ------
    FileDefects
        With all defects: missing columns, negative or unreadable numbers, unreadable or repeated times.
    """
    rows = read_rows(path, reading.separator, reading.encoding)
    header = next(rows, (0, []))[1]
    columns = _columns(path, header, reading)
    clock = _Clock(reading, timeline)
    found: dict[str, _Rows] = {}
    defects: list[Defect] = []
    for line, cells in rows:
        if len(cells) != len(header):
            rule = f"the header has {len(header)}, separated by {reading.separator!r}"
            defects.append(Defect(line, f"{len(cells)} cells", rule))
        else:
            _take(found, line, {name: cells[index] for name, index in columns.items()}, reading, clock, defects)
        if len(defects) >= MOST_DEFECTS:
            break
    for name, intervals in found.items():
        defects.extend(_overlaps(name, intervals, timeline)[: MOST_DEFECTS - len(defects)])
    if not found and not defects:
        defects.append(Defect(0, "no lines below the header", "there must be at least one interval"))
    if defects:
        raise FileDefects(path, defects)
    return {name: _table(rows, horizon) for name, rows in found.items()}


def _overlaps(name: str, rows: _Rows, timeline: Timeline) -> list[Defect]:
    """Return the intervals of a queue that begin before the one before them has ended."""
    spans = sorted(zip(rows.start, rows.end, strict=True))
    found = []
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            text = f"the interval {timeline.weekday_and_time(start)}" + (f" of {name!r}" if name else "")
            rule = f"the one before it lasts until {timeline.weekday_and_time(end)}"
            found.append(Defect(rows.seen[start], text, rule, "say how long the intervals are under reads: interval"))
    return found


def _columns(path: Path, header: Sequence[str], reading: Reading) -> dict[str, int]:
    """Return for each role the index of its column; a missing column is a defect of line 1."""
    roles = ("date", "time", "queue", "calls", "handle_time", "staffed")
    wanted = {role: getattr(reading, role) for role in roles if getattr(reading, role)}
    defects = []
    for name in wanted.values():
        if name not in header:
            near = difflib.get_close_matches(name, header, 1)
            has = ", ".join(header) or "nothing"
            advice = f"did you mean {near[0]!r}?" if near else f"columns are separated by {reading.separator!r}"
            defects.append(Defect(1, f"no column {name!r}", f"the header has {has}", advice))
    if defects:
        raise FileDefects(path, defects)
    return {role: header.index(name) for role, name in wanted.items()}


def _take(
    found: dict[str, _Rows],
    line: int,
    cells: Mapping[str, str],
    reading: Reading,
    clock: _Clock,
    defects: list[Defect],
) -> None:
    """Put one line where it belongs, or say what is wrong with it."""
    try:
        calls = number(cells["calls"], reading.decimal, "calls")
        seconds = number(cells.get("handle_time") or "nan", reading.decimal, "handle time")
        staffed = number(cells.get("staffed") or "nan", reading.decimal, "staffed positions")
        queue = cells.get("queue", "")
        rows = found.setdefault(queue, _Rows())
        start, end = clock.interval(cells.get("date", ""), cells.get("time", ""), rows.seen, calls)
    except BadCell as bad:
        defects.append(Defect(line, bad.found, bad.rule, bad.advice))
        return
    if end == start:  # an hour that the spring day skips, with no calls in it
        return
    if start in rows.seen:
        text = f"the interval {clock.timeline.weekday_and_time(start)}" + (f" of {queue!r}" if queue else "")
        defects.append(Defect(line, f"{text} a second time", f"it stands in line {rows.seen[start]} already"))
        return
    rows.seen[start] = line
    rows.start.append(start)
    rows.end.append(end)
    rows.calls.append(calls)
    rows.handle_time.append(seconds if seconds > 0 else math.nan)
    rows.staffed.append(-1 if math.isnan(staffed) else math.ceil(staffed - 1e-9))


class BadCell(Exception):
    """A cell that cannot be used."""

    def __init__(self, found: str, rule: str, advice: str = "") -> None:
        super().__init__(found)
        self.found, self.rule, self.advice = found, rule, advice


def number(text: str, decimal: str, what: str) -> float:
    """Return a number >= 0, or NaN for the text "nan" where that is allowed.

    Raises
    ------
    BadCell
        If it is negative, infinite or no number.
    """
    plain = text.replace(decimal, ".", 1) if decimal != "." else text
    try:
        if decimal != "." and "." in text:
            raise ValueError
        value = float(plain)
    except ValueError:
        found = f"{text!r} as {what}" if text else f"an empty cell for {what}"
        raise BadCell(found, f"it must be a number with {decimal!r} as decimal sign, without thousands signs") from None
    if value < 0:
        raise BadCell(f"{text} {what}", "it must not be negative")
    if math.isinf(value) or (math.isnan(value) and text != "nan") or (math.isnan(value) and what == "calls"):
        raise BadCell(f"{text!r} as {what}", "it must be a finite number")
    return value


class _Clock:
    """Turns the date and time cells of one file into spans."""

    def __init__(self, reading: Reading, timeline: Timeline) -> None:
        self.reading, self.timeline = reading, timeline
        self.zone = zoneinfo.ZoneInfo(reading.zone) if reading.zone else None
        self.days: dict[str, int] = {}
        pattern = re.escape(reading.date_pattern)
        for mark, digits in (("YYYY", r"(?P<y>\d{4})"), ("MM", r"(?P<m>\d{1,2})"), ("DD", r"(?P<d>\d{1,2})")):
            pattern = pattern.replace(mark, digits)
        self.pattern = re.compile(pattern)

    def interval(self, date: str, time: str, seen: Mapping[int, int], calls: float) -> Span:
        """Return the span of a line; empty for an hour that the spring day skips, if nobody called in it."""
        if not self.reading.date:
            date, _, time = time.replace("T", " ").partition(" ")
        day, wall = self._day(date), wall_time(time or "00:00")
        if self.reading.end_of_interval:
            wall -= self.reading.interval
        if self.zone is not None:
            return self._foreign(day, wall)
        timeline, length = self.timeline, self.reading.interval
        start = timeline.instant(day, wall)
        if timeline.midnight(day + 1) - timeline.midnight(day) != DAY and length <= HOUR:
            shown = (timeline.week_second(start) * SECOND - timeline.weekday(day) * DAY - wall) % (7 * DAY)
            if shown:
                return self._skipped(date, time, start, calls)
            later = start + HOUR
            if start in seen and timeline.week_second(later) == timeline.week_second(start):
                start = later  # the hour that the autumn day has twice
        if length <= HOUR:
            return start, start + length
        return start, timeline.instant(day, wall + length)

    def _skipped(self, date: str, time: str, start: int, calls: float) -> Span:
        if calls:
            raise BadCell(f"{calls:g} calls at {date} {time}", "the clocks skip that hour on that day")
        return start, start

    def _foreign(self, day: int, wall: int) -> Span:
        moment = dt.datetime.combine(self.timeline.date(day), dt.time(), self.zone) + dt.timedelta(microseconds=wall)
        start = self.timeline.instant_of(moment)
        return start, start + self.reading.interval

    def _day(self, text: str) -> int:
        if text not in self.days:
            match = self.pattern.fullmatch(text)
            try:
                if match is None:
                    raise ValueError
                date = dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                raise BadCell(f"the date {text!r}", f"dates are written {self.reading.date_pattern}") from None
            self.days[text] = self.timeline.day_of(date)
        return self.days[text]


def wall_time(text: str) -> int:
    """Return ticks after midnight of "08:30", "8:30:00" or "24:00".

    Raises
    ------
    BadCell
    """
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[2]) > 59 or int(match[3] or 0) > 59:
        raise BadCell(f"the time {text!r}", "times are written 08:30 or 08:30:00")
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    if seconds > 86_400:
        raise BadCell(f"the time {text!r}", "a day ends at 24:00")
    return seconds * SECOND


def _table(rows: _Rows, horizon: int) -> VolumeTable:
    start = np.array(rows.start, dtype=np.int64)
    end = np.array(rows.end, dtype=np.int64)
    inside = np.flatnonzero((end > 0) & (start < horizon))
    order = inside[np.argsort(start[inside], kind="stable")]
    return VolumeTable(
        start[order],
        end[order],
        np.array(rows.calls, dtype=np.float64)[order],
        np.array(rows.handle_time, dtype=np.float64)[order],
        np.array(rows.staffed, dtype=np.int64)[order],
    )


def missing(table: VolumeTable, wanted: Sequence[Span]) -> list[Span]:
    """Return the parts of the wanted hours for which the file has no line; both in ticks."""
    return gaps(wanted, table.spans())
