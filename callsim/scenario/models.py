"""What users write: the scenario language as frozen models. The docstring under a field is the manual.

A model holds values already parsed: durations in ticks, shares as numbers from 0 to 1, hours of the week, laws.
`callsim.scenario.load` makes a `Scenario` from YAML, `callsim.scenario.resolve` turns it into a plan; the reference
page and the JSON Schema are generated from here. The kinds of value are in `fields.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from callsim.codes import (
    AgentSelection,
    AtClosing,
    CallSelection,
    IfClosed,
    Place,
    ServiceLevelFormula,
    TransferPatience,
    WhenClosed,
)
from callsim.scenario import fields as f
from callsim.scenario.readers import AbandonedRule, ClosedRule, ClosingRule
from callsim.scenario.source import Source
from callsim.units import SECOND, WEEK_MINUTES, UnitError, WeeklyHours, show

__all__ = [
    "Break",
    "Callers",
    "CallersDefaults",
    "Calls",
    "CallsAgain",
    "Columns",
    "DayFactor",
    "Group",
    "Meeting",
    "Patience",
    "Queue",
    "Reads",
    "Redial",
    "Routing",
    "Run",
    "Scenario",
    "Shift",
    "Skill",
    "Staffing",
    "Target",
    "TransferReason",
    "TransferRule",
    "Transfers",
    "Volumes",
]

ALWAYS = WeeklyHours(((0, WEEK_MINUTES),), "24/7")


class _Section(BaseModel):
    """A part of a scenario: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, arbitrary_types_allowed=True)


class Run(_Section):
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


class Reads(_Section):
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


class Columns(_Section):
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


class DayFactor(_Section):
    """A random factor of mean 1 on the volume of each day."""

    cv: f.Percentage
    """Its coefficient of variation (gamma distributed). Required. Example: `8%`."""
    shared_by: f.Text | None = None
    """Streams that write the same name here share the factor of a day. Example: `all`. Default: each stream its own."""


class Volumes(_Section):
    """Counts by interval, read from a CSV file (also `.csv.gz`)."""

    file: f.File
    """Path from the folder of the scenario file. Required. Example: `week23.csv`."""
    reads: Reads = Reads()
    """How the file is to be read."""
    columns: Columns
    """Which column holds what. Required."""
    counts: Literal["fresh demand", "offered"] | None = None
    """What the file counts: `fresh demand` (each caller once), or `offered` calls, with the repeats inside: then the
    fresh part is solved for. Must be said as soon as anybody calls again."""
    day_factor: DayFactor | None = None
    """Random factor on each day of the streams that come from the file. Example: `{cv: 8%, shared_by: all}`."""


class Calls(_Section):
    """Fresh calls of a stream: one of `per_hour`, `per_day`, `per_week`, `recorded` or `from_volumes`."""

    per_hour: f.AmountsField | None = None
    """Calls an hour: a number, a list with `every`, or numbers by hours of the week (none at other times).
    Example: `{mon-fri 08:00-18:00: 120, sat 09:00-13:00: 40}`."""
    per_day: f.AmountsField | None = None
    """Calls a day: a number, or numbers by weekday. Spread over the day by `profile`. Example: `{mon: 1200, tue-fri: 1000}`."""
    per_week: f.AmountsField | None = None
    """Calls a week, spread over it by `profile`. Example: `12000`."""
    every: f.Duration | None = None
    """Step of a list. Example: `30m`."""
    repeat: f.Yes = False
    """`yes`: a list begins again at its end; `no`: nobody calls after it. Default: `no`."""
    profile: f.ProfileField | None = None
    """How a total is spread: a CSV file with the columns `weekday,from,to,weight`; or hours of the week with their
    weights; or a list with `every` that fills the day (of `per_day`) or the week (of `per_week`). A weight is the
    relative number of calls in these hours on each of their days; hours that are not named get none.
    Example: `weekday.csv`, `{mon-fri 08:00-12:00: 3, mon-fri 12:00-18:00: 2}`. Default: evenly."""
    recorded: f.File | None = None
    """Replays recorded calls: a CSV file whose first column holds one instant a line, a local date and time or
    seconds since the start of the run. Example: `march.csv`."""
    from_volumes: f.Text | None = None
    """The volumes file's counts, of the queue that the file calls so; `calls: from volumes` takes the stream's own
    name. Example: `Retail`."""

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, value: Any) -> Any:
        """Accept `calls: from volumes`."""
        if isinstance(value, str) and " ".join(value.split()) == "from volumes":
            return {"from_volumes": "*"}
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            text = show(value).strip("'")
            raise UnitError(
                f"{text} without its time", "calls need a rate", f"write {{per_hour: {text}}} or per_day, per_week"
            )
        return value


