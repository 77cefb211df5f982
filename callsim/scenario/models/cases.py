"""The models of cases: problems that last over several calls, who has them, and what they need to be solved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section
from callsim.scenario.models.case_customers import Customers, CustomerSide
from callsim.scenario.models.clock import DayFactor

__all__ = [
    "CaseType",
    "Documented",
    "Escalation",
    "EscalationAfter",
    "Explain",
    "Owner",
    "PassedOn",
    "Promises",
    "Regulator",
    "RegulatorAfter",
    "Returns",
    "Starts",
]


class Starts(Section):
    """How many problems begin, and when: one of `per_hour`, `per_day`, `per_week`."""

    per_hour: f.AmountsField | None = None
    """Problems an hour: a number, a list with `every`, or numbers by hours of the week. Example: `0.5`."""
    per_day: f.AmountsField | None = None
    """Problems a day: a number, or numbers by weekday. Spread over the day by `at`. Example: `{mon-fri: 12}`."""
    per_week: f.AmountsField | None = None
    """Problems a week, spread over it by `at`. Example: `60`."""
    every: f.Duration | None = None
    """Step of a list. Example: `30m`."""
    repeat: f.Yes = False
    """`yes`: a list begins again at its end; `no`: nothing begins after it. Default: `no`."""
    at: f.StartsAt | None = None
    """Hours of the week in which problems begin, evenly; or a profile as calls have it.
    Example: `mon-fri 15:00-23:00`, `{mon-fri 08:00-12:00: 3, mon-fri 12:00-18:00: 1}`. Default: at any time."""
    noticed_after: f.Law | None = None
    """How long it takes the customer to notice. Example: `exponential mean 1h`. Default: at once."""
    day_factor: DayFactor | None = None
    """Random factor on each day's number. Example: `{cv: 20%}`. Default: none."""


class Owner(Section):
    """Which employees make a problem their own, and what then happens."""

    share: f.OwnerShares = Field(default_factory=lambda: {"*": 1.0})
    """Share of the employees who answer, and can do the present piece, that owns it: one share, or shares by agent
    group (`others`: the groups that are not named; without it none of them). Example: `4%`,
    `{generalists: 4%, others: 20%}`. Default: `100%`."""
    does: Literal["one piece", "the rest"] = "one piece"
    """An owner does `one piece` of the work, or `the rest` of it. Default: `one piece`."""
    takes: f.Law | None = None
    """What the owner's talk takes longer. Example: `constant 10m`. Default: nothing."""
    carries_over: f.Carried = 0.0
    """Share of the employees who own a problem because they see in the notes that a colleague has owned a piece of it
    (the larger of the two shares holds); needs a shared ticket. Example: `40%`. Default: `no`."""

    @model_validator(mode="before")
    @classmethod
    def _from_share(cls, value: Any) -> Any:
        """Accept a bare share."""
        return value if isinstance(value, Mapping) else {"share": value}


class Returns(Section):
    """Problems that come back after they were solved."""

    share: f.Share
    """Share of the solved cases that comes back, all work to be done again. Required. Example: `5%`."""
    delay: f.CaseDelay | None = None
    """After how long the customer calls because of it, instead of `calls_again: {reopened: ...}`.
    Example: `lognormal mean 10 days cv 1`. Default: as `reopened` says."""

    @model_validator(mode="before")
    @classmethod
    def _from_share(cls, value: Any) -> Any:
        """Accept a bare share."""
        return value if isinstance(value, Mapping) else {"share": value}


class Explain(Section):
    """Telling what it is about, to every employee who has not the notes of his colleagues."""

    time: f.Law
    """How long it takes. Required. Example: `lognormal mean 2m30s cv 0.5`."""
    with_notes: f.Law | None = None
    """How long it takes where the employee sees the notes of a shared ticket. Example: `constant 20s`.
    Default: no time."""

    @model_validator(mode="before")
    @classmethod
    def _from_law(cls, value: Any) -> Any:
        """Accept a bare law."""
        return value if isinstance(value, Mapping) and "law" not in value else {"time": value}


