"""The rules that parameters of laws keep; a break is a ``ValueError`` with the text "found ...; rule"."""

from __future__ import annotations

import math

__all__ = ["check_not_negative", "check_positive", "check_range", "check_shares", "require", "spread"]

SHARE_SLACK = 1e-9
"""Shares may miss 1 by so much in all: thirds written with ten digits are welcome."""


def require(holds: bool, found: str, rule: str) -> None:
    """Raise ``ValueError`` with what was found and the rule, unless the rule holds."""
    if not holds:
        raise ValueError(f"found {found}; {rule}")


def check_positive(name: str, value: float) -> None:
    """Check that a value is finite and > 0."""
    require(math.isfinite(value) and value > 0, f"{name} {value!r}", f"{name} must be > 0")


def check_not_negative(name: str, value: float) -> None:
    """Check that a value is finite and >= 0."""
    require(math.isfinite(value) and value >= 0, f"{name} {value!r}", f"{name} must be >= 0")


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Check that a value lies between two bounds, both included."""
    require(low <= value <= high, f"{name} {value!r}", f"{name} must be in {low:g} to {high:g}")


def check_shares(shares: tuple[float, ...], others: int, what: str) -> None:
    """Check that shares are positive, sum to 1 and are as many as what they belong to."""
    require(len(shares) > 0, "no shares", "at least one share is needed")
    require(len(shares) == others, f"{len(shares)} shares and {others} {what}", "their numbers must be equal")
    for share in shares:
        check_positive("share", share)
    total = math.fsum(shares)
    require(abs(total - 1.0) <= SHARE_SLACK, f"shares that sum to {total!r}", "they must sum to 1")


def spread(mean: float, second_moment: float) -> float:
    """Return the coefficient of variation, 0 for a law that is always 0."""
    if mean == 0.0:
        return 0.0
    return math.sqrt(max(second_moment / (mean * mean) - 1.0, 0.0))
