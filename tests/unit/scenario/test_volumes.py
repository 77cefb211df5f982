"""Interval counts, profiles and recorded calls are read as they are, and every defect is told with its line."""

import datetime as dt
import gzip

import pytest

from callsim.scenario.resolving.calendar import Timeline
from callsim.scenario.resolving.profiles import read_instants, read_profile
from callsim.scenario.resolving.volumes import FileDefects, Reading, missing, read_volumes
from callsim.units import DAY, HOUR, MINUTE

WEEK_23 = Timeline(dt.datetime(2025, 6, 2), "Europe/Berlin")
GERMAN = Reading(
    interval=30 * MINUTE,
    date="Datum",
    time="Zeit",
    queue="Skill",
    calls="Calls",
    handle_time="AHT",
    staffed="Agents",
    separator=";",
    decimal=",",
    date_pattern="DD.MM.YYYY",
)
HEADER = "Datum;Zeit;Skill;Calls;AHT;Agents\n"
SIMPLE = Reading(interval=30 * MINUTE, date="date", time="time", calls="calls")


def write(folder, text, name="week.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def defects(read, *arguments):
    with pytest.raises(FileDefects) as raised:
        read(*arguments)
    return [(defect.line, f"{defect.found}; {defect.rule}") for defect in raised.value.defects]


def test_a_german_export_is_read_as_it_is(tmp_path):
    """Semicolons, decimal comma, day first, handle times and positions."""
    path = write(
        tmp_path,
        HEADER + "02.06.2025;08:00;retail;41;305,5;9\n02.06.2025;08:30;retail;10;300;8\n02.06.2025;08:00;tech;7;;2,2\n",
    )
    tables = read_volumes(path, GERMAN, WEEK_23, DAY)
    retail = tables["retail"]
    assert list(tables) == ["retail", "tech"]
    assert retail.spans() == [(8 * HOUR, 8 * HOUR + 30 * MINUTE), (8 * HOUR + 30 * MINUTE, 9 * HOUR)]
    assert retail.calls.tolist() == [41, 10]
    assert retail.staffed.tolist() == [9, 8]
    assert retail.mean_handle_time == pytest.approx((41 * 305.5 + 10 * 300) / 51, rel=1e-12)
    assert tables["tech"].staffed.tolist() == [3]


def test_a_gzipped_file_with_date_and_time_in_one_column(tmp_path):
    """Recognised by its first bytes, not by its name."""
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(b"interval_start,calls\n2025-06-02 07:00,111\n2025-06-02T07:05,113\n"))
    reading = Reading(interval=5 * MINUTE, time="interval_start", calls="calls")
    table = read_volumes(path, reading, WEEK_23, DAY)[""]
    assert table.start.tolist() == [7 * HOUR, 7 * HOUR + 5 * MINUTE]
    assert table.calls.tolist() == [111, 113]


def test_times_may_mark_the_end_of_the_interval(tmp_path):
    """24:00 is the last half-hour of the day, 00:00 that of the day before."""
    path = write(tmp_path, "date,time,calls\n2025-06-02,24:00,1\n2025-06-04,00:00,2\n")
    reading = Reading(interval=30 * MINUTE, date="date", time="time", calls="calls", end_of_interval=True)
    table = read_volumes(path, reading, WEEK_23, 3 * DAY)[""]
    assert table.end.tolist() == [DAY, 2 * DAY]


def test_times_may_be_of_another_zone(tmp_path):
    """06:00 UTC is 08:00 summer time."""
    path = write(tmp_path, "date,time,calls\n2025-06-02,06:00,1\n")
    reading = Reading(interval=30 * MINUTE, date="date", time="time", calls="calls", zone="UTC")
    assert read_volumes(path, reading, WEEK_23, DAY)[""].start.tolist() == [8 * HOUR]


