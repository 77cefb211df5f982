"""``callsim scenarios``: list the shipped scenarios, copy one out to change it."""

from __future__ import annotations

from pathlib import Path

import click

from callsim.cli import options
from callsim.cli.screen import show, width

__all__ = ["command"]


def _names(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return what the Tab key offers."""
    from callsim.report.shipped import shipped

    return [name for name in shipped() if name.startswith(begun)]


@click.command("scenarios", short_help="List the shipped scenarios, or copy one out.")
@click.argument("name", required=False, shell_complete=_names)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path(), metavar="FOLDER",
    help="Where to copy it, with the files that it names.  [default: here]",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace files that are there.")
@options.debug
def command(name: str | None, folder: Path, force: bool) -> None:
    """List the scenarios that come with callsim; with NAME, copy that one out, to be read and changed.

    For example: callsim scenarios textbook/erlang-a --to my-centre
    """
    from callsim.report.shipped import copy_out, shipped_table
    from callsim.report.table import draw

    if name is None:
        show(draw((shipped_table(),), width()))
        return
    for place in copy_out(name, folder, force):
        click.echo(place)
