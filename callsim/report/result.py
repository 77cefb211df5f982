"""What `callsim.run` and `callsim.compare` give back in Python: rows, a table, files and data frames."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from callsim.errors import CallsimError
from callsim.experiments.estimates import Row
from callsim.experiments.findings import Findings
from callsim.measures import Measures
from callsim.report.output import check_place, write_all
from callsim.report.run_report import run_report
from callsim.report.table import Report, draw_report
from callsim.runlog import RunLog

__all__ = ["Comparison", "Result"]


class Result:
    """What one scenario came to; made by `callsim.run`. Printing it shows its table.

    Parameters
    ----------
    findings : Findings
        The rows and the evidence behind them.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    @property
    def rows(self) -> tuple[Row, ...]:
        """The tidy rows: variant, name, scope, value, half_width, level, n, unit, definition."""
        return self.findings.rows

    @property
    def n(self) -> int:
        """Replications finished."""
        return self.findings.replicated.n

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came before the last replication."""
        return self.findings.replicated.interrupted

    @property
    def measures(self) -> dict[str, tuple[Measures, ...]]:
        """Variant -> what each replication measured: numerators, denominators, histograms."""
        return dict(self.findings.replicated.measures)

    @property
    def logs(self) -> dict[str, tuple[RunLog, ...]]:
        """Variant -> the log of each replication, if ``keep_logs`` was asked for; else empty."""
        return dict(self.findings.replicated.logs)

    @property
    def log_digests(self) -> dict[str, tuple[str, ...]]:
        """Variant -> digest of the log of each replication."""
        return dict(self.findings.replicated.log_digests)

    def value(self, name: str, variant: str = "", **scope: str | int) -> float | None:
        """Return one figure; None if it has no value (its row's ``reason`` says why).

        Parameters
        ----------
        name : str
            Name of the measure, such as ``abandonment_ratio``.
        variant : str
            Name of the variant; the base if empty.
        **scope
            Such as ``queue="billing"``; none: the whole centre.

        Raises
        ------
        CallsimError
            If there is no such row.
        """
        row = self.findings.row(name, scope, variant)
        if row is None:
            raise CallsimError(
                f"{self.findings.name}: there is no figure {name!r} in the scope {scope or 'whole centre'}"
            )
        return row.value

    def report(self) -> Report:
        """Return what is shown, as a value."""
        return run_report(self.findings)

    def table(self, width: int = 80) -> str:
        """Return what is shown, as text no wider than ``width``."""
        return draw_report(self.report(), width)

    def __str__(self) -> str:
        """Return the table at 80 columns."""
        return self.table()

    def __repr__(self) -> str:
        """Return what it is in one line."""
        return f"<{type(self).__name__} {self.findings.name!r}: {self.n} replications, {len(self.rows)} rows>"

    def to_records(self) -> list[dict[str, Any]]:
        """Return the rows as mappings, as they stand in the JSON file."""
        from callsim.report.row_files import records

        return records(self.rows)

    def to_pandas(self) -> Any:
        """Return the rows as a pandas data frame, the scope spread over columns.

        Raises
        ------
        CallsimError
            If pandas is not installed.
        """
        from callsim.report.row_files import columns_of

        return _frame_library("pandas").DataFrame(self._flat_records(), columns=list(columns_of(self.to_records())))

    def to_polars(self) -> Any:
        """Return the rows as a polars data frame, the scope spread over columns.

        Raises
        ------
        CallsimError
            If polars is not installed.
        """
        from callsim.report.row_files import columns_of

        polars = _frame_library("polars")
        types = {"varchar": polars.String, "double": polars.Float64, "bigint": polars.Int64}
        columns = columns_of(self.to_records())
        return polars.DataFrame(self._flat_records(), schema={name: types[kind] for name, kind in columns.items()})

    def write(self, json: Path | None = None, csv: Path | None = None, parquet: Path | None = None) -> None:
        """Write the rows to files: all of them, or none if one cannot be written.

        Raises
        ------
        OutputError
            If a folder does not exist or a file cannot be written.
        """
        if json is None and csv is None and parquet is None:
            return
        from callsim.report.row_files import csv_text, json_text, write_parquet

        rows = self.to_records()
        contents: dict[Path, bytes | Callable[[Path], None]] = {}
        if json is not None:
            contents[Path(json)] = json_text(rows).encode()
        if csv is not None:
            contents[Path(csv)] = csv_text(rows).encode()
        if parquet is not None:
            contents[Path(parquet)] = lambda place: write_parquet(rows, place)
        for place in contents:
            check_place(place)
        write_all(contents)

    def _flat_records(self) -> list[dict[str, Any]]:
        from callsim.report.row_files import columns_of, flat

        rows = self.to_records()
        columns = columns_of(rows)
        return [flat(row, columns) for row in rows]


class Comparison(Result):
    """What an experiment came to; made by `callsim.compare`. Its rows hold paired differences too (``versus``)."""

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants, the base first."""
        return self.findings.variants

    def report(self) -> Report:
        """Return what is shown, as a value."""
        from callsim.report.comparison_report import comparison_report

        return comparison_report(self.findings)


def _frame_library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CallsimError(f"{name} is not installed; install it with: pip install 'callsim[notebooks]'") from None
