"""``callsim scorecard``: money, customers, processes and agents of a scenario on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, INTERRUPTED
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

__all__ = ["command"]

_PLACE = click.Path(path_type=Path)
_STANDARD_OUTPUT = Path("-")


@click.command("scorecard", short_help="Show money, customers, processes and agents on one page.")
@click.argument("scenario", type=click.Path())
@click.option(
    "--one-more", multiple=True, metavar="GROUP@HOURS",
    help="What one more agent earns there, such as 'team@mon-fri 08:00-12:00'; GROUP alone: all the time. May be"
    " repeated.",
)  # fmt: skip
@click.option("--json", type=_PLACE, metavar="FILE", help="Write every figure as JSON; - writes to standard output.")
@click.option("--csv", type=_PLACE, metavar="FILE", help="Write every figure as CSV, for spreadsheets.")
@click.option("--html", type=_PLACE, metavar="FILE", help="Write the page as HTML.")
@options.changes
@options.simulation
@options.debug
def command(
    scenario: str, one_more: tuple[str, ...], json: Path | None, csv: Path | None, html: Path | None, quiet: bool,
    **given: Any,
) -> int:  # fmt: skip
    """Simulate SCENARIO and show its balanced scorecard.

    Four perspectives: what the work costs and what is lost with customers, what customers live through and who leaves,
    how often each process fails in sigma, and what the agents bear. Amounts come from `money` in the scenario; what it
    does not say is listed with the line to write. Ctrl-C keeps the replications that are finished.
    """
    import callsim
    from callsim.report.output import check_place

    for place in (json, csv, html):
        if place is not None and place != _STANDARD_OUTPUT:
            check_place(place)
    with Watch(quiet) as progress:
        card = callsim.scorecard(
            Path(scenario), one_more=one_more, progress=None if quiet else progress, keep_on_interrupt=True, **given
        )
    if not card.n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    card.write(json=None if json == _STANDARD_OUTPUT else json, csv=csv, html=html)
    if json == _STANDARD_OUTPUT:
        from callsim.report.row_files import json_text

        click.echo(json_text(card.to_records()), nl=False)
    elif not quiet:
        show(card.table(width()))
    if not card.interrupted:
        return DONE
    click.echo(
        f"\nStopped: the figures rest on the {card.n} of {card.found.planned} replications that were finished, "
        f"the same as with --replications {card.n}.",
        err=True,
    )
    return INTERRUPTED
