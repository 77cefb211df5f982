"""Checking a scenario against its record, and writing the record: the runs that both take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim.experiments.compare import check_experiment, experiment_settings
from callsim.experiments.records.judging import (
    Moved,
    MovedHour,
    Verdict,
    culprits,
    is_comparable,
    moved_exactly,
    moved_hours,
    verdicts,
)
from callsim.experiments.records.making import BREAKDOWN, made
from callsim.experiments.records.margins import default_margin
from callsim.experiments.records.text import read
from callsim.experiments.records.value import Margin, Record, record_path
from callsim.experiments.replicate import replicate
from callsim.experiments.settings import Progress, Replications, Settings
from callsim.plan.plan import RANDOM_SCHEME
from callsim.scenario import load_experiment
from callsim.stats import looks

if TYPE_CHECKING:
    from callsim.scenario import Experiment

__all__ = ["BUDGET", "RecordCheck", "check_record", "new_record", "unannounced"]

BUDGET = 4
"""A statistical check runs so many times the replications of the record at the most."""


@dataclass(frozen=True)
class RecordCheck:
    """How a scenario compares with its record."""

    scenario: Path
    record: Path
    exact: bool
    """Version and random numbers are those of the record: every digit counts. Else by equivalence with margins."""
    verdict: Verdict
    why: str
    """How it was compared and what came out, in one sentence."""
    culprits: tuple[str, ...] = ()
    """What has changed."""
    figures: tuple[Moved, ...] = ()
    """Figures that moved or that could not be shown to be the same."""
    hours: tuple[MovedHour, ...] = ()
    """Hours of the day that differ, if anything moved."""
    logs: tuple[str, ...] = ()
    """``variant, replication n`` of every log that differs, in an exact comparison."""
    n: int = 0
    """Replications that were run."""

    @property
    def ok(self) -> bool:
        """Whether the scenario still comes to what is recorded, or to something equivalent."""
        return self.verdict is Verdict.SAME


def new_record(
    path: str | Path,
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    **engine: Any,
) -> Record:
    """Simulate a scenario and return the record of it; write it with `record_text`.

    Parameters
    ----------
    path : path
        A scenario or an experiment.
    seed, replications : int, optional
        Default: those of the present record; without one, the scenario's.
    workers, executor, progress
        As for `callsim.run`.

    Raises
    ------
    CallsimError
        If the scenario cannot be run.
    """
    place = record_path(path)
    old = read(place) if place.exists() else None
    experiment = load_experiment(path)
    given = {"workers": workers, "executor": executor, "progress": progress, **engine}
    seed = old.seed if seed is None and old is not None else seed
    wanted = old.replications if replications is None and old is not None else replications
    if wanted is None:
        wanted = experiment_settings(experiment).replications.at_most
    settings = _settings(experiment, Replications.exactly(wanted), seed=seed, **given)
    return _run(experiment, settings, margins=_margins(old))


def unannounced(old: Record, new: Record) -> str:
    """Return what is wrong with putting a new record in the place of the old; "" if nothing is.

    The same scenario, seed and random scheme give the same figures for as long as `RESULTS` stands still. Whoever
    changes a figure raises it and says in CHANGELOG.md what has changed, in a line of the kind *Results-change*.
    """
    same_question = (old.digest, old.seed, old.random_scheme, old.results) == (
        new.digest, new.seed, new.random_scheme, new.results
    )  # fmt: skip
    if not same_question or old.replications != new.replications or not moved_exactly(old, new):
        return ""
    n = len(moved_exactly(old, new))
    return (
        f"the scenario has not changed, and yet {n} figure{'' if n == 1 else 's'} moved: callsim or a library is not "
        f"what it was. Whoever changed callsim raises RESULTS (still {new.results}) and adds a line *Results-change* "
        "to CHANGELOG.md; whoever did not, and accepts the figures, deletes the record first"
    )


def check_record(
    path: str | Path,
    *,
    seed: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    budget: int = BUDGET,
    changes: Iterable[str] = (),
    **engine: Any,
) -> RecordCheck:
    """Simulate a scenario as its record says and compare the two.

    With the record's version of callsim, random scheme and seed the comparison is exact, log digests included.
    Otherwise the recorded figures that carry a margin must be shown to be the same within it; replications are added
    until that is decided or the budget ends. Any other figure must not have moved beyond its margin for certain.

    Parameters
    ----------
    path : path
        A scenario or an experiment.
    seed : int, optional
        Other draws than those of the record: a statistical comparison.
    workers, executor, progress
        As for `callsim.run`.
    budget : int
        A statistical check runs so many times the record's replications at the most.
    changes : iterable of str
        As for `callsim.load`.

    Raises
    ------
    CallsimError
        If there is no record, or the scenario cannot be run.
    """
    place = record_path(path)
    old = read(place)
    experiment = load_experiment(path, tuple(changes))
    given = {"workers": workers, "executor": executor, "progress": progress, **engine}
    steps = looks(old.replications, old.replications * budget)
    certain = seed in (None, old.seed) and old.version == version("callsim") and old.random_scheme == RANDOM_SCHEME
    settings = _settings(
        experiment,
        Replications.exactly(old.replications) if certain else Replications(steps[0], steps[-1], looks=steps),
        seed=old.seed if seed is None else seed,
        **given,
    )
    new = _run(experiment, settings, lambda now: _is_decided(old, now, len(steps)))
    if is_comparable(old, new):
        return _exactly(Path(path), place, old, new)
    if _same_runs(old, new) and not moved_exactly(old, new):
        why = f"made by callsim {old.version}, and still the same in every digit"
        return RecordCheck(Path(path), place, True, Verdict.SAME, why, n=new.replications)
    return _statistically(Path(path), place, old, new, verdicts(old, new, len(steps)))


def _is_decided(old: Record, new: Record, n_looks: int) -> bool:
    """Return whether no more replications are needed."""
    if is_comparable(old, new) or (_same_runs(old, new) and not moved_exactly(old, new)):
        return True
    found = verdicts(old, new, n_looks)
    # What has moved stays moved, and of what no figure can be judged more replications of one side make nothing.
    return any(moved.verdict is Verdict.MOVED for moved in found) or all(
        moved.verdict is not Verdict.UNDECIDED for moved in found
    )


def _same_runs(old: Record, new: Record) -> bool:
    return [(each.plan, each.logs) for each in old.variants] == [(each.plan, each.logs) for each in new.variants]


def _exactly(path: Path, place: Path, old: Record, new: Record) -> RecordCheck:
    figures, hours, logs = moved_exactly(old, new), moved_hours(old, new), tuple(_other_logs(old, new))
    n = new.replications
    if not (figures or hours or logs):
        return RecordCheck(path, place, True, Verdict.SAME, "the same in every digit", n=n)
    many = f"{len(figures)} figure{'' if len(figures) == 1 else 's'} moved"
    why = f"{many}, {len(logs)} run log{'' if len(logs) == 1 else 's'} differ{'s' if len(logs) == 1 else ''}"
    return RecordCheck(path, place, True, Verdict.MOVED, why, culprits(old, new), figures, hours, logs, n)


def _other_logs(old: Record, new: Record) -> Iterator[str]:
    for before in old.variants:
        after = new.variant(before.name)
        for replication, (first, second) in enumerate(zip(before.logs, after.logs, strict=True) if after else ()):
            if first != second:
                yield f"{before.name}, replication {replication}"


def _statistically(path: Path, place: Path, old: Record, new: Record, found: tuple[Moved, ...]) -> RecordCheck:
    numbers = {verdict: sum(moved.verdict is verdict for moved in found) for verdict in Verdict}
    n = new.replications
    between = f"callsim {old.version} and {new.version}, {old.replications} and {n} replications"
    if not found:
        why = f"{between}: the record is too imprecise to judge any figure by; make one with more replications"
        return RecordCheck(path, place, False, Verdict.UNDECIDED, why, n=n)
    counted = ", ".join(f"{number} {verdict.value}" for verdict, number in numbers.items() if number)
    further = sum(figure.measure.kind != "maximum" for _, figure in old.figures()) - len(found)
    why = f"{between}: of {len(found)} figures judged by a margin, {counted}"
    if further:
        why += f"; {further} more are known too imprecisely for that, and have not moved for certain"
    if numbers[Verdict.SAME] == len(found):
        return RecordCheck(path, place, False, Verdict.SAME, why, n=n)
    verdict = Verdict.MOVED if numbers[Verdict.MOVED] else Verdict.UNDECIDED
    told = tuple(moved for moved in found if moved.verdict is not Verdict.SAME)
    return RecordCheck(path, place, False, verdict, why, culprits(old, new), told, moved_hours(old, new, True), n=n)


def _settings(experiment: Experiment, replications: Replications, **given: Any) -> Settings:
    return experiment_settings(experiment, replications=replications, by=(BREAKDOWN,), **given)


def _run(
    experiment: Experiment,
    settings: Settings,
    enough: Callable[[Record], bool] = lambda _: True,
    margins: Mapping[tuple[str, ...], Margin] | None = None,
) -> Record:
    """Simulate until it is enough, and return the record of it."""
    plans = check_experiment(experiment)
    scheme = next(iter(plans.values())).random_scheme
    replicated = replicate(
        plans, settings, lambda measures: enough(made(experiment, measures, settings, scheme, margins))
    )
    return made(experiment, replicated.measures, settings, scheme, margins)


def _margins(old: Record | None) -> dict[tuple[str, ...], Margin]:
    """Return the margins that somebody wrote into the record by hand."""
    if old is None:
        return {}
    return {
        (variant.name, *figure.key): figure.margin
        for variant, figure in old.figures()
        if figure.margin is not None and figure.margin != default_margin(figure.measure)
    }
