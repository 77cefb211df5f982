"""What counts as what, by whole centre, callers, queue and agents, on one day worked out by hand.

The day and its calls A to P are in ``tests/small_logs.py``.
"""

from __future__ import annotations

import pytest

from callsim.codes import Outcome, TransferResult
from callsim.experiments.estimates import rows
from callsim.measures import CATALOGUE, measure
from callsim.runlog import check_log
from tests.small_logs import answered, busy_day, busy_day_plan, contact, figures, lost, small_log, small_plan

# Waits of answered calls: A 0, N 0, O 60, B 30 + 40, P 100 + 50, L 3600; of abandoned ones: C 10 + 20, D 50.
# Beside these J waited 5, K 100 and M 100 up to the end of the run.
CENTRE = {
    "arrivals": 16, "fresh": 15, "repeats": 1, "offered": 12, "answered": 6, "abandoned": 2, "blocked": 1,
    "balked": 1, "closed": 1, "voicemail": 2, "voicemail_on_arrival": 1, "dropped_by_transfer": 1,
    "dropped_at_closing": 1, "transferred": 4, "unfinished": 1, "callers": 15, "callers_answered": 6,
    "abandonment_ratio": 2 / 12, "blocked_ratio": 1 / 13, "reach": 6 / 16, "reach_per_caller": 6 / 15,
    "service_level": 2 / 8, "share_held_an_hour": 1 / 6, "occupancy": 810 / 15370,
    "speed_of_answer": 3880 / 6, "mean_wait": 3960 / 8, "mean_wait_abandoned": 40,
    "wait_p50": 50, "wait_p80": 150, "wait_p90": 3600, "wait_p95": 3600, "wait_p99": 3600, "wait_max": 3600,
    "hold_per_caller": 4165 / 15, "calls_per_caller": 16 / 15, "mean_queue": 4165 / 7200,
    "handle_time": 620 / 6, "talk_time": 490 / 6, "after_call_work": 130 / 6,
    "signed_on_time": 15665, "overrun_time": 5, "break_time": 300, "staffed_time": 15370, "busy_time": 810,
    "idle_time": 14560, "absent_time": 3600, "paid_time": 19270,
}  # fmt: skip
ALICE = {
    "arrivals": 11, "fresh": 10, "repeats": 1, "offered": 9, "answered": 4, "abandoned": 2, "blocked": 1,
    "balked": 1, "closed": 0, "voicemail": 1, "voicemail_on_arrival": 0, "dropped_by_transfer": 1,
    "dropped_at_closing": 0, "transferred": 4, "unfinished": 1, "callers": 10, "callers_answered": 4,
    "abandonment_ratio": 2 / 9, "blocked_ratio": 1 / 10, "reach": 4 / 11, "reach_per_caller": 4 / 10,
    "service_level": 2 / 6, "share_held_an_hour": 0, "speed_of_answer": 130 / 4, "mean_wait": 210 / 6,
    "mean_wait_abandoned": 40, "wait_p50": 30, "wait_p80": 60, "wait_p90": 70, "wait_p95": 70, "wait_p99": 70,
    "wait_max": 70, "hold_per_caller": 315 / 10, "calls_per_caller": 11 / 10, "mean_queue": 315 / 7200,
    "handle_time": 500 / 4, "talk_time": 370 / 4, "after_call_work": 130 / 4,
}  # fmt: skip
SALES = {
    "arrivals": 12, "fresh": 10, "repeats": 1, "offered": 10, "answered": 8, "abandoned": 1, "blocked": 1,
    "balked": 1, "closed": 0, "voicemail": 1, "voicemail_on_arrival": 0, "dropped_by_transfer": 1,
    "dropped_at_closing": 0, "moved": 0, "transferred": 4, "unfinished": 1, "abandonment_ratio": 1 / 10,
    "blocked_ratio": 1 / 11, "reach": 8 / 12, "service_level": 5 / 9, "share_held_an_hour": 0,
    "speed_of_answer": 155 / 8, "mean_wait": 205 / 9, "mean_wait_abandoned": 50, "wait_p50": 10, "wait_p80": 50,
    "wait_p90": 60, "wait_p95": 60, "wait_p99": 60, "wait_max": 60, "mean_queue": 305 / 7200,
    "handle_time": 700 / 8, "talk_time": 580 / 8, "after_call_work": 120 / 8,
}  # fmt: skip
REPAIRS = {
    "arrivals": 7, "fresh": 5, "repeats": 0, "offered": 5, "answered": 2, "abandoned": 1, "blocked": 0, "balked": 0,
    "closed": 1, "voicemail": 1, "voicemail_on_arrival": 1, "dropped_by_transfer": 0, "dropped_at_closing": 1,
    "moved": 1, "transferred": 0, "unfinished": 0, "abandonment_ratio": 1 / 5, "blocked_ratio": 0, "reach": 2 / 7,
    "service_level": 0, "share_held_an_hour": 1 / 2, "speed_of_answer": 3640 / 2, "mean_wait": 3660 / 3,
    "mean_wait_abandoned": 20, "wait_p50": 40, "wait_p80": 3600, "wait_p90": 3600, "wait_p95": 3600, "wait_p99": 3600,
    "wait_max": 3600, "mean_queue": 3860 / 7200, "handle_time": 160 / 2, "talk_time": 150 / 2, "after_call_work": 5,
}  # fmt: skip
TEAM = {
    "answered": 8, "transferred": 4, "share_held_an_hour": 0, "occupancy": 650 / 8170, "speed_of_answer": 155 / 8,
    "wait_p50": 5, "wait_p80": 50, "wait_p90": 60, "wait_p95": 60, "wait_p99": 60, "wait_max": 60,
    "handle_time": 700 / 8, "talk_time": 580 / 8, "after_call_work": 120 / 8, "signed_on_time": 8465,
    "overrun_time": 5, "break_time": 300, "staffed_time": 8170, "busy_time": 650, "idle_time": 7520,
    "absent_time": 0, "paid_time": 8470,
}  # fmt: skip
CREW = {
    "answered": 2, "transferred": 0, "share_held_an_hour": 1 / 2, "occupancy": 160 / 7200,
    "speed_of_answer": 3640 / 2, "wait_p50": 40, "wait_p80": 3600, "wait_p90": 3600, "wait_p95": 3600,
    "wait_p99": 3600, "wait_max": 3600, "handle_time": 80, "talk_time": 75, "after_call_work": 5,
    "signed_on_time": 7200, "overrun_time": 0, "break_time": 0, "staffed_time": 7200, "busy_time": 160,
    "idle_time": 7040, "absent_time": 3600, "paid_time": 10800,
}  # fmt: skip
EXPECTED = {
    "": ({}, CENTRE),
    "callers": ({"callers": "alice"}, ALICE),
    "queue": ({"queue": "sales"}, SALES),
    "other queue": ({"queue": "repairs"}, REPAIRS),
    "agents": ({"agents": "team"}, TEAM),
    "other agents": ({"agents": "crew"}, CREW),
}


