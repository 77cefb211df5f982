"""Which engine runs a plan. Engines are imported on use, so that a process that only asks loads none.

Both engines give the same results, to the last cell; the choice is one of time alone. It counts
starting as well as running: a day of a small centre is simulated by SimPy before compiled code is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from callsim.errors import EngineError
from callsim.plan.plan import Plan
from callsim.runlog.log import RunLog

if TYPE_CHECKING:
    from callsim.engines.compiled.compiler_process import Compilation

__all__ = [
    "AUTO",
    "CHOICES",
    "COMPILED",
    "ENGINES",
    "SIMPY",
    "Choice",
    "accept",
    "check_engine",
    "choose",
    "engine",
    "expected_calls",
    "prepare",
]

AUTO, SIMPY, COMPILED = "auto", "simpy", "compiled"
ENGINES = {SIMPY: "callsim.engines.simpy", COMPILED: "callsim.engines.compiled"}
"""Name of an engine -> the module whose ``run(plan, seed, replication)`` it is."""
CHOICES = (AUTO, *ENGINES)
"""What may be asked for."""

SIMPY_SECONDS = 2e-5
"""What a call costs in SimPy, log and measures included, on a machine of today. This and the next two are what
``python -m benchmarks.cold_start --choice`` prints."""
LOADING_SECONDS = 0.05
"""What it costs to start the compiled engine when its code is on disk."""
COMPILING_SECONDS = 35.0
"""What it costs when it is not."""

_SLOW_UNTIL_THEN = "; until then replications are slow, and more time seems left than there is"


@dataclass(frozen=True)
class Choice:
    """How a job begins."""

    engine: str
    """`SIMPY` or `COMPILED`."""
    compile_beside: bool = False
    """Compile meanwhile in another process and go on with the compiled engine once that is done."""


def check_engine(name: str) -> None:
    """Check that there is an engine of this name, or ``auto``.

    Raises
    ------
    EngineError
        Naming those that there are.
    """
    if name not in CHOICES:
        raise EngineError(f"engine: found {name!r}; there is no such engine; engines are: {', '.join(CHOICES)}")


def engine(name: str) -> Callable[[Plan, int, int], RunLog]:
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


def expected_calls(plan: Plan) -> float:
    """Return how many fresh calls one replication of the plan has on average."""
    return float(plan.streams.block_mean.sum()) + len(plan.streams.recorded)


def choose(wanted: str, plans: Sequence[Plan], replications: int, workers: int, logs: bool, beside: bool) -> Choice:
    """Return how a job is best begun.

    Parameters
    ----------
    wanted : str
        One of `CHOICES`.
    plans : sequence of Plan
        Of all variants.
    replications : int
        Of each variant, at least.
    workers : int
        Processes that SimPy would have.
    logs : bool
        Whether logs are kept, which is compiled apart from runs without; plans with cases have one anyway.
    beside : bool
        Whether the job can begin with one engine and go on with another.
    """
    if wanted != AUTO:
        return Choice(wanted)
    seconds = SIMPY_SECONDS * replications * sum(map(expected_calls, plans)) / workers
    if seconds < LOADING_SECONDS:
        return Choice(SIMPY)
    try:
        ready = _ready(plans, logs)
    except EngineError:
        return Choice(SIMPY)  # the compiled engine has no room for this plan
    if ready:
        return Choice(COMPILED)
    return Choice(SIMPY, compile_beside=beside and seconds > COMPILING_SECONDS)


def _ready(plans: Sequence[Plan], logs: bool) -> bool:
    """Return whether compiled code for all plans is at hand."""
    from callsim.engines.compiled.cache import is_empty
    from callsim.engines.compiled.jit import interpreted

    if interpreted():
        return False  # the compiled engine as plain Python is the slower one
    if is_empty():
        return False

    from callsim.engines.compiled.readiness import is_ready

    return all(is_ready(plan, logs) for plan in plans)


def prepare(plans: Sequence[Plan], logs: bool, tell: bool, beside: bool = False) -> list[Compilation]:
    """Begin to compile, in processes of their own, what the plans need and is not at hand.

    Parameters
    ----------
    plans : sequence of Plan
    logs : bool
        As for `choose`.
    tell : bool
        Whether to tell who watches what is being done, and how long it takes.
    beside : bool
        Whether replications begin meanwhile: he is told that their pace will change.
    """
    from callsim.engines.compiled.library import COMPILING, say
    from callsim.engines.compiled.readiness import start

    compilations = start(plans, logs)
    if compilations and tell:
        say(f"{COMPILING}{_SLOW_UNTIL_THEN if beside else ''}")
    return compilations


def accept(compilation: Compilation) -> None:
    """Take over what a compilation has made.

    Raises
    ------
    EngineError
        If it failed.
    """
    from callsim.engines.compiled.library import accept

    accept(compilation)
