"""``callsim attribute``: what is each remedy worth, and in which order should one act?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, INTERRUPTED
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

if TYPE_CHECKING:
    from callsim import Attribution

__all__ = ["command"]

_STANDARD_OUTPUT = Path("-")
_PLACE = click.Path(path_type=Path)


@click.command("attribute", short_help="Find out what each remedy is worth, and where to begin.")
@click.argument("experiment", type=click.Path())
@options.changes
@click.option(
    "--remedy", "remedies", multiple=True, metavar="NAME",
    help="Weigh this variant. May be repeated.  [default: as the file says, else all that can be combined]",
)  # fmt: skip
@click.option(
    "--of", multiple=True, metavar="FIGURE",
    help="Of this figure, such as hold_per_caller or mean_wait(billing). May be repeated.  [default: as the file says,"
    " else the usual]",
)  # fmt: skip
@click.option(
    "--permutations", type=int, metavar="N",
    help="Orders that are sampled with more than 8 remedies.  [default: as the file says, else 64]",
)  # fmt: skip
@options.simulation
@click.option("--json", "json_file", type=_PLACE, metavar="FILE", help="Write all as JSON; - is standard output.")
@click.option("--csv", "csv_file", type=_PLACE, metavar="FILE", help="Write the estimates as CSV, for spreadsheets.")
@click.option(
    "--html", "html_file", type=_PLACE, metavar="FILE.html", help="Write tables and pictures as one file to mail."
)
@click.option(
    "--figures", "folder", type=_PLACE, metavar="FOLDER", help="Draw what each remedy is worth, a picture a figure."
)
@click.option(
    "--kind", type=click.Choice(("svg", "png", "pdf")), default="svg", show_default=True, help="Kind of pictures."
)
@options.debug
def command(
    experiment: str,
    quiet: bool,
    json_file: Path | None,
    csv_file: Path | None,
    html_file: Path | None,
    changes: tuple[str, ...],
    folder: Path | None,
    kind: str,
    **given: Any,
) -> int:
    """Switch the variants of EXPERIMENT, a YAML file, on and off in every combination, and tell what each is worth.

    All combinations meet the same customers. For each figure: what a remedy takes off it alone, as the last of all, and
    on the mean over all orders (its Shapley value: these add up), with intervals; then the order in which to act, by
    what the remedies cost. Up to 8 remedies are combined in every way; of more, orders are sampled. Ctrl-C keeps the
    replications that every combination has finished.
    """
    import callsim
    from callsim.report.figures import write_worth_figures

    _check_places({"json": json_file, "csv": csv_file, "html": html_file}, folder)
    loaded = callsim.load_experiment(experiment, changes)
    with Watch(quiet) as progress:
        result = callsim.attribute(loaded, progress=None if quiet else progress, keep_on_interrupt=True, **given)
    if not result.n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    to_screen = json_file == _STANDARD_OUTPUT
    result.write(json=None if to_screen else json_file, csv=csv_file)
    if html_file is not None:
        from callsim.report.html import write_attribution_html

        write_attribution_html(html_file, result, loaded, Path(experiment), changes)
    if folder is not None:
        folder.mkdir(exist_ok=True)
        write_worth_figures(result, folder, kind=kind)
    if to_screen:
        click.echo(result.json_text(), nl=False)
    elif not quiet:
        show(result.table(width()))
    return _ended(result)


def _ended(result: Attribution) -> int:
    if not result.interrupted:
        return DONE
    click.echo(
        f"\nStopped: the figures rest on the {result.n} of {result.found.planned} replications that every combination"
        f" finished, the same as with --replications {result.n}.",
        err=True,
    )
    return INTERRUPTED


def _check_places(files: dict[str, Path | None], folder: Path | None) -> None:
    """Refuse a place that cannot be written to before the work, not after it."""
    from callsim.errors import OutputError
    from callsim.report.output import check_folder, check_place

    seen: dict[Path, str] = {}
    for kind, place in files.items():
        if place is None or place == _STANDARD_OUTPUT:
            continue
        check_place(place)
        other = seen.setdefault(place.resolve(), kind)
        if other != kind:
            raise OutputError(f"{place}: --{other} and --{kind} cannot write to the same file")
    if folder is not None:
        check_folder(folder if folder.exists() else folder.parent)
