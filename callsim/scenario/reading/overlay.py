"""Overlays on the node tree: `extends`, `defaults`, and names that go without saying.

Trees are never changed: each function returns a new tree that shares what it can with the old one. The changes of
variants, sweeps and ``--set`` are those of `editor`.
"""

from __future__ import annotations

import dataclasses

from callsim.scenario.reading.source import Node

__all__ = ["SECTIONS", "fill_names", "is_nothing", "merge", "spread_defaults", "with_defaults"]

SECTIONS = ("callers", "cases", "queues", "agents")
"""Sections of named things, with `defaults` beside the names."""
_DISPLACED = {
    "callers": {
        "handle_time": ("talk", "after_call_work"),
        "talk": ("handle_time",),
        "after_call_work": ("handle_time",),
    },
    "cases": {
        "handle_time": ("talk", "after_call_work"),
        "talk": ("handle_time",),
        "after_call_work": ("handle_time",),
    },
    "queues": {
        "handle_time": ("talk", "after_call_work"),
        "talk": ("handle_time",),
        "after_call_work": ("handle_time",),
    },
    "agents": {
        "heads": ("staffing", "shifts", "persons", "breaks", "late_break", "no_show"),
        "staffing": ("heads", "shifts", "persons", "breaks", "late_break", "no_show"),
        "shifts": ("heads", "staffing"),
    },
}
"""What is written displaces these defaults: they would say the same in another way."""


def merge(base: Node, over: Node) -> Node:
    """Return ``base`` with what ``over`` says: mappings merge, lists and single values replace, ``~`` removes."""
    if base.entries is not None and is_nothing(over):
        return base  # a section's name without anything below says nothing new
    if base.entries is None or over.entries is None:
        return over
    entries, places = dict(base.entries), dict(base.key_places)
    for key, node in over.entries.items():
        if key in entries and _is_removed(node):
            del entries[key]
            continue
        entries[key] = merge(entries[key], node) if key in entries else node
        places[key] = over.key_places[key]
    return dataclasses.replace(over, entries=entries, key_places=places)


def is_nothing(node: Node) -> bool:
    """Return whether nothing at all is written there, or ``~``."""
    return node.kind == "value" and node.value is None


def _is_removed(node: Node) -> bool:
    return is_nothing(node) and bool(node.text)


def spread_defaults(root: Node) -> Node:
    """Return the tree with the `defaults` of each section put into its entries, and taken out of it."""
    if root.entries is None:
        return root
    entries, places = dict(root.entries), dict(root.key_places)
    for section in SECTIONS:
        node = entries.get(section)
        if node is None or node.entries is None:
            continue
        defaults = node.entries.get("defaults")
        named = {
            name: with_defaults(section, child, defaults) for name, child in node.entries.items() if name != "defaults"
        }
        entries[section] = dataclasses.replace(node, entries=named)
        if section == "callers" and defaults is not None and not is_nothing(defaults):
            entries["callers: defaults"] = dataclasses.replace(defaults, written_at=("callers", "defaults"))
            places["callers: defaults"] = node.key_places["defaults"]
    return dataclasses.replace(root, entries=entries, key_places=places)


def with_defaults(section: str, node: Node, defaults: Node | None) -> Node:
    """Return what is written under a name of a section, with what the defaults say and it does not."""
    if is_nothing(node):
        node = dataclasses.replace(node, entries={}, value=None)
    if node.entries is None:
        return node
    removed = {key for key, child in node.entries.items() if _is_removed(child)}
    displaced = removed | {
        old for key in node.entries for old in _DISPLACED[section].get(key, ()) if key not in removed
    }
    entries = {key: child for key, child in node.entries.items() if key not in removed}
    places = dict(node.key_places)
    given = defaults if defaults is not None and defaults.entries is not None else Node(node.place, entries={})
    for key, child in (given.entries or {}).items():
        if key not in entries and key not in displaced:
            entries[key] = dataclasses.replace(child, written_at=(section, "defaults", key))
            places[key] = given.key_places[key]
    return dataclasses.replace(node, entries=entries, key_places=places)


def fill_names(root: Node, stem: str) -> Node:
    """Return the tree with the names that go without saying: of the scenario, and of the queue of a stream."""
    if root.entries is None:
        return root
    entries = dict(root.entries)
    entries.setdefault("name", Node(root.place, stem, stem))
    callers, queues = entries.get("callers"), entries.get("queues")
    if callers is not None and callers.entries and queues is not None and queues.entries:
        known = [name for name in queues.entries if name != "defaults"]
        named = {name: _with_queue(name, node, known) for name, node in callers.entries.items()}
        entries["callers"] = dataclasses.replace(callers, entries=named)
    return dataclasses.replace(root, entries=entries)


def _with_queue(name: str, node: Node, queues: list[str]) -> Node:
    if node.entries is None or "to" in node.entries:
        return node
    to = name if name in queues else queues[0] if len(queues) == 1 else None
    return node if to is None else dataclasses.replace(node, entries={**node.entries, "to": Node(node.place, to, to)})
