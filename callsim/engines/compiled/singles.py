"""Contacts that were one visit and nothing else, written out in full for a log."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.codes import Cause, Outcome, TransferResult
from callsim.engines.compiled import layout as of
from callsim.engines.compiled import rows as row
from callsim.engines.compiled.layout import PlanTables
from callsim.runlog.columns import CONTACTS, LEGS, MISSING

__all__ = ["unfolded"]

Int64 = npt.NDArray[np.int64]


def unfolded(rows: Int64, n: int, tables: PlanTables) -> tuple[Int64, Int64]:
    """Return the rows of contacts and of legs that the first n single visits of a buffer stand for.

    Parameters
    ----------
    rows : int64[eight visits, SINGLE_WIDTH * SIDE_BY_SIDE]
        See `callsim.engines.compiled.rows`.
    n : int
    tables : PlanTables
        Of the plan.

    Returns
    -------
    (int64[visit, 1 + columns of contacts], int64[visit, columns of legs])
        The cells of the log, and a contact's number before them.
    """
    eights = rows.reshape(-1, row.SINGLE_WIDTH, row.SIDE_BY_SIDE)[: -(-n // row.SIDE_BY_SIDE)]
    single = eights.transpose(0, 2, 1).reshape(-1, row.SINGLE_WIDTH)[:n]
    answered = single[:, row.X_AGENT] >= 0
    over = single[:, row.X_ENDED] >= 0
    stream = (single[:, row.X_WHO] >> 24) & 255
    contacts = np.zeros((n, 1 + len(CONTACTS)), np.int64)
    contacts[:, row.C_INDEX] = single[:, row.X_INDEX]
    contacts[:, row.C_STREAM] = stream
    contacts[:, row.C_BLOCK] = (single[:, row.X_WHO] >> 32) - 1
    contacts[:, row.C_N] = single[:, row.X_WHO] & 0xFFFFFF
    contacts[:, row.C_CAUSE] = Cause.FRESH
    contacts[:, row.C_ARRIVED] = single[:, row.X_ARRIVED]
    contacts[:, row.C_QUEUE] = tables.stream[stream, of.CALLED]
    contacts[:, row.C_OUTCOME] = np.where(answered, Outcome.ANSWERED, Outcome.ABANDONED)
    contacts[:, row.C_ENDED] = single[:, row.X_ENDED]
    legs = np.zeros((n, len(LEGS)), np.int64)
    legs[:, row.L_CONTACT] = single[:, row.X_INDEX]
    legs[:, row.L_QUEUE] = contacts[:, row.C_QUEUE]
    legs[:, row.L_ENTERED] = single[:, row.X_ARRIVED]
    legs[:, row.L_LEFT] = single[:, row.X_LEFT]
    legs[:, row.L_OUTCOME] = contacts[:, row.C_OUTCOME]
    legs[:, row.L_AGENT] = single[:, row.X_AGENT]
    legs[:, row.L_TALK_END] = single[:, row.X_TALK_END]
    legs[:, row.L_HANDLE_END] = single[:, row.X_HANDLE_END]
    legs[:, row.L_TRANSFER] = np.where(over, TransferResult.NONE, TransferResult.UNFINISHED)
    legs[:, row.L_TRANSFER_ROW] = MISSING
    return contacts, legs
