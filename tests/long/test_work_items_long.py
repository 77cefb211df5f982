"""The compiled engine against the known values, over 10,000 days of W3 and a hundred million calls of W1 and W2."""

from __future__ import annotations

import pytest

from benchmarks.gate import RUNS, judged


@pytest.mark.long
@pytest.mark.parametrize("work", list(RUNS))
def test_compiled_engine_meets_the_known_values_with_small_errors(work: str) -> None:
    """False alarm 1e-4 a figure (Student, about 3.9 standard errors); 1.5 % in P(abandon) would show."""
    checks = judged(work)
    assert all(check.holds for check in checks), checks
    for check, largest in zip(checks, RUNS[work].largest_error, strict=True):
        assert (check.got.error**2 + check.known.error**2) ** 0.5 <= largest, check
