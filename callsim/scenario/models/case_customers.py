"""The models of customers who have a case: how patient and how angry they are, when they call again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section
from callsim.scenario.models.callers import Patience

__all__ = ["Anger", "AngerPoints", "Believes", "CaseCallsAgain", "CaseRedial", "CustomerSide", "Customers"]


class CaseRedial(Section):
    """Who calls again, and when: a law alone means all of them; `never` means nobody."""

    share: f.SharesField = (1.0,)
    """Share that calls again: one share, or a list by call, the last for all later ones. Example: `70%`.
    Default: `100%`."""
    delay: f.CaseDelay | None = None
    """After how long. If he then sleeps, or thinks that nobody is there, he waits for it.
    Example: `lognormal mean 2h30m cv 1`."""

    @model_validator(mode="before")
    @classmethod
    def _from_law(cls, value: Any) -> Any:
        """Accept a law alone, and `never`."""
        if isinstance(value, str) and value.strip() == "never":
            return {"share": 0}
        return value if isinstance(value, Mapping) and "law" not in value else {"delay": value}


class CaseCallsAgain(Section):
    """Who calls again, by what became of the call."""

    unsolved: CaseRedial | None = None
    """After an answered call that did not solve it; a list of shares goes by such calls. Who does not call again has
    given up. Example: `lognormal mean 2h30m cv 1`, `{share: 94%, delay: lognormal mean 10h cv 1}`, `never`."""
    abandoned: CaseRedial | None = None
    """After hanging up in the queue; a list of shares goes by calls here, as in the next four.
    Example: `lognormal mean 45m cv 1`. Default: as `unsolved`, like the others."""
    busy: CaseRedial | None = None
    """After a busy tone. Example: `exponential mean 10m`. Default: as `unsolved`."""
    balked: CaseRedial | None = None
    """After hanging up on hearing of a wait. Example: `exponential mean 2h`. Default: as `unsolved`."""
    closed: CaseRedial | None = None
    """After a closed announcement or a voice box. Example: `exponential mean 1h`. Default: as `unsolved`."""
    cut_off: CaseRedial | None = Field(default=None, alias="cut off")
    """After being cut off, by a transfer or at closing. Example: `exponential mean 5m`. Default: as `unsolved`."""
    broken_promise: CaseRedial | None = Field(default=None, alias="broken promise")
    """After the deadline of a promise went by. Example: `exponential mean 1h`. Default: as `unsolved`."""
    reopened: CaseRedial | None = None
    """After the case was closed unsolved, or a solved problem has come back; a list of shares goes by closings.
    Example: `lognormal mean 1 day cv 1`. Default: as `unsolved`."""
    at_most: f.CallCount = 255
    """Calls of a customer at the most, the first one counted. Example: `40 calls`. Default: `255 calls`."""


class AngerPoints(Section):
    """Points of anger for what happens to a customer."""

    unsolved: f.Points = 0
    """An answered call that did not solve it. Example: `1`. Default: `0`."""
    abandoned: f.Points = 0
    """Hanging up in the queue. Example: `1`. Default: `0`."""
    turned_away: f.Points = Field(default=0, alias="turned away")
    """A busy tone, a closed announcement, a voice box, or word of a wait. Example: `1`. Default: `0`."""
    cut_off: f.Points = Field(default=0, alias="cut off")
    """Being cut off, by a transfer or at closing. Example: `3`. Default: `0`."""
    broken_promise: f.Points = Field(default=0, alias="broken promise")
    """A promise whose deadline went by. Example: `3`. Default: `0`."""
    hour_on_hold: f.Points = Field(default=0, alias="an hour on hold")
    """Each full hour on hold, in all calls together. Example: `2`. Default: `0`."""


class Anger(Section):
    """What makes customers angry, and what anger does: factors from so many points on, 1 below."""

    points: AngerPoints
    """Points by what happens. Required. Example: `{unsolved: 1, cut off: 3, an hour on hold: 2}`."""
    patience: f.PointFactors = (1.0,)
    """Factors on his patience: from so many points on, or a list from 0 points on. Example: `{3: 0.8, 6: 0.5}`,
    `[1, 0.9, 0.8]`. Default: `1`."""
    delay: f.PointFactors = (1.0,)
    """Factors on the time until he calls again. Example: `{3: 0.5}`. Default: `1`."""
    talk: f.PointFactors = (1.0,)
    """Factors on the talk, not on identifying, explaining and owning. Example: `{3: +20%}`. Default: `1`."""


class Believes(Section):
    """Who knows when departments are open; the others believe the advertised hours, or the open ones without any."""

    knows: f.Share = 0.0
    """Share that knows the hours from the first day. Example: `20%`. Default: `0%`."""
    learns: f.Share = 1.0
    """Share that, at each closed announcement, learns all hours. Example: `90%`. Default: `100%`."""


class CustomerSide(Section):
    """What customers with a case are like; a kind of customers may say it differently from its type of case."""

    never_tries: f.Share = 0.0
    """Share that suffers the problem without ever calling. Example: `15%`. Default: none."""
    gives_up: f.GivesUp | None = None
    """Share that gives up after an answered call without a solution, instead of a share under
    `calls_again: {unsolved: ...}`: one share, a list by such calls, or `never`. Example: `6%`, `[0%, 2%, 10%]`,
    `never`. Default: as `unsolved` says."""
    priority: f.Priority = 5
    """1 is served first, 9 last. Example: `3`. Default: `5`."""
    credit: f.Duration = 0
    """Waiting credit: queued as if arrived so much earlier. Example: `90s`. Default: none."""
    patience: f.PatienceOrNever[Patience] = None
    """How long they wait in a queue: a law, or `never hangs up`. Example: `lognormal mean 150m cv 0.6`.
    Default: `never hangs up`."""
    hangs_up_at_once: f.Share = 0.0
    """Share of calls without any patience. Example: `2%`. Default: none."""
    balks: f.Share = 0.0
    """Share of calls that end on word of a wait. Example: `5%`. Default: none."""
    dials: f.Dials = Field(default_factory=dict)
    """Where they call: a queue, shares of queues, or either by piece. If that one is closed as far as they know, they
    call the first other one with a share, in the order of the queues.
    Example: `orders`, `{orders: 60%, support: 40%}`, `{mend order: orders, test line: {orders: 25%, support: 75%}}`.
    Default: the only queue."""
    awake: f.Hours | None = None
    """Hours in which they make calls. Example: `daily 07:00-23:30`. Default: `24/7`."""
    believes_open: Believes | None = None
    """Who knows when departments are open. Example: `{knows: 20%, learns: 90%}`. Default: everybody knows."""
    waits_on: f.CaseDelay | None = None
    """Who waits for an opening, or for the morning, calls so long after it. Example: `exponential mean 20m`.
    Default: on the dot."""
    calls_again: CaseCallsAgain = CaseCallsAgain.model_construct()
    """Who calls again, and when. Example: `{unsolved: lognormal mean 2h30m cv 1, cut off: exponential mean 5m}`."""
    anger: Anger | None = None
    """What makes them angry, and what that does. Example: `{points: {unsolved: 1}, patience: {3: 0.8}}`.
    Default: nothing."""


class Customers(CustomerSide):
    """A kind of customers of one type of case."""

    share: f.Share
    """Share of the cases that are theirs; the shares of all kinds add up to 100 %. Required. Example: `50%`."""
