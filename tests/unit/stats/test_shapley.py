"""What players are worth to games that can be worked out by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from callsim.stats import every_set, exact_worth, sampled_orders, sampled_worth, sets_of

Float = npt.NDArray[np.float64]
ROUNDING = 4 * 2.0**-52
"""Times the number of players and the largest value: how far Shapley values may be from adding up."""


def game(players: int, value: Callable[[tuple[int, ...]], float]) -> Float:
    """Return the values of all sets in one replication, from a function of the players in a set."""
    members = [tuple(i for i in range(players) if number >> i & 1) for number in every_set(players)]
    return np.array([[value(each) for each in members]], np.float64)


def by_definition(values: Float, players: int) -> Float:
    """Return the Shapley values of one replication as the mean over all orders."""
    found = np.zeros(players)
    for order in itertools.permutations(range(players)):
        number = 0
        for player in order:
            found[player] += values[0, number | 1 << player] - values[0, number]
            number |= 1 << player
    return found / math.factorial(players)


def test_glove_that_nobody_else_has_is_worth_most() -> None:
    """One left glove, two right ones, a pair is worth 1: the left one is worth 2/3, the right ones 1/6 each."""
    worth = exact_worth(game(3, lambda who: float(0 in who and len(who) > 1)))
    assert worth.shapley[0] == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-15)
    assert worth.alone[0].tolist() == [0, 0, 0]
    assert worth.last_in[0].tolist() == [1, 0, 0]
    assert worth.total.tolist() == [1]
    assert worth.interaction.tolist() == [1]


def test_additive_game_is_worth_the_same_three_times() -> None:
    """Where nobody needs or replaces anybody, alone, last in and Shapley agree and nothing interacts."""
    each = (3.0, -1.0, 8.0, 0.5)
    worth = exact_worth(game(4, lambda who: 7.0 + sum(each[i] for i in who)))
    for found in (worth.alone, worth.last_in, worth.shapley):
        assert found[0] == pytest.approx(each, abs=1e-14)
    assert worth.interaction[0] == pytest.approx(0, abs=1e-14)


def test_players_who_do_the_same_are_worth_the_same() -> None:
    """A majority of three of five wins: a fifth each."""
    worth = exact_worth(game(5, lambda who: float(len(who) >= 3)))
    assert worth.shapley[0] == pytest.approx([0.2] * 5, abs=1e-15)


def test_player_who_changes_nothing_is_worth_nothing() -> None:
    """Exactly nothing: differences of equal numbers are zero, whatever the weights."""
    worth = exact_worth(game(4, lambda who: float(sum(2**i for i in who if i != 2)) ** 1.5))
    assert worth.shapley[0, 2] == worth.alone[0, 2] == worth.last_in[0, 2] == 0.0


def test_single_player_is_worth_the_total() -> None:
    """Alone, last in and on the mean."""
    worth = exact_worth(np.array([[2.0, 5.0], [1.0, 0.5]]))
    assert worth.alone.tolist() == worth.last_in.tolist() == worth.shapley.tolist() == [[3.0], [-0.5]]


@pytest.mark.parametrize("players", [2, 3, 5, 6])
def test_weights_of_sets_are_those_of_orders(players: int) -> None:
    """The sum over sets is the mean over all k! orders."""
    values = np.random.default_rng(players).normal(size=(1, 1 << players))
    assert exact_worth(values).shapley[0] == pytest.approx(by_definition(values, players), abs=1e-13)


@pytest.mark.parametrize("players", range(1, 9))
def test_shapley_values_add_up_to_the_total(players: int) -> None:
    """In every replication, but for rounding: 4 k 2^-52 of the largest value."""
    values = np.random.default_rng(100 + players).normal(1e4, 300.0, (50, 1 << players))
    worth = exact_worth(values)
    off = np.abs(worth.shapley.sum(axis=1) - worth.total)
    assert (off <= ROUNDING * players * np.abs(values).max(axis=1)).all()


def test_number_of_sets_must_be_a_power_of_two() -> None:
    """Anything else is no game."""
    for n in (0, 1, 3, 6):
        with pytest.raises(
            ValueError, match=rf"^{n} sets: a game of k players has 2\^k of them, and at least one player$"
        ):
            exact_worth(np.zeros((2, n)))


def test_orders_come_in_pairs_and_hang_on_the_seed() -> None:
    """Each is followed by its reverse; all players are in it once; another seed gives others."""
    orders = sampled_orders(10, 8, seed=3)
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert all(second == first[::-1] for first, second in zip(orders[::2], orders[1::2], strict=True))
    assert orders == sampled_orders(10, 8, seed=3) != sampled_orders(10, 8, seed=4)
    assert orders[0] == (1, 5, 7, 6, 0, 3, 8, 9, 4, 2)


@pytest.mark.parametrize("n", [0, 2, 5])
def test_orders_that_are_too_few_or_odd_are_refused(n: int) -> None:
    """Two pairs at the least, or there is no error to be had."""
    with pytest.raises(ValueError, match=rf"^{n} orders: they are drawn in pairs, and at least 4$"):
        sampled_orders(9, n, seed=1)


def test_sets_of_orders_hold_what_alone_and_last_in_need() -> None:
    """The empty set first, everybody last, each set once."""
    sets = sets_of(((0, 1, 2, 3), (3, 2, 1, 0)))
    assert sets == (0, 1, 2, 4, 8, 3, 12, 7, 11, 13, 14, 15)


def test_all_orders_as_a_sample_give_the_exact_values() -> None:
    """With every order of four players in it, the sample is the whole."""
    values = np.random.default_rng(7).normal(size=(3, 16))
    pairs = [(order, order[::-1]) for order in itertools.permutations(range(4)) if order[0] < order[-1]]
    orders = tuple(order for pair in pairs for order in pair)
    sampled, exact = sampled_worth(values, every_set(4), orders), exact_worth(values)
    assert sampled.shapley == pytest.approx(exact.shapley, abs=1e-14)
    assert (sampled.alone == exact.alone).all()
    assert (sampled.last_in == exact.last_in).all()
    assert (sampled.total == exact.total).all()


def test_sampled_values_add_up_whatever_the_sample() -> None:
    """What one order gives telescopes to the total."""
    orders = sampled_orders(9, 6, seed=1)
    sets = sets_of(orders)
    values = np.random.default_rng(8).normal(50.0, 9.0, (20, len(sets)))
    worth = sampled_worth(values, sets, orders)
    off = np.abs(worth.shapley.sum(axis=1) - worth.total)
    assert (off <= ROUNDING * 9 * np.abs(values).max(axis=1)).all()


def test_an_order_and_its_reverse_are_exact_where_players_interact_in_pairs() -> None:
    """The square of a sum of weights: a player is worth his weight times all, in every pair of orders; no error."""
    weight = np.arange(1.0, 11.0)
    orders = sampled_orders(10, 4, seed=2)
    sets = sets_of(orders)
    values = np.array([[sum(weight[i] for i in range(10) if number >> i & 1) ** 2 for number in sets]])
    worth = sampled_worth(values, sets, orders)
    assert worth.shapley[0] == pytest.approx(weight * weight.sum(), rel=1e-14)
    assert worth.sampling_error is not None
    assert worth.sampling_error == pytest.approx(np.zeros(10), abs=1e-9)


def test_interval_holds_both_errors() -> None:
    """Half widths of replications and of sampled orders add as the sides of a right angle."""
    orders = sampled_orders(9, 8, seed=1)
    sets = sets_of(orders)
    values = np.random.default_rng(9).normal(size=(6, len(sets)))
    worth = sampled_worth(values, sets, orders)
    only_replications = exact_worth(np.stack([np.zeros(6), worth.shapley[:, 0]], axis=1)).estimate(0)
    sampling = worth.sampling_half_width(0, 0.95)
    both = worth.estimate(0)
    assert (sampling or 0) > 0
    assert both.value == pytest.approx(only_replications.value)
    assert both.half_width == pytest.approx(math.hypot(only_replications.half_width or 0, sampling or 0))


def test_one_replication_has_values_and_no_interval() -> None:
    """And says why."""
    found = exact_worth(np.array([[0.0, 1.0, 2.0, 4.0]])).estimate(1)
    assert (found.value, found.half_width, found.reason) == (2.5, None, "one replication gives no interval")
