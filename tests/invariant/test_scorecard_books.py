"""The books of a scorecard and the measures say the same of random scenarios, cases included."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.engines.simpy import run
from callsim.experiments.scorecard import keep_books
from callsim.experiments.scorecard.one_more import OneMore, with_one_more
from callsim.measures import check_run, measure
from callsim.runlog import check_log
from callsim.testing.cases import case
from callsim.units import HOUR
from tests.unit.experiments.scorecard.money import EVERYTHING, WAGE, with_money

BATCH = 77
SAME = {
    "calls": ("arrivals", 1), "answered calls": ("answered", 1), "cut-offs": ("dropped_by_transfer", 1),
    "paid hours": ("paid_time", HOUR), "staffed hours": ("staffed_time", HOUR), "busy hours": ("busy_time", HOUR),
}  # fmt: skip
"""Sum of the books -> sum of the measures, and what that is divided by."""


@pytest.mark.parametrize("number", range(30))
def test_books_of_a_random_scenario_agree_with_its_measures(number: int) -> None:
    """Counts and hours are the same, parts add up, no process has more defects than opportunities."""
    drawn = case(BATCH, number)
    if drawn.plan is None:
        assert drawn.refusal
        return
    plan = with_money(drawn.plan, *[WAGE] * drawn.plan.n_groups, **EVERYTHING)
    log = run(plan, drawn.seed, drawn.replication)
    books, centre = keep_books(plan, log), measure(plan, log).parts[""]
    for name, (other, scale) in SAME.items():
        assert books.get(name) == pytest.approx(int(centre.sum_of(other)[0, 0]) / scale, rel=1e-9), name
    if not plan.cases.n:
        assert books.get("customers") == int(centre.sum_of("callers")[0, 0])
    assert all(np.isfinite(value) and value > -1e-9 for value in books.sums.values())
    for (name, member), value in books.sums.items():
        if name.startswith("defects: "):
            assert value <= books.get(name.replace("defects", "opportunities"), member)
    groups = [books.get("wages", ("agents", group)) for group in plan.agents.groups]
    assert sum(groups) == pytest.approx(books.get("wages"))
    assert books.get("solved") + books.get("gave_up") + books.get("never_tried") <= books.get("customers")


@pytest.mark.parametrize("number", range(0, 30, 5))
def test_one_more_agent_of_a_random_scenario_gives_a_sound_run(number: int) -> None:
    """Heads or shifts, whatever the group does besides: the run keeps every rule of the log."""
    plan = case(BATCH, number).plan
    if plan is None:
        return
    more = with_one_more(plan, OneMore("more", number % plan.n_groups, ((HOUR, 3 * HOUR), (5 * HOUR, 6 * HOUR))))
    log = run(more, 1, 0)
    check_log(log)
    check_run(more, log)
    assert more.n_agents == plan.n_agents + 1
