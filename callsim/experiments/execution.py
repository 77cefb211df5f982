"""Where tasks are done: by which engine, in this process, on threads or in worker processes, and when that changes.

SimPy's replications run in processes, since threads gain it nothing. Those of the compiled engine run on threads if
they make no log: there is no plan to send and no result to send back. A plan with cases is measured from its log.
A long job may begin with SimPy while the compiled engine is being compiled; results are the same, so nobody sees the
change but in time.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from callsim.errors import EngineError
from callsim.experiments.engines import COMPILED, SIMPY, Choice, accept, choose, expected_calls, prepare
from callsim.experiments.jobs import Finished, Task, in_batches, in_order
from callsim.experiments.settings import Settings
from callsim.plan.plan import Plan

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callsim.engines.compiled.compiler_process import Compilation

__all__ = ["cores", "results"]

_SMALL = 40_000
"""Expected calls below which the work is done before worker processes have started."""
_UNDER_WAY_PER_WORKER = 4
_CALLS_A_BATCH = 300_000
"""Calls that a thread simulates between two looks at what there is to do: some twentieth of a second."""
_MOST_A_BATCH = 64
_CALLS_FOR_THREADS = 100_000
"""Expected calls below which the compiled engine is done before a second thread would help."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def results(
    tasks: Iterator[Task], plans: Mapping[str, Plan], settings: Settings, jobs: int
) -> Generator[Finished, None, None]:
    """Do the tasks and yield each result in their order.

    Parameters
    ----------
    tasks : iterator of Task
        Taken only as fast as they are worked off. Their engine is chosen here.
    plans : mapping of str to Plan
        Plans by digest.
    settings : Settings
        Engine, workers, executor.
    jobs : int
        Number of tasks, at the most.

    Yields
    ------
    Finished
        One for each task.
    """
    logs, tell = _logs(settings), settings.progress is not None
    calls = settings.replications.at_least * sum(map(expected_calls, plans.values()))
    n = min(settings.workers or (cores() if calls > _SMALL else 1), jobs)
    own = settings.executor is None
    choice = choose(settings.engine, list(plans.values()), settings.replications.at_least, n, logs, beside=own)
    if choice.compile_beside:
        choice = yield from _compiled_beside(tasks, plans, n, settings)
    elif choice.engine == COMPILED and own:
        # Once for all: threads find the code in memory, worker processes on disk.
        for compilation in prepare(list(plans.values()), logs, tell):
            accept(compilation)
    with_engine = (replace(task, engine=choice.engine) for task in tasks)
    if choice.engine == COMPILED and own and not logs and not any(plan.cases.n for plan in plans.values()):
        fewest = settings.workers or (cores() if calls > _CALLS_FOR_THREADS else 1)
        yield from _on_threads(with_engine, plans, min(fewest, jobs), calls, jobs)
        return
    with _executor(settings, n) as (executor, n_workers):
        # Our own workers are ended; those of an executor that was handed in may still be saving a log.
        see_off = not own and settings.save_logs is not None
        window = _UNDER_WAY_PER_WORKER * n_workers
        yield from in_order(with_engine, plans, executor, window, n_workers, see_off=see_off)


def _logs(settings: Settings) -> bool:
    return settings.keep_logs or settings.save_logs is not None


def _compiled_beside(
    tasks: Iterator[Task], plans: Mapping[str, Plan], n: int, settings: Settings
) -> Generator[Finished, None, Choice]:
    """Do tasks in SimPy until the compiled engine is there; return how to go on."""
    from callsim.experiments.pool import workers

    compilations = prepare(list(plans.values()), _logs(settings), settings.progress is not None, beside=True)
    try:
        tasks_now = (replace(task, engine=SIMPY) for task in _until(tasks, lambda: _all_done(compilations)))
        n_workers = max(1, n - 1)
        with workers(n_workers) as pool:
            yield from in_order(tasks_now, plans, pool, _UNDER_WAY_PER_WORKER * n_workers, n_workers)
        if not _all_done(compilations):
            return Choice(SIMPY)  # there was nothing left to do
        try:
            for compilation in compilations:
                accept(compilation)
        except EngineError:
            return Choice(SIMPY)
        return Choice(COMPILED)
    finally:
        for compilation in compilations:
            compilation.cancel()


def _all_done(compilations: list[Compilation]) -> bool:
    return all(compilation.done() for compilation in compilations)


def _until(tasks: Iterator[Task], enough: Callable[[], bool]) -> Iterator[Task]:
    """Yield tasks until it is enough; the next one is left where it is."""
    while not enough():
        task = next(tasks, None)
        if task is None:
            return
        yield task


def _on_threads(
    tasks: Iterator[Task], plans: Mapping[str, Plan], n: int, calls: float, jobs: int
) -> Generator[Finished, None, None]:
    if n == 1:
        yield from in_order(tasks, plans)
        return
    from callsim.experiments.pool import threads

    a_task = max(1.0, calls / jobs)
    size = max(1, min(_MOST_A_BATCH, int(_CALLS_A_BATCH / a_task), jobs // (2 * n)))
    with threads(n) as pool:
        yield from in_batches(tasks, plans, pool, size, 2 * n)


@contextlib.contextmanager
def _executor(settings: Settings, n: int) -> Iterator[tuple[Executor | None, int]]:
    """Give the executor (None: here) and the number of its workers."""
    if settings.executor is not None:
        # An executor does not say how many workers it has; most know.
        yield settings.executor, getattr(settings.executor, "_max_workers", 4 * cores())
    elif n == 1:
        yield None, 1
    else:
        from callsim.experiments.pool import workers

        with workers(n) as pool:
            yield pool, n
