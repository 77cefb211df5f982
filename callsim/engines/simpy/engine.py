"""One replication: build the centre, let its processes run, hand over the log."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from callsim.engines.simpy.caller import source
from callsim.engines.simpy.center import Center
from callsim.engines.simpy.record import Table
from callsim.engines.simpy.timetable import doors, head_counts, shift
from callsim.plan.draws import check_key
from callsim.plan.plan import NEVER, Plan
from callsim.runlog.log import RunLog

__all__ = ["run"]


def run(plan: Plan, seed: int, replication: int) -> RunLog:
    """Run one replication of a plan with SimPy.

    Parameters
    ----------
    plan : Plan
        What is run. It is not changed.
    seed : int
        0 to 2^32 - 1.
    replication : int
        0 to 2^32 - 1. The same pair gives the same log, to the last cell, on any machine.

    Returns
    -------
    RunLog
        What happened. Callers who still waited at the end are UNFINISHED.

    Raises
    ------
    PlanError
        If a seed, a replication or a caller's number does not fit the key of a draw.
    """
    check_key(seed=seed, replication=replication)
    center = Center(plan, seed, replication)
    start = center.env.process
    for department in center.departments:
        start(doors(center, department))
    for duty in range(len(plan.agents.duty_agent)):
        start(shift(center, duty))
    start(head_counts(center))
    if plan.cases.n:
        from callsim.engines.simpy.kinds import kinds_of

        center.kinds = kinds_of(plan)
    for stream in range(plan.n_streams):
        start(source(center, stream))
    with _without_garbage_collection():
        center.env.run_before(NEVER if plan.clock.drain else plan.clock.horizon)
    return _log(center)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Spare Python the search for reference cycles: callers leave none behind, and searching takes its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _log(center: Center) -> RunLog:
    contacts, legs, spans, case_events = center.record.tables()
    end = _end(center, contacts, legs)
    for department in center.departments:
        department.count_time(end)
    for group in center.groups:
        group.count_time(end)
    return RunLog(
        contacts=contacts,
        legs=legs,
        spans=spans,
        end=end,
        replication=center.replication,
        seed=center.seed,
        plan_digest=center.plan.digest(),
        queue_time=np.array([department.queue_time for department in center.departments], dtype=np.int64),
        case_events=case_events,
        busy_time=np.array([group.busy_time for group in center.groups], dtype=np.int64),
    )


def _end(center: Center, contacts: Table, legs: Table) -> int:
    """Return the end of the run: the horizon or, when it drains, the last instant that changed anything."""
    horizon = center.horizon
    if not center.plan.clock.drain:
        return horizon
    changes = (contacts["ended"], legs["entered"], legs["left"], legs["handle_end"])
    return max((horizon, *(int(column.max()) for column in changes if len(column))))
