"""Many replications of one plan or several, brought together in order: the part that run and compare share.

Every variant runs each replication before the next begins, and only replications that all variants have
finished count. So what is kept after Ctrl-C, or when a precision is reached, is what asking for that many
replications would have given, byte for byte.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from callsim.errors import OutputError
from callsim.experiments.execution import results
from callsim.experiments.interrupts import Interrupts
from callsim.experiments.jobs import Finished, Task, log_folder
from callsim.experiments.settings import Settings
from callsim.measures import Measures
from callsim.plan.plan import Plan
from callsim.runlog import RunLog

__all__ = ["Replicated", "replicate"]

PreciseEnough = Callable[[Mapping[str, tuple[Measures, ...]]], bool]


@dataclass(frozen=True)
class Replicated:
    """What the finished replications left, by variant and in the order of the replications."""

    plans: Mapping[str, Plan]
    digests: Mapping[str, str]
    """Variant -> digest of its plan."""
    measures: Mapping[str, tuple[Measures, ...]]
    logs: Mapping[str, tuple[RunLog, ...]]
    """Empty tuples unless logs were kept."""
    n: int
    """Replications finished in every variant."""
    planned: int
    """Replications that were asked for, at the most."""
    interrupted: bool
    """Ctrl-C came before the end."""

    @cached_property
    def log_digests(self) -> dict[str, tuple[str, ...]]:
        """Variant -> digests of the logs of its replications, made when somebody asks for them."""
        return {name: tuple(each.log_digest for each in column) for name, column in self.measures.items()}


def replicate(plans: Mapping[str, Plan], settings: Settings, precise: PreciseEnough) -> Replicated:
    """Run the replications of all variants under the same seed.

    Parameters
    ----------
    plans : mapping of str to Plan
        Variant -> its plan.
    settings : Settings
        Seed, number of replications, helpers.
    precise : callable
        Asked whether the replications so far are enough, when the settings say so (`Replications.asks_after`).

    Returns
    -------
    Replicated
        The same for any number of workers.

    Raises
    ------
    CallsimError
        Of the first replication that failed.
    KeyboardInterrupt
        On Ctrl-C, unless the settings keep what is finished.
    """
    _check_log_folders(settings, plans)
    digests = {name: plan.digest() for name, plan in plans.items()}
    by_digest = {digests[name]: plan for name, plan in plans.items()}
    wanted = settings.replications
    columns: dict[str, list[Finished]] = {name: [] for name in plans}
    interrupted = False
    jobs = wanted.at_most * len(plans)
    begun: list[Task] = []
    tasks = _tasks(digests, settings, begun)
    try:
        with Interrupts(), contextlib.closing(results(tasks, by_digest, settings, jobs)) as found:
            for count, finished in enumerate(found, start=1):
                columns[finished.task.variant].append(finished)
                if settings.progress is not None:
                    settings.progress(count, jobs)
                whole, rest = divmod(count, len(plans))
                if not rest and wanted.asks_after(whole) and precise(_measures(columns)):
                    break
    except KeyboardInterrupt:
        if not settings.keep_on_interrupt:
            raise
        interrupted = True
    n = min(len(column) for column in columns.values())
    _drop_further_logs(settings.save_logs, n, begun)
    return _replicated(plans, digests, {name: column[:n] for name, column in columns.items()}, settings, interrupted)


def _tasks(digests: Mapping[str, str], settings: Settings, begun: list[Task]) -> Iterator[Task]:
    """Yield every task and keep a list of those that were asked for."""
    for replication in range(settings.replications.at_most):
        for name, digest in digests.items():
            task = Task(
                digest=digest,
                variant=name,
                seed=settings.seed,
                replication=replication,
                by=settings.breakdowns,
                keep_log=settings.keep_logs,
                logs=settings.save_logs,
            )
            begun.append(task)
            yield task


def _measures(columns: Mapping[str, list[Finished]]) -> dict[str, tuple[Measures, ...]]:
    return {name: tuple(finished.measures for finished in column) for name, column in columns.items()}


def _check_log_folders(settings: Settings, plans: Mapping[str, Plan]) -> None:
    if settings.save_logs is None:
        return
    folders: dict[str, str] = {}
    for name in plans:
        other = folders.setdefault(log_folder(name, 0).casefold(), name)
        if other != name:
            raise OutputError(f"the logs of variants {other!r} and {name!r} would share a folder; rename one of them")


def _drop_further_logs(folder: Path | None, n: int, begun: list[Task]) -> None:
    """Delete saved logs of replications that do not count: a worker may have been ahead of the end."""
    if folder is None:
        return
    for task in begun:
        if task.replication >= n:
            name = log_folder(task.variant, task.replication)
            for place in (folder / name, *folder.glob(f".{name}.*.tmp")):
                shutil.rmtree(place, ignore_errors=True)


def _replicated(
    plans: Mapping[str, Plan],
    digests: Mapping[str, str],
    columns: Mapping[str, list[Finished]],
    settings: Settings,
    interrupted: bool,
) -> Replicated:
    return Replicated(
        plans=plans,
        digests=digests,
        measures=_measures(columns),
        logs={name: tuple(done.log for done in column if done.log) for name, column in columns.items()},
        n=min(len(column) for column in columns.values()),
        planned=settings.replications.at_most,
        interrupted=interrupted,
    )