class Promises(Section):
    """Promises that are made when a call ends without a solution."""

    share: f.Share
    """Share of the answered calls without a solution that ends with a promise. Required. Example: `18%`."""
    due: f.Law
    """From the promise to its deadline. Required. Example: `uniform 3h to 20h`."""
    kept: f.Share = 1.0
    """Share of the promises that is kept: the work of an owner is done. Customers wait until the deadline before they
    call again. Example: `0%`. Default: `100%`."""
    called_back_by: f.Name | None = None
    """The queue in which a kept promise becomes work: a call to the customer, by an employee who owns it.
    Example: `escalations`. Default: it is kept elsewhere, at the deadline."""
    lead: f.Duration = 0
    """So long before the deadline the call joins that queue. Example: `2h`. Default: at the deadline."""
    priority: f.Priority | None = None
    """Priority of that call. Example: `3`. Default: the customer's own."""


class EscalationAfter(Section):
    """When a customer asks for somebody in authority: as soon as one of these is reached."""

    calls: f.CallCount | None = None
    """In this call and all later ones. Example: `4 calls`. Default: not because of it."""
    age: f.Duration | None = None
    """Age of the case. Example: `2 days`. Default: not because of it."""
    hold: f.Duration | None = None
    """Time on hold in all calls together. Example: `2h`. Default: not because of it."""
    anger: f.Points | None = None
    """Points of anger. Example: `6 points`. Default: not because of it."""


class Escalation(Section):
    """Customers who ask for somebody in authority, and employees who pass them on or refuse."""

    to: f.Name
    """The queue that they are passed on to; how, `transfers` says. Required. Example: `escalations`."""
    sources: f.Names = Field(default=(), alias="from")
    """Queues in which they ask for it. Example: `[orders, support]`. Default: every other queue."""
    after: EscalationAfter
    """When they ask. Required. Example: `{calls: 4 calls, hold: 2h}`."""
    granted: f.Share = 1.0
    """Share of the employees who pass them on; the others refuse. Example: `30%`. Default: `100%`."""


class RegulatorAfter(Section):
    """What must have happened before a customer complains: all of these."""

    calls: f.CallCount = 1
    """So many calls, answered or not. Example: `8 calls`. Default: `1 call`."""
    age: f.Duration = 0
    """Age of the case. Example: `60h`. Default: any."""


class Regulator(Section):
    """Customers who complain to the regulator, once a case, after an answered call without a solution."""

    complains: f.Share
    """Share that complains, of those whom `after` leaves. Required. Example: `10%`."""
    after: RegulatorAfter = RegulatorAfter.model_construct()
    """Which of them it can be. Example: `{age: 60h, calls: 8 calls}`. Default: all."""
    at: f.Hours | None = None
    """Hours in which complaints are taken. Example: `mon-fri 09:00-17:00`. Default: `24/7`."""
    acts_in: f.Law
    """From the complaint until the regulator has made the provider act. Required.
    Example: `lognormal mean 24h cv 0.5`."""
    called_back_by: f.Name | None = None
    """The queue in which it becomes work: a call to the customer, by an employee who does all that is left.
    Example: `escalations`. Default: the case is solved then, elsewhere."""
    priority: f.Priority | None = None
    """Priority of that call. Example: `1`. Default: the customer's own."""


class PassedOn(Section):
    """How many calls are passed on in all; the reason under `transfers` that names this type of case says whither."""

    share: f.Share = 1.0
    """Share of the answered calls that nobody owned. Example: `70%`. Default: what the reason says."""
    at_most: f.TransferCount | None = None
    """How often one call is passed on at the most. Example: `8 transfers`. Default: what the reason says."""


