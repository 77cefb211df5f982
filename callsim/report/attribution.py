"""`callsim.attribute` and what it gives back in Python: what each remedy is worth, a table, and files."""

from __future__ import annotations

import csv as csv_files
import io
import json as json_files
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from callsim.errors import CallsimError
from callsim.experiments.acting import Order
from callsim.experiments.attribute import Attributed, Figure, RemedyWorth, attribute_settings, question_of
from callsim.experiments.attribute import attribute as find
from callsim.report.attribution_report import attribution_report
from callsim.report.output import check_place, write_all
from callsim.report.table import Report, draw_report
from callsim.scenario import load_experiment
from callsim.stats import Estimate

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from callsim.experiments.settings import Progress, Replications
    from callsim.scenario import Experiment

__all__ = ["COLUMNS", "Attribution", "attribute"]

COLUMNS = ("figure", "remedy", "what", "value", "half_width", "level", "n", "unit", "reason")
"""The columns of the CSV file: one estimate a row; ``remedy`` is empty for what all of them come to."""


class Attribution:
    """What each remedy of an experiment is worth; made by `callsim.attribute`. Printing it shows its table.

    Parameters
    ----------
    found : Attributed
        The figures and the evidence behind them.
    """

    def __init__(self, found: Attributed) -> None:
        self.found = found

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What was asked for: each figure with the worth of every remedy and the order in which to act."""
        return self.found.figures

    @property
    def remedies(self) -> tuple[str, ...]:
        """The names of the remedies, in the order of writing."""
        return self.found.question.remedies

    @property
    def n(self) -> int:
        """Replications that every combination finished."""
        return self.found.n

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came before the last replication."""
        return self.found.interrupted

    def figure(self, name: str = "") -> Figure:
        """Return one figure.

        Parameters
        ----------
        name : str
            As it was asked for, such as ``abandonment_ratio(billing)``; empty: the first.

        Raises
        ------
        CallsimError
            If it was not asked for or has no value.
        """
        for each in self.figures:
            if not name or str(each.shown) == name:
                return each
        known = ", ".join(str(each.shown) for each in self.figures)
        raise CallsimError(f"{self.found.name}: there is no figure {name!r}; figures are: {known or 'none'}")

    def worth(self, remedy: str, figure: str = "") -> RemedyWorth:
        """Return what one remedy is worth to a figure, the first by default.

        Raises
        ------
        CallsimError
            If there is no such remedy or figure.
        """
        for each in self.figure(figure).remedies:
            if each.remedy == remedy:
                return each
        raise CallsimError(
            f"{self.found.name}: there is no remedy {remedy!r}; remedies are: {', '.join(self.remedies)}"
        )

    def report(self) -> Report:
        """Return what is shown, as a value."""
        return attribution_report(self.found)

    def table(self, width: int = 80) -> str:
        """Return what is shown, as text no wider than ``width``."""
        return draw_report(self.report(), width)

    def __str__(self) -> str:
        """Return the table at 80 columns."""
        return self.table()

    def __repr__(self) -> str:
        """Return what it is in one line."""
        return f"<Attribution {self.found.name!r}: {len(self.remedies)} remedies, {self.n} replications>"

    def to_record(self) -> dict[str, Any]:
        """Return everything as a mapping, as it stands in the JSON file."""
        found = self.found
        return {
            "name": found.name,
            "base": found.base,
            "remedies": list(self.remedies),
            "costs": None if found.question.costs is None else dict(found.question.costs),
            "combinations": found.sets,
            "systems": found.systems,
            "sampled_orders": found.orders,
            "replications": found.n,
            "interrupted": found.interrupted,
            "seed": found.seed,
            "level": found.level,
            "figures": [_figure_record(each) for each in found.figures],
            "without_value": [str(each) for each in found.without_value],
            "plan": found.digest,
            "logs": found.logs,
            "callsim": version("callsim"),
        }

    def to_records(self) -> list[dict[str, Any]]:
        """Return one mapping for each estimate, as they stand in the CSV file; see `COLUMNS`."""
        return [row for each in self.figures for row in _rows(each)]

    def json_text(self) -> str:
        """Return the JSON file."""
        return json_files.dumps(self.to_record(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def write(self, json: Path | None = None, csv: Path | None = None) -> None:
        """Write files: all of them, or none if one cannot be written.

        Raises
        ------
        OutputError
            If a folder does not exist or a file cannot be written.
        """
        contents = {}
        if json is not None:
            contents[Path(json)] = self.json_text().encode()
        if csv is not None:
            contents[Path(csv)] = _csv_text(self.to_records()).encode()
        for place in contents:
            check_place(place)
        write_all(contents)


def attribute(
    experiment: Experiment | str | Path,
    *,
    remedies: Iterable[str] = (),
    of: Iterable[str] = (),
    costs: Mapping[str, float] | None = None,
    permutations: int | None = None,
    seed: int | None = None,
    replications: int | Replications | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    engine: Literal["auto", "simpy", "compiled"] | None = None,
    changes: Iterable[str] = (),
    level: float | None = None,
    keep_on_interrupt: bool = False,
    progress: Progress | None = None,
) -> Attribution:
    """Find out what each remedy of an experiment is worth: alone, last in, by its Shapley value, and where to begin.

    Parameters
    ----------
    experiment : Experiment or path
        From `load_experiment`, or the file to load. Its remedies are variants with set, scale, add or remove.
    remedies : iterable of str
        Names of variants; default: as the file says under ``attribute``, else all of them.
    of : iterable of str
        Measures, such as ``abandonment_ratio`` or ``mean_wait(billing)``; default: as the file says, else the usual.
    costs : mapping of str to float, optional
        What each remedy costs a week; default: as the file says. Empty: unknown.
    permutations : int, optional
        With more than 8 remedies, the orders that are sampled; default: as the file says, else 64.
    seed, replications, workers, executor, engine, changes, level
        As for `run`; defaults are the experiment's, then the base scenario's.
    keep_on_interrupt, progress
        As for `run`.

    Returns
    -------
    Attribution
        The worth of each remedy to each figure, a table, files.

    Raises
    ------
    ScenarioError
        If the experiment is wrong, or two remedies cannot be combined.
    CallsimError
        If a setting makes no sense or a replication fails.
    """
    loaded = load_experiment(experiment, tuple(changes)) if isinstance(experiment, str | Path) else experiment
    question = question_of(loaded, tuple(remedies), tuple(of), costs, permutations)
    settings = attribute_settings(
        loaded, seed=seed, replications=replications, workers=workers, executor=executor, engine=engine, level=level,
        keep_on_interrupt=keep_on_interrupt, progress=progress,
    )  # fmt: skip
    return Attribution(find(loaded, question, settings))


def _estimate(estimate: Estimate) -> dict[str, Any]:
    record: dict[str, Any] = {"value": estimate.value, "half_width": estimate.half_width}
    if estimate.value is None or estimate.half_width is None:
        record["reason"] = estimate.reason
    return record


def _figure_record(told: Figure) -> dict[str, Any]:
    return {
        "name": told.shown.name,
        "scope": dict(told.shown.scope),
        "unit": told.measure.unit,
        "definition": told.measure.definition,
        "estimator": "mean over replications of the figure of each",
        "gain": "increase" if told.more_is_better else "decrease",
        "n": told.n,
        "base": _estimate(told.base),
        "together": _estimate(told.together),
        "total": _estimate(told.total),
        "sum_of_alone": _estimate(told.alone_sum),
        "interaction": _estimate(told.interaction),
        "remedies": [_remedy_record(each) for each in told.remedies],
        "order": _order_record(told.order),
    }


def _remedy_record(worth: RemedyWorth) -> dict[str, Any]:
    shapley = _estimate(worth.shapley)
    if worth.sampling_half_width is not None:
        shapley["sampling_half_width"] = worth.sampling_half_width
    return {
        "remedy": worth.remedy,
        "alone": _estimate(worth.alone),
        "last_in": _estimate(worth.last_in),
        "shapley": shapley,
        "share": _estimate(worth.share),
        "makes_worse_alone": worth.makes_worse,
        "side_effects_alone": {
            effect.name: {"before": effect.before, "after": effect.after, "sure": effect.is_sure}
            for effect in worth.side_effects
        },
    }


def _order_record(order: Order) -> dict[str, Any]:
    return {
        "by": "Shapley value" if order.by_shapley else "gain given those before",
        "steps": [
            {
                "remedies": list(step.remedies),
                "gain": _estimate(step.gain),
                "gain_so_far": _estimate(step.gain_so_far),
                "cost": step.cost,
                "cost_so_far": step.cost_so_far,
                "tied_with": list(step.tied),
            }
            for step in order.steps
        ],
        "no_further_gain": list(order.idle),
        "never_any_gain": list(order.never),
    }


def _rows(told: Figure) -> Iterator[dict[str, Any]]:
    """Yield the estimates of one figure, those of the whole first."""
    unit = told.measure.unit
    whole = {
        "base": told.base,
        "together": told.together,
        "total": told.total,
        "sum_of_alone": told.alone_sum,
        "interaction": told.interaction,
    }
    for what, estimate in whole.items():
        yield _row(told, "", what, estimate, unit)
    for each in told.remedies:
        parts = {"alone": each.alone, "last_in": each.last_in, "shapley": each.shapley, "share": each.share}
        for what, estimate in parts.items():
            yield _row(told, each.remedy, what, estimate, "1" if what == "share" else unit)
    for place, step in enumerate(told.order.steps, start=1):
        yield _row(told, " + ".join(step.remedies), f"step_{place}", step.gain, unit)


def _row(told: Figure, remedy: str, what: str, estimate: Estimate, unit: str) -> dict[str, Any]:
    cells = (str(told.shown), remedy, what, estimate.value, estimate.half_width, estimate.level, estimate.n, unit)
    return dict(zip(COLUMNS, (*cells, estimate.reason), strict=True))


def _csv_text(rows: list[dict[str, Any]]) -> str:
    """Return the rows as comma-separated values; text beyond ASCII gets a byte order mark, for spreadsheets."""
    out = io.StringIO(newline="")
    writer = csv_files.DictWriter(out, list(COLUMNS))
    writer.writeheader()
    writer.writerows(rows)
    text = out.getvalue()
    return text if text.isascii() else "\ufeff" + text
