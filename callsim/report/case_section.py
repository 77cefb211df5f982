"""What a report says of cases: how they end, what they cost their customers, why people call again, the documented one.

Every table is made of rows of the results; nothing is computed here that is not in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings
from callsim.measures.case_catalogue import CAUSE_NAMES, DAYS, DISTRIBUTIONS, DOCUMENTED
from callsim.plan.plan import Plan
from callsim.report.columns import Figures, column
from callsim.report.numbers import NOTHING, Form, figure
from callsim.report.table import Column, Table

__all__ = [
    "CASE_TABLES",
    "Bias",
    "Scope",
    "bias_of_censoring",
    "case_scopes",
    "case_tables",
    "documented_figures",
    "documented_form",
]

CASE_TABLES = {
    "ends": (
        "case.cases", "case.share_solved_by_provider", "case.share_solved_by_regulator", "case.share_given_up",
        "case.share_never_tried", "case.share_open",
    ),
    "costs": (
        "case.calls_p50", "case.calls_p90", "case.employees_p50", "case.employees_p90", "case.different_employees_p50",
        "case.different_employees_p90", "case.hold_p50", "case.hold_p90", "case.time_on_phone_p50",
        "case.time_on_phone_p90", "case.age_at_solution_p50", "case.age_at_solution_p90",
    ),
    "handling": (
        "case.fcr_gross", "case.fcr_net", "case.fcr_seven_days", "case.promise_kept_rate", "case.promise_late_rate",
        "case.promise_never_rate", "case.explanations_per_case", "case.cut_offs_per_case", "case.reopen_rate",
        "case.escalation_rate", "case.complaint_rate", "case.deadline_met",
    ),
}  # fmt: skip
"""Table -> what its columns show, of all cases, each type, and each type with a kind of customer."""
_HEADINGS = {
    "ends": "Cases", "costs": "What a case costs its customer", "handling": "How cases are dealt with",
}  # fmt: skip
_RANKS = (
    "percentile: so many per cent of the finished cases (of the time to the solution: of the solved) have less, those"
    " with as much counted half; mean over the replications",
    "with like calls: the same among cases with about as many calls as documented, 3 more or fewer",
)
_FEWEST = 0.005
"""A share of the curves' difference below which it is not worth a sentence."""
Scope = Mapping[str, str | int]
"""What a row is of, such as ``{"cases": "order error"}``; empty for all cases."""


def case_scopes(plan: Plan) -> list[tuple[str, Scope]]:
    """Return (label, scope) of the rows: all cases, then each type, each followed by its kinds of customers."""
    cases = plan.cases
    found: list[tuple[str, Scope]] = [("all cases", {})] if len(cases.types) > 1 else []
    for of_type, name in enumerate(cases.types):
        found.append((name, {"cases": name}))
        kinds = [plan.streams.names[stream] for stream in cases.stream[cases.type == of_type]]
        if len(kinds) > 1:
            found += [(kind, {"customers": kind}) for kind in kinds]
    return found


def case_tables(findings: Findings, variant: str = "") -> list[Table]:
    """Return the tables of cases of one variant (the base if none is named), whose plan has cases.

    Parameters
    ----------
    findings : Findings
        Of a run or an experiment. If measures were asked for, those of cases among them make one table.
    variant : str, optional
    """
    plan = findings.replicated.plans[variant or findings.base]
    scopes = case_scopes(plan)
    wanted = tuple(name for name in findings.measures if name.startswith("case."))
    if findings.measures:
        return _nonempty([_table(findings, variant, "Cases", scopes, wanted)])
    tables = [_table(findings, variant, _HEADINGS[key], scopes, names) for key, names in CASE_TABLES.items()]
    tables += [
        _failure_demand(findings, variant, plan),
        *(table for name in plan.cases.types for table in _documented(findings, variant, plan, name)),
        _by_age(findings, variant, plan),
    ]
    return _nonempty(tables)


def _nonempty(tables: Sequence[Table]) -> list[Table]:
    return [table for table in tables if table.rows and len(table.columns) > 1]


def _table(
    findings: Findings, variant: str, title: str, scopes: Sequence[tuple[str, Scope]], names: Sequence[str]
) -> Table:
    """Return a table of measures by scope; what has a value nowhere has no column."""
    columns: list[tuple[Figures, list[Row | None]]] = []
    for name in names:
        rows = [findings.row(name, scope, variant) for _, scope in scopes]
        if any(row is not None and row.value is not None for row in rows):
            columns.append((column(name, rows), rows))
    return Table(
        title,
        (Column("case"), *(figures.header for figures, _ in columns)),
        tuple((label, *(figures.cell(rows[at]) for figures, rows in columns)) for at, (label, _) in enumerate(scopes)),
    )


def _share(row: Row | None) -> str:
    return NOTHING if row is None else figure(row.value, row.half_width, Form.PER_CENT)


