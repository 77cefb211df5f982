"""``callsim validate``: is anything wrong with these files?"""

from __future__ import annotations

import click

from callsim.cli import options
from callsim.cli.faults import DONE, USER

__all__ = ["command"]


@click.command("validate", short_help="Check scenarios without running them.")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@options.changes
@options.debug
def command(files: tuple[str, ...], changes: tuple[str, ...]) -> int:
    """Check FILES, scenarios or experiments, and report everything that is wrong with them at once.

    Each problem is shown with its file, line and column, what was found, what is allowed and what to do.
    Returns 0 if all can be run, 2 if not.
    """
    import callsim

    wrong = 0
    for file in files:
        problems = callsim.validate(file, changes)
        if not problems:
            click.echo(f"{file}: can be run")
            continue
        wrong += len(problems)
        for problem in problems:
            click.echo(f"{problem}\n", err=True)
    if wrong:
        click.echo(f"{wrong} problem{'s' if wrong > 1 else ''}", err=True)
    return USER if wrong else DONE
