"""Small centres whose whole log is computed by hand: one rule a test, every engine alike.

Times are seconds since the start. Legs are (queue, entered, left, outcome, agent).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsim.codes import Purpose
from callsim.plan.draws import draw, name_hash, pick

ONE_AGENT = """
    run: {measure: 1000s, at_end: drain}
    callers:
      a: {calls: {recorded: a.csv}, to: main, %s}
    queues:
      main: {handle_time: constant 100s}
    agents:
      team: {heads: %s, answers: [main]}
"""


def test_first_come_first_served(centre: Any) -> None:
    """Three calls, one agent of 100 s: each waits for the one before."""
    story = centre(ONE_AGENT % ("priority: 5", 1), {"a": [10, 20, 250]})
    assert story.legs() == [
        ("main", 10, 10, "ANSWERED", 0),
        ("main", 20, 110, "ANSWERED", 0),
        ("main", 250, 250, "ANSWERED", 0),
    ]
    assert story.legs("talk_end", "handle_end") == [(110, 110), (210, 210), (350, 350)]
    assert story.log.queue_time.tolist() == [90_000_000]
    assert story.log.busy_time.tolist() == [300_000_000]


def test_a_caller_hangs_up_when_his_patience_ends_before_an_agent_is_free(centre: Any) -> None:
    """Patience 60 s: the second hangs up at 80, so the third is next at 110."""
    story = centre(ONE_AGENT % ("patience: constant 60s", 1), {"a": [10, 20, 60]})
    assert story.legs() == [
        ("main", 10, 10, "ANSWERED", 0),
        ("main", 20, 80, "ABANDONED", -1),
        ("main", 60, 110, "ANSWERED", 0),
    ]


def test_a_caller_is_answered_at_the_very_instant_his_patience_ends(centre: Any) -> None:
    """Written event order: a service end comes before a patience end."""
    story = centre(ONE_AGENT % ("patience: constant 90s", 1), {"a": [10, 20]})
    assert story.legs()[1] == ("main", 20, 110, "ANSWERED", 0)


def test_without_patience_a_caller_is_answered_only_by_an_idle_agent(centre: Any) -> None:
    """Patience 0 s: abandons with wait 0, even if the agent is free at that instant but one event later."""
    story = centre(ONE_AGENT % ("patience: constant 0s", 1), {"a": [10, 20, 110]})
    assert story.legs() == [
        ("main", 10, 10, "ANSWERED", 0),
        ("main", 20, 20, "ABANDONED", -1),
        ("main", 110, 110, "ANSWERED", 0),
    ]


def test_the_agent_who_has_been_idle_longest_answers(centre: Any) -> None:
    """Agents 0, 1, 2 are idle since 0: lowest number; at 300 agent 0 is idle since 110, 1 since 120, 2 since 0."""
    story = centre(ONE_AGENT % ("priority: 5", 3), {"a": [10, 20, 300, 301, 302]})
    assert [row[0] for row in story.legs("agent")] == [0, 1, 2, 0, 1]


def test_after_call_work_keeps_the_agent_but_not_the_caller(centre: Any) -> None:
    """Talk 60 s and work 40 s: the line is free at 70, the agent at 110."""
    text = """
        run: {measure: 1000s, at_end: drain}
        lines: 1
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {talk: constant 60s, after_call_work: constant 40s}
        agents:
          team: {heads: 1, answers: [main]}
    """
    story = centre(text, {"a": [10, 69, 70]})
    assert story.outcomes() == ["ANSWERED", "BLOCKED", "ANSWERED"]
    assert story.legs() == [("main", 10, 10, "ANSWERED", 0), ("main", 70, 110, "ANSWERED", 0)]
    assert story.log.contacts["ended"].tolist() == [70_000_000, 69_000_000, 170_000_000]


def test_a_full_queue_gives_a_busy_tone_unless_an_agent_is_free(centre: Any) -> None:
    """Limit 1: the third call finds one waiting; limit 0 would still let calls be answered at once."""
    text = (ONE_AGENT % ("priority: 5", 1)).replace("constant 100s", "constant 100s, limit: 1")
    story = centre(text, {"a": [10, 20, 30, 115]})
    assert story.outcomes() == ["ANSWERED", "ANSWERED", "BLOCKED", "ANSWERED"]
    assert story.legs()[2] == ("main", 115, 210, "ANSWERED", 0)


def test_at_the_end_of_a_run_that_stops_callers_are_unfinished(centre: Any) -> None:
    """The horizon is half-open: what would happen at 110 s does not, and nobody calls at 110 s."""
    text = (ONE_AGENT % ("priority: 5", 1)).replace("1000s, at_end: drain", "110s")
    story = centre(text, {"a": [10, 20, 110]})
    assert story.legs() == [("main", 10, 10, "ANSWERED", 0), ("main", 20, -1, "UNFINISHED", -1)]
    assert story.legs("talk_end", "transfer")[0] == (110, "UNFINISHED")
    assert story.outcomes() == ["ANSWERED", "UNFINISHED"]
    assert story.log.queue_time.tolist() == [90_000_000]
    assert story.log.busy_time.tolist() == [100_000_000]


def test_when_heads_fall_idle_agents_leave_first_and_the_rest_is_owed(centre: Any) -> None:
    """3 heads fall to 1 at 60: idle agent 2 leaves, agent 0 (first to finish) owes and leaves at 110."""
    text = (ONE_AGENT % ("priority: 5", "3")).replace("heads: 3", "staffing: {every: 60s, heads: [3, 1]}")
    story = centre(text, {"a": [10, 20, 70, 75]})
    assert story.legs() == [
        ("main", 10, 10, "ANSWERED", 0),
        ("main", 20, 20, "ANSWERED", 1),
        ("main", 70, 120, "ANSWERED", 1),
        ("main", 75, 220, "ANSWERED", 1),
    ]
    assert story.spans() == [
        (0, "SIGNED_ON", 0, 60),
        (0, "OVERRUN", 60, 110),
        (1, "SIGNED_ON", 0, -1),
        (2, "SIGNED_ON", 0, 60),
    ]


def test_when_heads_rise_debts_are_forgiven_before_anybody_signs_on(centre: Any) -> None:
    """2 heads fall to 0 at 60 and rise to 2 at 90: agent 0 and 1, both busy, are forgiven and stay."""
    text = (ONE_AGENT % ("priority: 5", "2")).replace("heads: 2", "staffing: {every: 30s, heads: [2, 2, 0, 2]}")
    text = text.replace("constant 100s", "constant 100s, unstaffed: on purpose")
    story = centre(text, {"a": [10, 20, 95]})
    assert story.legs()[2] == ("main", 95, 110, "ANSWERED", 0)
    assert story.spans() == [
        (0, "SIGNED_ON", 0, 60),
        (0, "OVERRUN", 60, 90),
        (0, "SIGNED_ON", 90, -1),
        (1, "SIGNED_ON", 0, 60),
        (1, "OVERRUN", 60, 90),
        (1, "SIGNED_ON", 90, -1),
    ]


def test_new_heads_take_waiting_calls_at_once(centre: Any) -> None:
    """From 0 to 1 head at 60 s: the caller who waits since 10 is answered at 60."""
    text = (ONE_AGENT % ("priority: 5", "1")).replace("heads: 1", "staffing: {every: 60s, heads: [0, 1]}")
    text = text.replace("constant 100s", "constant 100s, unstaffed: on purpose")
    assert centre(text, {"a": [10]}).legs() == [("main", 10, 60, "ANSWERED", 0)]


DAY = """
    run: {start: 2025-06-02, measure: 1 day, at_end: stop}
    callers:
      a: {calls: {recorded: a.csv}, to: main, %s}
    queues:
      main: {open: %s, handle_time: constant 10m, unstaffed: on purpose, %s}
    agents:
      team: {answers: [main], %s}
