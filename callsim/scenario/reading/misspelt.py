"""Misspelt keys are mended in the tree, so that what else is wrong can be told apart from what follows from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from callsim.scenario.reading.source import Node, Pathway, Place

__all__ = ["mended"]


def mended(root: Node, meant: Mapping[Pathway, str]) -> Node:
    """Return a tree in which misspelt keys are spelt as they are meant.

    A key that is there already, or that two keys mean, stands once: the other one goes.

    Parameters
    ----------
    root : Node
    meant : mapping of path to str
        Paths of the misspelt keys, and the keys that are meant.

    Returns
    -------
    Node
        Everything keeps the place where it was written.
    """
    by_key: dict[str | int, dict[Pathway, str]] = {}
    for path, key in meant.items():
        by_key.setdefault(path[0], {})[path[1:]] = key
    if root.items is not None:
        return dataclasses.replace(root, items=tuple(_below(by_key, i, item) for i, item in enumerate(root.items)))
    if root.entries is None:
        return root
    entries: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for key, node in root.entries.items():
        name = by_key.get(key, {}).get((), key)
        if name == key or not (name in root.entries or name in entries):
            entries[name] = _below(by_key, key, node)
            places[name] = root.key_places.get(key, node.place)
    return dataclasses.replace(root, entries=entries, key_places=places)


def _below(by_key: Mapping[str | int, Mapping[Pathway, str]], key: str | int, node: Node) -> Node:
    """Mend what is below a key or a position of a list."""
    below = {path: meant for path, meant in by_key.get(key, {}).items() if path}
    return mended(node, below) if below else node
