"""The tables of cases on the page, from the same rows as those of `callsim.report.case_section`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings
from callsim.measures.case_catalogue import CAUSE_NAMES, DAYS, DOCUMENTED
from callsim.plan.plan import Plan
from callsim.report.case_section import (
    CASE_TABLES,
    Scope,
    bias_of_censoring,
    case_scopes,
    documented_figures,
    documented_form,
)
from callsim.report.columns import column
from callsim.report.html.cells import cell, head, terms
from callsim.report.html.value import Cell, Grid, Head, Line
from callsim.report.numbers import Form, figure
from callsim.report.texts import Texts

__all__ = ["case_grids"]


def case_grids(findings: Findings, variant: str, key: str, texts: Texts) -> tuple[Grid, ...]:
    """Return the tables of the cases of one variant; none if it has no cases.

    Parameters
    ----------
    findings : Findings
        Of a run or an experiment.
    variant : str
        Which system.
    key : str
        Put before the keys of the tables.
    texts : Texts
        The language.
    """
    plan = findings.replicated.plans[variant]
    if not plan.cases.n:
        return ()
    scopes = [(label if scope else texts.cases["all"], scope) for label, scope in case_scopes(plan)]
    grids = [_measured(findings, variant, f"{key}-case-{name}", name, scopes, texts) for name in CASE_TABLES]
    grids.append(_failure_demand(findings, variant, f"{key}-case-failure", scopes, texts))
    for at, of_type in enumerate(plan.cases.types):
        grids += _documented(findings, variant, f"{key}-case-documented-{at}", plan, of_type, texts)
    grids.append(_by_age(findings, variant, f"{key}-case-age", scopes, texts))
    return tuple(grid for grid in grids if grid.lines and grid.heads)


def _measured(
    findings: Findings, variant: str, key: str, name: str, scopes: Sequence[tuple[str, Scope]], texts: Texts
) -> Grid:
    """Return a table of measures by scope; what has a value nowhere has no column."""
    columns: list[tuple[Head, list[Cell]]] = []
    for measure in CASE_TABLES[name]:
        rows = [findings.row(measure, scope, variant) for _, scope in scopes]
        if any(row is not None and row.value is not None for row in rows):
            figures, header = head(measure, rows, texts)
            labels = [label for label, _ in scopes]
            columns.append(
                (header, [cell(row, figures, label, texts) for row, label in zip(rows, labels, strict=True)])
            )
    heads = tuple(header for header, _ in columns)
    lines = tuple(Line(label, tuple(cells[at] for _, cells in columns)) for at, (label, _) in enumerate(scopes))
    return Grid(key, texts.cases[name], texts.corners["case"], heads, lines, (), terms(heads))


def _shares(rows: Sequence[Row | None], label: str, texts: Texts) -> tuple[Cell, ...]:
    """Return cells of shares, which all stand in per cent."""
    return tuple(cell(row, head("case.share_open", [row], texts)[0], label, texts) for row in rows)


def _failure_demand(
    findings: Findings, variant: str, key: str, scopes: Sequence[tuple[str, Scope]], texts: Texts
) -> Grid:
    """Return which share of the contacts an earlier failure caused, by what failed."""
    columns: list[tuple[str, str, Scope]] = [(texts.whole, "case.centre_failure_demand", {})]
    columns += [(label, "case.failure_demand", scope) for label, scope in scopes if "customers" not in scope]
    lines = []
    for name in ("", *CAUSE_NAMES.values()):
        rows = [findings.row(f"{what}_{name}" if name else what, scope, variant) for _, what, scope in columns]
        if any(row is not None and row.value for row in rows):
            label = texts.name(name) if name else texts.cases["every_failure"]
            lines.append(Line(label, _shares(rows, label, texts)))
    heads = tuple(Head(label, texts.unit("%")) for label, _, _ in columns)
    note = texts.cases["failure_demand_note"]
    return Grid(key, texts.cases["failure_demand"], texts.corners["after"], heads, tuple(lines), (note,))


def _documented(findings: Findings, variant: str, key: str, plan: Plan, of_type: str, texts: Texts) -> list[Grid]:
    """Return where the documented figures of a type lie among its cases, and among those of each kind of customer."""
    kinds = [plan.streams.names[s] for s in plan.cases.stream[plan.cases.type == plan.cases.types.index(of_type)]]
    documented = documented_figures(plan, of_type)
    words = texts.cases
    grids = []
    for at, (label, scope) in enumerate(case_scopes(plan) if documented else []):
        if not {of_type, *kinds} & set(scope.values()):
            continue
        lines = []
        for name, value in documented.items():
            what = DOCUMENTED[name][1]
            median = findings.row(f"case.{what}_p50", scope, variant)
            figures = replace(column("case.promises", [median]), form=documented_form(what))
            ranks = [findings.row(f"case.{rank}_{name}", scope, variant) for rank in ("rank", "joint_rank")]
            unit = "" if figures.form is Form.COUNT else f", {texts.unit(figures.form.value)}"
            lines.append(
                Line(
                    what.replace("_", " ") + unit,
                    (
                        Cell(figure(value, None, figures.form)),
                        cell(median, figures, label, texts),
                        *_shares(ranks, label, texts),
                    ),
                )
            )
        heads = (
            Head(words["is_documented"]),
            Head(words["median"]),
            Head(words["percentile"], texts.unit("%")),
            Head(words["with_like_calls"], texts.unit("%")),
        )
        title = words["documented"].format(case=label)
        grids.append(
            Grid(f"{key}-{at}", title, texts.corners["figure"], heads, tuple(lines), (words["documented_note"],))
        )
    return grids


def _by_age(findings: Findings, variant: str, key: str, scopes: Sequence[tuple[str, Scope]], texts: Texts) -> Grid:
    """Return the shares of cases that are not solved after so many days."""
    words = texts.cases
    columns = [(label, scope) for label, scope in scopes if "customers" not in scope]
    lines = []
    for day in DAYS:
        rows = [findings.row("case.unsolved_after", {**scope, "day": day}, variant) for _, scope in columns]
        if any(row is not None for row in rows):
            label = words["day"] if day == 1 else words["days"].format(n=day)
            lines.append(Line(label, _shares(rows, label, texts)))
    heads = tuple(Head(label, texts.unit("%")) for label, _ in columns)
    return Grid(key, words["by_age"], texts.corners["age"], heads, tuple(lines), (_bias(findings, variant, texts),))


def _bias(findings: Findings, variant: str, texts: Texts) -> str:
    words, bias = texts.cases, bias_of_censoring(findings, variant)
    if not bias.open:
        return words["followed"]
    text = words["open"].format(share=bias.open)
    if not bias.matters:
        return words["hardly"].format(open=text)
    days = words["day"] if bias.day == 1 else words["days"].format(n=bias.day)
    shares = {"naive": f"{100 * bias.naive:.1f}", "true": f"{100 * bias.true:.1f}"}
    return words["biased"].format(open=text, days=days, **shares)