def test_the_hour_that_comes_twice_in_autumn_is_read_twice(tmp_path):
    """Berlin, 2025-10-26: 02:00 and 02:30 stand in the file twice, 25 hours of calls in all."""
    autumn = Timeline(dt.datetime(2025, 10, 26), "Europe/Berlin")
    walls = ["02:00", "02:30", "02:00", "02:30", "03:00"]
    path = write(tmp_path, "date,time,calls\n" + "".join(f"2025-10-26,{wall},1\n" for wall in walls))
    table = read_volumes(path, SIMPLE, autumn, 25 * HOUR)[""]
    assert (table.start // MINUTE).tolist() == [120, 150, 180, 210, 240]


def test_the_hour_that_spring_skips_may_stand_with_no_calls_only(tmp_path):
    """Berlin, 2025-03-30: some exports write zeros at 02:00."""
    spring = Timeline(dt.datetime(2025, 3, 30), "Europe/Berlin")
    fine = write(tmp_path, "date,time,calls\n2025-03-30,01:30,4\n2025-03-30,02:00,0\n2025-03-30,03:00,5\n")
    table = read_volumes(fine, SIMPLE, spring, 23 * HOUR)[""]
    assert (table.start // MINUTE).tolist() == [90, 120]
    bad = write(tmp_path, "date,time,calls\n2025-03-30,02:30,3\n", "bad.csv")
    assert defects(read_volumes, bad, SIMPLE, spring, 23 * HOUR) == [
        (2, "3 calls at 2025-03-30 02:30; the clocks skip that hour on that day")
    ]


def test_lines_outside_the_run_are_left_out_but_checked(tmp_path):
    """The file may hold a year, the run a week of it."""
    path = write(tmp_path, "date,time,calls\n2025-06-01,23:30,1\n2025-06-02,00:00,2\n2025-06-03,00:00,3\n")
    assert read_volumes(path, SIMPLE, WEEK_23, DAY)[""].calls.tolist() == [2]


def test_every_defect_is_told_at_once_with_its_line(tmp_path):
    """Negative, unreadable, repeated, too short, empty."""
    path = write(
        tmp_path,
        "date,time,calls\n"
        "2025-06-02,08:00,41\n"
        "2025-06-02,08:30,-3\n"
        "2025-06-02,09:00,many\n"
        "2025-06-02,08:00,41\n"
        "2025-06-02,09:30\n"
        "02.06.2025,09:30,4\n"
        "2025-06-02,25:00,4\n"
        "2025-06-02,10:00,\n"
        "2025-06-02,10:00,nan\n",
    )
    number = "it must be a number with '.' as decimal sign, without thousands signs"
    assert defects(read_volumes, path, SIMPLE, WEEK_23, DAY) == [
        (3, "-3 calls; it must not be negative"),
        (4, f"'many' as calls; {number}"),
        (5, "the interval mon 2025-06-02 08:00 a second time; it stands in line 2 already"),
        (6, "2 cells; the header has 3, separated by ','"),
        (7, "the date '02.06.2025'; dates are written YYYY-MM-DD"),
        (8, "the time '25:00'; a day ends at 24:00"),
        (9, f"an empty cell for calls; {number}"),
        (10, "'nan' as calls; it must be a finite number"),
    ]


def test_intervals_that_overlap_are_defects(tmp_path):
    """Lines by the quarter of an hour, read as half hours: the second begins before the first has ended."""
    path = write(tmp_path, "date,time,calls\n2025-06-02,08:00,4\n2025-06-02,08:15,3\n2025-06-02,08:45,3\n")
    assert defects(read_volumes, path, SIMPLE, WEEK_23, DAY) == [
        (3, "the interval mon 2025-06-02 08:15; the one before it lasts until mon 2025-06-02 08:30"),
    ]


def test_a_point_is_no_number_where_the_decimal_sign_is_a_comma(tmp_path):
    """1.250 could be a thousand: refused."""
    path = write(tmp_path, HEADER + "02.06.2025;08:00;retail;1.250;305,5;9\n")
    assert defects(read_volumes, path, GERMAN, WEEK_23, DAY)[0][1].startswith("'1.250' as calls; it must be a number")


def test_a_missing_column_names_the_nearest(tmp_path):
    """Case counts."""
    path = write(tmp_path, "date,time,Calls\n")
    with pytest.raises(FileDefects) as raised:
        read_volumes(path, SIMPLE, WEEK_23, DAY)
    (defect,) = raised.value.defects
    assert (defect.line, defect.found, defect.rule, defect.advice) == (
        1,
        "no column 'calls'",
        "the header has date, time, Calls",
        "did you mean 'Calls'?",
    )


def test_a_missing_file_an_empty_file_and_one_that_is_not_utf8(tmp_path):
    """Each has its own message."""
    write(tmp_path, "", "week.csv")
    with pytest.raises(FileDefects) as raised:
        read_volumes(tmp_path / "weak.csv", SIMPLE, WEEK_23, DAY)
    assert raised.value.defects[0].advice == "did you mean 'week.csv'?"
    assert defects(read_volumes, tmp_path / "week.csv", SIMPLE, WEEK_23, DAY)[0] == (
        1,
        "no column 'date'; the header has nothing",
    )
    (tmp_path / "latin.csv").write_bytes(b"date,time,calls\n2025-06-02,08:00,1\n2025-06-02,08:30,\xe9\n")
    found = defects(read_volumes, tmp_path / "latin.csv", SIMPLE, WEEK_23, DAY)
    assert found[0][1] == "bytes that are not UTF-8 (0xe9); the file must be UTF-8 text"
    header_only = write(tmp_path, "date,time,calls\n", "header.csv")
    assert defects(read_volumes, header_only, SIMPLE, WEEK_23, DAY) == [
        (0, "no lines below the header; there must be at least one interval")
    ]


def test_a_broken_gzip_file_is_told(tmp_path):
    """Cut off in the middle."""
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"date,time,calls\n" * 1000)[:40])
    assert defects(read_volumes, path, SIMPLE, WEEK_23, DAY)[0][1].startswith("a file that cannot be read")


