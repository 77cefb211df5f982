"""The generated pages of the scenario language are those of the models, and what they show works."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from callsim.scenario import load_experiment, reference_page, resolve, schema
from callsim.scenario.reading.source import plain
from callsim.scenario.reading.tree import read

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = sorted(path for path in (ROOT / "scenarios").rglob("*.yaml"))


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def errors(path: Path) -> list[str]:
    return [
        f"{list(error.path)}: {error.message}" for error in validator().iter_errors(plain(read(path, path.name)[0]))
    ]


def test_committed_schema_is_that_of_the_models() -> None:
    """`callsim schema --out scenarios/scenario.schema.json` brings it up to date."""
    committed = (ROOT / "scenarios/scenario.schema.json").read_text(encoding="utf-8")
    assert committed == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_committed_reference_page_is_that_of_the_models() -> None:
    """`python -m callsim.scenario.telling.reference > docs/reference/scenario.md` brings it up to date."""
    assert (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8") == reference_page()


def test_schema_is_a_schema() -> None:
    """It fits its own meta-schema, and no reference in it leads nowhere."""
    document = schema()
    jsonschema.Draft202012Validator.check_schema(document)
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(document)))
    assert named <= set(document["$defs"])


def test_schema_describes_every_property() -> None:
    """An editor shows the manual while one types."""
    document = schema()
    for name, definition in {"top": document, **document["$defs"]}.items():
        for form in [definition, *definition.get("anyOf", [])]:
            for key, value in form.get("properties", {}).items():
                assert key in {"defaults", "law"} or "description" in value, f"{name}.{key}"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_scenario_fits_the_schema(path: Path) -> None:
    """An editor does not mark what callsim accepts."""
    assert errors(path) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("queues", "main", "opne"), "24/7"),
        (("queues", "main", "when_closed"), "voice mail"),
        (("callers", "everyone", "balks"), 0.05),
        (("run", "measure"), 5),
        (("routing",), {"which agent": "longest idel"}),
        (("agents", "team", "heads"), "many"),
        (("transfers",), {"wrong desk": {"main": {"main": 5}}}),
        (("variants",), {"one": {"sett": {}}}),
        (("expect",), ["service_level(main) 80%"]),
        (("check",), {"level": 99}),
    ],
)
def test_schema_marks_common_slips(path: tuple[str, ...], value: object) -> None:
    """What an editor can know, it says."""
    scenario: dict[str, Any] = {
        "run": {"measure": "1 week"},
        "callers": {"everyone": {"calls": {"per_hour": 60}, "to": "main"}},
        "queues": {"main": {"talk": "constant 5m"}},
        "agents": {"team": {"heads": 10, "answers": ["main"]}},
    }
    assert list(validator().iter_errors(scenario)) == []
    wrong = copy.deepcopy(scenario)
    target = wrong
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value
    assert list(validator().iter_errors(wrong)) != []


def test_examples_on_the_reference_page_run(tmp_path: Path) -> None:
    """Each is a file named in its first line; scenarios and all variants resolve and fit the schema."""
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", reference_page(), re.DOTALL)
    assert len(blocks) == reference_page().count("```yaml") >= 2
    for name, text in blocks:
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, _ in blocks:
        assert errors(tmp_path / name) == []
        experiment = load_experiment(tmp_path / name)
        for scenario in (experiment.base, *(variant for _, variant in experiment.variants)):
            resolve(scenario)
