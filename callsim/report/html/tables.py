"""The tables of the report: variants and their differences, calls, callers, fates and agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from callsim.experiments.compare import Placed, ranking
from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings, Shown
from callsim.plan.plan import Plan
from callsim.report.columns import AGENTS, CALLS, COMPARED
from callsim.report.html.answer import HOLD_AND_ABANDONMENT
from callsim.report.html.case_tables import case_grids
from callsim.report.html.cells import cell, head, terms
from callsim.report.html.value import Cell, Grid, Head, Line
from callsim.report.run_report import FATES, nothing
from callsim.report.texts import Texts

__all__ = ["MOST_COLUMNS", "compared", "detailed", "folded"]

MOST_COLUMNS = 8
"""Of numbers, in one table: they fit on A4."""
_SHOWN_IF_ANY = ("share_held_an_hour", "overrun_time")
Scope = Mapping[str, str | int]


def compared(findings: Findings, texts: Texts) -> tuple[Grid, ...]:
    """Return the variants in the order of their waits, and their paired differences to the base.

    Parameters
    ----------
    findings : Findings
        Of an experiment.
    texts : Texts
        The language.
    """
    shown = _figures(findings)
    order = [placed.variant for placed in ranking(findings, HOLD_AND_ABANDONMENT[0])]
    places = [{placed.variant: placed for placed in ranking(findings, name)} for name in HOLD_AND_ABANDONMENT]
    columns = [_column(findings, figure, order, texts) for figure in shown]
    ranks = tuple(Head(title, "", texts.place_definition) for title in (texts.by_wait, texts.by_abandonment))
    heads = (*ranks, *(header for header, _ in columns))
    lines = tuple(
        Line(
            texts.base.format(name=name) if name == findings.base else name,
            (
                *(_place(by[name], texts) for by in places),
                *(cells[at] for _, cells in columns),
            ),
            name == findings.base,
        )
        for at, name in enumerate(order)
    )
    tied = any(placed.tied for by in places for placed in by.values())
    ranked = Grid(
        "variants", texts.variants, texts.corners["variant"], heads, lines, (texts.tied,) if tied else (), terms(heads)
    )
    return *folded(ranked, texts), *folded(
        _differences(findings, shown, [name for name in order if name != findings.base], texts), texts
    )


def folded(grid: Grid, texts: Texts) -> tuple[Grid, ...]:
    """Return a table as several if it has more columns than fit on paper; each repeats the names of its rows."""
    if len(grid.heads) <= MOST_COLUMNS:
        return (grid,)
    parts = []
    for at in range(0, len(grid.heads), MOST_COLUMNS):
        heads = grid.heads[at : at + MOST_COLUMNS]
        lines = tuple(replace(line, cells=line.cells[at : at + MOST_COLUMNS]) for line in grid.lines)
        parts.append(replace(grid, heads=heads, lines=lines, terms=terms(heads)))
    rest = [
        replace(part, key=f"{grid.key}-{at}", title=texts.continued.format(title=grid.title), notes=())
        for at, part in enumerate(parts[1:], start=2)
    ]
    return parts[0], *rest


def _place(placed: Placed, texts: Texts) -> Cell:
    return Cell(f"{placed.place or '–'}{'=' if placed.tied else ''}", texts.place_definition)


def _differences(findings: Findings, shown: Sequence[Shown], order: Sequence[str], texts: Texts) -> Grid:
    columns = [_column(findings, figure, order, texts, findings.base) for figure in shown]
    heads = tuple(header for header, _ in columns)
    lines = tuple(Line(name, tuple(cells[at] for _, cells in columns)) for at, name in enumerate(order))
    title = texts.differences.format(base=findings.base)
    return Grid("differences", title, texts.corners["variant"], heads, lines, (texts.same,), terms(heads))


def _figures(findings: Findings) -> tuple[Shown, ...]:
    """Return what the comparison shows: wait and abandonment, then what was asked for, or the usual."""
    wanted = findings.show or tuple(Shown(name, {}) for name in COMPARED)
    every = {str(figure): figure for figure in (*(Shown(name, {}) for name in HOLD_AND_ABANDONMENT), *wanted)}
    return tuple(figure for figure in every.values() if _says_something(findings, figure))


def _says_something(findings: Findings, figure: Shown) -> bool:
    rows = [findings.row(figure.name, figure.scope, variant) for variant in findings.variants]
    kept = figure in findings.show or figure.name in HOLD_AND_ABANDONMENT
    return any(row is not None for row in rows) and (kept or not nothing(rows))


def _column(
    findings: Findings, figure: Shown, variants: Sequence[str], texts: Texts, versus: str = ""
) -> tuple[Head, list[Cell]]:
    """Return the header and the cells of one figure, a cell for each variant."""
    inside = ", ".join(figure.scope.values())
    rows = [findings.row(figure.name, figure.scope, name, versus) for name in variants]
    figures, header = head(figure.name, rows, texts, inside, bool(versus))
    labels = [texts.subtracted.format(variant=name, base=versus) if versus else name for name in variants]
    return header, [
        cell(row, figures, f"{label}, {inside}" if inside else label, texts)
        for label, row in zip(labels, rows, strict=True)
    ]


def detailed(findings: Findings, variant: str, key: str, texts: Texts) -> tuple[Grid, ...]:
    """Return the tables of one variant: calls by queue and by callers, what became of them, agents, cases.

    Parameters
    ----------
    findings : Findings
        Of a run or of an experiment.
    variant : str
        Which system.
    key : str
        Put before the keys of the tables.
    texts : Texts
        The language.
    """
    plan = findings.replicated.plans[variant]
    tables = (
        _table(findings, variant, f"{key}-calls", "queue", texts.calls, _members("queue", plan, texts), CALLS, texts),
        _table(
            findings, variant, f"{key}-callers", "callers", texts.callers, _members("callers", plan, texts)[1:], CALLS,
            texts,
        ) if plan.n_streams > 1 else None,
        _fates(findings, variant, f"{key}-fates", texts),
        _table(
            findings, variant, f"{key}-agents", "agents", texts.agents, _members("agents", plan, texts)[1:], AGENTS,
            texts,
        ),
    )  # fmt: skip
    grids = [table for table in tables if table is not None and table.lines]
    of_cases = [part for grid in case_grids(findings, variant, key, texts) for part in folded(grid, texts)]
    return (*grids, *of_cases)


def _members(kind: str, plan: Plan, texts: Texts) -> list[tuple[str, Scope]]:
    """Return (name, scope): the whole centre, then its members of one kind."""
    names = {"queue": plan.queues.names, "callers": plan.streams.names, "agents": plan.agents.groups}[kind]
    return [(texts.whole, {}), *((name, {kind: name}) for name in names)]


def _table(
    findings: Findings, variant: str, key: str, kind: str, title: str, scopes: Sequence[tuple[str, Scope]],
    names: Sequence[str], texts: Texts,
) -> Grid | None:  # fmt: skip
    """Return a table of measures by scope; a measure that exists in none of them has no column."""
    columns: list[tuple[Head, list[Cell]]] = []
    for name in names:
        rows: list[Row | None] = [findings.row(name, scope, variant) for _, scope in scopes]
        if all(row is None for row in rows) or (name in _SHOWN_IF_ANY and nothing(rows)):
            continue
        figures, header = head(name, rows, texts)
        cells = [cell(row, figures, label, texts) for row, (label, _) in zip(rows, scopes, strict=True)]
        columns.append((header, cells))
    if not columns:
        return None
    heads = tuple(header for header, _ in columns)
    lines = tuple(Line(label, tuple(cells[at] for _, cells in columns)) for at, (label, _) in enumerate(scopes))
    return Grid(key, title, texts.corners[kind], heads, lines, (), terms(heads))


def _fates(findings: Findings, variant: str, key: str, texts: Texts) -> Grid:
    """Return what became of the calls, the fates that did not occur left out."""
    names = [*(name for name in FATES if not nothing([findings.row(name, {}, variant)])), "arrivals"]
    lines, meanings = [], []
    for name in names:
        row = findings.row(name, {}, variant)
        figures, header = head(name, [row], texts)
        label = texts.all_calls if name == "arrivals" else texts.name(name)
        lines.append(Line(label, (cell(row, figures, texts.whole, texts),)))
        meanings.append(Head(label, "", header.definition))
    heads = (Head(texts.number, texts.unit("calls")),)
    return Grid(key, texts.fates, texts.corners["outcome"], heads, tuple(lines), (), terms(meanings))
