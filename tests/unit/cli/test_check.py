"""`callsim check` from end to end: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callsim.cli import main
from callsim.errors import InvariantBroken

CENTRE = """\
name: A desk
run: {measure: 2h, seed: 7}
callers: {everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}}
queues: {main: {handle_time: exponential mean 3m, target: {share: 80%, within: 20s}}}
agents: {team: {heads: 5, answers: [main]}}
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files are named as a user names them."""
    monkeypatch.chdir(tmp_path)
    for name, line in {
        "good": "abandonment_ratio <= 60%",
        "bad": "abandonment_ratio >= 90%",
        "open": "blocked <= 0",
        "wrong": "abandonment_ration <= 60%",
    }.items():
        (tmp_path / f"{name}.yaml").write_text(f"{CENTRE}expect: [{line}]\n", encoding="utf-8")
    return tmp_path


def callsim_says(*words: str) -> Result:
    """Return what a command did."""
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, ["check", "--workers", "1", *words])


def test_a_check_that_is_met_returns_0_and_shows_a_table() -> None:
    """Expectation, figure with interval, replications, verdict; a line for logs at the end."""
    done = callsim_says("good.yaml")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "A desk"
    assert [line.split() for line in lines if line.startswith("expected")] == [
        ["expected", "found", "replications", "verdict"]
    ]
    assert next(line for line in lines if line.startswith("abandonment")).endswith(" 8  met")
    assert lines[-1] == "good.yaml: met (1 expectation: 1 met; 8 replications, seed 7)"
    assert max(map(len, lines)) <= 80
    assert done.stderr == ""


@pytest.mark.parametrize(("name", "outcome"), [("bad", "missed"), ("open", "undecided")])
def test_a_check_that_is_missed_or_undecided_returns_1(name: str, outcome: str) -> None:
    """The answer is no."""
    done = callsim_says(f"{name}.yaml", "--at-most", "8")
    assert done.exit_code == 1
    assert f"{name}.yaml: {outcome} (1 expectation: 1 {outcome}; 8 replications, seed 7)" in done.stdout


def test_a_wrong_file_returns_2_and_the_others_are_checked_all_the_same() -> None:
    """What is wrong goes to standard error, with its place."""
    done = callsim_says("wrong.yaml", "good.yaml", "bad.yaml", "--quiet")
    assert done.exit_code == 2
    assert done.stderr == (
        "wrong.yaml:6:10  expect.0\n  found 'abandonment_ration'; there is no such measure\n"
        "  did you mean abandonment_ratio?\n\n"
    )
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["met", "missed"]


def test_nothing_expected_is_the_users_to_put_right(in_a_folder: Path) -> None:
    """Exit code 2."""
    (in_a_folder / "silent.yaml").write_text(CENTRE, encoding="utf-8")
    done = callsim_says("silent.yaml")
    assert done.exit_code == 2
    assert done.stderr.startswith("silent.yaml: found no expectations")


def test_a_fault_of_ours_returns_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the middle of many files."""

    def fail(*_: object) -> None:
        raise InvariantBroken("an agent talks to two callers")

    monkeypatch.setattr("callsim.experiments.check.replicate", fail)
    done = callsim_says("wrong.yaml", "good.yaml", "bad.yaml")
    assert done.exit_code == 3
    assert "This is a bug in callsim" in done.stderr


def test_several_files_return_the_worst(tmp_path: Path) -> None:
    """One line a file, in their order."""
    done = callsim_says("good.yaml", "open.yaml", "--quiet", "--at-most", "8")
    assert done.exit_code == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["good.yaml", "open.yaml"]


def test_json_holds_every_verdict_and_every_wrong_file(tmp_path: Path) -> None:
    """A list with an entry for each file; on standard output it stands alone."""
    done = callsim_says("good.yaml", "wrong.yaml", "--json", "-")
    found = json.loads(done.stdout)
    assert [entry["outcome"] for entry in found] == ["met", "wrong"]
    (line,) = found[0]["expectations"]
    assert (line["expected"], line["outcome"], line["n"]) == ("abandonment_ratio <= 60%", "met", 8)
    assert line["value"] + line["half_width"] <= 0.6
    assert "did you mean abandonment_ratio?" in found[1]["message"]
    assert "good.yaml: met" in done.stderr
    callsim_says("good.yaml", "wrong.yaml", "--json", "out.json", "--quiet")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == found


def test_a_place_that_cannot_be_written_to_is_refused_before_the_work() -> None:
    """Not after it."""
    done = callsim_says("good.yaml", "--json", "nowhere/out.json")
    assert done.exit_code == 2
    assert (done.stdout, "this folder does not exist" in done.stderr) == ("", True)


def test_set_seed_and_level_change_what_is_checked() -> None:
    """`--set` as everywhere."""
    done = callsim_says("good.yaml", "--set", "agents.team.heads=1", "--seed", "3", "--level", "90%", "--at-most", "16")
    assert done.exit_code == 1
    assert "at least 90 % no verdict below is wrong" in done.stdout
    assert "good.yaml: missed" in done.stdout
    assert "seed 3)" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for others")
def test_ctrl_c_keeps_what_is_decided_and_returns_130(root: Path, in_a_folder: Path) -> None:
    """The verdicts that were reached are shown and written."""
    path = in_a_folder / "long.yaml"
    path.write_text(
        f"{CENTRE}expect: [abandonment_ratio <= 60%, blocked <= 0]\ncheck: {{at_most: 1000000}}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "callsim", "check", str(path), "--workers", "1", "--json", "out.json"]
    with subprocess.Popen(
        command, cwd=in_a_folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:  # fmt: skip
        time.sleep(6)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "1 met, 1 undecided" in out
    (entry,) = json.loads((in_a_folder / "out.json").read_text(encoding="utf-8"))
    assert [line["outcome"] for line in entry["expectations"]] == ["met", "undecided"]
    assert entry["interrupted"] is True
