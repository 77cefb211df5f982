"""Shifts become duties, duties get people in turn, breaks are staggered."""

import datetime as dt

import pytest

from callsim.scenario.resolving.calendar import Timeline
from callsim.scenario.resolving.rota import (
    BreakRule,
    MeetingRule,
    ShiftRule,
    TooFewPersons,
    assign,
    duties,
    present,
    stagger,
)
from callsim.units import DAY, HOUR, MINUTE

MONDAY = Timeline(dt.datetime(2025, 3, 3), "America/Chicago")
DAILY = range(7)


def shift(name="early", days=DAILY, begin=8 * HOUR, length=8 * HOUR, heads=1, **more):
    return ShiftRule(name, dict.fromkeys(days, heads), begin, length, **more)


def test_a_shift_begun_the_day_before_is_on_duty_at_the_start():
    """22:00 to 06:00: the duty of day -1 has begun two hours before the run."""
    found, _ = duties(MONDAY, [shift(begin=22 * HOUR)], DAY)
    assert [(duty.day, duty.start // HOUR, duty.end // HOUR) for duty in found] == [(-1, -2, 6), (0, 22, 30)]


def test_a_shift_that_ended_before_the_start_is_no_duty():
    """Nor is one that begins at the horizon."""
    found, _ = duties(MONDAY, [shift(begin=0, length=8 * HOUR)], 2 * DAY)
    assert [duty.day for duty in found] == [0, 1]


def test_a_shift_over_the_night_of_the_spring_change_lasts_as_long_as_it_says():
    """22:00 for eight hours ends at 07:00 when the clocks jump."""
    saturday = Timeline(dt.datetime(2025, 3, 8), "America/Chicago")
    found, _ = duties(saturday, [shift(days=[5], begin=22 * HOUR)], 2 * DAY)
    assert found[0].end - found[0].start == 8 * HOUR
    assert saturday.label(found[0].end)[11:16] == "07:00"


def test_people_take_duties_in_turn():
    """Five people behind two heads a day: 0 1, 2 3, 4 0, ..."""
    found, _ = duties(MONDAY, [shift(heads=2)], 4 * DAY)
    assert assign(found, 5) == ([0, 1, 2, 3, 4, 0, 1, 2], 5)


def test_who_is_still_on_duty_is_passed_over():
    """Overlapping shifts never share a person."""
    found, _ = duties(MONDAY, [shift("a"), shift("b", begin=12 * HOUR)], 30 * DAY)
    people, _ = assign(found, 3)
    last_end = {}
    for duty, person in zip(found, people, strict=True):
        assert last_end.get(person, duty.start) <= duty.start
        last_end[person] = duty.end


def test_without_a_number_there_are_as_many_people_as_are_needed_at_once():
    """Two shifts of three heads that overlap need six; two that follow each other three."""
    overlapping, _ = duties(MONDAY, [shift("a", heads=3), shift("b", heads=3, begin=12 * HOUR)], 7 * DAY)
    following, _ = duties(MONDAY, [shift("a", heads=3), shift("b", heads=3, begin=16 * HOUR)], 7 * DAY)
    assert assign(overlapping, None)[1] == 6
    assert assign(following, None)[1] == 3


def test_too_few_people_are_an_error_that_tells_how_many_are_needed_and_when():
    """Six at once from Monday 12:00."""
    found, _ = duties(MONDAY, [shift("a", heads=3), shift("b", heads=3, begin=12 * HOUR)], 7 * DAY)
    with pytest.raises(TooFewPersons) as raised:
        assign(found, 5)
    assert (raised.value.needed, raised.value.tick) == (6, 12 * HOUR)


def test_days_off_have_no_duties():
    """Tuesday is a holiday."""
    found, _ = duties(MONDAY, [shift()], 3 * DAY, frozenset({dt.date(2025, 3, 4)}))
    assert [duty.day for duty in found] == [0, 2]


def test_breaks_fill_the_slots_of_their_window_in_turn():
    """Four slots of half an hour between 2h and 4h: six heads, two away at the most."""
    rows = stagger(6, [BreakRule(30 * MINUTE, 2 * HOUR, 4 * HOUR)])
    assert [own[0][0] // MINUTE for own in rows] == [120, 150, 180, 210, 120, 150]


def test_a_whole_shift_never_goes_to_lunch_together():
    """41 heads, a quarter of an hour within half an hour: 21 stay."""
    rows = stagger(41, [BreakRule(15 * MINUTE, 2 * HOUR, 150 * MINUTE)])
    starts = [own[0][0] for own in rows]
    assert sorted(map(starts.count, set(starts))) == [20, 21]


def test_slots_are_spread_over_a_window_that_is_no_multiple_of_the_break():
    """25 minutes in an hour: at its start and at its end."""
    rows = stagger(2, [BreakRule(25 * MINUTE, HOUR, 2 * HOUR)])
    assert [own[0][0] // MINUTE for own in rows] == [60, 95]


def test_breaks_of_one_head_do_not_overlap():
    """Two windows that overlap: the second break moves out of the way of the first."""
    rows = stagger(4, [BreakRule(30 * MINUTE, 2 * HOUR, 4 * HOUR), BreakRule(HOUR, 3 * HOUR, 5 * HOUR)])
    for (first, length), (second, _) in rows:
        assert second >= first + length or first >= second + HOUR


def test_breaks_that_leave_no_room_for_each_other_are_told():
    """Two breaks of an hour in the same hour."""
    with pytest.raises(ValueError, match="break 2 of 2 has no room beside the others in its window"):
        stagger(1, [BreakRule(HOUR, 2 * HOUR, 3 * HOUR), BreakRule(HOUR, 2 * HOUR, 3 * HOUR)])


def test_breaks_of_shifts_that_begin_together_are_spread_over_both():
    """Two shifts of one head each with the same windows do not leave together."""
    rule = (BreakRule(30 * MINUTE, 2 * HOUR, 4 * HOUR),)
    found, _ = duties(MONDAY, [shift("a", breaks=rule), shift("b", breaks=rule)], DAY)
    assert [duty.breaks[0][0] // MINUTE for duty in found] == [120, 150]


def test_a_meeting_goes_in_rounds_and_breaks_keep_out_of_its_way():
    """Eight heads, four at a time, 45 minutes from 10:00; the break is 10:30 to 12:30 at the earliest."""
    meeting = MeetingRule(frozenset({0}), 10 * HOUR, 12 * HOUR, 45 * MINUTE, 4)
    rule = BreakRule(30 * MINUTE, 150 * MINUTE, 270 * MINUTE)
    found, problems = duties(MONDAY, [shift(heads=8, breaks=(rule,), meeting=meeting)], 2 * DAY)
    assert problems == []
    monday = [duty.breaks for duty in found if duty.day == 0]
    assert [own for breaks in monday for own in breaks if own[1] == 45 * MINUTE] == (
        [(120 * MINUTE, 45 * MINUTE)] * 4 + [(165 * MINUTE, 45 * MINUTE)] * 4
    )
    for (first, length), (second, _) in monday:
        assert first + length <= second
    assert all(len(duty.breaks) == 1 for duty in found if duty.day == 1)


def test_a_meeting_without_room_for_all_its_rounds_is_told():
    """13 heads in rounds of four need four rounds of 45 minutes; two hours have room for two."""
    meeting = MeetingRule(frozenset({0}), 10 * HOUR, 12 * HOUR, 45 * MINUTE, 4)
    _, problems = duties(MONDAY, [shift(heads=13, meeting=meeting)], 2 * DAY)
    assert [problem.text for problem in problems] == [
        "13 heads need 4 rounds of the meeting, and its window inside the shift has room for 2"
    ]


def test_present_heads_leave_out_breaks():
    """One head from 08:00, away from 10:00 to 10:30; a second from 10:00: nobody sees a gap."""
    lunch = (BreakRule(30 * MINUTE, 2 * HOUR, 150 * MINUTE),)
    found, _ = duties(MONDAY, [shift(breaks=lunch), shift("b", begin=10 * HOUR, length=2 * HOUR)], DAY)
    steps = [(tick / HOUR, heads) for tick, heads in present(found)]
    assert steps == [(8, 1), (10.5, 2), (12, 1), (16, 0)]


def test_the_same_shifts_give_the_same_duties():
    """Nothing here is drawn."""
    rules = [shift(heads=7, breaks=(BreakRule(30 * MINUTE, 2 * HOUR, 4 * HOUR),))]
    assert duties(MONDAY, rules, 20 * DAY) == duties(MONDAY, rules, 20 * DAY)
