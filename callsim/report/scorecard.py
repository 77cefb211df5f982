"""What `callsim scorecard` shows: four perspectives, what one more agent earns, and what the scenario does not say."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from callsim.errors import CallsimError
from callsim.experiments.run import settings_of
from callsim.experiments.scorecard import ONE_MORE, Findings, Line, Missing, find
from callsim.report.numbers import NOTHING, Form, figure
from callsim.report.output import write_all
from callsim.report.row_files import json_text
from callsim.report.run_report import span_text
from callsim.report.table import Column, Report, Table, draw_report
from callsim.scenario import load

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callsim.experiments.settings import Progress
    from callsim.scenario import Scenario

__all__ = ["Scorecard", "scorecard", "scorecard_report"]

_HOURS_ARE_SECONDS = 3600.0
_SCOPES = ("process", "queue", "agents", "callers", "cases", "event", "one_more")
_COLUMNS = (
    "perspective", "name", *_SCOPES, "value", "half_width", "level", "n", "unit", "reason", "definition",
)  # fmt: skip
_CUSTOMER = (
    "customers", "solved", "gave_up", "never_tried", "open", "complained", "churn", "calls_per_customer",
    "hold_per_customer", "employees_per_case", "tellings_per_case", "hours_until_solved", "cost_per_customer",
)  # fmt: skip
_LEARNING = (
    "occupancy", "angry_share", "cut_offs_by_agents", "full_time_agents", "turnover", "leavers_a_year",
    "weeks_of_training", "training_cost", "training_per_agent",
)  # fmt: skip
_TOTALS = ("cost", "lost", "cost_and_lost")


class Scorecard:
    """The balanced scorecard of a scenario; made by `callsim.scorecard`. Printing it shows its tables.

    Parameters
    ----------
    found : Findings
        The lines and the books behind them.
    """

    def __init__(self, found: Findings) -> None:
        self.found = found

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every figure: perspective, name, scope, value, half width, unit, definition."""
        return self.found.lines

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the scenario does not say, and how to write it."""
        return self.found.missing

    @property
    def n(self) -> int:
        """Replications finished."""
        return self.found.n

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came before the last replication."""
        return self.found.interrupted

    def line(self, name: str, **scope: str) -> Line:
        """Return one figure.

        Parameters
        ----------
        name : str
            Such as ``cost_per_solved_case``.
        **scope
            Such as ``agents="billing desk"``; none: the whole centre.

        Raises
        ------
        CallsimError
            If there is no such figure.
        """
        for line in self.lines:
            if line.name == name and dict(line.scope) == scope:
                return line
        raise CallsimError(f"{self.found.name}: there is no figure {name!r} in the scope {scope or 'whole centre'}")

    def report(self) -> Report:
        """Return what is shown, as a value."""
        return scorecard_report(self.found)

    def table(self, width: int = 80) -> str:
        """Return what is shown, as text no wider than ``width``."""
        return draw_report(self.report(), width)

    def html(self) -> str:
        """Return what is shown as one element of HTML, ``<section class="scorecard">``."""
        return _section(self.report())

    def to_records(self) -> list[dict[str, Any]]:
        """Return the lines as mappings, as they stand in the JSON file, then what is missing."""
        records = [_record(line) for line in self.lines]
        return records + [{"perspective": m.perspective, "missing": m.what, "write": m.write} for m in self.missing]

    def write(
        self, json: str | Path | None = None, csv: str | Path | None = None, html: str | Path | None = None
    ) -> None:
        """Write files, all of them or none.

        Parameters
        ----------
        json, csv, html : path, optional
            Where each goes.

        Raises
        ------
        OutputError
            If one of them cannot be written.
        """
        texts = {json: json_text(self.to_records()), csv: _csv_text(self.lines), html: self._page()}
        write_all({Path(place): text.encode() for place, text in texts.items() if place is not None})

    def _page(self) -> str:
        title = escape(self.found.name)
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
            "<style>body{font:16px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
            "td,th{padding:.2em .6em;text-align:right}td:first-child,th:first-child{text-align:left}"
            "table{border-collapse:collapse}tr{border-bottom:1px solid #ccc}</style></head>\n"
            f"<body>\n{self.html()}</body></html>\n"
        )

    def __str__(self) -> str:
        """Return the tables at 80 columns."""
        return self.table()

    def __repr__(self) -> str:
        """Return what it is in one line."""
        return f"<Scorecard {self.found.name!r}: {self.n} replications, {len(self.lines)} lines>"


