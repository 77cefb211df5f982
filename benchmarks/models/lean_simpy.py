"""The work items in SimPy with the costly parts left out: no Resource, no AnyOf, no event for who is answered at once.

Still a process per caller. Idle agents are a number; a caller who has to wait makes one event, which an agent
sets to his team's number or his own patience to `HUNG_UP`. A hang-up leaves the event in the line, where it is
passed over. This is what somebody writes who has profiled the first version. Times are minutes.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable

import simpy

from benchmarks.models.definitions import DAY_MINUTES, W1, W2, W3, WARM_UP_MINUTES, Day, OneQueue
from benchmarks.models.idiomatic_simpy import Process, fresh_calls
from benchmarks.models.tally import Tally

__all__ = ["MODELS"]

Line = deque[simpy.Event]

HUNG_UP = -1


def _wait(env: simpy.Environment, line: Line, patience: float) -> simpy.Event:
    """Join a line; the event tells who answers, or `HUNG_UP`."""
    turn = env.event()
    line.append(turn)
    if patience < float("inf"):

        def hang_up(_: simpy.Event) -> None:
            if not turn.triggered:
                turn.succeed(HUNG_UP)

        env.timeout(patience).callbacks.append(hang_up)
    return turn


def _serve_first(lines: Iterable[Line], team: int) -> bool:
    """Give the team's agent the first caller who has not hung up; False if nobody waits."""
    for line in lines:
        while line:
            turn = line.popleft()
            if not turn.triggered:
                turn.succeed(team)
                return True
    return False


def _one_queue(centre: OneQueue, seed: int) -> Tally:
    env = simpy.Environment()
    draw = random.Random(seed).expovariate
    gap, finish, hang_up = centre.calls_per_minute, 1.0 / centre.handle_time, 1.0 / centre.patience
    line: Line = deque()
    idle = centre.agents
    tally = Tally()

    def caller() -> Process:
        nonlocal idle
        arrived, answered_by = env.now, 0
        if idle:
            idle -= 1
        else:
            answered_by = yield _wait(env, line, draw(hang_up) if hang_up else centre.patience)
        if arrived >= WARM_UP_MINUTES:
            tally.count(answered_by == HUNG_UP, env.now - arrived)
        if answered_by != HUNG_UP:
            yield env.timeout(draw(finish))
            if not _serve_first((line,), 0):
                idle += 1

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


def _day(day: Day, seed: int) -> Tally:
    env = simpy.Environment()
    chance = random.Random(seed)
    draw = chance.expovariate
    finish = [1.0 / mean for mean in day.handle_time]
    hang_up = [1.0 / mean for mean in day.patience]
    lines: list[Line] = [deque() for _ in day.route]
    served = [[lines[kind] for kind in order] for order in day.serves]
    idle = list(day.heads[0])  # below zero: agents who owe a departure
    tally = Tally()

    def caller(kind: int) -> Process:
        may_move = True
        while True:
            tally.simulated += 1
            arrived = env.now
            for team in day.route[kind]:
                if idle[team] > 0:
                    idle[team] -= 1
                    break
            else:
                team = yield _wait(env, lines[kind], draw(hang_up[kind]))
            tally.count(team == HUNG_UP, env.now - arrived)
            if team == HUNG_UP:
                return
            yield env.timeout(draw(finish[kind]))
            if idle[team] < 0 or not _serve_first(served[team], team):
                idle[team] += 1
            if not may_move or chance.random() >= day.transfer:
                return
            may_move = False
            kind = (kind + 1) % len(day.route)

    def staffing() -> Process:
        for before, heads in zip(day.heads, day.heads[1:], strict=False):
            yield env.timeout(day.slot)
            for team, (old, new) in enumerate(zip(before, heads, strict=True)):
                idle[team] += new - old
                while idle[team] > 0 and _serve_first(served[team], team):
                    idle[team] -= 1

    for kind in range(len(day.route)):
        env.process(fresh_calls(env, day, kind, caller, draw))
    env.process(staffing())
    env.run()
    return tally


MODELS: dict[str, Callable[[int], Tally]] = {
    "w1": lambda seed: _one_queue(W1, seed),
    "w2": lambda seed: _one_queue(W2, seed),
    "w3": lambda seed: _day(W3, seed),
}
"""Work item -> one replication with this seed."""
