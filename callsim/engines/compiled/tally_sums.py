"""What a tally has come to, for ``measures/``: the figures that are wanted, and bins under the measures' keys.

`gather` writes the results of a replication into a `Results`, compiled or as plain Python; ``tally_giving.py`` gives
them out.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import finished, inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED
from callsim.engines.compiled.tables import zeros
from callsim.engines.compiled.tally import CONTACT_BINS, LEG_BINS, SINGLE_BINS, Tally
from callsim.engines.compiled.tally_bins import (
    DENSE,
    ENTRY,
    N_NEW,
    PART_WIDTH,
    by_alike,
    count_listed,
    fold,
    is_dense,
    list_counted,
    list_waits,
    set_waitless,
    sort_entries,
)
from callsim.engines.compiled.tally_columns import make_figures
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
    QUEUE_FACTS,
    STREAM_FACTS,
    Wanted,
    whole_run,
)

__all__ = ["Results", "gather", "new_results", "with_room"]

Int64 = npt.NDArray[np.int64]


class Results(NamedTuple):
    """Room for the results of a replication, and what is needed for making them."""

    given: Int64
    """All that is given out but bins and entries; the next sixteen are windows of it."""
    made: Int64
    """Like the next two: see `callsim.runlog.sums.RunSums`."""
    longest: Int64
    whole: Int64
    contacts: Int64
    """A window of `whole`, like the next ten: see `callsim.runlog.sums.Whole`."""
    visits: Int64
    answers: Int64
    queue_waiting: Int64
    handling: Int64
    span_time: Int64
    totals: Int64
    lasting: Int64
    queue_time: Int64
    busy_time: Int64
    tables: Int64
    waitless: Int64
    """[key] Answered and abandoned calls that did not wait; of single visits they stand with contacts and visits."""
    is_made: Int64
    """[streams, queues, groups or centre; figure] 0 if all its columns are zero in `made`, as they are in new room."""
    streams: Int64
    """[fact, column] Counted from the first column of the streams, as those of queues and groups from theirs."""
    queues: Int64
    groups: Int64
    stream_sums: Int64
    """[whether it counts in the whole window, stream] Facts of contacts; of visits, by pair."""
    pair_sums: Int64
    facts_of_contacts: Int64
    """[1 + stream, fact] First those that occur; what tells so stands below. Of visits, by pair."""
    facts_of_visits: Int64
    occurs: Int64
    """[streams, queues or groups; fact] 0 if it is the same as if there were no such fact."""
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
    asked: Int64
    """[pair of queue and group] The queue; the group, or -1."""
    answering: Int64
    starts: Int64
    """Like the next four: see `callsim.runlog.sums.Wanted`."""
    facts: Int64
    weights: Int64
    alike: Int64
    source: Int64
    member: Int64
    """[column] Stream, queue or group."""
    centre: Int64
    """[kind of cell, 4] First column of the centre, number of cells, first columns of streams and of groups."""
    n_streams: Int64
    """[1]"""
    parts: Int64
    """[kind of scope, PART_WIDTH] The parts of the measures whose bins are made here: those that are not split in time.
    See `callsim.engines.compiled.tally_bins`."""
    targets: Int64
    """New keys of the tally's keys in all these parts, one behind the other: see `callsim.plan.finest.Target`."""
    alike_keys: Int64
    """[key] Keys that count alike in all these parts have the same row in the next."""
    alike_targets: Int64
    """[part, row] Their new key."""
    by_alike: Int64
    """[row * bins + bin] Calls."""
    bounds: Int64
    """[part and one more] Where its bins begin in `found`."""
    n_entries: Int64
    """[2] How many of `entries` there are, and of `calls`."""
    found: Int64
    """[place, 2] Bins of all parts of the measures one behind the other, and their counts."""
    number: Int64
    """[key] Entries."""
    waited: Int64
    ends: Int64
    counts: Int64
    """Zero before and after, like no other work space."""
    loose: Int64
    entries: Int64
    """[entry] Bins that occur in the tally: a key with a bin in its low bits."""
    calls: Int64
    """[entry] Calls in each of the first of them, those from tables; the others, from lists, are one each."""

    @staticmethod
    def widths() -> dict[str, int]:
        """Return the number of columns of the tables that have columns."""
        facts = dict.fromkeys(("stream_sums", "facts_of_contacts"), CONTACT_FACTS)
        facts |= dict.fromkeys(("pair_sums", "facts_of_visits"), LEG_FACTS)
        return {**facts, "centre": 4, "parts": PART_WIDTH, "loose": ENTRY, "found": ENTRY}


