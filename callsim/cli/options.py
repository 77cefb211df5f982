"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = ["BY", "ENGINES", "changes", "debug", "outputs", "read_share", "selected", "simulation"]

Command = TypeVar("Command", bound=Callable[..., Any])
BY = ("interval", "hour_of_week")
"""What rows can be split by."""
ENGINES = ("auto", "simpy", "compiled")
"""Who can be asked to simulate."""


def changes(command: Command) -> Command:
    """Add ``--set``."""
    return click.option(
        "--set", "changes", multiple=True, metavar="PATH=VALUE", callback=_path_and_value,
        help="Change one value of the scenario, such as agents.team.heads=12. May be repeated.",
    )(command)  # fmt: skip


def debug(command: Command) -> Command:
    """Add ``--debug``; the group looks for it when something goes wrong."""
    return click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of errors.")(command)


def simulation(command: Command) -> Command:
    """Add the options that say how much is simulated and with what help."""
    for option in (
        click.option("--quiet", is_flag=True, help="Print neither tables nor progress."),
        click.option(
            "--level", metavar="SHARE", callback=read_share,
            help="Confidence level of intervals, such as 95%.  [default: as the scenario says]",
        ),
        click.option(
            "--workers", type=int, metavar="N",
            help="Worker processes or threads; results do not depend on it.  [default: one for each core]",
        ),
        click.option(
            "--engine", type=click.Choice(ENGINES),
            help="Who simulates; results do not depend on it.  [default: auto, whichever is sooner done]",
        ),
        click.option(
            "--replications", type=int, metavar="N",
            help="Number of replications.  [default: as the scenario says]",
        ),
        click.option(
            "--seed", type=int, metavar="N",
            help="Seed of all draws.  [default: as the scenario says]",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def outputs(command: Command) -> Command:
    """Add the options that say which rows are wanted and where they go."""
    place = click.Path(path_type=Path)
    for option in (
        click.option(
            "--manifest", type=place, metavar="FILE",
            help="Write what `callsim rerun` needs to make this result again: versions, platform, digests.",
        ),
        click.option("--save-logs", type=place, metavar="FOLDER", help="Save the log of every replication there."),
        click.option("--parquet", type=place, metavar="FILE", help="Write the rows as Parquet."),
        click.option("--csv", type=place, metavar="FILE", help="Write the rows as CSV, for spreadsheets."),
        click.option("--json", type=place, metavar="FILE", help="Write the rows as JSON; - writes to standard output."),
        click.option(
            "--measures", "measures", multiple=True, metavar="NAMES", callback=_names,
            help="Only these measures, such as service_level,wait_p90. May be repeated.",
        ),
        click.option(
            "--by", multiple=True, type=click.Choice(BY),
            help="Also rows by reporting interval or by hour of the week. May be repeated.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def selected(**options: Any) -> dict[str, Any]:
    """Return the options that were given: what was not is left to the scenario."""
    return {name: value for name, value in options.items() if value is not None}


def _path_and_value(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if not word.partition("=")[1] or not word.partition("=")[0].strip():
            raise click.BadParameter(f"found {word!r}; write a path and a value, such as agents.team.heads=12")
    return words


def _names(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for word in words for name in (part.strip() for part in word.split(",")) if name)


def read_share(_: click.Context, __: click.Parameter, word: str | None) -> float | None:
    """Return a share that is written as 0.95 or 95%."""
    if word is None:
        return None
    try:
        share = float(word.strip().removesuffix("%")) / (100 if word.strip().endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise click.BadParameter(f"found {word!r}; must lie between 0 and 1, such as 0.95 or 95%")
    return share
