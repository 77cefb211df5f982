"""How a scenario compares with its record, as text for logs and as a mapping for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from callsim.experiments.records import Moved, MovedHour, RecordCheck, Verdict

__all__ = ["MOST_FIGURES", "record_check_json", "record_check_text"]

MOST_FIGURES = 20
"""Figures that are listed; the others are counted."""
_MOST_HOURS = 3
_MOST_LOGS = 2


def record_check_text(check: RecordCheck) -> str:
    """Return what a check of a record found: one line if all is well, otherwise what moved, when, and why.

    Parameters
    ----------
    check : RecordCheck
        From `callsim.check_record`.
    """
    return "\n".join(_lines(check))


def record_check_json(check: RecordCheck) -> dict[str, Any]:
    """Return a check of a record as JSON knows it."""
    return {
        "scenario": str(check.scenario),
        "record": str(check.record),
        "verdict": check.verdict.value,
        "exact": check.exact,
        "why": check.why,
        "changed": list(check.culprits),
        "figures": [{**asdict(figure), "verdict": figure.verdict.value} for figure in check.figures],
        "hours": [{"hour": each.hour, "changes": [list(change) for change in each.changes]} for each in check.hours],
        "logs": list(check.logs),
        "replications": check.n,
    }


def _lines(check: RecordCheck) -> Iterator[str]:
    titles = {Verdict.SAME: "as recorded", Verdict.MOVED: "not as recorded", Verdict.UNDECIDED: "undecided"}
    yield f"{check.scenario}: {titles[check.verdict]}: {check.why}"
    if check.ok:
        return
    if check.culprits:
        yield f"  changed: {'; '.join(check.culprits)}"
    yield from _figures(check.figures)
    yield from _hours(check.hours)
    yield from (f"  another log: {log}" for log in check.logs[:_MOST_LOGS])
    if len(check.logs) > _MOST_LOGS:
        yield f"  ... and {len(check.logs) - _MOST_LOGS} more logs"
    yield f"  If this is meant: callsim check --update {check.scenario}"


def _figures(figures: tuple[Moved, ...]) -> Iterator[str]:
    shown = figures[:MOST_FIGURES]
    width = max((len(figure.title) for figure in shown), default=0)
    for figure in shown:
        judged = f"   {figure.verdict.value}, margin {figure.margin}" if figure.margin else ""
        yield f"  {figure.title:<{width}}  {figure.before} -> {figure.after}   {figure.change}{judged}".rstrip()
    if len(figures) > len(shown):
        yield f"  ... and {len(figures) - len(shown)} more figures"


def _hours(hours: tuple[MovedHour, ...]) -> Iterator[str]:
    for each in hours[:_MOST_HOURS]:
        changes = ", ".join(f"{name} {before} -> {after}" for name, before, after in each.changes)
        yield f"  from {each.hour:02d}:00 to {(each.hour + 1) % 24:02d}:00: {changes}"
    if len(hours) > _MOST_HOURS:
        yield f"  ... and {len(hours) - _MOST_HOURS} more hours of the day"
