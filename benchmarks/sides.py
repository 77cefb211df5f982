"""What is measured: callsim's two engines and the packages that one would use instead.

A side builds, for a work item, a function that runs one replication with a seed and returns a `Tally`. Libraries are
imported on building, so that a process pays for what its side needs and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.models.tally import Tally

if TYPE_CHECKING:
    from callsim.measures import Measures
    from callsim.plan.plan import Plan

__all__ = ["BASE", "BREAKDOWNS", "COMPILED", "SAME_FIGURES", "SIDES", "Side", "counted", "plan_of", "teller"]

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios" / "benchmark"
BREAKDOWNS = ("interval", "callers+interval", "agents+interval")
"""What the compiled engine splits the figures of a day by."""

Replication = Callable[[int], Tally]


@dataclass(frozen=True)
class Side:
    """Something that runs work items."""

    label: str
    package: str
    """The distribution whose version is reported."""
    build: Callable[[str], Replication]
    replications: dict[str, int]
    """Work item -> replications in a round: about a second's work. No entry: it cannot be expressed."""
    warms_up: bool = True
    """Whether a first replication is left out. Not where nothing is loaded on first use and one takes seconds."""

    def version(self) -> str | None:
        """Return the package's version, None if it is not installed."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


def _model(module: str) -> Callable[[str], Replication]:
    def build(work: str) -> Replication:
        models: dict[str, Replication] = import_module(f"benchmarks.models.{module}").MODELS
        return models[work]

    return build


def plan_of(work: str, *changes: str) -> Plan:
    """Return the plan of a shipped benchmark scenario, with changes such as ``run.measure=60 days``."""
    from callsim.scenario import load, resolve

    return resolve(load(SCENARIOS / f"{work}.yaml", changes))


def teller() -> Callable[[Measures, int], Tally]:
    """Return a function that tells what callsim's measures say about the visits to all queues."""
    from callsim.measures import Part
    from callsim.units import SECOND

    rows = [Part.row_of(name) for name in ("offered", "abandoned", "wait", "level_met")]

    def tally_of(measures: Measures, simulated: int) -> Tally:
        # Of the whole window, so that there is one cell.
        sums = measures.parts["queue"].sums
        offered, abandoned, wait, level_met = [sum(sums[row, :, 0].tolist()) for row in rows]
        return Tally(simulated, offered, abandoned, wait / SECOND / 60, level_met)

    return tally_of


def _simpy_engine(work: str) -> Replication:
    """Return the SimPy engine as users get it: the log, its invariants, the measures."""
    from callsim.engines.simpy import run
    from callsim.measures import check_run, measure
    from callsim.runlog import check_log

    plan, tally_of = plan_of(work), teller()

    def replicate(seed: int) -> Tally:
        log = run(plan, seed=1, replication=seed)
        check_log(log)
        check_run(plan, log)
        return tally_of(measure(plan, log), len(log.legs["contact"]))

    return replicate


def counted(plan: Plan, seed: int, by: Iterable[str]) -> Replication:
    """Return the compiled engine as users get it: no log, the checks of its sums, the measures, split by ``by``."""
    from callsim.engines.compiled import tally_run
    from callsim.measures import SumsReader
    from callsim.runlog.sums import whole_run

    reader, tally_of = SumsReader(plan, by), teller()
    visits = whole_run(plan.n_queues, plan.n_groups).tables[1, 0]

    def replicate(replication: int) -> Tally:
        sums = tally_run(plan, seed, replication, reader.wanted)
        reader.check(sums)
        return tally_of(reader.measures(sums), int(sums.whole[visits]))

    return replicate


def _compiled_engine(work: str) -> Replication:
    """Return the compiled engine with all measures: W3 by interval, stationary W1 and W2 over sixty days as a whole."""
    if work == "w3":
        return counted(plan_of(work), 1, BREAKDOWNS)
    return counted(plan_of(work, "run.measure=60 days"), 1, ())


BASE, SAME_FIGURES, COMPILED = "simpy", "simpy-figures", "callsim-compiled"
"""The side to which ratios are taken; SimPy that counts what the compiled engine counts; that engine."""

SIDES = {
    BASE: Side("SimPy, idiomatic", "simpy", _model("idiomatic_simpy"), {"w1": 2, "w2": 2, "w3": 5}),
    SAME_FIGURES: Side("SimPy, with figures by interval", "simpy", _model("simpy_with_figures"), {"w3": 5}),
    COMPILED: Side("callsim, compiled engine", "callsim", _compiled_engine, {"w1": 6, "w2": 6, "w3": 400}),
    "callsim-simpy": Side("callsim, SimPy engine", "callsim", _simpy_engine, {"w1": 2, "w2": 2, "w3": 5}),
    "simpy-lean": Side("SimPy, lean", "simpy", _model("lean_simpy"), {"w1": 3, "w2": 3, "w3": 8}),
    "ciw": Side("Ciw", "ciw", _model("ciw_models"), {"w1": 1, "w2": 1}, warms_up=False),
    "salabim": Side("salabim", "salabim", _model("salabim_models"), {"w1": 1, "w2": 1, "w3": 1}, warms_up=False),
}
"""Name on the command line -> side, in the order of the table."""
