"""``callsim new``: write a commented starter scenario, after a few questions if somebody is there to answer."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from callsim.cli import options

if TYPE_CHECKING:
    from callsim.report.starter import Starter

__all__ = ["command"]


@click.command("new", short_help="Write a starter scenario to begin with.")
@click.argument("file", default="centre.yaml", type=click.Path())
@click.option("--ask/--no-ask", default=None, help="Ask a few questions first.  [default: in a terminal]")
@options.debug
def command(file: str, ask: bool | None) -> None:
    """Write a commented starter scenario to FILE (centre.yaml), which can be run and compared at once.

    In a terminal it asks for hours, calls, talk time, patience and agents; Return takes the answer in brackets.
    A file that is there already is never written over.
    """
    from callsim.report.starter import Starter, check_free, file_name, write_starter

    path = file_name(file)
    check_free(path)
    starter = Starter()
    if ask if ask is not None else (sys.stdin.isatty() and sys.stderr.isatty()):
        starter = _asked(starter)
    write_starter(starter, path)
    name = shlex.quote(str(path))
    click.echo(
        f"{path}: written. Read it, change it, and:\n\n"
        f"  callsim run {name}       what becomes of the callers\n"
        f"  callsim compare {name}   what its variants would change\n"
        f"  callsim explain {name}   what it means, word by word"
    )


def _asked(starter: Starter) -> Starter:
    """Return a starter with the answers of whoever sits at the terminal."""
    from callsim.report.starter import QUESTIONS, heads_to_begin_with

    click.echo("A few questions; Return takes the answer in brackets.", err=True)
    for question in QUESTIONS:
        if question.field == "heads":
            starter = replace(starter, heads=heads_to_begin_with(starter))
        known = getattr(starter, question.field)
        shown = f"{known:.10g}" if isinstance(known, float) else str(known)
        while True:
            answer = click.prompt(f"  {question.text}", default=shown, err=True)
            try:
                value = question.read(str(answer))
            except ValueError as error:
                click.echo(f"    {error}", err=True)
                continue
            starter = starter.answered(question.field, value)
            break
    return starter