def _given(plan: Plan, wanted: Wanted, n_columns: int, keys: int) -> dict[str, Int64]:
    """Return room for what is given out, and its windows."""
    places = whole_run(plan.n_queues, plan.n_groups)
    n, n_figures = int(places[-1][-1, -1]) + 1, len(wanted.centre)
    sizes = (n, n_columns, n_columns * n_figures, keys, (1 + CENTRE) * n_figures)
    given = zeros(sum(sizes))
    windows = {
        name: given[place.flat[0] : place.flat[-1] + 1].reshape(place.shape) for name, place in places._asdict().items()
    }
    whole, longest, made, waitless, is_made = np.split(given, np.cumsum(sizes[:-1]))
    windows |= {"whole": whole, "longest": longest, "made": made.reshape(n_figures, n_columns)}
    return {"given": given, **windows, "waitless": waitless, "is_made": is_made.reshape(1 + CENTRE, n_figures)}


def _facts_of(plan: Plan, mine: list[Columns], n_facts: int) -> Int64:
    """Return room for the facts of some columns; the last one is the length of the cell."""
    found = zeros(n_facts, mine[-1].end - mine[0].first)
    found[-1] = np.concatenate([np.tile(cell_lengths(plan.clock, each.kind), each.members) for each in mine])
    return found


def _room_for_figures(t: Tally, plan: Plan, wanted: Wanted) -> dict[str, Int64]:
    """Return what is needed to add up facts by columns and to make figures of them."""
    by, fine, (queue, group) = wanted.by, wanted_fine(wanted.by), pairs_of(plan)
    all_of = [[each for each in columns(plan, by) if each.of == of] for of in range(4)]
    stream, sides = np.arange(plan.n_streams), (STREAM_FACTS, QUEUE_FACTS, GROUP_FACTS)
    facts = [_facts_of(plan, mine, n) for mine, n in zip(all_of, sides, strict=False)]
    first = [{each.kind: each.first for each in mine} for mine in all_of]
    member = [np.repeat(np.arange(each.members), each.cells) for mine in all_of for each in mine]
    centre = [[each.first, each.cells, first[STREAMS][each.kind], first[GROUPS][each.kind]] for each in all_of[CENTRE]]
    return {
        **_given(plan, wanted, all_of[CENTRE][-1].end, _n_keys(t)),
        "streams": facts[STREAMS],
        "queues": facts[QUEUES],
        "groups": facts[GROUPS],
        "stream_sums": zeros(2 * plan.n_streams, CONTACT_FACTS),
        "pair_sums": zeros(2 * len(queue), LEG_FACTS),
        "facts_of_contacts": zeros(1 + plan.n_streams, CONTACT_FACTS),
        "facts_of_visits": zeros(1 + len(queue), LEG_FACTS),
        "occurs": np.ones((len(sides), max(sides)), np.int64),
        "stream_columns": columns_of_keys(plan, by, STREAMS, stream, fine.contacts),
        "called_columns": columns_of_keys(plan, by, QUEUES, t.called, fine.contacts),
        "queue_columns": columns_of_keys(plan, by, QUEUES, queue, fine.legs, behind=True),
        "group_columns": columns_of_keys(plan, by, GROUPS, group, fine.legs, behind=True),
        "stream_times": columns_of_keys(plan, by, STREAMS, stream, fine.stream_stays),
        "queue_times": columns_of_keys(plan, by, QUEUES, np.arange(plan.n_queues), fine.queue_stays),
        "group_times": columns_of_keys(plan, by, GROUPS, np.arange(plan.n_groups), fine.group_stays),
        "asked": queue,
        "answering": group,
        "starts": wanted.starts,
        "facts": wanted.facts,
        "weights": wanted.weights,
        "alike": wanted.alike,
        "source": wanted.centre,
        "member": np.concatenate(member),
        "centre": np.array(centre, np.int64),
        "n_streams": np.array([plan.n_streams]),
    }


def _n_keys(t: Tally) -> int:
    """Return the number of keys of a tally: of contacts, visits and single visits."""
    return len(t.contacts) + len(t.legs) + len(t.single_contact)


def new_results(t: Tally, plan: Plan, wanted: Wanted) -> Results:
    """Return room for the results of a tally.

    Parameters
    ----------
    t : Tally
        Made for the breakdowns that are wanted.
    plan : Plan
    wanted : Wanted
    """
    parts = list(islice(targets(plan, wanted.by), len(SCOPES)))
    keys = _n_keys(t)
    sizes = np.array([[row * keys, part.n, part.own.start, part.own.stop] for row, part in enumerate(parts)], np.int64)
    key_of = np.array([part.key for part in parts])
    alike_keys, alike_targets = _alike(key_of)
    return Results(
        **_room_for_figures(t, plan, wanted),
        parts=sizes,
        targets=key_of.ravel(),
        alike_keys=alike_keys,
        alike_targets=alike_targets,
        bounds=zeros(len(parts) + 1),
        n_entries=zeros(2),
        number=zeros(keys),
        waited=zeros(int(sizes[:, N_NEW].max()) + 1),
        ends=zeros(int(sizes[:, N_NEW].max()) + 1),
        **_room_for_bins(t, sizes[:, N_NEW]),
    )


