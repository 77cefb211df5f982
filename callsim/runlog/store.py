"""Save and load a run log: a folder with one Parquet (or CSV) file a table and a manifest.

DuckDB writes and reads the tables; it is imported on use. A folder appears under its name only when
it is complete: it is written beside, under a hidden name, and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from callsim.errors import LogFormatError, OutputError
from callsim.runlog.columns import FORMAT
from callsim.runlog.log import TABLES, RunLog, Table

__all__ = ["MANIFEST", "load", "save"]

MANIFEST = "manifest.json"
"""The file that makes a folder a saved log."""
_FORMS = {"parquet": "(format parquet, compression zstd)", "csv": "(format csv, header)"}


def save(log: RunLog, folder: str | os.PathLike[str], form: str = "parquet") -> Path:
    """Save a log as a folder: ``contacts``, ``legs``, ``spans``, ``case_events`` and ``manifest.json``.

    Parameters
    ----------
    log : RunLog
    folder : path
        Where; missing parents are made. A saved log of this name is replaced as a whole.
    form : {"parquet", "csv"}, optional
        CSV is four to six times as large.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder cannot be written, or exists and is not a saved log. Nothing is left half-written.
    """
    final = Path(folder)
    if form not in _FORMS:
        raise OutputError(f"{final}: found the form {form!r}; a run log is saved as {' or '.join(_FORMS)}")
    if final.exists() and not (final / MANIFEST).is_file():
        raise OutputError(f"{final}: exists and is not a saved run log; nothing was written, choose another name")
    work = final.parent / f".{final.name}.{os.getpid()}.tmp"
    try:
        work.mkdir(parents=True)
        for table in log.tables():
            _write_table(table, work / f"{table.name}.{form}", form)
        text = json.dumps(_manifest(log, form), indent=1, allow_nan=False) + "\n"
        (work / MANIFEST).write_text(text, encoding="utf-8")
        _swap(work, final)
    except OSError as error:
        raise OutputError(f"{final}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return final


def load(folder: str | os.PathLike[str]) -> RunLog:
    """Load a saved log.

    Parameters
    ----------
    folder : path
        As given to `save`.

    Returns
    -------
    RunLog
        Equal to the saved one in every cell.

    Raises
    ------
    LogFormatError
        If the folder is not a saved log, has another format version, lacks a table or column, or was
        changed since it was saved.
    """
    place = Path(folder)
    manifest = _read_manifest(place)
    tables = {name: _read_table(place / f"{name}.{manifest['form']}", manifest["form"], name) for name in TABLES}
    log = RunLog(
        contacts=tables["contacts"],
        legs=tables["legs"],
        spans=tables["spans"],
        case_events=tables["case_events"],
        end=manifest["end"],
        replication=manifest["replication"],
        seed=manifest["seed"],
        plan_digest=manifest["plan_digest"],
        queue_time=np.array(manifest["queue_time"], np.int64),
        busy_time=np.array(manifest["busy_time"], np.int64),
    )
    if log.digest() != manifest["digest"]:
        raise LogFormatError(f"{place}: the tables are not those that were saved: their digest is {log.digest()}")
    return log


def _manifest(log: RunLog, form: str) -> dict[str, Any]:
    return {
        "callsim run log": FORMAT,
        "form": form,
        "plan_digest": log.plan_digest,
        "seed": log.seed,
        "replication": log.replication,
        "end": log.end,
        "queue_time": log.queue_time.tolist(),
        "busy_time": log.busy_time.tolist(),
        "digest": log.digest(),
        "rows": {table.name: len(table) for table in log.tables()},
    }


def _read_manifest(place: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise LogFormatError(f"{place}: is not a saved run log: it has no readable {MANIFEST}") from None
    version = manifest.get("callsim run log") if isinstance(manifest, dict) else None
    if version != FORMAT:
        raise LogFormatError(
            f"{place}: found log format {version!r}; this callsim reads format {FORMAT}; simulate again for a new log"
        )
    wanted = ("form", "plan_digest", "seed", "replication", "end", "queue_time", "busy_time", "digest")
    missing = [name for name in wanted if name not in manifest]
    if missing or manifest["form"] not in _FORMS:
        raise LogFormatError(f"{place}: its {MANIFEST} is damaged; found no valid {', '.join(missing or ['form'])}")
    return dict(manifest)


def _swap(work: Path, final: Path) -> None:
    """Put the finished folder in its place; a log that was there goes only when the new one is there."""
    old = work.with_suffix(".old")
    if final.exists():
        final.rename(old)
    work.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _write_table(table: Table, path: Path, form: str) -> None:
    import duckdb

    connection = duckdb.connect()
    try:
        connection.register("data", {column.name: table[column.name] for column in table.columns})
        connection.execute(f"copy (select * from data) to {_quoted(path)} {_FORMS[form]}")
    except duckdb.Error as error:
        raise OutputError(f"{path.parent}: {path.name} cannot be written ({error})") from error
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _read_table(path: Path, form: str, name: str) -> dict[str, np.typing.NDArray[np.int64]]:
    import duckdb

    reader = {"parquet": "read_parquet", "csv": "read_csv"}[form]
    names = [column.name for column in TABLES[name]]
    columns = ", ".join(f'"{column}"::bigint as "{column}"' for column in names)
    connection = duckdb.connect()
    try:
        found = connection.execute(f"select {columns} from {reader}({_quoted(path)})").fetchnumpy()
    except duckdb.Error as error:
        raise LogFormatError(f"{path}: cannot be read as the table {name} ({error})") from None
    finally:
        connection.close()
    return {column: np.ascontiguousarray(found[column], dtype=np.int64) for column in names}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
