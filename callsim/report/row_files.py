"""The tidy rows as JSON, CSV and Parquet: the same rows, the same order, the same bytes for the same result.

A row's keys are ``variant, name, scope, value, half_width, level, n, unit, definition``, with
``versus`` for a paired difference and ``reason`` where a value or half width is null. In JSON the
scope is a mapping; CSV and Parquet have one column for each scope key, those of cases only if there are cases. No file
holds NaN or Infinity.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from callsim.errors import OutputError

__all__ = ["COLUMNS", "SCOPE_KEYS", "columns_of", "csv_text", "flat", "json_text", "record", "records", "write_parquet"]

CASE_KEYS = {"cases": "varchar", "customers": "varchar", "day": "bigint"}
"""Keys of scopes of cases, with their types in Parquet; files without cases do not have them."""
SCOPE_KEYS = ("queue", "callers", "agents", "interval", "hour_of_week", *CASE_KEYS)
"""The keys that a scope may have; in CSV and Parquet each is a column, empty for the whole centre."""
COLUMNS = {
    "variant": "varchar", "versus": "varchar", "name": "varchar",
    "queue": "varchar", "callers": "varchar", "agents": "varchar", "interval": "varchar", "hour_of_week": "bigint",
    "value": "double", "half_width": "double", "level": "double", "n": "bigint",
    "unit": "varchar", "reason": "varchar", "definition": "varchar",
}  # fmt: skip
"""The columns of a flat row, in order, with their types in Parquet."""


def record(row: Any) -> dict[str, Any]:
    """Return one row as a mapping with the documented keys, in the documented order.

    ``versus`` and ``reason`` are there only where they say something; a value that is not finite
    becomes None with a reason.
    """
    value, half_width = _finite(row.value), _finite(row.half_width)
    out = {
        "variant": row.variant, "name": row.name, "scope": dict(row.scope), "value": value, "half_width": half_width,
        "level": row.level, "n": row.n, "unit": row.unit, "definition": row.definition,
    }  # fmt: skip
    if row.versus:
        out["versus"] = row.versus
    if value is None or half_width is None:
        out["reason"] = row.reason or "not a finite number"
    return out


def records(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return all rows as mappings; see `record`."""
    return [record(row) for row in rows]


def columns_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the columns of flat records, with their types in Parquet: `COLUMNS`, and scopes of cases if there are."""
    if not any(key in row["scope"] for row in rows for key in CASE_KEYS):
        return COLUMNS
    found: dict[str, str] = {}
    for name, kind in COLUMNS.items():
        if name == "value":
            found |= CASE_KEYS
        found[name] = kind
    return found


def flat(row: Mapping[str, Any], columns: Iterable[str] = COLUMNS) -> dict[str, Any]:
    """Return a record with its scope spread over columns; see `columns_of`."""
    scope = row["scope"]
    return {name: scope.get(name) if name in SCOPE_KEYS else row.get(name) for name in columns}


def json_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the records as one JSON list, a record on each line.

    Raises
    ------
    ValueError
        If a record holds NaN or Infinity, which JSON does not have.
    """
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the records as comma-separated values (RFC 4180) with a header line.

    Notes
    -----
    Text beyond ASCII gets a byte order mark, without which spreadsheets take UTF-8 for the local
    code page; text within ASCII gets none, which every other reader prefers.
    """
    out = io.StringIO(newline="")
    columns = columns_of(rows)
    writer = csv.DictWriter(out, list(columns))
    writer.writeheader()
    writer.writerows(flat(row, columns) for row in rows)
    text = out.getvalue()
    return text if text.isascii() else "\ufeff" + text


def write_parquet(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the records to a Parquet file; the caller moves it into place.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import duckdb

    kinds = columns_of(rows)
    table = [flat(row, kinds) for row in rows]
    lists = [[row[name] for row in table] for name in kinds]
    columns = ", ".join(f"unnest(${i}::{kind}[]) as {name}" for i, (name, kind) in enumerate(kinds.items(), start=1))
    place = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"create table result_rows as select {columns}", lists)
        try:
            connection.execute(f"copy result_rows to '{place}' (format parquet, compression zstd)")
        except duckdb.Error as error:
            raise OutputError(f"{path}: cannot be written: {error}") from error


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
