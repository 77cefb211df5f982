"""Customers who call until they are answered or give up, as cases: what all their calls together cost them.

The redial fluid of the specification (part 3, oracle 3): 10 problems a minute, 30 agents of 6 minutes, patience 60
minutes drawn anew at each call, four of five who hang up call again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim

REPLICATIONS = 8
LEVEL = 0.999
"""Of each interval. Seven figures are judged, so a right program fails with a probability below 0.007."""

CENTRE = """
run: {{warm_up: 120h, measure: 30h, follow_cases: {follow}, interval: 6h, replications: {n}}}
cases:
  problem:
    starts: {{per_hour: 600}}
    dials: desk
    patience: exponential mean 60m
    calls_again: {{unsolved: never, abandoned: {{share: 80%, delay: exponential mean 3h}}}}
queues: {{desk: {{handle_time: exponential mean 6m}}}}
agents: {{team: {{heads: 30, answers: [desk]}}}}
"""


def results(folder: Path, follow: str) -> callsim.Result:
    """Run the centre, its cases followed for so long."""
    path = folder / "redials.yaml"
    path.write_text(CENTRE.format(follow=follow, n=REPLICATIONS))
    return callsim.run(callsim.load(path), level=LEVEL)


def row(found: callsim.Result, name: str, **scope: str | int) -> tuple[float, float]:
    """Return (value, half width) of a figure."""
    one = next(r for r in found.rows if r.name == name and dict(r.scope) == scope)
    assert one.value is not None
    assert one.half_width is not None
    return one.value, one.half_width


@pytest.mark.slow
def test_cases_followed_to_their_end_show_the_whole_of_the_redial_fluid(tmp_path: Path) -> None:
    """Offered 30 a minute, P(abandon) 5/6, ASA 60 ln 6 = 107.5 min; a case: 3 calls, 150 min of hold, half give up.

    The fluid limit leaves out the queue's fluctuations: 0.5 % is allowed for them beside the interval.
    """
    found = results(tmp_path, "100h")
    expected = {
        "abandonment_ratio": 5 / 6,
        "speed_of_answer": 107.506 * 60,
        "mean_wait": 50.0 * 60,
        "case.calls_mean": 3.0,
        "case.hold_mean": 150.0 * 60,
        "case.share_given_up": 0.5,
    }
    scope = {name: {"cases": "problem"} if name.startswith("case.") else {} for name in expected}
    for name, value in expected.items():
        mean, half = row(found, name, **scope[name])
        assert half < 0.04 * value, (name, mean, half)
        assert abs(mean - value) <= half + 0.005 * value, (name, mean, half, value)
    offered, half = row(found, "offered")
    assert abs(offered - 30 * 60 * 30) <= half + 0.005 * 30 * 60 * 30
    assert row(found, "case.share_open", cases="problem")[0] < 1e-3


@pytest.mark.slow
def test_a_window_that_ends_hides_the_long_cases_from_the_naive_figure(tmp_path: Path) -> None:
    """Cases followed for 5 h only: finished ones show fewer calls and less hold than all (3 calls, 150 min).

    Those still open are told, and the share that is solved within a day by Aalen and Johansen's estimator, which
    counts the open ones as long as they are seen, lies below the share among the finished ones.
    """
    found = results(tmp_path, "5h")
    calls, half = row(found, "case.calls_mean", cases="problem")
    assert calls + half < 3.0
    hold, half = row(found, "case.hold_mean", cases="problem")
    assert hold + half < 150 * 60
    assert row(found, "case.share_open", cases="problem")[0] > 0.1
    solved, half = row(found, "case.solved_within", cases="problem", day=1)
    naive, other = row(found, "case.solved_within_naive", cases="problem", day=1)
    assert solved + half < naive - other
