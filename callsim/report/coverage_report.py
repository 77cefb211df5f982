"""The coverage report in words, and with what each gap costs: a value first, then tables and rows for JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from callsim.codes import IfClosed
from callsim.errors import CallsimError
from callsim.experiments.run import settings_of
from callsim.experiments.settings import Progress
from callsim.report.coverage_costs import FIGURES, WEEK, Gap, costs_of, gaps_of, weeks_of
from callsim.report.numbers import Form, figure
from callsim.report.run_report import span_text
from callsim.report.story.telling import run_once
from callsim.report.table import Column, Report, Table, draw_report
from callsim.scenario import Scenario, coverage, load, resolve
from callsim.scenario.resolving.calendar import merge, total
from callsim.scenario.telling.coverage import Coverage
from callsim.scenario.telling.span_texts import HoursPart, parts_of, say_hours
from callsim.stats import Estimate, mean

__all__ = ["CoverageCosts", "GapCost", "costs_from", "coverage_costs", "coverage_records", "in_words", "records_text"]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NIGHT, _NOON = "17:00", "12:00"
_FATES = {
    IfClosed.KEEP: "nothing is done for them, since the agent sees that it is closed",
    IfClosed.DROP: "they are cut off",
    IfClosed.RETURN: "they are sent back",
    IfClosed.VOICEMAIL: "they meet the voicemail",
    IfClosed.HOLD: "they hold until it opens",
}
_TITLES = {
    "closed": "Calls that met a closed door in advertised hours, a week",
    "unadvertised": "Calls that met a closed door at other hours, a week",
    "transfer": "Calls cut off by transfers into closed doors, a week",
    "others": "Other transfers into closed doors, a week",
    "unstaffed": "Calls that waited while nobody was there, a week",
}
_HEADERS = {
    "calls": ("calls", ""),
    "customers": ("customers", ""),
    "hours_until_through": ("until they\ngot through", "hours"),
    "not_through": ("not through\nby the end", "customers"),
    "cut_off": ("cut off", "calls"),
    "hold_lost": ("hold lost\nby cut-off", "hours"),
    "talk_lost": ("talk lost\nby cut-off", "hours"),
    "hours_waited": ("waited\nmeanwhile", "hours"),
}


@dataclass(frozen=True)
class GapCost:
    """A gap and what it costs."""

    gap: Gap
    figures: dict[str, Estimate]
    """Figure -> its mean a week, with its interval; `callsim.report.coverage_costs.FIGURES` defines them."""

    @property
    def is_nothing(self) -> bool:
        """Whether it cost nothing in any replication."""
        return all(not estimate.value for estimate in self.figures.values())


@dataclass(frozen=True)
class CoverageCosts:
    """What the gaps of a scenario cost, from simulated weeks; ``str`` of it is the report."""

    name: str
    """Of the scenario."""
    coverage: Coverage
    rows: tuple[GapCost, ...]
    replications: int
    seed: int
    level: float
    """Confidence level of the intervals."""

    def report(self) -> Report:
        """Return the tables: every gap, and of other hours what was not nothing."""
        length = span_text(round(weeks_of(self.coverage) * WEEK))
        runs = "1 replication" if self.replications == 1 else f"{self.replications} replications"
        interval = f"± half width of the {100 * self.level:.4g} % interval"
        interval = interval if self.replications > 1 else "one replication has no interval"
        shown = tuple(
            table for kind in FIGURES for table in _tables(kind, [row for row in self.rows if row.gap.kind == kind])
        )
        titles = {table.title for table in shown}
        notes = {
            _TITLES["closed"]: "until they got through: from each such call to the customer's next answer, up to his "
            "next call at a closed door at the most; not through by the end: gave up, or the run ended first",
            _TITLES["transfer"]: "hold and talk lost: of the calls that were cut off, from calling to the cut-off",
        }
        return Report(
            heading=f"What the gaps cost: {self.name}",
            done=(f"{runs} of {length}, seed {self.seed}; {interval}",),
            tables=shown,
            notes=tuple(note for title, note in notes.items() if title in titles),
        )

    def text(self, width: int = 80) -> str:
        """Return the report as text no wider than ``width``."""
        return draw_report(self.report(), width)

    def __str__(self) -> str:
        """Return the text, 80 characters wide."""
        return self.text().rstrip("\n")

    def to_records(self) -> list[dict[str, Any]]:
        """Return a tidy row for each gap and figure, with its interval, for JSON; no NaN: None with a reason."""
        return [record for row in self.rows for record in _records(row)]


def coverage_costs(
    scenario: Scenario | str | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    level: float | None = None,
    engine: str | None = None,
    changes: Iterable[str] = (),
    progress: Progress | None = None,
) -> CoverageCosts:
    """Simulate a scenario and count what each hole in its coverage costs the customers.

    Parameters
    ----------
    scenario : Scenario or path
        From `callsim.load`, or the file to load.
    replications : int, optional
        Default: the scenario's, the smallest number if it names a precision.
    seed, level, engine, changes
        As for `callsim.run`.
    progress : callable, optional
        Called with (finished, in all) after each replication.

    Returns
    -------
    CoverageCosts
        Every hole by weekday and hours, with its costs as means a week with intervals.

    Raises
    ------
    ScenarioError
        If the scenario is wrong; holds all its problems.
    CallsimError
        If a setting makes no sense or a replication fails.
    """
    if isinstance(scenario, str | Path):
        scenario = load(scenario, tuple(changes))
    elif tuple(changes):
        raise CallsimError("changes: they are applied to a file; give them to `load` together with its path")
    settings = settings_of(scenario, replications=replications, seed=seed, level=level, engine=engine)
    plan, found = resolve(scenario), coverage(scenario)
    gaps, weeks = gaps_of(found, plan), weeks_of(found)
    n = settings.replications.at_least
    counted: list[list[dict[str, float]]] = []
    for replication in range(n):
        counted.append(costs_of(plan, run_once(plan, settings.seed, replication, settings.engine), gaps, weeks))
        if progress is not None:
            progress(replication + 1, n)
    return costs_from(scenario.name, found, gaps, counted, settings.seed, settings.level)


def costs_from(
    name: str,
    found: Coverage,
    gaps: Sequence[Gap],
    counted: Sequence[Sequence[dict[str, float]]],
    seed: int,
    level: float,
) -> CoverageCosts:
    """Return the costs from what was counted.

    Parameters
    ----------
    name : str
        Of the scenario.
    found : Coverage
    gaps : sequence of Gap
    counted : sequence of sequence of dict
        [replication][gap] From `callsim.report.coverage_costs.costs_of`.
    seed : int
    level : float
    """
    rows = tuple(
        GapCost(
            gap,
            {figure: mean(np.array([one[place][figure] for one in counted]), level) for figure in FIGURES[gap.kind]},
        )
        for place, gap in enumerate(gaps)
    )
    return CoverageCosts(name, found, rows, len(counted), seed, level)


def _tables(kind: str, rows: Sequence[GapCost]) -> list[Table]:
    """Return the table of a kind of gap; transfers that cut callers off apart from the others."""
    shown = [row for row in rows if row.gap.hours or not row.is_nothing]
    names = list(FIGURES[kind])
    if kind != "transfer":
        return [_table(_TITLES[kind], names, shown)] if shown else []
    dropped = [row for row in shown if row.gap.if_closed == IfClosed.DROP]
    others = [row for row in shown if row.gap.if_closed != IfClosed.DROP]
    tables = [_table(_TITLES[kind], names[1:], dropped), _table(_TITLES["others"], names[:2], others)]
    return [table for table in tables if table.rows]


def _table(title: str, names: Sequence[str], rows: Sequence[GapCost]) -> Table:
    cells = []
    for row in rows:
        gap = row.gap
        door = f"{gap.source} to {gap.queue}" if gap.source else gap.queue
        figures = []
        for name in names:
            estimate = row.figures[name]
            form = Form.COUNT if FIGURES[gap.kind][name][0] == "count" else Form.NUMBER
            figures.append(figure(estimate.value, estimate.half_width, form))
        length = f"{gap.length:.4g}" if gap.hours else ""
        cells.append((f"{door}, {gap.hours or 'other hours'}", length, *figures))
    columns = (Column("gap"), Column("length", "hours"), *(Column(*_HEADERS[name]) for name in names))
    return Table(title, columns, tuple(cells))


def _records(row: GapCost) -> list[dict[str, Any]]:
    gap = row.gap
    found = []
    for name, estimate in row.figures.items():
        unit, definition = FIGURES[gap.kind][name]
        record: dict[str, Any] = {
            "kind": gap.kind, "queue": gap.queue, "source": gap.source or None, "hours": gap.hours or None,
            "if_closed": None if gap.if_closed is None else gap.if_closed.name.lower(), "length": gap.length,
            "name": name, "value": estimate.value, "half_width": estimate.half_width, "level": estimate.level,
            "n": estimate.n, "unit": unit, "definition": definition,
        }  # fmt: skip
        if estimate.reason:
            record["reason"] = estimate.reason
        found.append(record)
    return found


def coverage_records(found: Coverage) -> list[dict[str, Any]]:
    """Return every gap of a coverage report as a mapping for JSON, before anything is simulated."""
    return [
        {
            "kind": gap.kind, "queue": gap.queue, "source": gap.source or None, "hours": gap.hours,
            "if_closed": None if gap.if_closed is None else gap.if_closed.name.lower(), "length": gap.length,
        }
        for gap in gaps_of(found)
        if gap.hours
    ]  # fmt: skip


def records_text(records: Sequence[dict[str, Any]]) -> str:
    """Return records as one JSON list, a record on each line."""
    lines = [json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def in_words(found: Coverage) -> list[str]:
    """Return every hole of a coverage report as a sentence, for those who do not read tables of hours.

    Parameters
    ----------
    found : Coverage

    Returns
    -------
    list of str
        A sentence for each queue that is closed in advertised hours or open without heads, and for each door that
        callers can be passed on to while it is closed; empty if there is no hole.
    """
    said = []
    for queue in found.queues:
        if queue.advertised_but_closed:
            promised = (
                "around the clock" if total(queue.advertised) == found.window[1] - found.window[0]
                else f"for {say_hours(round(total(queue.advertised) / weeks_of(found)))} a week"
            )  # fmt: skip
            when = _when(parts_of(found.timeline, queue.advertised_but_closed, found.window))
            said.append(f"{queue.queue} is advertised {promised}, but closed {when}.")
        if queue.open_without_heads:
            when = _when(parts_of(found.timeline, queue.open_without_heads, found.window))
            said.append(f"{queue.queue} is open, but nobody is there {when}.")
    for gap_source, gap_target, rule, spans in _doors(found):
        when = _when(parts_of(found.timeline, spans, found.window))
        said.append(
            f"{gap_source} passes callers on to {gap_target} while {gap_target} is closed, {when}: {_FATES[rule]}."
        )
    return said


def _doors(found: Coverage) -> list[tuple[str, str, IfClosed, list[tuple[int, int]]]]:
    doors: dict[tuple[str, str, IfClosed], list[tuple[int, int]]] = {}
    for door in found.closed_doors:
        doors.setdefault((door.source, door.target, door.if_closed), []).extend(door.when)
    return [(*key, merge(spans)) for key, spans in doors.items()]


def _when(parts: Sequence[HoursPart]) -> str:
    """Return hours as people say them: before 08:00 on Monday to Saturday, on Saturday night from 20:00."""
    days: dict[tuple[tuple[int, ...], dt.date | None], list[HoursPart]] = {}
    for part in parts:
        days.setdefault((part.weekdays, part.date), []).append(part)
    return _listed([text for (weekdays, date), mine in days.items() for text in _day(weekdays, date, mine)])


def _day(weekdays: tuple[int, ...], date: dt.date | None, parts: list[HoursPart]) -> list[str]:
    """Return the hours of some days as one text; without a calendar, a text for each."""
    if not weekdays:
        return [f"from {part.opens} to {part.closes}" for part in parts]
    days = _weekdays(weekdays) if date is None else f"{_DAYS[weekdays[0]]} {date}"
    if len(weekdays) == 1 and len(parts) == 1:
        (part,) = parts
        if part.opens == "00:00" and part.closes <= _NOON:
            return [f"on {days} morning until {part.closes}"]
        if part.closes == "24:00" and part.opens >= _NIGHT:
            return [f"on {days} night from {part.opens}"]
    return [f"{_listed([_hours(part) for part in parts])} on {days}"]


def _hours(part: HoursPart) -> str:
    if (part.opens, part.closes) == ("00:00", "24:00"):
        return "all day"
    if part.opens == "00:00":
        return f"before {part.closes}"
    return f"from {part.opens}" + ("" if part.closes == "24:00" else f" to {part.closes}")


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]


def _weekdays(days: tuple[int, ...]) -> str:
    """Return weekdays as words: Monday to Friday; Saturday and Sunday; Monday, Wednesday and Friday."""
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}"
    return _listed([_DAYS[day] for day in days])
