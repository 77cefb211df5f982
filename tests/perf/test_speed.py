"""The engine to read is about as fast as the model that a SimPy user writes first; the fast one hundreds of times."""

from __future__ import annotations

from statistics import median

import pytest

from benchmarks.peers import BASE, ratios, rounds

ROUNDS = 7
FLOORS = {
    ("callsim-simpy", "w1"): 0.9,
    ("callsim-simpy", "w3"): 0.9,
    ("callsim-compiled", "w1"): 400.0,
    ("callsim-compiled", "w3"): 200.0,
}


@pytest.mark.perf
@pytest.mark.parametrize(("side", "work"), list(FLOORS))
def test_calls_per_cpu_second_are_so_many_times_those_of_the_hand_written_model(side: str, work: str) -> None:
    """The median of seven pairwise ratios, measured in turn, everything that a user gets included."""
    found = ratios(rounds(work, [BASE, side], ROUNDS), side)
    assert median(found) >= FLOORS[side, work], found
