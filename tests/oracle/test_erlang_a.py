"""Erlang A against the reference values, dense chains, and the extremes where other tools underflow."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from callsim.theory import SteadyState, erlang_a, erlang_b, erlang_c
from tests.oracle.birth_death import BirthDeath

_FIGURES = {
    "p_delay": "p_delay",
    "p_abandon": "abandonment_ratio",
    "mean_wait_all_s": "mean_wait",
    "asa_s": "speed_of_answer",
    "mean_wait_abandoned_s": "mean_wait_abandoned",
    "var_wait_served_s2": "speed_of_answer_variance",
    "mean_queue": "mean_queue",
    "occupancy": "occupancy",
    "mean_in_system": "mean_in_system",
}


@pytest.mark.reference("erlang_a.yaml")
def test_reference_values_are_met_to_their_last_digit(reference_case: dict[str, Any]) -> None:
    """Eight centres, nine figures and five laws at three thresholds each, 12 digits."""
    given, expected = reference_case["parameters"], reference_case["values"]
    centre = erlang_a(
        given["arrivals_per_30min"] / 1800, given["mean_service_s"], given["agents"], given["mean_patience_s"]
    )
    for theirs, ours in _FIGURES.items():
        assert getattr(centre, ours) == pytest.approx(expected[theirs], rel=6e-12), ours
    for wait in (10, 20, 60):
        levels = {
            f"sl_offered_{wait}s": centre.service_level(wait, "negative_abandon"),
            f"sl_served_{wait}s": centre.service_level(wait, "answered_only"),
            f"sl_excl_short_{wait}s": centre.service_level(wait, "ignore_short_abandon"),
            f"sl_incl_short_{wait}s": centre.service_level(wait, "positive_abandon"),
            f"p_wait_le_{wait}s_given_abandon": centre.abandoned_within(wait) / centre.abandonment_ratio,
        }
        assert levels == pytest.approx({name: expected[name] for name in levels}, rel=6e-12)


@pytest.mark.parametrize(
    ("load", "n_agents", "patience", "lines"),
    [(0.1, 1, 1.0, 30), (3.0, 1, 0.2, 60), (8.4, 12, 0.5, 80), (20.0, 10, 3.0, 150), (35.0, 30, 0.05, 80)],
)
def test_dense_chain_gives_the_same_figures(load: float, n_agents: int, patience: float, lines: int) -> None:
    """The chain is cut where its tail is below 1e-13; times in handle times."""
    chain = BirthDeath(load, 1.0, n_agents, 1.0 / patience, lines)
    centre = erlang_a(load, 1.0, n_agents, patience)
    assert chain.p_block < 1e-13
    names = ("p_delay", "abandonment_ratio", "mean_wait", "mean_queue", "occupancy", "mean_in_system")
    assert [getattr(centre, name) for name in names] == pytest.approx([getattr(chain, n) for n in names], rel=1e-9)
    for wait in (0.01, 0.1, 0.5, 2.0):
        answered, abandoned = chain.fates(wait)
        assert centre.answered_within(wait) == pytest.approx(answered, rel=1e-10)
        assert centre.abandoned_within(wait) == pytest.approx(abandoned, rel=1e-9)
        assert centre.wait_above(wait) == pytest.approx(1.0 - (answered + abandoned), abs=1e-12)


def test_callers_hold_for_an_hour() -> None:
    """Ten calls a minute of six minutes for thirty agents, patience an hour: no exp(-x) may underflow here."""
    centre = erlang_a(10 / 60, 360.0, 30, 3600.0)
    assert centre.abandonment_ratio == pytest.approx(0.5, abs=1e-9)
    assert centre.speed_of_answer / 60 == pytest.approx(41.489, abs=5e-4)
    assert centre.mean_wait / 60 == pytest.approx(30.0, abs=1e-7)
    hour = [centre.service_level(3600.0, name) for name in ("negative_abandon", "positive_abandon", "answered_only")]
    assert hour == pytest.approx([0.5, 1.0, 1.0], abs=5e-4)
    short = [centre.service_level(120.0, name) for name in ("negative_abandon", "positive_abandon", "answered_only")]
    assert short == pytest.approx([0.0, 0.0328, 0.0], abs=5e-5)


def test_twelve_agents_of_the_textbook() -> None:
    """M/M/12 at 4.2 calls a minute of two minutes, patience a minute: the specification's figures."""
    centre = erlang_a(4.2 / 60, 120.0, 12, 60.0)
    assert centre.abandonment_ratio == pytest.approx(0.0296789, abs=5e-8)
    assert centre.speed_of_answer / 60 == pytest.approx(0.024060, abs=5e-7)
    levels = [
        centre.service_level(20.0, "negative_abandon"),
        centre.service_level(20.0, "positive_abandon"),
        centre.service_level(20.0, "ignore_short_abandon"),
        centre.service_level(20.0, "answered_only"),
    ]
    assert levels == pytest.approx([0.94527, 0.96862, 0.96787, 0.97418], abs=5e-6)


