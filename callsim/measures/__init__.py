"""WHAT IT COMES TO: the measures of one replication, and the invariants that need plan and log together."""

from callsim.measures.bins import LOWER_EDGES, NUMBERS, NUMBERS_BELOW, UPPER_EDGES
from callsim.measures.case_catalogue import CURVES, DAYS
from callsim.measures.case_reduction import ENDS, OPEN
from callsim.measures.catalogue import (
    BREAKDOWNS,
    CASE_CATALOGUE,
    CASE_SCOPES,
    CATALOGUE,
    EVERY_MEASURE,
    MEAN_NUMBERS,
    PARTS,
    SCOPES,
    Measure,
    measure_named,
)
from callsim.measures.from_sums import SumsReader, from_sums
from callsim.measures.invariants import check_run
from callsim.measures.part import CasePart, Part
from callsim.measures.reduction import Measures, check_breakdowns, measure
from callsim.measures.sum_checks import check_sums

__all__ = [
    "BREAKDOWNS",
    "CASE_CATALOGUE",
    "CASE_SCOPES",
    "CATALOGUE",
    "CURVES",
    "DAYS",
    "ENDS",
    "EVERY_MEASURE",
    "LOWER_EDGES",
    "MEAN_NUMBERS",
    "NUMBERS",
    "NUMBERS_BELOW",
    "OPEN",
    "PARTS",
    "SCOPES",
    "UPPER_EDGES",
    "CasePart",
    "Measure",
    "Measures",
    "Part",
    "SumsReader",
    "check_breakdowns",
    "check_run",
    "check_sums",
    "from_sums",
    "measure",
    "measure_named",
]
