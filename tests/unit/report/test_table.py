"""Tables as text: they fit the page, nothing is cut off, the same table is the same text."""

from __future__ import annotations

import pytest

from callsim.report.table import Column, Report, Table, draw, draw_report, plain

WIDE = Table(
    "Queues",
    (Column("queue"), *(Column(f"figure\n{i}", "m:ss") for i in range(9))),
    tuple((name, *(f"{i}:05 ± 0:0{i}" for i in range(9))) for name in ("[orders]", "a queue with a very long name")),
)


def test_a_small_table_is_drawn_so() -> None:
    """Header lines stand at the bottom, units below titles, figures to the right, notes below."""
    table = Table(
        "Waits", (Column("queue"), Column("longest\nwait", "m:ss"), Column("n")), (("main", "1:05", "7"),), ("a note",)
    )
    assert draw((table,)) == (
        "Waits\n       longest\n          wait\nqueue     m:ss  n\n─────────────────\nmain      1:05  7\n\na note\n"
    )


@pytest.mark.parametrize("width", [40, 60, 80, 120, 300])
def test_no_line_is_wider_than_the_page_and_no_cell_is_lost(width: int) -> None:
    """What does not fit is folded: the first column is repeated."""
    text = draw((WIDE,), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert all(text.count(f"{i}:05 ± 0:0{i}") == 2 for i in range(9))


def test_a_page_narrower_than_forty_columns_is_taken_as_forty() -> None:
    """A terminal of one column must not hang the program."""
    assert draw((WIDE,), 1) == draw((WIDE,), 40)


def test_long_names_are_wrapped_and_brackets_are_left_alone() -> None:
    """No markup is read into a name; no sign of a name is lost."""
    text = draw((WIDE,), 40)
    assert "[orders]" in text
    assert "\na queue with" in text
    assert "\na very long\nname\n" in text


def test_words_in_the_last_column_are_aligned_to_the_left_and_wrapped() -> None:
    """Prose is read from the left and may take several lines."""
    table = Table("T", (Column("name"), Column("what", words=True)), (("a", "word " * 20),))
    lines = draw((table,), 40).splitlines()
    assert lines[3].startswith("a     word word")
    assert lines[4].startswith("      word")
    assert max(map(len, lines)) <= 40


def test_wide_signs_take_two_columns() -> None:
    """A Chinese queue name does not push its figures out of line."""
    table = Table("T", (Column("queue"), Column("n")), (("客服", "1"), ("ab", "2")))
    assert draw((table,)).splitlines()[3:] == ["客服   1", "ab     2"]


def test_no_line_has_trailing_blanks() -> None:
    """Golden files and version control dislike them."""
    assert all(line == line.rstrip() for line in draw((WIDE, WIDE), 80).splitlines())


def test_a_report_is_heading_tables_and_notes_within_the_width() -> None:
    """Long lines of prose are wrapped as well."""
    text = draw_report(Report("A centre", ("word " * 30,), (WIDE,), ("note " * 30,)), 60)
    assert text.startswith("A centre\nword ")
    assert text.endswith("note\n")
    assert max(len(line) for line in text.splitlines()) <= 60


def test_signs_that_the_output_cannot_hold_are_written_out() -> None:
    """A terminal without UTF-8 gets +/- for ±, and never an exception."""
    assert plain("1 ± 2 ≈ –", "ascii") == "1 +/- 2 ~ -"
    assert plain("1 ± 2 客", "ascii") == "1 +/- 2 ?"
    assert plain("1 ± 2", "utf-8") == "1 ± 2"
