"""Rates, totals and profiles become arrival blocks cut at local midnight."""

import datetime as dt

import pytest

from callsim.scenario.language.readers import Amounts
from callsim.scenario.resolving.calendar import Timeline
from callsim.scenario.resolving.demand import at_rates, cut_at_midnights, listed_profile, of_totals
from callsim.units import DAY, HOUR, MINUTE, WEEK, weekly_hours

MONDAY = Timeline(dt.datetime(2025, 3, 3), "America/Chicago")
SPRING = Timeline(dt.datetime(2025, 3, 9), "America/Chicago")


def test_a_constant_rate_is_cut_at_midnights_by_the_watch():
    """The spring day has 23 hours of calls; the horizon at 36 h leaves the second day's block whole."""
    segments = at_rates(SPRING, Amounts(constant=10.0), HOUR, 0, False, 36 * HOUR)
    blocks = cut_at_midnights(SPRING, segments, 36 * HOUR)
    assert (blocks.start // HOUR).tolist() == [0, 23]
    assert blocks.mean.tolist() == [230, 240]
    assert blocks.day.tolist() == [0, 1]


def test_a_list_of_rates_ends_or_begins_again():
    """Three steps of an hour, in a run of five."""
    rates = Amounts(listed=(1.0, 2.0, 3.0))
    once = at_rates(Timeline(), rates, HOUR, HOUR, False, 5 * HOUR)
    again = at_rates(Timeline(), rates, HOUR, HOUR, True, 5 * HOUR)
    assert [calls for *_, calls in once] == [1, 2, 3]
    assert [calls for *_, calls in again] == [1, 2, 3, 1, 2]


def test_rates_by_hours_of_the_week_run_over_midnight():
    """Friday 22:00 to 02:00 at 10 an hour: 20 calls on Friday, 20 on Saturday."""
    rates = Amounts(by_hours=((weekly_hours("fri 22:00-02:00"), 10.0),))
    blocks = cut_at_midnights(MONDAY, at_rates(MONDAY, rates, HOUR, 0, False, WEEK - HOUR), WEEK - HOUR)
    assert blocks.day.tolist() == [4, 5]
    assert blocks.mean.tolist() == [20, 20]


def test_hours_begun_before_the_start_are_there_from_the_start_on():
    """The run starts on Saturday 00:00, Friday's late hours go on."""
    saturday = Timeline(dt.datetime(2025, 3, 8))
    rates = Amounts(by_hours=((weekly_hours("fri 22:00-02:00"), 10.0),))
    blocks = cut_at_midnights(saturday, at_rates(saturday, rates, HOUR, 0, False, DAY), DAY)
    assert (blocks.start.tolist(), blocks.end.tolist(), blocks.mean.tolist()) == ([0], [2 * HOUR], [20])


def test_a_total_of_a_day_does_not_depend_on_its_length():
    """23 hours, and 24."""
    segments = of_totals(SPRING, [100.0] * 7, None, False, 47 * HOUR)
    assert segments == [(0, 23 * HOUR, 100), (23 * HOUR, 47 * HOUR, 100)]


def test_a_week_is_spread_over_the_weights_times_the_hours():
    """Weights are calls an hour: ten hours of 3 and ten of 1 share 400 calls as 300 and 100."""
    profile = [((0, 8 * HOUR, 18 * HOUR), 3.0), ((1, 8 * HOUR, 18 * HOUR), 1.0)]
    segments = of_totals(MONDAY, [400.0] * 7, profile, True, WEEK - HOUR)
    assert [(start // HOUR, calls) for start, _, calls in segments] == [(8, 300), (32, 100)]


def test_a_day_is_spread_over_the_weights_of_that_day_only():
    """100 a day: hours of weight 3 and 1 on Monday, only one weight on Tuesday."""
    profile = [((0, 8 * HOUR, 9 * HOUR), 3.0), ((0, 9 * HOUR, 10 * HOUR), 1.0), ((1, 8 * HOUR, 9 * HOUR), 0.5)]
    segments = of_totals(MONDAY, [100.0] * 7, profile, False, 3 * DAY)
    assert [calls for *_, calls in segments] == [75, 25, 100]


def test_an_hour_that_the_clocks_skip_has_no_calls():
    """02:00 to 03:00 of the spring day; its neighbours keep theirs."""
    profile = [((6, hour * HOUR, (hour + 1) * HOUR), 1.0) for hour in range(24)]
    segments = of_totals(SPRING, [24.0] * 7, profile, False, 23 * HOUR)
    assert len(segments) == 23
    assert {calls for *_, calls in segments} == {1}


def test_a_listed_profile_fills_a_day_or_a_week():
    """48 half-hours return each day; 168 hours are a week; anything else is refused."""
    assert len(listed_profile([1.0] * 48, 30 * MINUTE)) == 7 * 48
    assert listed_profile([1.0] * 168, HOUR)[25] == ((1, HOUR, 2 * HOUR), 1.0)
    with pytest.raises(ValueError, match=str(10 * HOUR)):
        listed_profile([1.0] * 10, HOUR)


def test_segments_before_the_start_are_cut_in_proportion_and_the_last_one_stays_whole():
    """Half of a two-hour interval lies before the start; who calls before the end does not depend on the end."""
    blocks = cut_at_midnights(Timeline(), [(-HOUR, HOUR, 10.0), (6 * HOUR, 10 * HOUR, 8.0)], 9 * HOUR)
    assert blocks.mean.tolist() == [5, 8]
    assert blocks.end.tolist() == [HOUR, 10 * HOUR]
