"""Remedies: variants that can be switched on one by one and in every combination, to see what each is worth.

What a combination is must not hang on the order in which its remedies are applied: two that do not commute are an
error. Who asks what each is worth is `callsim.experiments.attribute`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callsim.errors import Problem
from callsim.scenario.models import Scenario
from callsim.scenario.models.experiment import Attribute
from callsim.scenario.reading.editor import Editor, text_of
from callsim.scenario.reading.load import Origin, build
from callsim.scenario.reading.source import Change, Node, Pathway, Source, dotted, nearest

__all__ = ["CHANGES", "Remedies", "change", "written_problems"]

CHANGES = ("remove", "set", "scale", "add")
"""The keys of a variant that change the base, in the order in which they are applied."""
_OTHERWISE = ("combine", "file")
"""The keys of a variant that make it something else than a change of the base."""
_FEWEST_PERMUTATIONS = 4
_NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_ROUNDING = 1e-7
"""Relative difference of numbers that are the same but for rounding."""


def change(editor: Editor, variant: Node | None) -> None:
    """Apply what a variant removes, sets, scales and adds."""
    for key in CHANGES:
        changes = variant.child(key) if variant is not None else None
        if changes is None:
            continue
        if key == "remove":
            for node in changes.items if changes.items is not None else (changes,):
                editor.remove(node.text, node.place)
            continue
        apply = {"set": editor.set, "scale": editor.scale, "add": editor.add}[key]
        for path, value in (changes.entries or {}).items():
            apply(path, value, changes.key_places[path])


@dataclass(frozen=True)
class Remedies:
    """The variants of an experiment that can be combined at will; made by `load_experiment`."""

    source: Source
    """Where the experiment was written."""
    origin: Origin
    """The file of the base."""
    root: Node
    """The tree of the base, without what is expected of it."""
    done: tuple[Change, ...]
    """What was changed in the base."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all of them, in the order of writing."""
        variants = self.source.node(("variants",))
        return (
            tuple(str(name) for name, node in variants.children() if _is_remedy(node)) if variants is not None else ()
        )

    def scenario(self, names: Sequence[str]) -> Scenario:
        """Return the base with some remedies applied in the order of writing.

        Parameters
        ----------
        names : sequence of str
            Of `names`, in any order; none: the base.

        Raises
        ------
        ScenarioError
            If the combination is no sound scenario.
        """
        chosen = [name for name in self.names if name in names]
        label = f"variants.{' + '.join(chosen)}: " if chosen else ""
        editor = self._edited(chosen, label)
        name = {"name": " + ".join(chosen)} if chosen else {}
        return build(
            editor.root,
            self.origin,
            changes=(*self.done, *editor.changes),
            problems=editor.problems,
            label=label,
            **name,
        )

    def conflicts(self, names: Sequence[str]) -> list[Problem]:
        """Return a problem for every two remedies whose combination hangs on their order.

        Parameters
        ----------
        names : sequence of str
            Of `names`.
        """
        chosen = [name for name in self.names if name in names]
        alone = {name: self._edited([name], "") for name in chosen}
        sound = [name for name in chosen if not alone[name].problems]
        found = (self._conflict(first, second) for first, second in itertools.combinations(sound, 2))
        return [problem for problem in found if problem is not None]

    def _conflict(self, first: str, second: str) -> Problem | None:
        there, back = self._edited([first, second], ""), self._edited([second, first], "")
        both = f"{first!r} and {second!r}"
        advice = "let one of the two leave it alone; a star can be written out as names"
        wrong = [*there.problems, *back.problems]
        if wrong:
            rule = f"the two cannot be combined: at {wrong[0].path} one finds {wrong[0].found}"
            return self.source.problem(("variants", second), both, rule, advice, key=True)
        other = next(_differences(there.root, back.root, ()), None)
        if other is None:
            return None
        way, one, another = other
        rule = f"together they depend on their order: {dotted(way)} is {one} or, the other way round, {another}"
        return self.source.problem(("variants", second), both, rule, advice, key=True)

    def _edited(self, names: Sequence[str], label: str) -> Editor:
        editor = Editor(self.root, label)
        for name in names:
            change(editor, self.source.node(("variants", name)))
        return editor


def _is_remedy(node: Node) -> bool:
    return any(node.child(key) is not None for key in CHANGES) and all(node.child(key) is None for key in _OTHERWISE)


def _differences(one: Node | None, other: Node | None, way: Pathway) -> Iterator[tuple[Pathway, str, str]]:
    """Yield (path, one text, other text) where two trees differ; the order of keys is no difference."""
    if one is None or other is None:
        yield way, "nothing" if one is None else text_of(one), "nothing" if other is None else text_of(other)
    elif one.entries is not None and other.entries is not None:
        for key in dict.fromkeys((*one.entries, *other.entries)):
            yield from _differences(one.entries.get(key), other.entries.get(key), (*way, key))
    elif not _same(text_of(one), text_of(other)):
        yield way, text_of(one), text_of(other)


def _same(one: str, other: str) -> bool:
    """Return whether two texts say the same but for the rounding of their numbers: factors in either order."""
    if one == other:
        return True
    first, second = _NUMBER.split(one), _NUMBER.split(other)
    numbers = zip(first[1::2], second[1::2], strict=False)
    return first[::2] == second[::2] and all(math.isclose(float(a), float(b), rel_tol=_ROUNDING) for a, b in numbers)


def written_problems(attribute: Attribute, remedies: Remedies) -> list[Problem]:
    """Return what is wrong with the names and numbers of ``attribute``.

    Parameters
    ----------
    attribute : Attribute
        As written.
    remedies : Remedies
        Of the same experiment.
    """
    source, known, found = remedies.source, remedies.names, []
    for i, name in enumerate(attribute.remedies):
        if name not in known:
            found.append(source.problem(("attribute", "remedies", i), repr(name), *_why_not(source, name, known)))
    for name, cost in attribute.costs.items():
        way = ("attribute", "costs", name)
        if name not in known:
            found.append(source.problem(way, repr(name), *_why_not(source, name, known), key=True))
        if cost < 0:
            advice = "what costs nothing costs 0"
            found.append(source.problem(way, f"{cost:g}", "what a remedy costs a week is 0 or more", advice))
    n = attribute.permutations
    if n < _FEWEST_PERMUTATIONS or n % 2:
        rule = f"orders are drawn in pairs, and at least {_FEWEST_PERMUTATIONS}"
        found.append(source.problem(("attribute", "permutations"), str(n), rule, "write an even number such as 64"))
    return found


def _why_not(source: Source, name: str, known: Sequence[str]) -> tuple[str, str]:
    if source.node(("variants", name)) is None:
        return "there is no variant of this name", nearest(name, known)
    rule = "a remedy is a variant with set, scale, add or remove, and without combine or file"
    return rule, f"remedies are: {', '.join(known)}" if known else "write such a variant"
