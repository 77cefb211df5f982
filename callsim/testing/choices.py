"""Choices: where a random scenario gets its decisions from, a seeded generator or hypothesis."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

__all__ = ["Choices", "SeededChoices"]

Option = TypeVar("Option")


class Choices(Protocol):
    """What a drawing needs: whole numbers, from which everything else is chosen."""

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        ...

    def pick(self, options: Sequence[Option]) -> Option:
        """Return one of the options."""
        ...

    def chance(self, percent: int) -> bool:
        """Return True in so many of a hundred cases."""
        ...


class SeededChoices:
    """Choices of a seeded generator: the same on every machine and under every version of a library.

    Parameters
    ----------
    seed : int
        Of the batch.
    number : int
        Of the scenario in the batch.
    """

    def __init__(self, seed: int, number: int) -> None:
        self._random = random.Random(f"callsim scenario {number} of batch {seed}")

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, options: Sequence[Option]) -> Option:
        """Return one of the options."""
        return options[self.whole(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        """Return True in so many of a hundred cases."""
        return self.whole(0, 99) >= 100 - percent
