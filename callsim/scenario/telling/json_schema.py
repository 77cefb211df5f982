"""The JSON Schema of scenarios and experiments, for editors: completion, descriptions, first warnings.

It is made from the models and stays on the generous side: what it cannot say (names, sums, calendars) `validate`
checks. Nothing is required at the levels that `extends` or `defaults` may fill.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from callsim.scenario import models
from callsim.scenario.language.fields import HOURS_WORDS, LAW_SCHEMA, SHARE_SCHEMA
from callsim.scenario.models import Scenario
from callsim.scenario.models.experiment import Attribute, ExperimentFile, Range, Variant
from callsim.scenario.telling.manual import field_docs

__all__ = ["schema"]

_FILLED_ELSEWHERE = (
    "Run",
    "Volumes",
    "Columns",
    "Callers",
    "CaseType",
    "Customers",
    "Starts",
    "Promises",
    "Escalation",
    "Regulator",
    "Redial",
    "Returns",
    "Explain",
    "Anger",
    "Queue",
    "Group",
    "Shift",
    "Calls",
    "ExperimentFile",
)
_NAMES = {"type": "array", "items": {"type": "string"}}
_NULL = {"type": "null"}
_REF = "#/$defs/"


class _Quiet(GenerateJsonSchema):
    """Defaults are told in the descriptions: not every value of ours is a value of JSON."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of a field without its default."""
        return self.generate_inner(schema["schema"])


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the scenario language (draft 2020-12).

    Returns
    -------
    dict
        Fit for ``json.dumps``; the same for every call.
    """
    whole = Scenario.model_json_schema(schema_generator=_Quiet)
    defs: dict[str, Any] = whole.pop("$defs")
    experiment = ExperimentFile.model_json_schema(schema_generator=_Quiet)
    defs |= experiment.pop("$defs")
    defs["Range"] = Range.model_json_schema(schema_generator=_Quiet)
    for model in _models():
        if model.__name__ in defs:
            _describe(defs[model.__name__], model)
    _describe(whole, Scenario)
    _describe(experiment, ExperimentFile)
    for name in _FILLED_ELSEWHERE:
        defs.get(name, {}).pop("required", None)
    _say_what_else_is_accepted(defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "callsim scenario",
        "description": "A call centre and its callers, or a comparison of several.",
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(whole["properties"], experiment["properties"]),
        "$defs": dict(sorted((name, _tidy(definition)) for name, definition in defs.items())),
    }


def _models() -> list[type[BaseModel]]:
    """Return every model of the language but the two tops."""
    return [*(getattr(models, name) for name in models.__all__ if name != "Scenario"), Variant, Range, Attribute]


def _describe(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the docstrings of the fields into the properties."""
    definition["description"] = (model.__doc__ or "").split("\n")[0]
    docs = field_docs(model)
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in definition["properties"] and name in docs:
            definition["properties"][key]["description"] = docs[name].replace("`", "")


def _say_what_else_is_accepted(defs: dict[str, Any]) -> None:
    """Add the short forms: a law for a patience, a level for a skill, names as free keys."""
    defs["Patience"] = _either(
        {**defs["Patience"], "additionalProperties": True}, {"type": "string", "examples": ["exponential mean 10m"]}
    )
    defs["Calls"] = _either(defs["Calls"], {"const": "from volumes"})
    defs["Skill"] = _either(defs["Skill"], {"type": "integer", "minimum": 1}, {"type": "null"})
    answers = defs["Group"]["properties"]["answers"]
    by_queue = {"type": "object", "additionalProperties": {"$ref": f"{_REF}Skill"}}
    defs["Group"]["properties"]["answers"] = {**_either(_NAMES, by_queue), "description": answers["description"]}
    staffing = defs["Staffing"]
    staffing["properties"].pop("hours")
    staffing["additionalProperties"] = {"type": "integer", "minimum": 0}
    staffing["propertyNames"] = {"anyOf": [{"enum": ["every", "heads", "repeat"]}, {"pattern": HOURS_WORDS}]}
    reason, transfers = defs["TransferReason"], defs["Transfers"]
    reason["properties"].pop("shares")
    reason["additionalProperties"] = {"type": "object", "additionalProperties": SHARE_SCHEMA}
    transfers["properties"] = {"defaults": transfers["properties"]["defaults"]}
    transfers["patternProperties"] = {"^to ": {"$ref": f"{_REF}TransferRule"}}
    transfers["additionalProperties"] = {"$ref": f"{_REF}TransferReason"}
    _say_cases(defs)
    _say_money(defs)
    defs["Law"] = LAW_SCHEMA


def _say_cases(defs: dict[str, Any]) -> None:
    """Add the short forms of cases: a share for an owner, a law for explaining and for calling again."""
    for name in ("Owner", "Returns"):
        defs[name] = _either(defs[name], *SHARE_SCHEMA["anyOf"])
    law = {**LAW_SCHEMA["anyOf"][1], "additionalProperties": True}
    for name in ("Explain", "CaseRedial"):
        defs[name] = _either(defs[name], LAW_SCHEMA["anyOf"][0], law)
    defs["CaseRedial"]["anyOf"].append({"const": "never"})


def _say_money(defs: dict[str, Any]) -> None:
    """Add the short forms of money: a wage as a number, and one wage or training for all groups."""
    defs["Wage"] = _either(defs["Wage"], {"type": "number", "minimum": 0})
    said = defs["Money"]["properties"]
    for key, name in (("wages", "Wage"), ("training", "Training")):
        by_group = {part: item for part, item in said[key].items() if part != "description"}
        said[key] = {**_either({"$ref": f"{_REF}{name}"}, by_group), "description": said[key]["description"]}


def _either(*forms: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": list(forms)}


def _properties(scenario: dict[str, Any], experiment: dict[str, Any]) -> dict[str, Any]:
    """Return the top level: of a scenario, then of an experiment."""
    own = {key: value for key, value in scenario.items() if ":" not in key}
    for section in ("callers", "cases", "queues", "agents"):
        own[section] = {**own[section], "properties": {"defaults": own[section]["additionalProperties"]}}
    own["extends"] = {"type": "string", "description": "Another scenario file that this one changes."}
    own |= {key: value for key, value in experiment.items() if key not in own}
    return {key: _or_nothing(_tidy(value)) for key, value in own.items()}


def _tidy(value: Any) -> Any:
    """Leave out titles and defaults (they are in the descriptions); let a tilde stand wherever a value can."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if key in {"properties", "patternProperties"}:
            kept[key] = {name: _or_nothing(_tidy(child)) for name, child in item.items()}
        elif key == "additionalProperties" and isinstance(item, dict):
            kept[key] = _or_nothing(_tidy(item))
        elif key != "default" and not (key == "title" and isinstance(item, str)):
            kept[key] = _tidy(item)
    return kept


def _or_nothing(definition: dict[str, Any]) -> dict[str, Any]:
    """Accept null besides: what a file extends or the defaults say is removed so."""
    outside = {key: definition[key] for key in ("description",) if key in definition}
    inside = {key: item for key, item in definition.items() if key not in outside}
    forms = inside["anyOf"] if set(inside) == {"anyOf"} else [inside]
    return {**outside, "anyOf": [*(form for form in forms if form != _NULL), _NULL]}
