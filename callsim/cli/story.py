"""``callsim story``: what one customer went through, as dated sentences, as a picture, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.screen import show, width

__all__ = ["command"]

_PICTURES = (".png", ".svg", ".pdf")


def _numbers(_: click.Context, __: click.Parameter, word: str | None) -> dict[str, float] | None:
    """Read ``calls=22,hours=12``."""
    if word is None:
        return None
    found: dict[str, float] = {}
    for part in word.split(","):
        name, sign, number = part.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            sign = ""
        if not sign or not name.strip():
            raise click.BadParameter(f"found {part.strip()!r}; write names and numbers, such as calls=22,hours=12")
    return found


def _picture(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in _PICTURES:
        raise click.BadParameter(f"found {path.name!r}; the name must end with one of {', '.join(_PICTURES)}")
    return path


@click.command("story", short_help="Tell what one customer went through.")
@click.argument("scenario", type=click.Path())
@click.option("--worst", "choice", flag_value="worst", default=True, help="The longest time on the phone.  [default]")
@click.option("--median", "choice", flag_value="median", help="The middle by calls, then by time on the phone.")
@click.option(
    "--like",
    callback=_numbers,
    metavar="NUMBERS",
    help="The case nearest to numbers such as calls=22,employees=50,hours=12,outage=112.",
)
@click.option("--case", metavar="NAME", help="The one of this name: stream/block/n, as a story's first line says.")
@click.option("--cases", metavar="TYPE", help="Only cases of this type.")
@click.option("--customers", metavar="KIND", help="Only customers of this kind.")
@click.option("--callers", metavar="NAME", help="Ordinary callers of this name instead of cases.")
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Read this log that `callsim run --save-logs` kept.",
)
@click.option("--replication", type=int, default=0, show_default=True, metavar="N", help="Run this replication.")
@click.option("--seed", type=int, metavar="N", help="Seed of all draws.  [default: as the scenario says]")
@click.option(
    "--engine",
    type=click.Choice(options.ENGINES),
    help="Who simulates; results do not depend on it.  [default: auto, whichever is sooner done]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Of what is printed.",
)
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    callback=_picture,
    metavar="FILE",
    help="Also draw it, as a time line by day: a name that ends with .png, .svg or .pdf.",
)
@click.option(
    "--size",
    type=click.Choice(("phone", "page", "wide")),
    default="page",
    show_default=True,
    help="Of the picture: for a phone, for A4, or for a laptop.",
)
@options.changes
@options.debug
def command(scenario: str, form: str, picture: Path | None, size: str, **wanted: Any) -> None:
    """Tell what one customer of SCENARIO went through, call by call, with what it had come to by then.

    One replication is simulated, or the log of one is read. Among the cases that began in the measured weeks the one
    with the longest time on the phone is told, unless another is asked for.
    """
    import callsim
    from callsim.report.output import check_place, write_all

    asked = [
        name
        for name, given in (
            ("--median", wanted["choice"] == "median"),
            ("--like", wanted["like"]),
            ("--case", wanted["case"]),
        )
        if given
    ]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)}: ask for one case, by one of them")
    if picture is not None:
        check_place(picture)
    story = callsim.story(scenario, **wanted)
    if form == "json":
        from callsim.report.story.records import story_json

        click.echo(story_json(story), nl=False)
    else:
        show(story.text(width()))
    if picture is not None:
        from callsim.report.story.picture import picture_bytes

        write_all({picture: picture_bytes(story, size, picture.suffix.lower().removeprefix("."))})  # type: ignore[arg-type]
