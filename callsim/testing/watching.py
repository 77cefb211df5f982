"""Watching the SimPy engine at work: which events fall together and change something, and what is drawn.

The engine is not touched: a run under observation has a clock and draws of its own kind, which count.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from heapq import heappop, heappush
from typing import Any
from unittest.mock import patch

from callsim.codes import AngerCause, Purpose, Rank
from callsim.engines.simpy import customer, engine, lookup
from callsim.engines.simpy.center import Center
from callsim.engines.simpy.customer import Customer
from callsim.engines.simpy.moments import Clock
from callsim.plan.draws import draw
from callsim.plan.plan import Plan
from callsim.runlog import RunLog

__all__ = ["Sightings", "watched_run"]

_RANK_BITS = 40


class Sightings:
    """What was seen in one run or in many."""

    def __init__(self) -> None:
        self.ties: Counter[tuple[Rank, Rank]] = Counter()
        """Instants at which events of these two ranks (in order) both changed something; two of one rank count, too."""
        self.draws: Counter[Purpose] = Counter()
        """How often something was drawn for a purpose."""
        self.angers: Counter[AngerCause] = Counter()
        """How often a factor on patience, delay or talk would have been another one without this cause's points."""


class _WatchedClock(Clock):
    """A clock that looks at the centre between the events of one instant."""

    def __init__(self, center: Center, sightings: Sightings) -> None:
        super().__init__()
        self.center = center
        self.sightings = sightings

    def run_before(self, end: int) -> None:
        """Let everything happen before ``end``, as the engine's clock does, and count the ties of events that did."""
        queue: list[Any] = self._queue
        heappush(queue, (end, -1, next(self._eid), None))
        did: list[Rank] = []
        before: tuple[Any, ...] | None = None
        rank = Rank.ARRIVAL
        while True:
            at, priority, _, event = heappop(queue)
            if event is None or priority >> _RANK_BITS:
                if before is not None and before != _state(self.center):
                    did.append(rank)
                if event is None or at != self.now:
                    self._count(did)
                    did = []
                if event is None:
                    return
                shared = at == self.now or (queue and queue[0][0] == at)
                before = _state(self.center) if shared else None
                rank = Rank(priority >> _RANK_BITS)
            self._now = self.now = at
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value

    def _count(self, did: list[Rank]) -> None:
        """Count each pair of ranks once an instant."""
        pairs = {(min(pair), max(pair)) for pair in itertools.combinations(did, 2)}
        self.sightings.ties.update(pairs)


def _state(center: Center) -> tuple[Any, ...]:
    """Return what an event can change."""
    record = center.record
    return (
        record.n_contacts,
        len(record.calling),
        len(record.legs.loose),
        len(record.spans.loose),
        len(record.case_events.loose),
        center.lines_free,
        center.joined,
        tuple((d.is_open, len(d.waiting), len(d.held)) for d in center.departments),
        tuple(
            (a.leg, a.presence, a.on_break, a.idle_since, a.owes, a.off_duty, len(a.due_breaks)) for a in center.agents
        ),
    )


class _Points(list[int]):
    """Points of anger by cause, which remember what was given: a customer looks them up only to take them."""

    def __init__(self, points: list[int]) -> None:
        super().__init__(points)
        self.by_cause: Counter[AngerCause] = Counter()

    def __getitem__(self, cause: Any) -> Any:
        points = super().__getitem__(cause)
        self.by_cause[cause] += points
        return points


@contextmanager
def _watching(sightings: Sightings) -> Iterator[None]:
    """Let runs inside have a watched clock and counted draws."""

    class WatchedCenter(Center):
        def __init__(self, plan: Plan, seed: int, replication: int) -> None:
            super().__init__(plan, seed, replication)
            self.env = _WatchedClock(self, sightings)

    class WatchedCustomer(Customer):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.kind = copy(self.kind)
            self.given = self.kind.anger = _Points(self.kind.anger)

        def _by_anger(self, amount: int, factors: list[int]) -> int:
            points, last = self.anger(), len(factors) - 1
            self.given.by_cause[AngerCause.HOUR_ON_HOLD] = points - self.points
            for cause, n in self.given.by_cause.items():
                if factors[min(points - n, last)] != factors[min(points, last)]:
                    sightings.angers[cause] += 1
            return super()._by_anger(amount, factors)

    def counted(function: Any, place: int) -> Any:
        def call(*arguments: Any) -> Any:
            sightings.draws[Purpose(arguments[place] & ~Purpose.ZERO_MASS)] += 1
            if arguments[place] & Purpose.ZERO_MASS:
                sightings.draws[Purpose.ZERO_MASS] += 1
            return function(*arguments)

        return call

    day = lookup.StreamDay
    with (
        patch.object(engine, "Center", WatchedCenter),
        patch.object(customer, "Customer", WatchedCustomer),
        patch.object(day, "_one", counted(day._one, 4)),
        patch.object(day, "_draws", counted(day._draws, 3)),
        patch("callsim.plan.arrivals.draw", counted(draw, 7)),
        patch("callsim.engines.simpy.timetable.draw", counted(draw, 7)),
    ):
        yield


def watched_run(plan: Plan, seed: int, replication: int, sightings: Sightings) -> RunLog:
    """Run a plan with the SimPy engine, and count what happens.

    Parameters
    ----------
    plan : Plan
    seed, replication : int
    sightings : Sightings
        Is added to.

    Returns
    -------
    RunLog
        The same as without anybody watching.
    """
    with _watching(sightings):
        return engine.run(plan, seed, replication)
