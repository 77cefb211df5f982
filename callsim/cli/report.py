"""``callsim report``: simulate, and write one HTML file to mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, INTERRUPTED
from callsim.cli.progress import Watch

__all__ = ["command"]


@click.command("report", short_help="Write an HTML report to mail.")
@click.argument("scenario", metavar="SCENARIO_OR_EXPERIMENT")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE.html", help="Where it goes."
)
@options.changes
@options.simulation
@options.debug
def command(scenario: str, output: Path, changes: tuple[str, ...], quiet: bool, **given: Any) -> int:
    """Simulate SCENARIO_OR_EXPERIMENT, a YAML file, and write what came out as one HTML file.

    The file carries everything and asks the network for nothing: the answer in two sentences, the
    comparison of the variants if there are any, details to unfold, and what is needed to repeat it. It
    reads on a phone, prints on A4, and needs no JavaScript. Ctrl-C keeps the replications that are finished.
    """
    import callsim
    from callsim.report.html import write_html
    from callsim.report.output import check_place

    check_place(output)
    experiment = callsim.load_experiment(scenario, changes)
    with Watch(quiet) as progress:
        settings = {**given, "progress": progress, "keep_on_interrupt": True}
        if experiment.variants:
            result: callsim.Result = callsim.compare(experiment, **settings)
        else:
            result = callsim.run(experiment.base, **settings)
    if not result.n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    write_html(output, result, experiment, Path(scenario), changes)
    if not quiet:
        click.echo(f"{output}: {output.stat().st_size / 1024:,.0f} KiB, {result.n} replications")
    return INTERRUPTED if result.interrupted else DONE
