"""Who can take whose calls, in tables: the part of `callsim.engines.compiled.layout` that concerns routing."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.codes import CallSelection
from callsim.plan.plan import Plan

__all__ = [
    "GROUP_CELL",
    "LEVEL_ENDS",
    "Skill",
    "Taker",
    "overflow_times",
    "routes_of",
    "skills_of",
    "takers_of",
    "trees_of",
]

Int64 = npt.NDArray[np.int64]
_FEW_LEAVES = 4096
LEVEL_ENDS = -1 << 63
"""In a cell of a route: the group is the last of its level."""
GROUP_CELL = (1 << 32) - 1
"""What a cell of a route says besides: half of it, which is read without a step of its own."""


class Taker(NamedTuple):
    """A group that can take calls of a queue; see `callsim.engines.compiled.layout` for the cells."""

    level: int
    after: int
    group: int


class Skill(NamedTuple):
    """A queue of which a group can take calls."""

    level: int
    queue: int
    after: int
    decides: bool


def trees_of(edges: Int64) -> tuple[Int64, Int64]:
    """Return where the tree of each group's agents begins, and its leaves: a power of two, twice as many nodes."""
    leaves = np.array([1 << max(1, (int(n) - 1).bit_length()) for n in np.diff(edges)], np.int64)
    # Trees of one height are walked without a branch that is hard to foresee.
    if leaves.max(initial=0) * len(leaves) <= max(4 * leaves.sum(), _FEW_LEAVES):
        leaves[:] = leaves.max(initial=0)
    return 2 * (np.cumsum(leaves) - leaves), leaves


def takers_of(plan: Plan) -> tuple[Int64, Int64]:
    """Return the rows of the groups that can take a queue's calls, and where those of each queue begin."""
    agents = plan.agents
    found: list[Taker] = []
    first = [0]
    for queue in range(plan.n_queues):
        groups = np.flatnonzero(agents.level[:, queue]).tolist()
        levels = [int(agents.level[group, queue]) if plan.agent_by_level else 0 for group in groups]
        rows = sorted(zip(levels, groups, strict=True))
        found.extend(Taker(level, int(agents.after[group, queue]), group) for level, group in rows)
        first.append(len(found))
    return np.array(found, np.int64).reshape(-1, len(Taker._fields)), np.array(first, np.int64)


def routes_of(takers: Int64, first_taker: Int64, node: Int64) -> tuple[Int64, Int64]:
    """Return where an agent for a queue's call is looked for, as one list, and where each queue begins in it.

    Parameters
    ----------
    takers, first_taker : int64[taker, 3], int64[queue + 1]
        From `takers_of`.
    node : int64[group]
        Where the tree of each group's agents begins.

    Returns
    -------
    (int64[cell], int64[queue])
        Of each group in turn the cell of `callsim.engines.compiled.state.State.free` in which its first agent stands,
        plus `LEVEL_ENDS` if no further group is of this level. Nobody's cell, the first, ends a queue's route.
    """
    cells: list[int] = []
    begins = []
    for first, end in pairwise(first_taker.tolist()):
        begins.append(len(cells))
        rows = [Taker(*row) for row in takers[first:end].tolist()]
        behind = [row.level for row in rows[1:]] + [-1]
        cells.extend(
            int(node[row.group]) + 1 + LEVEL_ENDS * (row.level != level)
            for row, level in zip(rows, behind, strict=True)
        )
        cells.append(LEVEL_ENDS)
    return np.array(cells, np.int64), np.array(begins, np.int64)


def skills_of(plan: Plan) -> tuple[Int64, Int64]:
    """Return the rows of the queues whose calls a group can take, and where those of each group begin."""
    agents, level_first = plan.agents, plan.call_selection == CallSelection.LEVEL_FIRST
    found: list[Skill] = []
    first = [0]
    for group in range(plan.n_groups):
        queues = np.flatnonzero(agents.level[group]).tolist()
        rows = sorted((int(agents.level[group, queue]), queue) for queue in queues)
        behind = [level for level, _ in rows[1:]]
        decides = [level_first and level < next_level for (level, _), next_level in zip(rows, behind, strict=False)]
        for (level, queue), is_last in zip(rows, [*decides, True], strict=False):
            found.append(Skill(level, queue, int(agents.after[group, queue]), is_last))
        first.append(len(found))
    return np.array(found, np.int64).reshape(-1, len(Skill._fields)), np.array(first, np.int64)


def overflow_times(plan: Plan) -> tuple[Int64, Int64]:
    """Return the different waits after which further groups may take a queue's call, and where those of each begin."""
    agents = plan.agents
    times = [
        sorted({int(after) for after in agents.after[agents.level[:, queue] > 0, queue] if after})
        for queue in range(plan.n_queues)
    ]
    first = np.cumsum([0, *(len(row) for row in times)])
    return np.array([after for row in times for after in row], np.int64), first.astype(np.int64)
