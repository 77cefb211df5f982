"""Writing a draft down as YAML, and reading it as a user's scenario would be read."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callsim.plan.plan import Plan
from callsim.scenario import load, resolve
from callsim.testing.drawing.centre import Draft

__all__ = ["plan_of", "yaml_of"]


def plan_of(draft: Draft) -> Plan:
    """Write a draft into a folder of its own, load it and resolve it.

    Raises
    ------
    ScenarioError
        If the language refuses it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.yaml"
        path.write_text(json.dumps(draft.scenario), encoding="utf-8")  # YAML too, and written much faster
        for name, text in draft.files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        plan = resolve(load(path))
    plan.check()
    return plan


def yaml_of(draft: Draft) -> str:
    """Return a draft as text to reproduce it from: the scenario, then each file behind a comment with its name."""
    lines = list(_lines(draft.scenario, ""))
    for name, text in draft.files.items():
        lines += [f"# {name}:", *(f"#   {line}" for line in text.splitlines())]
    return "\n".join(lines) + "\n"


def _lines(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        shown = key if all(sign.isalnum() or sign in " _" for sign in key) else json.dumps(key)
        if isinstance(value, dict) and any(isinstance(item, dict) for item in value.values()):
            yield f"{indent}{shown}:"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{shown}: {json.dumps(value)}"
