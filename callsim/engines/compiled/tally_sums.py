"""What a tally has come to, for ``measures/``: the figures that are wanted, and bins under the measures' keys.

`gather` writes the results of a replication into a `Results`, compiled or as plain Python; `sums_of` makes a
`RunSums` of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED
from callsim.engines.compiled.tables import room_for, windows
from callsim.engines.compiled.tally import (
    CONTACT_BINS,
    FILLED,
    LEG_BINS,
    LISTED,
    SINGLE_BINS,
    Tally,
)
from callsim.engines.compiled.tally_bins import DENSE, ENTRY, collect, fold, sort_bins
from callsim.engines.compiled.tally_columns import make_figures
from callsim.engines.compiled.tally_rows import finished
from callsim.engines.compiled.tally_singles import settle
from callsim.plan.finest import (
    CENTRE,
    GROUPS,
    QUEUES,
    SCOPES,
    STREAMS,
    Columns,
    cell_lengths,
    columns,
    columns_of_keys,
    pairs_of,
    targets,
    wanted_fine,
)
from callsim.plan.plan import Plan
from callsim.runlog.sums import (
    BINS,
    CONTACT_FACTS,
    FIRST_OUTCOME,
    GROUP_FACTS,
    LEG_FACTS,
    N_SPAN_KINDS,
    QUEUE_FACTS,
    STREAM_FACTS,
    TOTALS,
    RunSums,
    Wanted,
)

__all__ = ["Results", "gather", "new_results", "sums_of"]

Int64 = npt.NDArray[np.int64]
OF_CONTACTS, FIRST_KEY, KEYS, N_NEW, FIRST_BIN, N_FOUND, WIDTH = range(7)
"""Columns of the parts of the measures: of contacts or visits, its targets, its new keys, its bins in `found`."""


class Results(NamedTuple):
    """Room for the results of a replication, and what is needed for making them."""

    given: Int64
    """All that is given out but bins: a copy of it is; the next eleven are windows of it."""
    made: Int64
    """Like the next ten: see `callsim.runlog.sums.RunSums`."""
    longest: Int64
    contacts: Int64
    visits: Int64
    answers: Int64
    queue_waiting: Int64
    handling: Int64
    span_time: Int64
    totals: Int64
    lasting: Int64
    tables: Int64
    streams: Int64
    """[column, fact] Counted from the first column of the streams, as those of queues and groups from theirs."""
    queues: Int64
    groups: Int64
    turned: Int64
    """[fact, column] The facts of one of these."""
    stream_columns: Int64
    """[kind of cell, key] Columns of streams in which contacts count, by their keys in the tally; -1: in none."""
    called_columns: Int64
    """Likewise of the queues that they called."""
    queue_columns: Int64
    """Of queues in which visits count."""
    group_columns: Int64
    """Of groups."""
    stream_times: Int64
    """[kind of cell, part * streams + stream] Columns in which waiting counts, of streams; of queues; and of groups
    those in which agents' time counts."""
    queue_times: Int64
    group_times: Int64
    answering: Int64
    """[pair of queue and group] The group, or -1."""
    starts: Int64
    """Like the next four: see `callsim.runlog.sums.Wanted`."""
    facts: Int64
    weights: Int64
    once: Int64
    source: Int64
    member: Int64
    """[column] Stream, queue or group."""
    centre: Int64
    """[kind of cell, 4] First column of the centre, number of cells, first columns of streams and of groups."""
    n_streams: Int64
    """[1]"""
    parts: Int64
    """[part of the measures, WIDTH]"""
    targets: Int64
    """All targets one behind the other; keys that a part leaves out have the number of its new keys."""
    found: Int64
    """[2, place] Bins of all parts of the measures one behind the other, and their counts."""
    waitless: Int64
    """[key] Answered and abandoned calls that did not wait."""
    waited: Int64
    ends: Int64
    counts: Int64
    """Zero before and after, like no other work space."""
    loose: Int64
    same: Int64
    """[key] The key."""
    entries: Int64
    """Bins that occur in the tally, in the order of bins; see `callsim.engines.compiled.tally_bins`."""

    @staticmethod
    def widths() -> dict[str, int]:
        """Return the number of columns of the tables that have columns."""
        return {"streams": STREAM_FACTS, "queues": QUEUE_FACTS, "groups": GROUP_FACTS, "centre": 4, "parts": WIDTH}


