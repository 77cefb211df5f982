"""``callsim check``: does each scenario do what it is expected to do?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callsim.cli import options
from callsim.cli.faults import DONE, INTERRUPTED, NO, USER
from callsim.cli.progress import Watch
from callsim.cli.screen import show, width

if TYPE_CHECKING:
    from callsim import CheckResult

__all__ = ["command"]

_STANDARD_OUTPUT = Path("-")


@click.command("check", short_help="Check what scenarios are expected to do.")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@options.changes
@click.option("--update", is_flag=True, help="Write the records of FILES anew instead, and check nothing.")
@click.option(
    "--replications", type=int, metavar="N",
    help="Replications of a new record.  [default: those of the old one, else as the scenario says]",
)  # fmt: skip
@click.option("--seed", type=int, metavar="N", help="Seed of all draws.  [default: as the scenario or its record says]")
@click.option(
    "--at-most", type=int, metavar="N",
    help="Replications after which what is not decided stays so.  [default: as the scenario says, else 128]",
)  # fmt: skip
@click.option(
    "--level", metavar="SHARE", callback=options.read_share,
    help="Probability that no verdict on a file is wrong.  [default: as the scenario says, else 99%]",
)  # fmt: skip
@click.option(
    "--workers", type=int, metavar="N",
    help="Worker processes; results do not depend on it.  [default: one for each core]",
)  # fmt: skip
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), metavar="FILE",
    help="Write the verdicts as JSON; - writes to standard output.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print neither tables nor progress, but a line for each file.")
@options.debug
def command(
    files: tuple[str, ...], json_file: Path | None, quiet: bool, update: bool, replications: int | None, **given: Any
) -> int:
    """Simulate FILES, scenarios or comparisons, until what they say under `expect` is met or missed.

    Replications are added until every line is decided, or until as many are run as are allowed: then it is undecided.
    A record beside a file (FILE.record.txt, written with --update) is compared too, unless --set changes the scenario.
    Returns 0 if everything is met, 1 if something is missed or undecided, 2 if a file is wrong. Ctrl-C keeps the
    verdicts that have been reached.
    """
    from callsim.errors import CallsimError

    if update:
        return _updated(files, quiet, replications, json_file, given)
    if replications is not None:
        raise click.UsageError("--replications is for --update; a check takes as many as it needs, up to --at-most")
    _check_place(json_file)
    records: list[dict[str, Any]] = []
    code = DONE
    for file in files:
        try:
            result = _checked(file, quiet, given)
        except CallsimError as error:
            if len(files) == 1 or error.exit_code != USER:
                raise
            click.echo(f"{error}\n", err=True)
            records.append({"file": file, "outcome": "wrong", "message": str(error)})
            code = USER
            continue
        records.append(result.to_record())
        _say(result, quiet, json_file == _STANDARD_OUTPUT)
        if result.interrupted:
            code = INTERRUPTED
            break
        code = code if result.met else max(code, NO)
    _write(records, json_file)
    return code


def _updated(
    files: tuple[str, ...], quiet: bool, replications: int | None, json_file: Path | None, given: dict[str, Any]
) -> int:
    """Write the records of all files; say which are others than before."""
    import callsim

    if given["changes"] or given["at_most"] or given["level"] or json_file:
        raise click.UsageError("--update goes with --replications, --seed, --workers and --quiet only")
    for file in files:
        with Watch(quiet) as progress:
            is_new = callsim.update_record(
                file, seed=given["seed"], replications=replications, workers=given["workers"], progress=progress
            )
        click.echo(f"{file}: {'recorded' if is_new else 'as recorded, nothing written'}")
    return DONE


def _checked(file: str, quiet: bool, given: dict[str, Any]) -> CheckResult:
    import callsim

    with Watch(quiet) as progress:
        return callsim.check(Path(file), progress=progress, keep_on_interrupt=True, **given)


def _say(result: CheckResult, quiet: bool, json_on_screen: bool) -> None:
    """Print the table and the line for logs; beside JSON on standard output the line goes to standard error."""
    if result.expectations and not (quiet or json_on_screen):
        show(f"{result.table(width())}\n")
    if result.expectations or result.found.record is None:
        click.echo(result.summary(), err=json_on_screen)
    if result.found.record is not None:
        from callsim.report.record_checks import record_check_text

        click.echo(record_check_text(result.found.record), err=json_on_screen)


def _check_place(place: Path | None) -> None:
    """Refuse a place that cannot be written to before the work, not after it."""
    if place is not None and place != _STANDARD_OUTPUT:
        from callsim.report.output import check_place

        check_place(place)


def _write(records: Sequence[dict[str, Any]], place: Path | None) -> None:
    if place is None:
        return
    from callsim.report.output import write_all
    from callsim.report.row_files import json_text

    text = json_text(records)
    if place == _STANDARD_OUTPUT:
        click.echo(text, nl=False)
    else:
        write_all({place: text.encode()})
