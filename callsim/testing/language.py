"""Which keys of the scenario language random scenarios write: a new key that no drawing knows is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from callsim.scenario.models import Scenario
from callsim.scenario.models.base import Section
from callsim.testing.drawing.centre import Draft

__all__ = ["NOT_WRITTEN", "unwritten"]

NOT_WRITTEN = {
    "Calls.from_volumes": "written as the words that stand for it",
    "Columns.date": "another way to write the start of an interval",
    "Columns.time": "another way to write the start of an interval",
    "Meeting.days": "a run lasts less than two days",
    "Queue.closed_on": "a run lasts less than two days",
    "Run.level": "for experiments, not for an engine",
    "Run.replications": "for experiments, not for an engine",
    "Run.seed": "for experiments, not for an engine",
    "Scenario.about": "for people",
    "Scenario.callers: defaults": "spread over the streams before anything is resolved",
    "Scenario.check": "for experiments, not for an engine",
    "Scenario.expect": "for experiments, not for an engine",
    "Scenario.format": "one version only",
    "Scenario.money": "money, which no engine sees",
    "Scenario.name": "for people",
    "Scenario.transfers": "written as the reasons themselves; the columns of the plan tell what is missing",
    "Shift.days": "a run lasts less than two days",
    "Staffing.hours": "written as the hours themselves",
    "Volumes.reads": "the form of a file, which no engine sees",
}
"""Keys that random scenarios need not write, with all that is below them, and why."""


def unwritten(drafts: Iterable[Draft]) -> list[str]:
    """Return the keys of the language that none of the drafts writes though nothing excuses them.

    Parameters
    ----------
    drafts : iterable of Draft
        `callsim.testing.drawing.centre.draw_scenario`.

    Returns
    -------
    list of str
        As "Model.key", sorted.
    """
    found: set[str] = set()
    for draft in drafts:
        found.update(_written(Scenario, draft.scenario))
    return sorted(set(_known(Scenario, set())) - found)


def _known(model: type[Section], seen: set[type[Section]]) -> Iterator[str]:
    """Yield the keys of a model and of all below it that nothing excuses."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        key = f"{model.__name__}.{field.alias or name}"
        if key in NOT_WRITTEN:
            continue
        yield key
        for inner in _models(field.annotation):
            yield from _known(inner, seen)


def _written(model: type[Section], part: Any) -> Iterator[str]:
    """Yield the keys of a model that are written in a part of a scenario."""
    if not isinstance(part, dict):
        return
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key not in part:
            continue
        yield f"{model.__name__}.{key}"
        value, named = part[key], str(field.annotation).startswith("dict[")
        for inner in _models(field.annotation):
            parts = (
                value.values() if named and isinstance(value, dict) else value if isinstance(value, list) else [value]
            )
            for one in parts:
                yield from _written(inner, one)


def _models(annotation: Any) -> list[type[Section]]:
    """Return the models that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models(argument)]
