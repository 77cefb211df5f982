"""The engine is written to be read, and still about as fast as the model that a SimPy user writes first."""

from __future__ import annotations

import statistics

import pytest

from benchmarks.simpy_engine import KNOWN, in_a_process_of_its_own

FLOOR = 0.9
ROUNDS = 7


@pytest.mark.perf
@pytest.mark.parametrize("work", ["w1", "w3"])
def test_engine_with_log_and_measures_is_nearly_as_fast_as_the_hand_written_model(work: str) -> None:
    """The median of seven pairwise ratios of calls per CPU second, measured in turn, is at least 0.9."""
    ratios = []
    for turn in range(ROUNDS):
        hand, ours = (
            in_a_process_of_its_own(side, work, 1 + turn * 10, KNOWN[work].replications) for side in ("hand", "callsim")
        )
        ratios.append(ours.rate / hand.rate)
    assert statistics.median(ratios) >= FLOOR, ratios
