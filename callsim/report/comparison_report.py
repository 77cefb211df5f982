"""What a comparison shows: the variants in the order of their hold times, then their differences to the base."""

from __future__ import annotations

from collections.abc import Sequence

from callsim.experiments.compare import Placed, ranking
from callsim.experiments.findings import Findings, Shown
from callsim.report.columns import COMPARED, Figures, column
from callsim.report.run_report import definitions, done_lines, nothing, provenance
from callsim.report.table import Column, Report, Table

__all__ = ["SAME", "comparison_report"]

SAME = "≈"
"""Marks a difference whose interval holds zero."""
_HOLD, _ABANDONED = "mean_wait", "abandonment_ratio"


def comparison_report(findings: Findings) -> Report:
    """Return what `callsim compare` shows.

    Parameters
    ----------
    findings : Findings
        Of an experiment.

    Returns
    -------
    Report
        The variants ranked by hold time and by abandonment, and the paired differences to the base.
    """
    shown = _shown(findings)
    by_hold, by_abandonment = ranking(findings, _HOLD), ranking(findings, _ABANDONED)
    order = [placed.variant for placed in by_hold]
    places = ({placed.variant: placed for placed in by_hold}, {placed.variant: placed for placed in by_abandonment})
    return Report(
        heading=findings.name,
        done=(*done_lines(findings), "every variant meets the same callers with the same patience and talk times"),
        tables=(
            _ranked(findings, shown, order, places),
            _differences(findings, shown, [name for name in order if name != findings.base]),
        ),
        notes=(*definitions(findings, [figure.name for figure in shown]), provenance(findings)),
    )


def _shown(findings: Findings) -> tuple[Shown, ...]:
    """Return the figures that are shown: hold time and abandonment, then what was asked for, or the usual."""
    wanted = findings.show or tuple(Shown(name, {}) for name in findings.measures or COMPARED)
    first = (Shown(_HOLD, {}), Shown(_ABANDONED, {}))
    every = {str(figure): figure for figure in (*first, *wanted)}
    return tuple(figure for figure in every.values() if _says_something(findings, figure, figure in findings.show))


def _says_something(findings: Findings, figure: Shown, wanted: bool) -> bool:
    rows = [findings.row(figure.name, figure.scope, variant) for variant in findings.variants]
    return any(row is not None for row in rows) and (wanted or figure.name == _ABANDONED or not nothing(rows))


def _ranked(
    findings: Findings, shown: Sequence[Shown], order: Sequence[str], places: Sequence[dict[str, Placed]]
) -> Table:
    figures = [_column(findings, figure, order) for figure in shown]
    rows = [
        (
            f"{name} (base)" if name == findings.base else name,
            *(_place(by[name]) for by in places),
            *(
                cells.cell(findings.row(figure.name, figure.scope, name))
                for figure, cells in zip(shown, figures, strict=True)
            ),
        )
        for name in order
    ]
    return Table(
        "Variants, shortest hold first",
        (
            Column("variant"),
            Column("by\nhold", "rank"),
            Column("by aban-\ndonment", "rank"),
            *(cells.header for cells in figures),
        ),
        tuple(rows),
        ("rank 2=: the paired interval of the difference to the variant ranked before it holds zero",)
        if any(placed.tied for by in places for placed in by.values())
        else (),
    )


def _place(placed: Placed) -> str:
    if not placed.place:
        return "–"
    return f"{placed.place}{'=' if placed.tied else ''}"


def _column(findings: Findings, figure: Shown, variants: Sequence[str], versus: str = "") -> Figures:
    rows = [findings.row(figure.name, figure.scope, name, versus) for name in variants]
    return column(figure.name, rows, ", ".join(figure.scope.values()), bool(versus))


def _differences(findings: Findings, shown: Sequence[Shown], order: Sequence[str]) -> Table:
    base = findings.base
    figures = [_column(findings, figure, order, base) for figure in shown]
    rows = [
        (name, *(_difference(findings, figure, cells, name) for figure, cells in zip(shown, figures, strict=True)))
        for name in order
    ]
    return Table(
        f"Difference to: {base}",
        (Column("variant"), *(cells.header for cells in figures)),
        tuple(rows),
        (f"{SAME} the paired interval holds zero: no difference is shown; each interval stands for itself",),
    )


def _difference(findings: Findings, figure: Shown, cells: Figures, variant: str) -> str:
    row = findings.row(figure.name, figure.scope, variant, findings.base)
    text = cells.cell(row)
    if row is None or row.value is None or row.half_width is None or not abs(row.value) <= row.half_width:
        return text
    return f"{text} {SAME}"
