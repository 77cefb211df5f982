"""Experiments: a base, its named variants and sweeps, each loaded as a scenario of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from callsim.errors import Problem, ScenarioError, VariantError
from callsim.scenario.models import Scenario
from callsim.scenario.models.experiment import Attribute, ExperimentFile
from callsim.scenario.reading.editor import Editor
from callsim.scenario.reading.load import Origin, apply_settings, build, read_file
from callsim.scenario.reading.remedies import Remedies, change, written_problems
from callsim.scenario.reading.source import Change, Node, Pathway, Source, nearest, plain
from callsim.scenario.reading.sweep import Combination, axes, combinations
from callsim.scenario.reading.translate import translate

__all__ = ["Experiment", "load_experiment"]


@dataclass(frozen=True)
class Experiment:
    """Scenarios to compare, under the same callers."""

    name: str
    about: str
    base: Scenario
    variants: tuple[tuple[str, Scenario], ...]
    """Name and scenario, in the order of writing; those of a sweep after the named ones."""
    show: tuple[str, ...]
    """Measures to show, as written; empty: the usual ones."""
    replications: int
    seed: int
    level: float
    """Confidence level."""
    source: Source
    """Where the experiment was written."""
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each variant of a sweep: label and value."""
    attribute: Attribute | None = None
    """How it is to be found out what each remedy is worth, None: nothing is written."""
    remedies: Remedies | None = None
    """The variants that can be combined at will, None for an experiment that was not loaded from a file."""


def load_experiment(path: str | Path, changes: Sequence[str] = ()) -> Experiment:
    """Load an experiment: a file with `base`, or a scenario with or without `variants` of its own.

    Parameters
    ----------
    path : str or Path
        A YAML file.
    changes : sequence of str
        ``"path=value"`` each, applied to the base and to every variant before its own changes.

    Returns
    -------
    Experiment
        With every variant checked as far as names and values go.

    Raises
    ------
    ScenarioError
        With every problem of base and variants; a `VariantError` if the base alone would do.
    """
    origin = read_file(path)
    source = Source(origin.extras, origin.shown)
    written, problems = _written(origin, source)
    base_origin = _base_origin(origin, source, problems)
    root, done = apply_settings(base_origin.root, changes)
    said = root if base_origin is origin else _checked_by(root, origin.root)
    try:
        base = build(said, base_origin, changes=done)
    except ScenarioError as error:
        raise ScenarioError(_distinct([*problems, *error.problems])) from None
    plain_root = _expecting(said, None)
    loader = _Loader(source, base_origin, plain_root, done, tuple(changes))
    variants = loader.named() + loader.swept()
    problems += [*loader.problems, *_twins(source, [base.name, *(name for name, _ in variants)])]
    remedies = Remedies(source, base_origin, plain_root, done)
    if written is not None and written.attribute is not None:
        problems += written_problems(written.attribute, remedies)
    if problems or written is None:
        raise VariantError(_distinct(problems))
    return Experiment(
        name=written.name or base.name,
        about=written.about or base.about,
        base=base,
        variants=tuple(variants),
        show=written.show,
        replications=base.run.replications if written.replications is None else written.replications,
        seed=base.run.seed if written.seed is None else written.seed,
        level=base.run.level if written.level is None else written.level,
        source=source,
        settings=loader.settings,
        attribute=written.attribute,
        remedies=remedies,
    )


def _expecting(root: Node, lines: Node | None) -> Node:
    """Return a scenario's tree with these expectations and no others."""
    entries = {key: node for key, node in _entries(root).items() if key != "expect"}
    return dataclasses.replace(root, entries=entries | ({"expect": lines} if lines is not None else {}))


def _checked_by(root: Node, file: Node) -> Node:
    """Return the tree of a base with what the file that compares expects of it, decided as that file says."""
    root = _expecting(root, file.child("expect"))
    rules = file.child("check")
    return root if rules is None else dataclasses.replace(root, entries={**_entries(root), "check": rules})


def _distinct(problems: list[Problem]) -> list[Problem]:
    """Return each problem once: a variant and those that combine it share them."""
    seen: dict[tuple[str, int, int, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem.column, problem.found), problem)
    return list(seen.values())


def _written(origin: Origin, source: Source) -> tuple[ExperimentFile | None, list[Problem]]:
    """Return the experiment's own keys, checked, and what is wrong with them."""
    data: dict[str, Any] = plain(origin.extras)
    if origin.extras.child("base") is not None:
        # A file of its own may have a name; all other keys belong into the base.
        source = Source(
            dataclasses.replace(origin.root, entries={**_entries(origin.root), **_entries(origin.extras)}), origin.shown
        )
        data = plain(source.root)
    try:
        return ExperimentFile.model_validate(data), []
    except ValidationError as error:
        return None, translate(error, source, ExperimentFile)


def _entries(node: Node) -> dict[str, Node]:
    return node.entries or {}


