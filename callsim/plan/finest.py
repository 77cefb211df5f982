"""The finest keys by which a run that keeps no log is counted: parts of the time, pairs of queue and group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import Clock, Plan

__all__ = ["Fine", "pairs_of", "part_edges", "split", "wanted_fine"]

Int64 = npt.NDArray[np.int64]


class Fine(NamedTuple):
    """Which sums of a run that keeps no log have to be split in time; the others need the window as a whole."""

    contacts: bool
    """Contacts by stream: for the whole centre, callers, and queues, who count those turned away."""
    legs: bool
    """Visits by queue and group: for queues and agents."""
    stream_stays: bool
    """Waiting by stream: for the whole centre and callers."""
    queue_stays: bool
    """Waiting by queue: for queues."""
    group_stays: bool
    """Agents' time by group: for the whole centre and agents."""


def split(breakdown: str) -> tuple[str, str]:
    """Return the kind of scope and the kind of cell of a breakdown.

    Examples
    --------
    >>> split("queue+interval"), split("hour_of_week")
    (('queue', 'interval'), ('', 'hour_of_week'))
    """
    scope, _, cell = breakdown.rpartition("+")
    return scope, cell


def wanted_fine(by: Iterable[str]) -> Fine:
    """Return what has to be split in time for these breakdowns.

    Examples
    --------
    >>> wanted_fine(["agents+interval"])
    Fine(contacts=False, legs=True, stream_stays=False, queue_stays=False, group_stays=True)
    """
    scopes = {split(name)[0] for name in by}
    return Fine(
        contacts=bool(scopes & {"", "callers", "queue"}),
        legs=bool(scopes & {"queue", "agents"}),
        stream_stays=bool(scopes & {"", "callers"}),
        queue_stays="queue" in scopes,
        group_stays=bool(scopes & {"", "agents"}),
    )


def part_edges(clock: Clock, by: Iterable[str]) -> Int64:
    """Return the edges of the common refinement of the divisions that some breakdowns ask for.

    Parameters
    ----------
    clock : Clock
    by : iterable of str
        Such as "interval", "queue+hour_of_week"; none: the window as a whole.

    Returns
    -------
    int64[part + 1]
        Ascending, from warm_up to horizon. [ticks]
    """
    edges = {"interval": clock.interval_edges, "hour_of_week": clock.hour_edges}
    whole = np.array([clock.warm_up, clock.horizon], np.int64)
    return np.unique(np.concatenate([whole, *(edges[split(name)[1]] for name in by)]))


def pairs_of(plan: Plan) -> tuple[Int64, Int64]:
    """Return the pairs of queue and group that can meet, and of each queue and nobody.

    Returns
    -------
    (int64[pair], int64[pair])
        Queue, and group or -1; sorted by queue, then group.
    """
    can = np.concatenate((np.ones((plan.n_queues, 1), np.bool_), plan.agents.level.T > 0), axis=1)
    queue, column = np.nonzero(can)
    return queue.astype(np.int64), column.astype(np.int64) - 1
