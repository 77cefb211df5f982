"""Required agents, heads and lines: the search meets its own definition."""

from __future__ import annotations

import pytest

from callsim.theory import required_agents, required_lines, scheduled_heads, steady_state


@pytest.mark.parametrize(
    ("n_agents", "shrinkage", "heads"),
    [
        (14, 0.3, 20),
        (21, 0.3, 30),
        (9, 0.1, 10),
        (10, 0.0, 10),
        (1, 0.3, 2),
        (100_000, 0.35, 153_847),
        (7, 0.999, 7000),
    ],
)
def test_heads_are_agents_over_one_minus_shrinkage_rounded_up(n_agents: int, shrinkage: float, heads: int) -> None:
    """Not times (1 + shrinkage); and a rounding error hires nobody: 21 / 0.7 is 30."""
    assert scheduled_heads(n_agents, shrinkage) == heads


def test_occupancy_cap_can_decide() -> None:
    """A level that 12 agents meet takes 14 if nobody may be busy more than 72 % of the time."""
    loose = required_agents(100 / 1800, 180.0, 0.6, 20.0)
    tight = required_agents(100 / 1800, 180.0, 0.6, 20.0, max_occupancy=0.72)
    assert (loose.n_agents, tight.n_agents) == (12, 14)
    assert tight.state.occupancy <= 0.72 < steady_state(100 / 1800, 180.0, 13).occupancy


def test_target_met_exactly_is_met() -> None:
    """7 erlangs on 10 agents are 70 %, also after rounding."""
    assert required_agents(7.0 / 180.0, 180.0, 0.01, 20.0, max_occupancy=0.7).n_agents == 10


def test_formula_decides_how_many() -> None:
    """With a patience of a minute the formulas ask for different staff."""
    needed = {
        formula: required_agents(100 / 1800, 180.0, 0.8, 20.0, formula, 60.0).n_agents
        for formula in ("negative_abandon", "ignore_short_abandon", "positive_abandon", "answered_only")
    }
    for formula, n_agents in needed.items():
        levels = [steady_state(100 / 1800, 180.0, n, 60.0).service_level(20.0, formula) for n in range(1, 20)]  # type: ignore[arg-type]
        assert n_agents == 1 + next(index for index, level in enumerate(levels) if level >= 0.8)
    assert needed["negative_abandon"] > needed["answered_only"]


def test_shrinkage_is_applied_to_the_result() -> None:
    """Agents on the phone and heads on the payroll are both told."""
    needed = required_agents(100 / 1800, 180.0, 0.8, 20.0, shrinkage=0.3)
    assert (needed.n_agents, needed.scheduled_heads) == (14, 20)
    assert needed.service_level == needed.state.service_level(20.0)


def test_lines_can_stand_in_for_patience() -> None:
    """With lines to hold the queue there is a steady state for every number of agents."""
    needed = required_agents(10.0, 1.0, 0.5, 0.1, trunk_lines=20)
    levels = [steady_state(10.0, 1.0, n, trunk_lines=20).service_level(0.1) for n in range(1, 21)]
    assert needed.n_agents == 1 + next(index for index, level in enumerate(levels) if level >= 0.5)


def test_occupancy_cap_beyond_the_lines_is_met_by_idle_agents() -> None:
    """Agents without a line answer nobody, but they lower the occupancy."""
    needed = required_agents(10.0, 1.0, 0.5, 0.1, trunk_lines=8, max_occupancy=0.5)
    assert needed.n_agents == 14
    assert needed.state.occupancy == pytest.approx(10.0 * (1.0 - needed.state.p_block) / 14, rel=1e-12)


def test_large_centres_take_the_square_root_rule() -> None:
    """At 100,000 erlangs the agents above the load number less than a square root."""
    needed = required_agents(100_000 / 300, 300.0, 0.8, 20.0)
    assert 0 < needed.n_agents - 100_000 < 316


def test_lines_for_any_blocking() -> None:
    """One line blocks half of one erlang."""
    assert [required_lines(1.0, share) for share in (1.0, 0.5, 0.49, 0.2)] == [1, 1, 2, 2]