"""
HOUR = 3600


def test_a_shift_ends_with_the_call(centre: Any) -> None:
    """Shift 08:00 to 16:00, call at 15:55: he finishes at 16:05 and goes; the next caller waits in vain."""
    shifts = "shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 1}}"
    story = centre(DAY % ("patience: constant 1h", "24/7", "limit: 9", shifts), {"a": [15.9166666 * HOUR, 16 * HOUR]})
    assert story.legs("outcome", "agent") == [("ANSWERED", 0), ("ABANDONED", -1)]
    on, over = story.spans()
    assert on == (0, "SIGNED_ON", 8 * HOUR, 16 * HOUR)
    assert over[:3] == (0, "OVERRUN", 16 * HOUR)
    assert over[3] == story.legs("handle_end")[0][0]


def test_a_shift_over_midnight_belongs_to_the_day_it_begins(centre: Any) -> None:
    """Sunday's night shift 22:00 to 06:00 is on duty when Monday's run begins at 00:00."""
    shifts = "shifts: {night: {days: sun, from: 22:00, for: 8h, heads: 1}}"
    story = centre(DAY % ("priority: 5", "24/7", "limit: 9", shifts), {"a": [5 * HOUR]})
    assert story.legs("outcome") == [("ANSWERED",)]
    assert story.spans() == [(0, "SIGNED_ON", 0, 6 * HOUR)]


def test_a_break_waits_for_the_call_and_keeps_its_length(centre: Any) -> None:
    """Break at 10:00 for 30 min, call at 09:55: away 10:05 to 10:35, the caller of 10:01 is answered at 10:35."""
    shifts = "shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 1}}, breaks: [{length: 30m, between: 2h-2h}]"
    calls = {"a": [9 * HOUR + 3300, 10 * HOUR + 60]}
    story = centre(DAY % ("priority: 5", "24/7", "limit: 9", shifts), calls)
    assert story.legs("left") == [(9 * HOUR + 3300,), (10 * HOUR + 2100,)]
    assert (0, "BREAK", 10 * HOUR + 300, 10 * HOUR + 2100) in story.spans()


def test_a_late_break_may_keep_its_end(centre: Any) -> None:
    """The same with `late_break: keeps its end`: back at 10:30."""
    shifts = (
        "late_break: keeps its end, shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 1}}, "
        "breaks: [{length: 30m, between: 2h-2h}]"
    )
    calls = {"a": [9 * HOUR + 3300, 10 * HOUR + 60]}
    story = centre(DAY % ("priority: 5", "24/7", "limit: 9", shifts), calls)
    assert story.legs("left")[1] == (10 * HOUR + 1800,)
    assert (0, "BREAK", 10 * HOUR + 300, 10 * HOUR + 1800) in story.spans()


def test_who_does_not_show_up_is_absent_for_the_whole_shift(centre: Any) -> None:
    """No-show probability 1: the shift is planned, nobody comes, the log says so."""
    shifts = "no_show: 100%, shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 1}}"
    story = centre(DAY % ("patience: constant 5m", "24/7", "limit: 9", shifts), {"a": [9 * HOUR]})
    assert story.spans() == [(0, "ABSENT", 8 * HOUR, 16 * HOUR)]
    assert story.outcomes() == ["ABANDONED"]


NINE_TO_FIVE = "mon-sun 09:00-17:00"
ALWAYS_THERE = "heads: 1"


def test_arriving_closed_has_five_rules(centre: Any) -> None:
    """A call at 08:00, doors open at 09:00: announcement, busy tone, voicemail, hold until open."""
    for rule, outcome in (
        ("announce and hang up", "CLOSED"),
        ("busy tone", "BLOCKED"),
        ("voicemail", "VOICEMAIL"),
    ):
        text = DAY % ("priority: 5", NINE_TO_FIVE, f"when_closed: {rule}", ALWAYS_THERE)
        story = centre(text, {"a": [8 * HOUR]})
        assert (story.outcomes(), story.legs()) == ([outcome], [])
    text = DAY % ("priority: 5", NINE_TO_FIVE, "when_closed: hold until open", ALWAYS_THERE)
    story = centre(text, {"a": [8 * HOUR, 8.5 * HOUR]})
    assert story.legs() == [
        ("main", 8 * HOUR, 9 * HOUR, "ANSWERED", 0),
        ("main", 8.5 * HOUR, 9 * HOUR + 600, "ANSWERED", 0),
    ]


def test_a_closed_queue_may_overflow_to_another(centre: Any) -> None:
    """The call goes to the night desk at once, and is not counted as closed."""
    text = (DAY % ("priority: 5", NINE_TO_FIVE, "when_closed: overflow to night", "heads: 1")).replace(
        "    agents:", "      night: {handle_time: constant 5m}\n    agents:"
    )
    text = text.replace("answers: [main]", "answers: [main, night]")
    story = centre(text, {"a": [8 * HOUR]})
    assert story.legs() == [("night", 8 * HOUR, 8 * HOUR, "ANSWERED", 0)]
    assert story.outcomes() == ["ANSWERED"]


def test_last_admission_turns_callers_away_before_closing(centre: Any) -> None:
    """Closing 17:00, last admission 10 min: 16:49:59 is let in, 16:50 is not."""
    text = DAY % ("priority: 5", NINE_TO_FIVE, "last_admission: 10m", ALWAYS_THERE)
    story = centre(text, {"a": [16 * HOUR + 2999, 16 * HOUR + 3000]})
    assert story.outcomes() == ["ANSWERED", "CLOSED"]


def test_the_waiting_at_closing_have_four_rules(centre: Any) -> None:
    """Calls at 16:50 (talks until 17:00:01) and 16:55: served, cut off, kept until 09:00, moved."""
    calls = {"a": [16 * HOUR + 3001, 16 * HOUR + 3300]}
    expected = {
        "serve the waiting": ("ANSWERED", 17 * HOUR + 1),
        "cut off": ("DROPPED_AT_CLOSING", 17 * HOUR),
        "keep until open": ("ANSWERED", 33 * HOUR),
    }
    for rule, (outcome, left) in expected.items():
        text = (DAY % ("priority: 5", NINE_TO_FIVE, f"at_closing: {rule}", ALWAYS_THERE)).replace("1 day", "2 days")
        story = centre(text, calls)
        assert story.legs("outcome", "left")[1] == (outcome, left), rule
        assert story.outcomes()[1] == outcome


def test_the_waiting_may_move_to_another_queue_at_closing(centre: Any) -> None:
    """At 17:00 the second caller moves to the night desk, with the patience he has left (10 of 15 min)."""
    text = (DAY % ("patience: constant 15m", NINE_TO_FIVE, "at_closing: move to night", "heads: 1")).replace(
        "    agents:", "      night: {handle_time: constant 5m}\n    agents:"
    )
    text += "      guard: {answers: [night], staffing: {mon-sun 18:00-24:00: 1}}\n"
    text = text.replace("constant 5m}", "constant 5m, unstaffed: on purpose}")
    story = centre(text, {"a": [16 * HOUR + 3001, 16 * HOUR + 3300]})
    assert story.legs() == [
        ("main", 16 * HOUR + 3001, 16 * HOUR + 3001, "ANSWERED", 0),
        ("main", 16 * HOUR + 3300, 17 * HOUR, "MOVED", -1),
        ("night", 17 * HOUR, 17 * HOUR + 600, "ABANDONED", -1),
    ]
    assert story.outcomes() == ["ANSWERED", "ABANDONED"]


def test_a_redial_may_wait_for_the_next_opening(centre: Any) -> None:
    """Closed at 08:00: he calls again 5 min after the doors open at 09:00."""
    again = "calls_again: {closed: {share: 100%, delay: until open + constant 5m}, at_most: 3 calls}"
    story = centre(DAY % (again, NINE_TO_FIVE, "limit: 9", ALWAYS_THERE), {"a": [8 * HOUR]})
    assert story.arrivals() == [8 * HOUR, 9 * HOUR + 300]
    assert story.outcomes() == ["CLOSED", "ANSWERED"]
    assert story.log.contacts["attempt"].tolist() == [0, 1]
    assert story.log.contacts["cause"].tolist() == [0, 4]


def test_a_caller_calls_again_at_most_so_often(centre: Any) -> None:
    """Patience 10 s, redial for sure after 30 s, at most 3 calls, the agent busy for 100 s."""
    again = "patience: constant 10s, calls_again: {abandoned: {share: 100%, delay: constant 20s}, at_most: 3 calls}"
    story = centre(ONE_AGENT % (again, 1), {"a": [10, 20]})
    assert story.arrivals() == [10, 20, 50, 80]
    assert story.outcomes() == ["ANSWERED", "ABANDONED", "ABANDONED", "ABANDONED"]


def test_the_share_that_calls_again_may_depend_on_the_attempt(centre: Any) -> None:
    """All after the first call, nobody after the second."""
    again = "patience: constant 10s, calls_again: {abandoned: {share: [100%, 0%], delay: constant 20s}}"
    assert centre(ONE_AGENT % (again, 1), {"a": [10, 20]}).arrivals() == [10, 20, 50]


def test_a_blocked_call_is_redialled(centre: Any) -> None:
    """One line: the second call meets it busy and comes again 100 s later."""
    again = "calls_again: {busy: {share: 100%, delay: constant 100s}}"
    story = centre((ONE_AGENT % (again, 1)).replace("callers:", "lines: 1\n    callers:", 1), {"a": [10, 20]})
    assert story.arrivals() == [10, 20, 120]
    assert story.outcomes() == ["ANSWERED", "BLOCKED", "ANSWERED"]


def test_who_balks_never_enters_the_queue(centre: Any) -> None:
    """Balking share 100 %: the first is answered at once, the second would have to wait and hangs up."""
    story = centre(ONE_AGENT % ("balks: 100%", 1), {"a": [10, 20]})
    assert story.outcomes() == ["ANSWERED", "BALKED"]
    assert len(story.legs()) == 1


TWO_QUEUES = """
    run: {measure: 2000s, at_end: drain}
    callers:
      a: {calls: {recorded: a.csv}, to: red, %s}
      b: {calls: {recorded: b.csv}, to: blue, %s}
    queues:
      red: {handle_time: constant 100s, %s}
      blue: {handle_time: constant 100s, %s}
    agents:
      %s
