"""What a tally has come to, for ``measures/``: pairs added up, stays turned into time, bins taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.jit import entry, inlined
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
from callsim.plan.plan import Plan
from callsim.runlog.sums import CONTACT_FACTS, LEG_FACTS, LONGEST, N_SPAN_KINDS, RunSums

__all__ = ["facts", "sums_of", "times"]

Int64 = npt.NDArray[np.int64]


def sums_of(
    t: Tally,
    plan: Plan,
    by: Iterable[str],
    end: int,
    seed: int,
    replication: int,
    queue_time: Int64,
    busy_time: Int64,
    write_facts: Callable[..., Any] | None = None,
    write_times: Callable[..., Any] | None = None,
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
    write_facts, write_times : callable, optional
        Compiled forms of `facts` and `times`.
    """
    streams, queues, groups = plan.n_streams, plan.n_queues, plan.n_groups
    parts = (t.folds[:, -1] + 1).tolist()
    contacts = np.empty((CONTACT_FACTS, streams, parts[FOLD_CONTACTS]), np.int64)
    visits = np.zeros((LEG_FACTS, queues, parts[FOLD_LEGS]), np.int64)
    answers = np.zeros((LEG_FACTS, groups, parts[FOLD_LEGS]), np.int64)
    stream_waiting = np.empty((streams, parts[FOLD_STREAM_STAYS]), np.int64)
    queue_waiting = np.empty((queues, parts[FOLD_QUEUE_STAYS]), np.int64)
    handling = np.empty((groups, parts[FOLD_GROUP_STAYS]), np.int64)
    span_time = np.empty((N_SPAN_KINDS * groups, parts[FOLD_GROUP_STAYS]), np.int64)
    contact_waits, visit_waits = (np.empty((2, filled), np.int64) for filled in t.filled[:, FILLED].tolist())
    (write_facts or facts)(t, contacts, visits, answers, contact_waits, visit_waits)
    (write_times or times)(t, stream_waiting, queue_waiting, handling, span_time)
    return RunSums(
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=queue_time,
        busy_time=busy_time,
        by=tuple(by),
        tables=t.tables.view(np.uint64).copy(),
        contacts=contacts,
        visits=visits,
        answers=answers,
        contact_waits=(contact_waits[0], contact_waits[1]),
        visit_waits=(visit_waits[0], visit_waits[1]),
        stream_waiting=stream_waiting,
        queue_waiting=queue_waiting,
        handling=handling,
        span_time=span_time.reshape(N_SPAN_KINDS, groups, -1),
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
def take_bins(bins: Any, places: Any, filled: Any, waits: Any) -> Any:
    """Write positions and counts of the bins that occur."""
    for i in range(filled):
        waits[0, i] = bins[places[i], 0] - 1
        waits[1, i] = bins[places[i], 1]


@entry
def facts(t: Tally, contacts: Any, visits: Any, answers: Any, contact_waits: Any, visit_waits: Any) -> Any:
    """Write the facts of calls and their bins; `visits` and `answers` are zero at first."""
    streams, pairs = t.scalars[N_STREAMS], t.scalars[N_PAIRS]
    for part in range(contacts.shape[2]):
        for stream in range(streams):
            for fact in range(CONTACT_FACTS):
                contacts[fact, stream, part] = t.contacts[part * streams + stream, fact]
    for queue in range(t.scalars[N_QUEUES]):
        for column in range(1 + t.scalars[N_GROUPS]):
            pair = t.pair[queue, column]
            if pair >= 0:
                for part in range(visits.shape[2]):
                    add_facts(t.legs, part * pairs + pair, visits, queue, part)
                    if column > 0:
                        add_facts(t.legs, part * pairs + pair, answers, column - 1, part)
    take_bins(t.contact_bins, t.contact_places, t.filled[CONTACT_BINS, FILLED], contact_waits)
    take_bins(t.leg_bins, t.leg_places, t.filled[LEG_BINS, FILLED], visit_waits)


@inlined
def write_time(t: Tally, stays: Any, fold: int, time: Any) -> Any:
    """Write the time of stays by member and part."""
    n = len(time)
    for member in range(n):
        present = 0
        for part in range(time.shape[1]):
            present += stays[part * n + member, PRESENT]
            length = t.bounds[fold, part + 1] - t.bounds[fold, part]
            time[member, part] = stays[part * n + member, TIME] + present * length


@entry
def times(t: Tally, stream_waiting: Any, queue_waiting: Any, handling: Any, span_time: Any) -> Any:
    """Write the times of stays."""
    write_time(t, t.stream_stays, FOLD_STREAM_STAYS, stream_waiting)
    write_time(t, t.queue_stays, FOLD_QUEUE_STAYS, queue_waiting)
    write_time(t, t.busy_stays, FOLD_GROUP_STAYS, handling)
    write_time(t, t.span_stays, FOLD_GROUP_STAYS, span_time)
