"""What a tally has come to, for ``measures/``: pairs added up, stays turned into time, bins under the measures' keys.

`gather` writes the results of a replication into a `Results`, compiled or as plain Python; `sums_of` makes a
`RunSums` of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import jit
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
    N_PAIRS,
    PRESENT,
    TIME,
    Tally,
)
from callsim.engines.compiled.tally_bins import fold
from callsim.engines.compiled.tally_rows import finished
from callsim.plan.finest import SCOPES, targets
from callsim.plan.plan import Plan
from callsim.runlog.sums import BINS, CONTACT_FACTS, FIRST_OUTCOME, LEG_FACTS, LONGEST, N_SPAN_KINDS, RunSums

__all__ = ["Results", "gather", "new_results", "sums_of"]

Int64 = npt.NDArray[np.int64]
OF_CONTACTS, FIRST_KEY, KEYS, N_NEW, FIRST_BIN, N_FOUND, WIDTH = range(7)
"""Columns of the parts of the measures: of contacts or visits, its targets, its new keys, its bins in `found`."""


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
    parts: Int64
    """[part of the measures, WIDTH]"""
    targets: Int64
    """All targets one behind the other."""
    found: Int64
    """[2, place] Bins of all parts of the measures, and their counts."""
    waited: Int64
    ends: Int64
    counts: Int64
    ordered: Int64


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
    rooms = (len(t.leg_places), len(t.contact_places))
    rows, keys, bins, wanted = [], 0, 0, list(targets(plan, by))
    for part in wanted:
        rows.append([part.of_contacts, keys, len(part.key), part.n, bins, 0])
        keys, bins = keys + len(part.key), bins + rooms[part.of_contacts] + part.n
    most = max(part.n for part in wanted)
    return Results(
        contacts=np.zeros((CONTACT_FACTS, streams, kept[FOLD_CONTACTS]), np.int64),
        visits=np.zeros((LEG_FACTS, queues, kept[FOLD_LEGS]), np.int64),
        answers=np.zeros((LEG_FACTS, groups, kept[FOLD_LEGS]), np.int64),
        stream_waiting=np.zeros((streams, kept[FOLD_STREAM_STAYS]), np.int64),
        queue_waiting=np.zeros((queues, kept[FOLD_QUEUE_STAYS]), np.int64),
        handling=np.zeros((groups, kept[FOLD_GROUP_STAYS]), np.int64),
        span_time=np.zeros((N_SPAN_KINDS * groups, kept[FOLD_GROUP_STAYS]), np.int64),
        parts=np.array(rows, np.int64),
        targets=np.concatenate([part.key for part in wanted]),
        found=np.zeros((2, bins), np.int64),
        waited=np.zeros(most, np.int64),
        ends=np.zeros(most + 1, np.int64),
        counts=np.zeros(BINS, np.int64),
        ordered=np.zeros((2, max(rooms)), np.int64),
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
    bins = {}
    for name, row in zip((*SCOPES, *by), results.parts.tolist(), strict=True):
        found = results.found[:, row[FIRST_BIN] : row[FIRST_BIN] + row[N_FOUND]].copy()
        bins[name] = (found[0], found[1])
    return RunSums(
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=queue_time,
        busy_time=busy_time,
        by=by,
        tables=t.tables.view(np.uint64).copy(),
        contacts=results.contacts.copy(),
        visits=results.visits.copy(),
        answers=results.answers.copy(),
        bins=bins,
        stream_waiting=results.stream_waiting.copy(),
        queue_waiting=results.queue_waiting.copy(),
        handling=results.handling.copy(),
        span_time=results.span_time.reshape(N_SPAN_KINDS, plan.n_groups, -1).copy(),
        totals=t.totals.copy(),
        lasting=t.lasting.copy(),
    )


@jit
def gather_contacts(facts: Any, found: Any) -> Any:
    """Write the facts of contacts: from [part * streams + stream, fact] to [fact, stream, part]."""
    for part in range(found.shape[2]):
        for stream in range(found.shape[1]):
            for fact in range(found.shape[0]):
                found[fact, stream, part] = facts[part * found.shape[1] + stream, fact]


@jit
def gather_visits(pair: Any, pairs: Any, facts: Any, found: Any, of_groups: Any) -> Any:
    """Write the facts of visits by queue, or those of answered ones by group; the pairs of one are added up."""
    for fact in range(found.shape[0]):
        for member in range(found.shape[1]):
            for part in range(found.shape[2]):
                found[fact, member, part] = 0
    for queue in range(pair.shape[0]):
        for column in range(of_groups, pair.shape[1]):
            if pair[queue, column] >= 0:
                member = column - 1 if of_groups else queue
                for part in range(found.shape[2]):
                    row = part * pairs + pair[queue, column]
                    longest = max(found[LONGEST, member, part], facts[row, LONGEST])
                    for fact in range(found.shape[0]):
                        found[fact, member, part] += facts[row, fact]
                    found[LONGEST, member, part] = longest


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
def gather_waited(facts: Any, targets: Any, first_key: Any, keys: Any, n: Any, waited: Any) -> Any:
    """Write the answered and abandoned calls of each new key."""
    for new in range(n):
        waited[new] = 0
    for key in range(keys):
        new = targets[first_key + key]
        if new >= 0:
            waited[new] += facts[key, FIRST_OUTCOME + ANSWERED] + facts[key, FIRST_OUTCOME + ABANDONED]


@finished
def gather(t: Tally, r: Results) -> Any:
    """Write the results of a replication; return 0."""
    gather_contacts(t.contacts, r.contacts)
    gather_visits(t.pair, t.scalars[N_PAIRS], t.legs, r.visits, 0)
    gather_visits(t.pair, t.scalars[N_PAIRS], t.legs, r.answers, 1)
    gather_time(t.stream_stays, t.bounds, FOLD_STREAM_STAYS, r.stream_waiting)
    gather_time(t.queue_stays, t.bounds, FOLD_QUEUE_STAYS, r.queue_waiting)
    gather_time(t.busy_stays, t.bounds, FOLD_GROUP_STAYS, r.handling)
    gather_time(t.span_stays, t.bounds, FOLD_GROUP_STAYS, r.span_time)
    for row in range(len(r.parts)):
        first_key, n, first = r.parts[row, FIRST_KEY], r.parts[row, N_NEW], r.parts[row, FIRST_BIN]
        bins, places, filled, facts = t.leg_bins, t.leg_places, t.filled[LEG_BINS, FILLED], t.legs
        if r.parts[row, OF_CONTACTS] == 1:
            bins, places, filled, facts = t.contact_bins, t.contact_places, t.filled[CONTACT_BINS, FILLED], t.contacts
        gather_waited(facts, r.targets, first_key, r.parts[row, KEYS], n, r.waited)
        r.parts[row, N_FOUND] = fold(
            bins, places, filled, r.targets, first_key, r.waited, n, r.ends, r.counts, r.ordered, r.found, first
        )
    return 0