class Patience(_Section):
    """How long callers wait before they hang up: a law, with or without a rule for later calls."""

    law: f.Law
    """Law of the patience. Required. Example: `lognormal mean 6m cv 0.8`."""
    rule: Literal["fresh", "same person", "multiplied by attempt"] = "fresh"
    """`fresh`: drawn anew for each call; `same person`: drawn once and kept for all calls of a caller;
    `multiplied by attempt`: drawn anew and multiplied by `factors`. Default: `fresh`."""
    factors: f.Factors = ()
    """Factor by call, the last for all later ones. Example: `[1, 0.8, 0.5]`."""

    @model_validator(mode="before")
    @classmethod
    def _from_law(cls, value: Any) -> Any:
        """Accept a law alone, and the parameters of a law beside `rule`."""
        if not isinstance(value, Mapping):
            return {"law": value}
        own = {key: value[key] for key in ("rule", "factors") if key in value}
        rest = {key: item for key, item in value.items() if key not in own}
        return {"law": rest["law"] if set(rest) == {"law"} else rest, **own}


class Redial(_Section):
    """Who calls again after one kind of failure, and when."""

    share: f.SharesField
    """Share of these callers that calls again: one share, or a list by attempt, the last for all later ones.
    Required. Example: `70%`, `[70%, 50%, 30%]`."""
    delay: f.DelayLaw
    """When: a law, or a law counted from the next opening. Required. Example: `exponential mean 30m`,
    `until open + uniform 0m to 2h`."""


class CallsAgain(_Section):
    """Who calls again after a call without an answer."""

    abandoned: Redial | None = None
    """After hanging up in the queue. Example: `{share: 70%, delay: exponential mean 30m}`. Default: nobody."""
    busy: Redial | None = None
    """After a busy tone (no line free, or the queue full). Default: nobody."""
    balked: Redial | None = None
    """After hanging up on hearing of a wait. Default: nobody."""
    closed: Redial | None = None
    """After the closed announcement. Default: nobody."""
    cut_off: Redial | None = Field(default=None, alias="cut off")
    """After being cut off, by a transfer or at closing. Default: nobody."""
    at_most: f.CallCount = 255
    """Calls of a caller at the most, the first one counted. Example: `3 calls`. Default: `255 calls`."""


class CallersDefaults(_Section):
    """What holds for all streams that do not say otherwise, and for the streams that come from the volumes file."""

    times: f.Factor = 1.0
    """Factor on the volume. Example: `1.1`, `+10%`. Default: `1`."""
    day_factor: DayFactor | None = None
    """Random factor on each day's volume. Example: `{cv: 8%}`. Default: none."""
    priority: f.Priority = 5
    """1 is served first, 9 last. Example: `1`. Default: `5`."""
    credit: f.Duration = 0
    """Waiting credit: queued as if arrived so much earlier. Example: `90s`. Default: none."""
    patience: f.PatienceOrNever[Patience] = None
    """How long callers wait: a law, or `never hangs up`. Example: `lognormal mean 6m cv 0.8`. Default: `never hangs up`."""
    hangs_up_at_once: f.Share = 0.0
    """Share of callers without any patience: they hang up unless an agent is free. Example: `2%`. Default: none."""
    balks: f.Share = 0.0
    """Share of callers who hang up on hearing that they would have to wait; they never enter the queue.
    Example: `5%`. Default: none."""
    calls_again: CallsAgain = CallsAgain()
    """Who calls again after a call without an answer. Default: nobody."""
    talk: f.LawsByQueue = Field(default_factory=dict)
    """Talk time of these callers, instead of the queue's: one law, or laws by queue.
    Example: `{billing: lognormal mean 7m cv 0.8}`."""
    after_call_work: f.LawsByQueue = Field(default_factory=dict)
    """After-call work for these callers, instead of the queue's. Example: `constant 1m`."""
    handle_time: f.LawsByQueue = Field(default_factory=dict)
    """Talk and after-call work in one, instead of the queue's. Example: `exponential mean 5m`."""


