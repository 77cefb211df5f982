"""What one replication of a hand-written model comes to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Tally"]


@dataclass
class Tally:
    """Sums of one replication."""

    simulated: int = 0
    """All queue visits, warm-up included: the work done."""
    visits: int = 0
    """Queue visits that are counted below."""
    abandoned: int = 0
    waited: float = 0.0
    """Sum of their waits. [min]"""
    within: int = 0
    """Visits answered within the acceptable wait of 20 s; only callsim counts them."""

    def count(self, abandoned: bool, waited: float) -> None:
        """Add a visit."""
        self.visits += 1
        self.abandoned += abandoned
        self.waited += waited
