"""Text becomes time, shares, factors and hours of the week here only; and back."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsim import units
from callsim.units import DAY, MINUTE, SECOND, WEEK, UnitError


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("20s", 20 * SECOND),
        ("5m", 5 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("1 h 30 m", 90 * MINUTE),
        ("2 weeks", 2 * WEEK),
        ("1 day", DAY),
        ("1w2d", 9 * DAY),
        ("1.5 hours", 90 * MINUTE),
        ("500ms", SECOND // 2),
        ("2M30S", 150 * SECOND),
        ("0.1s", 100_000),
        (0, 0),
        ("0s", 0),
    ],
)
def test_duration_is_read_to_the_tick(text: object, ticks: int) -> None:
    """Decimal texts are exact: no binary rounding on the way."""
    assert units.duration(text) == ticks


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "found 5 without a unit; a duration needs one; write 5s, 5m or 5h"),
        ("5", "found '5' without a unit; a duration needs one; write a duration such as 20s, 5m, 1h30m or 2 weeks"),
        (-5, "found -5; a duration cannot be negative; write a duration such as 90s"),
        ("-5m", "found '-5m'; a duration cannot be negative; write a duration such as 90s"),
        ("5x", "found '5x'; this is not a duration; write a duration such as 20s, 5m, 1h30m or 2 weeks"),
        (
            "5m5m",
            "found '5m5m'; its parts go from the larger unit to the smaller, each unit once; "
            "write a duration such as 1h30m or 2m30s",
        ),
        ("", "found ''; a duration is needed; write a duration such as 20s, 5m or 1h30m"),
        (None, "found nothing; a duration is needed; write a duration such as 20s, 5m or 1h30m"),
        (True, "found yes (a truth value); a duration is needed; write a duration such as 20s, 5m or 1h30m"),
        ("9999 weeks", "found '9999 weeks'; no duration may exceed 20 years"),
    ],
)
def test_what_is_no_duration_is_told_apart(value: object, message: str) -> None:
    """A number without its unit, a wrong unit and a negative time each have their message."""
    with pytest.raises(UnitError) as caught:
        units.duration(value)
    assert str(caught.value) == message


@given(st.integers(min_value=0, max_value=10 * WEEK))
def test_formatted_duration_reads_back(ticks: int) -> None:
    """Writing and reading a duration changes nothing, down to the tick."""
    assert units.duration(units.format_duration(ticks)) == ticks


def test_durations_are_written_as_people_write_them() -> None:
    """Whole weeks and days by name, else hours, minutes and seconds."""
    texts = [units.format_duration(t) for t in (0, 90 * SECOND, DAY, 2 * DAY, WEEK, 4 * WEEK, 510 * MINUTE, 250_000)]
    assert texts == ["0s", "1m30s", "24h", "2 days", "1 week", "4 weeks", "8h30m", "0.25s"]


def test_share_needs_its_sign() -> None:
    """12% is 0.12; 0.12 is an error that says what to write; 0 needs no sign."""
    assert units.share("12%") == 0.12
    assert units.share(" 12.5 % ") == 0.125
    assert units.share(0) == 0
    assert units.share("100%") == 1
    with pytest.raises(UnitError) as caught:
        units.share(0.12)
    assert str(caught.value) == "found 0.12 without a per cent sign; a share needs one; write 12%"
    for wrong in ("101%", "-1%"):
        with pytest.raises(UnitError) as caught:
            units.share(wrong)
        assert caught.value.rule == "a share lies between 0% and 100%"
    with pytest.raises(UnitError) as caught:
        units.share("a tenth")
    assert str(caught.value) == "found 'a tenth'; a share is needed; write a share such as 12%"


@given(st.integers(min_value=0, max_value=100_000))
def test_formatted_share_reads_back(thousandths: int) -> None:
    """A share of up to three decimals per cent survives writing and reading."""
    share = units.share(f"{thousandths / 1000}%")
    assert units.share(units.format_share(share)) == pytest.approx(share, abs=1e-12)


def test_percentage_may_exceed_a_hundred() -> None:
    """A coefficient of variation is no share."""
    assert units.percentage("150%") == 1.5
    with pytest.raises(UnitError):
        units.percentage(1.5)


def test_factor_is_a_number_or_a_signed_percentage() -> None:
    """+15% is 1.15; a bare 15% could be 0.15 or 1.15, so it is refused."""
    assert units.factor(1.15) == units.factor("+15%") == 1.15
    assert units.factor("-5%") == 0.95
    for wrong in ("15%", 0, -1, "-100%", 1e9, "many", None):
        with pytest.raises(UnitError):
            units.factor(wrong)


def test_count_may_carry_its_noun() -> None:
    """3 calls, 1 call and 3 are counts; 3 people are not 3 calls."""
    assert units.count("3 calls", ("calls",)) == units.count(3) == units.count(3.0) == 3
    assert units.count("1 call", ("calls",)) == 1
    for wrong in ("3 people", -1, 2.5, True, "three"):
        with pytest.raises(UnitError):
            units.count(wrong, ("calls",))


def test_clock_runs_to_midnight() -> None:
    """24:00 is the end of the day; 24:01 and 8:60 are nothing."""
    assert (units.clock_time("08:30"), units.clock_time("8:05"), units.clock_time("24:00")) == (510, 485, 1440)
    for wrong in ("24:01", "08:60", "8", 8, "08:30:00", ""):
        with pytest.raises(UnitError):
            units.clock_time(wrong)


def test_hours_of_a_day_may_pass_midnight() -> None:
    """22:00-06:00 lasts eight hours; 08:00-08:00 is refused, since it may mean none or all."""
    assert units.clock_span("22:00-06:00") == (1320, 480)
    assert units.clock_span("00:00-24:00") == (0, 1440)
    assert units.clock_span("08:00 - 12:30") == (480, 270)
    for wrong in ("08:00-08:00", "24:00-06:00", "08:00"):
        with pytest.raises(UnitError):
            units.clock_span(wrong)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat", (5,)),
        ("Monday", (0,)),
        ("mon wed fri", (0, 2, 4)),
        ("mon, wed", (0, 2)),
        ("sat-mon", (0, 5, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("weekends", (5, 6)),
        (["mon-tue", "sun"], (0, 1, 6)),
    ],
)
def test_days_are_read_in_every_common_form(text: object, days: tuple[int, ...]) -> None:
    """Ranges go round the week; lists and blanks join."""
    assert units.days(text) == days


def test_day_must_be_known_and_named_once() -> None:
    """A day that comes twice is a slip of the pen somewhere."""
    with pytest.raises(UnitError) as caught:
        units.days("mon-fri, fri")
    assert str(caught.value) == "found 'mon-fri, fri'; fri comes twice; name each day once"
    with pytest.raises(UnitError) as caught:
        units.days("mon-fry")
    assert caught.value.rule == "'fry' is not a day of the week"


def test_weekly_hours_are_minutes_since_monday() -> None:
    """A span belongs to the day on which it begins and may pass midnight, also that of Sunday."""
    hours = units.weekly_hours("mon-tue 08:00-18:00, sun 22:00-06:00")
    assert hours.spans == ((480, 600), (1920, 600), (6 * 1440 + 1320, 480))
    assert hours.on_day(0) == ((480, 600),)
    assert hours.on_day(6) == ((1320, 480),)
    assert hours.on_day(5) == ()
    assert hours.minutes == 1680
    assert not hours.always


@pytest.mark.parametrize("text", ["24/7", "always", "daily 00:00-24:00", "00:00-12:00 and 12:00-24:00", ["24/7"]])
def test_round_the_clock_has_one_form(text: object) -> None:
    """However it is written, round the clock is one span of a week."""
    hours = units.weekly_hours(text)
    assert hours.always
    assert hours.spans == ((0, 10080),)
    assert hours.on_day(3) == ((0, 1440),)


def test_hours_of_the_same_days_are_joined_by_and() -> None:
    """A lunch break in the opening hours needs no repetition of the days."""
    assert units.weekly_hours("sat 08:00-12:00 and 13:00-17:00").on_day(5) == ((480, 240), (780, 240))


@pytest.mark.parametrize(
    ("text", "clash"),
    [
        ("mon-fri 08:00-18:00, fri 17:00-20:00", "fri 17:00 lies in the hours that begin fri 08:00"),
        ("sun 22:00-06:00, mon 05:00-09:00", "mon 05:00 lies in the hours that begin sun 22:00"),
        ("24/7, mon 08:00-09:00", "mon 08:00 lies in the hours that begin mon 00:00"),
    ],
)
def test_hours_must_not_overlap(text: str, clash: str) -> None:
    """The end of the week included; the message says where."""
    with pytest.raises(UnitError) as caught:
        units.weekly_hours(text)
    assert caught.value.rule == f"hours must not overlap, and {clash}"


def test_hours_that_touch_do_not_overlap() -> None:
    """Half-open: one ends as the next begins."""
    assert units.weekly_hours("mon 08:00-12:00, mon 12:00-18:00").minutes == 600


def test_two_sets_of_hours_know_whether_they_overlap() -> None:
    """Also across the end of the week."""
    night, monday = units.weekly_hours("sun 22:00-06:00"), units.weekly_hours("mon 05:00-09:00")
    assert night.overlaps(monday)
    assert monday.overlaps(night)
    assert not night.overlaps(units.weekly_hours("mon 06:00-09:00"))


def test_dates_and_instants_are_iso() -> None:
    """A date alone means its midnight."""
    assert units.date("2025-06-05") == datetime.date(2025, 6, 5)
    assert units.instant("2025-06-05") == datetime.datetime(2025, 6, 5)
    assert (
        units.instant("2025-06-05 08:30") == units.instant("2025-06-05T08:30") == datetime.datetime(2025, 6, 5, 8, 30)
    )
    for wrong in ("5.6.2025", "2025-13-01", 20250605, "2025-06-05 8h"):
        with pytest.raises(UnitError):
            units.instant(wrong)


def test_days_are_written_as_ranges() -> None:
    """The inverse of reading them."""
    assert units.format_days((0, 1, 2, 3, 4)) == "mon-fri"
    assert units.format_days((6, 0, 2)) == "mon, wed, sun"
    assert units.format_days(range(7)) == "daily"


def test_numbers_are_finite() -> None:
    """Neither truth values nor infinities are numbers."""
    assert units.number(3) == 3.0
    for wrong in (True, float("nan"), float("inf"), "3", None):
        with pytest.raises(UnitError):
            units.number(wrong)


def test_value_in_a_message_is_short() -> None:
    """A long text is cut at sixty characters."""
    assert units.show("x" * 100) == repr("x" * 57 + "...")
    assert units.show({}) == "a mapping"
    assert units.show([]) == "a list"
    assert units.show(None) == "nothing"
