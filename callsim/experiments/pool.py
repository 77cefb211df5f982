"""Executors: worker processes, started afresh, that neither outlive their parent nor run its script, and threads."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

__all__ = ["threads", "workers"]


@contextlib.contextmanager
def workers(n: int) -> Iterator[Executor]:
    """Give an executor of ``n`` worker processes; when the block is left in a hurry they are ended.

    Yields
    ------
    Executor
        Its processes are started by ``spawn``: forking a process that has threads is unsafe.
    """
    pool = _Pool(n, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        # Whoever leaves early (Ctrl-C, a fault) does not wait for replications that nobody will read.
        pool.end_now()
        raise
    pool.end_now()


@contextlib.contextmanager
def threads(n: int) -> Iterator[Executor]:
    """Give an executor of ``n`` threads, for compiled code, which does not hold the interpreter's lock.

    Yields
    ------
    Executor
        When the block is left, tasks that have not begun are dropped.
    """
    pool = ThreadPoolExecutor(n, thread_name_prefix="callsim")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Pool(ProcessPoolExecutor):
    """A process pool whose workers do not run the user's script again on their way up."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit as usual; processes are started in here."""
        with _script_hidden():
            return super().submit(fn, *args, **kwargs)

    def end_now(self) -> None:
        """End all workers without waiting for what they are doing."""
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


@contextlib.contextmanager
def _script_hidden() -> Iterator[None]:
    # A spawned process imports its parent's main script, so that `callsim.run(...)` in a plain script
    # without the `if __name__ == "__main__"` guard would start workers that start workers. Ours need
    # nothing from that script: while they start, the main module does not say where it came from.
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    main.__spec__ = None
    with contextlib.suppress(AttributeError):
        del main.__file__
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


def _begin() -> None:
    """Prepare a worker: Ctrl-C is the parent's business, and a worker without a parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    # A worker waits on a pipe whose other end it holds open itself: it would never learn of its parent's death.
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