class Callers(CallersDefaults):
    """One stream of callers: who calls, when, where, and how patient they are."""

    calls: Calls
    """Fresh demand: each caller once, without repeats. Required. Example: `{per_hour: 120}`, `from volumes`."""
    to: f.Name
    """The queue they call. Default: the queue of the same name, or the only queue."""


class Target(_Section):
    """The service-level target of a queue."""

    share: f.Share | None = None
    """Share of calls that should be answered in time. Example: `80%`. Default: none."""
    within: f.Duration = 20 * SECOND
    """What in time means; a wait of just this long is in time. Example: `30s`. Default: `20s`."""
    abandoned: f.Abandoned = AbandonedRule(ServiceLevelFormula.NEGATIVE_ABANDON, 0, "count against us")
    """What an abandoned call counts: `count against us`, `count as answered` (if it abandoned in time), `leave out`,
    `leave out within the target`, `leave out below 5s` (or another duration), or
    `count against us, blocked and closed calls too`. Default: `count against us`."""


class Queue(_Section):
    """A department: when it is open, what its calls need, what happens at closed doors."""

    open: f.Hours = ALWAYS
    """Hours of the week in which calls are let in. Example: `mon-fri 08:00-18:00, sat 09:00-13:00`. Default: `24/7`."""
    closed_on: f.Dates = ()
    """Dates on which it stays closed. Example: `[2025-12-25, 2025-12-26]`. Default: none."""
    special_days: f.SpecialDays = Field(default_factory=dict)
    """Other hours on single dates. Example: `{2025-12-24: 09:00-12:00}`. Default: none."""
    advertised: f.Hours | None = None
    """Hours that are advertised; the coverage report compares them with the hours that are open and staffed.
    Example: `24/7`. Default: the hours in which it is open."""
    talk: f.Law | None = None
    """Law of the talk time. Example: `lognormal mean 6m cv 0.8`."""
    after_call_work: f.Law | None = None
    """Law of the work after the talk. Example: `constant 1m`. Default: none."""
    handle_time: f.Law | None = None
    """Talk and after-call work in one, instead of `talk`. Example: `exponential mean 5m`,
    `lognormal mean from volumes cv 0.9`."""
    when_closed: f.WhenClosedRule = ClosedRule(WhenClosed.ANNOUNCE, None, "announce and hang up")
    """What becomes of callers who arrive closed: `announce and hang up`, `busy tone`, `voicemail`, `hold until open`,
    or `overflow to` another queue. Default: `announce and hang up`."""
    at_closing: f.AtClosingRule = ClosingRule(AtClosing.SERVE, None, "serve the waiting")
    """What becomes of callers who still wait at closing: `serve the waiting`, `cut off`, `keep until open`, or
    `move to` another queue. Default: `serve the waiting`."""
    last_admission: f.Duration = 0
    """So long before closing new callers meet `when_closed` already. Example: `10m`. Default: none."""
    limit: f.Count | None = None
    """Callers who may wait at a time; further ones get a busy tone. Example: `50`. Default: no limit."""
    slope: f.Slope = 1.0
    """Weight of a second of waiting when an agent chooses between queues. Example: `2`. Default: `1`."""
    target: Target = Target()
    """Service-level target. Example: `{share: 80%, within: 20s, abandoned: count against us}`."""
    unstaffed: f.OnPurpose = False
    """`on purpose`: hours open without heads are meant so, and no error."""


class Skill(_Section):
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


class Staffing(_Section):
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


class Break(_Section):
    """A break of every shift, staggered over the heads so that they do not leave together."""

    length: f.Duration
    """How long. Required. Example: `30m`."""
    between: f.Between
    """Earliest and latest start, counted from the start of the shift. Required. Example: `2h-4h`."""


