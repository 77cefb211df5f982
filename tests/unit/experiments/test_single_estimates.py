"""One figure alone is what the rows hold for it."""

from __future__ import annotations

import pytest

from callsim.errors import CallsimError
from callsim.experiments.estimates import counted, difference_rows, estimate, estimate_difference, rows
from callsim.experiments.replicate import replicate
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from tests.unit.experiments.small_plans import small_plan

Column = tuple[Measures, ...]


@pytest.fixture(scope="module")
def columns() -> dict[str, Column]:
    """Six replications of a small desk and of one with a head more."""
    plans = {"base": small_plan(), "more": small_plan(heads=3)}
    settings = Settings(seed=3, replications=Replications.exactly(6))
    return dict(replicate(plans, settings, lambda _: False).measures)


def test_an_estimate_is_its_row(columns: dict[str, Column]) -> None:
    """Of every measure, in every scope."""
    for row in rows(columns["base"], level=0.9):
        found = estimate(columns["base"], row.name, row.scope, 0.9)
        assert (found.value, found.half_width, found.n, found.reason) == (row.value, row.half_width, row.n, row.reason)


def test_a_difference_is_its_row(columns: dict[str, Column]) -> None:
    """Paired by replication."""
    for row in difference_rows(columns["base"], columns["more"], level=0.9):
        found = estimate_difference(columns["base"], columns["more"], row.name, row.scope, 0.9)
        assert (found.value, found.half_width, found.n) == (row.value, row.half_width, row.n)


def test_what_a_figure_was_counted_from(columns: dict[str, Column]) -> None:
    """Numerator and denominator, count and replications, or the waits of a percentile."""
    column = columns["base"]
    totals = {name: sum(int(m.parts[""].sum_of(name).sum()) for m in column) for name in ("abandoned", "offered")}
    assert counted(column, "abandonment_ratio", {}) == (totals["abandoned"], totals["offered"])
    assert counted(column, "offered", {"queue": "main"}) == (totals["offered"], 6)
    assert counted(column, "wait_p90", {}) == (0, sum(int(m.parts[""].sum_of("waited").sum()) for m in column))


def test_looks_are_asked_for_and_nothing_between_them() -> None:
    """Without looks, a precision is asked about from at_least on; without either, never."""
    looks = Replications(2, 8, looks=(2, 4, 8))
    assert [n for n in range(1, 9) if looks.asks_after(n)] == [2, 4, 8]
    until = Replications(3, 5, until={"mean_wait": 1.0})
    assert [n for n in range(1, 6) if until.asks_after(n)] == [3, 4, 5]
    assert not any(Replications(2, 8).asks_after(n) for n in range(1, 9))
    with pytest.raises(CallsimError):
        Replications(3, 2, looks=(2,))
