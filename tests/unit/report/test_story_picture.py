"""The picture of a story: what it shows is what the story says, and it stays inside its edges."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from matplotlib.text import Text

from callsim.codes import Outcome
from callsim.plan.plan import SECOND
from callsim.report.figures.style import WIDTHS, alt_text
from callsim.report.story import stories, story_of
from callsim.report.story.picture import _BARS, _MARKS, picture_bytes, story_picture
from callsim.report.story.picture_data import story_picture_data
from callsim.report.story.texts import story_texts_in
from tests.small_logs import answered, busy_day, busy_day_plan, contact, lost, small_log
from tests.unit.report.story_logs import KEYS, at, events, story_log, story_plan

PLAN = story_plan()
STORY = story_of(PLAN, story_log(PLAN))
DATA = story_picture_data(STORY)
HOUR = 3600 * SECOND


def test_bars_add_up_to_the_totals_of_the_story() -> None:
    """Hold and dialling are his time on hold; talk, the provider's calls included, is the rest."""
    lengths: dict[str, float] = {}
    for bar in DATA.bars:
        lengths[bar.kind] = lengths.get(bar.kind, 0.0) + bar.end - bar.start
    assert (lengths["hold"] + lengths["dialling"]) * HOUR == pytest.approx(STORY.totals.hold, abs=SECOND)
    assert (lengths["talk"] + lengths["provider"]) * HOUR == pytest.approx(STORY.totals.talk, abs=SECOND)
    assert lengths["dialling"] * 3600 == pytest.approx(60.0)


def test_every_day_has_its_row_with_closed_hours_and_sleep() -> None:
    """Billing is closed before 8 and from 18 on; he sleeps until 7, but not before the problem begins."""
    assert [row.label for row in DATA.rows] == ["Mon 3 Mar", "Tue 4 Mar", "Wed 5 Mar", "Thu 6 Mar", "Fri 7 Mar"]
    assert DATA.departments == ("support", "escalations", "billing")
    assert DATA.rows[1].closed == (((0, 8), (23, 24)), ((0, 9), (21, 24)), ((0, 8), (18, 24)))
    assert [row.asleep for row in DATA.rows[:2]] == [((6, 7), (23.5, 24)), ((0, 7), (23.5, 24))]
    assert (DATA.rows[0].begins, DATA.rows[-1].ends) == (6, 16)
    assert [row.so_far for row in DATA.rows[:2]] == ["4 calls\n1 h 20 min", "6 calls\n3 h 28 min"]


def test_marks_stand_where_things_went_wrong_and_right() -> None:
    """In vain on Monday at 7, cut off on Tuesday at 18:03:30, solved on Friday at 16."""
    assert [(mark.row, round(mark.hour, 3), mark.kind) for mark in DATA.marks] == [
        (0, 7, "in_vain"), (0, 12.333, "abandoned"), (0, 20, "broken"), (1, 18.058, "cut_off"), (2, 9, "complained"),
        (4, 16, "solved"),
    ]  # fmt: skip
    assert [number for _, _, number in DATA.numbers] == list("12345678")


def test_a_call_over_midnight_has_a_bar_on_both_days() -> None:
    """Half an hour on Monday, an hour on Tuesday."""
    log = small_log(
        PLAN,
        [contact(lost(at(0, 23, 30), at(1, 1)), attempt=0, **KEYS)],
        case_events=events((at(0, 22), 0, -1, -1, 0)),
    )
    data = story_picture_data(story_of(PLAN, log))
    assert [(bar.row, bar.start, bar.end) for bar in data.bars] == [(0, 23.5, 24), (1, 0, 1)]


def test_a_call_that_is_cut_off_at_midnight_has_its_mark_at_the_end_of_the_day() -> None:
    """Not at the beginning of the next one, which has no row if nothing else happens on it."""
    cut = contact(lost(at(0, 23), at(1, 0), Outcome.DROPPED_AT_CLOSING), n=5)
    log = small_log(PLAN, [cut], end=8 * 86400 * SECOND)
    data = story_picture_data(story_of(PLAN, log, case="order error, persistent/0/5"))
    assert [(mark.row, mark.hour, mark.kind) for mark in data.marks][:1] == [(0, 24.0, "cut_off")]
    log = small_log(PLAN, [contact(lost(at(1, 0), at(1, 0)), n=5)], end=8 * 86400 * SECOND)
    data = story_picture_data(story_of(PLAN, log, case="order error, persistent/0/5"))
    assert [(mark.row, mark.hour, mark.kind) for mark in data.marks][:1] == [(0, 0.0, "abandoned")]


def test_days_without_anything_are_left_out_of_long_stories() -> None:
    """Of more than ten days only those have a row on which something happens; the others are counted."""
    plan = busy_day_plan()
    day = 86400.0
    calls = [
        contact(answered(day * n, day * n + 60, 60), n=5, attempt=i, cause=6 * (i > 0))
        for i, n in enumerate((0, 1, 12))
    ]
    log = small_log(plan, calls, end=14 * 86400 * SECOND)
    data = story_picture_data(story_of(plan, log, case="alice/0/5"))
    assert [(row.label, row.skipped) for row in data.rows] == [("day 1", 0), ("day 2", 0), ("day 13", 10)]


@pytest.mark.slow
@pytest.mark.parametrize("size", ["phone", "page", "wide"])
def test_every_text_lies_within_the_picture(size: str) -> None:
    """On a phone too: nothing is cut off at an edge, neither title nor totals nor legend."""
    figure = story_picture(STORY, size)
    figure.draw_without_rendering()
    assert figure.get_figwidth() == WIDTHS[size]
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            assert -1 <= box.x0 <= box.x1 <= figure.bbox.width + 1, text
            assert -1 <= box.y0 <= box.y1 <= figure.bbox.height + 1, text


@pytest.mark.slow
def test_files_are_the_same_each_time_and_svg_is_well_formed() -> None:
    """Bytes do not depend on the hour; whoever cannot see the picture is told what it shows."""
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        content = picture_bytes(STORY, "page", kind)
        assert content.startswith(start)
        if kind != "pdf":
            assert content == picture_bytes(STORY, "page", kind)
    svg = ElementTree.fromstring(picture_bytes(STORY, "page", "svg"))
    assert "8 calls" in svg.attrib["aria-label"]
    assert alt_text(story_picture(STORY)).startswith("Case order error, persistent/3/14: solved after 106 h")


@pytest.mark.slow
def test_every_caller_of_a_busy_day_can_be_drawn() -> None:
    """Calls in vain alone, without a queue, a case or a calendar, are a picture as well."""
    plan = busy_day_plan()
    for story in stories(plan, busy_day(plan)):
        assert picture_bytes(story, "phone").startswith(b"\x89PNG")


def test_everything_that_can_be_drawn_has_a_name() -> None:
    """A bar or a mark without words in the language file would have an empty legend."""
    assert set(_BARS) | set(_MARKS) <= set(story_texts_in().picture)
