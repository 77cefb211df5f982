"""``callsim explain``: a scenario in plain words."""

from __future__ import annotations

import click

from callsim.cli import options
from callsim.cli.screen import show

__all__ = ["command"]


@click.command("explain", short_help="Say a scenario in plain words, with every default.")
@click.argument("scenario", type=click.Path())
@options.changes
@options.debug
def command(scenario: str, changes: tuple[str, ...]) -> None:
    """Say what SCENARIO means in plain words: all that is written and all that is not, with its obvious value."""
    import callsim

    show(callsim.explain(callsim.load(scenario, changes)))
