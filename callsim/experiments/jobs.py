"""One replication as a job, and many jobs over any executor, their results in the order of the jobs.

A job is simulated, checked against the invariants, measured and its log dropped. A worker that has not
yet seen the job's plan answers so and is sent the plan once; afterwards only the few numbers of a `Task`
travel. Results come back in the order in which the jobs were given, so that nothing that is computed
from them depends on the number of workers or on who finished first.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.errors import EngineError
from callsim.experiments.engines import COMPILED, SIMPY, engine
from callsim.measures import Measures, check_run, measure
from callsim.plan.plan import Plan
from callsim.runlog import RunLog, check_log

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["Finished", "Task", "in_batches", "in_order", "log_folder", "simulate", "work"]

_PLANS_KEPT = 64
_plans: OrderedDict[str, Plan] = OrderedDict()
"""The plans that this worker process has been sent, by digest."""
_READERS_KEPT = 8
_kept = threading.local()
"""What each thread needs to read the sums of its plans; the engine keeps room to run them."""


@dataclass(frozen=True)
class Task:
    """One replication of one plan: all that travels to a worker once it knows the plan."""

    digest: str
    """Digest of the plan."""
    variant: str
    """Name of the plan's variant, for messages and saved logs."""
    seed: int
    replication: int
    engine: str = SIMPY
    by: tuple[str, ...] = ()
    """Breakdowns to measure besides the usual scopes, such as ``queue+interval``."""
    keep_log: bool = False
    """Send the log back with the measures."""
    logs: Path | None = None
    """Folder in which the log is saved, None: not saved."""

    @property
    def counts(self) -> bool:
        """Whether no log is made at all: the compiled engine counts as it goes, unless the plan has cases."""
        return self.engine == COMPILED and not self.keep_log and self.logs is None


@dataclass(frozen=True)
class Finished:
    """What is left of one replication."""

    task: Task
    measures: Measures
    log: RunLog | None = None


def simulate(plan: Plan, task: Task) -> Finished:
    """Simulate one replication, check its invariants, measure it and drop its log.

    Parameters
    ----------
    plan : Plan
        The plan whose digest the task carries.
    task : Task
        Which replication, and whether its log is kept or saved.

    Returns
    -------
    Finished
        With the log only if the task asks for it.

    Raises
    ------
    InvariantBroken
        If the run contradicts itself. Notes name the plan's digest, the seed and the replication.
    """
    try:
        if task.counts and not plan.cases.n:
            return _counted(plan, task)
        log = engine(task.engine)(plan, task.seed, task.replication)
        check_log(log)
        check_run(plan, log)
        if task.logs is not None:
            from callsim.runlog.store import save

            save(log, task.logs / log_folder(task.variant, task.replication))
        return Finished(task, measure(plan, log, task.by), log if task.keep_log else None)
    except Exception as error:
        error.add_note(
            f"while simulating {task.variant!r}: plan {task.digest[:16]}, seed {task.seed}, "
            f"replication {task.replication}, engine {task.engine}"
        )
        raise


def _counted(plan: Plan, task: Task) -> Finished:
    """Simulate one replication without a log."""
    from callsim.engines.compiled import tally_run
    from callsim.measures import SumsReader

    readers: OrderedDict[tuple[str, tuple[str, ...]], SumsReader]
    readers = _kept.__dict__.setdefault("readers", OrderedDict())
    key = (task.digest, task.by)
    if key not in readers:
        readers[key] = SumsReader(plan, task.by)
        while len(readers) > _READERS_KEPT:
            readers.popitem(last=False)
    readers.move_to_end(key)
    reader = readers[key]
    sums = tally_run(plan, task.seed, task.replication, reader.wanted)
    reader.check(sums)
    return Finished(task, reader.measures(sums))


def log_folder(variant: str, replication: int) -> str:
    """Return the name under which a log is saved; only letters, digits, dots, underscores and hyphens."""
    return f"{re.sub(r'[^A-Za-z0-9_.]+', '-', variant).strip('-.') or 'variant'}-r{replication:04d}"


