"""Options that cannot be meant so are refused before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from callsim.cli import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "a.yaml", "--set", "heads"], "found 'heads'; write a path and a value, such as agents.team.heads=12"),
        (["run", "a.yaml", "--set", "=3"], "found '=3'; write a path and a value, such as agents.team.heads=12"),
        (["run", "a.yaml", "--level", "95"], "found '95'; must lie between 0 and 1, such as 0.95 or 95%"),
        (["run", "a.yaml", "--level", "high"], "found 'high'; must lie between 0 and 1, such as 0.95 or 95%"),
        (["run", "a.yaml", "--by", "week"], "'week' is not one of 'interval', 'hour_of_week'"),
        (["run", "a.yaml", "--workers", "two"], "'two' is not a valid integer"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["run", "a.yaml", "--sed", "1"], "No such option"),
        (["runn", "a.yaml"], "There is no command 'runn'. Did you mean 'run'?"),
        (["a.yaml"], "There is no command 'a.yaml'. To simulate a scenario, write: callsim run a.yaml"),
        (["xyzzy"], "There is no command 'xyzzy'. Commands are: new, run, compare,"),
    ],
)
def test_a_word_that_cannot_be_meant_so_ends_with_code_2(words: list[str], said: str) -> None:
    """The message names what was found and what is allowed; there is no traceback."""
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--json", "--csv", "--parquet"])
def test_an_output_without_a_folder_is_refused_before_the_scenario_is_read(tmp_path: Path, option: str) -> None:
    """An hour's work must not end there."""
    place = tmp_path / "no" / "rows"
    done = CliRunner().invoke(main, ["run", "no-such-scenario.yaml", option, str(place)])
    assert done.exit_code == 2
    folder = place.parent
    assert done.stderr == f"{folder}: this folder does not exist; create it first (mkdir -p '{folder}')\n"


def test_two_outputs_in_one_file_are_refused(tmp_path: Path) -> None:
    """One would be lost."""
    place = tmp_path / "rows"
    done = CliRunner().invoke(main, ["run", "a.yaml", "--json", str(place), "--csv", f"{tmp_path}/./rows"])
    assert done.exit_code == 2
    assert "--json and --csv cannot write to the same file" in done.stderr


def test_version_is_told() -> None:
    """`callsim --version` says the version and no more."""
    from callsim import __version__

    done = CliRunner().invoke(main, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"callsim {__version__}\n")


def test_help_is_no_error() -> None:
    """`callsim --help`, `callsim run -h` and `callsim` alone, which says what to do next, end with 0."""
    assert CliRunner().invoke(main, ["--help"]).exit_code == 0
    assert CliRunner().invoke(main, ["run", "-h"]).exit_code == 0
    assert CliRunner().invoke(main, []).exit_code == 0
