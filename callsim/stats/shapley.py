"""What each of several players is worth to a game, replication by replication: alone, last in, and by Shapley.

A game gives every set S of its k players a value v(S), here one for each replication. Player i is worth ::

    alone      v({i}) - v({})
    last in    v(N) - v(N without i)
    Shapley    sum over S without i of |S|! (k - 1 - |S|)! / k! * (v(S with i) - v(S))            [1]_

The Shapley value is the mean of what i adds when the players come in one by one, over all orders; over the players it
adds up to v(N) - v({}). Where 2^k values are too many, orders are sampled, each with its reverse [2]_: what one order
gives adds up as well, so that the sum stays exact, and only its division among the players is estimated.

A set is a whole number: bit i says whether player i is in it.

References
----------
.. [1] L. S. Shapley, "A value for n-person games", in Contributions to the Theory of Games II, Princeton, 1953.
.. [2] R. Mitchell, J. Cooper, E. Frank and G. Holmes, "Sampling permutations for Shapley value estimation", Journal of
   Machine Learning Research 23(43), 2022, section 4: antithetic sampling.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.stats.estimate import Estimate
from callsim.stats.replications import mean
from callsim.stats.student import student_quantile

__all__ = ["FEWEST_ORDERS", "Worth", "every_set", "exact_worth", "sampled_orders", "sampled_worth", "sets_of"]

Float = npt.NDArray[np.float64]
Orders = tuple[tuple[int, ...], ...]

FEWEST_ORDERS = 4
"""Two pairs of orders: with fewer nobody knows how far the sample may be off."""


@dataclass(frozen=True)
class Worth:
    """What the players of a game are worth in each replication."""

    alone: Float
    """[replication, player]"""
    last_in: Float
    """[replication, player]"""
    shapley: Float
    """[replication, player]"""
    total: Float
    """[replication] v(N) - v({})."""
    sampling_error: Float | None = None
    """[player] Standard error of the mean Shapley value that comes from sampling orders; None: all orders count."""
    pairs: int = 0
    """Pairs of orders that were sampled; 0: all orders count."""

    @property
    def interaction(self) -> Float:
        """[replication] What is left of the total when what each is worth alone is taken away."""
        left: Float = self.total - self.alone.sum(axis=1)
        return left

    def sampling_half_width(self, player: int, level: float) -> float | None:
        """Return the half width of a player's mean Shapley value that is due to sampled orders, None: there is none."""
        if self.sampling_error is None:
            return None
        return student_quantile(self.pairs - 1, level) * float(self.sampling_error[player])

    def estimate(self, player: int, level: float = 0.95) -> Estimate:
        """Return a player's mean Shapley value over replications.

        Parameters
        ----------
        player : int
        level : float, optional

        Returns
        -------
        Estimate
            With Student's interval over replications. The half width of sampled orders is added to it as independent
            errors are: the root of the sum of squares.
        """
        found = mean(self.shapley[:, player], level)
        sampled = self.sampling_half_width(player, level)
        if sampled is None or found.half_width is None:
            return found
        return Estimate(
            found.value, math.hypot(found.half_width, sampled), level, found.n, found.reason, found.skewness
        )


def every_set(players: int) -> tuple[int, ...]:
    """Return all sets of so many players, smaller numbers first: set s stands at place s.

    Examples
    --------
    >>> every_set(2)
    (0, 1, 2, 3)
    """
    return tuple(range(1 << players))


def exact_worth(values: Float) -> Worth:
    """Return what each player is worth, from the values of all sets.

    Parameters
    ----------
    values : float64[replication, set]
        In the order of `every_set`.

    Returns
    -------
    Worth
        The Shapley values of a replication add up to its total but for rounding: within 4 * k * 2^-52 times the
        largest absolute value of the replication.

    Raises
    ------
    ValueError
        If the number of sets is not 2^k with k of at least 1.

    Examples
    --------
    Two gloves make a pair: player 0 has a left one, 1 and 2 a right one each.

    >>> pairs = np.array([[0, 0, 0, 1, 0, 1, 0, 1]], dtype=float)
    >>> exact_worth(pairs).shapley.round(4).tolist()
    [[0.6667, 0.1667, 0.1667]]
    """
    n_sets = values.shape[1]
    players = n_sets.bit_length() - 1
    if players < 1 or n_sets != 1 << players:
        raise ValueError(f"{n_sets} sets: a game of k players has 2^k of them, and at least one player")
    sets = np.arange(n_sets)
    sizes = np.array([number.bit_count() for number in range(n_sets)])
    weights = np.array([1.0 / (players * math.comb(players - 1, size)) for size in range(players)])
    shapley = np.empty((len(values), players))
    for player in range(players):
        without = sets[(sets >> player) & 1 == 0]
        added = values[:, without | 1 << player] - values[:, without]
        # The same order of addition on every machine: a product of matrices has none that is promised.
        shapley[:, player] = (added * weights[sizes[without]]).sum(axis=1)
    full = n_sets - 1
    bits = 1 << np.arange(players)
    return Worth(
        alone=values[:, bits] - values[:, :1],
        last_in=values[:, full:] - values[:, full ^ bits],
        shapley=shapley,
        total=values[:, full] - values[:, 0],
    )


