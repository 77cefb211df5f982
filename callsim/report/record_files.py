"""Writing a record into its file, unless it would hide a change that nobody has announced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.experiments.records import new_record, read, record_path, record_text, unannounced
from callsim.report.output import check_place, write_all

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callsim.experiments.settings import Progress

__all__ = ["update_record"]


def update_record(
    scenario: str | Path,
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> bool:
    """Simulate a scenario and put its record beside it; return whether the file is another than before.

    Parameters
    ----------
    scenario : path
        A scenario or an experiment.
    seed, replications : int, optional
        Default: those of the present record; without one, the scenario's.
    workers, executor, progress
        As for `callsim.run`.

    Raises
    ------
    CallsimError
        If a replication fails, the record cannot be written, or an unchanged scenario comes to other figures and
        nobody has announced that.
    """
    place = record_path(scenario)
    check_place(place)
    record = new_record(
        scenario, seed=seed, replications=replications, workers=workers, executor=executor, progress=progress
    )
    old = read(place) if place.exists() else None
    why = unannounced(old, record) if old is not None else ""
    if why:
        raise CallsimError(f"{place}: {why}")
    text = record_text(record).encode()
    if old is not None and place.read_bytes() == text:
        return False
    write_all({place: text})
    return True
