"""The page of measured tables: commands write between their markers, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import page


def test_a_command_replaces_what_stands_between_its_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text before, after and between other markers stays."""
    written = tmp_path / "speed.md"
    written.write_text("a\n<!-- one: begin -->\nold\n<!-- one: end -->\nb\n<!-- two: begin -->\n<!-- two: end -->\n")
    monkeypatch.setattr(page, "PAGE", written)
    page.put("one", "new")
    page.put("one", "newer")
    assert written.read_text() == (
        "a\n<!-- one: begin -->\n\nnewer\n\n<!-- one: end -->\nb\n<!-- two: begin -->\n<!-- two: end -->\n"
    )


def test_a_page_without_the_markers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table must not be lost silently."""
    written = tmp_path / "speed.md"
    written.write_text("<!-- one: begin -->\n")
    monkeypatch.setattr(page, "PAGE", written)
    with pytest.raises(SystemExit, match="no markers for 'one'"):
        page.put("one", "new")


@pytest.mark.parametrize("name", ["peers", "growth", "threads"])
def test_the_documentation_has_a_place_for_every_command(name: str) -> None:
    """One pair of markers each."""
    text = page.PAGE.read_text(encoding="utf-8")
    assert text.count(f"<!-- {name}: begin -->\n") == text.count(f"<!-- {name}: end -->\n") == 1


def test_tables_have_the_same_cells_on_the_page_and_in_the_terminal() -> None:
    """Figures stand to the right, names to the left."""
    header, rows = ["", "rate"], [["a", "1"], ["bb", "100"]]
    assert page.table(header, rows) == "|  | rate |\n| --- | ---: |\n| a | 1 |\n| bb | 100 |"
    assert page.aligned(header, rows) == "    rate\na      1\nbb   100"
