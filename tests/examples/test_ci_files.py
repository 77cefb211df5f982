"""The files for CI services and pre-commit that the manual shows: their commands are run in a project of their own.

Without a network the services' own steps are left out, and pip only says that it was called as the file says.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
import yamlcore

from tests.examples.doc_pages import DOCS, blocks

SCENARIO = """\
run: {measure: 2h}
callers: {everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}}
queues: {main: {handle_time: exponential mean 3m}}
agents: {team: {heads: 5, answers: [main]}}
expect: [abandonment_ratio <= 60%]
"""


def shown(name: str) -> Any:
    """Return a file that the page on CI shows."""
    text = (DOCS / "how-to" / "ci.md").read_text(encoding="utf-8")
    (body,) = [block.body for block in blocks(text) if block.kind == "yml" and block.body.startswith(f"# {name}\n")]
    return yaml.load(body, yamlcore.CoreLoader)


def github_commands() -> list[str]:
    """Return the lines that a runner gives to a shell, one shell each."""
    (job,) = shown(".github/workflows/callsim.yml")["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def gitlab_commands() -> list[str]:
    """Return the lines of the job's script."""
    (job,) = shown(".gitlab-ci.yml").values()
    return list(job["script"])


def pre_commit_entries(root: Path) -> list[dict[str, Any]]:
    """Return the hook as a project writes it, and as this repository offers it."""
    (repository,) = shown(".pre-commit-config.yaml")["repos"]
    offered = yaml.load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), yamlcore.CoreLoader)
    return [*repository["hooks"], *offered]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository of scenarios, and a `python` whose pip installs nothing."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "desk.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("callsim\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    python, callsim = tmp_path / "bin" / "python", tmp_path / "bin" / "callsim"
    python.write_text(
        f'#!/bin/sh\nif [ "$1 $2" = "-m pip" ]; then echo "$@" >> pip.txt; exit 0; fi\nexec {sys.executable} "$@"\n'
    )
    callsim.write_text(f'#!/bin/sh\nexec {sys.executable} -m callsim "$@"\n')
    for program in (python, callsim):
        program.chmod(0o755)
    return tmp_path


def done(command: str, project: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as the services do."""
    path = os.pathsep.join((str(project / "bin"), os.environ.get("PATH", "")))
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(root)}, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("commands", [github_commands, gitlab_commands], ids=["github", "gitlab"])
def test_the_lines_of_a_ci_file_check_a_project(commands: Any, project: Path, root: Path) -> None:
    """They install from requirements.txt, pass where all is met, and fail where something is missed."""
    *setting_up, check = commands()
    for command in (*setting_up, check):
        found = done(command, project, root)
        assert found.returncode == 0, f"{command}\n{found.stdout}{found.stderr}"
    assert (project / "pip.txt").read_text(encoding="utf-8") == "-m pip install -r requirements.txt\n"
    assert '"outcome": "met"' in (project / "check.json").read_text(encoding="utf-8")
    missed = SCENARIO.replace("<= 60%", ">= 90%")
    (project / "scenarios" / "another.yaml").write_text(missed, encoding="utf-8")
    found = done(check, project, root)
    assert found.returncode == 1
    assert "scenarios/another.yaml: missed" in found.stdout


def test_the_files_keep_what_they_write_as_an_artifact() -> None:
    """Also when the check fails."""
    (job,) = shown(".github/workflows/callsim.yml")["jobs"].values()
    upload = job["steps"][-1]
    assert (upload["if"], upload["with"]["path"]) == ("always()", "check.json")
    (job,) = shown(".gitlab-ci.yml").values()
    assert job["artifacts"] == {"when": "always", "paths": ["check.json"]}


def test_the_hook_of_this_repository_is_the_one_that_projects_write(root: Path) -> None:
    """But for who installs callsim."""
    written, offered = pre_commit_entries(root)
    assert (written.pop("language"), offered.pop("language")) == ("system", "python")
    assert offered.pop("description")
    assert written == offered
    assert set(written) >= {"id", "name", "entry"}


@pytest.mark.slow
def test_the_hook_passes_a_good_scenario_and_refuses_a_bad_one(project: Path, root: Path) -> None:
    """As pre-commit calls it: the entry's words, then the names of the changed files that match."""
    for hook in pre_commit_entries(root):
        names = [path.relative_to(project).as_posix() for path in sorted(project.rglob("*.yaml"))]
        matching = [name for name in names if re.search(hook["files"], name)]
        assert matching == ["scenarios/desk.yaml"]
        command = shlex.join([*shlex.split(hook["entry"]), *matching])
        assert done(command, project, root).returncode == 0
    (project / "scenarios" / "desk.yaml").write_text(SCENARIO.replace("heads", "hedas"), encoding="utf-8")
    found = done(command, project, root)
    assert found.returncode == 2
    assert "did you mean heads?" in found.stderr
