"""Every measure of cases, worked out by hand from the cases A to G of ``tests/small_case_logs.py``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callsim.experiments.estimates import Row, counted, difference_rows, estimate, estimate_difference, rows
from callsim.measures import CASE_CATALOGUE, Measures, measure, measure_named
from callsim.measures.case_catalogue import CASE_SUMS
from callsim.plan.cases import no_cases
from tests.small_case_logs import OTHERS, PERSISTENT, H, case_log, case_plan, case_week, event
from tests.small_logs import contact, lost

# Finished: A, B, C, E, F; solved: A, B, E, F. Calls 5 2 1 1 2, employees 5 2 0 1 3, different ones 3 2 0 1 2.
# Hold 6460 60 300 120 200 s, on the phone 8460 960 300 360 720 s, solved after 44 h, 10 h, 3960 s and 13 h 120 s.
# 14 contacts of cases in the window, 17 of the centre. The bins end at 6464, 8512, 36096 and 158720 s.
ALL_CASES = {
    "cases": 7, "solved": 4, "solved_by_regulator": 1, "given_up": 1, "never_tried": 1, "open": 1, "calls": 12,
    "provider_calls": 2, "calls_in_vain": 1, "cut_offs": 1, "promises": 3, "customer_time": 10930,
    "customer_hold": 7170,
    "share_solved": 4 / 7, "share_solved_by_provider": 3 / 7, "share_solved_by_regulator": 1 / 7,
    "share_given_up": 1 / 7, "share_never_tried": 1 / 7, "share_open": 1 / 7,
    "calls_mean": 11 / 5, "calls_p50": 2, "calls_p80": 2, "calls_p90": 5,
    "employees_mean": 11 / 5, "employees_p50": 2, "employees_p80": 3, "employees_p90": 5,
    "different_employees_mean": 8 / 5, "different_employees_p50": 2, "different_employees_p80": 2,
    "different_employees_p90": 3,
    "hold_mean": 1428, "hold_p50": 200, "hold_p80": 300, "hold_p90": 6464,
    "time_on_phone_mean": 2160, "time_on_phone_p50": 720, "time_on_phone_p80": 960, "time_on_phone_p90": 8512,
    "age_at_solution_mean": 61320, "age_at_solution_p50": 36096, "age_at_solution_p80": 158720,
    "age_at_solution_p90": 158720,
    "fcr_gross": 1 / 5, "fcr_net": 1 / 3, "fcr_seven_days": 2 / 5,
    "failure_demand": 8 / 14, "failure_demand_abandoned": 1 / 14, "failure_demand_blocked": 0,
    "failure_demand_balked": 0, "failure_demand_closed": 1 / 14, "failure_demand_cut_off": 1 / 14,
    "failure_demand_unsolved": 1 / 14, "failure_demand_broken_promise": 1 / 14, "failure_demand_reopened": 1 / 14,
    "failure_demand_call_back": 1 / 14, "failure_demand_regulator": 1 / 14,
    "centre_failure_demand": 9 / 17, "centre_failure_demand_abandoned": 2 / 17, "centre_failure_demand_blocked": 0,
    "centre_failure_demand_balked": 0, "centre_failure_demand_closed": 1 / 17, "centre_failure_demand_cut_off": 1 / 17,
    "centre_failure_demand_unsolved": 1 / 17, "centre_failure_demand_broken_promise": 1 / 17,
    "centre_failure_demand_reopened": 1 / 17, "centre_failure_demand_call_back": 1 / 17,
    "centre_failure_demand_regulator": 1 / 17,
    "calls_per_case": 12 / 7, "time_per_case": 10930 / 7, "hold_per_case": 7170 / 7,
    "explanations_per_case": 10 / 7, "transfers_per_case": 2 / 7, "cut_offs_per_case": 1 / 7,
    "promise_kept_rate": 0, "promise_late_rate": 1 / 2, "promise_never_rate": 1 / 2, "reopen_rate": 1 / 4,
    "escalation_rate": 0, "escalation_refused": 1, "complaint_rate": 1 / 7, "deadline_met": 1 / 4,
    "rank_calls": 5 / 6, "rank_employees": 4 / 6, "rank_different_employees": 5 / 6, "rank_time_on_phone": 4 / 6,
    "rank_age_at_solution": 1 / 2, "rank_promises": 5 / 6,
    "joint_rank_employees": 1 / 2, "joint_employees_p50": 2, "joint_rank_different_employees": 3 / 4,
    "joint_different_employees_p50": 2, "joint_rank_time_on_phone": 1 / 2, "joint_time_on_phone_p50": 960,
    "joint_rank_age_at_solution": 1 / 2, "joint_age_at_solution_p50": 36096, "joint_rank_promises": 3 / 4,
}  # fmt: skip
ORDER_ERROR = {
    "cases": 4, "solved": 2, "solved_by_regulator": 1, "given_up": 1, "never_tried": 1, "open": 0, "calls": 8,
    "calls_mean": 8 / 3, "calls_p50": 2, "time_on_phone_p50": 960, "fcr_gross": 0, "fcr_net": None,
    "failure_demand": 6 / 9, "promise_never_rate": 1, "deadline_met": 1 / 4, "rank_calls": 5 / 6,
    "share_open": 0, "customer_time": 8460 + 960 + 300,
}  # fmt: skip
PERSISTENT_ONES = {
    "cases": 2, "solved": 2, "share_solved_by_regulator": 1 / 2, "calls_mean": 7 / 2, "calls_p50": 2,
    "employees_mean": 7 / 2, "failure_demand": 6 / 8, "rank_calls": 3 / 4, "rank_time_on_phone": 1 / 2,
    "joint_rank_promises": 3 / 4, "explanations_per_case": 3, "deadline_met": 1 / 2,
}  # fmt: skip
HEIRS_ONLY = {"cases": 3, "fcr_gross": 1 / 3, "fcr_net": 1 / 3, "rank_calls": None, "deadline_met": None}


@pytest.fixture(scope="module")
def week() -> Measures:
    """The measures of the week."""
    plan = case_plan()
    return measure(plan, case_week(plan))


def figures(found: list[Row], **scope: str | int) -> dict[str, float | None]:
    """Return the values of measures of cases in one scope."""
    return {row.name.removeprefix("case."): row.value for row in found if row.scope == scope and "case." in row.name}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, ALL_CASES),
        ({"cases": "order error"}, ORDER_ERROR),
        ({"customers": "order error, persistent"}, PERSISTENT_ONES),
        ({"cases": "name change"}, HEIRS_ONLY),
    ],
    ids=["all cases", "a type", "a kind of customer", "another type"],
)
def test_every_measure_of_cases_has_its_hand_computed_value(
    week: Measures, scope: dict[str, str], expected: dict[str, float | None]
) -> None:
    """All cases, a type of case, a type with one kind of customer."""
    found = figures(rows([week]), **scope)
    valued = {name: value for name, value in expected.items() if value is not None}
    assert {name: found[name] for name in valued} == pytest.approx(valued, rel=1e-12)
    assert [found[name] for name in expected if name not in valued] == [None] * (len(expected) - len(valued))


def test_the_hand_computed_table_holds_every_measure_of_cases() -> None:
    """A measure that nobody has worked out by hand does not enter the catalogue."""
    assert {f"case.{name}" for name in ALL_CASES} == {measure.name for measure in CASE_CATALOGUE}


def test_sums_of_types_and_of_kinds_of_customers_are_those_of_all_cases(week: Measures) -> None:
    """Every case has one type and one kind of customer; only the centre's contacts belong to neither."""
    total = week.parts["case"].sums.sum(axis=1)
    rest = [row for row, name in enumerate(CASE_SUMS) if not name.startswith("centre_")]
    for part in ("cases", "customers"):
        assert (week.parts[part].sums.sum(axis=1)[rest] == total[rest]).all()


