"""The model of how expectations are decided."""

from __future__ import annotations

from callsim.scenario.language import fields as f
from callsim.scenario.models.base import Section

__all__ = ["Check"]


class Check(Section):
    """How `callsim check` decides what `expect` says: how sure, and with how many replications."""

    level: f.Share = 0.99
    """Probability, at the least, that none of the verdicts on the file is wrong. Example: `95%`. Default: `99%`."""
    at_least: f.Count = 8
    """Replications before the first look; then they are doubled until everything is decided. Example: `4`.
    Default: `8`."""
    at_most: f.Count = 128
    """Replications after which what is not decided stays so. Example: `400`. Default: `128`."""
