"""Priorities against the reference means and a chain of the work ahead of a tagged caller."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from callsim.theory import erlang_c, priority_classes


@pytest.mark.reference("priority.yaml", starts="MMc-")
def test_reference_means_are_met_and_the_tails_of_the_first_class(reference_case: dict[str, Any]) -> None:
    """The tails of the lower class are left out: README.md of this folder says why."""
    given, expected = reference_case["parameters"], reference_case["values"]
    classes = priority_classes(list(given["arrival_rates"].values()), 1.0 / given["service_rate"], given["agents"])
    for name, figures in zip(given["arrival_rates"], classes, strict=True):
        values = expected[name]
        assert figures.p_delay == pytest.approx(values["p_delay"], rel=3e-11)
        assert figures.mean_wait == pytest.approx(values["mean_wait_s"], rel=3e-11)
        assert figures.mean_queue == pytest.approx(values["mean_queue"], rel=3e-11)
        for key, value in values.items():
            if key.startswith("sl_") and name == "high":
                assert figures.service_level(float(key[3:].rstrip("s"))) == pytest.approx(value, rel=3e-11), key


def _tail_by_chain(capacity: float, above: float, share: float, wait: float) -> float:
    """Return P(W > wait) of a delayed caller: calls ahead of him, more of them come at rate ``above``.

    He finds a geometric number ahead, the one in service counted; the chain is cut at 220.
    """
    size, rate = 220, capacity + above
    chance = np.zeros(size + 1)
    chance[1:] = (1.0 - share) * share ** np.arange(size)
    tail, weight = 0.0, math.exp(-rate * wait)
    for jump in range(1, 400):  # uniformised: a Poisson number of jumps, down or up
        tail += weight * float(chance[1:].sum())
        down, up = chance[1:] * capacity / rate, chance[1:] * above / rate
        chance = np.concatenate(([0.0, 0.0], up[:-1])) + np.concatenate((down, [0.0]))
        weight *= rate * wait / jump
    return tail


@pytest.mark.parametrize(
    ("rates", "handle_time", "n_agents"),
    [
        ([0.2, 0.6], 1.0, 1),
        ([0.6, 0.2], 1.0, 1),  # the square of the load is above the first class's: a pole joins the cut
        ([100 / 9000, 400 / 9000], 180.0, 14),
        ([0.005, 0.01], 200.0, 5),
        ([0.3, 0.2, 0.35], 1.0, 1),
    ],
)
def test_laws_of_all_classes_against_the_work_ahead_of_a_caller(
    rates: list[float], handle_time: float, n_agents: int
) -> None:
    """The inversion of the transform is good to 1e-11 from a hundredth of a handle time to ten of them."""
    capacity = n_agents / handle_time
    for index, figures in enumerate(priority_classes(rates, handle_time, n_agents)):
        above, share = sum(rates[:index]), sum(rates[: index + 1]) / capacity
        for wait in (0.01 * handle_time, 20 / 180 * handle_time, handle_time / n_agents, 10.0 / capacity):
            tail = figures.p_delay * _tail_by_chain(capacity, above, share, wait)
            assert figures.service_level(wait) == pytest.approx(1.0 - tail, abs=1e-11)


def test_priority_moves_waits_and_makes_none() -> None:
    """Kleinrock's conservation law: the mean over all callers is that of one queue."""
    rates = [0.02, 0.015, 0.01, 0.02]
    classes = priority_classes(rates, 180.0, 14)
    mean = sum(rate * figures.mean_wait for rate, figures in zip(rates, classes, strict=True)) / sum(rates)
    assert mean == pytest.approx(erlang_c(sum(rates), 180.0, 14).mean_wait, rel=1e-12)
    waits = [figures.mean_wait for figures in classes]
    assert waits == sorted(waits)


def test_one_class_alone_is_erlang_c() -> None:
    """Without others there is nothing to go before."""
    (alone,) = priority_classes([100 / 1800], 180.0, 14)
    centre = erlang_c(100 / 1800, 180.0, 14)
    assert alone.mean_wait == pytest.approx(centre.mean_wait, rel=1e-13)
    assert alone.service_level(20.0) == pytest.approx(centre.service_level(20.0), rel=1e-13)
    assert alone.service_level(0.0) == pytest.approx(1.0 - centre.p_delay, rel=1e-13)
