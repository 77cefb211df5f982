"""A department: its waiting line, its doors, and who of its callers is next."""

from __future__ import annotations

from bisect import bisect_left, insort

from callsim.codes import AtClosing, WhenClosed
from callsim.engines.simpy.record import Leg
from callsim.plan.plan import NEVER, Plan

__all__ = ["Department"]


class Department:
    """One queue of the plan while it runs.

    ``waiting`` are the callers who may be served, in queue order: priority, then key time, then the
    order of joining. ``held`` are those who wait for the doors to open.
    """

    def __init__(self, plan: Plan, index: int) -> None:
        queues = plan.queues
        rows = slice(int(queues.open_offset[index]), int(queues.open_offset[index + 1]))
        self.index = index
        self.name = queues.names[index]
        hours = (queues.open_start[rows], queues.admit_end[rows], queues.open_end[rows])
        self.openings: list[tuple[int, int, int]] = list(zip(*(column.tolist() for column in hours), strict=True))
        self.when_closed = WhenClosed(int(queues.when_closed[index]))
        self.when_closed_to = int(queues.when_closed_to[index])
        self.at_closing = AtClosing(int(queues.at_closing[index]))
        self.at_closing_to = int(queues.at_closing_to[index])
        self.limit = int(queues.limit[index])
        self.slope = int(queues.slope[index])
        self.is_open = False
        self.admit_end = 0
        """Arrivals are let in before this instant, while open. [ticks]"""
        self.waiting: list[tuple[int, int, int, Leg]] = []
        self.held: list[tuple[int, int, int, Leg]] = []
        self.overflow_times: list[int] = []
        """The different positive waits after which further groups may take a call. [ticks]"""
        self.queue_time = 0
        """Integral of the number of callers in ``waiting`` and ``held`` since the start. [ticks]"""
        self.changed = 0

    def count_time(self, now: int) -> None:
        """Bring the integral of the queue length up to now; call it before the length changes."""
        self.queue_time += (len(self.waiting) + len(self.held)) * (now - self.changed)
        self.changed = now

    def n_waiting(self) -> int:
        """Return how many callers wait, those held at the closed door included."""
        return len(self.waiting) + len(self.held)

    def remove(self, leg: Leg) -> None:
        """Take a caller out of the line, wherever he stands."""
        entry = leg.entry
        assert entry is not None
        line = self.waiting
        place = bisect_left(line, entry)
        if place >= len(line) or line[place] is not entry:
            line = self.held
            place = bisect_left(line, entry)
        del line[place]

    def is_waiting(self, leg: Leg) -> bool:
        """Tell whether a caller stands in the line of those who may be served."""
        entry = leg.entry
        place = bisect_left(self.waiting, entry) if entry else len(self.waiting)
        return place < len(self.waiting) and self.waiting[place] is entry

    def first(self, now: int, after: int) -> tuple[int, int, int, Leg] | None:
        """Return the first caller in queue order who has waited for at least ``after``; somebody must wait."""
        if not after:
            return self.waiting[0]
        return next((entry for entry in self.waiting if now - entry[3].entered >= after), None)

    def hold_all(self) -> None:
        """Shut the door on those who wait: they keep their order and are not served until it opens."""
        self.held = sorted(self.held + self.waiting)
        self.waiting = []

    def release_held(self) -> None:
        """Let those who waited at the door join the line."""
        for entry in self.held:
            insort(self.waiting, entry)
        self.held = []

    def next_admission(self, now: int) -> int:
        """Return the first instant from now on at which an arrival is let in, NEVER if there is none. [ticks]"""
        for start, admit_end, _ in self.openings:
            if admit_end > max(now, start):
                return max(now, start)
        return NEVER
