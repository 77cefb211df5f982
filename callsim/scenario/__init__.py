"""WHAT USERS WRITE: the scenario language, from YAML with line numbers to a plan.

``reading`` turns files into ``models``, whose values ``language`` knows how to read; ``resolving`` turns a scenario
into a plan; ``telling`` says a scenario in words, pages and schemas. Everything public is imported on use: checking a
scenario needs no numerical library, and the schema no calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.on_use import on_use

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

__getattr__ = on_use(
    __name__,
    {
        "reading.experiment": (
            "Experiment",
            "load_experiment",
        ),
        "models": ("Scenario",),
        "telling.coverage": ("coverage",),
        "telling.explain": ("explain",),
        "reading.load": ("load",),
        "telling.reference": ("reference_page",),
        "resolving.resolve": ("resolve",),
        "telling.json_schema": ("schema",),
    },
)
