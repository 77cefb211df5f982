"""`callsim story`: what it prints, writes, and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import callsim
from callsim.cli import main
from callsim.cli.faults import DONE, USER

CENTRE = """
name: A desk with trouble
run: {start: 2025-03-03, measure: 3 days, follow_cases: 2 days, replications: 1}
callers:
  fault: {calls: {per_hour: {daily 08:00-20:00: 10}}, to: support, patience: exponential mean 10m}
cases:
  order error:
    starts: {per_day: 6, at: daily 09:00-15:00}
    needs: [mend order]
    owner: {share: 30%}
    dials: {support: 100%}
    patience: lognormal mean 30m cv 0.6
    calls_again: {unsolved: exponential mean 2h, abandoned: exponential mean 45m}
queues:
  support: {open: daily 08:00-20:00, talk: exponential mean 6m}
agents:
  team: {staffing: {daily 08:00-20:00: 2}, answers: [support]}
"""


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """Return the file of a small centre with cases."""
    path = tmp_path / "centre.yaml"
    path.write_text(CENTRE)
    return path


def callsim_says(*words: str | Path) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": "70"})


def test_the_worst_case_is_told_in_the_width_of_the_terminal(centre: Path) -> None:
    """Sentences with dates and totals; the same as from Python."""
    done = callsim_says("story", centre, "--engine", "simpy")
    assert done.exit_code == DONE, done.output
    assert max(map(len, done.stdout.splitlines())) <= 70
    assert done.stdout.startswith("Case order error")
    assert "So far: 1 call" in done.stdout
    assert done.stdout == callsim.story(centre, engine="simpy").text(70)


def test_a_kept_log_tells_the_same_story_as_the_run(centre: Path, tmp_path: Path) -> None:
    """With `--log` nothing is run."""
    (tmp_path / "logs").mkdir()
    saved = callsim_says("run", centre, "--quiet", "--engine", "simpy", "--save-logs", tmp_path / "logs")
    assert saved.exit_code == DONE, saved.output
    (folder,) = (tmp_path / "logs").iterdir()
    told = callsim_says("story", centre, "--log", folder, "--median")
    assert told.exit_code == DONE, told.output
    assert told.stdout == callsim_says("story", centre, "--engine", "simpy", "--median").stdout
    refused = callsim_says("story", centre, "--log", folder, "--set", "run.measure=2 days")
    assert refused.exit_code == USER
    assert "it is of another plan" in refused.stderr


def test_json_has_every_sentence_and_the_case_can_be_asked_for_again(centre: Path) -> None:
    """By the id that the first telling gave; the nearest to its own numbers is itself."""
    first = json.loads(callsim_says("story", centre, "--engine", "simpy", "--format", "json").stdout)
    again = callsim_says("story", centre, "--engine", "simpy", "--case", first["id"], "--format", "json")
    assert json.loads(again.stdout)["sentences"] == first["sentences"]
    total = first["totals"]
    near = f"calls={total['calls']},hours={total['phone'] / 3600},employees={total['employees']}"
    found = callsim_says("story", centre, "--engine", "simpy", "--like", near, "--format", "json")
    assert json.loads(found.stdout)["id"] == first["id"]


def test_a_picture_is_written_beside_the_text(centre: Path, tmp_path: Path) -> None:
    """Its kind is that of its name."""
    place = tmp_path / "story.svg"
    done = callsim_says("story", centre, "--engine", "simpy", "--callers", "fault", "--picture", place)
    assert done.exit_code == DONE, done.output
    assert done.stdout.startswith("Caller fault/")
    assert place.read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--like", "calls"], "write names and numbers"),
        (["--like", "calls=x"], "write names and numbers"),
        (["--like", "call=3"], "names are: calls"),
        (["--picture", "story.gif"], "must end with one of .png, .svg, .pdf"),
        (["--picture", "nowhere/story.png"], "this folder does not exist"),
        (["--case", "x"], "write stream/block/n"),
        (["--median", "--like", "calls=3"], "ask for one case"),
        (["--replication", "-1"], "must be 0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused_with_advice(centre: Path, words: list[str], said: str) -> None:
    """Before anything is simulated where that is possible; exit code 2."""
    done = callsim_says("story", centre, "--engine", "simpy", *words)
    assert done.exit_code == USER
    assert said in done.output
