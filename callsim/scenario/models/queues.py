"""The models of queues and routing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from callsim.codes import AgentSelection, AtClosing, CallSelection, ServiceLevelFormula, WhenClosed
from callsim.scenario.language import fields as f
from callsim.scenario.language.values import AbandonedRule, ClosedRule, ClosingRule
from callsim.scenario.models.base import Section
from callsim.units import SECOND, WEEK_MINUTES, WeeklyHours

__all__ = ["Queue", "Routing", "Target"]


ALWAYS = WeeklyHours(((0, WEEK_MINUTES),), "24/7")


class Target(Section):
    """The service-level target of a queue."""

    share: f.Share | None = None
    """Share of calls that should be answered in time. Example: `80%`. Default: none."""
    within: f.Duration = 20 * SECOND
    """What in time means; a wait of just this long is in time. Example: `30s`. Default: `20s`."""
    abandoned: f.Abandoned = AbandonedRule(ServiceLevelFormula.NEGATIVE_ABANDON, 0, "count against us")
    """What an abandoned call counts: `count against us`, `count as answered` (if it abandoned in time), `leave out`,
    `leave out within the target`, `leave out below 5s` (or another duration), or
    `count against us, blocked and closed calls too`. Default: `count against us`."""


class Queue(Section):
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
    target: Target = Target.model_construct()
    """Service-level target. Example: `{share: 80%, within: 20s, abandoned: count against us}`."""
    unstaffed: f.OnPurpose = False
    """`on purpose`: hours open without heads are meant so, and no error."""


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


class Routing(Section):
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
