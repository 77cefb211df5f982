"""The models of transfers: which calls are passed on, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from callsim.codes import IfClosed, Place, TransferPatience
from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section

__all__ = ["TransferReason", "TransferRule", "Transfers"]


class TransferRule(Section):
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
    """`fresh` patience in the target's queue, what is `remaining`, `unlimited`, or a law of its own.
    Example: `remaining`, `exponential mean 4m`. Default: `fresh`, by the law of the caller."""
    if_closed: f.IfClosedRule | None = None
    """What happens if the target is closed: `keep the caller` (the agent knows, and ends the call himself), `cut off`,
    `return to sender`, `voicemail` or `hold until open`. Default: `keep the caller`."""
    mistaken: f.Share | None = None
    """Share of the agents who think that a closed target is open: the caller is cut off, whatever `if_closed` says.
    Example: `20%`. Default: none."""
    explain: f.Law | None = None
    """Time to explain everything again, added to the next talk. Example: `constant 2m30s`. Default: none."""
    at_most: f.TransferCount | None = None
    """How often a call is passed on at the most. Example: `3 transfers`. Default: no limit."""

    def over(self, general: TransferRule) -> TransferRule:
        """Return this rule, completed by a more general one."""
        said = {name: getattr(self, name) for name in TransferRule.model_fields if getattr(self, name) is not None}
        return general.model_copy(update=said)


STANDARD_TRANSFER = TransferRule.model_construct(
    dialling=0, queue=Place.BACK, patience=TransferPatience.FRESH, if_closed=IfClosed.KEEP, mistaken=0.0
)
"""What holds for a transfer where nothing is written."""


class TransferReason(TransferRule):
    """Why calls are passed on: by queue of the answer, the share of answered calls that goes to each other queue."""

    callers: f.Names = ()
    """Streams, types of case, or single kinds of their customers that it concerns. Of cases it concerns the calls that
    nobody owned. Example: `[bill question]`, `[order error, "service restoral: heirs"]`. Default: all."""
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


class Transfers(Section):
    """Calls that are passed on: reasons by name, `defaults`, and `to QUEUE` for what one target needs otherwise."""

    defaults: TransferRule = TransferRule.model_construct()
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
        return self.reasons[reason].over(self.rule_to(target))

    def rule_to(self, target: str) -> TransferRule:
        """Return the complete rule of a transfer without a reason of its own: the target's, the defaults, then ours."""
        return self.to.get(target, TransferRule.model_construct()).over(self.defaults.over(STANDARD_TRANSFER))
