"""``callsim check`` on records: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callsim.cli import main
from callsim.experiments.records import record_path
from tests.small_records import DESK, desk, recorded


def check(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words), "--workers", "1"])


def test_update_writes_records_and_says_so(tmp_path: Path) -> None:
    """Once recorded, the second time nothing is written; exit code 0."""
    path = desk(tmp_path)
    first, second = check(path, "--update", "--replications", "3"), check(path, "--update")
    assert (first.exit_code, first.output) == (0, f"{path}: recorded\n")
    assert (second.exit_code, second.output) == (0, f"{path}: as recorded, nothing written\n")
    assert "replications    3\n" in record_path(path).read_text(encoding="utf-8")


def test_record_alone_is_checked_in_one_line(tmp_path: Path) -> None:
    """A scenario that expects nothing is judged by its record."""
    path, _ = recorded(tmp_path)
    done = check(path)
    assert (done.exit_code, done.output) == (0, f"{path}: as recorded: the same in every digit\n")


def test_expectations_and_record_are_told_one_after_the_other(tmp_path: Path) -> None:
    """Both decide the exit code; here the expectation is met and the record is not."""
    path, _ = recorded(tmp_path)
    desk(tmp_path, DESK.replace("heads: 5", "heads: 6") + "expect: [abandonment_ratio < 50%]\n")
    done = check(path, "--quiet", "--json", tmp_path / "out.json")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0].startswith(f"{path}: missed (1 expectation: 1 met")
    assert lines[1].startswith(f"{path}: not as recorded: ")
    assert lines[2] == "  changed: the scenario"
    (found,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["record"]["verdict"] == "moved"


def test_changed_on_the_command_line_no_record_is_compared(tmp_path: Path) -> None:
    """The record is of the file, not of a what-if."""
    path, _ = recorded(tmp_path)
    desk(tmp_path, DESK + "expect: [abandonment_ratio < 50%]\n")
    done = check(path, "--set", "agents.team.heads=6", "--quiet")
    assert done.exit_code == 0
    assert "as recorded" not in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--replications", "3"], "--replications is for --update"),
        (["--update", "--set", "agents.team.heads=6"], "--update goes with"),
        (["--update", "--json", "-"], "--update goes with"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, words: list[str], said: str) -> None:
    """Exit code 2, nothing is simulated or written."""
    path = desk(tmp_path)
    done = check(path, *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not record_path(path).exists()
