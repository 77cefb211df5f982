"""The first cell in which two logs of one run differ, told so that somebody can work out by hand which is right."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np

from callsim import codes
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import index_cases
from callsim.runlog.columns import CASE_EVENTS, CONTACTS, LEGS, SPANS, Column

__all__ = ["first_difference"]

_TABLES = {"contacts": CONTACTS, "legs": LEGS, "spans": SPANS, "case_events": CASE_EVENTS}
_INSTANT = {"contacts": "arrived", "legs": "entered", "spans": "start", "case_events": "at"}


def first_difference(plan: Plan, expected: RunLog, found: RunLog) -> str:
    """Return where two logs differ first, "" if they agree in every cell.

    Parameters
    ----------
    plan : Plan
        That was run, for names.
    expected, found : RunLog
        Of the reference, and of the engine that is examined.

    Returns
    -------
    str
        Table, row and column with both values, then the history of the contact, or of the case, in both logs.
    """
    if expected.digest() == found.digest():
        return ""
    places = [place for name in _TABLES if (place := _first_place(expected, found, name)) is not None]
    if places:
        return _told(plan, expected, found, *min(places, key=lambda place: _instant(expected, found, place)))
    for name in ("end", "seed", "replication", "plan_digest", "queue_time", "busy_time"):
        one, other = getattr(expected, name), getattr(found, name)
        if not np.array_equal(one, other):
            return f"{name}: expected {one!s}, found {other!s}"
    return "the digests differ, and no cell does"


Place = tuple[str, int, str]
"""Table, row, column; the column is "" if only one of the logs has the row."""


def _first_place(expected: RunLog, found: RunLog, name: str) -> Place | None:
    """Return the first row of a table that differs, and the first column in it."""
    one, other = getattr(expected, name), getattr(found, name)
    columns = [column.name for column in _TABLES[name]]
    sizes = [len(log[columns[0]]) for log in (one, other)]
    both = min(sizes)
    differs = np.zeros(both, np.bool_)
    for column in columns:
        differs |= one[column][:both] != other[column][:both]
    if differs.any():
        row = int(np.argmax(differs))
        return name, row, next(column for column in columns if one[column][row] != other[column][row])
    return (name, both, "") if sizes[0] != sizes[1] else None


def _instant(expected: RunLog, found: RunLog, place: Place) -> tuple[int, str]:
    """Return the earliest instant that a differing row tells of: what differs first is nearest to the cause."""
    name, row, _ = place
    tables = (getattr(log, name)[_INSTANT[name]] for log in (expected, found))
    return min(int(column[row]) for column in tables if row < len(column)), name


def _told(plan: Plan, expected: RunLog, found: RunLog, name: str, row: int, column: str) -> str:
    logs = {"expected": expected, "found": found}
    if column:
        values = (
            f"{title} {_value(plan, column, int(getattr(log, name)[column][row]))}" for title, log in logs.items()
        )
        lines = [f"{name}, row {row}, column {column}: {', '.join(values)}"]
    else:
        longer = max(logs, key=lambda title: len(getattr(logs[title], name)[_TABLES[name][0].name]))
        lines = [f"{name}, row {row}: only {'expected' if longer == 'expected' else 'found'} in one of the logs"]
    for title, log in logs.items():
        lines.append(f"  {title}:")
        lines += [f"    {line}" for line in _history(plan, log, name, row)]
    return "\n".join(lines)


def _history(plan: Plan, log: RunLog, name: str, row: int) -> Iterator[str]:
    """Yield what a row belongs to: the contact and its legs, or its whole case, or the spans of the agent."""
    table = getattr(log, name)
    if row >= len(table[_TABLES[name][0].name]):
        yield "no such row"
    elif name == "spans":
        for i in np.flatnonzero(table["agent"] == table["agent"][row]).tolist():
            yield _row(plan, "spans", SPANS, log, i)
    elif name == "case_events":
        yield from _case_history(plan, log, int(index_cases(log).of_event[row]))
    else:
        contact = row if name == "contacts" else int(table["contact"][row])
        case = int(index_cases(log).of_contact[contact])
        yield from _contact_history(plan, log, contact) if case < 0 else _case_history(plan, log, case)


def _contact_history(plan: Plan, log: RunLog, contact: int) -> Iterator[str]:
    """Yield a contact and its legs."""
    yield _row(plan, "contacts", CONTACTS, log, contact)
    for i in np.flatnonzero(log.legs["contact"] == contact).tolist():
        yield _row(plan, "legs", LEGS, log, i)


def _case_history(plan: Plan, log: RunLog, case: int) -> Iterator[str]:
    """Yield the events of a case, then its contacts with their legs."""
    index = index_cases(log)
    for row in range(int(index.first[case]), int(index.last[case]) + 1):
        yield _row(plan, "case_events", CASE_EVENTS, log, row)
    for contact in np.flatnonzero(index.of_contact == case).tolist():
        yield from _contact_history(plan, log, contact)


def _row(plan: Plan, name: str, columns: tuple[Column, ...], log: RunLog, row: int) -> str:
    data = getattr(log, name)
    cells = (f"{column.name} {_value(plan, column.name, int(data[column.name][row]))}" for column in columns)
    return f"{name} {row}: {', '.join(cells)}"


_UNITS = {column.name: column.unit for columns in _TABLES.values() for column in columns}


def _value(plan: Plan, column: str, value: int) -> str:
    """Return a cell for reading: seconds, names of codes, queues and agents."""
    if value == -1:
        return "-"
    unit = _UNITS[column]
    if unit == "ticks":
        return f"{value / SECOND:.6f}".rstrip("0").rstrip(".") + "s"
    kind = getattr(codes, unit, None)
    if isinstance(kind, type) and issubclass(kind, IntEnum) and value in list(kind):
        return kind(value).name
    names = {"queue": plan.queues.names, "stream": plan.streams.names, "agent": plan.agents.names}.get(column, ())
    return names[value] if value < len(names) else str(value)