class Meeting(_Section):
    """A meeting that takes the heads of a shift off the phone in groups."""

    days: f.Days = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays. Example: `tue`. Default: `daily`."""
    between: f.ClockSpan
    """Hours of the day in which it is held. Required. Example: `10:00-12:00`."""
    length: f.Duration
    """How long each is away. Required. Example: `45m`."""
    at_once: f.Count | None = None
    """How many are away at a time. Example: `4`. Default: all."""


class Shift(_Section):
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


class Group(_Section):
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


class TransferRule(_Section):
    """How a call is passed on. What is not written here is taken from the next more general place."""

    dialling: f.Duration | None = None
    """Time from the end of the talk until the caller reaches the target; the agent is free. Example: `30s`.
    Default: none."""
    queue: f.PlaceRule | None = None
    """Where he joins the target's queue: `at the back`, `ahead of new calls` or `keeps its place` (as if he had
    joined when he first called). Default: `at the back`."""
    priority: f.Priority | None = None
    """Priority in the target's queue. Example: `1`. Default: the caller's own."""
    patience: f.TransferPatienceRule | None = None
    """`fresh` patience in the target's queue, what is `remaining`, or `unlimited`. Default: `fresh`."""
    if_closed: f.IfClosedRule | None = None
    """What happens if the target is closed: `keep the caller` (the agent knows, and ends the call himself), `cut off`,
    `return to sender`, `voicemail` or `hold until open`. Default: `keep the caller`."""
    explain: f.Law | None = None
    """Time to explain everything again, added to the next talk. Example: `constant 2m30s`. Default: none."""
    at_most: f.TransferCount | None = None
    """How often a call is passed on at the most. Example: `3 transfers`. Default: no limit."""

    def over(self, general: TransferRule) -> TransferRule:
        """Return this rule, completed by a more general one."""
        said = {name: getattr(self, name) for name in TransferRule.model_fields if getattr(self, name) is not None}
        return general.model_copy(update=said)


STANDARD_TRANSFER = TransferRule.model_construct(
    dialling=0, queue=Place.BACK, patience=TransferPatience.FRESH, if_closed=IfClosed.KEEP
)
"""What holds for a transfer where nothing is written."""


class TransferReason(TransferRule):
    """Why calls are passed on: by queue of the answer, the share of answered calls that goes to each other queue."""

    callers: f.Names = ()
    """Streams that it concerns. Example: `[bill question]`. Default: all."""
    by: f.Names = ()
    """Agent groups that do so. Example: `[generalists]`. Default: all."""
    during: f.Hours | None = None
    """Hours of the week in which they do, by the end of the talk. Example: `sat-sun 00:00-24:00`. Default: always."""
    shares: f.TransferShares = Field(default_factory=dict)
    """Write the queues as keys: share of answered calls by source and target. Example:
    `orders: {support: 6%, billing: 4%}`."""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        """Gather the source queues that are written as keys."""
        if not isinstance(value, Mapping):
            return value
        known = {name for name in cls.model_fields if name != "shares"}
        own = {key: item for key, item in value.items() if key in known}
        return {**own, "shares": {key: item for key, item in value.items() if key not in known}}


class Transfers(_Section):
    """Calls that are passed on: reasons by name, `defaults`, and `to QUEUE` for what one target needs otherwise."""

    defaults: TransferRule = TransferRule()
    """Holds for all transfers. Example: `{dialling: 30s, queue: ahead of new calls}`."""
    to: dict[str, TransferRule] = Field(default_factory=dict)
    """Write `to billing: {if_closed: cut off}`: other rules for one target."""
    reasons: dict[str, TransferReason] = Field(default_factory=dict)
    """Write the reason as key. Example: `wrong desk: {orders: {support: 6%}}`. A reason may also carry rules."""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        """Sort the keys into defaults, targets and reasons."""
        if not isinstance(value, Mapping):
            return value
        to = {key[3:].strip(): item for key, item in value.items() if key.startswith("to ")}
        reasons = {key: item for key, item in value.items() if key != "defaults" and not key.startswith("to ")}
        return {**({"defaults": value["defaults"]} if "defaults" in value else {}), "to": to, "reasons": reasons}

    def rule(self, reason: str, target: str) -> TransferRule:
        """Return the complete rule of a transfer: the reason's, then the target's, then the defaults, then ours.

        Only `priority`, `explain` and `at_most` can be None: the caller's own, none, no limit.
        """
        general = self.defaults.over(STANDARD_TRANSFER)
        return self.reasons[reason].over(self.to.get(target, TransferRule()).over(general))


