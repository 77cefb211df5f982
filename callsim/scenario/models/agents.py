"""The models of agents: what they answer, and when they are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section

__all__ = ["Break", "Group", "Meeting", "Shift", "Skill", "Staffing"]


class Skill(Section):
    """How a group answers one queue."""

    level: f.Level = 1
    """Lower levels come first: both which call an agent takes next, and which agent takes a call.
    Example: `2`. Default: `1`."""
    after: f.Duration = 0
    """Takes only calls that have waited so long (overflow). Example: `40s`. Default: at once."""
    handle_time: f.Factor = 1.0
    """Factor on talk and after-call work. Example: `+15%`, `1.15`. Default: `1`."""

    @model_validator(mode="before")
    @classmethod
    def _from_level(cls, value: Any) -> Any:
        """Accept a bare level."""
        return {"level": value} if isinstance(value, int | float) and not isinstance(value, bool) else value or {}


class Staffing(Section):
    """Head-counts by hours of the week (`{mon-fri 08:00-18:00: 12}`, nobody at other times), or by a list."""

    every: f.Duration | None = None
    """Step of the list, from the start of the run. Example: `30m`."""
    heads: f.HeadsList = ()
    """Heads, step by step. Example: `[5, 7, 9]`."""
    repeat: f.Yes = False
    """`yes`: the list begins again at its end; `no`: its last number stays. Default: `no`."""
    hours: f.HeadsByHours = ()
    """Heads by hours of the week: write the hours as keys."""

    @model_validator(mode="before")
    @classmethod
    def _from_hours(cls, value: Any) -> Any:
        """Gather hours of the week that are written as keys."""
        if not isinstance(value, Mapping) or set(value) & {"every", "heads", "repeat"}:
            return value
        return {"hours": value}


class Break(Section):
    """A break of every shift, staggered over the heads so that they do not leave together."""

    length: f.Duration
    """How long. Required. Example: `30m`."""
    between: f.Between
    """Earliest and latest start, counted from the start of the shift. Required. Example: `2h-4h`."""


class Meeting(Section):
    """A meeting that takes the heads of a shift off the phone in groups."""

    days: f.Days = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays. Example: `tue`. Default: `daily`."""
    between: f.ClockSpan
    """Hours of the day in which it is held. Required. Example: `10:00-12:00`."""
    length: f.Duration
    """How long each is away. Required. Example: `45m`."""
    at_once: f.Count | None = None
    """How many are away at a time. Example: `4`. Default: all."""


class Shift(Section):
    """A shift; it belongs to the day on which it begins and may run past midnight."""

    days: f.Days = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays on which it begins. Example: `mon-fri`. Default: `daily`."""
    starts: f.ClockTime = Field(alias="from")
    """Time of day. Required. Example: `08:00`."""
    lasts: f.Duration = Field(alias="for")
    """Length, breaks included. Required. Example: `8h30m`."""
    heads: f.HeadsByDay
    """People on this shift: a number, or numbers by weekday. Required. Example: `12`, `{mon: 16, tue-fri: 13}`."""
    breaks: tuple[Break, ...] | None = None
    """Breaks, instead of the group's. Example: `[{length: 30m, between: 2h-4h}]`."""
    meeting: Meeting | None = None
    """A meeting. Example: `{days: tue, between: 10:00-12:00, length: 45m, at_once: 4}`. Default: none."""


class Group(Section):
    """A group of agents with the same skills: `heads`, `staffing` or `shifts` say when they are there."""

    answers: f.Skills[Skill]
    """The queues they answer: names, or names with level, overflow time and factor. Required.
    Example: `[orders, support]`, `{orders: {level: 1}, support: {level: 2, after: 40s}}`."""
    heads: f.HeadsOrVolumes | None = None
    """So many are always there; or `from volumes`: the staffed positions of the interval file. Example: `100`."""
    staffing: Staffing | None = None
    """Head-counts by interval: when heads fall, idle agents leave at once and the busy ones when they finish.
    Example: `{mon-fri 08:00-12:00: 12, mon-fri 12:00-18:00: 9}`."""
    shifts: dict[str, Shift] = Field(default_factory=dict)
    """Shifts by name, of people whose end is fixed: a busy one finishes the call, then goes.
    Example: `{early: {days: mon-fri, from: 08:00, for: 8h30m, heads: 12}}`."""
    persons: f.Persons | None = None
    """The people behind the heads of the shifts, who take turns: a number, or their names. Example: `85`.
    Default: as many as are ever needed."""
    breaks: tuple[Break, ...] = ()
    """Breaks of every shift. Example: `[{length: 15m, between: 2h-2h30m}]`. Default: none."""
    late_break: Literal["full length", "keeps its end"] = "full length"
    """A break that starts late, because a call was not over, has its `full length` or `keeps its end`.
    Default: `full length`."""
    no_show: f.Share = 0.0
    """Probability that somebody misses a shift, drawn for each shift and day. Example: `8%`. Default: none."""
    shrinkage: f.ShareOrNone = 0.0
    """Share of the heads that is paid but not at the phone: heads are taken times one minus it, and rounded.
    `none` says that the heads are after shrinkage. Example: `30%`. Default: `none`."""
