"""The gate: not one differing cell over a million legs of random scenarios."""

from __future__ import annotations

import pytest

from callsim.testing.cases import batch
from callsim.testing.conformance import examine
from tests.conformance.engines import others

LEGS = 1_000_000


@pytest.mark.long
def test_no_cell_differs_over_a_million_legs() -> None:
    """Scenarios of batch 2, other ones than in the fast suite, until a million legs were compared."""
    verdict = examine(batch(2, 100_000), others(), legs=LEGS)
    print(verdict)
    assert not verdict.disagreements, str(verdict.disagreements[0])
    assert verdict.legs >= LEGS
