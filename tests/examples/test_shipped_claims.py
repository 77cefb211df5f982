"""What the shipped scenarios are there to show, they show. Fixed seeds: the same verdicts on every machine.

What figures can say stands in the scenarios themselves, under `expect`; callsim's pytest plugin makes tests of it,
and of the records beside them, as for any user (`callsim_scenarios` in pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = sorted(path.relative_to(ROOT / "scenarios").as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_says_what_it_is_expected_to_do(name: str, root: Path) -> None:
    """A scenario without a point would be one too many."""
    experiment = callsim.load_experiment(root / "scenarios" / name)
    scenarios = [experiment.base, *(variant for _, variant in experiment.variants)]
    assert [line.text for scenario in scenarios for line in scenario.expect] != []
    assert callsim.validate(root / "scenarios" / name) == ()


def test_support_is_advertised_round_the_clock_and_has_the_three_holes(root: Path):
    """Fact F14: not there before 8:00 on weekdays, on Saturday night, on Sunday morning."""
    report = str(callsim.coverage(callsim.load(root / "scenarios/case/as-it-happened.yaml")))
    assert "advertised but closed: mon-sat 00:00-08:00; sat 20:00-24:00; sun 00:00-12:00" in report


def test_24_7_as_advertised_closes_the_holes_of_support(root: Path):
    """Hours and people: the coverage report of support is empty."""
    experiment = callsim.load_experiment(root / "scenarios/case/compare.yaml")
    variant = dict(experiment.variants)["24/7 as advertised"]
    (support,) = [queue for queue in callsim.coverage(variant).queues if queue.queue == "support"]
    assert (support.advertised_but_closed, support.open_without_heads) == ((), ())


@pytest.fixture(scope="module")
def as_it_happened(root: Path) -> callsim.Result:
    """Two replications of the case: enough for claims whose margins are many half widths wide."""
    return callsim.run(root / "scenarios/case/as-it-happened.yaml", replications=2, workers=1)


@pytest.mark.slow
def test_callers_hold_for_an_hour_and_are_cut_off_as_it_happened(as_it_happened: callsim.Result):
    """Facts F5 and F16, as the case expects of itself in more replications: a quarter hold an hour or more."""
    assert (as_it_happened.value("share_held_an_hour") or 0) >= 0.25
    assert (as_it_happened.value("wait_max", queue="escalations") or 0) > 3600
    assert (as_it_happened.value("dropped_by_transfer") or 0) > 300


@pytest.mark.slow
def test_the_bell_benchmark_answers_95_percent_within_20_seconds(root: Path):
    """Fact F6: operators easy to reach."""
    result = callsim.run(root / "scenarios/case/bell.yaml", replications=2, workers=1)
    assert (result.value("service_level") or 0) >= 0.95
    assert (result.value("abandonment_ratio") or 0) < 0.01 < (result.value("offered") or 0)
