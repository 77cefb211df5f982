"""A caller, and looking up what is drawn for him.

A draw depends on its key alone, so it does not matter whether it is computed one by one or in a column: a column for
a stream's whole day at once, where enough callers need it, is what makes this fast enough for Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.codes import Purpose
from callsim.plan.arrivals import Day, law_values
from callsim.plan.draws import draw, draw_pair, duration_of_one, sample
from callsim.plan.plan import Plan

__all__ = ["Caller", "LawLists", "StreamDay"]

_RARE = 8
"""A column is made when more than this number of callers, and more than 1 % of the day's, asked for it."""


class LawLists:
    """The plan's duration tables as Python lists, for looking up one value at a time."""

    def __init__(self, plan: Plan) -> None:
        self.laws = plan.laws
        self.zero: list[int] = plan.laws.zero.tolist()
        self.knots: dict[int, list[int]] = {}

    def value(self, law: int, u: int) -> int:
        """Return the law's value at a 53-bit draw, as `callsim.plan.arrivals.law_values` does for arrays. [ticks]"""
        knots = self.knots.get(law)
        if knots is None:
            knots = self.knots[law] = self.laws.knots[self.laws.offset[law] : self.laws.offset[law + 1]].tolist()
        return int(duration_of_one(knots, u) if self.laws.kind[law] == 0 else sample(knots, u))


class StreamDay:
    """The fresh callers of one stream and day, with everything that was or will be drawn for them."""

    def __init__(self, plan: Plan, laws: LawLists, seed: int, replication: int, stream: int, day: Day) -> None:
        self.plan = plan
        self.seed = seed
        self.replication = replication
        self.stream = stream
        self.name = int(plan.streams.hashes[stream])
        self.day = day
        self.blocks: list[int] = day.block.tolist()
        self.ordinals: list[int] = day.n.tolist()
        self.columns: dict[tuple[int, int, int, int], list[int]] = {}
        self.asked: dict[tuple[int, int, int, int], int] = {}
        self.draws: dict[tuple[int, int, int], np.ndarray] = {}
        self.laws = laws
        self.zero = laws.zero

    def draw(self, caller: int, contact: int, leg: int, purpose: int) -> int:
        """Return the 53-bit draw of a caller's contact and leg for this purpose."""
        column = self.columns.get((contact, leg, purpose, -1))
        if column is not None:
            return column[caller]
        if self._rarely_asked(contact, leg, purpose, -1):
            return self._one(caller, contact, leg, purpose)
        return self._column(contact, leg, purpose, -1)[caller]

    def duration(self, caller: int, contact: int, leg: int, purpose: int, law: int) -> int:
        """Return the duration of this law for a caller's contact and leg. [ticks]"""
        column = self.columns.get((contact, leg, purpose, law))
        if column is not None:
            return column[caller]
        if self._rarely_asked(contact, leg, purpose, law):
            return self._one_duration(caller, contact, leg, purpose, law)
        return self._column(contact, leg, purpose, law)[caller]

    def _rarely_asked(self, contact: int, leg: int, purpose: int, law: int) -> bool:
        """Count the question. The first contact's first leg concerns everybody, later ones few."""
        if contact == 0 and leg == 0:
            return False
        key = (contact, leg, purpose, law)
        asked = self.asked.get(key, 0) + 1
        self.asked[key] = asked
        return asked <= _RARE + len(self.day.at) // 100

    def _one(self, caller: int, contact: int, leg: int, purpose: int) -> int:
        day = self.day
        key, n = int(day.block_key[caller]), int(day.n[caller])
        return int(draw(self.seed, self.replication, self.name, key, n, contact, leg, purpose))

    def _one_duration(self, caller: int, contact: int, leg: int, purpose: int, law: int) -> int:
        zero = self.zero[law]
        if zero and self._one(caller, contact, leg, purpose + Purpose.ZERO_MASS) < zero:
            return 0
        return self.laws.value(law, self._one(caller, contact, leg, purpose))

    def _column(self, contact: int, leg: int, purpose: int, law: int) -> list[int]:
        u = self._draws(contact, leg, purpose)
        if law >= 0:
            values = law_values(self.plan, law, u)
            zero = self.zero[law]
            if zero:
                values = np.where(self._draws(contact, leg, purpose + Purpose.ZERO_MASS) < zero, 0, values)
            u = values
        column: list[int] = u.tolist()
        self.columns[contact, leg, purpose, law] = column
        return column

    def _draws(self, contact: int, leg: int, purpose: int) -> np.ndarray:
        """Return a purpose's draws of all callers, and keep those of its sibling in the same Philox block."""
        found = self.draws.get((contact, leg, purpose))
        if found is None:
            day = self.day
            key = (self.seed, self.replication, self.name, day.block_key, day.n, contact, leg)
            even, odd = draw_pair(*key, purpose >> 1)
            self.draws[contact, leg, purpose & ~1] = even.astype(np.int64)
            self.draws[contact, leg, purpose | 1] = odd.astype(np.int64)
            found = self.draws[contact, leg, purpose]
        return found


class Caller:
    """One person. What is drawn for him depends on who he is, never on what others do."""

    __slots__ = ("attempt", "columns", "customer", "day", "index", "number", "unsolved")

    def __init__(self, day: StreamDay, index: int) -> None:
        self.day = day
        self.columns = day.columns
        self.index = index
        self.number = (day.stream << 32) + day.day.first + index
        """His place in the event order at equal instants."""
        self.attempt = 0
        """How often he has called before."""
        self.unsolved = 0
        """How often he was answered before, if that may not have solved it."""
        self.customer: Any = None
        """His case (`callsim.engines.simpy.customer.Customer`), if he has one."""

    def draw(self, leg: int, purpose: int) -> int:
        """Return the 53-bit draw for a leg of his present contact."""
        column = self.columns.get((self.attempt, leg, purpose, -1))
        return column[self.index] if column else self.day.draw(self.index, self.attempt, leg, purpose)

    def duration(self, leg: int, purpose: int, law: int) -> int:
        """Return the duration of a law for a leg of his present contact. [ticks]"""
        column = self.columns.get((self.attempt, leg, purpose, law))
        return column[self.index] if column else self.day.duration(self.index, self.attempt, leg, purpose, law)
