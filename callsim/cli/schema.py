"""``callsim schema``: the JSON Schema of the scenario language, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from callsim.cli import options

__all__ = ["command"]


@click.command("schema", short_help="Print the JSON Schema of scenarios, for editors.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead.")
@options.debug
def command(out: Path | None) -> None:
    """Print the JSON Schema of the scenario language; an editor that reads it completes and checks as you type.

    Most editors find it by a scenario's first line, "# yaml-language-server: $schema=./scenario.schema.json".
    """
    import json

    import callsim
    from callsim.report.output import write_all

    text = json.dumps(callsim.schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_all({out: text.encode()})
