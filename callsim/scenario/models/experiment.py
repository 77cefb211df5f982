"""The models of an experiment: a base, variants, sweeps."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section
from callsim.scenario.models.checking import Check

__all__ = ["Attribute", "ExperimentFile", "Range", "Variant"]


class Variant(Section):
    """A what-if: the base with a few changes, applied in the order of these keys."""

    about: f.Text = ""
    """Free text."""
    file: f.File | None = None
    """Another scenario instead of the base. Example: `bell.yaml`."""
    combine: f.Names = ()
    """Other variants that are applied first. Example: `[enough agents, shared ticket]`."""
    remove: f.Names = ()
    """Paths to take away. Example: `[agents.night team]`."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Paths with new values. Example: `{queues.billing.open: 24/7}`."""
    scale: dict[str, f.Factor] = Field(default_factory=dict)
    """Paths with factors on numbers, durations, shares and the durations of laws; heads round up, and persons grow
    with them. `*` stands for every name. Example: `{agents.*.shifts.*.heads: 1.35}`."""
    add: dict[str, Any] = Field(default_factory=dict)
    """Paths with what is added: new names, keys, list items.
    Example: `{agents.team.shifts.night: {from: 22:00, for: 8h, heads: 4}}`."""
    expect: f.Expectations = ()
    """What `callsim check` is to find of this variant; those of the base do not hold for it.
    Example: `[mean_wait < base, abandonment_ratio <= 5%]`. Default: nothing."""


class Range(Section):
    """Values of a sweep, from the first to the last."""

    first: Any
    """First value: a number, duration, share or time of day. Required. Example: `10:30`."""
    last: Any
    """Last value. Required. Example: `14:30`."""
    step: Any
    """Step. Required. Example: `1h`."""


class Attribute(Section):
    """How `callsim attribute` finds out what each remedy is worth."""

    remedies: f.Names = ()
    """The variants that are switched on and off, in every combination. Example: `[enough agents, shared ticket]`.
    Default: all that set, scale, add or remove something, and neither combine others nor are another file."""
    of: f.Names = ()
    """Measures of which the worth is told, each of the whole centre or of one queue; the first one decides in which
    order to act. Example: `[hold_per_caller, abandonment_ratio(billing)]`. Default: the usual ones."""
    costs: dict[str, f.Number] = Field(default_factory=dict)
    """What each remedy costs a week, in any currency. Example: `{enough agents: 68000, shared ticket: 4000}`.
    Default: unknown, and the order to act goes by the worth alone."""
    permutations: f.Count = 64
    """With more than 8 remedies: the orders of switching on that are tried, an even number. Default: `64`."""


class ExperimentFile(Section):
    """A comparison, as written in a file of its own or beside a scenario."""

    format: Literal[1] = 1
    """Version of the language. Default: `1`."""
    name: f.Text = ""
    """What the results are headed with. Default: the base's name."""
    about: f.Text = ""
    """Free text."""
    base: f.File | None = None
    """The scenario that is varied: a path from the folder of this file. A scenario that has `variants` or `sweep`
    itself is its own base. Example: `as-it-happened.yaml`."""
    show: f.Names = ()
    """Measures to show. Example: `[wait_p90, abandonment_ratio, service_level(billing)]`. Default: the usual ones."""
    replications: f.Count | None = None
    """Independent runs of each variant. Example: `40`. Default: the base's."""
    seed: f.Count | None = None
    """The number that all draws hang on. Default: the base's."""
    level: f.Share | None = None
    """Confidence level of the intervals. Example: `99%`. Default: the base's."""
    expect: f.Expectations = ()
    """What `callsim check` is to find of the base; those in the base's own file are decided when that is checked.
    Example: `[share_held_an_hour between 20% and 40%]`. Default: nothing."""
    check: Check | None = None
    """How it is decided. Example: `{level: 95%, at_most: 400}`. Default: the base's."""
    variants: dict[str, Variant] = Field(default_factory=dict)
    """Variants by name."""
    sweep: dict[str, Any] = Field(default_factory=dict)
    """Values to try at a path, by label: a list, or `{first, last, step}`. Several labels: every combination.
    Example: `{heads when late: {agents.team.shifts.late.heads: [9, 11, 13]}}`."""
    attribute: Attribute | None = None
    """What `callsim attribute` tells: what each remedy is worth. Default: all variants that can be combined."""
