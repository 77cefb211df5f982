"""The manual in the models: complete, and its examples can be written."""

from __future__ import annotations

import re

import pydantic
import pytest

from callsim.scenario import models
from callsim.scenario.models.experiment import ExperimentFile, Range, Variant
from callsim.scenario.reading.source import plain
from callsim.scenario.reading.tree import parse
from callsim.scenario.telling.manual import example, field_docs, keys

MODELS = [*(getattr(models, name) for name in models.__all__), ExperimentFile, Range, Variant]
NEEDS_A_FILE = {"weekday.csv", "march.csv", "week23.csv", "bell.yaml", "as-it-happened.yaml"}
FREE_KEYS = {
    ("Scenario", "run"),
    ("Staffing", "hours"),
    ("TransferReason", "shares"),
    ("Transfers", "to"),
    ("Transfers", "reasons"),
}


def examples() -> list[tuple[str, str, str]]:
    found = []
    for model in MODELS:
        for name, doc in field_docs(model).items():
            said = re.search(r"Example: (`[^`]*`(?:, `[^`]*`)*)", doc)
            for text in re.findall(r"`([^`]*)`", said[1]) if said else ():
                if text not in NEEDS_A_FILE and (model.__name__, name) not in FREE_KEYS:
                    found.append((model.__name__, name, text))
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_described(model: type[pydantic.BaseModel]) -> None:
    """What it says, then an example, then what holds where it is not written."""
    assert set(field_docs(model)) == set(model.model_fields)
    assert model.__doc__


@pytest.mark.parametrize(("model", "field", "text"), examples())
def test_example_of_the_manual_is_read(model: str, field: str, text: str) -> None:
    """An example that cannot be written is worse than none."""
    found = next(one for one in MODELS if one.__name__ == model)
    node, problems = parse(text, "manual", placed=False)
    annotation = found.model_fields[field].rebuild_annotation()
    value = pydantic.TypeAdapter(annotation).validate_python(plain(node))
    assert problems == []
    assert value is not None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_required_or_says_its_default(model: type[pydantic.BaseModel]) -> None:
    """A required field says so; no optional one does."""
    for name, doc in field_docs(model).items():
        assert ("Required." in doc) == model.model_fields[name].is_required() or name == "to", name


def test_examples_are_found_by_field() -> None:
    """Messages show the first one."""
    assert example(models.Run, "measure") == "4 weeks"
    assert example(models.Scenario, "about") is None


def test_keys_are_what_users_write() -> None:
    """Aliases instead of names; what is not written so is left out."""
    assert list(keys(models.Routing)) == ["which call next", "which agent"]
    assert "callers: defaults" not in keys(models.Scenario)
    assert keys(models.Shift)["from"] == "starts"
