"""Counting without a log: rows of the kernel go into sums, and nothing that grows with the number of calls is kept.

A `Tally` holds the sums of one replication under way. The compiled functions of ``tally_rows.py`` add rows to it;
here it is made, emptied, given more room, and turned into the `RunSums` from which ``measures/`` takes over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.plan.divisions import part_edges, split
from callsim.plan.plan import NEVER, Plan
from callsim.runlog.digest import KEYS, LANES
from callsim.runlog.sums import CONTACT_FACTS, LEG_FACTS, N_SPAN_KINDS, STAY_FACTS, TOTALS, RunSums

__all__ = ["Tally", "new_tally", "reset", "roomier", "sums_of"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

(HORIZON, LAST_SLOT, SHIFT, N_STREAMS, N_QUEUES, N_GROUPS, N_PAIRS, BUSY_UNTIL, SCALARS) = range(9)
"""BUSY_UNTIL: work beyond it is not counted; the horizon, or with drain never."""
FOLD_CONTACTS, FOLD_LEGS, FOLD_STREAM_STAYS, FOLD_QUEUE_STAYS, FOLD_GROUP_STAYS, FOLDS = range(6)
FILLED, MASK = range(2)
CONTACT_BINS, LEG_BINS = range(2)
_FIRST_ROOM = 4096
_SLOTS_PER_PART = 4
_MOST_SLOTS = 1 << 18


class Tally(NamedTuple):
    """Sums under way. The compiled functions read the first group of arrays and write the second."""

    scalars: Int64
    edges: Int64
    """[part + 1] From "before everything" over the parts of the window to "behind everything". [ticks]"""
    slots: Int64
    """[slot] Part in which each stretch of 2^SHIFT ticks begins."""
    folds: Int64
    """[fold, part] Part under which a kind of sum is kept: the part itself, or one for the whole window."""
    bounds: Int64
    """[fold, kept part + 1] Edges of the parts that are kept. [ticks]"""
    stream_limits: Int64
    """[stream, 2] Acceptable wait and short wait of the queue that it calls. [ticks]"""
    queue_limits: Int64
    """[queue, 2] [ticks]"""
    pair: Int64
    """[queue, 1 + group] Row of each pair that can occur; column 0: answered by nobody."""
    group: Int64
    """[agent]"""
    keys: UInt64
    """[table, lane, 1 + word] See `callsim.runlog.digest.KEYS`."""
    pairs: Int64
    """[pair, 2]"""
    sums: Int64
    """All sums that are emptied together; the following are windows of it."""
    contacts: Int64
    """[part * streams + stream, fact]"""
    legs: Int64
    """[part * pairs + pair, fact]"""
    stream_stays: Int64
    """[part * streams + stream, 2]"""
    queue_stays: Int64
    """[part * queues + queue, 2]"""
    busy_stays: Int64
    """[part * groups + group, 2]"""
    span_stays: Int64
    """[(part * kinds + kind) * groups + group, 2]"""
    totals: Int64
    """[total]"""
    lasting: Int64
    """[queue, 2]"""
    tables: Int64
    """[table, 1 + lane] Rows and digests, modulo 2^64."""
    filled: Int64
    """[contacts or legs, 2] Bins that occur, and the number of places less one."""
    contact_bins: Int64
    """[place, 2] Table of (position + 1, count) by open addressing; 0: free."""
    contact_places: Int64
    """[bin that occurs] Its place."""
    leg_bins: Int64
    leg_places: Int64


def new_tally(plan: Plan, by: Iterable[str] = ()) -> Tally:
    """Return an empty tally for runs of a plan.

    Parameters
    ----------
    plan : Plan
    by : iterable of str, optional
        Breakdowns that the measures will have, of `callsim.measures.BREAKDOWNS`.
    """
    scopes: dict[str, set[str]] = {"": set(), "callers": set(), "queue": set(), "agents": set()}
    for name in by:
        scope, cell = split(name)
        scopes[scope].add(cell)
    inner = part_edges(plan.clock, set().union(*scopes.values()))
    edges = np.concatenate(([-NEVER], inner, [NEVER])).astype(np.int64)
    parts = len(edges) - 1
    fine = {
        FOLD_CONTACTS: scopes[""] or scopes["callers"] or scopes["queue"],
        FOLD_LEGS: scopes["queue"] or scopes["agents"],
        FOLD_STREAM_STAYS: scopes[""] or scopes["callers"],
        FOLD_QUEUE_STAYS: scopes["queue"],
        FOLD_GROUP_STAYS: scopes[""] or scopes["agents"],
    }
    whole = np.minimum(np.arange(parts), 1)
    whole[-1] = 2
    folds = np.array([np.arange(parts) if fine[row] else whole for row in range(FOLDS)], np.int64)
    kept = folds[:, -1] + 1
    bounds = np.full((FOLDS, parts + 1), NEVER, np.int64)
    for row in range(FOLDS):
        bounds[row, : kept[row]] = edges[:-1][np.diff(folds[row], prepend=-1) > 0]
    pair, pairs = _pairs(plan)
    shift, slots = _slots(edges, plan.clock.horizon)
    sizes = {
        "contacts": (int(kept[FOLD_CONTACTS]) * plan.n_streams, CONTACT_FACTS),
        "legs": (int(kept[FOLD_LEGS]) * len(pairs), LEG_FACTS),
        "stream_stays": (int(kept[FOLD_STREAM_STAYS]) * plan.n_streams, STAY_FACTS),
        "queue_stays": (int(kept[FOLD_QUEUE_STAYS]) * plan.n_queues, STAY_FACTS),
        "busy_stays": (int(kept[FOLD_GROUP_STAYS]) * plan.n_groups, STAY_FACTS),
        "span_stays": (int(kept[FOLD_GROUP_STAYS]) * N_SPAN_KINDS * plan.n_groups, STAY_FACTS),
        "totals": (TOTALS,),
        "lasting": (plan.n_queues, 2),
        "tables": (3, 1 + LANES),
    }
    sums, windows = _windows(sizes)
    until = NEVER if plan.clock.drain else plan.clock.horizon
    scalars = [plan.clock.horizon, len(slots) - 1, shift, plan.n_streams, plan.n_queues, plan.n_groups, len(pairs)]
    limits = np.stack((plan.queues.acceptable_wait, plan.queues.short_wait), axis=1).astype(np.int64)
    return Tally(
        scalars=np.array([*scalars, until], np.int64),
        edges=edges,
        slots=slots,
        folds=folds,
        bounds=bounds,
        stream_limits=np.ascontiguousarray(limits[plan.streams.queue]),
        queue_limits=np.ascontiguousarray(limits),
        pair=pair,
        group=plan.agents.group.astype(np.int64),
        keys=KEYS,
        pairs=pairs,
        sums=sums,
        **windows,
        filled=np.array([[0, _FIRST_ROOM - 1]] * 2, np.int64),
        contact_bins=np.zeros((_FIRST_ROOM, 2), np.int64),
        contact_places=np.zeros(_FIRST_ROOM // 2, np.int64),
        leg_bins=np.zeros((_FIRST_ROOM, 2), np.int64),
        leg_places=np.zeros(_FIRST_ROOM // 2, np.int64),
    )


def _pairs(plan: Plan) -> tuple[Int64, Int64]:
    """Return the row of each pair of queue and group that can meet, or of a queue and nobody, and the pairs."""
    can = np.concatenate((np.ones((plan.n_queues, 1), np.bool_), plan.agents.level.T > 0), axis=1)
    pair = np.full(can.shape, -1, np.int64)
    queue, column = np.nonzero(can)
    pair[queue, column] = np.arange(len(queue))
    return pair, np.ascontiguousarray(np.stack((queue, column - 1), axis=1).astype(np.int64))


def _slots(edges: Int64, horizon: int) -> tuple[int, Int64]:
    """Return the width of slots as a power of two, and the part in which each slot begins."""
    parts = len(edges) - 1
    shortest = int(np.diff(edges[1:-1]).min())
    most = min(_MOST_SLOTS, _SLOTS_PER_PART * parts + 64)
    shift = max(shortest.bit_length() - 2, 0)
    while horizon >> shift >= most:
        shift += 1
    starts = np.arange((horizon >> shift) + 1, dtype=np.int64) << shift
    return shift, np.searchsorted(edges, starts, side="right").astype(np.int64) - 1


def _windows(sizes: dict[str, tuple[int, ...]]) -> tuple[Int64, dict[str, Int64]]:
    """Return one array of zeros, and windows of these shapes in it, each from a cache line on."""
    starts, total = {}, 0
    for name, shape in sizes.items():
        starts[name] = total
        total += -(-int(np.prod(shape)) // 8) * 8
    sums = np.zeros(total, np.int64)
    return sums, {
        name: sums[starts[name] : starts[name] + int(np.prod(shape))].reshape(shape) for name, shape in sizes.items()
    }


def reset(t: Tally) -> None:
    """Empty a tally, so that the next replication of the same plan can use it."""
    t.sums[:] = 0
    for row, (bins, places) in enumerate(((t.contact_bins, t.contact_places), (t.leg_bins, t.leg_places))):
        bins[places[: t.filled[row, FILLED]]] = 0
        t.filled[row, FILLED] = 0


def roomier(t: Tally, n: int) -> Tally:
    """Return the tally with room for the bins of `n` more rows at least; the old one is not to be used any more."""
    changes: dict[str, Any] = {}
    for row, name in enumerate(("contact", "leg")):
        bins, places = getattr(t, f"{name}_bins"), getattr(t, f"{name}_places")
        filled = int(t.filled[row, FILLED])
        if len(places) - filled >= n:
            continue
        room = len(bins)
        while room // 2 < filled + n:
            room *= 2
        t.filled[row, MASK] = room - 1
        changes[f"{name}_bins"], changes[f"{name}_places"] = _spread(bins[places[:filled]], room)
    return t._replace(**changes)


def _spread(entries: Int64, room: int) -> tuple[Int64, Int64]:
    """Return a larger table of bins with these entries, and their places."""
    from callsim.engines.compiled.tally_rows import place_of

    bins = np.zeros((room, 2), np.int64)
    places = np.zeros(room // 2, np.int64)
    for i, entry in enumerate(entries):
        place = place_of(bins, room - 1, entry[0])
        bins[place] = entry
        places[i] = place
    return bins, places


def sums_of(
    t: Tally, plan: Plan, by: Iterable[str], end: int, seed: int, replication: int, queue_time: Int64, busy_time: Int64
) -> RunSums:
    """Return what a replication has come to, after its last row; the tally can then be emptied and used again.

    Parameters
    ----------
    t : Tally
    plan : Plan
        As given to `new_tally`, like `by`.
    by : iterable of str
    end : int
        End of the run. [ticks]
    seed, replication : int
    queue_time : int64[queue]
        Integral of the number waiting, kept by the engine as it ran. [ticks * callers]
    busy_time : int64[group]
        Time agents handled calls, likewise. [ticks]
    """
    sizes = {"contacts": plan.n_streams, "legs": len(t.pairs), "stream_stays": plan.n_streams}
    sizes |= {"queue_stays": plan.n_queues, "busy_stays": plan.n_groups, "span_stays": N_SPAN_KINDS * plan.n_groups}
    tables = {}
    for name, members in sizes.items():
        window = getattr(t, name)
        tables[name] = window.reshape(-1, members, window.shape[1]).copy()
    contact_waits, leg_waits = (
        _entries(bins, places, t.filled[row, FILLED])
        for row, (bins, places) in enumerate(((t.contact_bins, t.contact_places), (t.leg_bins, t.leg_places)))
    )
    return RunSums(
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=queue_time,
        busy_time=busy_time,
        by=tuple(by),
        edges=t.edges[1:-1],
        tables=t.tables.view(np.uint64).copy(),
        pairs=t.pairs,
        contact_waits=contact_waits,
        leg_waits=leg_waits,
        totals=t.totals.copy(),
        lasting=t.lasting.copy(),
        **tables,
    )


def _entries(bins: Int64, places: Int64, filled: int) -> tuple[Int64, Int64]:
    entries = bins[places[:filled]]
    return entries[:, 0] - 1, entries[:, 1]
