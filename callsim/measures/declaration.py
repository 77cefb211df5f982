"""What a measure is: its name, unit, kind and definition, and the sums that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASE_PREFIX", "Measure"]

CASE_PREFIX = "case."
"""The names of measures of cases begin so."""


@dataclass(frozen=True)
class Measure:
    """One measure."""

    name: str
    unit: str
    """One of "count", "s" and "1", for a share or a mean number."""
    kind: str
    """One of "count", "time", "ratio", "percentile", "maximum", and for cases "rank"."""
    definition: str
    scopes: tuple[str, ...]
    """Kinds of scope in which it exists; "" is the whole centre, for measures of cases all cases."""
    numerator: str
    """Name of a sum (count, time, ratio, rank), or of the bins of a percentile of cases; "" otherwise."""
    denominator: str = ""
    """Name of a sum (ratio, rank)."""
    share: float = 0.0
    """Share of calls, or of cases, at or below (percentile)."""
    scale: int = 1
    """The figure is the sum, or the ratio of sums, divided by this."""
    empty: str = ""
    """Why there is no value when the denominator is zero."""

    @property
    def of_cases(self) -> bool:
        """Whether it is a measure of cases, which exists only where a scenario has cases."""
        return self.name.startswith(CASE_PREFIX)

    def part(self, scope: str) -> str:
        """Return the name of the part of `callsim.measures.Measures` that holds its sums in a kind of scope."""
        return scope or ("case" if self.of_cases else "")
