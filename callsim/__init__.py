"""callsim: simulate a call centre that is written down in YAML, and compare what would help.

``load`` a scenario, ``run`` it, ``compare`` variants. Importing the package loads nothing heavy: every
name below fetches its room when it is first used.

Examples
--------
>>> import callsim
>>> result = callsim.run("scenarios/textbook/erlang-a.yaml", replications=2)  # doctest: +SKIP
>>> print(result)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callsim.errors import (
        CallsimError,
        EngineError,
        InvariantBroken,
        LogFormatError,
        OutputError,
        PlanError,
        Problem,
        ScenarioError,
        UnstableSystem,
        UnsupportedFeature,
        VariantError,
    )
    from callsim.experiments.estimates import Row
    from callsim.experiments.records import RecordCheck, check_record, record_path
    from callsim.experiments.settings import Progress, Replications
    from callsim.measures import CATALOGUE, Measures
    from callsim.plan.plan import Plan
    from callsim.report.attribution import Attribution, attribute
    from callsim.report.checks import CheckResult
    from callsim.report.coverage_report import CoverageCosts, coverage_costs
    from callsim.report.manifest import Rerun, rerun
    from callsim.report.record_files import update_record
    from callsim.report.result import Comparison, Result
    from callsim.report.scorecard import Scorecard, scorecard
    from callsim.report.story import Story, story
    from callsim.report.theory_report import TheoryCheck
    from callsim.runlog import RunLog
    from callsim.scenario import (
        Experiment,
        Scenario,
        coverage,
        explain,
        load,
        load_experiment,
        reference_page,
        resolve,
        schema,
    )

__version__ = "0.1.0"

__all__ = [
    "CATALOGUE",
    "Attribution",
    "CallsimError",
    "CheckResult",
    "Comparison",
    "CoverageCosts",
    "EngineError",
    "Experiment",
    "InvariantBroken",
    "LogFormatError",
    "Measures",
    "OutputError",
    "Plan",
    "PlanError",
    "Problem",
    "RecordCheck",
    "Replications",
    "Rerun",
    "Result",
    "Row",
    "RunLog",
    "Scenario",
    "ScenarioError",
    "Scorecard",
    "Story",
    "TheoryCheck",
    "UnstableSystem",
    "UnsupportedFeature",
    "VariantError",
    "__version__",
    "attribute",
    "check",
    "check_against_theory",
    "check_record",
    "compare",
    "coverage",
    "coverage_costs",
    "explain",
    "load",
    "load_experiment",
    "record_path",
    "reference_page",
    "rerun",
    "resolve",
    "run",
    "schema",
    "scorecard",
    "story",
    "update_record",
    "validate",
]

_ROOMS = {
    "callsim.errors": (
        "CallsimError", "EngineError", "InvariantBroken", "LogFormatError", "OutputError", "PlanError", "Problem",
        "ScenarioError", "UnstableSystem", "UnsupportedFeature", "VariantError",
    ),
    "callsim.experiments.estimates": ("Row",),
    "callsim.experiments.records": ("RecordCheck", "check_record", "record_path"),
    "callsim.experiments.settings": ("Replications",),
    "callsim.measures": ("CATALOGUE", "Measures"),
    "callsim.plan.plan": ("Plan",),
    "callsim.report.attribution": ("Attribution", "attribute"),
    "callsim.report.checks": ("CheckResult",),
    "callsim.report.coverage_report": ("CoverageCosts", "coverage_costs"),
    "callsim.report.manifest": ("Rerun", "rerun"),
    "callsim.report.record_files": ("update_record",),
    "callsim.report.result": ("Comparison", "Result"),
    "callsim.report.story": ("Story", "story"),
    "callsim.report.scorecard": ("Scorecard", "scorecard"),
    "callsim.report.theory_report": ("TheoryCheck",),
    "callsim.runlog": ("RunLog",),
    "callsim.scenario": (
        "Experiment", "Scenario", "coverage", "explain", "load", "load_experiment", "reference_page", "resolve",
        "schema",
    ),
}  # fmt: skip
"""Where each name comes from; the rest is defined below."""


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room."""
    for room, names in _ROOMS.items():
        if name in names:
            value = getattr(import_module(room), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'callsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *__all__})


def run(
    scenario: Scenario | str | Path,
    *,
    seed: int | None = None,
    replications: int | Replications | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    engine: Literal["auto", "simpy", "compiled"] | None = None,
    changes: Iterable[str] = (),
    by: Iterable[str] = (),
    measures: Iterable[str] = (),
    level: float | None = None,
    keep_logs: bool = False,
    save_logs: str | Path | None = None,
    keep_on_interrupt: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Simulate a scenario as often as it says and estimate every measure.

    Parameters
    ----------
    scenario : Scenario or path
        From `load`, or the file to load.
    seed : int, optional
        Of all draws; default: the scenario's.
    replications : int or Replications, optional
        How many runs, or how precise; default: the scenario's.
    workers : int, optional
        Worker processes or threads; default: one for each core, none for a small job. Results do not depend on it.
    executor : concurrent.futures.Executor, optional
        Where replications run instead.
    engine : {"auto", "simpy", "compiled"}, optional
        Who simulates; default: auto, whichever is sooner done. Results do not depend on it.
    changes : iterable of str
        Such as ``"agents.team.heads=12"``; only with a path.
    by : iterable of str
        ``interval``, ``hour_of_week``: further rows.
    measures : iterable of str
        Names of the measures that are wanted; none: all.
    level : float, optional
        Confidence level; default: the scenario's.
    keep_logs : bool
        Keep every run log in the result (memory!).
    save_logs : path, optional
        Folder, which exists, for the logs.
    keep_on_interrupt : bool
        On Ctrl-C return what is finished instead of raising KeyboardInterrupt.
    progress : callable, optional
        Called with (finished, in all) after each replication.

    Returns
    -------
    Result
        Rows, table, files, data frames.

    Raises
    ------
    ScenarioError
        If the scenario is wrong; holds all its problems.
    CallsimError
        If a setting makes no sense or a replication fails.
    """
    from callsim.experiments.run import run as find
    from callsim.experiments.run import settings_of
    from callsim.report.result import Result

    loaded = _loaded(scenario, changes)
    settings = settings_of(
        loaded, seed=seed, replications=replications, workers=workers, executor=executor, engine=engine,
        by=tuple(by), measures=tuple(measures), level=level, keep_logs=keep_logs, save_logs=_folder(save_logs),
        keep_on_interrupt=keep_on_interrupt, progress=progress,
    )  # fmt: skip
    return Result(find(loaded, settings))


def compare(
    experiment: Experiment | str | Path,
    *,
    seed: int | None = None,
    replications: int | Replications | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    engine: Literal["auto", "simpy", "compiled"] | None = None,
    changes: Iterable[str] = (),
    by: Iterable[str] = (),
    measures: Iterable[str] = (),
    level: float | None = None,
    keep_logs: bool = False,
    save_logs: str | Path | None = None,
    keep_on_interrupt: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Simulate a base scenario and its variants under the same callers and estimate every difference.

    Parameters
    ----------
    experiment : Experiment or path
        From `load_experiment`, or the file to load.
    seed, replications, workers, executor, engine, changes, by, measures, level
        As for `run`; defaults are the experiment's, then the base scenario's.
    keep_logs, save_logs, keep_on_interrupt, progress
        As for `run`.

    Returns
    -------
    Comparison
        Rows of every variant and of the paired differences to the base.

    Raises
    ------
    ScenarioError
        If a variant is wrong; holds all problems of all variants.
    CallsimError
        If a setting makes no sense or a replication fails.
    """
    from callsim.experiments.compare import compare as find
    from callsim.experiments.compare import experiment_settings
    from callsim.report.result import Comparison
    from callsim.scenario import load_experiment

    loaded = load_experiment(experiment, tuple(changes)) if isinstance(experiment, str | Path) else experiment
    settings = experiment_settings(
        loaded, seed=seed, replications=replications, workers=workers, executor=executor, engine=engine,
        by=tuple(by), measures=tuple(measures), level=level, keep_logs=keep_logs, save_logs=_folder(save_logs),
        keep_on_interrupt=keep_on_interrupt, progress=progress,
    )  # fmt: skip
    return Comparison(find(loaded, settings))


def check(
    scenario: Experiment | Scenario | str | Path,
    *,
    seed: int | None = None,
    level: float | None = None,
    at_least: int | None = None,
    at_most: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    changes: Iterable[str] = (),
    keep_on_interrupt: bool = False,
    progress: Progress | None = None,
) -> CheckResult:
    """Simulate until everything that a file expects is met or missed, or the replications are used up.

    A record that stands beside the file is compared as well, unless there are changes.

    Parameters
    ----------
    scenario : Experiment, Scenario or path
        What says ``expect``: a scenario, or a comparison with what it expects of its variants.
    seed : int, optional
        Of all draws; default: the file's.
    level : float, optional
        Probability, at the least, that none of the verdicts is wrong; default: what the file says under ``check``,
        else 0.99.
    at_least, at_most : int, optional
        Replications before the first look, and at the most; default: as the file says, else 8 and 128.
    workers, executor, changes, keep_on_interrupt, progress
        As for `run`.

    Returns
    -------
    CheckResult
        A verdict on each expectation, a table, a line for logs.

    Raises
    ------
    ScenarioError
        If the scenario or what it expects is wrong; holds all its problems.
    CallsimError
        If nothing is expected or recorded, a setting makes no sense, or a replication fails.
    """
    from callsim.experiments.check import as_experiment, check_settings
    from callsim.experiments.check import check as find
    from callsim.experiments.records import check_record, record_path
    from callsim.report.checks import CheckResult
    from callsim.scenario import Experiment, load_experiment

    recorded = None
    if isinstance(scenario, str | Path):
        changes = tuple(changes)
        loaded = load_experiment(scenario, changes)
        if record_path(scenario).exists() and not changes:
            recorded = partial(check_record, scenario, seed=seed, workers=workers, executor=executor)
    else:
        loaded = scenario if isinstance(scenario, Experiment) else as_experiment(_loaded(scenario, changes))
    settings = check_settings(
        loaded, level=level, at_least=at_least, at_most=at_most, seed=seed, workers=workers, executor=executor,
        keep_on_interrupt=keep_on_interrupt, progress=progress,
    )  # fmt: skip
    return CheckResult(find(loaded, settings, recorded))


def check_against_theory(scenario: Scenario | str | Path, **settings: Any) -> TheoryCheck:
    """Put what Erlang B, C and A would answer for each queue beside what is simulated.

    Parameters
    ----------
    scenario : Scenario or path
        From `load`, or the file to load.
    **settings
        As for `run`.

    Returns
    -------
    TheoryCheck
        The figures of each queue, and what of the scenario the formulas cannot see.
    """
    from callsim.experiments.theory_check import check
    from callsim.report.theory_report import TheoryCheck

    loaded = _loaded(scenario, settings.pop("changes", ()))
    return TheoryCheck(check(run(loaded, **settings).findings))


def validate(path: str | Path, changes: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Return everything that is wrong with a scenario or an experiment; empty if it can be run.

    Parameters
    ----------
    path : path
        A scenario, or an experiment: then its base and all its variants are checked.
    changes : iterable of str
        As for `load`.
    """
    from callsim.errors import ScenarioError
    from callsim.experiments.attribute import check_attribution
    from callsim.experiments.compare import check_experiment
    from callsim.scenario import load_experiment

    try:
        experiment = load_experiment(path, tuple(changes))
        check_experiment(experiment)
        check_attribution(experiment)
    except ScenarioError as error:
        return tuple(error.problems)
    return ()


def _loaded(scenario: Scenario | str | Path, changes: Iterable[str]) -> Scenario:
    from callsim.errors import CallsimError
    from callsim.scenario import load

    if isinstance(scenario, str | Path):
        return load(scenario, tuple(changes))
    if tuple(changes):
        raise CallsimError("changes: they are applied to a file; give them to `load` together with its path")
    return scenario


def _folder(path: str | Path | None) -> Path | None:
    from callsim.report.output import check_folder

    if path is None:
        return None
    folder = Path(path)
    check_folder(folder)
    return folder
