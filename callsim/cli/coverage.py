"""``callsim coverage``: hours that are advertised or open without anybody to answer."""

from __future__ import annotations

import click

from callsim.cli import options
from callsim.cli.faults import DONE, NO
from callsim.cli.screen import show

__all__ = ["command"]


@click.command("coverage", short_help="Show hours without anybody to answer.")
@click.argument("scenario", type=click.Path())
@options.changes
@options.debug
def command(scenario: str, changes: tuple[str, ...]) -> int:
    """Show the hours of the week in which a queue of SCENARIO is advertised but closed, or open without heads.

    And transfers that meet a closed door. Returns 0 if there is nothing of that kind, 1 if there is.
    """
    import callsim

    report = callsim.coverage(callsim.load(scenario, changes))
    show(str(report))
    return DONE if report.is_complete else NO
