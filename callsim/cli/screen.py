"""Standard output: how wide it is and which characters it knows."""

from __future__ import annotations

import shutil
import sys

import click

__all__ = ["show", "width"]


def width() -> int:
    """Return the columns to draw in: the terminal's, or those in ``COLUMNS``, or 80."""
    return shutil.get_terminal_size((80, 24)).columns


def show(text: str) -> None:
    """Print to standard output, with signs that its encoding has."""
    from callsim.report.table import plain

    click.echo(plain(text, sys.stdout.encoding or "utf-8"), nl=not text.endswith("\n"))
