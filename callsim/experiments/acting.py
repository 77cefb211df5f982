"""In which order to act: at each step the remedy that gains most for its cost, given those already switched on.

Where every combination was simulated, what a step gains is exactly what the remedy adds to those before it. If none
that is left helps alone, those are looked for that help together: hours without people, people without hours. Where
only sampled orders were simulated, the Shapley values by the costs decide.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.stats import Estimate, mean

__all__ = ["Order", "Step", "order_by_shapley", "order_to_act"]

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """What to do next."""

    remedies: tuple[str, ...]
    """One, or several that help only together."""
    cost: float | None
    """A week, None: unknown."""
    gain: Estimate
    """What the step adds to those before it."""
    gain_so_far: Estimate
    cost_so_far: float | None
    tied: tuple[str, ...]
    """Remedies that could as well be the next: the interval of the difference in gain by cost holds zero."""

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the gain lies above zero."""
        gain = self.gain
        return gain.value is not None and gain.half_width is not None and gain.value > gain.half_width


@dataclass(frozen=True)
class Order:
    """The order in which to act."""

    steps: tuple[Step, ...]
    idle: tuple[str, ...]
    """Remedies that gain nothing more after the last step."""
    never: tuple[str, ...]
    """Those of them that gain nothing in any combination that was simulated."""
    by_shapley: bool
    """Whether Shapley values decided, since not every combination was simulated."""


def order_to_act(
    gains: Float, remedies: Sequence[str], costs: Mapping[str, float] | None, level: float = 0.95
) -> Order:
    """Return the order in which to act, from the gains of all sets.

    Parameters
    ----------
    gains : float64[replication, set]
        More is better; set s holds remedy i if bit i of s is set.
    remedies : sequence of str
    costs : mapping of str to float, optional
        A week, of each remedy; None: unknown, all count the same.
    level : float, optional
        Confidence level.
    """
    price = np.array([1.0 if costs is None else costs[name] for name in remedies])
    on, full = 0, (1 << len(remedies)) - 1
    steps: list[Step] = []
    while on != full:
        left = [i for i in range(len(remedies)) if not on >> i & 1]
        options = _options(gains, on, [(i,) for i in left], price)
        helping = [option for option in options if option.value > 0]
        if not helping:
            together = (group for size in range(2, len(left) + 1) for group in itertools.combinations(left, size))
            options = _options(gains, on, together, price)
            helping = [option for option in options if option.value > 0]
        if not helping:
            break
        best = max(helping, key=lambda option: (option.rate, option.value, -len(option.members)))
        tied = () if len(best.members) > 1 else _tied(best, options, remedies, level)
        on |= sum(1 << i for i in best.members)
        steps.append(_step(steps, best, remedies, costs, tied, gains[:, on] - gains[:, 0], level))
    idle = [i for i in range(len(remedies)) if not on >> i & 1]
    never = [i for i in idle if _never_helps(gains, i)]
    return Order(tuple(steps), _named(idle, remedies), _named(never, remedies), by_shapley=False)


def order_by_shapley(
    shapley: Float, remedies: Sequence[str], costs: Mapping[str, float] | None, level: float = 0.95
) -> Order:
    """Return the order in which to act, from Shapley values: what a step gains does not hang on those before it.

    Parameters
    ----------
    shapley : float64[replication, remedy]
    remedies, costs, level
        As for `order_to_act`.
    """
    price = np.array([1.0 if costs is None else costs[name] for name in remedies])
    options = [_Option((i,), shapley[:, i], float(price[i])) for i in range(len(remedies))]
    helping = sorted((option for option in options if option.value > 0), key=lambda o: (-o.rate, -o.value, o.members))
    steps: list[Step] = []
    so_far = np.zeros(len(shapley))
    for place, option in enumerate(helping):
        so_far = so_far + option.gain
        tied = _tied(option, helping[place:], remedies, level)
        steps.append(_step(steps, option, remedies, costs, tied, so_far, level))
    idle = [option.members[0] for option in options if option.value <= 0]
    return Order(tuple(steps), _named(idle, remedies), (), by_shapley=True)


class _Option:
    """What could be done next: remedies that are switched on together, their gain and their price."""

    def __init__(self, members: tuple[int, ...], gain: Float, price: float) -> None:
        self.members, self.gain, self.price = members, gain, price
        self.value = float(gain.mean())
        self.rate = float("inf") if not price and self.value > 0 else self.value / price if price else self.value

    def rates(self) -> Float:
        """Return the gain by price of each replication; the gain where it costs nothing."""
        return self.gain / (self.price or 1.0)


def _options(
    gains: Float, on: int, groups: Iterator[tuple[int, ...]] | list[tuple[int, ...]], price: Float
) -> list[_Option]:
    return [
        _Option(group, gains[:, on | sum(1 << i for i in group)] - gains[:, on], float(sum(price[i] for i in group)))
        for group in groups
    ]


def _tied(best: _Option, options: Sequence[_Option], remedies: Sequence[str], level: float) -> tuple[str, ...]:
    """Return the remedies whose gain by cost the evidence does not tell from the best one's."""
    tied = []
    for option in options:
        if option is best or option.value <= 0 or bool(option.price) != bool(best.price):
            continue
        difference = mean(best.rates() - option.rates(), level)
        if difference.value is None or difference.half_width is None:
            continue
        if difference.value <= difference.half_width:
            tied += [remedies[i] for i in option.members]
    return tuple(tied)


def _step(
    before: Sequence[Step],
    option: _Option,
    remedies: Sequence[str],
    costs: Mapping[str, float] | None,
    tied: tuple[str, ...],
    so_far: Float,
    level: float,
) -> Step:
    earlier = (before[-1].cost_so_far or 0.0) if before else 0.0
    return Step(
        remedies=_named(option.members, remedies),
        cost=None if costs is None else option.price,
        gain=mean(option.gain, level),
        gain_so_far=mean(so_far, level),
        cost_so_far=None if costs is None else earlier + option.price,
        tied=tied,
    )


def _never_helps(gains: Float, player: int) -> bool:
    means = gains.mean(axis=0)
    without = np.array([number for number in range(len(means)) if not number >> player & 1])
    return bool((means[without | 1 << player] <= means[without]).all())


def _named(members: Sequence[int], remedies: Sequence[str]) -> tuple[str, ...]:
    return tuple(remedies[i] for i in members)
