"""What the shipped scenarios are there to show, they show. Fixed seeds: the same figures on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim

TWO = 2
"""Replications: enough for the claims, whose margins are many half widths wide."""


@pytest.fixture(scope="module")
def as_it_happened(root: Path) -> callsim.Result:
    """Two replications of the case."""
    return callsim.run(root / "scenarios/case/as-it-happened.yaml", replications=TWO, workers=1)


def test_at_least_a_quarter_of_answered_callers_hold_for_an_hour_as_it_happened(as_it_happened: callsim.Result):
    """Fact F5: holds of an hour or more are commonplace."""
    assert (as_it_happened.value("share_held_an_hour") or 0) >= 0.25


def test_the_escalation_desk_lets_callers_hold_and_the_closed_billing_desk_cuts_them_off(
    as_it_happened: callsim.Result,
):
    """Fact F16: more than an hour at the escalation desk, then a transfer into a closed department."""
    assert (as_it_happened.value("wait_max", queue="escalations") or 0) > 3600
    assert (as_it_happened.value("dropped_by_transfer") or 0) > 100


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


def test_the_bell_benchmark_answers_95_percent_within_20_seconds(root: Path):
    """Fact F6: operators easy to reach."""
    result = callsim.run(root / "scenarios/case/bell.yaml", replications=TWO, workers=1)
    assert (result.value("service_level") or 0) >= 0.95
    assert (result.value("abandonment_ratio") or 0) < 0.01 < (result.value("offered") or 0)
