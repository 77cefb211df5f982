"""The hand-written models agree with each other, call for call, where they draw in the same order."""

from __future__ import annotations

import pytest

from benchmarks.models import idiomatic_simpy, lean_simpy


@pytest.mark.slow
def test_two_ways_to_write_the_second_work_item_give_the_same_waits() -> None:
    """In W2 both draw gaps and talk times in the order of events, so that every wait is the same."""
    first, second = idiomatic_simpy.MODELS["w2"](1), lean_simpy.MODELS["w2"](1)
    assert (first.simulated, first.visits, first.abandoned) == (second.simulated, second.visits, second.abandoned)
    assert first.waited == pytest.approx(second.waited, rel=1e-12)
    assert first.waited > 0