@pytest.mark.parametrize("scope", EXPECTED, ids=lambda name: name or "whole centre")
def test_every_measure_of_the_busy_day_has_its_hand_computed_value(scope: str) -> None:
    """Contacts count in {} and {callers}, legs in {queue} and {agents}; a contact's wait is the sum over its legs."""
    plan = busy_day_plan()
    where, expected = EXPECTED[scope]
    assert figures(measure(plan, busy_day(plan)), **where) == pytest.approx(expected, rel=1e-12)


def test_the_busy_day_is_a_possible_day() -> None:
    """The hand-made log keeps the rules that hold for every log."""
    check_log(busy_day(busy_day_plan()))


def test_the_hand_computed_tables_hold_every_measure_of_the_catalogue() -> None:
    """A measure that nobody has worked out by hand does not enter the catalogue."""
    for scope in ("", "callers", "queue", "agents"):
        assert set(EXPECTED[scope][1]) == {measure.name for measure in CATALOGUE if scope in measure.scopes}


def test_callers_without_patience_abandon_with_a_wait_of_zero() -> None:
    """They are offered, abandoned, and waited 0 s: not balked."""
    plan = small_plan()
    found = figures(measure(plan, small_log(plan, [contact(lost(5, 5)), contact(lost(9, 9))])))
    assert (found["offered"], found["abandoned"], found["balked"], found["mean_wait"]) == (2, 2, 0, 0)
    assert found["wait_p99"] == 0


