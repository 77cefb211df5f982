"""Does a scenario do what it is expected to do? Replications are added until that is decided, or the budget ends.

Every verdict rests on looks that were planned beforehand: after 8, 16, 32 .. replications. All looks and all
expectations of a file share the error that its level leaves (`callsim.stats.deciding`), so that with the default
level of 99 % at most one file in a hundred gets a wrong verdict, and fewer where figures are not just on their bounds.
Variants that are compared are run together, under the same callers; others only as long as they need it themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from callsim.errors import CallsimError
from callsim.experiments.compare import check_experiment, experiment_settings
from callsim.experiments.expectations import Expectation, Outcome, Verdict, compared, decide, expectations_of
from callsim.experiments.records import RecordCheck
from callsim.experiments.replicate import Replicated, replicate
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from callsim.stats import Estimate, levels_of_looks, looks

if TYPE_CHECKING:
    from callsim.scenario import Experiment, Scenario

__all__ = ["Check", "as_experiment", "check", "check_settings"]

_FEWEST_TO_DECIDE = 2
_STOPPED = "stopped before it could be decided"


@dataclass(frozen=True)
class Check:
    """The answer to `check`."""

    name: str
    base: str
    """The variant whose expectations come first."""
    file: str
    """As it was named."""
    expectations: tuple[Verdict, ...]
    """In the order of the variants, and of the lines of each."""
    level: float
    """Probability, at the least, that no verdict is wrong."""
    looks: tuple[int, ...]
    """Numbers of replications after which was looked, or would have been."""
    seed: int
    interrupted: bool
    """Ctrl-C came before everything was decided or the budget ended."""
    runs: tuple[Replicated, ...]
    """The evidence: one for each group of variants that are compared with one another."""
    record: RecordCheck | None = None
    """The comparison with recorded results, None if there is no record."""

    @property
    def outcome(self) -> Outcome:
        """MISSED if anything is, else UNDECIDED if anything is, else MET."""
        found = {verdict.outcome for verdict in self.expectations}
        if Outcome.MISSED in found or (self.record is not None and not self.record.ok):
            return Outcome.MISSED
        return Outcome.UNDECIDED if Outcome.UNDECIDED in found else Outcome.MET


def as_experiment(scenario: Scenario) -> Experiment:
    """Return a scenario as a comparison of nothing: of the variants in its file it knows nothing."""
    from callsim.scenario import Experiment

    run = scenario.run
    return Experiment(
        name=scenario.name, about=scenario.about, base=scenario, variants=(), show=(), replications=run.replications,
        seed=run.seed, level=run.level, source=scenario.source,
    )  # fmt: skip


def check_settings(
    experiment: Experiment,
    *,
    level: float | None = None,
    at_least: int | None = None,
    at_most: int | None = None,
    **given: Any,
) -> Settings:
    """Return how a check is run, as its file says or as was given instead.

    Parameters
    ----------
    experiment : Experiment
        What is checked.
    level : float, optional
        Probability that no verdict is wrong.
    at_least, at_most : int, optional
        Replications before the first look, and at the most.
    **given
        Other fields of `Settings`.

    Raises
    ------
    CallsimError
        If a value makes no sense.
    """
    rules = experiment.base.check
    first, last = rules.at_least if at_least is None else at_least, rules.at_most if at_most is None else at_most
    if min(first, last) < _FEWEST_TO_DECIDE:
        raise CallsimError(
            f"check: found at least {first}, at most {last} replications; one has no interval, so nothing could be "
            f"decided; write {_FEWEST_TO_DECIDE} or more"
        )
    planned = looks(first, last)
    replications = Replications(planned[0], last, looks=planned)
    return experiment_settings(
        experiment, level=rules.level if level is None else level, replications=replications, **given
    )


def check(experiment: Experiment, settings: Settings, recorded: Callable[[], RecordCheck] | None = None) -> Check:
    """Decide what a scenario, or a comparison, is expected to do.

    Parameters
    ----------
    experiment : Experiment
        The base and its variants; those of which nothing is expected and with which nothing is compared are not run.
    settings : Settings
        How; see `check_settings`.
    recorded : callable, optional
        Compares with the recorded results, after the expectations; None: there are none.

    Returns
    -------
    Check
        The same for any number of workers.

    Raises
    ------
    CallsimError
        If nothing is expected or recorded, a variant cannot be resolved or compared, or a replication fails.
    """
    plans = check_experiment(experiment)
    expectations = expectations_of(experiment)
    if not expectations and recorded is None:
        raise CallsimError(
            f"{experiment.source.file}: found no expectations and no record; a check needs one of them; write "
            "expectations under expect, such as expect: [abandonment_ratio <= 5%], or a record with --update"
        )
    groups = compared(expectations)
    decisions = max(1, sum(expectation.decisions for expectation in expectations))
    planned = settings.replications.looks
    levels = dict(zip(planned, levels_of_looks(settings.level, planned, decisions), strict=True))
    verdicts: dict[int, Verdict] = {}
    runs: list[Replicated] = []
    for place, (names, members) in enumerate(groups):
        judge = _Judge({i: expectations[i] for i in members}, levels)
        if not (runs and runs[-1].interrupted):
            mine = {name: plan for name, plan in plans.items() if name in names}
            later = sum(len(others) for others, _ in groups[place + 1 :])
            runs.append(replicate(mine, _counted_on(settings, runs, later), judge))
            judge.look_once_more(runs[-1].measures)
        verdicts |= judge.verdicts()
    return Check(
        name=experiment.name,
        base=experiment.base.name,
        file=experiment.source.file,
        expectations=tuple(verdicts[i] for i in range(len(expectations))),
        level=settings.level,
        looks=settings.replications.looks,
        seed=settings.seed,
        interrupted=any(run.interrupted for run in runs),
        runs=tuple(runs),
        record=None if recorded is None or any(run.interrupted for run in runs) else recorded(),
    )


class _Judge:
    """Decides what is expected of a group of variants, look by look; a verdict stands once it is reached."""

    def __init__(self, expectations: Mapping[int, Expectation], levels: Mapping[int, float]) -> None:
        self._expectations = expectations
        self._levels = levels
        self._found: dict[int, Verdict] = {}

    def __call__(self, measures: Mapping[str, tuple[Measures, ...]]) -> bool:
        """Look, and return whether everything is decided."""
        level = self._levels[_replications(measures)]
        for i, expectation in self._expectations.items():
            if i not in self._found or self._found[i].outcome is Outcome.UNDECIDED:
                self._found[i] = decide(expectation, measures, level)
        return all(self._found[i].outcome is not Outcome.UNDECIDED for i in self._expectations)

    def look_once_more(self, measures: Mapping[str, Sequence[Measures]]) -> None:
        """Take up what came after the last look, before Ctrl-C: it shows how far things stood and decides nothing."""
        n = _replications(measures)
        level = next(level for look, level in self._levels.items() if look >= n)
        for i, expectation in self._expectations.items():
            found = self._found.get(i)
            if n and (found is None or (found.outcome is Outcome.UNDECIDED and found.estimate.n < n)):
                now = decide(expectation, measures, level)
                self._found[i] = replace(now, outcome=Outcome.UNDECIDED, reason=now.reason or _STOPPED)

    def verdicts(self) -> dict[int, Verdict]:
        """Return what was found, by position."""
        nothing = Estimate(None, None, next(iter(self._levels.values())), 0, _STOPPED)
        return {
            i: self._found.get(i, Verdict(expectation, Outcome.UNDECIDED, nothing, _STOPPED))
            for i, expectation in self._expectations.items()
        }


def _replications(measures: Mapping[str, Sequence[Measures]]) -> int:
    return len(next(iter(measures.values())))


def _counted_on(settings: Settings, runs: Sequence[Replicated], later: int) -> Settings:
    """Return the settings with a progress that goes on from the groups done, and knows of ``later`` variants."""
    tell = settings.progress
    if tell is None:
        return settings
    done = sum(run.n * len(run.plans) for run in runs)
    to_come = later * settings.replications.at_most
    return replace(settings, progress=lambda finished, in_all: tell(done + finished, done + in_all + to_come))