def test_holes_are_the_wanted_hours_without_a_line(tmp_path):
    """Open from 08:00 to 09:30, a line for 08:30 only."""
    table = read_volumes(write(tmp_path, "date,time,calls\n2025-06-02,08:30,4\n"), SIMPLE, WEEK_23, DAY)[""]
    half = 30 * MINUTE
    assert missing(table, [(16 * half, 19 * half)]) == [(16 * half, 17 * half), (18 * half, 19 * half)]


def test_a_profile_gives_weights_to_hours_of_the_week(tmp_path):
    """A range of days gives each day the whole weight; round the clock is seven days."""
    path = write(tmp_path, "hours,weight\nmon-tue 08:00-09:00,2\nsun 23:00-01:00,1.5\n")
    assert read_profile(path) == [
        ((0, 8 * HOUR, 9 * HOUR), 2.0),
        ((1, 8 * HOUR, 9 * HOUR), 2.0),
        ((6, 23 * HOUR, 25 * HOUR), 1.5),
    ]
    assert len(read_profile(write(tmp_path, "hours,weight\n24/7,1\n"))) == 7


def test_a_profile_with_semicolons_has_decimal_commas(tmp_path):
    """As German tools write it."""
    path = write(tmp_path, "hours;weight\nmon-tue 00:00-24:00;0,5\n")
    assert [weight for _, weight in read_profile(path)] == [0.5] * 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("day,weight\n", 1, "the heading day, weight; the heading of a profile is hours,weight"),
        (
            "hours,weight\nmon 08:00-09:00,1\nfry 08:00-09:00,1\n",
            3,
            "'fry'; 'fry' is not a day of the week",
        ),
        ("hours,weight\nmon 08:00-09:00\n", 2, "1 cells; a line has hours and a weight, separated by ','"),
        ("hours,weight\nmon 08:00-09:00,-1\n", 2, "-1 weight; it must not be negative"),
        (
            "hours,weight\nmon 08:00-10:00,1\nmon 09:00-11:00,1\n",
            3,
            "hours that hold mon 09:00; line 2 has them too; the hours of a profile must not overlap",
        ),
        ("hours,weight\nmon 08:00-09:00,0\n", 0, "no weight above 0; at least one interval must have calls"),
    ],
)
def test_defects_of_a_profile(tmp_path, text, line, message):
    """Each with its line."""
    assert defects(read_profile, write(tmp_path, text)) == [(line, message)]


def test_recorded_calls_are_dates_or_seconds(tmp_path):
    """With or without a header line; sorted."""
    dates = write(tmp_path, "time\n2025-06-02 08:00:12\n2025-06-02T05:59:00+00:00\n", "dates.csv")
    seconds = write(tmp_path, "30.5\n2\n", "seconds.csv")
    assert read_instants(dates, WEEK_23) == [8 * HOUR - MINUTE, 8 * HOUR + 12_000_000]
    assert read_instants(seconds, Timeline()) == [2_000_000, 30_500_000]


def test_recorded_dates_need_a_calendar(tmp_path):
    """A run without a start knows no dates."""
    path = write(tmp_path, "time\n2025-06-02 08:00:12\nsoon\n")
    assert defects(read_instants, path, Timeline()) == [
        (2, "'2025-06-02 08:00:12'; an instant is seconds since the start"),
        (3, "'soon'; an instant is seconds since the start"),
    ]
    assert defects(read_instants, write(tmp_path, "time\n", "none.csv"), Timeline()) == [
        (0, "no calls; there must be at least one recorded instant")
    ]
