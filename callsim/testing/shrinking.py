"""Making a scenario smaller as long as it still shows what was found: a few lines can be worked out by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from callsim.errors import PlanError, ScenarioError
from callsim.plan.plan import Plan
from callsim.testing.drawing.centre import Draft
from callsim.testing.writing import plan_of

__all__ = ["shrunk"]


def shrunk(draft: Draft, fails: Callable[[Plan], bool], seconds: float = 20.0) -> Draft:
    """Return the smallest draft found that still fails.

    Parameters
    ----------
    draft : Draft
        One that fails.
    fails : callable
        Tells whether a plan shows the finding.
    seconds : float, optional
        CPU time to spend.

    Returns
    -------
    Draft
        Of which no single part can be taken away, if there was time enough to try.
    """
    until = time.process_time() + seconds
    smaller: Draft | None = draft
    while smaller is not None:
        draft, smaller = smaller, None
        for candidate in sorted(_smaller(draft), key=_size):
            if time.process_time() > until:
                return draft
            if _still_fails(candidate, fails):
                smaller = candidate
                break
    return draft


def _still_fails(draft: Draft, fails: Callable[[Plan], bool]) -> bool:
    try:
        plan = plan_of(draft)
    except (ScenarioError, PlanError):
        return False
    return fails(plan)


def _size(draft: Draft) -> int:
    """Return how long a draft is: what takes most away is tried first."""
    return len(str(draft.scenario)) + sum(map(len, draft.files.values()))


def _smaller(draft: Draft) -> Iterator[Draft]:
    """Yield the draft without one of its parts, and with shorter files."""
    written = str(draft.scenario)
    for name, text in draft.files.items():
        if name not in written:
            yield Draft(draft.scenario, {other: draft.files[other] for other in draft.files if other != name})
        lines = text.splitlines(keepends=True)
        for kept in (lines[: len(lines) // 2], lines[len(lines) // 2 :], lines[:-1], lines[1:]):
            if kept and len(kept) < len(lines):
                yield Draft(draft.scenario, {**draft.files, name: "".join(kept)})
        for i in range(len(lines) if len(lines) <= 12 else 0):
            yield Draft(draft.scenario, {**draft.files, name: "".join(lines[:i] + lines[i + 1 :])})
    for path in _paths(draft.scenario):
        yield Draft(_without(draft.scenario, path), draft.files)


def _paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything below a mapping or list."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _without(part: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy without what a way leads to; a name that is taken away is taken out of every list, too."""
    if isinstance(part, dict):
        rest = {key: value for key, value in part.items() if key != path[0]}
        if len(path) == 1:
            return rest
        return {key: _without(value, path[1:]) if key == path[0] else value for key, value in part.items()}
    return [
        _without(value, path[1:]) if i == path[0] else value
        for i, value in enumerate(part)
        if i != path[0] or len(path) > 1
    ]
