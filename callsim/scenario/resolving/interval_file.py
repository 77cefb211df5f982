"""Read the interval file of a scenario, and say what it lacks."""

from __future__ import annotations

from callsim.errors import Problem
from callsim.scenario.models import Columns, Volumes
from callsim.scenario.resolving.calendar import Span, cut
from callsim.scenario.resolving.context import Context, Stream
from callsim.scenario.resolving.queues import opening_times
from callsim.scenario.resolving.volumes import FileDefects, Reading, VolumeTable, missing, read_volumes
from callsim.units import DAY_NAMES

__all__ = ["check_holes", "read_tables"]

_MOST_HOLES = 10


def read_tables(context: Context) -> None:
    """Put the tables of the interval file into the context; its defects become problems."""
    volumes = context.scenario.volumes
    if volumes is None:
        return
    if not context.needs_calendar(("volumes", "file"), "dated intervals"):
        return
    try:
        tables = read_volumes(volumes.file.path, _reading(volumes), context.timeline, context.horizon)
    except FileDefects as defects:
        context.defects(("volumes", "file"), defects)
        return
    if not any(len(table.start) for table in tables.values()):
        first = context.timeline.weekday_and_time(0)
        context.problem(
            ("volumes", "file"), volumes.file.name, f"none of its intervals lies inside the run from {first}"
        )
        return
    context.tables = {name: table for name, table in tables.items() if len(table.start)}


def check_holes(context: Context) -> None:
    """Note every hole in the interval file: inside a day, and whole days on which the queue is open."""
    volumes = context.scenario.volumes
    if volumes is None or volumes.reads.missing_line == "zero":
        return
    for name, table in context.tables.items():
        _report_holes(context, volumes, name, table)
    for stream in context.streams:
        if stream.table in context.tables and stream.callers.to in context.scenario.queues:
            _report_days(context, volumes, stream)


def _report_days(context: Context, volumes: Volumes, stream: Stream) -> None:
    """Report the days of the run on which a queue is open and its stream has no line at all."""
    timeline, opened = context.timeline, opening_times(context, stream.callers.to)
    counted = {timeline.day_at(start) for start, _ in context.tables[stream.table or ""].spans()}
    absent = []
    for day in range(timeline.day_at(context.horizon - 1) + 1):
        inside = (max(timeline.midnight(day), 0), min(timeline.midnight(day + 1), context.horizon))
        if day not in counted and cut(opened, *inside):
            absent.append(f"{DAY_NAMES[timeline.weekday(day)]} {timeline.date(day)}")
    if absent:
        more = f" and {len(absent) - _MOST_HOLES} more days" if len(absent) > _MOST_HOLES else ""
        context.problem(
            ("volumes", "file"),
            f"no line of {stream.name!r} on {', '.join(absent[:_MOST_HOLES])}{more}",
            f"{stream.callers.to!r} is open on every such day",
            "add the lines, close the queue, shorten the run, or write reads: {missing_line: zero}",
        )


def _reading(volumes: Volumes) -> Reading:
    reads, columns = volumes.reads, volumes.columns
    return Reading(
        interval=reads.interval,
        calls=columns.calls,
        date=columns.date or "",
        time=_time_column(columns),
        queue=columns.queue or "",
        handle_time=columns.handle_time_seconds or "",
        staffed=columns.staffed or "",
        separator=reads.separator,
        decimal=reads.decimal,
        date_pattern=reads.date,
        end_of_interval=reads.times == "local end of interval",
        encoding=reads.encoding,
    )


def _time_column(columns: Columns) -> str:
    return columns.start or columns.time or ""


def _report_holes(context: Context, volumes: Volumes, name: str, table: VolumeTable) -> None:
    """Report each hole between the first and the last line of a local day."""
    timeline = context.timeline
    days: dict[int, Span] = {}
    for start, end in table.spans():
        day = timeline.day_at(start)
        first, last = days.get(day, (start, end))
        days[day] = (min(first, start), max(last, end))
    wanted = cut([days[day] for day in sorted(days)], 0, context.horizon)
    holes = missing(table, wanted)
    for number, (start, end) in enumerate(holes[:_MOST_HOLES], 1):
        of = f" of {name!r}" if name else ""
        until = timeline.weekday_and_time(end)[-5:]
        more = f" (and {len(holes) - _MOST_HOLES} more holes)" if number == _MOST_HOLES < len(holes) else ""
        context.problems.append(
            Problem(
                str(volumes.file.path), 0, 0, context.scenario.source.problem(("volumes", "file"), "", "").path,
                f"no line{of} for {timeline.weekday_and_time(start)} to {until}{more}",
                "a day's lines must follow each other without a hole",
                "add the line, or write reads: {missing_line: zero}",
            )
        )  # fmt: skip