_CALL_RULES = {
    "lowest level then longest wait": CallSelection.LEVEL_FIRST,
    "highest priority then lowest level then longest wait": CallSelection.PRIORITY_FIRST,
    "longest wait": CallSelection.LONGEST_WAIT,
}
_AGENT_RULES = {
    "lowest level then longest idle": (AgentSelection.LONGEST_IDLE, True),
    "lowest level then least occupied": (AgentSelection.LEAST_OCCUPIED, True),
    "lowest level then random": (AgentSelection.RANDOM, True),
    "longest idle": (AgentSelection.LONGEST_IDLE, False),
    "least occupied": (AgentSelection.LEAST_OCCUPIED, False),
    "random": (AgentSelection.RANDOM, False),
}


class Routing(_Section):
    """Which call an agent takes next, and which agent takes a call."""

    which_call_next: Literal[
        "lowest level then longest wait",
        "highest priority then lowest level then longest wait",
        "longest wait",
    ] = Field(default="lowest level then longest wait", alias="which call next")
    """Among the first calls of the queues that an agent answers: `lowest level then longest wait`,
    `highest priority then lowest level then longest wait`, or `longest wait` whatever the level.
    Default: `lowest level then longest wait`."""
    which_agent: Literal[
        "lowest level then longest idle",
        "lowest level then least occupied",
        "lowest level then random",
        "longest idle",
        "least occupied",
        "random",
    ] = Field(default="lowest level then longest idle", alias="which agent")
    """Among the idle agents that may take a call: `lowest level then longest idle`, `lowest level then least occupied`,
    `lowest level then random`, or `longest idle`, `least occupied`, `random` whatever the level.
    Default: `lowest level then longest idle`."""

    @property
    def call_selection(self) -> CallSelection:
        """The code of `which call next`."""
        return _CALL_RULES[self.which_call_next]

    @property
    def agent_selection(self) -> AgentSelection:
        """The code of `which agent`, levels aside."""
        return _AGENT_RULES[self.which_agent][0]

    @property
    def agent_by_level(self) -> bool:
        """Whether only idle agents of the lowest level are compared."""
        return _AGENT_RULES[self.which_agent][1]


class Scenario(_Section):
    """A call centre and its callers, as written in one file (and those that it extends)."""

    format: Literal[1] = 1
    """Version of the language. Default: `1`."""
    name: f.Text = ""
    """What the results are headed with. Example: `Week 23, retail and technical lines`. Default: the file's name."""
    about: f.Text = ""
    """Free text: facts, sources, assumptions."""
    run: Run
    """The clock. Required. Example: `{start: 2025-06-02, measure: 1 week}`."""
    volumes: Volumes | None = None
    """Counts by interval from a file. Default: none."""
    callers: dict[str, Callers] = Field(default_factory=dict)
    """Streams of callers by name; `defaults` beside them holds for all. Each queue of a volumes file that no stream
    asks for becomes a stream of its name."""
    queues: dict[str, Queue]
    """Departments by name; `defaults` beside them holds for all. Required."""
    agents: dict[str, Group]
    """Groups of agents by name; `defaults` beside them holds for all. Required."""
    transfers: Transfers = Transfers()
    """Calls that are passed on. Default: none."""
    routing: Routing = Routing()
    """Which call next, and which agent."""
    lines: f.Count | None = None
    """Trunk lines: a call holds one from its arrival to its end; without a free one it gets a busy tone.
    Example: `200`. Default: no limit."""
    callers_defaults: CallersDefaults = Field(default=CallersDefaults(), alias="callers: defaults")
    """Not written so: what `callers: {defaults: ...}` says, for streams that come from the volumes file."""
    _source: Source = PrivateAttr()

    @property
    def source(self) -> Source:
        """Where everything was written; `source.problem(path, ...)` points into the files."""
        return self._source