def _given(plan: Plan, wanted: Wanted, n_columns: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what is given out."""
    return {
        "made": (len(wanted.centre), n_columns),
        "longest": (n_columns,),
        "contacts": (CONTACT_FACTS,),
        "visits": (LEG_FACTS,),
        "answers": (plan.n_groups,),
        "queue_waiting": (plan.n_queues,),
        "handling": (plan.n_groups,),
        "span_time": (N_SPAN_KINDS, plan.n_groups),
        "totals": (TOTALS,),
        "lasting": (plan.n_queues, 2),
        "tables": (3, 2),
    }


def _facts_of(plan: Plan, mine: list[Columns], n_facts: int) -> Int64:
    """Return room for the facts of some columns; the last one is the length of the cell."""
    found = np.zeros((mine[-1].end - mine[0].first, n_facts), np.int64)
    found[:, -1] = np.concatenate([np.tile(cell_lengths(plan.clock, each.kind), each.members) for each in mine])
    return found


def _room_for_figures(plan: Plan, wanted: Wanted) -> dict[str, Int64]:
    """Return what is needed to add up facts by columns and to make figures of them."""
    by, fine, (queue, group) = wanted.by, wanted_fine(wanted.by), pairs_of(plan)
    all_of = [[each for each in columns(plan, by) if each.of == of] for of in range(4)]
    stream, sides = np.arange(plan.n_streams), (STREAM_FACTS, QUEUE_FACTS, GROUP_FACTS)
    facts = [_facts_of(plan, mine, n) for mine, n in zip(all_of, sides, strict=False)]
    first = [{each.kind: each.first for each in mine} for mine in all_of]
    shapes = _given(plan, wanted, all_of[CENTRE][-1].end)
    given = np.zeros(room_for(shapes), np.int64)
    member = [np.repeat(np.arange(each.members), each.cells) for mine in all_of for each in mine]
    centre = [
        [each.first, each.cells, first[STREAMS][each.kind], first[GROUPS][each.kind]] for each in all_of[CENTRE]
    ]
    return {
        "given": given,
        **windows(given, shapes),
        "streams": facts[STREAMS],
        "queues": facts[QUEUES],
        "groups": facts[GROUPS],
        "turned": np.zeros((max(sides), max(len(each) for each in facts)), np.int64),
        "stream_columns": columns_of_keys(plan, by, STREAMS, stream, fine.contacts),
        "called_columns": columns_of_keys(plan, by, QUEUES, plan.streams.queue, fine.contacts),
        "queue_columns": columns_of_keys(plan, by, QUEUES, queue, fine.legs, behind=True),
        "group_columns": columns_of_keys(plan, by, GROUPS, group, fine.legs, behind=True),
        "stream_times": columns_of_keys(plan, by, STREAMS, stream, fine.stream_stays),
        "queue_times": columns_of_keys(plan, by, QUEUES, np.arange(plan.n_queues), fine.queue_stays),
        "group_times": columns_of_keys(plan, by, GROUPS, np.arange(plan.n_groups), fine.group_stays),
        "answering": group,
        "starts": wanted.starts,
        "facts": wanted.facts,
        "weights": wanted.weights,
        "once": wanted.once,
        "source": wanted.centre,
        "member": np.concatenate(member),
        "centre": np.array(centre, np.int64),
        "n_streams": np.array([plan.n_streams]),
    }


def new_results(t: Tally, plan: Plan, wanted: Wanted) -> Results:
    """Return room for the results of a tally; a tally that was given more room needs new ones.

    Parameters
    ----------
    t : Tally
        Made for the breakdowns that are wanted.
    plan : Plan
    wanted : Wanted
    """
    singles = len(t.single_places) + len(t.single_waits)
    rooms = (len(t.leg_places) + len(t.leg_waits) + singles, len(t.contact_places) + len(t.contact_waits) + singles)
    rows, keys, parts = [], 0, list(targets(plan, wanted.by))
    for part in parts:
        rows.append([part.of_contacts, keys, len(part.key), part.n, 0, 0])
        keys += len(part.key)
    most = max(part.n for part in parts)
    return Results(
        **_room_for_figures(plan, wanted),
        parts=np.array(rows, np.int64),
        targets=np.concatenate([np.where(part.key < 0, part.n, part.key) for part in parts]),
        found=np.zeros((2, sum(rooms[part.of_contacts] + part.n for part in parts) + 1), np.int64),
        waitless=np.zeros(max(len(part.key) for part in parts), np.int64),
        waited=np.zeros(most + 1, np.int64),
        ends=np.zeros(most + 1, np.int64),
        counts=np.zeros(max(BINS, DENSE * max(rooms)), np.int64),
        loose=np.zeros((ENTRY, max(rooms) + most + 1), np.int64),
        same=np.arange(max(len(part.key) for part in parts)),
        entries=np.zeros((ENTRY, max(rooms)), np.int64),
    )


def sums_of(
    t: Tally,
    plan: Plan,
    wanted: Wanted,
    end: int,
    seed: int,
    replication: int,
    queue_time: Int64,
    busy_time: Int64,
    results: Results | None = None,
) -> RunSums:
    """Return what a replication has come to, after its last row; the tally can then be emptied and used again.

    Parameters
    ----------
    t : Tally
    plan : Plan
    wanted : Wanted
    end : int
        End of the run. [ticks]
    seed, replication : int
    queue_time : int64[queue]
        Integral of the number waiting, kept by the engine as it ran. [ticks * callers]
    busy_time : int64[group]
        Time agents handled calls, likewise. [ticks]
    results : Results, optional
        What `gather` has written, to be copied; gathered here, as plain Python, if not given.
    """
    if results is None:
        results = new_results(t, plan, wanted)
        gather(t, results)
    given = windows(results.given.copy(), _given(plan, wanted, len(results.longest)))
    # One copy of all bins, as far as they go: what is given out are windows of it.
    rows, places = results.parts[:, FIRST_BIN:].tolist(), 0
    for first, n in rows:
        places = max(places, first + n)
    positions, counts = results.found[:, :places].copy()
    bins = {}
    for name, (first, n) in zip((*SCOPES, *wanted.by), rows, strict=True):
        bins[name] = (positions[first : first + n], counts[first : first + n])
    tables = given.pop("tables").view(np.uint64)
    return RunSums(
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=queue_time,
        busy_time=busy_time,
        by=wanted.by,
        tables=tables,
        bins=bins,
        **given,
    )


@inlined
def gather_totals(t: Tally, r: Results) -> Any:
    """Write what a tally keeps as it is given out."""
    for total in range(t.totals.shape[0]):
        r.totals[total] = t.totals[total]
    for column in range(2):
        for queue in range(t.lasting.shape[0]):
            r.lasting[queue, column] = t.lasting[queue, column]
        for table in range(t.tables.shape[0]):
            r.tables[table, column] = t.tables[table, column]


@jit
def gather_bins(t: Tally, r: Results, of_contacts: Any, first: Any) -> Any:
    """Write the bins of the parts that count contacts, or visits, from place `first` on; return the next place."""
    facts, n = t.legs, 0
    if of_contacts:
        facts, waits, bins, places = t.contacts, t.contact_waits, t.contact_bins, t.contact_places
        n = collect(r, n, bins, places, t.filled[CONTACT_BINS, FILLED], waits, t.filled[CONTACT_BINS, LISTED], r.same)
    else:
        waits, bins, places = t.leg_waits, t.leg_bins, t.leg_places
        n = collect(r, n, bins, places, t.filled[LEG_BINS, FILLED], waits, t.filled[LEG_BINS, LISTED], r.same)
    keys = t.single_contact if of_contacts else t.single_leg
    filled, listed = t.filled[SINGLE_BINS, FILLED], t.filled[SINGLE_BINS, LISTED]
    n = collect(r, n, t.single_bins, t.single_places, filled, t.single_waits, listed, keys)
    for key in range(facts.shape[0]):
        r.waitless[key] = facts[key, FIRST_OUTCOME + ANSWERED] + facts[key, FIRST_OUTCOME + ABANDONED]
    highest = sort_bins(r, n)
    for row in range(r.parts.shape[0]):
        if r.parts[row, OF_CONTACTS] == of_contacts:
            r.parts[row, FIRST_BIN] = first
            first = fold(r, r.parts[row, FIRST_KEY], r.parts[row, KEYS], r.parts[row, N_NEW], n, highest, first)
            r.parts[row, N_FOUND] = first - r.parts[row, FIRST_BIN]
    return first


@finished
def gather(t: Tally, r: Results) -> Any:
    """Write the results of a replication; return 0."""
    settle(t)
    gather_totals(t, r)
    make_figures(t, r)
    gather_bins(t, r, 0, gather_bins(t, r, 1, 0))
    return 0
