"""The work items as a SimPy user writes them first: no log, no keyed draws, no checks, only two sums.

W1 and W2 use ``simpy.Resource`` and wait for "an agent or my patience". A resource knows no skills, so W3 has
a desk of its own that hands out agents through events; a caller waits for it in the same way.
Draws come from the standard library, one after the other. Times are minutes.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

from benchmarks.models.definitions import DAY_MINUTES, W1, W2, W3, WARM_UP_MINUTES, Day, OneQueue
from benchmarks.models.tally import Tally

__all__ = ["MODELS", "Caller", "Desk", "Process", "fresh_calls", "open_day"]

Process = Generator[simpy.Event, Any, None]
Caller = Callable[[int], Process]
"""Makes a caller of a type."""


def _one_queue(centre: OneQueue, seed: int) -> Tally:
    env = simpy.Environment()
    agents = simpy.Resource(env, centre.agents)
    draw = random.Random(seed).expovariate
    gap, finish, hang_up = centre.calls_per_minute, 1.0 / centre.handle_time, 1.0 / centre.patience
    tally = Tally()

    def caller() -> Process:
        arrived = env.now
        with agents.request() as turn:
            if hang_up:
                yield turn | env.timeout(draw(hang_up))
            else:
                yield turn
            if arrived >= WARM_UP_MINUTES:
                tally.visits += 1
                tally.waited += env.now - arrived
                tally.abandoned += not turn.triggered
            if turn.triggered:
                yield env.timeout(draw(finish))

    def callers() -> Process:
        while True:
            yield env.timeout(draw(gap))
            if env.now >= WARM_UP_MINUTES + DAY_MINUTES:
                return
            tally.simulated += 1
            env.process(caller())

    env.process(callers())
    env.run()
    return tally


class Desk:
    """Agents by team, waiting callers by type; an event that succeeds with a team's number is an agent."""

    def __init__(self, env: simpy.Environment, day: Day) -> None:
        self.env = env
        self.route = day.route
        self.serves = day.serves
        self.heads = list(day.heads[0])
        self.busy = [0] * len(self.heads)
        self.waiting: list[deque[simpy.Event]] = [deque() for _ in day.route]

    def ask(self, kind: int) -> simpy.Event:
        """Return the event of being answered; it succeeds with the number of the team."""
        turn = self.env.event()
        for team in self.route[kind]:
            if self.busy[team] < self.heads[team]:
                self.busy[team] += 1
                turn.succeed(team)
                return turn
        self.waiting[kind].append(turn)
        return turn

    def give_back(self, team: int) -> None:
        """Let an agent be free again."""
        self.busy[team] -= 1
        self.take_waiting(team)

    def take_waiting(self, team: int) -> None:
        """Let the free agents of a team answer who waits for them."""
        while self.busy[team] < self.heads[team]:
            queue = next((self.waiting[kind] for kind in self.serves[team] if self.waiting[kind]), None)
            if queue is None:
                return
            self.busy[team] += 1
            queue.popleft().succeed(team)


def fresh_calls(env: simpy.Environment, day: Day, kind: int, caller: Caller, draw: Callable[[float], float]) -> Process:
    """Let callers of a type call, all day."""
    for slot, rates in enumerate(day.rates):
        end = (slot + 1) * day.slot
        arrival = env.now + draw(rates[kind])
        while arrival < end:
            yield env.timeout(arrival - env.now)
            env.process(caller(kind))
            arrival += draw(rates[kind])
        yield env.timeout(end - env.now)


def open_day(day: Day, desk: Desk, caller: Caller, draw: Callable[[float], float]) -> None:
    """Let callers of all types call, and head-counts change, for a day."""
    env = desk.env

    def staffing() -> Process:
        for heads in day.heads[1:]:
            yield env.timeout(day.slot)
            desk.heads = list(heads)
            for team in range(len(heads)):
                desk.take_waiting(team)

    for kind in range(len(day.route)):
        env.process(fresh_calls(env, day, kind, caller, draw))
    env.process(staffing())


def _day(day: Day, seed: int) -> Tally:
    env = simpy.Environment()
    desk = Desk(env, day)
    chance = random.Random(seed)
    draw = chance.expovariate
    finish = [1.0 / mean for mean in day.handle_time]
    hang_up = [1.0 / mean for mean in day.patience]
    tally = Tally()

    def caller(kind: int) -> Process:
        may_move = True
        while True:
            tally.simulated += 1
            arrived = env.now
            turn = desk.ask(kind)
            yield turn | env.timeout(draw(hang_up[kind]))
            tally.waited += env.now - arrived
            if not turn.triggered:
                desk.waiting[kind].remove(turn)
                tally.abandoned += 1
                return
            yield env.timeout(draw(finish[kind]))
            moves = may_move and chance.random() < day.transfer
            desk.give_back(turn.value)
            if not moves:
                return
            may_move = False
            kind = (kind + 1) % len(day.route)

    open_day(day, desk, caller, draw)
    env.run()
    tally.visits = tally.simulated
    return tally


MODELS: dict[str, Callable[[int], Tally]] = {
    "w1": lambda seed: _one_queue(W1, seed),
    "w2": lambda seed: _one_queue(W2, seed),
    "w3": lambda seed: _day(W3, seed),
}
"""Work item -> one replication with this seed."""
