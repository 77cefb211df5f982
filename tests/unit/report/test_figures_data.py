"""What figures draw, as numbers: from logs written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.codes import StaffingKind
from callsim.errors import CallsimError
from callsim.measures import UPPER_EDGES
from callsim.report import figures
from callsim.report.figures.hold_distribution import _EDGES, HOUR_AT
from callsim.report.figures.staff import groups_of, required, serves_only
from callsim.report.figures.staffing_curve import knee_of
from callsim.theory import required_agents
from tests.small_logs import (
    Contact,
    answered,
    busy_day,
    busy_day_plan,
    contact,
    ints,
    lost,
    small_log,
    small_plan,
    times,
    with_part,
)
from tests.unit.report.figure_results import compared, one_plan

STUDENT_2 = 12.7062047
"""Student's quantile for 95 % and two replications."""


def wait_of(seconds: float, at: float = 0.0, talk: float = 10.0) -> Contact:
    """Return a call that is answered after so many seconds."""
    return contact(answered(at, at + seconds, talk))


def test_hold_map_holds_the_mean_of_each_hour_and_nothing_where_nobody_waited() -> None:
    """Waits of 60 s and 120 s in the first hour are 90 s; an empty second hour is no number, not zero."""
    data = figures.hold_by_hour_data(one_plan(small_plan(horizon=7200.0), [wait_of(60.0), wait_of(120.0)]))
    assert data.wait.tolist()[0][0] == 90.0
    assert np.isnan(data.wait[0, 1])
    assert (data.days, data.hours, data.unit) == (("day 1",), ("00", "01"), "s")
    assert "day 1 00:00, 1:30.0 m:ss" in data.alt


def test_hold_map_marks_hours_that_are_not_known_well() -> None:
    """Two alike replications are sure; 10 s and 100 s are not; one replication never is."""
    plan = small_plan(horizon=7200.0)
    two = one_plan(plan, [wait_of(30.0), wait_of(10.0, 3600.0)], [wait_of(30.0), wait_of(100.0, 3600.0)])
    assert figures.hold_by_hour_data(two).vague.tolist() == [[False, True]]
    assert figures.hold_by_hour_data(one_plan(plan, [wait_of(30.0)])).vague.tolist() == [[True, False]]


def test_hold_map_names_the_days_of_a_calendar_and_the_unit_that_suits() -> None:
    """Hour 25 of the week is Tuesday 01:00; waits of ten minutes are drawn in minutes."""
    plan = small_plan(horizon=3600.0)
    plan = with_part(plan, "clock", start="2025-03-04T01:00:00+01:00", hour_of_week=ints([25], np.int32))
    data = figures.hold_by_hour_data(one_plan(plan, [wait_of(600.0)]))
    assert (data.days, data.hours, data.unit, data.wait.tolist()) == (("Tue",), ("01",), "min", [[10.0]])


@pytest.mark.parametrize("name", ["hold_by_hour_data", "calls_by_interval_data", "queue_length"])
def test_figures_by_time_say_how_to_ask_for_their_rows(name: str) -> None:
    """Without rows by interval or hour of the week the message names the argument."""
    bare = one_plan(small_plan(), [wait_of(60.0)], by=(), keep_logs=False)
    with pytest.raises(CallsimError, match="by="):
        getattr(figures, name)(bare)


def test_a_variant_or_queue_that_is_not_there_is_named_with_those_that_are() -> None:
    """The message lists the names to choose from."""
    result = one_plan(small_plan(), [wait_of(60.0)])
    with pytest.raises(CallsimError, match="variants are: base"):
        figures.agents_by_state_data(result, "bases")
    with pytest.raises(CallsimError, match="queues are: desk"):
        figures.hold_distribution_data(result, queue="disk")


def test_every_class_of_waits_ends_at_the_edge_of_a_bin() -> None:
    """Otherwise a bin would lie in two classes."""
    assert np.isin(_EDGES[1:-1], UPPER_EDGES).all()
    assert _EDGES[HOUR_AT - 1] == 3600.0


def test_distribution_keeps_answered_and_abandoned_apart_and_counts_an_hour_as_no_more() -> None:
    """Of six visits one waited longer than an hour; exactly 20 s and exactly an hour belong below."""
    calls = [wait_of(0.0), wait_of(20.0), wait_of(21.0), wait_of(3600.0), wait_of(3601.0), contact(lost(0.0, 70.0))]
    data = figures.hold_distribution_data(one_plan(small_plan(horizon=9000.0), calls))
    sixth = 100 / 6
    assert data.answered == pytest.approx([sixth, sixth, sixth, 0, 0, 0, 0, 0, sixth, sixth])
    assert data.abandoned == pytest.approx([0, 0, 0, sixth, 0, 0, 0, 0, 0, 0])
    assert data.classes[-1] == "1 – 2 h"
    assert data.hour_text == "16.7 % more than an hour"


