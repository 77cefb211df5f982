"""Laws of random scenarios: mostly constants of a few steps, which tie, and every family of the language."""

from __future__ import annotations

from callsim.testing.drawing.sketch import Sketch

__all__ = ["draw_law", "draw_long_law"]

FAMILIES = (
    "exponential mean {2}",
    "lognormal mean {2} cv 0.8",
    "gamma mean {2} cv 0.7",
    "erlang mean {3} phases 2",
    "weibull mean {2} shape 0.8",
    "uniform {0} to {3}",
    "triangular {0} {1} {3}",
    "hyperexponential mean {2} cv 2",
    "mixture 30% constant {1}, 70% exponential mean {3}",
    "{1} + exponential mean {1}",
    "exponential mean {3}, zero 20%",
)
"""A number in braces is a duration of so many steps. Few different ones: the tables of a law are worth keeping."""


def draw_law(sketch: Sketch, low: int = 0) -> str:
    """Draw a law of short durations, constants of at least ``low`` steps."""
    if sketch.tight:
        return f"constant {sketch.time(0, 1)}"
    kind = sketch.choices.whole(0, 9)
    if kind < 6:
        return f"constant {sketch.time(low, 3)}"
    if kind < 8:
        return "samples " + " ".join(sketch.time(low, 3) for _ in range(sketch.choices.whole(2, 4)))
    return sketch.choices.pick(FAMILIES).format(*(f"{i * sketch.step}s" for i in range(4)))


def draw_long_law(sketch: Sketch) -> str:
    """Draw a law for durations that may be long: a patience."""
    if sketch.tight or sketch.choices.chance(60):
        return f"constant {sketch.time(0, 8)}"
    if sketch.choices.chance(5):
        return "constant 40 days"
    return draw_law(sketch)
