"""What of the kernel is compiled together: a program for each tier, for runs that keep a log and for those that count.

Functions are named by their modules, which are imported only where they are compiled or run as plain Python.
"""

from __future__ import annotations

from callsim.engines.compiled.library import Library
from callsim.engines.compiled.state import EVERYTHING, ONE_QUEUE, SKILLS
from callsim.engines.compiled.tables import Function

__all__ = ["COUNTING", "LOGGING"]

_HERE = __name__.rpartition(".")[0]
_KERNEL = f"{_HERE}.kernel"
_COUNTING = f"{_HERE}.counting_rows"
_BY_TIER = {
    ONE_QUEUE: f"{_HERE}.one_queue:one_queue",
    SKILLS: f"{_HERE}.skills:skills",
    EVERYTHING: f"{_KERNEL}:everything",
}
_FINISH = dict.fromkeys(_BY_TIER, f"{_KERNEL}:finish") | {SKILLS: f"{_HERE}.skills:finish_skills"}


def _name(source: str) -> str:
    return source.rpartition(":")[2]


LOGGING = {
    tier: Library(
        Function("advance", _BY_TIER[tier], ("plan", "state")),
        Function("finish", _FINISH[tier], ("plan", "state")),
    )
    for tier in _BY_TIER
}
"""Tier -> ``advance`` and ``finish``, for tables ``plan`` and ``state``."""
COUNTING = {
    tier: Library(
        Function("advance", f"{_COUNTING}:count_{_name(kernel)}", ("plan", "state", "tally", "results")),
        Function("move", f"{_COUNTING}:move", ("moving",)),
    )
    for tier, kernel in _BY_TIER.items()
}
"""Tier -> ``advance``, which counts as it goes and finishes too, and ``move``, for further tables
(`callsim.engines.compiled.counting`)."""
