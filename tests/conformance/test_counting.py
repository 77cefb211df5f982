"""Replications without a log: the compiled engine counts what its log, and the reference's, would have said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callsim.engines import simpy
from callsim.engines.compiled import tally_run
from callsim.measures import BREAKDOWNS, SumsReader, measure
from callsim.plan.plan import Plan
from callsim.scenario import load, resolve
from callsim.testing.cases import batch
from callsim.testing.drawing.centre import Scope
from tests.eventful_plan import eventful_plan
from tests.log_rows import differences

FOLDER = Path(__file__).resolve().parent.parent.parent / "scenarios"


def wrong(plan: Plan, seed: int, replications: int, by: tuple[str, ...] = BREAKDOWNS) -> list[str]:
    """Return where measures and digest of counted replications, whose sums are sound, differ from the reference's."""
    reader = SumsReader(plan, by)
    found: list[str] = []
    for replication in range(replications):
        sums = tally_run(plan, seed, replication, reader.wanted)
        reader.check(sums)
        log = simpy.run(plan, seed, replication)
        found += differences(reader.measures(sums), measure(plan, log, by))
    return found


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the kernel and its counting as plain Python."""
    monkeypatch.setenv("CALLSIM_JIT", "off")


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("drain", [False, True], ids=["stop", "drain"])
def test_counting_agrees_without_the_compiler(drain: bool) -> None:
    """Two replications in the same room, in which everything happens."""
    assert wrong(eventful_plan(drain), 1, 2) == []


@pytest.mark.slow
def test_compiled_counting_agrees_on_random_centres() -> None:
    """Some sixty centres without cases, which are measured from logs; two replications each, in rooms used again."""
    drawn = [case for case in batch(4, 90) if case.plan is not None and not case.plan.cases.n]
    assert len(drawn) >= 55
    for case in drawn:
        assert wrong(case.plan, case.seed, 2, BREAKDOWNS[case.number % 3 :: 1 + case.number % 4]) == []


@pytest.mark.slow
@pytest.mark.parametrize("scope", [Scope.ONE_QUEUE, Scope.SKILLS])
def test_compiled_counting_agrees_on_plainer_centres(scope: Scope) -> None:
    """Forty for each of the other kernels, which count visits that are a caller's only one by themselves."""
    drawn = [case for case in batch(4, 40, scope=scope) if case.plan is not None]
    assert len(drawn) >= 35
    for case in drawn:
        assert wrong(case.plan, case.seed, 2, BREAKDOWNS[case.number % 3 :: 1 + case.number % 4]) == []


@pytest.mark.slow
def test_compiled_counting_agrees_on_a_whole_day() -> None:
    """Fifteen thousand calls: rows are handed over many times, and bins find the room that they need."""
    plan = resolve(load(FOLDER / "benchmark/w3.yaml"))
    assert wrong(plan, 7, 2) == []
    assert wrong(replace(plan, name="totals"), 7, 1, ()) == []
