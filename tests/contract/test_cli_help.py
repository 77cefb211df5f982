"""The command line's help is a page of the manual: committed, and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsim.cli import COMMANDS
from callsim.cli.reference import page


def test_help_pages_are_those_of_the_manual(root: Path) -> None:
    """An option that is added, renamed or dropped shows in a diff.

    To renew: python -m callsim.cli.reference > docs/reference/cli.md
    """
    assert (root / "docs" / "reference" / "cli.md").read_text(encoding="utf-8") == page()


def test_the_page_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who renews it in a narrow window gets the same page."""
    before = page()
    monkeypatch.setenv("COLUMNS", "50")
    assert page() == before


def test_every_command_has_a_page() -> None:
    """And says something about each of its options."""
    text = page()
    assert all(f"## callsim {name}\n" in text for name in COMMANDS)
