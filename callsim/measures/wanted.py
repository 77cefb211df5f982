"""What the engine is to make of the facts that it counts: the sums of ``sums_of_facts.py``, as coefficients.

Each sum is made of facts of one member and cell, with whole numbers as weights. The weights are read off the functions
that say so, by what they make of units: the rules stand once, and the engine follows them without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import numpy.typing as npt

from callsim.measures.catalogue import SUMS
from callsim.measures.sums_of_facts import STAFF_ROWS, Rules, sums_of_contacts, sums_of_groups, sums_of_visits
from callsim.plan.plan import Plan
from callsim.runlog.sums import (
    ALL_GROUPS,
    ALL_STREAMS,
    ANY_MEMBER,
    GROUP_FACTS,
    QUEUE_FACTS,
    STREAM_FACTS,
    Wanted,
)

__all__ = ["wanted_sums", "weights_of"]

Int64 = npt.NDArray[np.int64]


def wanted_sums(plan: Plan, by: Iterable[str]) -> Wanted:
    """Return how the sums of `callsim.measures.catalogue.SUMS` are made of facts.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
        Breakdowns that the measures will have.
    """
    called, formula = plan.streams.queue, plan.queues.formula
    weights = (
        weights_of(partial(sums_of_contacts, Rules(formula[called])), STREAM_FACTS, plan.n_streams),
        weights_of(partial(sums_of_visits, Rules(formula)), QUEUE_FACTS, plan.n_queues),
        weights_of(sums_of_groups, GROUP_FACTS, plan.n_groups),
    )
    terms = [each.any(axis=1) for each in weights]
    n_terms = np.cumsum([0, *np.concatenate([there.sum(axis=1) for there in terms])])
    n_members = max(each.shape[1] for each in weights)
    by_member = []
    for each, there in zip(weights, terms, strict=True):
        found = each.transpose(1, 0, 2)[:, there]
        # Members that there are none of follow the first.
        by_member.append(np.concatenate((found, np.repeat(found[:1], n_members - len(found), axis=0))))
    found = np.concatenate(by_member, axis=1)
    centre = np.full(len(SUMS), ALL_STREAMS)
    centre[list(STAFF_ROWS)] = ALL_GROUPS
    centre[SUMS.index("window")] = ANY_MEMBER
    return Wanted(
        by=tuple(by),
        starts=np.array([n_terms[row * len(SUMS) : (row + 1) * len(SUMS) + 1] for row in range(3)], np.int64),
        facts=np.concatenate([np.nonzero(there)[1] for there in terms]).astype(np.int64),
        weights=np.ascontiguousarray(found),
        alike=(found == 1).all(axis=0).astype(np.int64) - (found == -1).all(axis=0),
        centre=centre.astype(np.int64),
    )


def weights_of(make: Callable[[Int64], Int64], n_facts: int, n_members: int) -> Int64:
    """Return how often each fact counts in each sum that a function makes of a member's own facts.

    Parameters
    ----------
    make : callable
        Makes int64[sum, member, cell] of int64[fact, member, cell]; each sum is a sum of facts with whole weights.
    n_facts, n_members : int

    Returns
    -------
    int64[sum, member, fact]

    Examples
    --------
    >>> weights_of(lambda facts: np.stack((facts[0] + facts[1], facts[0] - facts[2])), 3, 1).tolist()
    [[[1, 1, 0]], [[1, 0, -1]]]
    """
    # A cell for each fact, in which nothing else has happened, and that once.
    return make(np.repeat(np.eye(n_facts, dtype=np.int64)[:, np.newaxis], n_members, axis=1))
