"""What a tally has come to, for ``measures/``: pairs added up, stays turned into time, bins under the measures' keys.

`gather` writes the results of a replication into a `Results`, compiled or as plain Python; `sums_of` makes a
`RunSums` of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import finished, inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED
from callsim.engines.compiled.tally import (
    CONTACT_BINS,
    FILLED,
    FOLD_CONTACTS,
    FOLD_GROUP_STAYS,
    FOLD_LEGS,
    FOLD_QUEUE_STAYS,
    FOLD_STREAM_STAYS,
    LEG_BINS,
    LISTED,
    N_PAIRS,
    PRESENT,
    SINGLE_BINS,
    TIME,
    Tally,
)
from callsim.engines.compiled.tally_bins import DENSE, ENTRY, collect, fold, sort_bins
from callsim.engines.compiled.tally_singles import settle
from callsim.plan.finest import SCOPES, targets
from callsim.plan.plan import Plan
from callsim.runlog.sums import BINS, CONTACT_FACTS, FIRST_OUTCOME, LEG_FACTS, LONGEST, N_SPAN_KINDS, RunSums

__all__ = ["Results", "gather", "new_results", "sums_of"]

Int64 = npt.NDArray[np.int64]
OF_CONTACTS, FIRST_KEY, KEYS, N_NEW, FIRST_BIN, N_FOUND, WIDTH = range(7)
"""Columns of the parts of the measures: of contacts or visits, its targets, its new keys, its bins in `found`."""
_PARTS_AT_ONCE = 64
"""Parts of the time whose facts are turned over together, so that they stay in the nearest cache."""


class Results(NamedTuple):
    """Room for the results of a replication, and for folding bins; see `callsim.runlog.sums.RunSums`."""

    contacts: Int64
    visits: Int64
    answers: Int64
    stream_waiting: Int64
    queue_waiting: Int64
    handling: Int64
    span_time: Int64
    """[kind of span * groups + group, part]"""
    totals: Int64
    lasting: Int64
    tables: Int64
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


def new_results(t: Tally, plan: Plan, by: Iterable[str] = ()) -> Results:
    """Return room for the results of a tally; a tally that was given more room needs new ones.

    Parameters
    ----------
    t : Tally
    plan : Plan
        As given to `callsim.engines.compiled.tally.new_tally`, like `by`.
    by : iterable of str
    """
    streams, queues, groups = plan.n_streams, plan.n_queues, plan.n_groups
    kept = (t.folds[:, -1] + 1).tolist()
    singles = len(t.single_places) + len(t.single_waits)
    rooms = (len(t.leg_places) + len(t.leg_waits) + singles, len(t.contact_places) + len(t.contact_waits) + singles)
    rows, keys, wanted = [], 0, list(targets(plan, by))
    for part in wanted:
        rows.append([part.of_contacts, keys, len(part.key), part.n, 0, 0])
        keys += len(part.key)
    most = max(part.n for part in wanted)
    return Results(
        contacts=np.zeros((CONTACT_FACTS, streams, kept[FOLD_CONTACTS]), np.int64),
        visits=np.zeros((LEG_FACTS, queues, kept[FOLD_LEGS]), np.int64),
        answers=np.zeros((LEG_FACTS, groups, kept[FOLD_LEGS]), np.int64),
        stream_waiting=np.zeros((streams, kept[FOLD_STREAM_STAYS]), np.int64),
        queue_waiting=np.zeros((queues, kept[FOLD_QUEUE_STAYS]), np.int64),
        handling=np.zeros((groups, kept[FOLD_GROUP_STAYS]), np.int64),
        span_time=np.zeros((N_SPAN_KINDS * groups, kept[FOLD_GROUP_STAYS]), np.int64),
        totals=np.zeros(t.totals.shape, np.int64),
        lasting=np.zeros(t.lasting.shape, np.int64),
        tables=np.zeros(t.tables.shape, np.int64),
        parts=np.array(rows, np.int64),
        targets=np.concatenate([np.where(part.key < 0, part.n, part.key) for part in wanted]),
        found=np.zeros((2, sum(rooms[part.of_contacts] + part.n for part in wanted) + 1), np.int64),
        waitless=np.zeros(max(len(part.key) for part in wanted), np.int64),
        waited=np.zeros(most + 1, np.int64),
        ends=np.zeros(most + 1, np.int64),
        counts=np.zeros(max(BINS, DENSE * max(rooms)), np.int64),
        loose=np.zeros((ENTRY, max(rooms) + most + 1), np.int64),
        same=np.arange(max(len(part.key) for part in wanted)),
        entries=np.zeros((ENTRY, max(rooms)), np.int64),
    )


def sums_of(
    t: Tally,
    plan: Plan,
    by: Iterable[str],
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
        As given to `callsim.engines.compiled.tally.new_tally`, like `by`.
    by : iterable of str
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
    by = tuple(by)
    if results is None:
        results = new_results(t, plan, by)
        gather(t, results)
    # One copy of all bins, as far as they go: what is given out are windows of it.
    rows, places = results.parts[:, FIRST_BIN:].tolist(), 0
    for first, n in rows:
        places = max(places, first + n)
    positions, counts = results.found[:, :places].copy()
    bins = {}
    for name, (first, n) in zip((*SCOPES, *by), rows, strict=True):
        bins[name] = (positions[first : first + n], counts[first : first + n])
    return RunSums(
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=queue_time,
        busy_time=busy_time,
        by=by,
        tables=results.tables.view(np.uint64).copy(),
        contacts=results.contacts.copy(),
        visits=results.visits.copy(),
        answers=results.answers.copy(),
        bins=bins,
        stream_waiting=results.stream_waiting.copy(),
        queue_waiting=results.queue_waiting.copy(),
        handling=results.handling.copy(),
        span_time=results.span_time.reshape(N_SPAN_KINDS, plan.n_groups, -1).copy(),
        totals=results.totals.copy(),
        lasting=results.lasting.copy(),
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
def gather_facts(facts: Any, keys: Any, key: Any, found: Any, member: Any) -> Any:
    """Write the facts of one key in all parts: from [part * keys + key, fact] to [fact, member, part]."""
    parts = found.shape[2]
    for first in range(0, parts, _PARTS_AT_ONCE):
        for fact in range(found.shape[0]):
            for part in range(first, min(first + _PARTS_AT_ONCE, parts)):
                found[fact, member, part] = facts[part * keys + key, fact]


@jit
def add_facts(facts: Any, keys: Any, key: Any, one: Any, member: Any, other: Any, partner: Any) -> Any:
    """Add the facts of one key in all parts to those of a member here and of one there."""
    parts = one.shape[2]
    for first in range(0, parts, _PARTS_AT_ONCE):
        end = min(first + _PARTS_AT_ONCE, parts)
        for fact in range(one.shape[0]):
            if fact == LONGEST:
                for part in range(first, end):
                    longest = facts[part * keys + key, fact]
                    one[fact, member, part] = max(one[fact, member, part], longest)
                    other[fact, partner, part] = max(other[fact, partner, part], longest)
            else:
                for part in range(first, end):
                    added = facts[part * keys + key, fact]
                    one[fact, member, part] += added
                    other[fact, partner, part] += added


@jit
def gather_visits(t: Tally, visits: Any, answers: Any) -> Any:
    """Write the facts of visits by queue, and those of answered ones by group; the pairs of one are added up."""
    for fact in range(answers.shape[0]):
        for group in range(answers.shape[1]):
            for part in range(answers.shape[2]):
                answers[fact, group, part] = 0
    pairs = t.scalars[N_PAIRS]
    for queue in range(t.pair.shape[0]):
        # There is always the pair of a queue and nobody.
        gather_facts(t.legs, pairs, t.pair[queue, 0], visits, queue)
        for group in range(t.pair.shape[1] - 1):
            if t.pair[queue, 1 + group] >= 0:
                add_facts(t.legs, pairs, t.pair[queue, 1 + group], visits, queue, answers, group)


@jit
def gather_time(stays: Any, bounds: Any, fold_row: Any, time: Any) -> Any:
    """Write the time of stays by member and part."""
    n = time.shape[0]
    for member in range(n):
        present = 0
        for part in range(time.shape[1]):
            present += stays[part * n + member, PRESENT]
            length = bounds[fold_row, part + 1] - bounds[fold_row, part]
            time[member, part] = stays[part * n + member, TIME] + present * length


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
    for stream in range(r.contacts.shape[1]):
        gather_facts(t.contacts, r.contacts.shape[1], stream, r.contacts, stream)
    gather_visits(t, r.visits, r.answers)
    gather_time(t.stream_stays, t.bounds, FOLD_STREAM_STAYS, r.stream_waiting)
    gather_time(t.queue_stays, t.bounds, FOLD_QUEUE_STAYS, r.queue_waiting)
    gather_time(t.busy_stays, t.bounds, FOLD_GROUP_STAYS, r.handling)
    gather_time(t.span_stays, t.bounds, FOLD_GROUP_STAYS, r.span_time)
    gather_bins(t, r, 0, gather_bins(t, r, 1, 0))
    return 0
