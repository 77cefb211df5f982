"""A record notices every change to an engine that alters a single cell of a log."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from callsim.engines.simpy import run as simpy_run
from callsim.errors import InvariantBroken
from callsim.experiments.records import check_record, new_record, record_path, record_text
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.testing.mutations import Mutation, mutant
from tests.twin.engine_changes import CHANGES

Engine = Callable[[Plan, int, int], RunLog]
DAY = {
    "a day of the case": (
        "case/as-it-happened",
        "run: {start: 2025-02-28, warm_up: 1 day, measure: 1 day, follow_cases: 0s}",
    ),
    "a day of the planner": ("planner/week23", "run: {measure: 1 day}"),
    "two teams": ("textbook/overflow", "run: {warm_up: 0h, measure: 12h}"),
}
"""Shipped scenarios, cut to a length at which all changes can be tried in seconds; every feature stays."""


@contextmanager
def ran_by(engine: Engine) -> Iterator[dict[tuple[str, int], RunLog]]:
    """Let an engine run everything in this process; give the logs by (name, replication)."""
    logs: dict[tuple[str, int], RunLog] = {}

    def run(plan: Plan, seed: int, replication: int) -> RunLog:
        log = logs[plan.name, replication] = engine(plan, seed, replication)
        return log

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("callsim.experiments.jobs.engine", lambda *_: run)
        yield logs


def differ(first: dict[tuple[str, int], RunLog], second: dict[tuple[str, int], RunLog]) -> bool:
    """Return whether any cell of any log is another."""
    if first.keys() != second.keys() or any(first[key].end != second[key].end for key in first):
        return True
    arrays = ((dict(first[key].arrays()), dict(second[key].arrays())) for key in first)
    return any(not np.array_equal(one[name], other[name]) for one, other in arrays for name in one)


def notices(path: Path, engine: Engine, before: dict[tuple[str, int], RunLog]) -> tuple[bool, bool]:
    """Return whether an engine alters any log, and whether checking the record fails."""
    with ran_by(engine) as logs:
        try:
            failed = not check_record(path, workers=1, engine="simpy").ok
        except InvariantBroken:
            return True, True
    return differ(before, logs), failed


@pytest.fixture(scope="module")
def recorded_days(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, dict[tuple[str, int], RunLog]]:
    """The days of the shipped scenarios, recorded once, and their logs."""
    folder = tmp_path_factory.mktemp("recorded")
    shutil.copytree(root / "scenarios", folder / "scenarios")
    found = {}
    for name, (scenario, run) in DAY.items():
        path = folder / "scenarios" / Path(scenario).parent / f"{name.replace(' ', '-')}.yaml"
        path.write_text(f"extends: {Path(scenario).name}.yaml\nname: {name}\n{run}\nexpect: []\n", encoding="utf-8")
        with ran_by(simpy_run) as logs:
            record_path(path).write_text(
                record_text(new_record(path, workers=1, replications=1, engine="simpy")), encoding="utf-8"
            )
        found[path] = logs
    return found


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.breaks)
def test_record_fails_exactly_if_a_change_alters_a_cell(
    change: Mutation, recorded_days: dict[Path, dict[tuple[str, int], RunLog]]
) -> None:
    """Of each planted change: the check of a scenario fails if and only if its log is another; one of them is."""
    with mutant(change) as engine:
        found = [notices(path, engine, logs) for path, logs in recorded_days.items()]
    assert [altered for altered, _ in found] == [failed for _, failed in found]
    assert any(altered for altered, _ in found)
