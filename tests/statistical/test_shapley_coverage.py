"""Shapley values estimated from replications and from sampled orders: right on average, and covered by their intervals.

As in test_interval_coverage.py, 2,000 experiments with a fixed seed and four standard errors (z = 4): a correct
program fails one such count with probability 6e-5 at the choice of the seed. Here are three two-sided counts and one
that is one-sided (3e-5), and 10 means at z = 4.5 (7e-6 each): in all 3e-4.
"""

from __future__ import annotations

import numpy as np
import pytest

from callsim.stats import Worth, every_set, exact_worth, sampled_orders, sampled_worth, sets_of

EXPERIMENTS = 2000
LOW, HIGH = 0.9305, 0.9695
WEIGHT = np.linspace(0.5, 1.5, 10)


def noisy_game(random: np.random.Generator) -> Worth:
    """Return a game of three players in ten replications: pairs interact, days differ, each set has noise of its own.

    Means: alone 4, 1 and -1; players 0 and 1 do 2 of the same work, 1 and 2 gain 3 together. The Shapley values are
    4 - 1 = 3, 1 - 1 + 1.5 = 1.5 and -1 + 1.5 = 0.5.
    """
    members = np.array([[number >> i & 1 for i in range(3)] for number in every_set(3)], np.float64)
    effects = random.normal((4.0, 1.0, -1.0), 0.8, (10, 3))
    together = random.normal((-2.0, 3.0), 0.5, (10, 2))
    values = 20.0 + effects @ members.T
    values += together[:, :1] * (members[:, 0] * members[:, 1]) + together[:, 1:] * (members[:, 1] * members[:, 2])
    return exact_worth(values + random.normal(0.0, 3.0, (10, 1)) + random.normal(0.0, 0.4, (10, 8)))


@pytest.mark.parametrize(("player", "truth"), [(0, 3.0), (1, 1.5), (2, 0.5)])
def test_interval_of_a_shapley_value_covers_at_its_level(player: int, truth: float) -> None:
    """Ten normal replications: exactly Student's case, and what differs from day to day alike drops out."""
    random = np.random.default_rng(40_001 + player)
    found = [noisy_game(random).estimate(player) for _ in range(EXPERIMENTS)]
    covered = sum(abs((each.value or 0) - truth) <= (each.half_width or 0) for each in found) / EXPERIMENTS
    assert LOW <= covered <= HIGH


def cube_truth() -> np.ndarray:
    """Return the Shapley values of the cube of a sum of weights.

    A player of weight w who finds B before him adds 3 w B^2 + 3 w^2 B + w^3. Another one stands before him with
    probability 1/2, two others both with 1/3: E[B] = s/2, E[B^2] = q/2 + (s^2 - q)/3 with s and q the others' sum
    of weights and of their squares.
    """
    s, q = WEIGHT.sum() - WEIGHT, (WEIGHT**2).sum() - WEIGHT**2
    return 3 * WEIGHT * (q / 2 + (s**2 - q) / 3) + 3 * WEIGHT**2 * s / 2 + WEIGHT**3


def cube(n_orders: int, seed: int, random: np.random.Generator | None = None, noise: float = 0.0) -> Worth:
    """Return the worth of ten players in the cube of their weights' sum, from sampled orders.

    With noise: eight replications, in which each player's own effect varies.
    """
    orders = sampled_orders(10, n_orders, seed)
    sets = sets_of(orders)
    members = np.array([[number >> i & 1 for i in range(10)] for number in sets], np.float64)
    values = (members @ WEIGHT)[np.newaxis, :] ** 3
    if random is not None:
        values = values + random.normal(0.0, noise, (8, 10)) @ members.T
    return sampled_worth(values, sets, orders)


def test_closed_form_of_the_cube_adds_up() -> None:
    """The reference itself: what the players are worth is all."""
    assert cube_truth().sum() == pytest.approx(WEIGHT.sum() ** 3)


def test_sampled_orders_are_right_on_average() -> None:
    """400 samples of eight orders: each player's mean is within 4.5 standard errors of the closed form."""
    found = np.array([cube(8, seed).shapley[0] for seed in range(400)])
    z = (found.mean(axis=0) - cube_truth()) / (found.std(axis=0, ddof=1) / np.sqrt(len(found)))
    assert np.abs(z).max() < 4.5


@pytest.mark.slow
def test_interval_of_sampled_orders_covers() -> None:
    """32 pairs of orders and eight replications; the two errors are added as if both were there in full.

    The spread of pairs is not quite normal, and errors of replications enter both parts a little, so that the
    coverage may lie above the level: only too little of it would be wrong.
    """
    random = np.random.default_rng(40_010)
    truth = cube_truth()[4]
    found = [cube(64, seed, random, noise=4.0).estimate(4) for seed in range(EXPERIMENTS)]
    covered = sum(abs((each.value or 0) - truth) <= (each.half_width or 0) for each in found) / EXPERIMENTS
    assert covered >= LOW
