"""What the commands that simulate have in common: places checked first, progress, table, files, exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callsim.cli.faults import DONE, INTERRUPTED
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

if TYPE_CHECKING:
    from callsim import Result

__all__ = ["simulated"]

_STANDARD_OUTPUT = Path("-")


def simulated(ask: Callable[..., Result], scenario: Path, quiet: bool, manifest: Path | None, **given: Any) -> int:
    """Do a simulation, show its table and write its files.

    Parameters
    ----------
    ask : callable
        Takes the settings of `callsim.run` and returns its result.
    scenario : Path
        The file that is simulated.
    quiet : bool
        Show neither tables nor progress.
    manifest : Path or None
        Where the manifest goes.
    **given
        The options of the command.

    Returns
    -------
    int
        Exit code.
    """
    files = {kind: given.pop(kind) for kind in ("json", "csv", "parquet")}
    to_screen = files["json"] == _STANDARD_OUTPUT
    files = {kind: place for kind, place in files.items() if place is not None and place != _STANDARD_OUTPUT}
    _check_places({**files, **({} if manifest is None else {"manifest": manifest})})
    with Watch(quiet) as progress:
        result = ask(progress=None if quiet else progress, keep_on_interrupt=True, **given)
    if not result.n:
        click.echo("\nStopped before the first replication was finished; nothing was written.", err=True)
        return INTERRUPTED
    result.write(**files)
    if manifest is not None:
        from callsim.report.manifest import write_manifest

        write_manifest(result, scenario, given["changes"], manifest)
    if to_screen:
        from callsim.report.row_files import json_text

        click.echo(json_text(result.to_records()), nl=False)
    elif not quiet:
        show(result.table(width()))
    if not result.interrupted:
        return DONE
    planned = result.findings.replicated.planned
    click.echo(
        f"\nStopped: the figures rest on the {result.n} of {planned} replications that were finished, "
        f"the same as with --replications {result.n}.",
        err=True,
    )
    return INTERRUPTED


def _check_places(files: dict[str, Path]) -> None:
    """Refuse a place that cannot be written to before the work, not after it."""
    from callsim.errors import OutputError
    from callsim.report.output import check_place

    seen: dict[Path, str] = {}
    for kind, place in files.items():
        check_place(place)
        other = seen.setdefault(place.resolve(), kind)
        if other != kind:
            raise OutputError(f"{place}: --{other} and --{kind} cannot write to the same file")
