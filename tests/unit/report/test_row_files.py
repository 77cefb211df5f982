"""Rows in files: the documented keys, no NaN, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from callsim.experiments.estimates import Row
from callsim.report.output import write_all
from callsim.report.row_files import COLUMNS, csv_text, json_text, records, write_parquet

KEYS = ["variant", "name", "scope", "value", "half_width", "level", "n", "unit", "definition"]


def row(**changes: Any) -> Row:
    """Return a row of the results."""
    usual: dict[str, Any] = {
        "variant": "base", "name": "offered", "scope": {"queue": "billing"}, "value": 12.5, "half_width": 0.5,
        "level": 0.95, "n": 10, "unit": "count", "definition": "calls, so to say",
    }  # fmt: skip
    return Row(**{**usual, **changes})


def test_a_row_has_exactly_the_documented_keys_in_their_order() -> None:
    """variant, name, scope, value, half_width, level, n, unit, definition."""
    assert list(records([row()])[0]) == KEYS


def test_a_difference_says_versus_what() -> None:
    """Paired differences carry `versus`, other rows do not."""
    assert records([row(versus="base")])[0]["versus"] == "base"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, None])
def test_what_is_not_a_number_is_null_with_a_reason(bad: float | None) -> None:
    """JSON has neither NaN nor Infinity."""
    record = json.loads(json_text(records([row(half_width=bad, reason="one replication")])))[0]
    assert record["half_width"] is None
    assert record["reason"] == "one replication"
    assert list(record) == [*KEYS, "reason"]


def test_a_missing_reason_is_given_one() -> None:
    """Null never stands alone."""
    assert records([row(value=math.nan)])[0]["reason"] == "not a finite number"


def test_json_is_one_list_with_a_row_on_each_line() -> None:
    """Readable, and two results can be compared line by line."""
    text = json_text(records([row(), row(scope={})]))
    assert json.loads(text) == records([row(), row(scope={})])
    assert text.count("\n") == 4
    assert json.loads(json_text([])) == []


def test_csv_has_the_scope_in_columns() -> None:
    """A spreadsheet can filter by queue."""
    rows = list(csv.DictReader(io.StringIO(csv_text(records([row(scope={"queue": "a, b", "hour_of_week": 9})])))))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["queue"] == "a, b"
    assert rows[0]["hour_of_week"] == "9"
    assert rows[0]["interval"] == ""
    assert rows[0]["value"] == "12.5"


def test_csv_beyond_ascii_says_so_to_spreadsheets() -> None:
    """A byte order mark only where it is needed."""
    assert not csv_text(records([row()])).startswith("\ufeff")
    assert csv_text(records([row(scope={"queue": "Störung"})])).startswith("\ufeff")


def test_parquet_holds_the_same_rows(tmp_path: Path) -> None:
    """Nulls are nulls, text is text; quotes in the path do no harm."""
    place = tmp_path / "it's.parquet"
    write_all({place: lambda draft: write_parquet(records([row(), row(value=None, scope={})]), draft)})
    found = duckdb.connect().execute("select * from read_parquet($1)", [str(place)])
    assert [column[0] for column in found.description or []] == list(COLUMNS)
    assert [line[3:4] + line[8:10] for line in found.fetchall()] == [("billing", 12.5, 0.5), (None, None, 0.5)]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    """All three kinds of file."""
    rows = records([row(value=i / 7) for i in range(100)])
    for place in (tmp_path / "a", tmp_path / "b"):
        write_parquet(rows, place)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (json_text(rows), csv_text(rows)) == (json_text(rows), csv_text(rows))
