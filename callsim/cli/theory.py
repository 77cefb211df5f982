"""``callsim theory``: what Erlang B, C and A would answer, beside what is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

__all__ = ["command"]


@click.command("theory", short_help="Put Erlang B, C and A beside the simulation.")
@click.argument("scenario", type=click.Path())
@options.changes
@options.simulation
@options.debug
def command(scenario: str, quiet: bool, **given: Any) -> None:
    """Put what Erlang B, C and A would answer for each queue of SCENARIO beside what is simulated.

    And name the features of the scenario that they cannot see: the reason for the gap.
    """
    import callsim

    with Watch(quiet) as progress:
        answer = callsim.check_against_theory(Path(scenario), progress=progress, **given)
    show(answer.table(width()))
