"""The page of `callsim attribute`: its tables and pictures in one file, with what is needed to repeat it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.report.attribution import Attribution
from callsim.report.attribution_report import MEANINGS, by_worth, is_nothing, words, worth_sentence
from callsim.report.html.cells import level_text
from callsim.report.html.origin import file_texts
from callsim.report.html.render import render
from callsim.report.html.value import Cell, Fact, Grid, Head, Line, Page, Picture, Term
from callsim.report.output import check_place, write_all
from callsim.report.table import Table
from callsim.report.texts import Texts, texts_in

if TYPE_CHECKING:
    from callsim.scenario import Experiment

__all__ = ["attribution_html", "write_attribution_html"]


def attribution_html(attribution: Attribution, experiment: Experiment, path: Path, changes: Sequence[str] = ()) -> str:
    """Return what remedies are worth as one HTML document.

    Parameters
    ----------
    attribution : Attribution
        With at least one replication.
    experiment : Experiment
        What was simulated.
    path : Path
        Its file.
    changes : sequence of str
        ``path=value``, as given when it was loaded.
    """
    found, report, texts = attribution.found, attribution.report(), texts_in()
    telling = [told for told in found.figures if not is_nothing(told)]
    terms = [Term(words(told), told.measure.definition) for told in found.figures]
    value = Page(
        title=report.heading,
        about=" ".join(experiment.about.split()),
        answer=_answer(report.tables, attribution),
        done=report.done,
        reading="; ".join(MEANINGS),
        main_title=texts.results,
        main=tuple(_grid(table, f"table-{place}") for place, table in enumerate(report.tables)),
        pictures=tuple(_picture(attribution, str(told.shown), words(told)) for told in telling),
        blocks=(),
        blocks_note="",
        terms=tuple(sorted(terms, key=lambda term: term.name.casefold())),
        facts=_facts(attribution, path, changes, texts),
        digests=Grid(
            "digests",
            texts.digests,
            texts.corners["variant"],
            (Head(texts.plan_digest), Head(texts.logs_digest)),
            (Line(found.base, (Cell(found.digest), Cell(found.logs))),),
        ),
        files=file_texts(experiment, path, texts),
    )
    return render(value, texts)


def write_attribution_html(
    place: Path, attribution: Attribution, experiment: Experiment, path: Path, changes: Sequence[str] = ()
) -> None:
    """Write the page to a file, whole or not at all.

    Parameters
    ----------
    place : Path
        Where; a file that is there is replaced.
    attribution, experiment, path, changes
        See `attribution_html`.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    check_place(place)
    write_all({place: attribution_html(attribution, experiment, path, changes).encode()})


def _answer(tables: Sequence[Table], attribution: Attribution) -> tuple[str, ...]:
    """Return two sentences: what all remedies do to the first figure, and what the best of them is worth."""
    telling = [told for told in attribution.figures if not is_nothing(told)]
    if not telling:
        return ()
    best = worth_sentence(telling[0], by_worth(telling[0])[0])
    return tuple(f"{text[0].upper()}{text[1:]}." for text in (tables[0].notes[0], best))


def _grid(table: Table, key: str) -> Grid:
    corner, *columns = table.columns
    return Grid(
        key,
        table.title,
        corner.title,
        tuple(Head(column.title.replace("-\n", "").replace("\n", " "), column.unit) for column in columns),
        tuple(Line(row[0], tuple(Cell(cell) for cell in row[1:])) for row in table.rows),
        table.notes,
    )


def _picture(attribution: Attribution, figure: str, caption: str) -> Picture:
    from callsim.report.figures import remedy_worth, to_svg

    key = f"figure-worth-{[str(told.shown) for told in attribution.figures].index(figure)}"
    wide, narrow = (remedy_worth(attribution, figure, size) for size in ("page", "phone"))
    return Picture(key, to_svg(wide, f"{key} on paper"), to_svg(narrow, f"{key} on a phone"), caption)


def _facts(attribution: Attribution, path: Path, changes: Sequence[str], texts: Texts) -> tuple[Fact, ...]:
    """Return what is needed to repeat the work, in order."""
    found = attribution.found
    command = ["callsim", "attribute", path.name, "--seed", str(found.seed), "--replications", str(found.n)]
    command += ["--level", f"{found.level:.10g}"]
    chosen = {
        "--set": changes,
        "--remedy": found.question.remedies,
        "--of": [str(figure) for figure in found.question.figures],
    }
    command += [word for option, values in chosen.items() for value in values for word in (option, value)]
    if found.orders:
        command += ["--permutations", str(found.orders)]
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        Fact(texts.command, shlex.join([*command, "--html", f"{path.stem}.html"]), code=True),
        Fact(texts.scenario, found.name),
        Fact(texts.seed, str(found.seed)),
        Fact(texts.replications, str(found.n)),
        Fact(texts.level, level_text(found.level)),
        Fact(texts.versions, f"callsim {version('callsim')}, Python {python}"),
    )
