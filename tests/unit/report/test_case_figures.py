"""The figure of cases by age: values by hand, names that do not exist, and a drawing that can be made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callsim.errors import CallsimError
from callsim.experiments.estimates import rows
from callsim.experiments.findings import Findings
from callsim.experiments.replicate import Replicated
from callsim.measures import measure
from callsim.plan.cases import no_cases
from callsim.plan.plan import Plan
from callsim.report import figures
from callsim.report.result import Result
from tests.small_case_logs import case_log, case_plan, case_week


def result(plan: Plan, empty: bool = False) -> Result:
    """Return the result of one replication: the week of ``tests/small_case_logs.py``, or one without a call."""
    log = case_log(plan, {}, {}) if empty else case_week(plan)
    each = measure(plan, log)
    return Result(
        Findings(
            name="week", base="week", every_row=tuple(rows([each], variant="week")), seed=1, level=0.95,
            replicated=Replicated(
                plans={"week": plan}, digests={"week": ""}, measures={"week": (each,)},
                logs={"week": ()}, n=1, planned=1, interrupted=False,
            ),
        )
    )  # fmt: skip


def test_shares_stand_on_each_other_and_the_documented_age_is_there() -> None:
    """At the end 3 of 7 are solved by the provider, 1 by the regulator, 1 is given up; 40 h are documented."""
    data = figures.cases_by_age_data(result(case_plan()))
    assert data.shares[:, 0].tolist() == [0.0, 0.0, 0.0]
    assert data.shares[:, -1] == pytest.approx([300 / 7, 100 / 7, 100 / 7])
    assert data.documented == (("order error", pytest.approx(40 / 24)),)
    assert data.alt.startswith("How old cases get: after 7 days 43 % solved by the provider, 14 % solved because of")


def test_a_type_or_a_kind_of_customer_can_be_drawn_alone() -> None:
    """The heirs' case type has nothing documented."""
    week = result(case_plan())
    assert figures.cases_by_age_data(week, cases="name change").documented == ()
    alone = figures.cases_by_age_data(week, cases="order error, persistent")
    assert alone.shares[:, -1] == pytest.approx([50.0, 50.0, 0.0])
    assert alone.documented[0][0] == "order error"


def test_what_cannot_be_drawn_is_said() -> None:
    """No such type, no cases at all, none in the window."""
    with pytest.raises(CallsimError, match="there is no type of case 'fault'; types are: order error, name change, "):
        figures.cases_by_age_data(result(case_plan()), cases="fault")
    plain = replace(case_plan(), cases=no_cases())
    with pytest.raises(CallsimError, match="cases_by_age: 'week' has no cases"):
        figures.cases_by_age_data(result(plain, empty=True))
    with pytest.raises(CallsimError, match="no problem began in the measured window, so there is nothing to draw"):
        figures.cases_by_age_data(result(case_plan(), empty=True))


def test_finished_cases_are_shared_out_over_their_numbers_of_calls() -> None:
    """Of five finished cases two took one call, two took two, one took five, which is what is documented."""
    data = figures.calls_per_case_data(result(case_plan()))
    assert data.calls.tolist() == [1, 2, 3, 4, 5]
    assert data.share == pytest.approx([40.0, 40.0, 0.0, 0.0, 20.0])
    assert data.documented == (("order error", 5.0),)
    with pytest.raises(CallsimError, match="calls_per_case: no case was finished, so there is nothing to draw"):
        figures.calls_per_case_data(result(case_plan(), empty=True))


@pytest.mark.parametrize("size", ["phone", "page", "wide"])
def test_the_figures_can_be_drawn_in_every_size(size: figures.Size) -> None:
    """As SVG with its alternative text."""
    drawn = figures.to_svg(figures.cases_by_age(result(case_plan()), size=size), "one")
    assert 'aria-label="How old cases get: ' in drawn
    drawn = figures.to_svg(figures.calls_per_case(result(case_plan()), size=size), "two")
    assert 'aria-label="How often a customer calls until it is over: ' in drawn
