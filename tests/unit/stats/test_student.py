"""Student's quantiles without scipy, judged by scipy and by printed tables."""

from __future__ import annotations

import pytest
from scipy.special import stdtrit

from callsim.stats import student_quantile

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


@pytest.mark.parametrize("degrees", [*range(1, 31), 49, 50, 99, 100, 999, 1000, 9999, 100_000])
def test_quantiles_agree_with_scipy(degrees: int) -> None:
    """Relative 1e-10 for one degree of freedom up to 100,000, at every usual level."""
    for level in LEVELS:
        assert student_quantile(degrees, level) == pytest.approx(float(stdtrit(degrees, 0.5 + level / 2)), rel=1e-10)


@pytest.mark.parametrize(
    ("degrees", "level", "printed"),
    [(1, 0.95, 12.706), (2, 0.95, 4.303), (9, 0.95, 2.262), (29, 0.99, 2.756), (120, 0.95, 1.980)],
)
def test_quantiles_agree_with_the_printed_table(degrees: int, level: float, printed: float) -> None:
    """Three decimals of the table that every textbook has."""
    assert round(student_quantile(degrees, level), 3) == printed


@pytest.mark.parametrize(("degrees", "level"), [(0, 0.95), (5, 0.0), (5, 1.0)])
def test_impossible_requests_are_refused(degrees: int, level: float) -> None:
    """No degrees of freedom, or a level that is no probability strictly between 0 and 1."""
    with pytest.raises(ValueError, match="must be >= 1 and level between 0 and 1") as error:
        student_quantile(degrees, level)
    assert str(error.value) == (f"degrees {degrees}, level {level}: degrees must be >= 1 and level between 0 and 1")
