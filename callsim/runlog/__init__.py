"""WHAT HAPPENED: the column declarations, the run log, its structural invariants, save and load."""

from callsim.runlog.columns import CASE_EVENTS, CONTACTS, FORMAT, LEGS, MISSING, SPANS, Column
from callsim.runlog.invariants import check_log
from callsim.runlog.log import TABLES, RunLog, Table
from callsim.runlog.store import load, save
from callsim.runlog.sums import RunSums

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