def work(task: Task, plan: Plan | None = None) -> Finished | None:
    """Do a task in a worker; return None if the worker needs to be sent the plan first."""
    if plan is not None:
        # Freezing does not survive the way to another process.
        plan.__post_init__()
        _plans[task.digest] = plan
        while len(_plans) > _PLANS_KEPT:
            _plans.popitem(last=False)
    known = _plans.get(task.digest)
    return None if known is None else simulate(known, task)


def in_order(
    tasks: Iterable[Task],
    plans: Mapping[str, Plan],
    executor: Executor | None = None,
    window: int = 8,
    copies: int = 1,
    see_off: bool = False,
) -> Generator[Finished, None, None]:
    """Do the tasks and yield each result in the order of the tasks.

    Parameters
    ----------
    tasks : iterable of Task
        Taken only as fast as they are worked off.
    plans : mapping of str to Plan
        Plans by digest.
    executor : concurrent.futures.Executor, optional
        Where the work is done; None: here, one after the other.
    window : int
        Tasks under way at a time, results that wait for an earlier one included: bounds the memory.
    copies : int
        The first so many tasks of a plan carry it, one for each worker; a worker that gets none asks.
    see_off : bool
        When the results are left early, wait until the tasks that nobody can call back are over.

    Yields
    ------
    Finished
        One for each task.

    Raises
    ------
    CallsimError
        What went wrong in a worker, as if it had gone wrong here.
    """
    if executor is None:
        for task in tasks:
            yield simulate(plans[task.digest], task)
        return

    from concurrent.futures import BrokenExecutor, wait

    source = iter(tasks)
    line: deque[Task] = deque()
    under_way: dict[Future[Finished | None], Task] = {}
    finished: dict[Task, Finished] = {}
    carried: Counter[str] = Counter()
    try:
        while True:
            for task in islice(source, window - len(line)):
                line.append(task)
                carried[task.digest] += 1
                plan = plans[task.digest] if carried[task.digest] <= copies else None
                under_way[executor.submit(work, task, plan)] = task
            if not line:
                return
            if line[0] in finished:
                yield finished.pop(line.popleft())
            else:
                _collect(under_way, finished, plans, executor)
    except BrokenExecutor as error:
        raise EngineError(
            "a worker process ended without an answer, perhaps for want of memory; "
            "try fewer workers (--workers 1 runs everything in one process)"
        ) from error
    finally:
        running = [future for future in under_way if not future.cancel()]
        if see_off:
            wait(running)


def _collect(
    under_way: dict[Future[Finished | None], Task],
    finished: dict[Task, Finished],
    plans: Mapping[str, Plan],
    executor: Executor,
) -> None:
    """Wait until something is finished; send the plan to whom it lacks."""
    from concurrent.futures import FIRST_COMPLETED, wait

    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    # In the order of the tasks: the first are to be finished first, so that what is kept after Ctrl-C is most.
    for future in [future for future in under_way if future in done]:
        task = under_way.pop(future)
        result = future.result()
        if result is None:
            under_way[executor.submit(work, task, plans[task.digest])] = task
        else:
            finished[task] = result


def in_batches(
    tasks: Iterable[Task], plans: Mapping[str, Plan], executor: Executor, size: int, under_way: int
) -> Generator[Finished, None, None]:
    """Do the tasks on threads, several at a time, and yield each result in the order of the tasks.

    Parameters
    ----------
    tasks : iterable of Task
        Taken only as fast as they are worked off.
    plans : mapping of str to Plan
        Plans by digest.
    executor : concurrent.futures.Executor
        Threads of this process.
    size : int
        Tasks that are handed over together: what handing over costs is shared by them.
    under_way : int
        Batches handed over at a time.

    Yields
    ------
    Finished
        One for each task.
    """
    source = iter(tasks)
    line: deque[Future[list[Finished]]] = deque()
    stop = threading.Event()

    def do(batch: list[Task]) -> list[Finished]:
        return [simulate(plans[task.digest], task) for task in batch if not stop.is_set()]

    try:
        while True:
            while len(line) < under_way and (batch := list(islice(source, size))):
                line.append(executor.submit(do, batch))
            if not line:
                return
            yield from line.popleft().result()
    finally:
        stop.set()
