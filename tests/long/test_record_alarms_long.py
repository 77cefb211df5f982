"""Records under other draws: how often an unchanged scenario is called changed, and a changed one is not."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from callsim.experiments.jobs import Task, simulate
from callsim.experiments.records import BUDGET, Record, Verdict, check_record
from callsim.experiments.records.judging import verdicts
from callsim.experiments.records.making import BREAKDOWN, made
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from callsim.scenario import Experiment, load_experiment, resolve
from callsim.stats import looks
from tests.small_records import DESK, desk

CHECKS = 1000
STATED = 0.01
"""False alarms that an unchanged scenario has at the most."""
REPLICATIONS = 10
LONGER = (
    "queues.orders.talk=lognormal mean 370.8s cv 0.8",
    "queues.support.talk=lognormal mean 494.4s cv 0.8",
    "queues.escalations.talk=lognormal mean 432.6s cv 0.8",
    "queues.billing.talk=lognormal mean 309s cv 0.8",
    "queues.defaults.after_call_work=constant 61.8s",
    "transfers.defaults.explain=constant 154.5s",
)
"""Every part of every call in the case takes 3 % longer."""
TRIALS = 10


class Centre:
    """A scenario that is recorded and checked many times, resolved once."""

    def __init__(self, path: Path) -> None:
        self.experiment: Experiment = load_experiment(path)
        self.plan = resolve(self.experiment.base)
        self.settings = Settings(0, Replications.exactly(REPLICATIONS), by=(BREAKDOWN,))

    def measured(self, seed: int, numbers: range) -> list[Measures]:
        """Simulate replications of one seed."""
        digest, name, by = self.plan.digest(), self.experiment.base.name, self.settings.breakdowns
        return [simulate(self.plan, Task(digest, name, seed, n, by=by)).measures for n in numbers]

    def alarms(self, seeds: tuple[int, int]) -> Sequence[str]:
        """Record under one seed and check under another; return the figures that are not called the same."""
        old, steps = (
            self._record(seeds[0], self.measured(seeds[0], range(REPLICATIONS))),
            looks(REPLICATIONS, BUDGET * REPLICATIONS),
        )
        column: list[Measures] = []
        for n in steps:
            column += self.measured(seeds[1], range(len(column), n))
            found = verdicts(old, self._record(seeds[1], column), len(steps))
            if all(moved.verdict is not Verdict.UNDECIDED for moved in found):
                break
        assert found, "the record judges nothing"
        return [moved.title for moved in found if moved.verdict is not Verdict.SAME]

    def _record(self, seed: int, column: list[Measures]) -> Record:
        settings = replace(self.settings, seed=seed)
        return made(self.experiment, {self.experiment.base.name: column}, settings, self.plan.random_scheme)


@pytest.mark.long
def test_unchanged_scenarios_are_seldom_called_changed(tmp_path: Path) -> None:
    """Of a thousand checks, record and check under fresh seeds each, at most one in a hundred raises an alarm.

    An alarm is any figure that has moved, or that could not be shown to be the same within the budget.
    """
    centre = Centre(desk(tmp_path, DESK))
    raised = {i: found for i in range(CHECKS) if (found := centre.alarms((2 * i + 1000, 2 * i + 1001)))}
    assert len(raised) <= STATED * CHECKS, raised


@pytest.mark.slow
def test_unchanged_scenario_raises_no_alarm_in_ten_checks(tmp_path: Path) -> None:
    """The same, for every run of the suite: at the stated level an alarm in ten checks has a probability below 10 %,
    as measured (none in 150) one below 3 %; the seeds are fixed.
    """
    centre = Centre(desk(tmp_path, DESK))
    assert [found for i in range(10) if (found := centre.alarms((2 * i, 2 * i + 1)))] == []


@pytest.mark.long
def test_handle_time_three_per_cent_longer_is_caught_nine_times_in_ten(root: Path, tmp_path: Path) -> None:
    """In the case, under fresh seeds, by the default margins, budget and record: the shipped one."""
    shutil.copytree(root / "scenarios" / "case", tmp_path / "case")
    path = tmp_path / "case" / "as-it-happened.yaml"
    caught = [not check_record(path, seed=seed, changes=LONGER).ok for seed in range(100, 100 + TRIALS)]
    assert sum(caught) >= 9
    assert check_record(path, seed=99).ok
