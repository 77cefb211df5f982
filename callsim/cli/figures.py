"""``callsim figures``: simulate, and write every figure to a folder."""

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


@click.command("figures", short_help="Draw the figures of a scenario or an experiment.")
@click.argument("scenario", metavar="SCENARIO_OR_EXPERIMENT")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help="Where they go.")
@click.option(
    "--size", type=click.Choice(("phone", "page", "wide")), default="page", show_default=True,
    help="For a phone, for A4, or for a laptop.",
)  # fmt: skip
@click.option(
    "--kind", type=click.Choice(("svg", "png", "pdf")), default="svg", show_default=True, help="Kind of files."
)
@options.changes
@options.simulation
@options.debug
def command(
    scenario: str, folder: Path, size: str, kind: str, changes: tuple[str, ...], quiet: bool, **given: Any
) -> int:
    """Simulate SCENARIO_OR_EXPERIMENT, a YAML file, and write every figure that it can be drawn as.

    Hold times by hour of the week, calls and agents by interval, the distribution of holds, the queue, the agents'
    time and the shift plan; of an experiment also the differences of its variants and, of a sweep over agents, the
    staffing curve. Ctrl-C keeps the replications that are finished.
    """
    import callsim
    from callsim.report.figures import write_figures
    from callsim.report.output import check_folder

    check_folder(folder if folder.exists() else folder.parent)
    experiment = callsim.load_experiment(scenario, changes)
    with Watch(quiet) as progress:
        results = _simulated(experiment, {**given, "progress": progress, "keep_on_interrupt": True})
    if not results[0].n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    folder.mkdir(exist_ok=True)
    files = {path: None for result in results for path in write_figures(result, folder, size, kind)}  # type: ignore[arg-type]
    if not quiet:
        for path in files:
            click.echo(path)
    return INTERRUPTED if any(result.interrupted for result in results) else DONE


def _simulated(experiment: Experiment, settings: dict[str, Any]) -> list[Result]:
    """Return the comparison, if there are variants, and the base with rows over time: of all variants too many."""
    import callsim

    by = ("interval", "hour_of_week")
    if not experiment.variants:
        return [callsim.run(experiment.base, by=by, **settings)]
    compared = callsim.compare(experiment, **settings)
    if not compared.n or compared.interrupted:
        return [compared]
    findings = compared.findings
    again = {**settings, "seed": findings.seed, "replications": compared.n, "level": findings.level}
    over_time = callsim.run(experiment.base, by=by, **again)
    return [compared, over_time] if over_time.n else [compared]
