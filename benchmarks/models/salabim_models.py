"""The work items in salabim: a component per caller, written with ``yield`` (its faster mode).

W1 and W2 use its resource, whose requests may fail after the caller's patience. A resource knows no skills: W3 has
queues of components, and an agent wakes the caller whom he takes. Times are minutes. salabim is slow enough that
W1 and W2 are run for some hours only, and W3 for a day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator
from typing import Any

import salabim

from benchmarks.models.definitions import W1, W2, W3, WARM_UP_MINUTES, Day, OneQueue
from benchmarks.models.tally import Tally

__all__ = ["MODELS"]

salabim.yieldless(False)

Process = Generator[Any, Any, None]
_MEASURED = 360.0
"""[min]"""
HUNG_UP = -1


def _one_queue(centre: OneQueue, seed: int) -> Tally:
    env = salabim.Environment(trace=False)
    agents = salabim.Resource("agents", capacity=centre.agents, monitor=False)
    draw = random.Random(seed).expovariate
    gap, finish, hang_up = centre.calls_per_minute, 1.0 / centre.handle_time, 1.0 / centre.patience
    tally = Tally()

    class Caller(salabim.Component):
        def process(self) -> Process:
            arrived = env.now()
            yield self.request(agents, fail_delay=draw(hang_up) if hang_up else math.inf)
            if arrived >= WARM_UP_MINUTES:
                tally.count(self.failed(), env.now() - arrived)
            if not self.failed():
                yield self.hold(draw(finish))
                self.release()

    class Callers(salabim.Component):
        def process(self) -> Process:
            while True:
                yield self.hold(draw(gap))
                if env.now() >= WARM_UP_MINUTES + _MEASURED:
                    return
                tally.simulated += 1
                Caller(name="caller")

    Callers()
    env.run()
    return tally


def _day(day: Day, seed: int) -> Tally:
    env = salabim.Environment(trace=False)
    chance = random.Random(seed)
    draw = chance.expovariate
    idle = list(day.heads[0])  # below zero: agents who owe a departure
    lines = [salabim.Queue(f"type {kind}", monitor=False) for kind in range(len(day.route))]
    tally = Tally()

    def serve_first(team: int) -> bool:
        for kind in day.serves[team]:
            if lines[kind]:
                caller = lines[kind].pop()
                caller.answered_by = team
                caller.activate()
                return True
        return False

    class Caller(salabim.Component):
        def setup(self, kind: int) -> None:
            self.kind = kind

        def process(self) -> Process:
            kind, may_move = self.kind, True
            while True:
                tally.simulated += 1
                arrived = env.now()
                team = next((team for team in day.route[kind] if idle[team] > 0), HUNG_UP)
                if team != HUNG_UP:
                    idle[team] -= 1
                else:
                    self.answered_by = HUNG_UP
                    self.enter(lines[kind])
                    yield self.hold(draw(1.0 / day.patience[kind]))
                    team = self.answered_by
                tally.count(team == HUNG_UP, env.now() - arrived)
                if team == HUNG_UP:
                    self.leave(lines[kind])
                    return
                yield self.hold(draw(1.0 / day.handle_time[kind]))
                if idle[team] < 0 or not serve_first(team):
                    idle[team] += 1
                if not may_move or chance.random() >= day.transfer:
                    return
                may_move = False
                kind = (kind + 1) % len(day.route)

    class Callers(salabim.Component):
        def setup(self, kind: int) -> None:
            self.kind = kind

        def process(self) -> Process:
            for slot, rates in enumerate(day.rates):
                end = (slot + 1) * day.slot
                arrival = env.now() + draw(rates[self.kind])
                while arrival < end:
                    yield self.hold(till=arrival)
                    Caller(name="caller", kind=self.kind)
                    arrival += draw(rates[self.kind])
                yield self.hold(till=end)

    class Staffing(salabim.Component):
        def process(self) -> Process:
            for before, heads in zip(day.heads, day.heads[1:], strict=False):
                yield self.hold(day.slot)
                for team, (old, new) in enumerate(zip(before, heads, strict=True)):
                    idle[team] += new - old
                    while idle[team] > 0 and serve_first(team):
                        idle[team] -= 1

    for kind in range(len(day.route)):
        Callers(kind=kind)
    Staffing()
    env.run()
    return tally


MODELS: dict[str, Callable[[int], Tally]] = {
    "w1": lambda seed: _one_queue(W1, seed),
    "w2": lambda seed: _one_queue(W2, seed),
    "w3": lambda seed: _day(W3, seed),
}
"""Work item -> one replication with this seed."""