"""


def test_an_agent_takes_the_queue_of_his_lowest_level_first(centre: Any) -> None:
    """Level 1 blue, level 2 red: at 100 the later blue call goes first."""
    team = "team: {heads: 1, answers: {red: {level: 2}, blue: {level: 1}}}"
    story = centre(TWO_QUEUES % ("credit: 0s", "credit: 0s", "limit: 9", "limit: 9", team), {"a": [0, 10], "b": [20]})
    assert story.legs("queue", "left") == [("red", 0), ("red", 200), ("blue", 100)]


def test_at_the_same_level_the_longest_wait_goes_first_and_a_slope_weighs_it(centre: Any) -> None:
    """Waits 90 and 80 s at 100: red first; with slope 2 for blue 160 > 90: blue first."""
    team = "team: {heads: 1, answers: [red, blue]}"
    calls = {"a": [0, 10], "b": [20]}
    plain = centre(TWO_QUEUES % ("credit: 0s", "credit: 0s", "slope: 1", "slope: 1", team), calls)
    assert plain.legs("left") == [(0,), (100,), (200,)]
    sloped = centre(TWO_QUEUES % ("credit: 0s", "credit: 0s", "slope: 1", "slope: 2", team), calls)
    assert sloped.legs("left") == [(0,), (200,), (100,)]


def test_priority_comes_before_waiting_and_credit_counts_as_waiting(centre: Any) -> None:
    """Priority 1 beats 5; credit of 15 s puts the call of 20 before that of 10."""
    team = "team: {heads: 1, answers: [red, blue]}"
    calls = {"a": [0, 10], "b": [20]}
    first = centre(TWO_QUEUES % ("priority: 5", "priority: 1", "limit: 9", "limit: 9", team), calls)
    assert first.legs("left") == [(0,), (200,), (100,)]
    credit = centre(TWO_QUEUES % ("priority: 5", "credit: 15s", "limit: 9", "limit: 9", team), calls)
    assert credit.legs("left") == [(0,), (200,), (100,)]


def test_specialists_come_before_generalists_and_a_factor_slows_them(centre: Any) -> None:
    """Red's specialist (level 1) takes the first call, the generalist (level 2, +50 %) the second."""
    team = (
        "special: {heads: 1, answers: [red]}\n"
        "      general: {heads: 1, answers: {red: {level: 2, handle_time: +50%}, blue: {level: 1}}}"
    )
    story = centre(TWO_QUEUES % ("credit: 0s", "credit: 0s", "limit: 9", "limit: 9", team), {"a": [0, 10], "b": [500]})
    assert story.legs("agent", "handle_end") == [(0, 100), (1, 160), (1, 600)]


