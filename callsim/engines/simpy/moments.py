"""Moments: SimPy events at an absolute instant, in the written event order (`callsim.codes.Rank`)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event, Process
from simpy.events import NORMAL

from callsim.codes import Rank

__all__ = ["Clock", "LaterProcess", "Moment"]


class Clock(Environment):
    """SimPy's environment, in which time is a whole number of ticks."""

    now: int = 0
    """The present instant: a plain attribute, because everybody looks at the clock all the time. [ticks]"""

    def schedule(self, event: Event, priority: int = NORMAL, delay: float = 0) -> None:
        """Schedule an event as SimPy does, except the end of a process for which nobody waits."""
        if event.callbacks or not event._ok:
            queue: list[Any] = self._queue
            heappush(queue, (self.now + delay, priority, next(self._eid), event))

    def run_before(self, end: int) -> None:
        """Let everything happen that happens before ``end``: SimPy's own loop, without its many ways to stop.

        Raises
        ------
        BaseException
            Whatever a process raised.
        """
        queue: list[Any] = self._queue
        heappush(queue, (end, -1, next(self._eid), None))
        while True:
            at, _, _, event = heappop(queue)
            if event is None:
                return
            self._now = self.now = at
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value


class Moment(Event):
    """An event that happens at ``at``, after all events of lower rank, then of lower number, at that instant.

    SimPy orders its heap by (time, priority, insertion). The priority is rank * 2^40 + number; what an
    event sets off at its own instant has SimPy's priorities 0 and 1, and so finishes before the next moment.
    """

    _ok = True
    _value: Any = None

    def __init__(
        self,
        env: Environment,
        at: int,
        rank: Rank,
        number: int,
        action: Callable[[Event], None] | None = None,
    ) -> None:
        self.env = env
        self.callbacks: Any = [] if action is None else [action]
        # Environment.schedule takes a delay; pushing the instant itself saves a subtraction and an addition a moment.
        queue: list[Any] = env._queue
        heappush(queue, (at, (rank << 40) + number, next(env._eid), self))


class LaterProcess(Process):
    """A process that begins at a moment, that nobody interrupts, and for whose end nobody waits.

    SimPy's own processes begin at once, which would take two events for each caller. And they look, each time they
    go on, whether what they waited for failed or has happened long ago: neither happens here.
    """

    callbacks: Any = ()

    def __init__(
        self, env: Environment, generator: Generator[Event, Any, Any], at: int, rank: Rank, number: int
    ) -> None:
        self.env = env
        self._generator = generator
        self._target: Event = Moment(env, at, rank, number, self._resume)

    def _resume(self, event: Event) -> None:
        """Go on until the next event to wait for; an error goes straight to who runs the clock."""
        try:
            self._target = self._generator.send(event._value)
        except StopIteration:
            return
        self._target.callbacks.append(self._resume)
