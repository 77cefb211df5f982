"""Caller basis: a person and all of his calls."""

from __future__ import annotations

from callsim.codes import Cause, Outcome
from callsim.measures import measure
from tests.small_logs import answered, contact, figures, lost, small_log, small_plan, ticks, with_part


def test_a_caller_answered_at_the_third_attempt_is_reached_once() -> None:
    """Two people: one calls three times (waits 10, 20, 30), one is blocked for good."""
    plan = small_plan()
    log = small_log(
        plan,
        [
            contact(lost(0, 10), n=5),
            contact(lost(100, 120), n=5, attempt=1, cause=1),
            contact(answered(200, 230, 10), n=5, attempt=2, cause=1),
            contact(arrived=50, outcome=Outcome.BLOCKED, n=6),
        ],
    )
    found = figures(measure(plan, log))
    assert (found["callers"], found["callers_answered"], found["reach_per_caller"]) == (2, 1, 0.5)
    assert (found["reach"], found["calls_per_caller"], found["hold_per_caller"]) == (0.25, 2, 30)
    assert (found["fresh"], found["repeats"]) == (2, 2)


def test_callers_born_in_the_warm_up_are_not_followed() -> None:
    """Their repeats count as calls of the window, but not on caller basis."""
    plan = small_plan(horizon=4600.0, warm_up=1000.0)
    log = small_log(
        plan,
        [
            contact(lost(900, 910), n=1),
            contact(answered(1500, 1540, 10), n=1, attempt=1, cause=1),
            contact(lost(2000, 2007), n=2),
        ],
    )
    found = figures(measure(plan, log))
    assert (found["arrivals"], found["repeats"], found["answered"]) == (2, 1, 1)
    assert (found["callers"], found["callers_answered"], found["hold_per_caller"]) == (1, 0, 7)


def test_only_repeats_in_the_window_leave_no_caller() -> None:
    """Nobody was born in the window: caller basis is empty."""
    plan = small_plan(horizon=4600.0, warm_up=1000.0)
    log = small_log(plan, [contact(lost(900, 910), n=1), contact(lost(1500, 1540), n=1, attempt=1, cause=1)])
    found = figures(measure(plan, log))
    assert (found["callers"], found["reach_per_caller"], found["arrivals"]) == (0, None, 1)


def test_callers_of_the_same_number_in_another_stream_or_block_are_other_people() -> None:
    """Identity is (stream, block, n); a replayed call has block -1."""
    plan = small_plan(streams={"alice": 0, "bob": 0})
    log = small_log(
        plan,
        [
            contact(lost(0, 1), n=0, block=-1),
            contact(lost(10, 11), n=0, block=0),
            contact(lost(20, 21), n=0, block=0, stream=1),
            contact(answered(30, 30, 1), n=0, block=0, stream=1, attempt=1, cause=1),
        ],
    )
    measures = measure(plan, log)
    assert figures(measures, callers="alice")["callers_answered"] == 0
    assert figures(measures, callers="bob")["callers_answered"] == 1


def test_callers_are_attributed_to_the_interval_of_their_first_call() -> None:
    """Born in the first half-hour, answered in the second: the first half-hour reached him."""
    plan = small_plan()
    log = small_log(plan, [contact(lost(0, 1)), contact(answered(2000, 2000, 1), n=0, attempt=1, cause=1)])
    measures = measure(plan, log, ("interval",))
    assert figures(measures, ("interval",), interval="0:00")["reach_per_caller"] == 1
    assert figures(measures, ("interval",), interval="0:30")["reach_per_caller"] is None


def test_callers_are_followed_beyond_the_window() -> None:
    """The window ends at 1,000 s, the run at 4,600 s: who called first within it, and again behind it, is reached."""
    plan = small_plan(horizon=1000.0, interval=500.0)
    plan = with_part(plan, "clock", horizon=ticks(4600.0))
    log = small_log(
        plan,
        [
            contact(lost(900, 910), n=1),
            contact(answered(1500, 1540, 10), n=1, attempt=1, cause=1),
            contact(answered(2000, 2007, 5), n=2),
        ],
    )
    found = figures(measure(plan, log))
    assert (found["arrivals"], found["answered"]) == (1, 0)
    assert (found["callers"], found["callers_answered"], found["calls_per_caller"]) == (1, 1, 2)
    assert found["hold_per_caller"] == 50


def test_calls_that_the_provider_makes_are_not_the_callers() -> None:
    """Nobody holds the line while a call-back waits for an employee."""
    plan = small_plan()
    log = small_log(
        plan, [contact(lost(0, 10), n=1), contact(answered(100, 400, 20), n=1, attempt=1, cause=Cause.CALL_BACK)]
    )
    found = figures(measure(plan, log))
    assert (found["callers"], found["callers_answered"], found["calls_per_caller"]) == (1, 1, 1)
    assert found["hold_per_caller"] == 10
