"""Whether compiled code for a plan is at hand, and how to have it made meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callsim.engines.compiled.compiler_process import Compilation
from callsim.engines.compiled.counting import counting_tables
from callsim.engines.compiled.engine import logging_tables
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.tables import Recipe
from callsim.plan.plan import Plan

__all__ = ["is_ready", "start"]


def _needed(plan: Plan, logs: bool) -> tuple[Library, dict[str, Any]]:
    """Return the program and its tables; cases are always measured from a log."""
    return logging_tables(plan) if logs or plan.cases.n else counting_tables(plan)


def is_ready(plan: Plan, logs: bool) -> bool:
    """Return whether the plan can be run without compiling.

    Parameters
    ----------
    plan : Plan
    logs : bool
        Whether logs are kept, which is compiled apart from runs without.

    Raises
    ------
    EngineError
        If the compiled engine has no room for the plan.
    """
    program, tables = _needed(plan, logs)
    return program.ready(**tables)


def start(plans: Sequence[Plan], logs: bool) -> list[Compilation]:
    """Begin to compile in another process what the plans need and is not at hand; plans of one kind share it."""
    recipes: dict[Recipe, None] = {}
    for plan in plans:
        program, tables = _needed(plan, logs)
        if not program.ready(**tables):
            recipes[program.recipe(**tables)] = None
    return [Compilation(recipe) for recipe in recipes]
