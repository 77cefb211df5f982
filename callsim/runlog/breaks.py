"""How a broken rule of a log is reported: the row, its columns, and which run it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from callsim.errors import InvariantBroken
from callsim.runlog.columns import CONTACTS, LEGS, Column
from callsim.runlog.log import RunLog
from callsim.runlog.sums import RunSums

__all__ = ["break_contact", "break_leg", "break_run", "first_broken"]

Int64 = npt.NDArray[np.int64]


def first_broken(broken: npt.NDArray[np.bool_]) -> int:
    """Return the first row where a rule is broken, -1 if it holds everywhere."""
    return int(np.argmax(broken)) if broken.any() else -1


def break_run(log: RunLog | RunSums, what: str) -> NoReturn:
    """Raise `InvariantBroken` for a whole run: `what` is the sentence that says what is wrong."""
    raise InvariantBroken(
        f"{what}\nplan {log.plan_digest}, seed {log.seed}, replication {log.replication}: this is a bug in callsim"
    )


def break_contact(log: RunLog, row: int, what: str) -> NoReturn:
    """Raise `InvariantBroken` that names the contact in `row` and its columns."""
    break_run(log, f"contact {row} {what}\n  contact: {_cells(CONTACTS, log.contacts, row)}")


def break_leg(log: RunLog, row: int, what: str) -> NoReturn:
    """Raise `InvariantBroken` that names the leg in `row`, its contact, and their columns."""
    contact = int(log.legs["contact"][row])
    lines = [f"contact {contact}, leg {int(log.legs['leg'][row])} {what}"]
    if 0 <= contact < len(log.contacts["arrived"]):
        lines.append(f"  contact: {_cells(CONTACTS, log.contacts, contact)}")
    lines.append(f"  leg: {_cells(LEGS, log.legs, row)}")
    break_run(log, "\n".join(lines))


def _cells(columns: tuple[Column, ...], data: Mapping[str, Int64], row: int) -> str:
    return ", ".join(f"{column.name} {int(data[column.name][row])}" for column in columns)
