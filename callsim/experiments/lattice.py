"""The systems that remedies make when they are switched on and off, and what each comes to in each replication.

Up to 8 remedies every set of them is simulated; above, the sets that a sample of orders passes through. Every system
meets the same customers. Sets that come to the same plan are simulated once. Of each replication only the figures that
are asked for are kept, and only replications that all systems have finished count.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError, Problem, ScenarioError
from callsim.experiments.compare import check_comparable
from callsim.experiments.estimates import estimate
from callsim.experiments.execution import results
from callsim.experiments.findings import Shown
from callsim.experiments.interrupts import Interrupts
from callsim.experiments.jobs import Finished, Task
from callsim.experiments.run import Precision
from callsim.experiments.settings import Settings
from callsim.measures import Measures
from callsim.plan.plan import Plan
from callsim.scenario import resolve
from callsim.scenario.reading.remedies import Remedies
from callsim.stats import every_set, sampled_orders, sets_of

__all__ = ["MOST_EXACT", "Lattice", "Simulated", "lattice_of", "simulated"]

MOST_EXACT = 8
"""Remedies of which every combination is simulated: 256 systems."""
Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lattice:
    """The sets of remedies that are simulated, and their plans. A set is a number: bit i says whether i is in it."""

    remedies: tuple[str, ...]
    sets: tuple[int, ...]
    """The empty set first, all remedies last."""
    orders: tuple[tuple[int, ...], ...]
    """Sampled orders, each followed by its reverse; empty: every set is there."""
    digests: tuple[str, ...]
    """[set] Of the set's plan."""
    plans: Mapping[str, Plan]
    """Digest -> plan: of sets that come to the same, one."""
    base: str
    """Name of the base."""

    def name(self, chosen: int) -> str:
        """Return the name of a set: its remedies, or the base."""
        return " + ".join(name for i, name in enumerate(self.remedies) if chosen >> i & 1) or self.base

    @property
    def base_plan(self) -> Plan:
        """The plan without any remedy."""
        return self.plans[self.digests[0]]


@dataclass(frozen=True)
class Simulated:
    """What the systems of a lattice came to."""

    values: Mapping[str, Float]
    """Figure, as written -> [replication, set]; NaN where it has no value."""
    n: int
    """Replications that every system finished."""
    planned: int
    """Replications that were asked for, at the most."""
    interrupted: bool
    logs: str
    """Digest of the digests of all logs."""


def lattice_of(remedies: Remedies, names: Sequence[str], permutations: int, seed: int) -> Lattice:
    """Combine remedies in every way, or in those of sampled orders, and resolve what comes of it.

    Parameters
    ----------
    remedies : Remedies
        Of an experiment.
    names : sequence of str
        Those that are weighed.
    permutations : int
        Orders to sample if there are more than `MOST_EXACT`.
    seed : int
        Of the sample.

    Raises
    ------
    ScenarioError
        If two of them cannot be combined in either order with the same outcome, or a combination is no sound scenario.
    CallsimError
        If a combination is not comparable with the base.
    """
    conflicts = remedies.conflicts(names)
    if conflicts:
        raise ScenarioError(conflicts)
    chosen = tuple(name for name in remedies.names if name in names)
    orders = sampled_orders(len(chosen), permutations, seed) if len(chosen) > MOST_EXACT else ()
    sets = sets_of(orders) if orders else every_set(len(chosen))
    plans = _resolved(remedies, chosen, sets)
    digests = {number: plan.digest() for number, plan in plans.items()}
    lattice = Lattice(
        chosen,
        sets,
        orders,
        tuple(digests[number] for number in sets),
        {digest: plans[number] for number, digest in digests.items()},
        remedies.scenario(()).name,
    )
    check_comparable({lattice.name(number): plan for number, plan in plans.items()})
    return lattice


def _resolved(remedies: Remedies, chosen: Sequence[str], sets: Sequence[int]) -> dict[int, Plan]:
    """Return the plan of each set, smaller sets first."""
    problems: dict[Problem, None] = {}
    plans: dict[int, Plan] = {}
    for number in sorted(sets, key=lambda number: (number.bit_count(), number)):
        if problems and number.bit_count() > 1:
            break  # what is wrong with one remedy is wrong with every set that holds it: told once
        try:
            plans[number] = resolve(remedies.scenario([name for i, name in enumerate(chosen) if number >> i & 1]))
        except ScenarioError as error:
            problems.update(dict.fromkeys(error.problems))
    if problems:
        raise ScenarioError(list(problems))
    return plans


