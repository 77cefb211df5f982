"""The models of money: what the work costs, and what is lost with customers. No engine sees any of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from callsim.scenario.language import fields as f
from callsim.scenario.language.money import Amount, Premium, Weeks, for_groups
from callsim.scenario.models.base import Section
from callsim.units import HOUR

__all__ = ["Churn", "Money", "ToldOften", "Training", "Turnover", "Wage", "WordOfMouth"]


class Wage(Section):
    """What an hour of an agent costs, with all that comes on top of the pay: a number, or a number with `premium`."""

    per_hour: Amount
    """Cost of an hour that is paid: signed on, in a break, at work after the end of a shift, or away without having
    said so. Required. Example: `24`."""
    premium: Premium = ()
    """Factors on it by hours of the week. Example: `{mon-fri 20:00-06:00: +25%, sun 00:00-24:00: +50%}`.
    Default: none."""

    @model_validator(mode="before")
    @classmethod
    def _from_amount(cls, value: Any) -> Any:
        """Accept a bare amount."""
        return {"per_hour": value} if not isinstance(value, Mapping) else value


class Training(Section):
    """What it takes to make an agent."""

    weeks: Weeks
    """Weeks until somebody new answers calls. Required. Example: `6`."""
    per_week: Amount
    """Cost of a week of it: pay, teachers, rooms. Required. Example: `900`."""
    works_for: f.Duration | None = None
    """How long somebody stays at work afterwards. Example: `4 weeks`. Default: as `turnover` tells."""


class Turnover(Section):
    """Share of the agents that leaves within a year: the sum of three parts."""

    per_year: f.Percentage = 0.0
    """In calm times. Example: `30%`. Default: none."""
    above: f.Share = 0.85
    """Occupancy from which more leave. Example: `80%`. Default: `85%`."""
    each_point: f.Percentage = 0.0
    """So many more for each per cent of occupancy above that. Example: `2%`. Default: none."""
    each_angry_call: f.Percentage = 0.0
    """So many more for each angry call that an agent answers a week on average: from somebody who has held for an
    hour, or has to call again. Example: `0.5%`. Default: none."""


class ToldOften(Section):
    """Telling it to one employee after the other."""

    share: f.Share
    """Share of these customers who leave. Required. Example: `15%`."""
    more_than: f.Count
    """They have told it more often than this. Required. Example: `3`."""


class Churn(Section):
    """Share of customers who leave, by the worst that happened to them: of all that did, what has the largest share."""

    nothing_bad: f.Share = Field(default=0.0, alias="nothing bad")
    """Of everybody, though nothing below happened. Example: `1%`. Default: none."""
    held_an_hour: f.Share | None = Field(default=None, alias="held an hour")
    """Has held for an hour or more in one call. Example: `8%`. Default: as if nothing happened, as below."""
    told_it_often: ToldOften | None = Field(default=None, alias="told it often")
    """Had to tell employees about a case over and over. Example: `{share: 10%, more_than: 3}`."""
    cut_off: f.Share | None = Field(default=None, alias="cut off")
    """By a transfer, or at closing. Example: `15%`."""
    promise_broken: f.Share | None = Field(default=None, alias="promise broken")
    """Of a case. Example: `20%`."""
    complained: f.Share | None = None
    """To the regulator. Example: `40%`."""
    gave_up: f.Share | None = Field(default=None, alias="gave up")
    """Calls no more, though it is not solved; of a caller without a case: the last call was not answered.
    Example: `60%`."""
    never_tried: f.Share | None = Field(default=None, alias="never tried")
    """Has a case and never calls. Example: `50%`."""


class WordOfMouth(Section):
    """What customers who leave tell their friends."""

    tells: Amount
    """So many friends, on average. Required. Example: `9`."""
    share: f.Share
    """Share of these who leave because of it. Required. Example: `2%`."""


class Money(Section):
    """What the work costs and what is lost with customers, for `callsim scorecard`: amounts without their currency."""

    currency: f.Text = ""
    """Named beside the amounts. Example: `EUR`. Default: none."""
    wages: Annotated[dict[str, Wage], for_groups("per_hour", "premium")] = Field(default_factory=dict)
    """Cost of an hour of an agent: one for all groups, or by group. Example:
    `{clerks: 24, night team: {per_hour: 24, premium: {daily 22:00-06:00: +25%}}}`. Default: not said."""
    full_time: f.Duration = 40 * HOUR
    """Paid hours a week of a full-time agent, in whom training and turnover are counted. Example: `38h30m`.
    Default: `40h`."""
    line_minute: Amount | None = None
    """Cost of a minute of a line, from the call to its end. Example: `0.02`. Default: not said."""
    contact: Amount | None = None
    """Cost of each call, whatever becomes of it. Example: `0.30`. Default: not said."""
    transfer: Amount | None = None
    """Cost of each call that is passed on, beside the time of the agents. Example: `1.50`. Default: not said."""
    complaint: Amount | None = None
    """Fee for each complaint to the regulator. Example: `250`. Default: not said."""
    customer: Amount | None = None
    """What a customer who leaves would still have brought. Example: `800`. Default: not said."""
    given_up: Amount | None = None
    """What is lost at once with a customer who gives up or never tries, such as the order, though he may stay a
    customer. Example: `60`. Default: not said."""
    churn: Churn | None = None
    """Who leaves. Example: `{nothing bad: 1%, held an hour: 8%, cut off: 15%, gave up: 60%}`. Default: not said."""
    word_of_mouth: WordOfMouth | None = None
    """What those who leave tell others. Example: `{tells: 9, share: 2%}`. Default: nothing."""
    hour_of_customer: Amount | None = None
    """Worth of an hour of a customer's life, spent on hold. Example: `18`. Default: not said."""
    training: Annotated[dict[str, Training], for_groups("weeks", "per_week", "works_for")] = Field(default_factory=dict)
    """Training of new agents: one for all groups, or by group. Example: `{weeks: 6, per_week: 900}`.
    Default: not said."""
    turnover: Turnover | None = None
    """How many agents leave, reported and not simulated. Example:
    `{per_year: 30%, above: 85%, each_point: 2%, each_angry_call: 0.5%}`. Default: not said."""
