"""What a run shows: the calls by queue and callers, what became of them, the agents, and what the words mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings
from callsim.plan.plan import SECOND, Plan
from callsim.report.columns import AGENTS, CALLS, Figures, column, title
from callsim.report.numbers import Form, figure
from callsim.report.table import Column, Report, Table

__all__ = ["FATES", "definitions", "done_lines", "nothing", "provenance", "run_report", "span_text"]

FATES = (
    "answered", "abandoned", "blocked", "balked", "closed", "voicemail", "dropped_by_transfer", "dropped_at_closing",
    "unfinished",
)  # fmt: skip
"""What can become of a call."""
_TO_BE_DEFINED = ("service_level", "speed_of_answer", "mean_wait", "wait_p90", "share_held_an_hour", "occupancy")
_SHOWN_IF_ANY = ("share_held_an_hour", "overrun_time")
_UNITS = ((7 * 86400, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
Scope = Mapping[str, str | int]


def run_report(findings: Findings) -> Report:
    """Return what `callsim run` shows.

    Parameters
    ----------
    findings : Findings
        Of one scenario.

    Returns
    -------
    Report
        Tables of the measures that were asked for, or of the usual ones.
    """
    plan = findings.replicated.plans[findings.base]
    names = tuple(name for name in findings.measures if not name.startswith("case."))
    tables = (
        []
        if findings.measures and not names
        else [
            _table(findings, "Calls", "queue", _scopes("queue", plan.queues.names), names or CALLS),
            *_callers_table(findings, plan, names),
            *([] if names else [_fates(findings)]),
            _table(findings, "Agents", "group", _scopes("agents", plan.agents.groups)[1:], names or AGENTS),
            *(_cells_table(findings, cell, names or CALLS) for cell in findings.by),
        ]
    )
    if plan.cases.n:
        from callsim.report.case_section import case_tables

        tables += case_tables(findings)
    return Report(
        heading=findings.name,
        done=done_lines(findings),
        tables=tuple(table for table in tables if table is not None and table.rows),
        notes=(*definitions(findings, names or CALLS), provenance(findings)),
    )


def done_lines(findings: Findings) -> tuple[str, ...]:
    """Return how much was simulated: replications, window, seed, level."""
    replicated = findings.replicated
    clock = replicated.plans[findings.base].clock
    warm_up = f" after {span_text(clock.warm_up)} of warm-up" if clock.warm_up else ""
    runs = "1 replication" if replicated.n == 1 else f"{replicated.n} replications"
    sure = f"± half width of the {100 * findings.level:.4g} % interval"
    line = f"{runs} of {span_text(clock.window_end - clock.warm_up)}{warm_up}, seed {findings.seed}"
    return (f"{line}; {sure}" if replicated.n > 1 else f"{line}; one replication has no interval",)


def span_text(ticks: int) -> str:
    """Return a duration in the largest unit that divides it: ``4 weeks``, ``90 minutes``.

    Examples
    --------
    >>> span_text(5_400_000_000)
    '90 minutes'
    """
    if ticks % SECOND:
        return f"{ticks / SECOND:g} seconds"
    seconds = ticks // SECOND
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def definitions(findings: Findings, names: Collection[str]) -> tuple[str, ...]:
    """Return the definitions without which the columns could be misread; the rows hold them in full."""
    notes = []
    for name in _TO_BE_DEFINED:
        row = findings.row(name, {})
        if name in names and row is not None and not (name in _SHOWN_IF_ANY and not row.value):
            text = row.definition if name == "service_level" else re.split("[:;]", row.definition)[0]
            notes.append(f"{title(name).replace(chr(10), ' ')}: {text}")
    return tuple(notes)


def provenance(findings: Findings) -> str:
    """Return where the figures come from: digests of the base's plan and of all logs, and the version."""
    from importlib.metadata import version

    replicated = findings.replicated
    logs = hashlib.sha256("".join(d for column in replicated.log_digests.values() for d in column).encode()).hexdigest()
    return f"plan {replicated.digests[findings.base][:16]}, logs {logs[:16]}, callsim {version('callsim')}"


def _scopes(key: str, members: Sequence[str]) -> list[tuple[str, Scope]]:
    """Return (row name, scope): the whole centre, then its members."""
    return [("whole centre", {}), *((name, {key: name}) for name in members)]


def _table(
    findings: Findings, heading: str, what: str, scopes: Sequence[tuple[str, Scope]], names: Iterable[str]
) -> Table | None:
    """Return a table of measures by scope; a measure that exists in none of them has no column."""
    if len(scopes) > 1 and len({label for label, _ in scopes[1:]}) == 1 and scopes[0][1] == {}:
        # One queue is the whole centre: said once.
        scopes = scopes[1:] if all(findings.row(name, scopes[1][1]) for name in names) else scopes
    columns: list[tuple[Figures, list[Row | None]]] = []
    for name in names:
        rows = [findings.row(name, scope) for _, scope in scopes]
        if any(row is not None for row in rows) and not (name in _SHOWN_IF_ANY and nothing(rows)):
            columns.append((column(name, rows), rows))
    if not columns:
        return None
    return Table(
        heading,
        (Column(what), *(figures.header for figures, _ in columns)),
        tuple(
            (label, *(figures.cell(rows[place]) for figures, rows in columns))
            for place, (label, _) in enumerate(scopes)
        ),
    )


def nothing(rows: Iterable[Row | None]) -> bool:
    """Return whether a column says nothing: no value, or zero everywhere."""
    return all(row is None or not row.value for row in rows)


def _callers_table(findings: Findings, plan: Plan, names: Sequence[str]) -> list[Table | None]:
    """Return the table by streams of callers, unless there is but one."""
    if plan.n_streams == 1:
        return []
    return [_table(findings, "Callers", "callers", _scopes("callers", plan.streams.names)[1:], names or CALLS)]


def _fates(findings: Findings) -> Table:
    """Return what became of the calls, the fates that did not occur left out."""
    arrivals = findings.row("arrivals", {})
    total = arrivals.value if arrivals is not None and arrivals.value else 0.0
    rows = []
    for name in FATES:
        row = findings.row(name, {})
        if row is not None and row.value:
            share = f"{100 * row.value / total:.1f}" if total else ""
            rows.append((name.replace("_", " "), figure(row.value, row.half_width, Form.COUNT), share))
    if arrivals is not None:
        rows.append(("all calls", figure(arrivals.value, arrivals.half_width, Form.COUNT), ""))
    return Table("What became of the calls", (Column("outcome"), Column("calls"), Column("share", "%")), tuple(rows))


def _cells_table(findings: Findings, cell: str, names: Iterable[str]) -> Table | None:
    """Return the whole centre by interval or by hour of the week."""
    members: dict[str | int, None] = {}
    for row in findings.every_row:
        if set(row.scope) == {cell}:
            members[row.scope[cell]] = None
    scopes: list[tuple[str, Scope]] = [(cell_label(cell, member), {cell: member}) for member in members]
    return _table(findings, f"By {cell.replace('_', ' ')}", cell.replace("_", " "), scopes, names) if scopes else None


def cell_label(cell: str, member: str | int) -> str:
    """Return an hour of the week as ``Mon 08:00``; other cells as they are."""
    if cell != "hour_of_week":
        return str(member)
    day, hour = divmod(int(member), 24)
    return f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day]} {hour:02d}:00"
