"""The text of a record: what stands in it, and that it comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsim.errors import CallsimError
from callsim.experiments.records import Figure, Margin, Record, read, record_path, record_text
from callsim.experiments.records.text import number, value_text
from callsim.experiments.records.value import Hour, Recorded
from tests.small_records import DESK, recorded

RECORD = Record(
    scenario="office.yaml",
    version="0.1.0",
    results=1,
    random_scheme=1,
    log_format=2,
    seed=7,
    replications=2,
    level=0.95,
    digest="ab" * 32,
    variants=(
        Recorded(
            name="Office",
            plan="cd" * 32,
            logs=("01" * 32, "23" * 32),
            figures=(
                Figure("answered", "", "", 120.5, 6.353, "241/2", None),
                Figure("reach", "", "", 0.9, 0.0125, "241/268", Margin(1.0, "points")),
                Figure("handle_time", "queue", "billing: all", 240.25, 0.75, "57900250000/241", Margin(2.0, "%")),
                Figure("wait_p90", "queue", "billing: all", None, None, "–", None),
                Figure("wait_max", "agents", " odd\tname ", 61.5, None, "123000000/2", None),
            ),
            hours=(Hour(8, (100, 90, 10), 1.25), Hour(9, (1, 0, 0), None)),
        ),
        Recorded(
            "more heads", "ef" * 32, ("45" * 32, "67" * 32), (Figure("answered", "", "", 134.0, 0.0, "268/2"),), ()
        ),
    ),
)
TEXT = f"""\
What office.yaml came to. Write it anew with: callsim check --update office.yaml

record format   1
callsim         0.1.0
results         1
random scheme   1
log format      2
seed            7
replications    2
level           0.95
scenario        {"ab" * 32}

== Office
plan            {"cd" * 32}
log 0           {"01" * 32}
log 1           {"23" * 32}

-- whole centre
  answered              120.50 ± 6.35                 241/2
  reach                 90.00 ± 1.25 %                241/268                       margin 1 points

-- queue billing: all
  handle_time           240.250 ± 0.750 s             57900250000/241               margin 2 %
  wait_p90              –                             –

-- agents " odd\\tname "
  wait_max              61.5 s                        123000000/2

-- by hour of the day: arrivals, answered, abandoned, mean_wait
  08:00           100          90          10       1.250
  09:00             1           0           0           –

== more heads
plan            {"ef" * 32}
log 0           {"45" * 32}
log 1           {"67" * 32}

-- whole centre
  answered              134 ± 0                       268/2
"""


def test_record_is_written_one_figure_a_line() -> None:
    """Head, digests, figures by scope with margins, hours: as a reviewer reads them."""
    assert record_text(RECORD) == TEXT


def test_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """What is read is what was written; the text of that is the same text."""
    place = tmp_path / "office.record.txt"
    place.write_text(TEXT, encoding="utf-8")
    again = read(place)
    assert record_text(again) == TEXT
    assert [(figure.key, figure.exact, figure.margin) for _, figure in again.figures()] == [
        (figure.key, figure.exact, figure.margin) for _, figure in RECORD.figures()
    ]
    assert again.variants[0].hours == RECORD.variants[0].hours


def test_record_of_a_scenario_reads_back_to_the_same_text(tmp_path: Path) -> None:
    """A real record too, every kind of measure included."""
    path, record = recorded(tmp_path)
    assert record_text(read(record_path(path))) == record_text(record)


def test_layout_and_comments_of_the_scenario_leave_its_digest_alone(tmp_path: Path) -> None:
    """The digest is of what the scenario says; `about` and `expect` cannot alter a figure."""
    _, first = recorded(tmp_path)
    _, second = recorded(tmp_path, DESK.replace("# a comment", "about: words") + "expect: [abandonment_ratio < 50%]\n")
    _, third = recorded(tmp_path, DESK.replace("heads: 5", "heads: 6"))
    assert first.digest == second.digest != third.digest


@pytest.mark.parametrize(
    ("value", "half_width", "shown"),
    [
        (1234.567, 89.12, "1234.6 ± 89.1"),
        (1234.567, 891.2, "1235 ± 891"),
        (0.0012345, 0.000021, "0.0012345 ± 0.0000210"),
        (5616000.0, 0.0, "5616000 ± 0"),
        (0.123456789, None, "0.123457"),
        (12345678.9, None, "12345679"),
    ],
)
def test_value_has_the_digits_that_its_half_width_supports(value: float, half_width: float, shown: str) -> None:
    """Three digits of the half width decide; without one there are six of the value."""
    assert number(value, half_width) == shown


def test_shares_are_written_in_per_cent_and_times_in_seconds() -> None:
    """Mean numbers have no unit although they are counted in ones like shares."""
    assert value_text("reach", 0.5, 0.125) == "50.0 ± 12.5 %"
    assert value_text("mean_wait", 5.0, None) == "5 s"
    assert value_text("mean_queue", 1.5, None) == "1.5"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("241/2", "241/2  margin lots", ":19: found"),
        ("wait_max  ", "no_such_measure  ", ":27: found"),
        ("seed            7\n", "", "lacks: seed"),
        ("record format   1", "record format   9", "its record format is not 1"),
        ("log format      2", "log format      two", "invalid literal"),
        ("What office.yaml came to.", "Something else.", ":1: found"),
    ],
)
def test_damaged_record_is_refused_with_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    """A record that was edited badly is the user's to mend: where, what, and how."""
    place = tmp_path / "office.record.txt"
    assert before in TEXT
    place.write_text(TEXT.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CallsimError) as raised:
        read(place)
    assert str(place) in str(raised.value)
    assert said in str(raised.value)
    assert "check --update" in str(raised.value)


def test_missing_record_says_how_to_make_one(tmp_path: Path) -> None:
    """The message names the file and the command."""
    with pytest.raises(CallsimError, match=r"x\.record\.txt: there is no such record; make it with `callsim check"):
        read(tmp_path / "x.record.txt")


def test_record_of_a_record_is_refused() -> None:
    """Who names the record instead of the scenario is told so."""
    with pytest.raises(CallsimError, match="is a record; name the scenario"):
        record_path("plans/office.record.txt")