def with_room(r: Results, t: Tally) -> Results:
    """Return results with room for a tally that was given more room; the old ones are not to be used any more."""
    return r._replace(**_room_for_bins(t, r.parts[:, N_NEW]))


def _room_for_bins(t: Tally, new_keys: Int64) -> dict[str, Int64]:
    """Return room for as many bins as a tally has room for, under so many new keys of each part."""
    lists = (t.contact_places, t.contact_waits, t.leg_places, t.leg_waits, t.single_places, t.single_waits)
    room = sum(len(each) for each in lists)
    return {
        "by_alike": zeros(DENSE * room),
        "found": zeros(int((room + new_keys).sum()) + 1, ENTRY),
        "counts": zeros(max(BINS, DENSE * room)),
        "loose": zeros(room + int(new_keys.max()) + 1, ENTRY),
        "entries": zeros(room),
        "calls": zeros(room),
    }


def _alike(new_keys: Int64) -> tuple[Int64, Int64]:
    """Return which keys have the same new keys in all of some parts, and these.

    Parameters
    ----------
    new_keys : int64[part, key]

    Returns
    -------
    (int64[key], int64[part, row])
        The row of each key, and the new keys of each row.
    """
    together = zeros(new_keys.shape[1])
    for row in new_keys:
        together = together * (row.max() + 1) + row
    _, one_of, rows = np.unique(together, return_index=True, return_inverse=True)
    return rows.astype(np.int64), np.ascontiguousarray(new_keys[:, one_of])


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


@inlined
def waitless(t: Tally, r: Results) -> Any:
    """Write the answered and abandoned calls of each key, no entries; single visits count as contacts and as visits."""
    contacts, legs = t.contacts.shape[0], t.legs.shape[0]
    for key in range(contacts):
        r.waitless[key] = t.contacts[key, FIRST_OUTCOME + ANSWERED] + t.contacts[key, FIRST_OUTCOME + ABANDONED]
    for key in range(legs):
        r.waitless[contacts + key] = t.legs[key, FIRST_OUTCOME + ANSWERED] + t.legs[key, FIRST_OUTCOME + ABANDONED]
    for key in range(t.single_contact.shape[0]):
        r.waitless[contacts + legs + key] = 0
    for key in range(r.number.shape[0]):
        r.number[key] = 0


@jit
def gather_bins(t: Tally, r: Results) -> Any:
    """Write the bins of all parts of the measures."""
    contacts, legs = t.contacts.shape[0], t.legs.shape[0]
    waitless(t, r)
    listed = list_counted(r, t, CONTACT_BINS, (t.contact_bins, t.contact_places), 0, (0, 0))
    listed = list_counted(r, t, LEG_BINS, (t.leg_bins, t.leg_places), contacts, listed)
    listed = list_counted(r, t, SINGLE_BINS, (t.single_bins, t.single_places), contacts + legs, listed)
    counted = listed[0]
    listed = list_waits(r, t, CONTACT_BINS, t.contact_waits, 0, listed)
    listed = list_waits(r, t, LEG_BINS, t.leg_waits, contacts, listed)
    n, highest = list_waits(r, t, SINGLE_BINS, t.single_waits, contacts + legs, listed)
    set_waitless(r)
    for key in range(t.single_contact.shape[0]):
        in_bins = r.waitless[contacts + legs + key]
        if in_bins != 0:
            r.waitless[t.single_contact[key]] += in_bins
            r.waitless[contacts + t.single_leg[key]] += in_bins
    r.n_entries[0], r.n_entries[1] = n, counted
    dense = 0
    for part in range(r.parts.shape[0]):
        dense += is_dense(r, part, n, highest)
    added = by_alike(r, counted, n, highest)
    if dense < r.parts.shape[0] or not added:
        count_listed(r, counted, n)
    if dense < r.parts.shape[0]:
        sort_entries(r, n, highest)
    for part in range(r.parts.shape[0]):
        r.bounds[part + 1] = fold(r, part, n, highest, r.bounds[part], added)


@finished
def gather(t: Tally, r: Results) -> None:
    """Write the results of a replication."""
    settle(t)
    gather_totals(t, r)
    make_figures(t, r)
    gather_bins(t, r)
