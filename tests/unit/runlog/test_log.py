"""The run log as a value: frozen, checked against its declarations, told apart by its digest."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import get_type_hints

import numpy as np
import pytest

from callsim.errors import LogFormatError
from callsim.runlog import CONTACTS, LEGS, SPANS, TABLES, RunLog, RunSums
from callsim.runlog.digest import HEADER
from tests.small_case_logs import case_plan, case_week
from tests.small_logs import busy_day, busy_day_plan, changed, ints


def everything() -> RunLog:
    """Return a log with everything in it: the busy day, and what happens to the cases of a week."""
    return replace(busy_day(busy_day_plan()), case_events=case_week(case_plan()).case_events)


@pytest.fixture
def log() -> RunLog:
    """A log with everything in it."""
    return everything()


def test_a_log_has_the_declared_tables(log: RunLog) -> None:
    """Four tables, columns in declared order; those of cases last."""
    assert [table.name for table in log.tables()] == list(TABLES) == ["contacts", "legs", "spans", "case_events"]
    assert [len(table) for table in log.tables()] == [16, 15, 6, 43]
    assert log.table("legs")["agent"] is log.legs["agent"]


def test_no_cell_of_a_log_can_be_changed(log: RunLog) -> None:
    """What happened has happened."""
    with pytest.raises(ValueError, match="read-only"):
        log.legs["left"][0] = 7


def test_equal_logs_have_equal_digests_and_every_cell_counts() -> None:
    """One tick in any table, integral or number of the run gives another digest."""
    log = everything()
    assert log.digest() == everything().digest()
    others = [changed(log, name, 1, **{columns[-1].name: 12345}) for name, columns in TABLES.items()]
    others += [replace(log, queue_time=log.queue_time + 1), replace(log, busy_time=log.busy_time + 1)]
    others += [replace(log, **{name: 5}) for name in ("end", "seed", "replication", "format")]
    others += [replace(log, plan_digest="other")]
    assert len({log.digest(), *(other.digest() for other in others)}) == len(others) + 1


@pytest.mark.parametrize(
    ("table", "column"), [(name, column.name) for name, columns in TABLES.items() for column in columns]
)
def test_one_tick_more_in_any_cell_gives_another_digest(log: RunLog, table: str, column: str) -> None:
    """The digest of a table is a sum over its rows, and each row's part changes with each of its cells."""
    cells = getattr(log, table)[column]
    digests = {changed(log, table, row, **{column: int(cells[row]) + 1}).digest() for row in range(len(cells))}
    assert len(digests | {log.digest()}) == len(cells) + 1


def test_the_digest_does_not_depend_on_the_order_of_rows(log: RunLog) -> None:
    """Legs and spans name their contact and agent; an engine may hash them as they come."""
    turned = {
        name: {column: cells[::-1].copy() for column, cells in getattr(log, name).items()} for name in ("legs", "spans")
    }
    assert replace(log, **turned).digest() == log.digest()


def test_what_two_rows_exchange_changes_the_digest(log: RunLog) -> None:
    """A sum over rows must not be blind to cells that change places between them."""
    digests = {log.digest()}
    exchanges = [(name, column.name) for name, columns in TABLES.items() for column in columns]
    exchanged = 0
    for name, column in exchanges:
        first, second = (int(getattr(log, name)[column][row]) for row in (0, 1))
        if first != second:
            exchanged += 1
            digests.add(changed(changed(log, name, 0, **{column: second}), name, 1, **{column: first}).digest())
    assert len(digests) == exchanged + 1
    assert exchanged > 8


def test_the_digest_is_the_one_that_results_carry() -> None:
    """A change of the digest's rule makes old results incomparable: raise the log format with it."""
    empty = {name: {column.name: ints([]) for column in columns} for name, columns in TABLES.items()}
    log = RunLog(**empty, end=0, replication=0, seed=1, plan_digest="p", queue_time=ints([]), busy_time=ints([]))
    assert log.digest() == "2143ef3e18d7f3f258ad6f7a650046dfe77075e4c7c34c11569854976e742a21"


def test_a_missing_column_is_named() -> None:
    """Full text."""
    legs = {column.name: ints([]) for column in LEGS if column.name != "talk_end"} | {"talked": ints([])}
    with pytest.raises(LogFormatError) as error:
        _log(legs=legs)
    assert str(error.value) == "run log, table legs: columns missing or unknown: talk_end, talked"


def test_columns_of_different_lengths_are_refused() -> None:
    """Full text."""
    spans = {column.name: ints([1]) for column in SPANS} | {"end": ints([1, 2])}
    with pytest.raises(LogFormatError) as error:
        _log(spans=spans)
    assert str(error.value) == "run log, table spans: columns have different lengths: [1, 2]"


def test_columns_that_are_not_int64_are_refused() -> None:
    """Full text."""
    contacts = {column.name: ints([1]) for column in CONTACTS} | {"arrived": np.array([0.5])}
    with pytest.raises(LogFormatError) as error:
        _log(contacts=contacts)
    assert str(error.value) == "run log, table contacts, column arrived: float64 instead of int64"


def _log(**tables: dict[str, np.ndarray]) -> RunLog:
    empty = {name: {column.name: ints([]) for column in columns} for name, columns in TABLES.items()}
    return RunLog(**(empty | tables), end=0, replication=0, seed=1, plan_digest="", queue_time=ints([]),
                  busy_time=ints([]))  # fmt: skip


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_tables_turn_into_data_frames_on_request(log: RunLog, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is imported when asked for and given the columns in declared order."""
    monkeypatch.setitem(sys.modules, library, SimpleNamespace(DataFrame=lambda columns: columns))
    frame = getattr(log.table("spans"), f"to_{library}")()
    assert list(frame) == ["agent", "kind", "start", "end"]
    assert frame["start"] is log.spans["start"]


@pytest.mark.parametrize("run", [RunLog, RunSums])
def test_every_number_and_text_of_a_run_is_in_its_digest(run: type[RunLog | RunSums]) -> None:
    """Whoever adds one to a log or to sums adds it to the header."""
    assert sorted(name for name, kind in get_type_hints(run).items() if kind in (int, str)) == list(HEADER)
