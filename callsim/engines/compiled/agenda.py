"""What the plan lets happen at fixed instants, sorted once into the order in which the kernel meets it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.codes import Rank
from callsim.plan.plan import Plan

__all__ = ["agenda"]

Int64 = npt.NDArray[np.int64]


def agenda(plan: Plan, doors: bool = True) -> Int64:
    """Return (time, rank, number) of every planned change, in order; those at or beyond the horizon do not happen.

    A break whose planned start is not later than the instant at which its shift begins happens right after the
    sign-on, before whatever else is planned at that instant: nobody can be sent into a break before he is there.

    Parameters
    ----------
    plan : Plan
    doors : bool
        Whether doors are listed; where none ever closes they need not be.

    Returns
    -------
    int64[change, 3]
        Times in ticks; the number of `Rank`: duty, break, row of the head-counts, or opening.
    """
    agents, queues, horizon = plan.agents, plan.queues, plan.clock.horizon
    parts = [_duties(plan), _breaks(plan)]
    heads = np.arange(len(agents.heads_time))
    parts.append(_rows(agents.heads_time, Rank.HEADS, heads, heads))
    if doors:
        rows = np.arange(len(queues.open_start))
        queue = np.repeat(np.arange(plan.n_queues), np.diff(queues.open_offset))
        real = queues.open_end > 0
        opens = _rows(np.maximum(queues.open_start, 0)[real], Rank.OPENING, queue[real], rows[real])
        closes = _rows(queues.open_end[real], Rank.CLOSING, queue[real], rows[real])
        parts.extend((opens, closes))
    changes = np.concatenate(parts)
    changes = changes[changes[:, 0] < horizon]
    order = np.lexsort(changes[:, ::-1].T[1:])
    return np.ascontiguousarray(changes[order][:, [0, 4, 5]])


def _rows(time: Int64, rank: int, number: Int64, subject: Int64) -> Int64:
    """Return rows of (time, rank and number and place among equals in the order, true rank, subject)."""
    n = len(time)
    return np.stack([time, np.full(n, rank), number, np.zeros(n, np.int64), np.full(n, rank), subject], axis=-1).astype(
        np.int64
    )


def _duties(plan: Plan) -> Int64:
    agents, horizon = plan.agents, plan.clock.horizon
    duty = np.flatnonzero((agents.duty_end > 0) & (agents.duty_start < horizon))
    on = _rows(np.maximum(agents.duty_start[duty], 0), Rank.SIGN_ON, duty, duty)
    off = _rows(agents.duty_end[duty], Rank.SIGN_OFF, duty, duty)
    return np.concatenate((on, off))


def _breaks(plan: Plan) -> Int64:
    agents = plan.agents
    row = np.arange(len(agents.break_start))
    duty = np.repeat(np.arange(len(agents.duty_agent)), np.diff(agents.break_offset))
    begins, ends = agents.break_start, agents.break_start + agents.break_length
    real = (ends > 0) & (agents.duty_end[duty] > 0)
    row, duty, begins = row[real], duty[real], np.maximum(begins[real], 0)
    signed_on = np.maximum(agents.duty_start[duty], 0)
    rows = _rows(begins, Rank.BREAK_START, row, row)
    at_once = begins <= signed_on
    rows[at_once, 0] = signed_on[at_once]
    rows[at_once, 1] = Rank.SIGN_ON
    rows[at_once, 2] = duty[at_once]
    rows[at_once, 3] = 1 + row[at_once]
    return rows
