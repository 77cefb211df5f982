"""Local calendars become ticks: days of 23 and 25 hours, hours over midnight, intervals and their labels."""

import datetime as dt

import pytest

from callsim.scenario.resolving.calendar import Timeline, cut, gaps, merge, on_weekdays, total
from callsim.units import DAY, HOUR, MINUTE, weekly_hours

CHICAGO = "America/Chicago"
MONDAY = Timeline(dt.datetime(2025, 3, 3), CHICAGO)
SPRING = Timeline(dt.datetime(2025, 3, 9), CHICAGO)
AUTUMN = Timeline(dt.datetime(2025, 11, 2), CHICAGO)


def spans(timeline, text, days, **special):
    return timeline.spans(on_weekdays(weekly_hours(text)), 0, days - 1, **special)


@pytest.mark.parametrize(("timeline", "hours"), [(MONDAY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_day_has_as_many_hours_as_its_clock_shows(timeline, hours):
    """The clock skips an hour in spring and shows one twice in autumn."""
    assert timeline.midnight(1) - timeline.midnight(0) == hours * HOUR


def test_a_wall_time_after_the_change_comes_an_hour_early_in_spring():
    """08:00 of the spring day is seven hours after its midnight."""
    assert SPRING.instant(0, 8 * HOUR) == 7 * HOUR


def test_a_skipped_wall_time_is_the_instant_of_the_change():
    """02:00 to 03:00 do not exist: 02:00, 02:30 and 03:00 are one instant."""
    assert {SPRING.instant(0, wall) for wall in (2 * HOUR, 2 * HOUR + 30 * MINUTE, 3 * HOUR)} == {2 * HOUR}


def test_a_wall_time_that_comes_twice_is_the_first():
    """01:30 of the autumn day is 1.5 hours after midnight; 02:00 follows three hours after it."""
    assert AUTUMN.instant(0, 90 * MINUTE) == 90 * MINUTE
    assert AUTUMN.instant(0, 2 * HOUR) == 3 * HOUR


def test_wall_times_beyond_midnight_belong_to_the_next_day():
    """22:00 to 06:00 of the night before the change lasts seven hours."""
    saturday = Timeline(dt.datetime(2025, 3, 8), CHICAGO)
    assert spans(saturday, "sat 22:00-06:00", 2) == [(22 * HOUR, 29 * HOUR)]


def test_hours_that_touch_on_paper_touch_in_ticks_on_a_day_of_the_change():
    """No part of the day is lost when it is written in two pieces around the change."""
    for timeline in (SPRING, AUTUMN):
        pieces = spans(timeline, "daily 00:00-02:30, daily 02:30-24:00", 1)
        assert pieces == [(0, timeline.midnight(1))]


def test_round_the_clock_is_one_span_over_weeks():
    """24/7 does not fall apart at midnights or at the change."""
    assert spans(MONDAY, "24/7", 14) == [(0, MONDAY.midnight(14))]
    assert MONDAY.midnight(14) == 14 * DAY - HOUR


def test_weekly_hours_with_a_special_day_and_a_closed_day():
    """A special day has its own hours, a closed day none; the evening before does not run into a closed day."""
    special = {dt.date(2025, 3, 4): [(10 * HOUR, 12 * HOUR)], dt.date(2025, 3, 6): []}
    found = spans(MONDAY, "mon-wed 08:00-18:00, wed 20:00-02:00, thu 08:00-18:00", 4, special=special)
    wednesday = 2 * DAY
    assert found == [
        (8 * HOUR, 18 * HOUR),
        (DAY + 10 * HOUR, DAY + 12 * HOUR),
        (wednesday + 8 * HOUR, wednesday + 18 * HOUR),
        (wednesday + 20 * HOUR, wednesday + 24 * HOUR),
    ]


def test_whole_days_of_a_duration_are_calendar_days():
    """Two weeks after Monday midnight is Monday midnight, though the clocks changed in between."""
    assert MONDAY.after_start(14 * DAY) == 14 * DAY - HOUR
    assert MONDAY.after_start(14 * DAY + 90 * MINUTE) == 14 * DAY + 30 * MINUTE


def test_half_hours_of_the_spring_day_are_46_and_labelled_in_local_time():
    """The labels jump from 01:30 to 03:00, with the new offset."""
    edges = SPRING.edges(0, SPRING.midnight(1), 30 * MINUTE)
    labels = [SPRING.label(edge) for edge in edges[:5].tolist()]
    assert len(edges) == 47
    assert labels == [
        "2025-03-09T00:00-06:00",
        "2025-03-09T00:30-06:00",
        "2025-03-09T01:00-06:00",
        "2025-03-09T01:30-06:00",
        "2025-03-09T03:00-05:00",
    ]


def test_half_hours_of_the_autumn_day_are_50_and_none_is_lost():
    """01:00 and 01:30 come twice."""
    edges = AUTUMN.edges(0, AUTUMN.midnight(1), 30 * MINUTE)
    assert len(edges) == 51
    assert set((edges[1:] - edges[:-1]).tolist()) == {30 * MINUTE}
    assert [AUTUMN.label(edge)[11:] for edge in edges[2:6].tolist()] == [
        "01:00-05:00",
        "01:30-05:00",
        "01:00-06:00",
        "01:30-06:00",
    ]


def test_four_hour_intervals_keep_to_the_wall_clock():
    """On the spring day the first of them lasts three hours."""
    assert (SPRING.edges(0, 23 * HOUR, 4 * HOUR) // HOUR).tolist() == [0, 3, 7, 11, 15, 19, 23]


def test_interval_edges_follow_the_clock_when_the_window_begins_in_between():
    """The first and the last interval are shorter."""
    edges = MONDAY.edges(10 * MINUTE, 70 * MINUTE, 30 * MINUTE)
    assert (edges // MINUTE).tolist() == [10, 30, 60, 70]


def test_interval_of_a_day_and_of_a_week_follow_midnights():
    """A week is seven local days, however long."""
    assert MONDAY.edges(0, MONDAY.midnight(14), 7 * DAY).tolist() == [0, 7 * DAY - HOUR, 14 * DAY - HOUR]
    assert len(MONDAY.edges(0, MONDAY.midnight(14), DAY)) == 15


def test_hours_of_the_week_are_local():
    """Sunday 01:00 is hour 145; in spring it is followed by 147, in autumn by itself."""
    spring = SPRING.hours_of_week(SPRING.edges(0, 23 * HOUR, HOUR))
    autumn = AUTUMN.hours_of_week(AUTUMN.edges(0, 25 * HOUR, HOUR))
    assert spring[:3].tolist() == [144, 145, 147]
    assert autumn[:4].tolist() == [144, 145, 145, 146]


def test_a_clock_without_a_calendar_counts_hours():
    """Labels are hours since the start, weeks return after 168 of them."""
    plain = Timeline()
    edges = plain.edges(0, 170 * HOUR, HOUR)
    assert plain.label(30 * HOUR + 5 * MINUTE) == "30:05"
    assert plain.hours_of_week(edges)[[0, 25, 168]].tolist() == [0, 25, 0]


def test_a_start_in_the_middle_of_a_day_has_its_midnight_before_the_run():
    """Day 0 is the day of the start, ticks count from the start."""
    noon = Timeline(dt.datetime(2025, 6, 2, 12), "Europe/Berlin")
    assert noon.midnight(0) == -12 * HOUR
    assert noon.instant(0, 13 * HOUR) == HOUR
    assert (noon.day_at(0), noon.day_at(-13 * HOUR), noon.day_at(12 * HOUR)) == (0, -1, 1)


def test_an_instant_with_its_own_offset_is_absolute():
    """07:00 UTC is 08:00 in Berlin in winter."""
    berlin = Timeline(dt.datetime(2025, 1, 6), "Europe/Berlin")
    assert berlin.instant_of(dt.datetime(2025, 1, 6, 7, tzinfo=dt.UTC)) == 8 * HOUR
    assert berlin.instant_of(dt.datetime(2025, 1, 6, 7)) == 7 * HOUR


def test_a_zone_whose_clocks_change_at_midnight_has_no_midnight_twice():
    """In Cairo on 2025-04-25 the day begins at 01:00."""
    cairo = Timeline(dt.datetime(2025, 4, 24), "Africa/Cairo")
    assert cairo.midnight(1) == 24 * HOUR
    assert cairo.midnight(2) == 47 * HOUR
    assert cairo.label(24 * HOUR) == "2025-04-25T01:00+03:00"
    assert cairo.day_at(24 * HOUR) == 1


def test_merge_cut_gaps_and_total():
    """Touching spans become one; a gap is what is wanted and not given."""
    assert merge([(5, 7), (0, 2), (2, 3), (6, 9), (4, 4)]) == [(0, 3), (5, 9)]
    assert cut([(0, 3), (5, 9)], 1, 6) == [(1, 3), (5, 6)]
    assert gaps([(0, 10), (12, 20)], [(1, 3), (5, 13), (15, 16)]) == [(0, 1), (3, 5), (13, 15), (16, 20)]
    assert gaps([(0, 4), (6, 9)], [(0, 9)]) == []
    assert total([(0, 1), (3, 5)]) == 3
