"""The page as text: the template filled in, everything escaped that is not one of our own figures."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.report.html.page import page
from callsim.report.html.value import Page
from callsim.report.output import check_place, write_all
from callsim.report.texts import Texts, texts_in

if TYPE_CHECKING:
    from callsim.report.result import Result
    from callsim.scenario import Experiment

__all__ = ["html_text", "render", "write_html"]


def html_text(
    result: Result,
    experiment: Experiment,
    path: Path,
    changes: Sequence[str] = (),
    over_time: Result | None = None,
    texts: Texts | None = None,
) -> str:
    """Return the report as one HTML document, in English by default; see `callsim.report.html.page.page`."""
    words = texts or texts_in()
    return render(page(result, experiment, path, changes, over_time, words), words)


def write_html(
    place: Path, result: Result, experiment: Experiment, path: Path, changes: Sequence[str] = (),
    over_time: Result | None = None, texts: Texts | None = None,
) -> None:  # fmt: skip
    """Write the report to a file, whole or not at all.

    Parameters
    ----------
    place : Path
        Where; a file that is there is replaced.
    result, experiment, path, changes, over_time, texts
        See `callsim.report.html.page.page`.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    check_place(place)
    write_all({place: html_text(result, experiment, path, changes, over_time, texts).encode()})


def render(value: Page, texts: Texts) -> str:
    """Return a page as text.

    Parameters
    ----------
    value : Page
        What it says.
    texts : Texts
        The words around it.
    """
    from jinja2 import Environment, StrictUndefined

    here = files("callsim.report.html")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((here / "report.html.j2").read_text(encoding="utf-8"))
    style = (here / "report.css").read_text(encoding="utf-8")
    return template.render(page=value, texts=texts, style=style)
