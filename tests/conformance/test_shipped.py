"""The scenarios that are shipped: every engine agrees, with one worker and with two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from callsim.engines import simpy
from callsim.plan.plan import SECOND, Plan
from callsim.scenario import load, load_experiment, resolve
from callsim.testing.agreement import first_difference
from tests.conformance.engines import others

FOLDER = Path(__file__).resolve().parent.parent.parent / "scenarios"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
MOST_CALLS = 4000
"""Of the part of a run that is compared."""


def is_experiment(path: Path) -> bool:
    """Tell whether a file compares scenarios instead of being one."""
    return any(line.startswith("base:") for line in path.read_text(encoding="utf-8").splitlines())


def plans(name: str) -> dict[str, Plan]:
    """Return the plans of a file by name: a scenario's, or those of an experiment's variants."""
    path = FOLDER / name
    if not is_experiment(path):
        return {name: resolve(load(path))}
    experiment = load_experiment(path)
    return {f"{name}: {label}": resolve(scenario) for label, scenario in experiment.variants}


def shortened(plan: Plan) -> Plan:
    """Return the plan with a horizon that lets some thousand callers in, and two hours more."""
    blocks = np.argsort(plan.streams.block_start, kind="stable")
    total = np.cumsum(plan.streams.block_mean[blocks])
    enough = int(np.searchsorted(total, MOST_CALLS))
    if enough >= len(blocks):
        return plan
    start, end = plan.streams.block_start[blocks[enough]], plan.streams.block_end[blocks[enough]]
    before, inside = float(total[enough - 1]) if enough else 0.0, float(plan.streams.block_mean[blocks[enough]])
    cut = int(start + (end - start) * min(1.0, (MOST_CALLS - before) / inside)) + 7200 * SECOND
    horizon = min(plan.clock.horizon, cut)
    edges = np.array([0, horizon], np.int64)
    clock = replace(plan.clock, warm_up=0, horizon=horizon, interval_edges=edges, hour_edges=edges)
    return replace(plan, clock=clock)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_engines_agree_on_every_shipped_scenario(name: str) -> None:
    """Each scenario and each variant, until some thousand callers have called: no cell differs."""
    for label, plan in plans(name).items():
        short = shortened(plan)
        expected = simpy.run(short, 7, 1)
        assert len(expected.legs["leg"]) > 500, label
        for engine, run in others().items():
            assert first_difference(short, expected, run(short, 7, 1)) == "", f"{label}, {engine}"


@pytest.mark.slow
def test_two_replications_at_a_time_are_those_of_one_after_the_other() -> None:
    """Six replications of the overflow scenario on one thread and on two: the reference's logs, whoever is first."""
    plan = shortened(resolve(load(FOLDER / "textbook/overflow.yaml")))
    expected = [simpy.run(plan, 1, replication).digest() for replication in range(6)]
    for run in others().values():
        for workers in (1, 2):
            with ThreadPoolExecutor(workers) as pool:
                logs = pool.map(lambda replication, run=run: run(plan, 1, replication), range(6))
                assert [log.digest() for log in logs] == expected
