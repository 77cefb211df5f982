"""``callsim coverage``: hours that are advertised or open without anybody to answer, and what they cost."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, NO
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

__all__ = ["command"]

_STANDARD_OUTPUT = Path("-")


@click.command("coverage", short_help="Show hours without anybody to answer, and what they cost.")
@click.argument("scenario", type=click.Path())
@click.option("--simulate", is_flag=True, help="Also simulate, and show what each hole costs the customers in a week.")
@click.option("--seed", type=int, metavar="N", help="Seed of all draws.  [default: as the scenario says]")
@click.option(
    "--replications", type=int, metavar="N", help="Number of replications.  [default: as the scenario says]"
)  # fmt: skip
@click.option(
    "--engine",
    type=click.Choice(options.ENGINES),
    help="Who simulates; results do not depend on it.  [default: auto, whichever is sooner done]",
)
@click.option(
    "--level",
    metavar="SHARE",
    callback=options.read_share,
    help="Confidence level of intervals, such as 95%.  [default: as the scenario says]",
)
@click.option(
    "--json",
    "rows",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the holes, or what they cost, as JSON; - writes to standard output instead of the report.",
)
@options.changes
@options.debug
def command(scenario: str, changes: tuple[str, ...], simulate: bool, rows: Path | None, **given: Any) -> int:
    """Show the hours of the week in which a queue of SCENARIO is advertised but closed, or open without heads.

    And transfers that meet a closed door. With --simulate also what each hole costs: calls in vain and the hours until
    these customers got through, calls cut off by transfers and what was lost with them, waits where nobody is. Returns
    0 if there is no hole, 1 if there is one.
    """
    import callsim
    from callsim.report.coverage_report import coverage_records, in_words, records_text
    from callsim.report.output import check_place, write_all

    if rows is not None and rows != _STANDARD_OUTPUT:
        check_place(rows)
    loaded = callsim.load(scenario, changes)
    report = callsim.coverage(loaded)
    if rows != _STANDARD_OUTPUT:
        show(str(report))
        sentences = in_words(report)
        if sentences:
            show("\n" + "\n".join(textwrap.fill(line, width(), subsequent_indent="  ") for line in sentences))
    if simulate:
        with Watch() as progress:
            costs = callsim.coverage_costs(loaded, progress=progress, **given)
        records = costs.to_records()
        if rows != _STANDARD_OUTPUT:
            show("\n" + costs.text(width()))
    else:
        records = coverage_records(report)
    if rows == _STANDARD_OUTPUT:
        click.echo(records_text(records), nl=False)
    elif rows is not None:
        write_all({rows: records_text(records).encode()})
    return DONE if report.is_complete else NO