def _base_origin(origin: Origin, source: Source, problems: list[Problem]) -> Origin:
    """Return the file of the base."""
    base = origin.extras.child("base")
    if base is None:
        return origin
    path = origin.path.parent / base.text
    if base.kind != "value" or not path.is_file():
        raise ScenarioError(problems or [source.problem(("base",), repr(base.text), "there is no such file")])
    try:
        found = read_file(path)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    if found.extras.child("base") is not None:
        rule = "the base of a comparison is a scenario, not another comparison"
        raise ScenarioError([*problems, source.problem(("base",), repr(base.text), rule, "name its base instead")])
    return dataclasses.replace(found, problems=(*found.problems, *origin.problems))


class _Loader:
    """Loads the variants, and gathers what is wrong with them."""

    def __init__(
        self, source: Source, origin: Origin, root: Node, done: tuple[Change, ...], changes: tuple[str, ...]
    ) -> None:
        self.source, self.origin, self.root, self.done, self.changes = source, origin, root, done, changes
        self.problems: list[Problem] = []
        self.settings: dict[str, dict[str, str]] = {}

    def named(self) -> list[tuple[str, Scenario]]:
        """Return the named variants that can be loaded."""
        variants = self.source.node(("variants",))
        found = []
        for name, node in _entries(variants).items() if variants is not None else ():
            scenario = self._load(name, node)
            if scenario is not None:
                found.append((name, scenario))
        return found

    def _load(self, name: str, node: Node) -> Scenario | None:
        origin, root, done = self.origin, self.root, self.done
        file = node.child("file")
        if file is not None:
            path = Path(file.place.file).parent / file.text
            if not path.is_file():
                return None  # the models report it
            try:
                origin = read_file(path)
                root, done = apply_settings(origin.root, self.changes)
                root = _expecting(root, None)
            except ScenarioError as error:
                self.problems.extend(error.problems)
                return None
        editor = Editor(root, f"variants.{name}: ")
        before = len(self.problems)
        self._apply(editor, name, ())
        if (lines := node.child("expect")) is not None:
            editor.root = _expecting(editor.root, lines)
        return self._finish(editor, origin, done, name) if len(self.problems) == before else None

    def _finish(self, editor: Editor, origin: Origin, done: tuple[Change, ...], name: str) -> Scenario | None:
        if editor.problems:
            self.problems.extend(editor.problems)
            return None
        changes = (*done, *editor.changes)
        try:
            return build(editor.root, origin, changes=changes, label=editor.label, name=name)
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return None

    def _apply(self, editor: Editor, name: str, chain: tuple[str, ...]) -> None:
        """Apply a variant, those that it combines first."""
        way = ("variants", name)
        node = self.source.node(way)
        combine = node.child("combine") if node is not None else None
        for i, other in enumerate(combine.items or (combine,) if combine is not None else ()):
            at = (*way, "combine", i)
            if self._why_not(other.text, (*chain, name), at) is None:
                self._apply(editor, other.text, (*chain, name))
        change(editor, node)

    def _why_not(self, other: str, chain: tuple[str, ...], at: Pathway) -> Problem | None:
        """Return, and gather, the reason why a variant cannot be combined."""
        node = self.source.node(("variants", other))
        if node is None:
            known = [str(name) for name, _ in (self.source.node(("variants",)) or self.source.root).children()]
            reason = ("there is no variant of this name", nearest(other, known))
        elif other in chain:
            ring = " -> ".join((*chain, other))
            reason = (f"the variants combine each other in a ring: {ring}", "let one of them stand alone")
        elif node.child("file") is not None:
            reason = ("a variant that is another file cannot be combined", "write file in this variant instead")
        else:
            return None
        problem = self.source.problem(at, repr(other), *reason)
        self.problems.append(problem)
        return problem

    def swept(self) -> list[tuple[str, Scenario]]:
        """Return the combinations of the sweep."""
        found = []
        for combination in combinations(axes(self.source, self.problems)):
            scenario = self._combine(combination)
            if scenario is not None:
                found.append((combination.name, scenario))
                self.settings[combination.name] = {axis.label: value.text for axis, value in combination.settings}
        return found

    def _combine(self, combination: Combination) -> Scenario | None:
        editor = Editor(self.root, f"sweep {combination.name}: ")
        for axis, value in combination.settings:
            editor.set(axis.path, value, value.place)
        return self._finish(editor, self.origin, self.done, combination.name)


def _twins(source: Source, names: list[str]) -> list[Problem]:
    """Check that the base and every variant have a name of their own."""
    found = []
    for i, name in enumerate(names):
        if name in names[:i]:
            way = ("variants", name) if source.has("variants", name) else ("sweep",)
            rule = "the base and every variant have a name of their own"
            found.append(source.problem(way, repr(name), rule, "choose another name", key=True))
    return found
