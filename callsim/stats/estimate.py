"""An estimate: a value, how far the truth may lie from it, and why if one of them is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval ``value - half_width`` to ``value + half_width``.

    Nothing here is ever NaN or infinite: a figure that does not exist is None, with a reason.
    """

    value: float | None
    half_width: float | None
    level: float
    """Confidence level of the interval, such as 0.95."""
    n: int
    """Replications that it rests on."""
    reason: str = ""
    """Why the value or the half width is None; "" if both are there."""
    skewness: float = field(default=0.0, compare=False)
    """Of what the single replications contribute; 0 if there are fewer than three or all are alike."""
