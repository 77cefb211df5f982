"""Sides that take turns, each in a process of its own."""

from __future__ import annotations

import subprocess

import pytest

from benchmarks.measuring import Running, Sample, own_process, sample
from benchmarks.peers import TURNS, turns


def test_what_a_side_simulates_in_turns_is_what_it_simulates_at_once() -> None:
    """Two days of W3 asked for one by one: the same calls as two days in one process, and some CPU time."""
    with Running("simpy", "w3") as asked:
        asked.take(range(1, 2))
        asked.take(range(2, 3))
        found = asked.sample()
    wanted = sample("simpy", "w3", [range(1, 3)])
    assert (found.calls, found.visits, found.waited) == (wanted.calls, wanted.visits, wanted.waited)
    assert found.cpu > 0.0
    assert found.peak > 1.0


def test_what_other_programs_compare_is_one_line_of_figures() -> None:
    """Day 3 of W3 at once: what it came to is that of the same day here; rate and memory are numbers."""
    found = own_process("benchmarks.measuring", "simpy", "w3", "--replications", 1, "--first", 3)
    wanted = sample("simpy", "w3", [range(3, 4)]).summary()
    assert found.keys() == wanted.keys()
    assert (found["p_abandon"], found["mean_wait"]) == (wanted["p_abandon"], wanted["mean_wait"])
    assert Sample(2.0, 3000, 18.25, [1000, 600], [30, 2], [50.0, 30.0]).summary() == {
        "calls_per_cpu_s": 1500,
        "peak_mb": 18.2,
        "p_abandon": 0.02,
        "mean_wait": 0.05,
    }


def test_a_side_that_cannot_be_built_is_an_error_and_no_wait() -> None:
    """There is no W4: the process ends at once, and nobody waits for it."""
    with pytest.raises(subprocess.CalledProcessError), Running("callsim-simpy", "w4"):
        pass


@pytest.mark.parametrize("n", [1, 3, 5, 400])
def test_turns_share_the_replications_of_a_round_and_rounds_share_none(n: int) -> None:
    """Three rounds of n: the numbers from 1 on, each once, in order; no turn has more than one above its share."""
    found = [turns(n, round_) for round_ in range(3)]
    assert [seed for each in found for turn in each for seed in turn] == list(range(1, 3 * n + 1))
    assert max(len(turn) for each in found for turn in each) <= -(-n // TURNS)
