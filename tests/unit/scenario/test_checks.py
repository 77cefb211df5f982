"""What only the whole scenario shows, with the full text of each message."""

import pytest

from tests.small_scenarios import plan_of, problems_of

HOURS = """
    run: {start: 2025-06-02, measure: 1 week}
    callers: {all: {calls: {per_hour: 6}, to: main}}
    queues: {main: {handle_time: constant 5m, open: mon-fri 08:00-18:00EXTRA}}
    agents:
      team:
        answers: [main]
        shifts: {early: {days: mon-fri, from: 08:00, for: 8h, heads: 3BREAKS}}
"""
STAFFED = HOURS.replace("08:00-18:00", "08:00-16:00").replace("EXTRA", "")


def test_hours_without_heads_are_named(tmp_path):
    """The last two hours of each day."""
    assert problems_of(tmp_path, HOURS.replace("EXTRA", "").replace("BREAKS", "")) == [
        "3 queues.main.open: 10 h open without heads: mon-fri 16:00-18:00; "
        "while 'main' is open, somebody of team must be there, breaks included"
    ]


def test_hours_without_heads_may_be_on_purpose(tmp_path):
    """Said by the queue."""
    plan = plan_of(tmp_path, HOURS.replace("EXTRA", ", unstaffed: on purpose").replace("BREAKS", ""))
    assert plan.n_agents == 3


def test_a_break_that_nobody_covers_is_a_hole(tmp_path):
    """Three heads and one slot for all of them; with a window they take turns."""
    together = STAFFED.replace("BREAKS", ", breaks: [{length: 30m, between: 4h-4h}]")
    staggered = STAFFED.replace("BREAKS", ", breaks: [{length: 30m, between: 4h-5h}]")
    (found,) = problems_of(tmp_path, together)
    assert found.startswith("3 queues.main.open: 2.5 h open without heads: mon-fri 12:00-12:30; ")
    assert len(plan_of(tmp_path, staggered).agents.break_start) == 15


def test_a_queue_that_nobody_answers_is_an_error_if_callers_can_come(tmp_path):
    """By transfer here; a queue that nobody reaches may stand idle."""
    text = """
    callers: {all: {calls: {per_hour: 6}, to: main}}
    queues: {main: {handle_time: constant 5m}, other: {handle_time: constant 5m}}
    agents: {team: {heads: 3, answers: [main]}}
    """
    assert problems_of(tmp_path, text.rstrip() + "\n    transfers: {wrong desk: {main: {other: 5%}}}\n") == [
        "2 queues.other: a queue that nobody answers; callers can come to 'other', so a group must answer it"
    ]
    assert plan_of(tmp_path, text).n_queues == 2


@pytest.mark.parametrize("rule", ["keep the caller", "cut off", "return to sender"])
def test_a_transfer_target_that_is_never_open_is_an_error(tmp_path, rule):
    """Support answers on weekdays, the target opens at weekends only."""
    assert problems_of(tmp_path, NEVER_OPEN.replace("RULE", rule)) == [
        "6 transfers.wrong desk.day.weekend: a transfer to 'weekend', which is never open when 'day' answers; "
        "a transfer must meet an open door at some time"
    ]


@pytest.mark.parametrize("rule", ["hold until open", "voicemail"])
def test_a_transfer_that_waits_for_the_opening_or_speaks_on_tape_may_meet_closed_doors_always(tmp_path, rule):
    """That is what these rules are for."""
    assert len(plan_of(tmp_path, NEVER_OPEN.replace("RULE", rule)).transfers.share) == 1


NEVER_OPEN = """
    callers: {all: {calls: {per_hour: 6}, to: day}}
    queues:
      day: {handle_time: constant 5m, open: mon-fri 08:00-18:00}
      weekend: {handle_time: constant 5m, open: sat-sun 08:00-18:00}
    agents: {team: {heads: 3, answers: [day, weekend]}}
    transfers: {wrong desk: {day: {weekend: 5%}, if_closed: RULE}}
"""


def test_no_lines_at_all_are_an_error(tmp_path):
    """Every call would be blocked."""
    assert problems_of(tmp_path, "lines: 0") == ["1 lines: 0; without a line every call gets a busy tone"]


def test_serving_the_waiting_needs_no_heads_after_closing(tmp_path):
    """All shifts end with the opening hours: the coverage report counts it, no check refuses it."""
    assert plan_of(tmp_path, STAFFED.replace("BREAKS", "")).n_agents == 3
