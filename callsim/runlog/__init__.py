"""WHAT HAPPENED: the column declarations, the run log, its structural invariants, save and load.

Saving and loading are imported on use: most logs are measured and dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callsim.runlog.columns import CASE_EVENTS, CONTACTS, FORMAT, LEGS, MISSING, SPANS, Column
from callsim.runlog.invariants import check_log
from callsim.runlog.log import TABLES, RunLog, Table
from callsim.runlog.sums import RunSums

if TYPE_CHECKING:
    from callsim.runlog.store import load, save

__all__ = [
    "CASE_EVENTS",
    "CONTACTS",
    "FORMAT",
    "LEGS",
    "MISSING",
    "SPANS",
    "TABLES",
    "Column",
    "RunLog",
    "RunSums",
    "Table",
    "check_log",
    "load",
    "save",
]


def __getattr__(name: str) -> Any:
    """Import `load` or `save` when it is asked for."""
    if name not in ("load", "save"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from callsim.runlog import store

    return getattr(store, name)
