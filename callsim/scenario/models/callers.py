"""The models of callers: who calls, how patient they are, whether they call again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section
from callsim.scenario.models.clock import DayFactor
from callsim.units import UnitError, show

__all__ = ["Callers", "CallersDefaults", "Calls", "CallsAgain", "Patience", "Redial"]


class Calls(Section):
    """Fresh calls of a stream: one of `per_hour`, `per_day`, `per_week`, `recorded` or `from_volumes`."""

    per_hour: f.AmountsField | None = None
    """Calls an hour: a number, a list with `every`, or numbers by hours of the week (none at other times).
    Example: `{mon-fri 08:00-18:00: 120, sat 09:00-13:00: 40}`."""
    per_day: f.AmountsField | None = None
    """Calls a day: a number, or numbers by weekday. Spread over the day by `profile`.
    Example: `{mon: 1200, tue-fri: 1000}`."""
    per_week: f.AmountsField | None = None
    """Calls a week, spread over it by `profile`. Example: `12000`."""
    every: f.Duration | None = None
    """Step of a list. Example: `30m`."""
    repeat: f.Yes = False
    """`yes`: a list begins again at its end; `no`: nobody calls after it. Default: `no`."""
    profile: f.ProfileField | None = None
    """How a total is spread: a CSV file with the heading `hours,weight` and lines such as `mon-fri 08:00-08:30,3.2`; or
    hours of the week with their weights; or a list with `every` that fills the day (of `per_day`) or the week (of
    `per_week`). A weight is the relative number of calls in these hours on each of their days; hours that are not named
    get none.
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


class Patience(Section):
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


class Redial(Section):
    """Who calls again after one kind of failure, and when."""

    share: f.SharesField
    """Share of these callers that calls again: one share, or a list by attempt, the last for all later ones.
    Required. Example: `70%`, `[70%, 50%, 30%]`."""
    delay: f.DelayLaw
    """When: a law, or a law counted from the next opening. Required. Example: `exponential mean 30m`,
    `until open + uniform 0m to 2h`."""


class CallsAgain(Section):
    """Who calls again: after a call without an answer, or after one that did not solve the problem."""

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
    unsolved: Redial | None = None
    """After an answered call that did not solve the problem; a list of shares goes by answered calls.
    Example: `{share: 16%, delay: lognormal mean 10h cv 1}`. Default: nobody."""
    at_most: f.CallCount = 255
    """Calls of a caller at the most, the first one counted. Example: `3 calls`. Default: `255 calls`."""


class CallersDefaults(Section):
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
    """How long callers wait: a law, or `never hangs up`. Example: `lognormal mean 6m cv 0.8`.
    Default: `never hangs up`."""
    hangs_up_at_once: f.Share = 0.0
    """Share of callers without any patience: they hang up unless an agent is free. Example: `2%`. Default: none."""
    balks: f.Share = 0.0
    """Share of callers who hang up on hearing that they would have to wait; they never enter the queue.
    Example: `5%`. Default: none."""
    calls_again: CallsAgain = CallsAgain.model_construct()
    """Who calls again after a call without an answer, or without a solution. Default: nobody."""
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
