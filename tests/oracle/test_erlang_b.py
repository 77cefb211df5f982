"""Erlang B against exact fractions, long decimals and the reference table."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial
from typing import Any

import pytest

from callsim.theory import erlang_b, required_lines


@pytest.mark.reference("erlang_b_c.yaml", starts="erlangB-")
def test_reference_table_is_met_to_its_last_digit(reference_case: dict[str, Any]) -> None:
    """All rows have 12 digits; occupancy is load * (1 - B) / lines."""
    for row in reference_case["rows"]:
        lines, load = row["c"], row["offered_load_erlang"]
        blocked = erlang_b(lines, load)
        assert blocked == pytest.approx(row["p_block"], rel=5e-12)
        assert load * (1.0 - blocked) / lines == pytest.approx(row["occupancy"], rel=5e-12)


@pytest.mark.parametrize(("lines", "load"), [(0, 3), (1, 1), (2, 1), (7, 30), (30, 7), (100, 90), (150, 2)])
def test_definition_in_exact_fractions(lines: int, load: int) -> None:
    """B is the last term of the sum over the sum."""
    terms = [Fraction(load**k, factorial(k)) for k in range(lines + 1)]
    assert erlang_b(lines, load) == pytest.approx(float(terms[-1] / sum(terms)), rel=2e-13)


@pytest.mark.parametrize("load", ["90000", "99000", "99990", "100000", "100316", "110000"])
def test_hundred_thousand_lines_against_the_recursion_in_decimals(load: str) -> None:
    """B(n) = R B(n-1) / (n + R B(n-1)) in 30 digits."""
    with localcontext() as context:
        context.prec = 30
        blocked, rate = Decimal(1), Decimal(load)
        for line in range(1, 100_001):
            blocked = rate * blocked / (line + rate * blocked)
    assert erlang_b(100_000, float(load)) == pytest.approx(float(blocked), rel=2e-11)


def test_loss_below_the_smallest_number_is_zero_not_an_error() -> None:
    """A tenth of an erlang on 100,000 lines is never blocked."""
    assert erlang_b(100_000, 0.1) == 0.0


def test_lines_for_one_call_in_a_hundred() -> None:
    """Ten erlangs at 1 % take 18 lines, as printed tables say; 17 are one too few."""
    assert required_lines(10.0, 0.01) == 18
    assert erlang_b(17, 10.0) > 0.01 >= erlang_b(18, 10.0)
