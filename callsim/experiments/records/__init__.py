"""Recorded results: what a scenario came to, kept in a text made for diffs, and compared with what it comes to now.

`value` is a record, `making` takes it from finished runs, `text` writes and reads it, `margins` says how much a figure
may move, `judging` puts two records side by side, `checking` does the runs.
"""

from callsim.experiments.records.checking import BUDGET, RecordCheck, check_record, new_record, unannounced
from callsim.experiments.records.judging import Moved, MovedHour, Verdict
from callsim.experiments.records.text import read, record_text
from callsim.experiments.records.value import RESULTS, Figure, Margin, Record, record_path

__all__ = [
    "BUDGET",
    "RESULTS",
    "Figure",
    "Margin",
    "Moved",
    "MovedHour",
    "Record",
    "RecordCheck",
    "Verdict",
    "check_record",
    "new_record",
    "read",
    "record_path",
    "record_text",
    "unannounced",
]
