"""Whether Ctrl-C was pressed, also where a library turned it into an error of its own."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self

__all__ = ["Interrupts"]


class Interrupts:
    """A context that remembers Ctrl-C: ``pressed`` says whether it came, KeyboardInterrupt is raised as ever.

    A database in the middle of a query answers Ctrl-C with a RuntimeError; without the memory that would
    look like a bug. Outside the main thread, or where somebody else handles the signal, it does nothing.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._mine = False

    def __enter__(self) -> Self:
        """Begin to listen."""
        if (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        ):
            signal.signal(signal.SIGINT, self._press)
            self._mine = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hear no more; turn an error that Ctrl-C caused into KeyboardInterrupt."""
        if self._mine:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if self.pressed and isinstance(error, Exception):
            raise KeyboardInterrupt from error

    def _press(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        signal.default_int_handler(number, frame)