def _failure_demand(findings: Findings, variant: str, plan: Plan) -> Table:
    """Return which share of the contacts an earlier failure caused, by what failed."""
    scopes = [(label, scope) for label, scope in case_scopes(plan) if "customers" not in scope]
    columns: list[tuple[str, str, Scope]] = [("whole\ncentre", "case.centre_failure_demand", {})]
    columns += [(label, "case.failure_demand", scope) for label, scope in scopes]
    rows = []
    for name in ("", *CAUSE_NAMES.values()):
        found = [
            findings.row(f"{measure}_{name}" if name else measure, scope, variant) for _, measure, scope in columns
        ]
        if any(row is not None and row.value for row in found):
            rows.append((name.replace("_", " ") or "all of it", *(_share(row) for row in found)))
    return Table(
        "Contacts that an earlier failure caused",
        (Column("after"), *(Column(label, "%") for label, _, _ in columns)),
        tuple(rows),
        ("of all contacts that arrived in the measured window; the rest are first calls",),
    )


def documented_figures(plan: Plan, of_type: str) -> dict[str, float]:
    """Return the documented figures of a type of case by the name of their rank; times in seconds."""
    said: Mapping[str, Any] = (plan.notes.get("documented") or {}).get(of_type) or {}
    found = {name: said.get(key) for name, (key, _) in DOCUMENTED.items()}
    return {
        name: float(value) * (3600.0 if DOCUMENTED[name][0].startswith("hours") else 1.0)
        for name, value in found.items()
        if value is not None
    }


def documented_form(what: str) -> Form:
    """Return how a documented figure and those beside it are written."""
    if what == "age_at_solution":
        return Form.HOURS
    return Form.LONG_CLOCK if what in DISTRIBUTIONS and DISTRIBUTIONS[what][0] == "s" else Form.COUNT


def _documented(findings: Findings, variant: str, plan: Plan, of_type: str) -> list[Table]:
    """Return where the documented figures of a type lie among its cases, and among those of each kind of customer."""
    kinds = [plan.streams.names[s] for s in plan.cases.stream[plan.cases.type == plan.cases.types.index(of_type)]]
    scopes = [(label, scope) for label, scope in case_scopes(plan) if {of_type, *kinds} & set(scope.values())]
    documented = documented_figures(plan, of_type)
    tables = []
    for label, scope in scopes if documented else []:
        rows = []
        for name, value in documented.items():
            what = DOCUMENTED[name][1]
            form = documented_form(what)
            median = findings.row(f"case.{what}_p50", scope, variant)
            rows.append(
                (
                    what.replace("_", " ") + (" (hours)" if form is Form.HOURS else ""),
                    figure(value, None, form),
                    NOTHING if median is None else figure(median.value, None, form),
                    _share(findings.row(f"case.rank_{name}", scope, variant)),
                    _share(findings.row(f"case.joint_rank_{name}", scope, variant)),
                )
            )
        heads = (Column("documented"), Column("median"), Column("percentile"), Column("with like\ncalls"))
        tables.append(Table(f"The documented case among: {label}", (Column("figure"), *heads), tuple(rows)))
    if tables:
        tables[-1] = replace(tables[-1], notes=_RANKS)
    return tables


def _by_age(findings: Findings, variant: str, plan: Plan) -> Table:
    """Return the shares of cases that are not solved after so many days, and what was estimated how."""
    scopes = [(label, scope) for label, scope in case_scopes(plan) if "customers" not in scope]
    rows = []
    for day in DAYS:
        found = [findings.row("case.unsolved_after", {**scope, "day": day}, variant) for _, scope in scopes]
        if any(row is not None for row in found):
            rows.append((f"{day} {'day' if day == 1 else 'days'}", *(_share(row) for row in found)))
    return Table(
        "Cases not solved after",
        (Column("age"), *(Column(label, "%") for label, _ in scopes)),
        tuple(rows),
        (_bias_text(findings, variant),),
    )


@dataclass(frozen=True)
class Bias:
    """How far off the shares by age would be if open cases were left out."""

    open: str
    """Share of the cases that were open when the run ended, in per cent; "" if none was."""
    day: int
    """Age at which the two shares differ most. [d]"""
    true: float
    """Aalen-Johansen estimate of the share solved by then."""
    naive: float
    """Share among the cases that are over."""

    @property
    def matters(self) -> bool:
        """Whether it is worth a sentence of its own."""
        return abs(self.naive - self.true) >= _FEWEST


def bias_of_censoring(findings: Findings, variant: str = "") -> Bias:
    """Return what the naive shares of all cases would be beside the estimates."""
    left = findings.row("case.share_open", {}, variant)
    found = Bias(_share(left) if left is not None and left.value else "", 0, 0.0, 0.0)
    for day in DAYS:
        pair = [findings.row(f"case.solved_within{tail}", {"day": day}, variant) for tail in ("", "_naive")]
        values = [row.value for row in pair if row is not None and row.value is not None]
        if len(values) == len(pair) and abs(values[1] - values[0]) > abs(found.naive - found.true):
            found = replace(found, day=day, true=values[0], naive=values[1])
    return found


def _bias_text(findings: Findings, variant: str) -> str:
    """Return in words how the shares by age were estimated, and how far off the naive ones would be."""
    bias = bias_of_censoring(findings, variant)
    if not bias.open:
        return "every case was followed to its end, so that these are plain shares"
    text = f"{bias.open} % of the cases were open when the run ended; they count up to there (Aalen-Johansen estimates)"
    if not bias.matters:
        return f"{text}; without them the shares would be too good, here by less than half a point"
    days = "1 day" if bias.day == 1 else f"{bias.day} days"
    return (
        f"{text}; the cases that are over alone would say that {100 * bias.naive:.1f} % are solved within {days}"
        f" instead of {100 * bias.true:.1f} %, because long cases are missing from them"
    )
