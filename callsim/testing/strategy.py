"""The same scenarios as a hypothesis strategy, which shrinks what it finds by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from callsim.testing.drawing.centre import Draft, draw_scenario

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["scenarios"]

Option = TypeVar("Option")


class _DrawnChoices:
    """Choices that hypothesis makes. Its simplest choice is the first option, and "no"."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        from hypothesis import strategies

        self._draw = draw
        self._integers = strategies.integers

    def whole(self, low: int, high: int) -> int:
        number: int = self._draw(self._integers(low, high))
        return number

    def pick(self, options: Sequence[Option]) -> Option:
        return options[self.whole(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.whole(0, 99) >= 100 - percent


def scenarios() -> SearchStrategy[Draft]:
    """Return a strategy over scenario drafts, for ``hypothesis.given``.

    See Also
    --------
    callsim.testing.writing.plan_of : makes a plan of a draft.
    """
    from hypothesis import strategies

    @strategies.composite
    def drafts(draw: Callable[[Any], Any]) -> Draft:
        return draw_scenario(_DrawnChoices(draw))

    return drafts()
