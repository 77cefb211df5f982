"""The models of the clock and of volumes from a file."""

from __future__ import annotations

from typing import Literal

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section
from callsim.units import SECOND

__all__ = ["Columns", "DayFactor", "Reads", "Run", "Volumes"]


class Run(Section):
    """The clock: when the run starts, how long it is measured, how it is reported."""

    start: f.Start | None = None
    """Local date, or date and time, at which the run starts; the centre is empty then. Without it the clock has
    no calendar, and hours of the week are refused. Example: `2025-06-02`. Default: no calendar."""
    time_zone: f.Zone = "UTC"
    """Zone of all hours, with its daylight saving time. Example: `Europe/Berlin`. Default: `UTC`."""
    warm_up: f.Duration = 0
    """Simulated but not measured, from the start on. Example: `2 weeks`. Default: none."""
    measure: f.Duration
    """What is measured, after the warm-up. Required. Example: `4 weeks`."""
    follow_cases: f.Duration = 0
    """The run goes on for so long after what is measured, and the cases that began in it are followed to their end.
    Example: `4 weeks`. Default: none."""
    interval: f.Duration = 1800 * SECOND
    """Length of the reporting intervals. Example: `15m`. Default: `30m`."""
    at_end: Literal["stop", "drain"] = "stop"
    """`stop`: calls that are not over are counted as unfinished. `drain`: no fresh calls or redials after the end,
    the last staffing and opening stays until nobody is left. Default: `stop`."""
    seed: f.Count = 1
    """The number that all random draws hang on. Example: `7`. Default: `1`."""
    replications: f.Count = 10
    """Independent runs, from which the intervals of the estimates come. Example: `40`. Default: `10`."""
    level: f.Share = 0.95
    """Confidence level of the intervals. Example: `99%`. Default: `95%`."""


class Reads(Section):
    """How the interval file is to be read."""

    separator: f.Separator = ","
    """Sign between columns: one sign, or `tab`. Example: `;`. Default: a comma."""
    decimal: Literal[".", ","] = "."
    """Sign before decimals. Example: `","`. Default: `.`."""
    date: f.DateFormat = "YYYY-MM-DD"
    """Form of the dates. Example: `DD.MM.YYYY`. Default: `YYYY-MM-DD`."""
    interval: f.Duration = 1800 * SECOND
    """Length of the file's intervals. Example: `15m`. Default: `30m`."""
    times: Literal["local start of interval", "local end of interval"] = "local start of interval"
    """What the file's times name. Default: `local start of interval`."""
    missing_line: Literal["error", "zero"] = "error"
    """A line that is missing between the first and the last of its day is an `error`, or means `zero` calls.
    Default: `error`."""
    encoding: Literal["utf-8", "latin-1", "cp1252", "utf-16"] = "utf-8"
    """How the file spells its signs. Default: `utf-8`."""


class Columns(Section):
    """Which column of the interval file holds what: the column's heading."""

    date: f.Text | None = None
    """Date of the interval. Example: `Datum`."""
    time: f.Text | None = None
    """Time of the interval. Example: `Zeit`."""
    start: f.Text | None = None
    """Date and time in one column, with a blank or a `T` between them, instead of `date` and `time`.
    Example: `interval_start`."""
    queue: f.Text | None = None
    """Queue or skill. Without it the whole file belongs to the one stream that says `calls: from volumes`.
    Example: `Skill`."""
    calls: f.Text
    """Number of calls. Required. Example: `Calls`."""
    handle_time_seconds: f.Text | None = None
    """Mean handle time of the interval. Unit: seconds. Example: `AHT`."""
    staffed: f.Text | None = None
    """Open agent positions, for groups with `heads: from volumes`. Example: `Agents`."""


class DayFactor(Section):
    """A random factor of mean 1 on the volume of each day."""

    cv: f.Percentage
    """Its coefficient of variation (gamma distributed). Required. Example: `8%`."""
    shared_by: f.Text | None = None
    """Streams that write the same name here share the factor of a day. Example: `all`. Default: each stream its own."""


class Volumes(Section):
    """Counts by interval, read from a CSV file (also `.csv.gz`)."""

    file: f.File
    """Path from the folder of the scenario file. Required. Example: `week23.csv`."""
    reads: Reads = Reads.model_construct()
    """How the file is to be read."""
    columns: Columns
    """Which column holds what. Required."""
    counts: Literal["fresh demand", "offered"] | None = None
    """What the file counts: `fresh demand` (each caller once), or `offered` calls, with the repeats inside: then the
    fresh part is solved for. Must be said as soon as anybody calls again."""
    day_factor: DayFactor | None = None
    """Random factor on each day of the streams that come from the file. Example: `{cv: 8%, shared_by: all}`."""
