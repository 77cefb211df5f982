"""W3 as a SimPy user writes it who is asked for the figures of every half hour, by type of call and by team.

The centre is that of ``idiomatic_simpy.py``. What is counted is what a planner's table shows: calls offered, answered,
abandoned and answered in time, their waits, and of each team the time at work. Times are minutes.

A caller does the same as there, step by step. The two are not one function with something to be called in between: what
the model with two sums costs is the measure of all others, and it makes no such calls.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import simpy

from benchmarks.models.definitions import W3, Day
from benchmarks.models.idiomatic_simpy import Desk, Process, open_day
from benchmarks.models.tally import Tally

__all__ = ["MODELS", "Calls", "Figures", "simulate"]

ACCEPTABLE_WAIT = 20.0 / 60.0
"""Up to this wait a call is answered in time. [min]"""


@dataclass
class Calls:
    """Visits of one type of call that began in one interval."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    within: int = 0
    """Answered within the acceptable wait."""
    waits: list[float] = field(default_factory=list)
    """Of all of them. [min]"""


class Figures:
    """The figures of a day by interval."""

    def __init__(self, slot: float) -> None:
        self.slot = slot
        self.calls: defaultdict[tuple[int, int], Calls] = defaultdict(Calls)
        """(type, interval) -> its visits."""
        self.at_work: defaultdict[tuple[int, int], float] = defaultdict(float)
        """(team, interval) -> time that its agents handled calls. [min]"""

    def count(self, kind: int, arrived: float, left: float, answered: bool) -> None:
        """Add a visit."""
        calls = self.calls[kind, int(arrived // self.slot)]
        wait = left - arrived
        calls.offered += 1
        calls.waits.append(wait)
        if answered:
            calls.answered += 1
            calls.within += wait <= ACCEPTABLE_WAIT
        else:
            calls.abandoned += 1

    def work(self, team: int, begin: float, end: float) -> None:
        """Add the time that an agent of a team handled a call to the intervals in which he did."""
        interval = int(begin // self.slot)
        while (until := (interval + 1) * self.slot) < end:
            self.at_work[team, interval] += until - begin
            begin, interval = until, interval + 1
        self.at_work[team, interval] += end - begin


def simulate(day: Day, seed: int) -> Figures:
    """Simulate a day and return its figures."""
    env = simpy.Environment()
    desk = Desk(env, day)
    chance = random.Random(seed)
    draw = chance.expovariate
    finish = [1.0 / mean for mean in day.handle_time]
    hang_up = [1.0 / mean for mean in day.patience]
    figures = Figures(day.slot)

    def caller(kind: int) -> Process:
        may_move = True
        while True:
            arrived = env.now
            turn = desk.ask(kind)
            yield turn | env.timeout(draw(hang_up[kind]))
            answered = env.now
            figures.count(kind, arrived, answered, turn.triggered)
            if not turn.triggered:
                desk.waiting[kind].remove(turn)
                return
            yield env.timeout(draw(finish[kind]))
            figures.work(turn.value, answered, env.now)
            moves = may_move and chance.random() < day.transfer
            desk.give_back(turn.value)
            if not moves:
                return
            may_move = False
            kind = (kind + 1) % len(day.route)

    open_day(day, desk, caller, draw)
    env.run()
    return figures


def _day(seed: int) -> Tally:
    calls = simulate(W3, seed).calls.values()
    offered, waited = sum(each.offered for each in calls), sum(sum(each.waits) for each in calls)
    abandoned, within = sum(each.abandoned for each in calls), sum(each.within for each in calls)
    return Tally(offered, offered, abandoned, waited, within)


MODELS: dict[str, Callable[[int], Tally]] = {"w3": _day}
"""Work item -> one replication with this seed."""
