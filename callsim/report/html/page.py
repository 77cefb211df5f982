"""From what was found to the page as a value: what stands where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.experiments.compare import ranking
from callsim.experiments.findings import Findings
from callsim.report.html import origin
from callsim.report.html.answer import HOLD_AND_ABANDONMENT, answer
from callsim.report.html.cells import level_text
from callsim.report.html.pictures import pictures
from callsim.report.html.tables import compared, detailed
from callsim.report.html.value import Block, Grid, Page, Term
from callsim.report.run_report import done_lines
from callsim.report.texts import Texts
from callsim.scenario import resolve

if TYPE_CHECKING:
    from callsim.report.result import Result
    from callsim.scenario import Experiment

__all__ = ["MOST_DETAILED", "page", "splits"]

MOST_DETAILED = 12
"""Variants whose details are shown; of a long sweep only the base and the best, or the page could not be mailed."""


_MOST_INTERVALS = 1500
"""A month of half-hours: more cannot be told apart in a figure, and the rows of a year by half-hour fill a memory."""


def splits(experiment: Experiment) -> tuple[str, ...]:
    """Return by what the rows of the base are to be split for the figures over time."""
    clock = resolve(experiment.base).clock
    by = ("hour_of_week",) if clock.start else ()
    return ("interval", *by) if len(clock.interval_labels) <= _MOST_INTERVALS else by


def page(
    result: Result, experiment: Experiment, path: Path, changes: Sequence[str], over_time: Result | None, texts: Texts
) -> Page:
    """Return the report as a value.

    Parameters
    ----------
    result : Result
        Of a run or a comparison with at least one finished replication.
    experiment : Experiment
        What was simulated, as `callsim.load_experiment` read it; a single scenario has no variants.
    path : Path
        Its file.
    changes : sequence of str
        ``path=value``, as given when it was loaded.
    over_time : Result, optional
        The base alone, with rows by the `splits` of the experiment, for the figures over time; a run has its own.
    texts : Texts
        The language.
    """
    findings = result.findings
    comparing = len(findings.variants) > 1
    main = compared(findings, texts) if comparing else detailed(findings, findings.base, "run", texts)
    blocks = _blocks(findings, texts) if comparing else ()
    shown = [*main, *(grid for block in blocks for grid in block.grids)]
    held_back = comparing and len(blocks) < len(findings.variants)
    return Page(
        title=findings.name,
        about=" ".join(experiment.about.split()),
        answer=answer(findings, texts),
        done=_done(findings, texts),
        reading=_reading(findings, texts),
        main_title=texts.comparison if comparing else texts.results,
        main=main,
        pictures=pictures(result, over_time or result, _is_sweep(experiment), texts),
        blocks=blocks,
        blocks_note=texts.held_back.format(shown=len(blocks), all=len(findings.variants)) if held_back else "",
        terms=_terms(shown),
        facts=origin.facts(findings, path, changes, texts),
        digests=origin.digests(findings, texts),
        files=origin.file_texts(experiment, path, texts),
    )


def _is_sweep(experiment: Experiment) -> bool:
    """Return whether all variants are the steps of one sweep along one axis."""
    axes = {frozenset(experiment.settings.get(name, ())) for name, _ in experiment.variants}
    return len(axes) == 1 and len(next(iter(axes))) == 1


def _done(findings: Findings, texts: Texts) -> tuple[str, ...]:
    replicated = findings.replicated
    if not replicated.interrupted:
        return done_lines(findings)
    return (*done_lines(findings), texts.stopped.format(n=replicated.n, planned=replicated.planned))


def _reading(findings: Findings, texts: Texts) -> str:
    if findings.replicated.n == 1:
        return texts.reading_single
    return texts.reading.format(level=level_text(findings.level))


def _blocks(findings: Findings, texts: Texts) -> tuple[Block, ...]:
    """Return the details of every variant, or of the base and the best if there are many."""
    names = list(findings.variants)
    if len(names) > MOST_DETAILED:
        best = [placed.variant for placed in ranking(findings, HOLD_AND_ABANDONMENT[0])]
        names = [findings.base, *(name for name in best if name != findings.base)][:MOST_DETAILED]
    return tuple(
        Block(f"variant-{at}", texts.details_of.format(variant=name), detailed(findings, name, f"v{at}", texts))
        for at, name in enumerate(names)
    )


def _terms(grids: Sequence[Grid]) -> tuple[Term, ...]:
    """Return every definition of the page once, in the order of the alphabet."""
    every = {(term.name, term.meaning): term for grid in reversed(grids) for term in grid.terms}
    return tuple(sorted(every.values(), key=lambda term: term.name.casefold()))
