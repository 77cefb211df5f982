"""WHAT USERS WRITE: the scenario language, from YAML with line numbers to a plan.

``reading`` turns files into ``models``, whose values ``language`` knows how to read; ``resolving`` turns a scenario
into a plan; ``telling`` says a scenario in words, pages and schemas. Everything public is imported on use: checking a
scenario needs no numerical library, and the schema no calendar.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsim.scenario.models import Scenario
    from callsim.scenario.reading.experiment import Experiment, load_experiment
    from callsim.scenario.reading.load import load
    from callsim.scenario.resolving.resolve import resolve
    from callsim.scenario.telling.coverage import coverage
    from callsim.scenario.telling.explain import explain
    from callsim.scenario.telling.json_schema import schema
    from callsim.scenario.telling.reference import reference_page

__all__ = [
    "Experiment",
    "Scenario",
    "coverage",
    "explain",
    "load",
    "load_experiment",
    "reference_page",
    "resolve",
    "schema",
]

_HOMES = {
    "Experiment": "reading.experiment",
    "Scenario": "models",
    "coverage": "telling.coverage",
    "explain": "telling.explain",
    "load": "reading.load",
    "load_experiment": "reading.experiment",
    "reference_page": "telling.reference",
    "resolve": "resolving.resolve",
    "schema": "telling.json_schema",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