def test_an_overflow_group_takes_a_call_only_after_its_time(centre: Any) -> None:
    """Blue's agent is idle but takes red calls after 40 s: the call of 10 is answered at 50."""
    team = (
        "special: {heads: 1, answers: [red]}\n"
        "      blues: {heads: 1, answers: {red: {level: 2, after: 40s}, blue: {level: 1}}}"
    )
    story = centre(TWO_QUEUES % ("credit: 0s", "credit: 0s", "limit: 9", "limit: 9", team), {"a": [0, 10], "b": [700]})
    assert story.legs("left", "agent") == [(0, 0), (50, 1), (700, 1)]


def test_an_overflow_and_the_end_of_patience_at_one_instant_answer_the_call(centre: Any) -> None:
    """Patience 40 s, overflow after 40 s: answered."""
    team = (
        "special: {heads: 1, answers: [red]}\n"
        "      blues: {heads: 1, answers: {red: {level: 2, after: 40s}, blue: {level: 1}}}"
    )
    text = TWO_QUEUES % ("patience: constant 40s", "credit: 0s", "limit: 9", "limit: 9", team)
    assert centre(text, {"a": [0, 10], "b": [700]}).legs("outcome")[1] == ("ANSWERED",)


PASSED_ON = """
    run: {start: 2025-06-02, measure: 2 days}
    callers:
      a: {calls: {recorded: a.csv}, to: front, %s}
    queues:
      front: {handle_time: constant 5m}
      back: {handle_time: constant 10m, open: %s, unstaffed: on purpose}
    agents:
      clerks: {heads: 1, answers: [front]}
      experts: {heads: 1, answers: [back]}
    transfers:
      wrong desk: {front: {back: 100%%}, %s}
"""


