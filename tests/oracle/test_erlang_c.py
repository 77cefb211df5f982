"""Erlang C against exact fractions, the reference values, and networks of such queues."""

from __future__ import annotations

import math
from fractions import Fraction
from math import factorial
from typing import Any, get_args

import pytest

from callsim.theory import Formula, erlang_c


@pytest.mark.reference("erlang_b_c.yaml", starts="erlangC-")
def test_reference_values_are_met_to_their_last_digit(reference_case: dict[str, Any]) -> None:
    """Without abandonment every service-level formula gives one value."""
    given, expected = reference_case["parameters"], reference_case["values"]
    centre = erlang_c(given["arrivals_per_30min"] / 1800, given["mean_service_s"], given["agents"])
    assert centre.offered_load == pytest.approx(expected["offered_load_erlang"], rel=5e-12)
    assert centre.occupancy == pytest.approx(expected["occupancy"], rel=5e-12)
    assert centre.p_delay == pytest.approx(expected["p_delay"], rel=5e-12)
    assert centre.speed_of_answer == pytest.approx(expected["asa_s"], rel=5e-12)
    assert centre.mean_wait == pytest.approx(expected["mean_wait_all_s"], rel=5e-12)
    assert centre.mean_wait / centre.p_delay == pytest.approx(expected["mean_wait_given_delayed_s"], rel=5e-12)
    assert centre.mean_queue == pytest.approx(expected["mean_queue"], rel=5e-12)
    for wait in (10, 20, 60):
        for formula in get_args(Formula):
            assert centre.service_level(wait, formula) == pytest.approx(expected[f"sl_{wait}s"], rel=5e-12)


@pytest.mark.parametrize(("n_agents", "load"), [(1, Fraction(1, 10)), (3, Fraction(2)), (40, Fraction(39))])
def test_definition_in_exact_fractions(n_agents: int, load: Fraction) -> None:
    """C = a / (a + sum) with a the last term times n / (n - R); the wait of the delayed is exponential."""
    last = load**n_agents / factorial(n_agents) * n_agents / (n_agents - load)
    p_delay = last / (last + sum(load**k / factorial(k) for k in range(n_agents)))
    centre = erlang_c(float(load), 1.0, n_agents)
    assert centre.p_delay == pytest.approx(float(p_delay), rel=1e-13)
    assert centre.mean_wait == pytest.approx(float(p_delay / (n_agents - load)), rel=1e-13)
    assert centre.wait_above(2.0) == pytest.approx(float(p_delay) * math.exp(-2.0 * float(n_agents - load)), rel=1e-12)


@pytest.mark.parametrize("load", [0.1, 50_000.0, 99_000.0, 99_999.0])
def test_hundred_thousand_agents_against_the_recursion(load: float) -> None:
    """C from B; the plain recursion is stable, if slow."""
    blocked = 1.0
    for agent in range(1, 100_001):
        blocked = load * blocked / (agent + load * blocked)
    share = load / 100_000
    centre = erlang_c(load / 300.0, 300.0, 100_000)
    assert centre.p_delay == pytest.approx(blocked / (1.0 - share * (1.0 - blocked)), rel=2e-10)
    assert centre.occupancy == pytest.approx(share, rel=1e-12)


@pytest.mark.reference("transfers.yaml", starts="transfer-jackson-")
def test_pools_of_an_open_network_are_queues_of_their_own(reference_case: dict[str, Any]) -> None:
    """Jackson: each pool is M/M/n under its total rate from the traffic equations."""
    given, expected = reference_case["parameters"], reference_case["values"]
    to_b, to_a = given["p_AB"], given["p_BA"]
    outside = given["external_arrival_rate"]
    rate_a = (outside["A"] + to_a * outside["B"]) / (1.0 - to_a * to_b)
    for pool, rate in (("A", rate_a), ("B", outside["B"] + to_b * rate_a)):
        centre = erlang_c(rate, 1.0 / given["service_rate"][pool], given["agents"][pool])
        values = expected[f"pool_{pool}"]
        assert rate == pytest.approx(values["total_call_rate"], rel=5e-12)
        assert centre.occupancy == pytest.approx(values["occupancy"], rel=5e-12)
        assert centre.p_delay == pytest.approx(values["p_delay"], rel=5e-12)
        assert centre.mean_wait == pytest.approx(values["mean_wait"], rel=5e-12)
        assert centre.mean_queue == pytest.approx(values["mean_queue"], rel=5e-12)
