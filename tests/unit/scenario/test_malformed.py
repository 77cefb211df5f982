"""Malformed scenarios: each file of `malformed/` beside the full text of what is said about it.

The first line of the text is the kind of error. Files ``whole-*`` are well written but cannot be resolved.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from callsim.errors import ScenarioError
from callsim.scenario import load, load_experiment, resolve

FOLDER = Path(__file__).parent / "malformed"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.endswith(".inc"))
FEWEST_FILES = 45


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files as they were given."""
    monkeypatch.chdir(FOLDER)


@pytest.mark.parametrize("name", NAMES)
def test_malformed_scenario_gets_its_message(name: str) -> None:
    """Every problem of the file is told at once: place, what was found, the rule, what to do."""
    whole = name.startswith("whole-")
    with pytest.raises(ScenarioError) as caught:
        resolve(load(f"{name}.yaml")) if whole else load_experiment(f"{name}.yaml")
    expected = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert f"{type(caught.value).__name__}\n\n{caught.value}\n" == expected
    assert caught.value.exit_code == 2


def test_folder_holds_enough_malformed_scenarios() -> None:
    """At least 45, and no text without its scenario."""
    assert len(NAMES) >= FEWEST_FILES
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == NAMES


def test_no_message_speaks_the_jargon_of_a_library() -> None:
    """Messages are in the words of the scenario language."""
    jargon = ("pydantic", "type=", "input_value", "NoneType", "dict", "Extra inputs", "validation", "float", "string")
    for name in NAMES:
        text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        assert [word for word in jargon if word in text] == [], name


@pytest.mark.parametrize("name", ["key-unknown", "whole-open-without-heads", "extends-and-breaks-the-base"])
def test_message_points_at_the_line_that_was_written(name: str) -> None:
    """File, line and column are those of a text that stands there, not of the section around it."""
    with pytest.raises(ScenarioError) as caught:
        resolve(load(f"{name}.yaml"))
    for problem in caught.value.problems:
        line = Path(problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1]
        assert line[problem.column - 1] not in " {,:"
        assert problem.column == 1 or line[problem.column - 2] in " {["


def test_missing_file_is_told_without_a_line() -> None:
    """There is no line in a file that does not exist."""
    with pytest.raises(ScenarioError) as caught:
        load("nowhere.yaml")
    assert str(caught.value) == (
        "nowhere.yaml\n  found no such file; a scenario file is needed\n  check the name and the folder"
    )


def test_folder_is_no_scenario(tmp_path: Path) -> None:
    """A folder is told apart from a file that is missing."""
    with pytest.raises(ScenarioError) as caught:
        load(os.path.relpath(tmp_path, FOLDER))
    assert str(caught.value).endswith("  found a folder; a scenario is a YAML file")


def test_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """50 MB are refused by their size, in no time."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    begun = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert time.process_time() - begun < 0.1
    assert str(caught.value) == (
        f"{path}\n  found 50 MB; a scenario file has at most 4 MB\n  put large tables into CSV files and name them here"
    )


def test_experiment_is_not_run_as_a_scenario() -> None:
    """A file with a base is compared, not loaded."""
    with pytest.raises(ScenarioError) as caught:
        load("experiment-twins.yaml")
    assert str(caught.value) == (
        "experiment-twins.yaml:1:1  base\n  found the key 'base'; this file compares scenarios, and is none itself\n"
        "  compare it, or name its base"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("agents.taem.heads=12", "found 'taem'; there is no group of this name\n  did you mean team?"),
        (
            "agents.team.heads",
            "found 'agents.team.heads'; a change is path=value\n  write it like agents.team.heads=12",
        ),
        (
            "agents.team.heads=[1",
            "found a [ that is not closed, or a missing comma; entries stand as [a, b]\n"
            "  close the bracket or add the comma",
        ),
        (
            "agents.team.heads=many",
            "found 'many'; a whole number of at least 0 is needed\n  write a number such as 12, or from volumes",
        ),
        ("queues.*.limt=3", "found unknown key 'limt'; this key has no meaning here\n  did you mean limit?"),
        ("queues..limit=3", "found the path 'queues..limit'; a path is names joined by dots\n  write queues.main.open"),
        (
            "queues.main.talk.mean=3m",
            "found 'mean' below 'lognormal mean 6m cv 0.8'; queues.main.talk is a single value, so nothing stands "
            "below it\n  set queues.main.talk as a whole",
        ),
    ],
)
def test_change_of_the_command_line_gets_its_message(change: str, message: str) -> None:
    """A change has no line: the message names the change itself."""
    with pytest.raises(ScenarioError) as caught:
        load("base.inc.yaml", [change])
    head, _, rest = str(caught.value).partition("\n  ")
    assert rest == message
    assert head.startswith("--set")
    assert not caught.value.problems[0].line


def test_problems_are_sorted_by_place() -> None:
    """The reader goes through the file once."""
    with pytest.raises(ScenarioError) as caught:
        load_experiment("experiment-paths-that-lead-nowhere.yaml")
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert len(lines) > 10
