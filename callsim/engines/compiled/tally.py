"""Counting without a log: rows of the kernel go into sums, and nothing that grows with the number of calls is kept.

A `Tally` holds the sums of one replication under way. The compiled functions of ``tally_rows.py`` add rows to it;
here it is made, emptied and given more room; ``tally_sums.py`` turns it into what ``measures/`` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import jit
from callsim.engines.compiled.rows import SINGLES
from callsim.engines.compiled.tables import room_for, windows, zeros
from callsim.plan.finest import Fine, kept_parts, pairs_of, part_edges, singles_of, wanted_fine
from callsim.plan.plan import NEVER, Plan
from callsim.runlog.digest import KEYS
from callsim.runlog.sums import CONTACT_FACTS, LEG_FACTS, N_SPAN_KINDS, TOTALS

__all__ = ["DONE", "ROOM", "Tally", "new_tally", "reset", "roomier"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

(HORIZON, LAST_SLOT, SHIFT, N_STREAMS, N_QUEUES, N_GROUPS, N_PAIRS, BUSY_UNTIL, SCALARS) = range(9)
"""BUSY_UNTIL: what ends then or later has not ended, and work beyond it is not counted; the horizon, or with drain
never."""
FOLD_CONTACTS, FOLD_LEGS, FOLD_STREAM_STAYS, FOLD_QUEUE_STAYS, FOLD_GROUP_STAYS = range(len(Fine._fields))
FOLD_SINGLES = len(Fine._fields)
TIME, PRESENT, STAY_FACTS = range(3)
"""Of stays: time spent in the parts where they begin and end [ticks]; by how many more of them a part is filled wholly
than the part before."""
CALLS, TALK_TIME, WORK_TIME = range(3)
SINGLE_FACTS = 4
"""Of single visits: how many, and their time [ticks], which means nothing of those who hung up. A row is half a line of
the cache."""
DELAY, LATE_CALLS, HOURS, LONG_CALLS, LONGEST_DELAY = range(5)
DELAY_FACTS = 8
"""Of single visits that waited: sum of the waits [ticks]; how many were longer than acceptable, an hour or longer, and
longer than a short abandon; the longest [ticks]. A row is a line of the cache."""
WAITED, WAITED_AS, REACHING, CHOSEN = range(4)
"""Single visits of a buffer that need more than most: places of those that waited, and their keys; places of those that
reach beyond the part of the time in which the call came."""
FILLED, MASK, LISTED = range(3)
CONTACT_BINS, LEG_BINS, SINGLE_BINS = range(3)
DONE, ROOM = 0, -1
"""What the counting functions return: everything is counted, or nothing for want of room."""
_FIRST_ROOM = 4096
_FIRST_LIST = 8192
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
    called: Int64
    """[stream] The queue that it calls."""
    pair: Int64
    """[queue, 1 + group] Row of each pair that can occur; column 0: answered by nobody."""
    group: Int64
    """[agent]"""
    column: Int64
    """[1 + agent] 1 + his group; the first: nobody."""
    keys: UInt64
    """[table, word] See `callsim.runlog.digest.KEYS`."""
    sums: Int64
    """All sums that are emptied together; the following are windows of it."""
    contacts: Int64
    """[part * streams + stream, fact]"""
    legs: Int64
    """[part * pairs + pair, fact]"""
    singles: Int64
    """[(part * streams + stream) * (groups + 1) + column, 4] Contacts that were one visit."""
    single_delays: Int64
    """[likewise, 8] Those among them that waited."""
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
    """[table, 2] Rows and sums of their hashes, modulo 2^64."""
    filled: Int64
    """[contacts, legs or single visits, 3] Bins that occur in the table, its number of places less one, and waits that
    are listed, not yet in the table: a list is written one behind the other, a table here and there."""
    contact_waits: Int64
    """[wait] Its key and its bin: see `KEY_SHIFT`."""
    leg_waits: Int64
    single_waits: Int64
    single_contact: Int64
    """[key of single visits] Their key among contacts."""
    single_leg: Int64
    """[key of single visits] Their key among legs."""
    single_busy: Int64
    """[key of single visits] Row of ``busy_stays`` of their part and group; of nobody: any."""
    single_stream: Int64
    """[key of single visits] Row of ``stream_stays`` of their part and stream."""
    single_queue: Int64
    """[key of single visits] Row of ``queue_stays`` of their part and queue."""
    chosen: Int64
    """[`CHOSEN`, place] While a buffer is counted."""
    contact_bins: Int64
    """[place, 2] Table of (key and bin as in a list, and 1 more; count) by open addressing; 0: free."""
    contact_places: Int64
    """[bin that occurs] Its place."""
    leg_bins: Int64
    leg_places: Int64
    single_bins: Int64
    single_places: Int64

    @staticmethod
    def widths() -> dict[str, int]:
        """Return the number of columns of the tables that have columns."""
        bins = dict.fromkeys(("contact_bins", "leg_bins", "single_bins"), 2)
        stays = dict.fromkeys(("stream_stays", "queue_stays", "busy_stays", "span_stays"), STAY_FACTS)
        facts = {"contacts": CONTACT_FACTS, "legs": LEG_FACTS, "singles": SINGLE_FACTS, "single_delays": DELAY_FACTS}
        others = {"stream_limits": 2, "queue_limits": 2, "filled": 3, "tables": 2, "chosen": SINGLES}
        return {**bins, **stays, **facts, **others}


def new_tally(plan: Plan, by: Iterable[str] = ()) -> Tally:
    """Return an empty tally for runs of a plan.

    Parameters
    ----------
    plan : Plan
    by : iterable of str, optional
        Breakdowns that the measures will have, of `callsim.measures.BREAKDOWNS`.
    """
    by = tuple(by)
    edges = np.concatenate(([-NEVER], part_edges(plan.clock, by), [NEVER])).astype(np.int64)
    parts = len(edges) - 1
    fine = wanted_fine(by)
    folds = np.array([kept_parts(parts, is_split) for is_split in (*fine, fine.contacts or fine.legs)])
    kept = folds[:, -1] + 1
    bounds = np.full((len(folds), parts + 1), NEVER, np.int64)
    for row in range(len(folds)):
        bounds[row, : kept[row]] = edges[:-1][np.diff(folds[row], prepend=-1) > 0]
    queue, group = pairs_of(plan)
    pair = np.full((plan.n_queues, 1 + plan.n_groups), -1, np.int64)
    pair[queue, 1 + group] = np.arange(len(queue))
    shift, slots = _slots(edges, plan.clock.horizon)
    singles = int(kept[FOLD_SINGLES]) * plan.n_streams * (plan.n_groups + 1)
    sizes = {
        "contacts": (int(kept[FOLD_CONTACTS]) * plan.n_streams, CONTACT_FACTS),
        "legs": (int(kept[FOLD_LEGS]) * len(queue), LEG_FACTS),
        "singles": (singles, SINGLE_FACTS),
        "single_delays": (singles, DELAY_FACTS),
        "stream_stays": (int(kept[FOLD_STREAM_STAYS]) * plan.n_streams, STAY_FACTS),
        "queue_stays": (int(kept[FOLD_QUEUE_STAYS]) * plan.n_queues, STAY_FACTS),
        "busy_stays": (int(kept[FOLD_GROUP_STAYS]) * plan.n_groups, STAY_FACTS),
        "span_stays": (int(kept[FOLD_GROUP_STAYS]) * N_SPAN_KINDS * plan.n_groups, STAY_FACTS),
        "totals": (TOTALS,),
        "lasting": (plan.n_queues, 2),
        "tables": (3, 2),
    }
    sums = zeros(room_for(sizes))
    until = NEVER if plan.clock.drain else plan.clock.horizon
    scalars = [plan.clock.horizon, len(slots) - 1, shift, plan.n_streams, plan.n_queues, plan.n_groups, len(queue)]
    limits = np.stack((plan.queues.acceptable_wait, plan.queues.short_wait), axis=1).astype(np.int64)
    return Tally(
        scalars=np.array([*scalars, until], np.int64),
        edges=edges,
        slots=slots,
        folds=folds,
        bounds=bounds,
        stream_limits=np.ascontiguousarray(limits[plan.streams.queue]),
        queue_limits=np.ascontiguousarray(limits),
        called=plan.streams.queue.astype(np.int64),
        pair=pair,
        group=plan.agents.group.astype(np.int64),
        column=np.concatenate(([0], 1 + plan.agents.group)).astype(np.int64),
        keys=KEYS,
        sums=sums,
        **windows(sums, sizes),
        filled=np.array([[0, _FIRST_ROOM - 1, 0]] * 3, np.int64),
        contact_waits=zeros(_FIRST_LIST),
        leg_waits=zeros(_FIRST_LIST),
        single_waits=zeros(_FIRST_LIST),
        **_keys_of_singles(plan, by, folds),
        chosen=zeros(CHOSEN, SINGLES),
        contact_bins=zeros(_FIRST_ROOM, 2),
        contact_places=zeros(_FIRST_ROOM // 2),
        leg_bins=zeros(_FIRST_ROOM, 2),
        leg_places=zeros(_FIRST_ROOM // 2),
        single_bins=zeros(_FIRST_ROOM, 2),
        single_places=zeros(_FIRST_ROOM // 2),
    )


def _keys_of_singles(plan: Plan, by: tuple[str, ...], folds: Int64) -> dict[str, Int64]:
    """Return under which keys of contacts, of legs and of times the keys of single visits count."""
    kept = np.unique(folds[FOLD_SINGLES])
    # Any part of the window may stand for all parts that are kept as one: nothing else is split that they are not.
    part = np.searchsorted(folds[FOLD_SINGLES], kept)
    stream, column = np.arange(plan.n_streams), np.arange(plan.n_groups + 1)
    shape = (len(kept), len(stream), len(column))

    def keys(fold: int, n: int, member: npt.NDArray[Any]) -> Int64:
        found = folds[fold][part][:, np.newaxis, np.newaxis] * n + member
        return np.broadcast_to(found, shape).reshape(-1).astype(np.int64)

    contact, leg = singles_of(plan, by)
    return {
        "single_contact": contact,
        "single_leg": leg,
        "single_busy": keys(FOLD_GROUP_STAYS, plan.n_groups, np.maximum(column - 1, 0)),
        "single_stream": keys(FOLD_STREAM_STAYS, plan.n_streams, stream[:, np.newaxis]),
        "single_queue": keys(FOLD_QUEUE_STAYS, plan.n_queues, plan.streams.queue.astype(np.int64)[:, np.newaxis]),
    }


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


@jit
def reset(t: Tally) -> None:
    """Empty a tally, so that the next replication of the same plan can use it."""
    t.sums[:] = 0
    for i in range(t.filled[CONTACT_BINS, FILLED]):
        t.contact_bins[t.contact_places[i], 0] = 0
        t.contact_bins[t.contact_places[i], 1] = 0
    for i in range(t.filled[LEG_BINS, FILLED]):
        t.leg_bins[t.leg_places[i], 0] = 0
        t.leg_bins[t.leg_places[i], 1] = 0
    for i in range(t.filled[SINGLE_BINS, FILLED]):
        t.single_bins[t.single_places[i], 0] = 0
        t.single_bins[t.single_places[i], 1] = 0
    for row in range(3):
        t.filled[row, FILLED] = 0
        t.filled[row, LISTED] = 0


def roomier(t: Tally, n: int, move: Callable[..., Any] | None = None) -> Tally:
    """Return the tally with room for the waits of `n` more rows at least; the old one is not to be used any more.

    Parameters
    ----------
    t : Tally
    n : int
    move : callable, optional
        Stands for `callsim.engines.compiled.tally_waits.move_bins` where that must not be imported.
    """
    changes: dict[str, Any] = {}
    for row, name in enumerate(("contact", "leg", "single")):
        bins, places = getattr(t, f"{name}_bins"), getattr(t, f"{name}_places")
        waits, filled, listed = getattr(t, f"{name}_waits"), int(t.filled[row, FILLED]), int(t.filled[row, LISTED])
        if len(waits) < n:
            changes[f"{name}_waits"] = zeros(2 * n)
            changes[f"{name}_waits"][:listed] = waits[:listed]
        if len(places) - filled >= listed:
            continue
        room = len(bins)
        while room // 2 < filled + listed:
            room *= 2
        t.filled[row, MASK] = room - 1
        larger, further = zeros(room, 2), zeros(room // 2)
        if filled:
            if move is None:
                from callsim.engines.compiled.tally_waits import move_bins

                move = move_bins
            move(bins, places, filled, larger, further)
        changes |= {f"{name}_bins": larger, f"{name}_places": further}
    return t._replace(**changes)
