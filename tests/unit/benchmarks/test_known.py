"""The values that benchmarks are held against, and when a measurement agrees with them."""

from __future__ import annotations

import math

import pytest

from benchmarks.known import FALSE_ALARM, KNOWN, Value, agreement, stationary
from benchmarks.models.definitions import OneQueue


def test_one_server_without_patience_waits_as_the_textbook_says() -> None:
    """M/M/1 with load 0.8 and talks of 2 minutes: the mean wait is 0.8 / 0.2 times 2 minutes."""
    known = stationary(OneQueue(calls_per_minute=0.4, handle_time=2.0, patience=math.inf, agents=1))
    assert known.mean_wait.value == pytest.approx(8.0, rel=1e-9)
    assert known.abandonment.value == 0.0


def test_patience_like_talk_time_makes_an_infinite_server() -> None:
    """With patience and talk of the same mean the number present is Poisson; who waits is counted from there."""
    known = stationary(OneQueue(calls_per_minute=3.0, handle_time=1.0, patience=1.0, agents=2))
    present = [math.exp(-3.0) * 3.0**n / math.factorial(n) for n in range(60)]
    waiting = sum(max(0, n - 2) * share for n, share in enumerate(present))
    assert known.mean_wait.value == pytest.approx(waiting / 3.0, rel=1e-9)
    assert known.abandonment.value == pytest.approx(waiting / 3.0, rel=1e-9)


def test_work_items_have_the_values_that_the_documentation_states() -> None:
    """W1 0.060369 and 0.603694 min, W2 0.506457 min: six digits."""
    assert KNOWN["w1"].abandonment.value == pytest.approx(0.060369, abs=5e-7)
    assert KNOWN["w1"].mean_wait.value == pytest.approx(0.603694, abs=5e-7)
    assert KNOWN["w2"].mean_wait.value == pytest.approx(0.506457, abs=5e-7)


def test_a_measurement_agrees_within_students_limit_of_the_errors_between_replications() -> None:
    """Shares 0.1, 0.2, 0.3 of 10 calls each: 0.2 with standard error 0.1 / sqrt(3); two degrees of freedom."""
    found = agreement([1.0, 2.0, 3.0], [10, 10, 10], Value(0.2))
    assert found.got.value == pytest.approx(0.2)
    assert found.got.error == pytest.approx(0.1 / math.sqrt(3.0))
    assert found.limit == pytest.approx(99.9925, abs=0.01)  # t = (1 - a) sqrt(2 / (a (2 - a))) for a = FALSE_ALARM
    assert FALSE_ALARM == 1e-4
    assert found.holds


def test_a_measurement_far_off_does_not_agree() -> None:
    """A hundred replications that scatter by one part in a thousand around 0.21 do not come from 0.2."""
    counts = [2098.0, 2102.0] * 50
    assert not agreement(counts, [10_000] * 100, Value(0.2)).holds
    assert agreement(counts, [10_000] * 100, Value(0.2, 0.01)).holds, "an uncertain known value widens the limit"


def test_exact_values_are_met_exactly_or_not_at_all() -> None:
    """Nobody hangs up in W2: not one caller may."""
    assert agreement([0.0, 0.0], [10, 10], Value(0.0)).holds
    assert not agreement([1.0, 1.0], [10, 10], Value(0.0)).holds
