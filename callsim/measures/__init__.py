"""WHAT IT COMES TO: the measures of one replication, and the invariants that need plan and log together.

What only plans with cases or the compiled engine's sums need is imported on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.measures.bins import LOWER_EDGES, NUMBERS, NUMBERS_BELOW, UPPER_EDGES
from callsim.measures.case_catalogue import CURVES, DAYS
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
from callsim.measures.invariants import check_run
from callsim.measures.part import CasePart, Part
from callsim.measures.reduction import Measures, check_breakdowns, measure
from callsim.on_use import on_use

if TYPE_CHECKING:
    from callsim.measures.case_reduction import ENDS, OPEN
    from callsim.measures.from_sums import SumsReader
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
    "measure",
    "measure_named",
]

__getattr__ = on_use(
    __name__,
    {
        "case_reduction": ("ENDS", "OPEN"),
        "from_sums": ("SumsReader",),
        "sum_checks": ("check_sums",),
    },
)
