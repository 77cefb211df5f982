"""Which engine runs a plan. Engines are imported on use, so that a process that only asks loads none."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from callsim.errors import EngineError
from callsim.plan.plan import Plan
from callsim.runlog.log import RunLog

__all__ = ["DEFAULT", "ENGINES", "engine"]

ENGINES = {"simpy": "callsim.engines.simpy"}
"""Name of an engine -> the module whose ``run(plan, seed, replication)`` it is."""
DEFAULT = "simpy"
"""The engine that runs a plan unless another is asked for."""


def engine(name: str = DEFAULT) -> Callable[[Plan, int, int], RunLog]:
    """Return the engine's ``run(plan, seed, replication) -> RunLog``.

    Raises
    ------
    EngineError
        If there is no engine of this name.
    """
    if name not in ENGINES:
        raise EngineError(f"there is no engine {name!r}; engines are: {', '.join(ENGINES)}")
    run: Callable[[Plan, int, int], RunLog] = import_module(ENGINES[name]).run
    return run