def scorecard(
    scenario: Scenario | str | Path,
    *,
    one_more: Iterable[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    engine: Literal["auto", "simpy", "compiled"] | None = None,
    changes: Iterable[str] = (),
    level: float | None = None,
    keep_on_interrupt: bool = False,
    progress: Progress | None = None,
) -> Scorecard:
    """Simulate a scenario and return its balanced scorecard: money, customers, processes, agents.

    Parameters
    ----------
    scenario : Scenario or path
        From `callsim.load`, or the file to load. Amounts come from its ``money``; what it does not say is named in
        `Scorecard.missing`.
    one_more : iterable of str
        ``GROUP@HOURS``, such as ``"team@mon-fri 08:00-12:00"``: what one more agent earns there.
    seed, replications, workers, executor, engine, changes, level
        As for `callsim.run`.
    keep_on_interrupt, progress
        As for `callsim.run`.

    Returns
    -------
    Scorecard
        Lines with intervals, tables, files.

    Raises
    ------
    ScenarioError
        If the scenario is wrong; holds all its problems.
    CallsimError
        If a setting makes no sense, ``one_more`` speaks of what is not there, or a replication fails.
    """
    changed = tuple(changes)
    if isinstance(scenario, str | Path):
        loaded = load(scenario, changed)
    elif changed:
        raise CallsimError("changes: they are applied to a file; give them to `load` together with its path")
    else:
        loaded = scenario
    settings = settings_of(
        loaded, seed=seed, replications=replications, workers=workers, executor=executor, engine=engine, level=level,
        keep_on_interrupt=keep_on_interrupt, progress=progress,
    )  # fmt: skip
    return Scorecard(find(loaded, settings, tuple(one_more)))


def scorecard_report(found: Findings) -> Report:
    """Return what `callsim scorecard` shows."""
    tables = (
        _financial(found),
        *_customers(found),
        _processes(found),
        _learning(found),
        _one_more(found),
        _missing(found),
    )
    return Report(
        heading=f"{found.name}: balanced scorecard",
        done=(_done(found),),
        tables=tuple(table for table in tables if table is not None and table.rows),
        notes=(
            "Amounts and counts are of the measured window; customers are those who came in it, with all that"
            " followed up to the end of the run. Every figure's definition stands in --json and --csv.",
            _provenance(found),
        ),
    )


def _done(found: Findings) -> str:
    clock = found.plan.clock
    runs = "1 replication" if found.n == 1 else f"{found.n} replications"
    warm_up = f" after {span_text(clock.warm_up)} of warm-up" if clock.warm_up else ""
    follow = clock.horizon - clock.window_end
    followed = f", cases followed {span_text(follow)} further" if follow else ""
    line = f"{runs} of {span_text(clock.window_end - clock.warm_up)}{warm_up}{followed}, seed {found.seed}"
    if found.n == 1:
        return f"{line}; one replication has no interval"
    return f"{line}; ± half width of the {100 * found.level:.4g} % interval"


def _provenance(found: Findings) -> str:
    logs = hashlib.sha256("".join(found.log_digests).encode()).hexdigest()
    return f"plan {found.plan.digest()[:16]}, logs {logs[:16]}, callsim {version('callsim')}"


def _financial(found: Findings) -> Table | None:
    lines = [line for line in found.lines if line.perspective == "financial"]
    groups = {line.scope["agents"] for line in lines if line.name == "wages" and line.scope}
    rows = []
    for line in lines:
        if line.scope and (len(groups) == 1 or line.name == "training_cost"):
            continue
        name = line.name.replace("_", " ")
        label = f"  {name}, {line.scope['agents']}" if line.scope else name
        rows.append((label.upper() if line.name in _TOTALS else label, _cell(line)))
    return Table(f"Financial{_in(found)}", (Column("amount"), Column("in the window")), tuple(rows))


def _in(found: Findings) -> str:
    return f" [{found.currency}]" if found.currency else ""


def _cell(line: Line | None) -> str:
    """Return a figure with its interval; shares in per cent, times of seconds as clocks."""
    if line is None:
        return NOTHING
    if line.unit == "1":
        return f"{figure(line.value, line.half_width, Form.PER_CENT)} %" if line.value is not None else NOTHING
    if line.unit == "s":
        longest = line.value or 0.0
        return figure(line.value, line.half_width, Form.LONG_CLOCK if longest >= _HOURS_ARE_SECONDS else Form.CLOCK)
    return figure(line.value, line.half_width, Form.NUMBER)


def _customers(found: Findings) -> tuple[Table, ...]:
    lines = [line for line in found.lines if line.perspective == "customer"]
    every = {tuple(line.scope.items()): None for line in lines if "event" not in line.scope}
    scopes = sorted(every, key=lambda scope: (bool(scope), scope and scope[0][0] == "cases"))
    if len([scope for scope in scopes if scope and scope[0][0] == "cases"]) == 1:
        scopes = [scope for scope in scopes if not scope or scope[0][0] != "cases"]
    by = {(line.name, tuple(line.scope.items())): line for line in lines}
    rows = []
    for name in _CUSTOMER:
        cells = [by.get((name, scope)) for scope in scopes]
        if any(cell is not None for cell in cells):
            unit = next(cell.unit for cell in cells if cell is not None)
            rows.append((_label(name, unit), *(_cell(cell) for cell in cells)))
    calls = [
        (_label(name, by[name, ()].unit), _cell(by[name, ()]))
        for name in ("hold_per_call", "calls_held_an_hour", "cost_to_customers", "leave", "leave_by_word_of_mouth")
        if (name, ()) in by
    ]
    heads = [scope[0][1] if scope else "all" for scope in scopes]
    return (
        Table(f"Customers{_in(found)}", (Column("figure"), Column("found")), tuple(calls)),
        Table("One customer", (Column("figure"), *(Column(head) for head in heads)), tuple(rows)),
        _worst(by),
    )


def _label(name: str, unit: str) -> str:
    return name.replace("_", " ") + (f" [{unit}]" if unit == "h" else "")


def _worst(by: Mapping[tuple[str, tuple[tuple[str, str], ...]], Line]) -> Table:
    """Show who leaves by the worst that happened, the mildest first; what happened to nobody is left out."""
    scopes = [scope for name, scope in by if name == "worst_event" and by[name, scope].value]
    return Table(
        "The worst that happened to a customer",
        (Column("event"), Column("customers"), Column("of whom\nleave"), Column("leave")),
        tuple(
            (scope[0][1], *(_cell(by[name, scope]) for name in ("worst_event", "churn", "leave"))) for scope in scopes
        ),
    )


def _processes(found: Findings) -> Table:
    lines = [line for line in found.lines if line.perspective == "internal process"]
    by = {(line.name, tuple(line.scope.items())): line for line in lines}
    rows, notes = [], []
    for (name, scope), chances in by.items():
        if name != "opportunities":
            continue
        defects, sigma, shifted = (by[n, scope] for n in ("defects_per_million", "sigma_level", "sigma_level_shifted"))
        label = ", ".join(value for _, value in scope)
        if not chances.value:
            continue
        if sigma.value is None and sigma.reason:
            bound = f" sigma; with the shift {shifted.reason.rpartition(' ')[2]}" if "above" in sigma.reason else ""
            notes.append(f"{label}: {sigma.reason}{bound}")
        count = figure(chances.value, None, Form.COUNT)
        rows.append((label, count, _cell(defects), _cell(sigma), _cell(shifted).split(" ±")[0]))
    return Table(
        "Internal process",
        (
            Column("process"), Column("oppor-\ntunities"), Column("defects\nper million"), Column("sigma"),
            Column("with\nshift 1.5"),
        ),
        tuple(rows),
        (*notes, "sigma: z with a share of defects of 1 - Phi(z); convention adds the shift of 1.5 (then 6 is 3.4 per"
         " million)"),
    )  # fmt: skip


def _learning(found: Findings) -> Table:
    by = {(line.name, line.scope.get("agents", "")): line for line in found.lines if line.name in _LEARNING}
    groups = list(dict.fromkeys(group for _, group in by if group))
    members = [("all", ""), *((group, group) for group in groups)] if len(groups) > 1 else [(g, g) for g in groups]
    names = [name for name in _LEARNING if any((name, member) in by for _, member in members)]
    rows = tuple((label, *(_cell(by.get((name, member))) for name in names)) for label, member in members)
    heads = tuple(Column(_header(name)) for name in names)
    return Table(f"Learning and growth{_in(found)}", (Column("group"), *heads), rows)


def _header(name: str) -> str:
    words = name.split("_")
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + ("\n" + " ".join(words[half:]) if words[half:] else "")


def _one_more(found: Findings) -> Table | None:
    lines = [line for line in found.lines if line.perspective == ONE_MORE]
    texts = list(dict.fromkeys(line.scope["one_more"] for line in lines))
    names = list(dict.fromkeys(line.name for line in lines))
    by = {(line.name, line.scope["one_more"]): line for line in lines}
    if not texts:
        return None
    return Table(
        f"What one more agent earns{_in(found)}",
        (Column("difference"), *(Column(text) for text in texts)),
        tuple(
            (_label(name, by[name, texts[0]].unit), *(_cell(by.get((name, text))) for text in texts)) for name in names
        ),
        ("differences to the centre as it is, under the same customers, in the measured window",),
    )


def _missing(found: Findings) -> Table:
    return Table(
        "Not said in the scenario",
        (Column("what"), Column("write", words=True)),
        tuple((f"{missing.what}", missing.write) for missing in found.missing),
    )


def _record(line: Line) -> dict[str, Any]:
    out: dict[str, Any] = {
        "perspective": line.perspective, "name": line.name, "scope": dict(line.scope), "value": line.value,
        "half_width": line.half_width, "level": line.level, "n": line.n, "unit": line.unit,
        "definition": line.definition,
    }  # fmt: skip
    if line.value is None or line.half_width is None:
        out["reason"] = line.reason
    return out


def _csv_text(lines: Iterable[Line]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(_COLUMNS))
    writer.writeheader()
    for line in lines:
        record = _record(line)
        scope = record.pop("scope")
        writer.writerow({name: scope.get(name) if name in _SCOPES else record.get(name) for name in _COLUMNS})
    text = out.getvalue()
    return text if text.isascii() else "\ufeff" + text


def _section(report: Report) -> str:
    parts = [f"<h1>{escape(report.heading)}</h1>", *(f"<p>{escape(line)}</p>" for line in report.done)]
    for table in report.tables:
        heads = "".join(f"<th>{escape(_one_line(column))}</th>" for column in table.columns)
        parts += [f"<h2>{escape(table.title)}</h2>", f"<table><thead><tr>{heads}</tr></thead><tbody>"]
        parts += [_row(row) for row in table.rows]
        parts += ["</tbody></table>", *(f"<p>{escape(note)}</p>" for note in table.notes)]
    parts += [f"<p>{escape(note)}</p>" for note in report.notes]
    return '<section class="scorecard">\n' + "\n".join(parts) + "\n</section>\n"


def _row(row: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"


def _one_line(column: Column) -> str:
    return " ".join(part for part in (column.title.replace("-\n", "").replace("\n", " "), column.unit) if part)
