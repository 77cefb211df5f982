"""Laws that hold for every centre: what must rise rises, units do not matter, what comes in goes out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsim.theory import Formula, SteadyState, required_agents, steady_state

MONOTONE: tuple[Formula, ...] = (
    "negative_abandon",
    "answered_only",
    "positive_abandon",
    "ignore_short_abandon",
    "offered_incl_blocked",
)
SLACK = 1e-11
"""Rounding: levels are quotients of sums of 10^3 positive terms whose exponents reach 10^5."""

agents = st.integers(1, 3000)
shares = st.floats(0.05, 3.0)
patiences = st.floats(1.0, 1e6)
places = st.none() | st.integers(0, 500)
waits = st.floats(0.0, 1e5)


def centre(n_agents: int, share: float, patience: float, room: int | None) -> SteadyState:
    """Return a centre with handle times of five minutes."""
    return steady_state(share * n_agents / 300.0, 300.0, n_agents, patience, None if room is None else n_agents + room)


@given(agents, shares, patiences, places, waits, waits)
def test_level_never_falls_when_the_threshold_rises(
    n_agents: int, share: float, patience: float, room: int | None, one: float, other: float
) -> None:
    """All five formulas, and the laws of waits they are made of."""
    system = centre(n_agents, share, patience, room)
    low, high = sorted((one, other))
    for formula in MONOTONE:
        assert system.service_level(low, formula) <= system.service_level(high, formula) + SLACK, formula
    assert system.abandoned_within(low) <= system.abandoned_within(high) + SLACK
    assert system.wait_above(low) >= system.wait_above(high) - SLACK


@given(agents, shares, patiences, waits)
def test_one_more_agent_never_hurts(n_agents: int, share: float, patience: float, wait: float) -> None:
    """Fewer wait, fewer hang up, more are answered in time."""
    rate = share * n_agents / 300.0
    few, more = (steady_state(rate, 300.0, number, patience) for number in (n_agents, n_agents + 1))
    assert more.p_delay <= few.p_delay + SLACK
    assert more.abandonment_ratio <= few.abandonment_ratio + SLACK
    assert more.mean_wait <= few.mean_wait * (1.0 + SLACK)
    assert more.occupancy <= few.occupancy + SLACK
    for formula in MONOTONE:
        assert few.service_level(wait, formula) <= more.service_level(wait, formula) + SLACK, formula


@given(agents, shares, patiences, waits)
def test_longer_calls_never_help(n_agents: int, share: float, patience: float, wait: float) -> None:
    """One per cent of handle time more."""
    rate = share * n_agents / 300.0
    short, long = (steady_state(rate, mean, n_agents, patience) for mean in (300.0, 303.0))
    assert short.p_delay <= long.p_delay + SLACK
    assert short.abandonment_ratio <= long.abandonment_ratio + SLACK
    for formula in MONOTONE:
        assert long.service_level(wait, formula) <= short.service_level(wait, formula) + SLACK, formula


@given(agents, shares, patiences, places, st.sampled_from([1 / 60, 1e-3, 1e6]), waits)
def test_unit_of_time_does_not_matter(
    n_agents: int, share: float, patience: float, room: int | None, unit: float, wait: float
) -> None:
    """Seconds, minutes, weeks: shares stay, waits scale."""
    seconds = centre(n_agents, share, patience, room)
    lines = None if room is None else n_agents + room
    scaled = steady_state(seconds.arrival_rate / unit, 300.0 * unit, n_agents, patience * unit, lines)
    assert scaled.p_delay == pytest.approx(seconds.p_delay, rel=1e-9, abs=1e-300)
    assert scaled.speed_of_answer == pytest.approx(seconds.speed_of_answer * unit, rel=1e-9, abs=1e-300)
    assert scaled.service_level(wait * unit) == pytest.approx(seconds.service_level(wait), rel=1e-9, abs=1e-12)


@given(agents, shares, patiences, places)
def test_what_comes_in_goes_out(n_agents: int, share: float, patience: float, room: int | None) -> None:
    """Answered and abandoned are all; agents are busy with the answered; Little; memoryless patience."""
    system = centre(n_agents, share, patience, room)
    answered = system.answered_within(math.inf)
    assert answered + system.abandonment_ratio == pytest.approx(1.0, abs=1e-12)
    assert system.service_level(math.inf, "positive_abandon") == pytest.approx(1.0, abs=1e-12)
    offered = system.arrival_rate * (1.0 - system.p_block)
    assert offered * answered * 300.0 == pytest.approx(n_agents * system.occupancy, rel=1e-9)
    assert system.mean_queue == pytest.approx(offered * system.mean_wait, rel=1e-12)
    assert system.abandonment_ratio == pytest.approx(system.mean_wait / patience, rel=1e-9, abs=1e-300)
    parts = answered * system.speed_of_answer
    if system.abandonment_ratio > 0.0:
        parts += system.abandonment_ratio * system.mean_wait_abandoned
    assert parts == pytest.approx(system.mean_wait, rel=1e-10, abs=1e-300)


@given(st.integers(1, 200), st.floats(0.3, 0.99))
def test_pooling_two_centres_never_hurts(n_agents: int, share: float) -> None:
    """Twice the calls for twice the agents: fewer wait."""
    rate = share * n_agents / 300.0
    apart, together = steady_state(rate, 300.0, n_agents), steady_state(2.0 * rate, 300.0, 2 * n_agents)
    assert together.p_delay <= apart.p_delay + SLACK
    assert together.mean_wait <= apart.mean_wait * (1.0 + SLACK)


@given(st.floats(0.5, 500.0), st.none() | st.floats(10.0, 1e4), st.floats(0.05, 0.99), st.sampled_from(MONOTONE))
def test_required_agents_are_enough_and_one_less_is_not(
    load: float, patience: float | None, target: float, formula: Formula
) -> None:
    """The smallest number by a search that halves is the smallest number."""
    needed = required_agents(load / 300.0, 300.0, target, 20.0, formula, patience)
    assert needed.service_level >= target * (1.0 - SLACK)
    fewer = needed.n_agents - 1
    if fewer > (load if patience is None else 0):
        assert steady_state(load / 300.0, 300.0, fewer, patience).service_level(20.0, formula) < target


@given(agents, shares, patiences, st.floats(0.01, 0.99))
def test_percentile_of_the_wait_is_where_so_many_have_waited(
    n_agents: int, share: float, patience: float, level: float
) -> None:
    """At the percentile the tail is what is left; where it is 0, enough are answered at once."""
    system = centre(n_agents, share, patience, None)
    wait = system.wait_percentile(level)
    if wait == 0.0:
        assert system.wait_above(0.0) <= 1.0 - level + SLACK
    else:
        assert system.wait_above(wait) == pytest.approx(1.0 - level, abs=1e-9)
