"""How the measured window is divided when figures are split in time, down to parts that no figure splits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import Clock

__all__ = ["part_edges", "split"]

Int64 = npt.NDArray[np.int64]


def split(breakdown: str) -> tuple[str, str]:
    """Return the kind of scope and the kind of cell of a breakdown.

    Examples
    --------
    >>> split("queue+interval"), split("hour_of_week")
    (('queue', 'interval'), ('', 'hour_of_week'))
    """
    scope, _, cell = breakdown.rpartition("+")
    return scope, cell


def part_edges(clock: Clock, kinds: Iterable[str]) -> Int64:
    """Return the edges of the common refinement of some divisions of the measured window.

    Parameters
    ----------
    clock : Clock
    kinds : iterable of str
        "interval", "hour_of_week"; none: the window as a whole.

    Returns
    -------
    int64[part + 1]
        Ascending, from warm_up to horizon. [ticks]
    """
    edges = {"interval": clock.interval_edges, "hour_of_week": clock.hour_edges}
    whole = np.array([clock.warm_up, clock.horizon], np.int64)
    return np.unique(np.concatenate([whole, *(edges[kind] for kind in sorted(set(kinds)))]))
