"""Advertised, open and staffed hours, and transfers into closed doors, by hand."""

import datetime as dt

from callsim.codes import IfClosed
from callsim.scenario.resolving.calendar import Timeline
from callsim.scenario.resolving.presence import both
from callsim.scenario.telling.coverage import coverage
from callsim.scenario.telling.span_texts import say_hours, say_spans
from callsim.units import DAY, HOUR, MINUTE, WEEK
from tests.small_scenarios import written

TWO_DESKS = """
    run: {start: 2025-06-02, measure: 1 week}
    callers: {all: {calls: {per_hour: 6}, to: support}}
    queues:
      support: {handle_time: constant 5m, open: "mon-fri 08:00-20:00, sat 08:00-12:00", advertised: daily 08:00-20:00}
      billing: {handle_time: constant 5m, open: mon-fri 09:00-17:00}
    agents:
      desk:
        answers: [support]
        shifts:
          early: {days: mon-sat, from: 08:00, for: 4h, heads: 1}
          late: {days: mon-fri, from: 12:00, for: 8h, heads: 1, breaks: [{length: 30m, between: 4h-4h}]}
      clerks: {answers: [billing], heads: 2}
    transfers: {wrong desk: {support: {billing: 10%}}, to billing: {if_closed: cut off}}
"""


def test_hours_of_a_queue_are_compared(tmp_path):
    """84 h advertised, 64 h open, 61.5 h staffed: a break of half an hour on each of five days is a hole."""
    report = coverage(written(tmp_path, TWO_DESKS))
    support = report.queues[0]
    assert [sum(b - a for a, b in spans) / HOUR for spans in (support.advertised, support.open, support.staffed)] == [
        84, 64, 61.5,
    ]  # fmt: skip
    assert support.open_without_heads[0] == (16 * HOUR, 16 * HOUR + 30 * MINUTE)
    assert len(support.open_without_heads) == 5
    assert support.advertised_but_closed == (
        (5 * DAY + 12 * HOUR, 5 * DAY + 20 * HOUR),
        (6 * DAY + 8 * HOUR, 6 * DAY + 20 * HOUR),
    )
    assert not report.is_complete


def test_transfers_into_a_closed_door_are_named_with_their_hours(tmp_path):
    """Support answers from 08:00 to 20:00, billing is open from 09:00 to 17:00."""
    (door,) = coverage(written(tmp_path, TWO_DESKS)).closed_doors
    assert (door.reason, door.source, door.target, door.if_closed) == (
        "wrong desk",
        "support",
        "billing",
        IfClosed.DROP,
    )
    assert door.when[:2] == ((8 * HOUR, 9 * HOUR), (17 * HOUR, 20 * HOUR))
    assert door.when[-1] == (5 * DAY + 8 * HOUR, 5 * DAY + 12 * HOUR)


def test_closings_after_which_nobody_is_there_are_counted(tmp_path):
    """Support closes with its last shift, six times; the clerks of billing never leave."""
    support, billing = coverage(written(tmp_path, TWO_DESKS)).queues
    assert [tick / HOUR for tick in support.closings_without_heads] == [20, 44, 68, 92, 116, 132]
    assert billing.closings_without_heads == ()


def test_the_report_says_every_hole(tmp_path):
    """As text, by weekday and hour."""
    assert str(coverage(written(tmp_path, TWO_DESKS))) == (
        "Coverage from mon 2025-06-02 00:00 to mon 2025-06-09 00:00\n"
        "support: advertised 84 h, open 64 h, staffed 61.5 h\n"
        "  advertised but closed: sat 12:00-20:00; sun 08:00-20:00\n"
        "  open without heads: mon-fri 16:00-16:30\n"
        "  nobody stays to serve who still waits at closing: 6 times, first mon 2025-06-02 20:00\n"
        "billing: advertised 40 h, open 40 h, staffed 40 h\n"
        "  advertised but closed: none\n"
        "  open without heads: none\n"
        "transfers into a closed door:\n"
        "  support to billing (wrong desk), the call is cut off: "
        "mon-fri 08:00-09:00; mon-fri 17:00-20:00; sat 08:00-12:00"
    )


def test_a_centre_that_is_always_there_is_complete(tmp_path):
    """No hole, no door; without a calendar too."""
    report = coverage(written(tmp_path, "run: {measure: 10h}"))
    assert report.is_complete
    assert str(report).splitlines()[0] == "Coverage from 0:00 to 10:00"


def test_hours_that_do_not_return_every_week_are_said_by_date():
    """Two Mondays in the window, a hole on one of them."""
    june = Timeline(dt.datetime(2025, 6, 2))
    window = (0, 2 * WEEK)
    both_weeks = [(8 * HOUR, 9 * HOUR), (WEEK + 8 * HOUR, WEEK + 9 * HOUR)]
    assert say_spans(june, both_weeks, window) == "mon 08:00-09:00"
    assert say_spans(june, both_weeks[1:], window) == "mon 2025-06-09 08:00-09:00"
    assert say_spans(june, [(22 * HOUR, 30 * HOUR)], window) == "mon 2025-06-02 22:00-24:00; tue 2025-06-03 00:00-06:00"
    assert say_spans(june, [], window) == "none"
    assert say_spans(june, [window], window) == "all the time"
    many = [(day * DAY + day * HOUR, day * DAY + day * HOUR + HOUR) for day in range(4)]
    assert say_spans(june, many, window, most=2) == "mon 2025-06-02 00:00-01:00; tue 2025-06-03 01:00-02:00 and 2 more"


def test_totals_are_said_in_hours():
    """One decimal; a little is not nothing."""
    assert [say_hours(ticks) for ticks in (0, HOUR, 90 * MINUTE, MINUTE)] == ["0 h", "1 h", "1.5 h", "less than 0.1 h"]


def test_both_is_the_intersection():
    """Of two lists of spans."""
    assert both([(0, 10), (20, 30)], [(5, 25), (28, 40)]) == [(5, 10), (20, 25), (28, 30)]
