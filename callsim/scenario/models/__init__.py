"""What users write: the scenario language as frozen models. The docstring under a field is the manual.

A model holds values already parsed: durations in ticks, shares as numbers from 0 to 1, hours of the week, laws.
`callsim.scenario.load` makes a `Scenario` from YAML, `callsim.scenario.resolve` turns it into a plan; the reference
page and the JSON Schema are generated from here. The kinds of value are in `callsim.scenario.language.fields`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PrivateAttr

from callsim.scenario.language import fields as f
from callsim.scenario.models.agents import Break, Group, Meeting, Shift, Skill, Staffing
from callsim.scenario.models.base import Section
from callsim.scenario.models.callers import Callers, CallersDefaults, Calls, CallsAgain, Patience, Redial
from callsim.scenario.models.case_customers import (
    Anger,
    AngerPoints,
    Believes,
    CaseCallsAgain,
    CaseRedial,
    Customers,
)
from callsim.scenario.models.cases import (
    CaseType,
    Documented,
    Escalation,
    EscalationAfter,
    Explain,
    Owner,
    PassedOn,
    Promises,
    Regulator,
    RegulatorAfter,
    Returns,
    Starts,
)
from callsim.scenario.models.checking import Check
from callsim.scenario.models.clock import Columns, DayFactor, Reads, Run, Volumes
from callsim.scenario.models.money import Churn, Money, ToldOften, Training, Turnover, Wage, WordOfMouth
from callsim.scenario.models.queues import Queue, Routing, Target
from callsim.scenario.models.transfers import TransferReason, TransferRule, Transfers
from callsim.scenario.reading.source import Source

__all__ = [
    "Anger",
    "AngerPoints",
    "Believes",
    "Break",
    "Callers",
    "CallersDefaults",
    "Calls",
    "CallsAgain",
    "CaseCallsAgain",
    "CaseRedial",
    "CaseType",
    "Check",
    "Churn",
    "Columns",
    "Customers",
    "DayFactor",
    "Documented",
    "Escalation",
    "EscalationAfter",
    "Explain",
    "Group",
    "Meeting",
    "Money",
    "Owner",
    "PassedOn",
    "Patience",
    "Promises",
    "Queue",
    "Reads",
    "Redial",
    "Regulator",
    "RegulatorAfter",
    "Returns",
    "Routing",
    "Run",
    "Scenario",
    "Shift",
    "Skill",
    "Staffing",
    "Starts",
    "Target",
    "ToldOften",
    "Training",
    "TransferReason",
    "TransferRule",
    "Transfers",
    "Turnover",
    "Volumes",
    "Wage",
    "WordOfMouth",
]


class Scenario(Section):
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
    cases: dict[str, CaseType] = Field(default_factory=dict)
    """Types of problems that last over several calls, by name; `defaults` beside them holds for all. Default: none."""
    queues: dict[str, Queue]
    """Departments by name; `defaults` beside them holds for all. Required."""
    agents: dict[str, Group]
    """Groups of agents by name; `defaults` beside them holds for all. Required."""
    transfers: Transfers = Transfers.model_construct()
    """Calls that are passed on. Default: none."""
    routing: Routing = Routing.model_construct()
    """Which call next, and which agent."""
    lines: f.Count | None = None
    """Trunk lines: a call holds one from its arrival to its end; without a free one it gets a busy tone.
    Example: `200`. Default: no limit."""
    money: Money | None = None
    """What the work costs and what is lost with customers, for `callsim scorecard`. Example: `{wages: 24}`.
    Default: not said."""
    expect: f.Expectations = ()
    """What `callsim check` finds met, missed or undecided. Example:
    `[service_level(support) >= 80%, mean_wait between 30s and 50s]`. Default: nothing."""
    check: Check = Check.model_construct()
    """How it is decided. Example: `{level: 95%, at_most: 400}`."""
    callers_defaults: CallersDefaults = Field(default=CallersDefaults.model_construct(), alias="callers: defaults")
    """Not written so: what `callers: {defaults: ...}` says, for streams that come from the volumes file."""
    _source: Source = PrivateAttr()

    @property
    def source(self) -> Source:
        """Where everything was written; `source.problem(path, ...)` points into the files."""
        return self._source
