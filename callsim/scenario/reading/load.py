"""Loading: from a file (and those it extends) to a checked scenario, or to all its problems at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from callsim.errors import Problem, ScenarioError, VariantError
from callsim.scenario.models import Scenario
from callsim.scenario.reading import tree
from callsim.scenario.reading.consistency import contradictions
from callsim.scenario.reading.misspelt import mended
from callsim.scenario.reading.overlay import fill_names, merge, spread_defaults
from callsim.scenario.reading.source import Change, Node, Place, Source, WrittenText, plain

__all__ = ["Origin", "apply_settings", "build", "load", "read_file"]

_EXPERIMENT_KEYS = ("base", "show", "replications", "seed", "level", "variants", "sweep", "attribute")
"""Top-level keys that compare scenarios; a scenario is loaded without them."""


@dataclasses.dataclass(frozen=True)
class Origin:
    """A file as read, with what it extends merged in."""

    path: Path
    shown: str
    root: Node
    """Without the keys of an experiment."""
    extras: Node
    """The keys of an experiment that the file itself has."""
    problems: tuple[Problem, ...]
    """What is wrong although the tree is usable."""


def load(path: str | Path, changes: Sequence[str] = ()) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    path : str or Path
        A YAML file.
    changes : sequence of str
        ``"path=value"`` each, as with ``--set``: ``"agents.team.heads=12"``; applied in order.

    Returns
    -------
    Scenario
        Checked as far as names and values go. `callsim.scenario.resolving.resolve` checks the rest.

    Raises
    ------
    ScenarioError
        With every problem that was found. A `VariantError` if the changes alone are wrong.
    """
    origin = read_file(path)
    if origin.extras.child("base") is not None:
        source = Source(origin.extras, origin.shown)
        rule = "this file compares scenarios, and is none itself"
        raise ScenarioError(
            [source.problem(("base",), "the key 'base'", rule, "compare it, or name its base", key=True)]
        )
    root, done = apply_settings(origin.root, changes)
    return build(root, origin, changes=done)


def read_file(path: str | Path, chain: tuple[Path, ...] = ()) -> Origin:
    """Read a file and what it extends.

    Parameters
    ----------
    path : str or Path
        A YAML file.
    chain : tuple of Path
        The files that lead here by `extends`, to find rings.

    Raises
    ------
    ScenarioError
        If a file of the chain cannot be read.
    """
    path = Path(path)
    shown = str(path)
    root, problems = tree.read(path, shown)
    if root.entries is None:
        place = root.place
        found = "a list" if root.items is not None else f"{root.text!r}"
        rule = "a scenario is a mapping of run, callers, queues, agents"
        raise ScenarioError([*problems, Problem(place.file, place.line, place.column, "", found, rule)])
    extras = _only(root, lambda key: key in _EXPERIMENT_KEYS)
    own = _only(root, lambda key: key not in _EXPERIMENT_KEYS and key != "extends")
    extends = root.entries.get("extends")
    if extends is None:
        return Origin(path, shown, own, extras, tuple(problems))
    base = _read_base(extends, path, root, (*chain, path.resolve()))
    return Origin(path, shown, merge(base.root, own), extras, (*base.problems, *problems))


def _only(root: Node, wanted: object) -> Node:
    """Return a mapping with the keys that are wanted."""
    assert root.entries is not None
    assert callable(wanted)
    entries = {key: node for key, node in root.entries.items() if wanted(key)}
    return dataclasses.replace(root, entries=entries)


def _read_base(extends: Node, path: Path, root: Node, chain: tuple[Path, ...]) -> Origin:
    """Read the file that another one extends."""
    source = Source(root, str(path))
    if extends.kind != "value" or not isinstance(extends.value, str):
        rule = "extends names one file"
        raise ScenarioError([source.problem(("extends",), f"a {extends.kind}", rule, "write extends: base.yaml")])
    base = path.parent / extends.value
    if base.resolve() in chain:
        ring = [*(file.name for file in chain[chain.index(base.resolve()) :]), base.name]
        rule = f"the files extend each other in a ring: {' -> '.join(ring)}"
        raise ScenarioError([source.problem(("extends",), repr(extends.value), rule, "let one of them stand alone")])
    if not base.is_file():
        advice = "write the path from the folder of this file"
        raise ScenarioError([source.problem(("extends",), repr(extends.value), "there is no such file", advice)])
    return read_file(base, chain)