def test_distribution_of_a_queue_needs_agents_of_its_own() -> None:
    """The agents of both queues answer both: their histograms cannot be taken apart by queue."""
    plan = busy_day_plan()
    result = compared({"base": plan}, {"base": [busy_day(plan)]})
    with pytest.raises(CallsimError, match="answer other queues too"):
        figures.hold_distribution_data(result, queue="sales")
    own = with_part(plan, "agents", level=ints([[1, 0], [0, 1]], np.int32))
    assert (groups_of(own, "sales"), serves_only(own, "sales"), serves_only(plan, "sales")) == (("team",), True, False)


def test_agents_time_adds_up_to_the_paid_time() -> None:
    """Team: 8470 s paid, 650 s busy, 300 s break; crew: 10800 s paid, 3600 s of them nobody came."""
    plan = busy_day_plan()
    data = figures.agents_by_state_data(compared({"base": plan}, {"base": [busy_day(plan)]}))
    assert data.states == ("talk and after-call work", "waiting for a call", "break", "did not come")
    team = [650 / 8470, 7520 / 8470, 300 / 8470, 0.0]
    crew = [160 / 10800, 7040 / 10800, 0.0, 3600 / 10800]
    assert data.share == pytest.approx(100 * np.array([team, crew]).T)
    assert data.left[-1] + data.share[-1] == pytest.approx([100.0, 100.0])
    assert data.middle[0, 0] == pytest.approx(50 * 650 / 8470)
    assert data.groups[1] == "crew\n3 h paid"
    assert [cells[0] for cells in data.cells] == ["7.67", "88.8", "3.54", "0.00"]


def test_shares_of_paid_time_have_one_decimal_at_the_most_however_sure_they_are() -> None:
    """Alike replications have an interval of no width: 50/3 % is 16.7 all the same, not 16.67."""
    data = figures.agents_by_state_data(one_plan(small_plan(groups={"team": 1}), *[[wait_of(0.0, talk=600.0)]] * 2))
    assert data.cells[0] == ("16.7",)


def test_shift_plan_averages_heads_and_duties_over_each_interval() -> None:
    """Two heads that become four half-way are three; a duty of 20 minutes in half an hour is two thirds."""
    plan = small_plan(groups={"team": 4, "crew": 1})
    plan = with_part(
        plan,
        "agents",
        kind=ints([StaffingKind.HEADS, StaffingKind.SHIFTS], np.int8),
        heads_time=times([0, 900]),
        heads_group=ints([0, 0], np.int32),
        heads_count=ints([2, 4], np.int32),
        duty_agent=ints([4], np.int32),
        duty_start=times([600]),
        duty_end=times([2400]),
        duty_hash=ints([1], np.uint32),
        duty_day=ints([0], np.int32),
        duty_position=ints([0], np.int32),
        duty_no_show=ints([0]),
        break_offset=ints([0, 1]),
        break_start=times([1800]),
        break_length=times([100]),
    )
    data = figures.shift_plan_data(plan)
    assert data.heads == pytest.approx(np.array([[3.0, 4.0], [1200 / 1800, 500 / 1800]]))
    assert data.top[-1] == pytest.approx(data.heads.sum(0))


def test_queue_path_is_the_mean_number_waiting_in_each_part() -> None:
    """One caller waits for the first two of 96 parts and one is still waiting in the last, in one of two runs."""
    plan = small_plan()
    calls = [wait_of(75.0), contact(lost(3562.5, -1.0, outcome=0))]
    data = figures.queue_length_data(one_plan(plan, calls, []))
    assert len(data.mean) == 96
    assert data.one.tolist() == [1.0, 1.0] + [0.0] * 93 + [1.0]
    assert data.mean.tolist() == [0.5, 0.5] + [0.0] * 93 + [0.5]
    assert data.high[0] == pytest.approx(0.5 + STUDENT_2 * 0.5)
    assert data.low[0] == 0.0


def test_queue_path_without_logs_comes_from_the_rows_by_interval() -> None:
    """A caller who waits for a quarter of the first half hour is a quarter of a caller."""
    data = figures.queue_length_data(one_plan(small_plan(), [wait_of(450.0)], keep_logs=False))
    assert data.mean.tolist() == [0.25, 0.0]
    assert data.edges.tolist() == [0.0, 0.5, 1.0]
    assert not len(data.one)