def sampled_orders(players: int, n: int, seed: int) -> Orders:
    """Return a sample of orders in which the players come in, each followed by its reverse.

    Parameters
    ----------
    players : int
    n : int
        Orders, an even number.
    seed : int
        The same seed gives the same orders.

    Raises
    ------
    ValueError
        If n is odd or below `FEWEST_ORDERS`.

    Examples
    --------
    >>> orders = sampled_orders(3, 4, seed=1)
    >>> orders[1] == orders[0][::-1]
    True
    """
    if n < FEWEST_ORDERS or n % 2:
        raise ValueError(f"{n} orders: they are drawn in pairs, and at least {FEWEST_ORDERS}")
    # Of Python's generator only random() promises the same numbers in later versions.
    source = random.Random(seed)
    orders: list[tuple[int, ...]] = []
    for _ in range(n // 2):
        order = list(range(players))
        for place in range(players - 1, 0, -1):
            other = int(source.random() * (place + 1))
            order[place], order[other] = order[other], order[place]
        orders += [tuple(order), tuple(reversed(order))]
    return tuple(orders)


def sets_of(orders: Orders) -> tuple[int, ...]:
    """Return the sets whose values are needed: what has come in so far in each order, each player alone, all but one.

    Parameters
    ----------
    orders : tuple of tuple of int
        At least one order of all players.

    Returns
    -------
    tuple of int
        Each once, smaller sets first, then smaller numbers: the empty set is the first, all players the last.
    """
    players = len(orders[0])
    full = (1 << players) - 1
    found = {0, full}
    for player in range(players):
        found |= {1 << player, full ^ 1 << player}
    for order in orders:
        found.update(_coming_in(order))
    return tuple(sorted(found, key=lambda number: (number.bit_count(), number)))


def sampled_worth(values: Float, sets: Sequence[int], orders: Orders) -> Worth:
    """Return what each player is worth, with the Shapley value estimated from sampled orders.

    Parameters
    ----------
    values : float64[replication, set]
    sets : sequence of int
        Which set each column is of: at least those of `sets_of`.
    orders : tuple of tuple of int
        As `sampled_orders` gives them: each is followed by its reverse.

    Returns
    -------
    Worth
        The Shapley values add up to the total but for rounding, as those of `exact_worth`. ``sampling_error`` is the
        spread of the pairs of orders, each pair averaged over replications, by the root of their number.
    """
    place = {number: column for column, number in enumerate(sets)}
    players, full = len(orders[0]), (1 << len(orders[0])) - 1
    added = np.zeros((len(orders), len(values), players))
    for row, order in enumerate(orders):
        columns = [place[number] for number in (0, *_coming_in(order))]
        added[row][:, list(order)] = np.diff(values[:, columns], axis=1)
    pairs = added.mean(axis=1).reshape(len(orders) // 2, 2, players).mean(axis=1)
    empty, every = values[:, place[0]], values[:, place[full]]
    return Worth(
        alone=np.stack([values[:, place[1 << player]] - empty for player in range(players)], axis=1),
        last_in=np.stack([every - values[:, place[full ^ 1 << player]] for player in range(players)], axis=1),
        shapley=added.mean(axis=0),
        total=every - empty,
        sampling_error=pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs)),
        pairs=len(pairs),
    )


def _coming_in(order: Sequence[int]) -> list[int]:
    """Return the sets of those who have come in, after each of them."""
    sets, number = [], 0
    for player in order:
        number |= 1 << player
        sets.append(number)
    return sets
