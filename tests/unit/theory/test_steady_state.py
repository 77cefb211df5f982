"""The result of a queue: each formula of the service level on one hand-computed centre."""

from __future__ import annotations

import math

import pytest

from callsim.theory import ExponentialPatience, SteadyState, erlang_c, steady_state

E1, E2 = math.exp(-1.0), math.exp(-2.0)


@pytest.fixture(scope="module")
def loss_of_patience() -> SteadyState:
    """Return one agent, calls, handle time and patience all of mean 1, and room for one to wait.

    States 0, 1, 2 weigh 1, 1, 1/2: of the calls 2/5 are answered at once, 2/5 wait, 1/5 are blocked. Who waits leaves
    at rate 1 for the agent and at rate 1 for good: half each, after exponential(2) waits.
    """
    return steady_state(1.0, 1.0, 1, patience=1.0, trunk_lines=2)


def test_figures_by_hand(loss_of_patience: SteadyState) -> None:
    """Shares of offered calls, of which there are 4/5 a second."""
    system = loss_of_patience
    assert system.p_block == pytest.approx(0.2, rel=1e-14)
    assert system.p_delay == pytest.approx(0.5, rel=1e-14)
    assert system.abandonment_ratio == pytest.approx(0.25, rel=1e-14)
    assert system.mean_wait == pytest.approx(0.25, rel=1e-14)
    assert system.speed_of_answer == pytest.approx(0.125 / 0.75, rel=1e-14)
    assert system.speed_of_answer_variance == pytest.approx(0.125 / 0.75 - (0.125 / 0.75) ** 2, rel=1e-13)
    assert system.mean_wait_abandoned == pytest.approx(0.5, rel=1e-14)
    assert system.mean_offered_wait == pytest.approx(0.5, rel=1e-14)
    assert system.occupancy == pytest.approx(0.6, rel=1e-14)
    assert system.mean_queue == pytest.approx(0.2, rel=1e-14)
    assert system.mean_in_system == pytest.approx(0.8, rel=1e-14)


def test_service_levels_by_hand(loss_of_patience: SteadyState) -> None:
    """Within 1: answered 1/2 + (1 - e^-2) / 4, abandoned (1 - e^-2) / 4, of offered calls."""
    system = loss_of_patience
    quarter = 0.25 * (1.0 - E2)
    short = 0.25 * (1.0 - E1)
    assert system.service_level(1.0, "negative_abandon") == pytest.approx(0.5 + quarter, rel=1e-14)
    assert system.service_level(1.0, "answered_only") == pytest.approx((0.5 + quarter) / 0.75, rel=1e-14)
    assert system.service_level(1.0, "positive_abandon") == pytest.approx(0.5 + 2.0 * quarter, rel=1e-14)
    assert system.service_level(1.0, "ignore_short_abandon") == pytest.approx(
        (0.5 + quarter) / (1.0 - quarter), rel=1e-14
    )
    assert system.service_level(1.0, "exclude_short_abandon", short=0.5) == pytest.approx(
        (0.5 + quarter) / (1.0 - short), rel=1e-14
    )
    assert system.service_level(1.0, "offered_incl_blocked") == pytest.approx(0.8 * (0.5 + quarter), rel=1e-14)


def test_waits_by_hand(loss_of_patience: SteadyState) -> None:
    """Waits are exponential(2) for half of the calls, and zero for the others."""
    system = loss_of_patience
    assert system.wait_above(1.0) == pytest.approx(0.5 * E2, rel=1e-13)
    assert system.answered_later(1.0) == pytest.approx(0.25 * E2 / 0.75, rel=1e-13)
    assert system.wait_percentile(0.75) == pytest.approx(0.5 * math.log(2.0), rel=1e-12)
    assert system.wait_percentile(0.5) == 0.0
    assert system.service_level(0.0) == pytest.approx(0.5, rel=1e-14)
    assert system.service_level(math.inf) == pytest.approx(0.75, rel=1e-14)


def test_nobody_hangs_up_so_there_is_no_wait_of_the_abandoned() -> None:
    """The mean of nobody is nan, and nothing else is."""
    system = erlang_c(1.0, 1.0, 2)
    assert math.isnan(system.mean_wait_abandoned)
    assert system.abandonment_ratio == 0.0
    assert system.abandoned_within(100.0) == 0.0


def test_a_law_and_its_mean_are_the_same_question() -> None:
    """A plain number is an exponential patience; results compare by their figures."""
    assert steady_state(1.0, 1.0, 2, 3.0) == steady_state(1.0, 1.0, 2, ExponentialPatience(3.0))


def test_two_agents_on_three_lines_without_patience() -> None:
    """M/M/2/3 at load 2: states weigh 1, 2, 2, 2, so that 2/7 of the calls are blocked."""
    system = steady_state(2.0, 1.0, 2, trunk_lines=3)
    assert system.p_block == pytest.approx(2 / 7, rel=1e-14)
    assert system.p_delay == pytest.approx(2 / 5, rel=1e-14)
    assert system.mean_wait == pytest.approx(0.2, rel=1e-14)
    assert system.occupancy == pytest.approx(5 / 7, rel=1e-14)
