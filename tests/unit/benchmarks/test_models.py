"""The hand-written models agree with each other, call for call, where they draw in the same order."""

from __future__ import annotations

import pytest

from benchmarks.models import idiomatic_simpy, lean_simpy, simpy_with_figures
from benchmarks.models.definitions import W3
from benchmarks.models.simpy_with_figures import Calls, Figures, simulate


@pytest.mark.slow
def test_two_ways_to_write_the_second_work_item_give_the_same_waits() -> None:
    """In W2 both draw gaps and talk times in the order of events, so that every wait is the same."""
    first, second = idiomatic_simpy.MODELS["w2"](1), lean_simpy.MODELS["w2"](1)
    assert (first.simulated, first.visits, first.abandoned) == (second.simulated, second.visits, second.abandoned)
    assert first.waited == pytest.approx(second.waited, rel=1e-12)
    assert first.waited > 0


def test_counting_figures_by_interval_changes_no_call() -> None:
    """Day 1 of W3 is the same with two sums and with figures by interval: both draw in the order of events."""
    first, second = idiomatic_simpy.MODELS["w3"](1), simpy_with_figures.MODELS["w3"](1)
    assert (first.simulated, first.visits, first.abandoned) == (second.simulated, second.visits, second.abandoned)
    assert first.waited == pytest.approx(second.waited, rel=1e-12)
    assert 0 < second.within < second.visits - second.abandoned


def test_figures_by_interval_add_up() -> None:
    """Of one day: visits end in one way, each has a wait, and a team works no longer than its agents are there."""
    day = simulate(W3, 2)
    for calls in day.calls.values():
        assert calls.answered + calls.abandoned == calls.offered == len(calls.waits)
        assert calls.within <= calls.answered
    assert {kind for kind, _ in day.calls} == {0, 1, 2}
    most = max(map(max, zip(*W3.heads, strict=True)))
    assert all(0 < minutes <= most * W3.slot for minutes in day.at_work.values())


def test_work_and_waits_count_in_the_intervals_in_which_they_fall() -> None:
    """By hand, intervals of 30 minutes: work from 29 to 91 is 1, 30, 30 and 1 minutes."""
    figures = Figures(30.0)
    figures.work(2, 29.0, 91.0)
    figures.work(2, 30.0, 60.0)
    assert dict(figures.at_work) == {(2, 0): 1.0, (2, 1): 60.0, (2, 2): 30.0, (2, 3): 1.0}
    figures.count(0, 59.75, 60.0, answered=True)
    figures.count(0, 30.0, 31.0, answered=True)
    figures.count(0, 31.0, 33.0, answered=False)
    assert dict(figures.calls) == {(0, 1): Calls(3, 2, 1, 1, [0.25, 1.0, 2.0])}
