"""What the models find wrong, as problems in our own words with file, line and column."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from callsim.errors import Problem
from callsim.scenario.language.faults import Faults
from callsim.scenario.language.rules import choices
from callsim.scenario.models import Scenario
from callsim.scenario.reading.source import Pathway, Source, nearest, nearest_of
from callsim.scenario.telling.manual import example, keys
from callsim.units import UnitError, show

__all__ = ["NO_MEANING", "misspelt", "translate"]

NO_MEANING = "this key has no meaning here"
"""The rule that an unknown key breaks."""

_KINDS = {
    "model_type": "a mapping is needed",
    "model_attributes_type": "a mapping is needed",
    "dict_type": "a mapping is needed",
    "dataclass_type": "a mapping is needed",
    "tuple_type": "a list is needed",
    "list_type": "a list is needed",
    "string_type": "a text is needed",
    "int_type": "a whole number is needed",
    "float_type": "a number is needed",
    "bool_type": "yes or no is needed",
}
_LATER = {
    "only_if": "conditions on variants are not supported yet",
    "pick": "choosing among variants is not supported yet",
}
"""Words of the language that a later version will know."""
_HINTS = {
    "<<": "merge keys are not part of YAML 1.2: use extends or defaults",
    "on": "write days: mon-fri",
    "aht": "write handle_time",
    "acw": "write after_call_work",
    "agents": "agents stand at the top level",
    "abandons": "write patience",
    "opens": "write open",
    "hours": "write open",
}


def translate(error: ValidationError, source: Source, whole: type[BaseModel] = Scenario) -> list[Problem]:
    """Return the problems of a validation of the model ``whole``, each where it was written."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        problems.extend(_problems(detail, source, whole))
    return problems


def misspelt(error: ValidationError, source: Source, whole: type[BaseModel] = Scenario) -> dict[Pathway, str]:
    """Return the paths of unknown keys that are spelt nearly like one that is known there, and that one."""
    found: dict[Pathway, str] = {}
    for detail in error.errors(include_url=False):
        way = detail["loc"]
        key = _meant(way, detail["input"], source, whole) if detail["type"] == "extra_forbidden" else None
        if key is not None:
            written = source.written(way)
            if written[-1:] == way[-1:]:
                found[written] = key
    return found


def _problems(detail: ErrorDetails, source: Source, whole: type[BaseModel]) -> list[Problem]:
    way, kind = detail["loc"], detail["type"]
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, Faults):
        return [
            source.problem(source.written((*way, *at)), fault.found, fault.rule, fault.advice, key=key)
            for at, fault, key in raised.faults
        ]
    if isinstance(raised, UnitError):
        return [source.problem(source.written(way), raised.found, raised.rule, raised.advice)]
    if kind == "extra_forbidden":
        return [_unknown_key(way, detail["input"], source, whole)]
    if kind == "missing":
        return [_missing(way, source, whole)]
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"]) or [detail["ctx"]["expected"]]
        return [
            source.problem(
                way, show(detail["input"]), "this is not one of the choices", choices(str(detail["input"]), allowed)
            )
        ]
    rule = _KINDS.get(kind, "this value does not fit here")
    return [source.problem(source.written(way), show(detail["input"]), rule, _as_in_the_manual(way, whole))]


def _as_in_the_manual(way: tuple[str | int, ...], whole: type[BaseModel]) -> str:
    """Return advice that shows how the manual writes the value at a path."""
    model = _model_at(whole, way[:-1])
    written = example(model, keys(model).get(str(way[-1]), "")) if model is not None else None
    return f"write it like {way[-1]}: {written}" if written else ""


def _unknown_key(way: tuple[str | int, ...], value: object, source: Source, whole: type[BaseModel]) -> Problem:
    key, known = str(way[-1]), _known_beside(way, whole)
    if key in _LATER:
        return source.problem(way, f"the key {key!r}", _LATER[key], "leave it out", key=True)
    if _is_half_a_value(way, value, source):
        # A comma inside { } ends a value: what was its second half now stands there as a key without a value.
        return source.problem(
            way,
            f"the key {key!r} without a value",
            "a comma inside { } begins a new key",
            "put texts with commas in quotes",
            key=True,
        )
    if _meant(way, value, source, whole) is not None:
        advice = nearest(key, known)
    else:
        advice = _HINTS.get(key.lower(), f"keys here: {', '.join(known)}")
    return source.problem(way, f"unknown key {key!r}", NO_MEANING, advice, key=True)


def _meant(way: tuple[str | int, ...], value: object, source: Source, whole: type[BaseModel]) -> str | None:
    """Return another key that is meant by an unknown one, None if none is like it or it is no slip of the pen."""
    if way[-1] in _LATER or _is_half_a_value(way, value, source):
        return None
    key = nearest_of(str(way[-1]), _known_beside(way, whole))
    return key if key != way[-1] else None


def _known_beside(way: tuple[str | int, ...], whole: type[BaseModel]) -> list[str]:
    """Return the keys that the mapping may have in which this one stands."""
    model = _model_at(whole, way[:-1])
    return list(keys(model)) if model is not None else []


def _is_half_a_value(way: tuple[str | int, ...], value: object, source: Source) -> bool:
    """Tell whether a key has no value, not even an empty one."""
    node = source.node(way)
    return value is None and node is not None and not node.text


def _missing(way: tuple[str | int, ...], source: Source, whole: type[BaseModel]) -> Problem:
    key, model = str(way[-1]), _model_at(whole, way[:-1])
    written = example(model, keys(model).get(key, "")) if model is not None else None
    advice = f"add {key}, such as {key}: {written}" if written else f"add {key}"
    if way[0] == "callers" and key == "to":
        advice = "add to, with the name of a queue"
    return source.problem(source.written(way[:-1]), f"no {key}", f"{key} is required", advice)


def _model_at(whole: type[BaseModel], way: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the model of the mapping at a path of a validation error."""
    current: Any = whole
    for part in way:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = next((f for n, f in current.model_fields.items() if str(part) in {n, f.alias}), None)
            if field is None:
                return None
            current = field.annotation
        else:
            current = _inside(current)
        current = _bare(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """Take the metadata and the None off an annotation."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if origin in {typing.Union, types.UnionType}:
        return _bare(next(arg for arg in typing.get_args(annotation) if arg is not type(None)))
    return annotation


def _inside(annotation: Any) -> Any:
    """Return the type of a mapping's values or a list's items."""
    args = typing.get_args(annotation)
    if not args:
        return None
    return args[1] if typing.get_origin(annotation) in {dict, Mapping} else args[0]