def test_a_transferred_caller_reaches_the_target_after_dialling_and_explains_again(centre: Any) -> None:
    """Answered 9:00, talk 5 min, dialling 30 s, back at 9:05:30 for 10 min + 2 min explaining."""
    rules = "dialling: 30s, explain: constant 2m"
    story = centre(PASSED_ON % ("priority: 5", "24/7", rules), {"a": [9 * HOUR]})
    assert story.legs() == [
        ("front", 9 * HOUR, 9 * HOUR, "ANSWERED", 0),
        ("back", 9 * HOUR + 330, 9 * HOUR + 330, "ANSWERED", 1),
    ]
    assert story.legs("talk_end", "transfer") == [
        (9 * HOUR + 300, "TRANSFERRED"),
        (9 * HOUR + 330 + 720, "NONE"),
    ]
    assert story.outcomes() == ["ANSWERED"]


def test_a_closed_target_has_five_rules(centre: Any) -> None:
    """The talk ends at 20:05, back opens at 09:00: kept, cut off, sent back, voicemail, held until open."""
    at, talked, arrived = 20 * HOUR, 20 * HOUR + 300, 20 * HOUR + 330
    expected: dict[str, tuple[str, str, list[tuple[Any, ...]], float]] = {
        "keep the caller": ("KEPT_TARGET_CLOSED", "ANSWERED", [], talked),
        "cut off": ("DROPPED_TARGET_CLOSED", "DROPPED_BY_TRANSFER", [], arrived),
        "voicemail": ("VOICEMAIL_TARGET_CLOSED", "VOICEMAIL", [], arrived),
        "return to sender, at_most: 1 transfers": (
            "RETURNED_TARGET_CLOSED",
            "ANSWERED",
            [("front", arrived, arrived, "ANSWERED", 0)],
            arrived + 300,
        ),
        "hold until open": (
            "HELD_TARGET_CLOSED",
            "ANSWERED",
            [("back", arrived, 33 * HOUR, "ANSWERED", 1)],
            33 * HOUR + 600,
        ),
    }
    for rule, (result, outcome, further, ended) in expected.items():
        story = centre(PASSED_ON % ("priority: 5", NINE_TO_FIVE, f"dialling: 30s, if_closed: {rule}"), {"a": [at]})
        assert story.legs("transfer")[0] == (result,), rule
        assert story.legs()[1:] == further, rule
        assert story.outcomes() == [outcome], rule
        assert story.log.contacts["ended"].tolist() == [ended * 1_000_000], rule


