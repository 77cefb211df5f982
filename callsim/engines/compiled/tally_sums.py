"""What a tally has come to, for ``measures/``: pairs added up, stays turned into time, bins under the measures' keys.

`gather` writes the results of a replication into a `Results`, compiled or as plain Python; `sums_of` makes a
`RunSums` of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import inlined
from callsim.engines.compiled.tally import (
    CONTACT_BINS,
    FILLED,
    FOLD_CONTACTS,
    FOLD_GROUP_STAYS,
    FOLD_LEGS,
    FOLD_QUEUE_STAYS,
    FOLD_STREAM_STAYS,
    LEG_BINS,
    N_GROUPS,
    N_PAIRS,
    N_QUEUES,
    N_STREAMS,
    PRESENT,
    TIME,
    Tally,
)
from callsim.engines.compiled.tally_bins import fold
from callsim.engines.compiled.tally_rows import ABANDONED, ANSWERED, finished
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


@inlined
def add_facts(legs: Any, row: Any, total: Any, member: Any, part: Any) -> Any:
    """Add the facts of one pair and part to its queue or group."""
    longest = max(total[LONGEST, member, part], legs[row, LONGEST])
    for fact in range(LEG_FACTS):
        total[fact, member, part] += legs[row, fact]
    total[LONGEST, member, part] = longest


@inlined
def empty(total: Any) -> Any:
    """Write zeros everywhere."""
    for fact in range(total.shape[0]):
        for member in range(total.shape[1]):
            for part in range(total.shape[2]):
                total[fact, member, part] = 0


@inlined
def gather_facts(t: Tally, r: Results) -> Any:
    """Write the facts of contacts and visits."""
    streams, pairs = t.scalars[N_STREAMS], t.scalars[N_PAIRS]
    for part in range(r.contacts.shape[2]):
        for stream in range(streams):
            for fact in range(CONTACT_FACTS):
                r.contacts[fact, stream, part] = t.contacts[part * streams + stream, fact]
    empty(r.visits)
    empty(r.answers)
    for queue in range(t.scalars[N_QUEUES]):
        for column in range(1 + t.scalars[N_GROUPS]):
            pair = t.pair[queue, column]
            if pair >= 0:
                for part in range(r.visits.shape[2]):
                    add_facts(t.legs, part * pairs + pair, r.visits, queue, part)
                    if column > 0:
                        add_facts(t.legs, part * pairs + pair, r.answers, column - 1, part)


@inlined
def gather_time(t: Tally, stays: Any, fold_row: int, time: Any) -> Any:
    """Write the time of stays by member and part."""
    n = time.shape[0]
    for member in range(n):
        present = 0
        for part in range(time.shape[1]):
            present += stays[part * n + member, PRESENT]
            length = t.bounds[fold_row, part + 1] - t.bounds[fold_row, part]
            time[member, part] = stays[part * n + member, TIME] + present * length


@inlined
def gather_waited(facts: Any, r: Results, first_key: Any, keys: Any, n: Any) -> Any:
    """Write the answered and abandoned calls of each new key."""
    for new in range(n):
        r.waited[new] = 0
    for key in range(keys):
        new = r.targets[first_key + key]
        if new >= 0:
            r.waited[new] += facts[key, FIRST_OUTCOME + ANSWERED] + facts[key, FIRST_OUTCOME + ABANDONED]


@inlined
def gather_bins(t: Tally, r: Results) -> Any:
    """Write the bins of each part of the measures."""
    for row in range(len(r.parts)):
        first_key, n, first = r.parts[row, FIRST_KEY], r.parts[row, N_NEW], r.parts[row, FIRST_BIN]
        if r.parts[row, OF_CONTACTS] == 1:
            bins, places, filled = t.contact_bins, t.contact_places, t.filled[CONTACT_BINS, FILLED]
            gather_waited(t.contacts, r, first_key, r.parts[row, KEYS], n)
        else:
            bins, places, filled = t.leg_bins, t.leg_places, t.filled[LEG_BINS, FILLED]
            gather_waited(t.legs, r, first_key, r.parts[row, KEYS], n)
        r.parts[row, N_FOUND] = fold(
            bins, places, filled, r.targets, first_key, r.waited, n, r.ends, r.counts, r.ordered, r.found, first
        )


@finished
def gather(t: Tally, r: Results) -> Any:
    """Write the results of a replication; return 0."""
    gather_facts(t, r)
    gather_time(t, t.stream_stays, FOLD_STREAM_STAYS, r.stream_waiting)
    gather_time(t, t.queue_stays, FOLD_QUEUE_STAYS, r.queue_waiting)
    gather_time(t, t.busy_stays, FOLD_GROUP_STAYS, r.handling)
    gather_time(t, t.span_stays, FOLD_GROUP_STAYS, r.span_time)
    gather_bins(t, r)
    return 0
