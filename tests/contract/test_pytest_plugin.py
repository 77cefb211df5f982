"""The pytest plugin in a project of somebody else, installed from the built wheel."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from xml.etree import ElementTree

import pytest

DESK = """\
name: A desk
run: {measure: 2h, replications: 4}
check: {at_least: 4, at_most: 32}
callers:
  everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}
queues:
  main: {handle_time: exponential mean 4m, target: {share: 80%, within: 20s}}
agents:
  team: {heads: 6, answers: [main]}
expect:
  - abandonment_ratio <= 50%
"""
MISSED = DESK.replace("A desk", "A bad desk") + "  - abandonment_ratio <= 0.01%\n"
PYTHON_TEST = """\
def test_more_heads_answer_more(callsim_run, assert_equivalent):
    few, many = (callsim_run("plans/desk.yaml", changes=(f"agents.team.heads={n}",)) for n in (6, 9))
    assert few is callsim_run("plans/desk.yaml", changes=("agents.team.heads=6",))
    assert many.value("reach") > few.value("reach")
    assert_equivalent(few, few, "service_level", "handle_time")

def test_heads_make_no_difference(callsim_run, assert_equivalent):
    few, many = (callsim_run("plans/desk.yaml", changes=(f"agents.team.heads={n}",)) for n in (6, 9))
    assert_equivalent(few, many, "reach", queue="main", margin=0.001)
"""


class Elsewhere:
    """A project in a folder of its own, with an environment that has callsim from the wheel."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder, self.python = folder, python
        (folder / "plans").mkdir(parents=True)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def pytest(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def python(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with callsim from the wheel, and the libraries of this one; no network is asked."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    place = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(place),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([str(place), "-c", where], check=True, capture_output=True, text=True).stdout.strip()
    libraries = sysconfig.get_path("purelib")
    (Path(packages) / "libraries-of-the-other.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return place


@pytest.fixture
def project(python: Path, tmp_path: Path) -> Elsewhere:
    """A project whose configuration names the files under plans/."""
    there = Elsewhere(tmp_path / "project", python)
    there.write("pytest.ini", "[pytest]\ncallsim_scenarios = plans/*.yaml\n")
    return there


@pytest.mark.slow
def test_scenarios_become_tests_that_pass_and_fail(project: Elsewhere, root: Path) -> None:
    """One for each expectation, one for the record; a failure is a readable text without a traceback."""
    project.write("plans/desk.yaml", DESK)
    project.write("plans/bad.yaml", MISSED)
    done = project.pytest("-v", "--junitxml", "results.xml")
    assert done.returncode == 1, done.stdout
    assert "plans/desk.yaml::abandonment_ratio <= 50% PASSED" in done.stdout
    assert "plans/bad.yaml::abandonment_ratio <= 0.01% FAILED" in done.stdout
    assert "bad.yaml: abandonment_ratio <= 0.01%: missed: " in done.stdout
    assert "desk.yaml: has no record (desk.record.txt); make it with `pytest --callsim-update`" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert ".py:" not in done.stdout
    cases = ElementTree.parse(project.folder / "results.xml").getroot().iter("testcase")
    names = {(case.get("classname"), case.get("name")): case.find("failure") is None for case in cases}
    assert names[("plans.desk.yaml", "abandonment_ratio <= 50%")]
    assert not names[("plans.bad.yaml", "record")]
    where = [str(project.python), "-c", "import callsim; print(callsim.__file__)"]
    used = subprocess.run(where, cwd=project.folder, capture_output=True, text=True, check=True).stdout
    assert not Path(used.strip()).is_relative_to(root / "callsim")


@pytest.mark.slow
def test_records_are_written_on_request_and_compared_afterwards(project: Elsewhere) -> None:
    """`--callsim-update` writes; then the record passes; a changed plan fails with the figures that moved."""
    project.write("plans/desk.yaml", DESK)
    wrote = project.pytest("-q", "--callsim-update")
    assert wrote.returncode == 0, wrote.stdout
    assert "desk.yaml: recorded" in wrote.stdout
    again = project.pytest("-q", "-n", "2")
    assert again.returncode == 0, again.stdout
    project.write("plans/desk.yaml", DESK.replace("heads: 6", "heads: 7"))
    moved = project.pytest("-q")
    assert moved.returncode == 1
    assert "changed: the scenario" in moved.stdout
    assert "staffed_time" in moved.stdout
    assert "43200 s -> 50400 s   +7200 s (+16.7 %)" in moved.stdout
    assert "Traceback" not in moved.stdout


@pytest.mark.slow
def test_tests_in_python_get_results_and_equivalence(project: Elsewhere) -> None:
    """`callsim_run` runs once for the same question; `assert_equivalent` fails with the difference and its interval."""
    project.write("plans/desk.yaml", DESK)
    project.write("test_plans.py", PYTHON_TEST)
    done = project.pytest("-q", "test_plans.py")
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "reach: " in done.stdout
    assert "is beyond the margin (0.1 points)" in done.stdout


@pytest.mark.slow
def test_wrong_scenario_is_an_error_of_collection_with_its_place(project: Elsewhere) -> None:
    """File, line and advice, as `callsim validate` says it; a misspelt measure of an expectation too."""
    project.write("plans/desk.yaml", DESK.replace("heads: 6", "haeds: 6"))
    project.write("plans/other.yaml", DESK.replace("abandonment_ratio", "abandonment_ration"))
    done = project.pytest("-q")
    assert done.returncode == 2
    assert "desk.yaml:9:10" in done.stdout.replace("\\", "/")
    assert "did you mean abandonment_ratio?" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ("callsim_scenarios = plan/*.yaml\n", "found 'plan/*.yaml', which no file in"),
        ("callsim_scenarios = plans/*.yaml\ntestpaths = tests\n", "lies in none of the testpaths"),
    ],
)
def test_names_that_would_test_nothing_are_refused(project: Elsewhere, configuration: str, said: str) -> None:
    """A pattern without a file, or a file that no test path reaches: nobody would notice that nothing is tested."""
    project.write("plans/desk.yaml", DESK)
    (project.folder / "tests").mkdir()
    project.write("pytest.ini", f"[pytest]\n{configuration}")
    done = project.pytest("-q")
    assert done.returncode == 4
    assert said in done.stderr + done.stdout


@pytest.mark.slow
def test_project_that_names_no_scenarios_pays_nothing(project: Elsewhere) -> None:
    """Without the option nothing is collected, and the plugin imports no library: not even numpy."""
    project.write("pytest.ini", "[pytest]\n")
    project.write("plans/desk.yaml", DESK)
    project.write(
        "conftest.py",
        "import sys\ndef pytest_unconfigure(config):\n"
        "    heavy = ('numpy', 'pydantic', 'yaml', 'simpy', 'numba', 'callsim.experiments')\n"
        "    print('plugin:', config.pluginmanager.hasplugin('callsim'), [m for m in heavy if m in sys.modules])\n",
    )
    project.write("test_nothing.py", "def test_nothing(): pass\n")
    done = project.pytest("-q", "--collect-only")
    assert "plugin: True []" in done.stdout, done.stdout + done.stderr
    assert "desk.yaml" not in done.stdout
    assert "1 test collected" in done.stdout