@pytest.mark.parametrize(("hours", "result"), [(NINE_TO_FIVE, "DROPPED_TARGET_CLOSED"), ("24/7", "TRANSFERRED")])
def test_an_agent_who_thinks_that_a_closed_target_is_open_cuts_the_caller_off(
    centre: Any, hours: str, result: str
) -> None:
    """The talk ends at 20:05; where the rule is to keep the caller, a mistaken agent transfers him all the same."""
    rules = "dialling: 30s, if_closed: keep the caller, mistaken: 100%"
    story = centre(PASSED_ON % ("priority: 5", hours, rules), {"a": [20 * HOUR]})
    assert story.legs("transfer")[0] == (result,)
    assert story.outcomes() == ["DROPPED_BY_TRANSFER" if hours == NINE_TO_FIVE else "ANSWERED"]


def test_which_agents_are_mistaken_is_drawn_by_call_and_leg(centre: Any) -> None:
    """Of seven callers in the evening, half an hour apart, those are cut off whose draw lies below 30 %."""
    instants = [20 * HOUR + 1800 * i for i in range(7)]
    rules = "if_closed: keep the caller, mistaken: 30%"
    story = centre(PASSED_ON % ("priority: 5", NINE_TO_FIVE, rules), {"a": instants})
    name = name_hash("callers:a")
    drawn = [
        draw(story.log.seed, story.log.replication, name, 0, n, 0, 0, Purpose.BELIEF) < 0.3 * 2**53
        for n in range(len(instants))
    ]
    assert story.outcomes() == ["DROPPED_BY_TRANSFER" if mistaken else "ANSWERED" for mistaken in drawn]


def test_nobody_is_passed_on_more_often_than_allowed(centre: Any) -> None:
    """At most one transfer: back would send everybody on to front, but the call ends there."""
    rules = "at_most: 1 transfers, back: {front: 100%}"
    story = centre(PASSED_ON % ("priority: 5", "24/7", rules), {"a": [9 * HOUR]})
    assert story.legs("queue", "transfer") == [("front", "TRANSFERRED"), ("back", "TOO_MANY_TRANSFERS")]
    assert story.outcomes() == ["ANSWERED"]