def test_differences_are_sorted_and_marked_only_where_the_interval_leaves_out_zero() -> None:
    """Sixty seconds less in both pairs is sure; no change is not, nor is -50 s and +30 s."""
    plan = small_plan()
    waits = {"base": (100, 120), "mixed": (50, 150), "same": (100, 120), "shorter": (40, 60)}
    logs = {
        name: [small_log(plan, [wait_of(wait)], replication=n) for n, wait in enumerate(waits[name])] for name in waits
    }
    data = figures.variant_differences_data(compared(dict.fromkeys(waits, plan), logs))
    assert data.variants == ("shorter", "mixed", "same")
    assert data.value == (-60.0, -10.0, 0.0)
    assert data.sure == (True, False, False)
    assert data.cells[0] == "\N{MINUS SIGN}1:00 ± 0:00"
    assert (data.unit, data.cell_unit) == ("s", "m:ss")


def test_differences_need_a_variant_and_a_known_measure() -> None:
    """A run alone has no difference; a misspelt measure is named."""
    result = one_plan(small_plan(), [wait_of(60.0)])
    with pytest.raises(CallsimError, match="no difference"):
        figures.variant_differences_data(result)
    with pytest.raises(CallsimError, match="did you mean mean_wait"):
        figures.variant_differences_data(result, "mean_weight")


def test_calls_by_interval_counts_calls_agents_and_levels() -> None:
    """A break of five minutes is missing from the agents there; an interval without calls has no level."""
    plan = busy_day_plan()
    data = figures.calls_by_interval_data(compared({"base": plan}, {"base": [busy_day(plan)]}))
    assert data.offered.tolist() == [7, 2, 1, 2]
    assert data.staffed == pytest.approx([1 + 1270 / 1800 + 1, 2, 1 + 1500 / 1800, 2])
    assert np.isnan(data.required).all()
    assert data.target is None
    assert data.minutes == 30.0


@pytest.mark.parametrize(("calls", "wait"), [(100.0, 20.0), (7.0, 60.0), (640.0, 0.0), (1000.0, 300.0)])
def test_required_agents_are_those_that_theory_finds(calls: float, wait: float) -> None:
    """The closed formula and the numerical search of the theory room agree for calls of three minutes."""
    plan = with_part(small_plan(), "queues", target_share=np.array([0.8]), acceptable_wait=times([wait]))
    wanted = required_agents(calls / 1800.0, 180.0, target=0.8, acceptable_wait=wait).n_agents
    assert required(plan, "desk", calls, 180.0, 1800.0) == wanted


def test_required_agents_are_none_without_calls_and_unknown_without_a_target() -> None:
    """Ten erlangs, 80 % within 20 s take 14; nobody calls: none; no target or no work known: no number."""
    plan = with_part(small_plan(), "queues", target_share=np.array([0.8]))
    assert required(plan, "desk", 100.0, 180.0, 1800.0) == 14.0
    assert required(plan, "desk", 0.0, 180.0, 1800.0) == 0.0
    assert np.isnan(required(small_plan(), "desk", 100.0, 180.0, 1800.0))
    assert np.isnan(required(plan, "desk", 100.0, 0.0, 1800.0))


@pytest.mark.parametrize(
    ("y", "half", "knee"),
    [
        ([0, 60, 90, 95, 100], 0.0, 2),
        ([0, 25, 50, 75, 100], 0.0, None),
        ([0, 30, 50, 75, 100], 6.0, None),
        ([100, 50, 20, 10, 0], 0.0, None),
        ([0, 5, 10, 40, 100], 0.0, None),
    ],
    ids=["bends", "straight", "within the interval", "falls", "bends the other way"],
)
def test_knee_is_furthest_above_the_chord_if_the_interval_supports_it(
    y: list[float], half: float, knee: int | None
) -> None:
    """A straight line has none, nor a bend that is smaller than the half width."""
    assert knee_of(np.arange(5.0), np.array(y, float), np.full(5, half)) == knee


def test_staffing_curve_orders_by_the_agents_there_and_draws_equal_points_once() -> None:
    """The base with two agents comes again in the sweep; two numbers of agents alone are no curve."""
    plans = {name: small_plan(groups={"team": heads}) for name, heads in {"base": 2, "2": 2, "3": 3, "1": 1}.items()}
    waits = {"base": 30, "2": 30, "3": 10, "1": 60}
    logs = {name: [small_log(plans[name], [wait_of(waits[name]), wait_of(0.0)])] for name in plans}
    data = figures.staffing_curve_data(compared(plans, logs))
    assert data.variants == ("1", "base", "3")
    assert data.agents.tolist() == [1.0, 2.0, 3.0]
    assert data.service_level.tolist() == [50.0, 50.0, 100.0]
    with pytest.raises(CallsimError, match="fewer than three"):
        figures.staffing_curve_data(compared({name: plans[name] for name in ("base", "3")}, logs))
