"""A finite number of lines against the reference values, dense chains and Erlang B."""

from __future__ import annotations

from typing import Any

import pytest

from callsim.theory import erlang_a, erlang_b, steady_state
from tests.oracle.birth_death import BirthDeath


@pytest.mark.reference("finite_capacity.yaml")
def test_reference_values_are_met_to_their_last_digit(reference_case: dict[str, Any]) -> None:
    """Blocked calls are not offered: the reference's figures of admitted calls are ours of offered ones."""
    given, expected = reference_case["parameters"], reference_case["values"]
    hang_up = given["abandon_rate_per_min"]
    service_rate = 1 / 3 if given["service_rate_per_min"] == 0.333333333333 else given["service_rate_per_min"]
    centre = steady_state(
        given["arrival_rate_per_min"],
        1.0 / service_rate,
        given["agents"],
        1.0 / hang_up if hang_up else None,
        given["lines_total"],
    )
    offered = 1.0 - centre.p_block
    ours = {
        "p_block": centre.p_block,
        "p_delay_of_admitted": centre.p_delay,
        "p_all_busy": centre.p_delay * offered + centre.p_block,
        "p_abandon_of_offered": centre.abandonment_ratio * offered,
        "p_abandon_of_admitted": centre.abandonment_ratio,
        "mean_wait_of_admitted_min": centre.mean_wait,
        "mean_queue": centre.mean_queue,
        "occupancy": centre.occupancy,
        "p_served_of_offered": (1.0 - centre.abandonment_ratio) * offered,
        "sl_offered_20s": centre.service_level(1 / 3, "offered_incl_blocked"),
        "sl_excl_short_20s": centre.answered_within(1 / 3) * offered / (1 - centre.abandoned_within(1 / 3) * offered),
        "sl_of_admitted_20s": centre.service_level(1 / 3, "negative_abandon"),
    }
    assert ours == pytest.approx(expected, rel=6e-12)


@pytest.mark.parametrize("hang_up", [0.0, 0.01, 1.0, 50.0])
@pytest.mark.parametrize(("load", "n_agents", "lines"), [(0.5, 1, 2), (9.0, 4, 5), (9.0, 10, 40), (60.0, 20, 90)])
def test_dense_chain_gives_the_same_figures(load: float, n_agents: int, lines: int, hang_up: float) -> None:
    """Every figure and both fates, also far above the capacity."""
    chain = BirthDeath(load, 1.0, n_agents, hang_up, lines)
    centre = steady_state(load, 1.0, n_agents, 1.0 / hang_up if hang_up else None, lines)
    names = ("p_delay", "p_block", "abandonment_ratio", "mean_wait", "mean_queue", "occupancy", "mean_in_system")
    ours, theirs = [getattr(centre, name) for name in names], [getattr(chain, name) for name in names]
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-13)
    for wait in (0.01, 0.3, 2.0):
        answered, abandoned = chain.fates(wait)
        assert centre.answered_within(wait) == pytest.approx(answered, rel=1e-10, abs=1e-13)
        assert centre.abandoned_within(wait) == pytest.approx(abandoned, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("lines", [5, 12])
def test_no_place_to_wait_is_erlang_b(lines: int) -> None:
    """As many lines as agents, or fewer: all that matters is the smaller number."""
    centre = steady_state(8.4, 1.0, 12, trunk_lines=lines)
    assert centre.p_block == pytest.approx(erlang_b(lines, 8.4), rel=1e-13)
    assert (centre.p_delay, centre.mean_wait, centre.abandonment_ratio) == (0.0, 0.0, 0.0)
    assert centre.occupancy == pytest.approx(8.4 * (1.0 - centre.p_block) / 12, rel=1e-13)
    assert centre.service_level(0.0, "offered_incl_blocked") == pytest.approx(1.0 - centre.p_block, rel=1e-13)


@pytest.mark.parametrize(("load", "lines"), [(0.5, 3), (0.5, 200), (0.99, 2000), (3.0, 500)])
def test_one_agent_with_lines_is_a_truncated_geometric(load: float, lines: int) -> None:
    """M/M/1/K: blocked = (1 - r) r^K / (1 - r^(K + 1)), down to 1e-61."""
    expected = (1.0 - load) / (load**-lines - load)
    assert steady_state(load, 1.0, 1, trunk_lines=lines).p_block == pytest.approx(expected, rel=1e-11)


def test_many_lines_are_no_limit() -> None:
    """Nobody ever meets the last of 500 lines; the figures are Erlang A's."""
    centre, endless = erlang_a(8.4, 1.0, 12, 0.5, trunk_lines=500), erlang_a(8.4, 1.0, 12, 0.5)
    assert centre.p_block < 1e-300
    assert centre.service_level(0.2) == pytest.approx(endless.service_level(0.2), rel=1e-13)
    assert centre.mean_wait == pytest.approx(endless.mean_wait, rel=1e-13)


@pytest.mark.parametrize("lines", [100_001, 110_000, 200_000])
def test_overloaded_lines_of_a_hundred_thousand_agents(lines: int) -> None:
    """A full house: blocked = 1 - 1/rho, and who gets in waits for the places ahead of him to empty."""
    centre = steady_state(1100.0, 100.0, 100_000, trunk_lines=lines)
    blocked = centre.p_block
    assert 1100.0 * (1.0 - blocked) * 100.0 == pytest.approx(100_000 * centre.occupancy, rel=1e-11)
    if lines > 100_001:
        assert blocked == pytest.approx(1.0 - 1.0 / 1.1, rel=1e-11)
        # Seen from the full house the free places are geometric with ratio 1 / 1.1: ten on average, blocked or not.
        assert centre.mean_queue == pytest.approx(lines - 100_000 - 10.0, rel=1e-9)
        assert centre.mean_wait == pytest.approx(centre.mean_queue / 1000.0, rel=1e-9)
