"""The coffee stain: the worst event decides, whatever else happened."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from callsim.experiments.scorecard.customers import Customers, contact_facts, customers_of
from callsim.experiments.scorecard.worst import worst_events
from callsim.scenario.models import Churn
from tests.small_case_logs import case_plan, case_week
from tests.small_logs import busy_day, busy_day_plan
from tests.unit.experiments.scorecard.money import CHURN


def _customers() -> Customers:
    plan = case_plan()
    log = case_week(plan)
    return customers_of(plan, log, contact_facts(plan, log))


def test_everybody_is_judged_by_the_worst_that_happened() -> None:
    """A was held for an hour, told it four times, was cut off, got a broken promise, and complained: that is worst."""
    names, share, worst = worst_events(_customers(), Churn.model_validate(CHURN))
    found = [names[i] for i in worst]
    assert found == [
        "complained", "nothing bad", "gave up", "never tried", "nothing bad", "nothing bad", "nothing bad",
        "nothing bad", "gave up",
    ]  # fmt: skip
    assert share.tolist() == [0.4, 0.01, 0.6, 0.5, 0.01, 0.01, 0.01, 0.01, 0.6]


def test_what_the_table_leaves_out_does_not_count() -> None:
    """Without complaints and broken promises in it, telling it four times is A's worst."""
    rest = {key: value for key, value in CHURN.items() if key not in ("complained", "promise broken")}
    names, share, worst = worst_events(_customers(), Churn.model_validate(rest))
    assert (names[worst[0]], share[0]) == ("told it more than 3 times", 0.15)


def test_another_bad_event_never_lowers_the_share_that_leaves() -> None:
    """For any customer and any event: the largest share counts, not a mean."""
    customers, churn = _customers(), Churn.model_validate(CHURN)
    before = worst_events(customers, churn)[1]
    for field in fields(Customers):
        column = getattr(customers, field.name)
        if column.dtype == np.bool_ and field.name not in ("is_case", "solved", "first_time", "decided"):
            after = worst_events(replace(customers, **{field.name: np.ones_like(column)}), churn)[1]
            assert (after >= before).all(), field.name


def test_an_event_milder_than_nothing_bad_is_none() -> None:
    """A share below that of contented customers cannot be the worst."""
    churn = Churn.model_validate({"nothing bad": "5%", "gave up": "2%"})
    assert set(worst_events(_customers(), churn)[1].tolist()) == {0.05}


def test_callers_without_a_case_are_customers_too() -> None:
    """The busy day: 15 people; those whose last call was not answered gave up, but not who left a message."""
    plan = busy_day_plan()
    log = busy_day(plan)
    customers = customers_of(plan, log, contact_facts(plan, log))
    # A to P without O, which is D's second call. C, E, F, G, I and K are lost; H and J leave messages; M still waits
    # when the run ends.
    assert customers.n == 15
    assert int(customers.gave_up.sum()) == 6
    assert int(customers.solved.sum()) == 6  # A, B, D, L, N and P
    assert int(customers.first_time.sum()) == 5
    assert int(customers.held_an_hour.sum()) == 1
    assert int(customers.cut_off.sum()) == 2
    assert int(customers.decided.sum()) == 14
