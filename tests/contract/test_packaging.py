"""What is shipped: the wheel's contents, the pins, the two commands, and that CI runs the second."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

README_COMMAND = re.compile(r"^```(?:sh|bash|console)\n(.+?)\n```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """The [project] table."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(root: Path) -> dict[str, list[Requirement]]:
    """Return every line of constraints.txt by its normalised name."""
    found: dict[str, list[Requirement]] = {}
    for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines():
        requirement = Requirement(line)
        found.setdefault(normalised(requirement.name), []).append(requirement)
    return found


def normalised(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.slow
def test_wheel_carries_code_scenarios_licence_and_type_marker(root: Path, tmp_path: Path) -> None:
    """An installed user has every module, every shipped scenario with its files, the licence, and types."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        licences = [name for name in inside if name.endswith("/licenses/LICENSE")]
        metadata = message_from_string(
            archive.read(next(name for name in inside if name.endswith("/METADATA"))).decode()
        )
    modules = {path.relative_to(root).as_posix() for path in (root / "callsim").rglob("*.py")}
    scenarios = {f"callsim/{path.relative_to(root).as_posix()}" for path in tracked_scenarios(root)}
    assert modules | scenarios | {"callsim/py.typed"} <= inside
    assert scenarios
    assert len(licences) == 1
    assert metadata["License-Expression"] == "Apache-2.0"
    assert not [name for name in inside if name.startswith(("tests/", "benchmarks/", "docs/"))]


def tracked_scenarios(root: Path) -> list[Path]:
    """Return every file under scenarios/ that is not a left-over of a run."""
    return [path for path in (root / "scenarios").rglob("*") if path.is_file() and "results" not in path.parts]


def test_every_dependency_is_bounded_and_pinned_within_its_bounds(root: Path, project: dict[str, Any]) -> None:
    """Each requirement says from which version and up to which, and constraints.txt agrees for every Python."""
    fixed = pins(root)
    written = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for line in written:
        wanted = Requirement(line)
        operators = {one.operator for one in wanted.specifier}
        assert operators >= {"<", ">="}, f"{line}: give a lower and an upper bound"
        for pin in fixed[normalised(wanted.name)]:
            (exact,) = pin.specifier
            assert exact.operator == "=="
            assert wanted.specifier.contains(exact.version), f"{pin} is outside {wanted}"


def test_constraints_name_versions_and_nothing_else(root: Path) -> None:
    """No host, no hash, no option, no comment: one pinned version a line."""
    for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[\w.!+]+( ; [\w .'<>=!()]+)?", line), line


def readme_commands(root: Path) -> list[str]:
    """Return the README's shell blocks, in order."""
    return README_COMMAND.findall((root / "README.md").read_text(encoding="utf-8"))


def test_readme_starts_with_two_commands_of_one_line_each(root: Path) -> None:
    """The first sets up and runs the comparison, the second sets up and runs the tests; each stands alone."""
    first, second = readme_commands(root)[:2]
    assert "\n" not in first + second
    for command in (first, second):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e ")
    assert ".venv/bin/callsim compare scenarios/case/compare.yaml" in first
    assert "--json " in first
    assert second.endswith(" -m pytest -n 2") or second.endswith(" -m pytest")
    assert (root / "scenarios/case/compare.yaml").is_file()


def test_ci_runs_the_second_command_of_the_readme(root: Path) -> None:
    """`.ci/run` holds the command letter by letter on a line of its own, beside lint, format and types."""
    lines = (root / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert readme_commands(root)[1] in lines
    assert "set -euo pipefail" in lines
    text = "\n".join(lines)
    for tool in ("ruff check", "ruff format --check", "mypy"):
        assert tool in text


def test_citation_changelog_and_package_agree_on_the_version(root: Path, project: dict[str, Any]) -> None:
    """One version everywhere."""
    version = project["version"]
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_installed_command_answers_with_its_version(root: Path, project: dict[str, Any]) -> None:
    """`callsim --version` prints the version of pyproject.toml."""
    code = "from callsim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, cwd=root, check=True
    )
    assert project["version"] in done.stdout


def test_benchmark_scenarios_are_what_the_definitions_write(root: Path) -> None:
    """The scenarios and the hand-written models of the speed comparison have one source."""
    from benchmarks.write_scenarios import FOLDER, texts

    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in texts()} == texts()
    assert {path.name for path in FOLDER.glob("*.yaml")} == set(texts())
