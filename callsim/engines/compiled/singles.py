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
    rows : int64[SINGLE_WIDTH, visit]
        See `callsim.engines.compiled.rows`.
    n : int
    tables : PlanTables
        Of the plan.

    Returns
    -------
    (int64[visit, 1 + columns of contacts], int64[visit, columns of legs])
        The cells of the log, and a contact's number before them.
    """
    index, who, arrived, left, agent, talk_end, handle_end = rows[:, :n]
    answered = agent >= 0
    # Who hung up has -1 for the end of his talk: his visit is over.
    over = (talk_end < tables.scalar[of.HORIZON]) | (tables.scalar[of.DRAIN] != 0)
    stream = (who >> 24) & 255
    contacts = np.zeros((n, 1 + len(CONTACTS)), np.int64)
    contacts[:, row.C_INDEX] = index
    contacts[:, row.C_STREAM] = stream
    contacts[:, row.C_BLOCK] = (who >> 32) - 1
    contacts[:, row.C_N] = who & 0xFFFFFF
    contacts[:, row.C_CAUSE] = Cause.FRESH
    contacts[:, row.C_ARRIVED] = arrived
    contacts[:, row.C_QUEUE] = tables.stream[stream, of.CALLED]
    contacts[:, row.C_OUTCOME] = np.where(answered, Outcome.ANSWERED, Outcome.ABANDONED)
    contacts[:, row.C_ENDED] = np.where(over, np.where(answered, talk_end, left), MISSING)
    legs = np.zeros((n, len(LEGS)), np.int64)
    legs[:, row.L_CONTACT] = index
    legs[:, row.L_QUEUE] = contacts[:, row.C_QUEUE]
    legs[:, row.L_ENTERED] = arrived
    legs[:, row.L_LEFT] = left
    legs[:, row.L_OUTCOME] = contacts[:, row.C_OUTCOME]
    legs[:, row.L_AGENT] = agent
    legs[:, row.L_TALK_END] = talk_end
    legs[:, row.L_HANDLE_END] = handle_end
    legs[:, row.L_TRANSFER] = np.where(over, TransferResult.NONE, TransferResult.UNFINISHED)
    legs[:, row.L_TRANSFER_ROW] = MISSING
    return contacts, legs