def test_hundred_agents_of_the_first_work_item() -> None:
    """105 erlangs on 100 agents, handle time five minutes, patience ten."""
    centre = erlang_a(0.35, 300.0, 100, 600.0)
    figures = [centre.abandonment_ratio, centre.mean_wait / 60, centre.p_delay, centre.occupancy]
    assert figures == pytest.approx([0.060369, 0.603694, 0.80261, 0.98661], rel=1e-5)


def _check_sane(centre: SteadyState) -> None:
    """Figures are finite, levels are shares, and no level falls when its threshold rises."""
    assert 0.0 <= centre.p_delay <= 1.0
    assert 0.0 <= centre.abandonment_ratio <= 1.0
    assert math.isfinite(centre.speed_of_answer)
    waits = [0.0, 1.0, 20.0, 300.0, 3600.0, 86_400.0, 1e7]
    for formula in ("negative_abandon", "answered_only", "positive_abandon", "ignore_short_abandon"):
        levels = [centre.service_level(wait, formula) for wait in waits]
        assert all(0.0 <= level <= 1.0 for level in levels)
        assert all(later >= earlier - 1e-12 for earlier, later in pairwise(levels)), formula


@pytest.mark.parametrize("patience", [1.0, 60.0, 3600.0, 5 * 86_400.0, 30 * 86_400.0])
@pytest.mark.parametrize("share", [1e-6, 0.9, 0.999, 1.0, 1.001, 1.2, 3.0])
@pytest.mark.parametrize("n_agents", [1, 30, 1000, 100_000])
def test_extremes_stay_sane_and_balance(n_agents: int, share: float, patience: float) -> None:
    """What comes is answered or abandoned; by Little, abandoned = mean wait / mean patience."""
    centre = erlang_a(share * n_agents / 300.0, 300.0, n_agents, patience)
    _check_sane(centre)
    assert centre.answered_within(math.inf) + centre.abandonment_ratio == pytest.approx(1.0, abs=1e-12)
    assert centre.abandonment_ratio == pytest.approx(centre.mean_wait / patience, rel=1e-10)
    assert centre.offered_load * (1.0 - centre.abandonment_ratio) == pytest.approx(centre.occupancy * n_agents)


def test_load_of_a_tenth_on_hundred_thousand_agents() -> None:
    """Nobody waits, and those who would are still described: nothing is divided by zero."""
    centre = erlang_a(0.001, 100.0, 100_000, 5 * 86_400.0)
    assert (centre.p_delay, centre.speed_of_answer, centre.service_level(0.0)) == (0.0, 0.0, 1.0)
    assert centre.mean_wait_abandoned == pytest.approx(0.001, rel=1e-5)  # the next of 1000 ends a second


def test_patience_of_weeks_approaches_erlang_c() -> None:
    """With patience of a thousand years the two agree to eight digits."""
    patient, endless = erlang_a(100 / 1800, 180.0, 14, 3.2e10), erlang_c(100 / 1800, 180.0, 14)
    assert patient.p_delay == pytest.approx(endless.p_delay, rel=1e-7)
    assert patient.mean_wait == pytest.approx(endless.mean_wait, rel=1e-7)
    assert patient.service_level(20.0) == pytest.approx(endless.service_level(20.0), rel=1e-8)


def test_no_patience_is_erlang_b() -> None:
    """Who must wait hangs up at once: the loss of Erlang B."""
    centre = erlang_a(100 / 1800, 180.0, 14, 1e-9)
    assert centre.abandonment_ratio == pytest.approx(erlang_b(14, 10.0), rel=1e-9)


def test_equal_patience_and_handle_time_are_endless_servers() -> None:
    """With equal rates the calls present are Poisson: P(delay) = P(N >= n)."""
    centre = erlang_a(7.0, 1.0, 5, 1.0)
    below = sum(math.exp(-7.0) * 7.0**k / math.factorial(k) for k in range(5))
    assert centre.p_delay == pytest.approx(1.0 - below, rel=1e-13)
    assert centre.mean_in_system == pytest.approx(7.0, rel=1e-13)