class Documented(Section):
    """Figures of a documented case, to be found again among the simulated ones."""

    calls: f.Number | None = None
    """Calls that the customer made. Example: `22`."""
    employees: f.Number | None = None
    """Employees who answered. Example: `50`."""
    hours_on_the_phone: f.Number | None = None
    """Hours on the phone in all. Unit: hours. Example: `12`."""
    hours_to_solution: f.Number | None = None
    """Hours from the beginning of the problem to its end. Unit: hours. Example: `112`."""
    promises: f.Number | None = None
    """Promises that were made. Example: `3`."""


class CaseType(CustomerSide):
    """A type of problem that lasts over several calls: what it needs, who solves it, what its customers do."""

    starts: Starts
    """How many begin, and when. Required. Example: `{per_week: 60, at: mon-fri 15:00-23:00}`."""
    customers: dict[str, Customers] = Field(default_factory=dict)
    """Kinds of customers by name, with their shares. What a kind does not say itself stands here, beside it.
    Example: `{persistent: {share: 50%, gives_up: never}, others: {share: 50%, gives_up: 6%}}`. Default: one kind."""
    needs: f.Pieces = ("the solution",)
    """Pieces of owned work until it is solved, one after another: names, or their number.
    Example: `[mend order, provision line]`, `2 pieces`. Default: one piece, `the solution`."""
    done_by: f.DoneBy = Field(default_factory=dict)
    """Queues in which an employee who answers can own a piece: a list, or lists by piece.
    Example: `{mend order: [orders], provision line: [support, escalations]}`. Default: all."""
    owner: Owner = Owner.model_construct()
    """Which of them do. Example: `{share: 4%, takes: constant 10m}`, `4%`. Default: everybody does."""
    works_after_last_piece: f.Law | None = None
    """From the end of the last piece until it works for the customer. Example: `lognormal mean 6h cv 0.5`.
    Default: at once."""
    returns: Returns | None = None
    """Solved problems that come back. Example: `{share: 5%, delay: lognormal mean 10 days cv 1}`, `5%`.
    Default: none."""
    deadline: f.Duration | None = None
    """Age by which it should be solved. Example: `24h`. Default: none."""
    talk: f.LawsByQueue = Field(default_factory=dict)
    """Talk time without identifying, explaining and owning: one law, or laws by queue.
    Example: `lognormal mean 3m cv 0.8`. Default: the queue's."""
    after_call_work: f.LawsByQueue = Field(default_factory=dict)
    """After-call work, instead of the queue's. Example: `constant 1m`."""
    handle_time: f.LawsByQueue = Field(default_factory=dict)
    """Talk and after-call work in one, instead of the queue's. Example: `exponential mean 5m`."""
    identify: f.Law | None = None
    """Identity check, at every employee. Example: `constant 30s`. Default: none."""
    explain: Explain | None = None
    """Telling what it is about, at every employee without notes. Example: `{time: constant 2m30s}`.
    Default: it takes no time of its own."""
    shared_ticket: f.Ticket = 0.0
    """`yes`: every employee sees the notes of those before him; `{notes_lost: 10%}`: but for some. Default: `no`."""
    passed_on: PassedOn | None = None
    """How many calls that nobody owned are passed on. Example: `{share: 70%, at_most: 8 transfers}`.
    Default: as `transfers` says."""
    promises: Promises | None = None
    """Promises. Example: `{share: 18%, due: uniform 3h to 20h, kept: 0%}`. Default: none."""
    closes_unsolved: f.Share = 0.0
    """Share of the answered calls without a solution after which the provider closes the case. Example: `3%`.
    Default: none."""
    escalation: Escalation | None = None
    """Asking for somebody in authority. Example: `{to: escalations, after: {calls: 4 calls}, granted: 30%}`.
    Default: nobody asks."""
    regulator: Regulator | None = None
    """Complaints to the regulator. Example: `{complains: 10%, after: {age: 60h}, acts_in: lognormal mean 24h cv 0.5}`.
    Default: none."""
    documented: Documented | None = None
    """Figures of a documented case, with which the simulated ones are compared. Example: `{calls: 22, employees: 50}`.
    Default: none."""
