"""WHAT IT COMES TO: the measures of one replication, and the invariants that need plan and log together."""

from callsim.measures.bins import LOWER_EDGES, UPPER_EDGES
from callsim.measures.catalogue import BREAKDOWNS, CATALOGUE, MEAN_NUMBERS, PARTS, SCOPES, Measure, measure_named
from callsim.measures.from_sums import SumsReader, from_sums
from callsim.measures.invariants import check_run
from callsim.measures.reduction import Measures, Part, check_breakdowns, measure
from callsim.measures.sum_checks import check_sums

__all__ = [
    "BREAKDOWNS",
    "CATALOGUE",
    "LOWER_EDGES",
    "MEAN_NUMBERS",
    "PARTS",
    "SCOPES",
    "UPPER_EDGES",
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