def test_states_of_cases_add_up() -> None:
    """Each case is solved, given up, never tried, or open."""
    assert ALL_CASES["solved"] + ALL_CASES["given_up"] + ALL_CASES["never_tried"] + ALL_CASES["open"] == 7


def test_a_plan_without_cases_has_no_part_and_no_row_of_them() -> None:
    """It does not pay for them."""
    plan = replace(case_plan(), cases=no_cases())
    found = measure(plan, case_log(plan, {"x": contact(lost(30 * H, 30 * H + 60))}, {}))
    assert set(found.parts) == set(found.members) == {"", "callers", "queue", "agents"}
    assert not [row for row in rows([found]) if row.name.startswith("case.")]


def test_single_estimates_are_those_of_the_rows(week: Measures) -> None:
    """`estimate` gives for one figure what `rows` gives for all."""
    found = {(row.name, tuple(row.scope.items())): row.value for row in rows([week])}
    for name in ("case.calls_p50", "case.rank_calls", "case.share_solved", "case.customer_time"):
        for scope in ({}, {"cases": "order error"}, {"customers": "order error, persistent"}):
            assert estimate([week], name, scope).value == found[name, tuple(scope.items())]


def test_what_a_figure_was_counted_from_is_told(week: Measures) -> None:
    """Numerator and denominator of a share, the cases of a percentile."""
    assert counted([week], "case.share_solved", {}) == (4, 7)
    assert counted([week], "case.calls_p50", {"cases": "order error"}) == (0, 3)


def test_a_rank_is_the_mean_of_the_ranks_of_the_replications(week: Measures) -> None:
    """One more replication, in which a single case gave up after a call: rank 1; the mean of 5/6 and 1 with t(1)."""
    plan = case_plan()
    from callsim.codes import CaseEvent

    log = case_log(
        plan,
        {"c": contact(lost(30 * H, 30 * H + 60), stream=OTHERS, n=0)},
        {(OTHERS, 0): [event(29 * H, CaseEvent.BORN), event(30 * H + 60, CaseEvent.GAVE_UP)]},
        replication=1,
    )
    found = estimate([week, measure(plan, log)], "case.rank_calls", {})
    assert found.value == pytest.approx((5 / 6 + 1) / 2)
    assert found.half_width == pytest.approx(12.706 * (1 - 5 / 6) / 2, rel=1e-4)


