"""The run log: what happened in one replication, as four tables of int64 columns.

An engine returns a `RunLog`; ``measures/`` reduces it, ``store.py`` saves it. The columns are declared
in ``columns.py``; nothing here knows what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.errors import LogFormatError
from callsim.runlog.columns import CASE_EVENTS, CONTACTS, FORMAT, LEGS, SPANS, Column
from callsim.runlog.digest import Imprint, header_of, table_digest

__all__ = ["TABLES", "RunLog", "Table"]

Int64 = npt.NDArray[np.int64]
Columns = Mapping[str, Int64]

TABLES: dict[str, tuple[Column, ...]] = {
    "contacts": CONTACTS,
    "legs": LEGS,
    "spans": SPANS,
    "case_events": CASE_EVENTS,
}
"""Name of each log table -> its column declarations, in the order of the files and of the digest."""


@dataclass(frozen=True, eq=False)
class Table:
    """One table of a log with its declarations; turns into a data frame where one is wanted.

    Examples
    --------
    >>> import numpy as np
    >>> spans = Table("spans", SPANS, {c.name: np.array([0, 5]) for c in SPANS})
    >>> len(spans), spans["start"].tolist()
    (2, [0, 5])
    """

    name: str
    columns: tuple[Column, ...]
    data: Columns
    """Column name -> int64[row]."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.data[self.columns[0].name])

    def __getitem__(self, name: str) -> Int64:
        """Return one column."""
        return self.data[name]

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame; pandas is imported now (extra ``notebooks``)."""
        return import_module("pandas").DataFrame({c.name: self.data[c.name] for c in self.columns})

    def to_polars(self) -> Any:
        """Return the table as a polars data frame; polars is imported now (extra ``notebooks``)."""
        return import_module("polars").DataFrame({c.name: self.data[c.name] for c in self.columns})


@dataclass(frozen=True, eq=False)
class RunLog:
    """What happened in one replication. Immutable: the arrays are frozen on construction.

    Raises
    ------
    LogFormatError
        If a table lacks a declared column, has another one, or its columns differ in length.
    """

    contacts: Columns
    """Column name -> int64[contact]; see `callsim.runlog.columns.CONTACTS`."""
    legs: Columns
    """Column name -> int64[leg]."""
    spans: Columns
    """Column name -> int64[span]."""
    end: int
    """End of the run: the horizon, or with drain the instant of the last event that changed anything. [ticks]"""
    replication: int
    seed: int
    plan_digest: str
    """`callsim.plan.Plan.digest` of the plan that was run."""
    queue_time: Int64
    """[queue] Integral of the number waiting over [0, end], kept by the engine as it ran. [ticks * callers]"""
    busy_time: Int64
    """[group] Time agents handled calls within [0, end], kept by the engine as it ran. [ticks]"""
    case_events: Columns = field(default_factory=lambda: {column.name: np.zeros(0, np.int64) for column in CASE_EVENTS})
    """Column name -> int64[case event]; without rows in a run without cases."""
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Check the columns against their declarations and freeze every array."""
        for name, columns in TABLES.items():
            _check_columns(name, columns, getattr(self, name))
        for _, array in self.arrays():
            array.setflags(write=False)

    def table(self, name: str) -> Table:
        """Return the table ``"contacts"``, ``"legs"``, ``"spans"`` or ``"case_events"``."""
        return Table(name, TABLES[name], getattr(self, name))

    def tables(self) -> tuple[Table, ...]:
        """Return the four tables."""
        return tuple(self.table(name) for name in TABLES)

    def arrays(self) -> Iterator[tuple[str, Int64]]:
        """Yield (dotted name, array) for every array, in declared order."""
        for name, columns in TABLES.items():
            data: Columns = getattr(self, name)
            for column in columns:
                yield f"{name}.{column.name}", data[column.name]
        yield "queue_time", self.queue_time
        yield "busy_time", self.busy_time

    def digest(self) -> str:
        """Return the digest of the run as 64 hexadecimal digits; see `callsim.runlog.digest`.

        Two runs that differ in a single cell, the end, the plan, the seed, the replication or the log's format
        have different digests: which engine ran, whether it kept a log, and on how many workers, leaves no trace.
        """
        return self.imprint.digest()

    @cached_property
    def imprint(self) -> Imprint:
        """What the digest is made from."""
        n_queues, n_groups = len(self.queue_time), len(self.busy_time)
        figures = [*self.queue_time.tolist(), *self.busy_time.tolist()]
        for name in TABLES:
            figures += table_digest(name, getattr(self, name)).tolist()
        return Imprint._make((*header_of(self), n_queues, n_groups, figures))


def _check_columns(name: str, columns: tuple[Column, ...], data: Mapping[str, Any]) -> None:
    wanted = {column.name for column in columns}
    if set(data) != wanted:
        odd = ", ".join(sorted(set(data) ^ wanted))
        raise LogFormatError(f"run log, table {name}: columns missing or unknown: {odd}")
    lengths = {len(array) for array in data.values()}
    if len(lengths) > 1:
        raise LogFormatError(f"run log, table {name}: columns have different lengths: {sorted(lengths)}")
    for column, array in data.items():
        if array.dtype != np.int64:
            raise LogFormatError(f"run log, table {name}, column {column}: {array.dtype} instead of int64")
