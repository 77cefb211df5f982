"""WHAT USERS WRITE: the scenario language, from YAML with line numbers to a plan.

Everything public is imported on use: checking a scenario needs no numerical library, and the schema no calendar.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsim.scenario.coverage import coverage
    from callsim.scenario.experiment import Experiment, load_experiment
    from callsim.scenario.explain import explain
    from callsim.scenario.json_schema import schema
    from callsim.scenario.load import load
    from callsim.scenario.models import Scenario
    from callsim.scenario.reference import reference_page
    from callsim.scenario.resolve import resolve

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
    "Experiment": "experiment",
    "Scenario": "models",
    "coverage": "coverage",
    "explain": "explain",
    "load": "load",
    "load_experiment": "experiment",
    "reference_page": "reference",
    "resolve": "resolve",
    "schema": "json_schema",
}


class _Room(types.ModuleType):
    """The room as a module on which public names win over files of the same name.

    Importing the file ``load.py`` would put the module ``load`` here in place of the function; a property cannot be
    replaced so.
    """


def _public(name: str, home: str) -> property:
    """Return a property that imports a name from its file when it is asked for."""

    def get(_: types.ModuleType) -> Any:
        return getattr(importlib.import_module(f"callsim.scenario.{home}"), name)

    def ignore(_: types.ModuleType, __: object) -> None:
        """Keep the function although the file of its name was imported."""

    return property(get, ignore)


for _name, _home in _HOMES.items():
    setattr(_Room, _name, _public(_name, _home))
sys.modules[__name__].__class__ = _Room