def test_a_contact_has_the_outcome_of_its_last_leg_only() -> None:
    """Call C, answered at sales and abandoned at repairs, is abandoned once and answered never."""
    plan = busy_day_plan()
    by_callers = figures(measure(plan, busy_day(plan)), callers="alice")
    assert by_callers["answered"] + by_callers["abandoned"] == 6


def test_sums_over_callers_and_over_groups_are_those_of_the_centre() -> None:
    """Every contact belongs to one stream, and every agent to one group."""
    plan = busy_day_plan()
    measures = measure(plan, busy_day(plan))
    for scope, kind in (("callers", "count"), ("agents", "time")):
        names = [measure.name for measure in CATALOGUE if measure.kind == kind and {"", scope} <= set(measure.scopes)]
        total = dict.fromkeys(names, 0.0)
        for member in measures.members[scope]:
            found = figures(measures, **{scope: member})
            total = {name: total[name] + found[name] for name in names}
        assert total == {name: figures(measures)[name] for name in names}


def test_balances_of_the_specification_hold() -> None:
    """Arrivals and offered calls are the sums of what becomes of them, on contact and on leg basis."""
    plan = busy_day_plan()
    measures = measure(plan, busy_day(plan))
    turned_away = ("blocked", "balked", "closed", "voicemail_on_arrival")
    for scope in ({}, {"callers": "alice"}, {"queue": "sales"}, {"queue": "repairs"}):
        found = figures(measures, **scope)
        assert found["arrivals"] == found["offered"] + sum(found[name] for name in turned_away)
        if "queue" in scope:
            ends = ("answered", "abandoned", "dropped_at_closing", "moved", "unfinished")
        else:
            ends = ("answered", "abandoned", "dropped_at_closing", "dropped_by_transfer", "unfinished")
            found["offered"] -= found["voicemail"] - found["voicemail_on_arrival"]
        assert found["offered"] == sum(found[name] for name in ends)


def test_an_empty_log_gives_counts_of_zero_and_no_ratio_with_a_reason() -> None:
    """Empty denominators are null with a reason, never NaN and never 100 %."""
    plan = small_plan()
    found = {row.name: row for row in rows([measure(plan, small_log(plan, []))]) if not row.scope}
    assert found["answered"].value == 0
    assert (found["service_level"].value, found["service_level"].reason) == (None, "no call counts by the formula")
    assert (found["wait_p90"].value, found["wait_p90"].reason) == (None, "no call was answered or abandoned")
    assert (found["wait_max"].value, found["wait_max"].reason) == (None, "no call was answered or abandoned")
    assert found["occupancy"].value == 0


def test_a_caller_on_the_way_when_the_run_ends_is_unfinished_and_not_yet_dropped() -> None:
    """The agent still dials the closed department at the end: nobody was cut off, on contact and on leg basis."""
    plan = busy_day_plan()
    on_the_way = {"transfer": TransferResult.DROPPED_TARGET_CLOSED, "transfer_row": 0}
    log = small_log(plan, [contact(answered(7000, 7000, 195, **on_the_way), outcome=Outcome.UNFINISHED, ended=-1)])
    check_log(log)
    found = figures(measure(plan, log))
    assert (found["unfinished"], found["answered"], found["dropped_by_transfer"], found["transferred"]) == (1, 0, 0, 1)
    by_queue = figures(measure(plan, log), queue="sales")
    assert (by_queue["unfinished"], by_queue["answered"], by_queue["dropped_by_transfer"]) == (0, 1, 0)
