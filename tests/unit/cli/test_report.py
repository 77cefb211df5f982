"""``callsim report`` from end to end, on a desk small enough for seconds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callsim.cli import main

HERE = Path(__file__).parent
EXPERIMENT = str(HERE / "small_experiment.yaml")


def report(*words: str) -> Result:
    """Return what the command did."""
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, ["report", *words])


@pytest.mark.slow
def test_report_of_an_experiment_is_one_file_and_says_how_large(tmp_path: Path) -> None:
    """The same bytes for any number of workers; settings of the command are heard and repeated in the page."""
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    words = ("--seed", "9", "--replications", "2", "--set", "agents.clerks.heads=5")
    done = report(EXPERIMENT, "-o", str(first), *words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{first}: {first.stat().st_size / 1024:,.0f} KiB, 2 replications\n"
    quiet = report(EXPERIMENT, "-o", str(second), "--workers", "2", "--quiet", *words)
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="utf-8")
    assert "--seed 9 --replications 2 --level 0.95 --set agents.clerks.heads=5 -o small_experiment.html" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_report_needs_a_place_that_can_be_written(tmp_path: Path) -> None:
    """It is looked at before the work: a folder that is not there costs no simulation."""
    assert report(EXPERIMENT).exit_code == 2
    done = report(EXPERIMENT, "-o", str(tmp_path / "nowhere" / "a.html"))
    assert done.exit_code == 2
    assert "nowhere" in done.stderr


def test_report_of_a_wrong_scenario_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    """As every command."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: x\nqueues: {a: {talk: nonsense}}\n", encoding="utf-8")
    done = report(str(wrong), "-o", str(tmp_path / "a.html"))
    assert done.exit_code == 2
    assert "wrong.yaml:2" in done.stderr
    assert not (tmp_path / "a.html").exists()


@pytest.mark.slow
def test_wheel_carries_the_template_the_style_and_the_words(root: Path, tmp_path: Path) -> None:
    """An installed user can write reports."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    data = {"html/report.html.j2", "html/report.css", "texts.en.toml"}
    assert {f"callsim/report/{name}" for name in data} <= inside
