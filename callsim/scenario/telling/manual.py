"""The manual inside the models: the docstrings under their fields."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys

from pydantic import BaseModel

__all__ = ["example", "field_docs", "keys"]


@functools.cache
def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the docstring under each field of a model, on one line, inherited fields first.

    Parameters
    ----------
    model : type
        A section of the scenario language.
    """
    docs: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, BaseModel) and parent is not BaseModel:
            docs.update(_own_docs(parent))
    return {name: docs[name] for name in model.model_fields if name in docs}


def _own_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the docstrings that stand in the body of one class."""
    module = ast.parse(inspect.getsource(sys.modules[model.__module__]))
    body = next(node.body for node in module.body if isinstance(node, ast.ClassDef) and node.name == model.__name__)
    docs: dict[str, str] = {}
    name = None
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs[name] = " ".join(str(node.value.value).split())
            name = None
        else:
            name = None
    return docs


def example(model: type[BaseModel], name: str) -> str | None:
    """Return the first example in the docstring of a field, None if it has none."""
    match = re.search(r"Example: `([^`]*)`", field_docs(model).get(name, ""))
    return match[1] if match else None


def keys(model: type[BaseModel]) -> dict[str, str]:
    """Return the keys that users write for a model, with the names of their fields, in the order of the manual."""
    written = {field.alias or name: name for name, field in model.model_fields.items()}
    return {key: name for key, name in written.items() if ":" not in key}
