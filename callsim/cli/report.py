"""``callsim report``: simulate, and write one HTML file to mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, INTERRUPTED
from callsim.cli.progress import Watch

if TYPE_CHECKING:
    from callsim import Experiment, Result

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
        result = _simulated(experiment, settings)
        over_time = _base_over_time(experiment, result, settings)
    if not result.n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    write_html(output, result, experiment, Path(scenario), changes, over_time)
    if not quiet:
        click.echo(f"{output}: {output.stat().st_size / 1024:,.0f} KiB, {result.n} replications")
    return INTERRUPTED if result.interrupted else DONE


def _simulated(experiment: Experiment, settings: dict[str, Any]) -> Result:
    import callsim
    from callsim.report.html import splits

    if experiment.variants:
        return callsim.compare(experiment, **settings)
    return callsim.run(experiment.base, by=splits(experiment), **settings)


def _base_over_time(experiment: Experiment, result: Result, settings: dict[str, Any]) -> Result | None:
    """Return the base again, with rows over time: of all variants these would be millions.

    The same seed and number of replications: the same logs.
    """
    import callsim
    from callsim.report.html import splits

    if not experiment.variants or not result.n or result.interrupted:
        return None
    again = {**settings, "seed": result.findings.seed, "replications": result.n, "level": result.findings.level}
    over_time = callsim.run(experiment.base, by=splits(experiment), **again)
    return None if over_time.interrupted else over_time
