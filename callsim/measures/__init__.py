"""WHAT IT COMES TO: the measures of one replication, and the invariants that need plan and log together.

What only plans with cases or the compiled engine's sums need is imported on use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "ENDS": "case_reduction",
    "OPEN": "case_reduction",
    "SumsReader": "from_sums",
    "check_sums": "sum_checks",
}
"""Names that are imported on use -> module."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