def simulated(lattice: Lattice, figures: Sequence[Shown], settings: Settings) -> Simulated:
    """Simulate every system of a lattice under the same customers.

    Parameters
    ----------
    lattice : Lattice
    figures : sequence of Shown
        What is kept of each replication.
    settings : Settings
        As for `callsim.experiments.replicate`; a precision to be reached is that of the base and of all remedies.

    Returns
    -------
    Simulated
        The same for any number of workers and either engine.

    Raises
    ------
    CallsimError
        Of the first replication that failed.
    KeyboardInterrupt
        On Ctrl-C, unless the settings keep what is finished.
    """
    kept = _Kept(lattice, figures)
    wanted = settings.replications
    systems = len(lattice.plans)
    jobs = wanted.at_most * systems
    ends = {name: lattice.plans[digest] for name, digest in kept.ends.items()}
    precise = Precision(ends, settings)
    interrupted = False
    try:
        tasks = _tasks(lattice, settings)
        with Interrupts(), contextlib.closing(results(tasks, lattice.plans, settings, jobs)) as found:
            for count, finished in enumerate(found, start=1):
                kept.take(finished)
                if settings.progress is not None:
                    settings.progress(count, jobs)
                whole, rest = divmod(count, systems)
                if not rest and wanted.asks_after(whole) and precise(kept.measures()):
                    break
    except KeyboardInterrupt:
        if not settings.keep_on_interrupt:
            raise
        interrupted = True
    n, values, logs = kept.whole()
    return Simulated(values, n, wanted.at_most, interrupted, logs)


def _tasks(lattice: Lattice, settings: Settings) -> Iterator[Task]:
    """Yield the tasks: every system runs a replication before the next begins."""
    name_of: dict[str, str] = {}
    for number, digest in zip(lattice.sets, lattice.digests, strict=True):
        name_of.setdefault(digest, lattice.name(number))
    for replication in range(settings.replications.at_most):
        for digest, name in name_of.items():
            yield Task(digest, name, settings.seed, replication)


class _Kept:
    """What is kept of the replications: figures by system, and the measures of both ends of the lattice."""

    def __init__(self, lattice: Lattice, figures: Sequence[Shown]) -> None:
        self.lattice, self.figures = lattice, figures
        self.ends = {lattice.base: lattice.digests[0], lattice.name(lattice.sets[-1]): lattice.digests[-1]}
        self._found: dict[str, list[tuple[float, ...]]] = {digest: [] for digest in lattice.plans}
        self._logs: dict[str, list[str]] = {digest: [] for digest in lattice.plans}
        self._measures: dict[str, list[Measures]] = {digest: [] for digest in self.ends.values()}

    def take(self, finished: Finished) -> None:
        """Keep what is needed of one replication of one system."""
        digest = finished.task.digest
        self._found[digest].append(tuple(_value(finished, figure) for figure in self.figures))
        self._logs[digest].append(finished.measures.log_digest)
        if digest in self._measures:
            self._measures[digest].append(finished.measures)

    def measures(self) -> dict[str, tuple[Measures, ...]]:
        """Return the measures of the base and of all remedies together."""
        return {name: tuple(self._measures[digest]) for name, digest in self.ends.items()}

    def whole(self) -> tuple[int, dict[str, Float], str]:
        """Return the replications that every system has finished, their figures, and a digest of their logs."""
        n = min(len(column) for column in self._found.values())
        shape = (n, len(self.lattice.sets))
        values = {}
        for place, figure in enumerate(self.figures):
            table = np.empty(shape)
            for column, digest in enumerate(self.lattice.digests):
                table[:, column] = [found[place] for found in self._found[digest][:n]]
            values[str(figure)] = table
        logs = "".join(log for column in self._logs.values() for log in column[:n])
        return n, values, hashlib.sha256(logs.encode()).hexdigest()


def _value(finished: Finished, figure: Shown) -> float:
    """Return a figure of one replication, NaN if it has none."""
    try:
        found = estimate([finished.measures], figure.name, figure.scope).value
    except (KeyError, ValueError):
        raise CallsimError(
            f"{figure}: {finished.task.variant!r} has no such figure; ask for one that every combination has"
        ) from None
    return np.nan if found is None else found
