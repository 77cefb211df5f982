"""How far a run has come and how long it will take, on standard error.

On a terminal a bar appears once a run has lasted a moment; elsewhere a plain line now and then, so that
a log file of an overnight run says something, and that of a short one nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Watch", "time_left"]

BAR_AFTER = 1.5
"""Seconds after which the bar appears."""
LINE_EVERY = 30.0
"""Seconds between plain lines."""


class Watch:
    """Call it with (finished, in all) after each replication; a context, since a bar must be put away."""

    def __init__(self, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._began = clock()
        self._said, self._finished = self._began, 0
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        """Start the clock."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the bar away."""
        if self._bar is not None:
            self._bar[0].stop()

    def __call__(self, finished: int, in_all: int) -> None:
        """Show that ``finished`` of ``in_all`` jobs are done."""
        if self._quiet:
            return
        if sys.stderr.isatty():
            self._draw(finished, in_all)
        elif self._clock() - self._said >= LINE_EVERY and finished < in_all:
            # At the pace since the last line: it changes when the fast engine takes over.
            now, since = self._clock(), self._finished
            left = time_left(now - self._said, finished - since, in_all - since)
            self._said, self._finished = now, finished
            click.echo(f"{finished} of {in_all} replications, about {left} left", err=True)

    def _draw(self, finished: int, in_all: int) -> None:
        if self._bar is None:
            if self._clock() - self._began < BAR_AFTER or finished == in_all:
                return
            self._bar = _bar(in_all)
        self._bar[0].update(self._bar[1], completed=finished, total=in_all)


def time_left(seconds: float, finished: int, in_all: int) -> str:
    """Return the time that the remaining jobs will take if so many took so long, as ``m:ss`` or ``h:mm:ss``.

    Examples
    --------
    >>> time_left(60.0, 10, 40)
    '3:00'
    """
    left = round(seconds / max(finished, 1) * (in_all - finished))
    minutes, second = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"


def _bar(in_all: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    progress = Progress(
        TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    progress.start()
    return progress, progress.add_task("replications", total=in_all)