def test_the_agent_takes_his_next_call_before_the_transferred_caller_moves_on(centre: Any) -> None:
    """Transfer to the own queue at no delay: the agent first takes the waiting call, then the caller joins behind."""
    text = """
        run: {measure: 2000s, at_end: drain}
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {handle_time: constant 100s}
          other: {handle_time: constant 100s}
        agents:
          team: {heads: 1, answers: {main: {level: 1}, other: {level: 1}}}
        transfers:
          again: {main: {other: 100%}}
    """
    story = centre(text, {"a": [0, 10]})
    assert story.legs("contact", "queue", "entered", "left") == [
        (0, "main", 0, 0),
        (0, "other", 100, 200),
        (1, "main", 10, 100),
        (1, "other", 200, 300),
    ]


def test_a_transferred_caller_may_go_ahead_of_new_calls_or_keep_his_place(centre: Any) -> None:
    """Two wait at back since 100 and 250; the transferred one arrives at 300, having called at 0 (waited 0)."""
    text = """
        run: {measure: 3000s, at_end: drain}
        callers:
          a: {calls: {recorded: a.csv}, to: front}
          b: {calls: {recorded: b.csv}, to: back}
        queues:
          front: {handle_time: constant 300s}
          back: {handle_time: constant 200s}
        agents:
          clerks: {heads: 1, answers: [front]}
          experts: {heads: 1, answers: [back]}
        transfers:
          wrong desk: {front: {back: 100%%}, queue: %s}
    """
    calls = {"a": [50], "b": [200, 210, 220]}
    answered = {
        "at the back": 200 + 3 * 200,
        "ahead of new calls": 400,
        "keeps its place": 400,
    }
    for place, left in answered.items():
        story = centre(text % place, calls)
        assert story.legs("queue", "left")[1] == ("back", left), place


def test_the_patience_of_a_transferred_caller_is_fresh_remaining_or_unlimited(centre: Any) -> None:
    """Patience 200 s, waited 50 s at front: gives up at back after 200 s, 150 s, never, or by a law of its own."""
    text = """
        run: {measure: 9000s, at_end: drain}
        callers:
          a: {calls: {recorded: a.csv}, to: front, patience: constant 200s}
          b: {calls: {recorded: b.csv}, to: back}
        queues:
          front: {handle_time: constant 100s}
          back: {handle_time: constant 5000s}
        agents:
          clerks: {heads: 1, answers: [front]}
          experts: {heads: 1, answers: [back]}
        transfers:
          wrong desk: {front: {back: 100%%}, patience: %s}
    """
    calls = {"a": [0, 50], "b": [10]}
    expected = {
        "fresh": ("ABANDONED", 400),
        "remaining": ("ABANDONED", 350),
        "unlimited": ("ANSWERED", 10010),
        "constant 70s": ("ABANDONED", 270),
    }
    for rule, (outcome, left) in expected.items():
        story = centre(text % rule, calls)
        last = story.legs("contact", "leg", "outcome", "left")[-1]
        assert last == (2, 1, outcome, left), rule


def test_the_least_occupied_agent_answers(centre: Any) -> None:
    """Agent 0 works 100 of the first 300 s, agent 1 none, so 1 answers at 300; at 500 it is 100/500 against 100/500.

    A tie goes to who has been idle longer: agent 0, idle since 100.
    """
    text = (ONE_AGENT % ("priority: 5", 2)) + "    routing: {which agent: lowest level then least occupied}\n"
    story = centre(text, {"a": [0, 300, 500, 501]})
    assert [row[0] for row in story.legs("agent")] == [0, 1, 0, 1]


def test_a_random_agent_is_the_one_that_the_callers_draw_names(centre: Any) -> None:
    """Ten calls far apart, five idle agents: the agent is floor(5 u), u keyed by the caller."""
    text = (ONE_AGENT % ("priority: 5", 5)).replace("1000s", "10000s")
    story = centre(text + "    routing: {which agent: random}\n", {"a": [1000 * i for i in range(10)]})
    name = name_hash("callers:a")
    expected = [pick(draw(1, 0, name, 0, n, 0, 0, Purpose.AGENT_CHOICE), 5) for n in range(10)]
    assert [row[0] for row in story.legs("agent")] == expected
    assert len(set(expected)) > 2


