"""WHAT HAPPENED: the column declarations, the run log, its structural invariants, save and load.

Saving and loading are imported on use: most logs are measured and dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.on_use import on_use
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


__getattr__ = on_use(__name__, {"store": ("load", "save")})