def test_replications_without_a_case_to_compare_are_left_out_of_a_rank(week: Measures) -> None:
    """An empty replication has no rank; it does not count as one of 0."""
    plan = case_plan()
    empty = measure(plan, case_log(plan, {}, {}, replication=1))
    assert estimate([week, empty], "case.rank_calls", {}).value == pytest.approx(5 / 6)
    assert estimate([empty], "case.rank_calls", {}).reason == measure_named("case.rank_calls").empty


def test_differences_of_cases_are_paired(week: Measures) -> None:
    """The same week twice: nothing differs; a scope that one of them lacks is left out."""
    found = difference_rows([week], [week])
    of_cases = [row for row in found if row.name.startswith("case.") and row.value is not None]
    assert {row.value for row in of_cases} == {0.0}
    assert {row.name for row in of_cases if not row.scope} == {measure.name for measure in CASE_CATALOGUE}
    other = replace(week, members={**week.members, "cases": ("another", "name change")})
    scopes = {row.scope.get("cases") for row in difference_rows([week], [other])}
    assert scopes == {None, "name change"}
    assert estimate_difference([week], [week], "case.rank_calls", {}).value == 0.0


def test_the_curves_say_how_many_are_solved_by_which_day(week: Measures) -> None:
    """Of seven cases E, B and F are solved on the first day, A on the second because of the regulator; G is open."""
    found = {(row.name, row.scope["day"]): row.value for row in rows([week]) if set(row.scope) == {"day"}}
    assert found["case.solved_within", 1] == pytest.approx(3 / 7)
    assert found["case.solved_within", 2] == pytest.approx(4 / 7)
    assert found["case.unsolved_after", 2] == pytest.approx(3 / 7)
    assert found["case.solved_by_regulator_within", 1] == 0.0
    assert found["case.solved_by_regulator_within", 2] == pytest.approx(1 / 7)
    assert found["case.given_up_within", 1] == pytest.approx(1 / 7)
    assert found["case.solved_within_naive", 2] == pytest.approx(4 / 6)


def test_when_every_case_is_over_the_naive_share_is_the_estimate(week: Measures) -> None:
    """Persistent customers are all solved: nothing is censored, and both are the same to the last digit."""
    found = {
        (row.name, row.scope["day"]): row.value
        for row in rows([week])
        if row.scope.get("customers") == "order error, persistent" and "day" in row.scope
    }
    assert found["case.solved_within", 1] == found["case.solved_within_naive", 1] == 0.5
    assert found["case.solved_within", 7] == found["case.solved_within_naive", 7] == 1.0
    assert ("case.solved_within", 10) not in found


def test_one_replication_has_the_interval_of_the_estimator_itself(week: Measures) -> None:
    """Without censoring before it, that of a share: 1.96 times the root of 3/7 * 4/7 / 7; more have the jackknife's."""
    (point,) = [row for row in rows([week]) if row.name == "case.solved_within" and row.scope == {"day": 1}]
    assert point.half_width == pytest.approx(1.959964 * (3 / 7 * 4 / 7 / 7) ** 0.5, rel=1e-5)
    twice = [week, replace(week, replication=1)]
    (point,) = [row for row in rows(twice) if row.name == "case.solved_within" and row.scope == {"day": 1}]
    assert point.half_width == pytest.approx(0.0, abs=1e-12)


def test_contacts_of_the_window_count_for_failure_demand_whenever_their_case_began() -> None:
    """Demand is of the window: a case that began before it calls within it."""
    from callsim.codes import CaseEvent, Cause

    plan = case_plan()
    calls = {
        "first": contact(lost(20 * H, 20 * H + 60), stream=PERSISTENT, n=0),
        "again": contact(lost(30 * H, 30 * H + 60), stream=PERSISTENT, n=0, attempt=1,
                         cause=Cause.REDIAL_AFTER_ABANDONED),
    }  # fmt: skip
    found = figures(rows([measure(plan, case_log(plan, calls, {(PERSISTENT, 0): [event(10 * H, CaseEvent.BORN)]}))]))
    assert (found["cases"], found["failure_demand"], found["failure_demand_abandoned"]) == (0, 1, 1)
    assert found["share_solved"] is None


def test_a_type_without_documented_figures_has_no_rank() -> None:
    """Only what is documented is compared, and a figure may be missing."""
    plan = case_plan(documented={"name change": {"calls": 1, "employees": None}})
    found = figures(rows([measure(plan, case_week(plan))]))
    assert found["rank_calls"] == pytest.approx(1 / 4)
    assert found["rank_employees"] is None
    assert np.isclose(found["joint_time_on_phone_p50"] or 0.0, 360.0)