def test_the_mean_handle_time_is_that_of_the_interval_of_the_answer(centre: Any, tmp_path: Path) -> None:
    """Mean 100 s from 00:00 and 250 s from 00:30 (cv 0.001): the instant of the answer decides, not of the call."""
    rows = ["date,time,queue,calls,aht"]
    for slot in range(48):
        mean = 100 if slot == 0 else 250
        rows.append(f"2025-06-02,{slot // 2:02d}:{30 * (slot % 2):02d},main,1,{mean}")
    (tmp_path / "day.csv").write_text("\n".join(rows) + "\n")
    text = """
        run: {start: 2025-06-02, measure: 1 day}
        volumes:
          file: day.csv
          columns: {date: date, time: time, queue: queue, calls: calls, handle_time_seconds: aht}
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {handle_time: gamma mean from volumes cv 0.001}
        agents:
          team: {heads: 1, answers: [main]}
    """
    story = centre(text, {"a": [0, 1720, 1790]})
    answered = [row for row in story.legs("left", "handle_end") if row[1] != -1]
    assert len(answered) > 20  # the file's own callers come too
    for left, end in answered:
        assert round(end - left, -1) == (100 if left < 1800 else 250)
    assert {left < 1800 for left, _ in answered} == {True, False}


def test_breaks_that_come_due_in_one_long_call_are_taken_one_after_the_other(centre: Any) -> None:
    """A call from 09:50 to 12:20 covers the breaks of 10:00 and 12:00: away 12:20 to 12:50 and 12:50 to 13:05."""
    text = """
        run: {start: 2025-06-02, measure: 1 day}
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {handle_time: constant 2h30m, unstaffed: on purpose}
        agents:
          team:
            answers: [main]
            breaks: [{length: 30m, between: 2h-2h}, {length: 15m, between: 4h-4h}]
            shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 1}}
    """
    story = centre(text, {"a": [9 * HOUR + 3000]})
    breaks = [span[2:] for span in story.spans() if span[1] == "BREAK"]
    assert breaks == [(12 * HOUR + 1200, 12 * HOUR + 3000), (12 * HOUR + 3000, 13 * HOUR + 300)]


def test_a_transfer_may_be_limited_to_hours_and_to_groups(centre: Any) -> None:
    """Only the night team passes on, and only from 22:00."""
    text = """
        run: {start: 2025-06-02, measure: 1 day}
        callers:
          a: {calls: {recorded: a.csv}, to: front}
        queues:
          front: {handle_time: constant 5m}
          back: {handle_time: constant 5m}
        agents:
          days: {answers: [front], staffing: {daily 00:00-20:00: 1}}
          nights: {answers: [front], staffing: {daily 20:00-24:00: 1}}
          experts: {heads: 1, answers: [back]}
        transfers:
          tired: {front: {back: 100%}, by: [nights], during: "daily 22:00-24:00"}
    """
    story = centre(text, {"a": [10 * HOUR, 21 * HOUR, 22 * HOUR]})
    assert story.legs("queue") == [("front",), ("front",), ("front",), ("back",)]


def test_a_run_that_drains_ends_when_the_last_caller_joins_a_queue_that_nobody_serves_any_more(centre: Any) -> None:
    """The talk ends at 110, after the horizon; he joins back at 140 and waits for ever: the run ends at 140."""
    text = """
        run: {start: 2025-06-02, measure: 100s, at_end: drain}
        callers:
          a: {calls: {recorded: a.csv}, to: front}
        queues:
          front: {handle_time: constant 100s}
          back: {handle_time: constant 100s, unstaffed: on purpose}
        agents:
          clerks: {heads: 1, answers: [front]}
          experts: {answers: [back], staffing: {"daily 00:00-00:01": 1}}
        transfers:
          wrong desk: {front: {back: 100%}, dialling: 30s}
    """
    story = centre(text, {"a": [10]})
    assert story.legs() == [("front", 10, 10, "ANSWERED", 0), ("back", 140, -1, "UNFINISHED", -1)]
    assert story.log.end == 140_000_000


def test_a_run_that_drains_though_nobody_has_called_ends_at_its_horizon(centre: Any) -> None:
    """One call in a thousand hours, a run of ten seconds: no contact, no leg, the agent signed on throughout."""
    text = """
        run: {measure: 10s, at_end: drain}
        callers:
          a: {calls: {per_hour: 0.001}, to: main}
        queues:
          main: {handle_time: constant 100s}
        agents:
          team: {heads: 1, answers: [main]}
    """
    story = centre(text)
    assert (story.outcomes(), story.legs()) == ([], [])
    assert story.spans() == [(0, "SIGNED_ON", 0, -1)]
    assert story.log.end == 10_000_000