def apply_settings(root: Node, changes: Sequence[str]) -> tuple[Node, tuple[Change, ...]]:
    """Apply changes such as ``"agents.team.heads=12"``.

    Returns
    -------
    (Node, tuple of Change)
        The changed tree and what was changed.

    Raises
    ------
    VariantError
        If a change is no ``path=value``, or its path leads nowhere.
    """
    if not changes:
        return root, ()
    from callsim.scenario.reading.editor import Editor

    editor = Editor(root)
    for change in changes:
        path, equals, text = change.partition("=")
        place = Place(f"--set {change}", 0, 0)
        if not equals or not path.strip() or not text.strip():
            found, rule = repr(change), "a change is path=value"
            problem = Problem("--set", 0, 0, "", found, rule, "write it like agents.team.heads=12")
            editor.problems.append(problem)
            continue
        try:
            value, problems = tree.parse(text, place.file, placed=False)
        except ScenarioError as error:
            editor.problems.extend(dataclasses.replace(p, path=path.strip()) for p in error.problems)
            continue
        editor.problems.extend(problems)
        editor.set(path.strip(), value, place)
    if editor.problems:
        raise VariantError(editor.problems)
    return editor.root, tuple(editor.changes)


def build(
    root: Node,
    origin: Origin,
    *,
    changes: tuple[Change, ...] = (),
    problems: Sequence[Problem] = (),
    label: str = "",
    name: str | None = None,
) -> Scenario:
    """Return the scenario of a tree.

    Parameters
    ----------
    root : Node
        The tree, all overlays applied except `defaults`.
    origin : Origin
        Where it comes from; its problems are reported too.
    changes : tuple of Change
        What overlays changed.
    problems : sequence of Problem
        Further problems to report with those found here.
    label : str
        Stands before the paths in messages.
    name : str, optional
        The scenario's name instead of the written one.

    Raises
    ------
    ScenarioError
        With every problem, sorted by place.
    """
    strange = _reserved(root)
    full = fill_names(spread_defaults(root), origin.path.stem)
    source = Source(full, origin.shown, changes, label)
    named = None if name is None else WrittenText(name, origin.path.parent)
    found = [*origin.problems, *problems, *(source.problem(way, *text, key=True) for way, *text in strange)]
    outcome = _validated(source, named)
    if isinstance(outcome, ValidationError):
        found += _wrong(outcome, source, named)
    else:
        found += contradictions(source)
    if found or isinstance(outcome, ValidationError):
        raise ScenarioError(_distinct(found))
    outcome._source = source
    return outcome


def _validated(source: Source, named: WrittenText | None) -> Scenario | ValidationError:
    """Return the scenario of a tree, with this name if there is one; or what the models find wrong in it."""
    data = plain(source.root)
    if named is not None:
        data["name"] = named
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        return error


def _wrong(outcome: Scenario | ValidationError, source: Source, named: WrittenText | None) -> list[Problem]:
    """Return all that is wrong in a tree; where keys are misspelt, these, and what would be wrong without that."""
    from callsim.scenario.reading.translate import NO_MEANING, misspelt, translate

    unknown: list[Problem] = []
    while isinstance(outcome, ValidationError):
        found, meant = translate(outcome, source), misspelt(outcome, source)
        if not meant:
            return [*unknown, *found, *contradictions(source)]
        # Below a key that is mended further ones may be found.
        unknown += [problem for problem in found if problem.rule == NO_MEANING]
        source = dataclasses.replace(source, root=mended(source.root, meant))
        outcome = _validated(source, named)
    return [*unknown, *contradictions(source)]


def _reserved(root: Node) -> list[tuple[tuple[str, ...], str, str, str]]:
    """Return the keys that we use ourselves, if somebody wrote them."""
    own = "callers: defaults"
    if root.child(own) is None:
        return []
    return [((own,), f"the key {own!r}", "there is no such key", "write defaults under callers")]


def _distinct(problems: Sequence[Problem]) -> list[Problem]:
    """Return each problem once: `defaults` with an error would report it for every name."""
    seen: dict[tuple[str, int, int, str, str], Problem] = {}
    for problem in problems:
        key = (problem.file, problem.line, problem.column, problem.found, problem.rule)
        seen.setdefault(key if problem.line else (*key[:3], problem.path + problem.found, problem.rule), problem)
    return list(seen.values())
