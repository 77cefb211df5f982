"""The first five minutes: `callsim` alone, a starter scenario that can be run, completion in a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import callsim
from callsim.cli import main
from callsim.cli.completion import SHELLS
from callsim.errors import OutputError
from callsim.report import starter
from callsim.report.starter import QUESTIONS, Starter, file_name, heads_to_begin_with, write_starter

PROGRAM = [sys.executable, "-m", "callsim"]


def callsim_says(*words: str, answers: str = "", **environment: str) -> Result:
    """Return what a command did."""
    return CliRunner(env={"COLUMNS": "80", **environment}).invoke(main, list(words), input=answers)


def read(field: str, answer: str) -> str | float | int:
    """Return what a question makes of an answer."""
    return next(question for question in QUESTIONS if question.field == field).read(answer)


def test_callsim_alone_says_what_to_do_next() -> None:
    """A short screen with three commands, each of which exists; not the whole help, and not an error."""
    done = callsim_says()
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) <= 8
    assert [line.split()[1] for line in lines if line.startswith("  callsim ")] == ["new", "run", "compare"]
    assert "--help" in lines[-1]
    assert "Options:" not in done.stdout


def test_new_writes_a_scenario_that_can_be_run_and_compared(tmp_path: Path) -> None:
    """Every command of its last words works on the file as it stands."""
    place = tmp_path / "centre.yaml"
    done = callsim_says("new", str(place))
    assert done.exit_code == 0, done.output
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  callsim ")] == [
        "run", "compare", "explain",
    ]  # fmt: skip
    assert callsim_says("validate", str(place)).exit_code == 0
    assert callsim_says("explain", str(place)).exit_code == 0
    short = ("--set", "run.measure=1 day", "--replications", "2")
    assert callsim_says("run", str(place), *short).exit_code == 0
    rows = json.loads(callsim_says("compare", str(place), *short, "--json", "-").stdout)
    assert {row["variant"] for row in rows} == {"My centre", "one agent more", "a tenth more callers", "both"}


def test_every_part_of_the_starter_is_explained() -> None:
    """Each top-level part has a comment, and comments stand in one column."""
    lines = Starter().text("centre.yaml").splitlines()
    tops = [line for line in lines if line and line[0].isalpha() and not line.startswith("name:")]
    assert tops
    assert all("# " in line for line in tops)
    assert {line.index("# ") for line in lines if "# " in line[2:]} == {50}
    assert max(map(len, lines)) <= 120


def test_new_leaves_a_file_that_is_there_as_it_is(tmp_path: Path) -> None:
    """No answer is asked for in vain either: the check comes before the questions."""
    place = tmp_path / "centre.yaml"
    place.write_text("mine\n", encoding="utf-8")
    done = callsim_says("new", "--ask", str(place))
    assert done.exit_code == 2
    other = tmp_path / "centre-2.yaml"
    assert done.stderr == f"{place}: is there already and stays as it is; choose another name: callsim new {other}\n"
    assert place.read_text(encoding="utf-8") == "mine\n"


def test_a_file_that_appears_in_the_meantime_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check and the writing somebody else may be faster."""
    place = tmp_path / "centre.yaml"
    place.write_text("mine\n", encoding="utf-8")
    monkeypatch.setattr(starter, "check_free", lambda _: None)
    with pytest.raises(OutputError, match=rf"^{place}: cannot be written: File exists$"):
        write_starter(Starter(), place)
    assert place.read_text(encoding="utf-8") == "mine\n"


def test_new_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    """As every output does."""
    done = callsim_says("new", f"{tmp_path}/nowhere/a.yaml")
    assert done.exit_code == 2
    assert "this folder does not exist" in done.stderr


def test_a_name_without_ending_becomes_a_yaml_file() -> None:
    """And a name with one stays."""
    assert [file_name(word).name for word in ("shop", "shop.yaml", "shop.yml", "shop.v2")] == [
        "shop.yaml", "shop.yaml", "shop.yml", "shop.v2.yaml",
    ]  # fmt: skip


def test_answers_become_the_scenario(tmp_path: Path) -> None:
    """Six questions; an answer that cannot be read is explained and asked for again."""
    place = tmp_path / "desk.yaml"
    answers = 'Café "Ulm" # 1\n24/8\nmon-fri 08:00-18:00, sat 09:00-13:00\n0\n30\n5\n5m30s\n90 s\nmany\n6\n'
    done = callsim_says("new", "--ask", str(place), answers=answers)
    assert done.exit_code == 0, done.output
    assert "found '24/8'" in done.stderr
    assert "found '0'; write a number above 0, such as 60" in done.stderr
    assert "found '5' without a unit" in done.stderr
    assert "found 'many'; write a whole number of at least 1, such as 8" in done.stderr
    words = callsim.explain(callsim.load(place))
    assert words.startswith('Café "Ulm" # 1\n')
    assert "patience: lognormal mean 1m30s cv 1" in words
    assert "talk: lognormal mean 5m30s cv 0.8" in words
    assert "open: mon-fri 08:00-18:00, sat 09:00-13:00" in words
    assert "0 to 6" in words


def test_return_takes_every_answer_in_brackets(tmp_path: Path) -> None:
    """The same file as without questions."""
    asked, unasked = tmp_path / "asked" / "a.yaml", tmp_path / "unasked" / "a.yaml"
    for place in (asked, unasked):
        place.parent.mkdir()
    assert callsim_says("new", "--ask", str(asked), answers="\n" * 6).exit_code == 0
    assert callsim_says("new", "--no-ask", str(unasked)).exit_code == 0
    assert asked.read_bytes() == unasked.read_bytes()


def test_who_leaves_in_the_middle_of_the_questions_leaves_no_file(tmp_path: Path) -> None:
    """The end of the input is a Ctrl-C."""
    done = callsim_says("new", "--ask", f"{tmp_path}/a.yaml", answers="A\n")
    assert done.exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_heads_to_begin_with_are_the_work_and_a_margin() -> None:
    """R + sqrt(R), rounded up: 54.5 calls of 5 m 30 s an hour are 5 erlangs; 1000 of 6 m are 100."""
    assert heads_to_begin_with(Starter(calls=1000, talk="5m30s")) == 110
    assert heads_to_begin_with(Starter(calls=60, talk="5m")) == 8
    assert heads_to_begin_with(Starter(calls=1, talk="30s")) == 1


@settings(max_examples=25)
@given(
    name=st.text(max_size=90),
    hours=st.sampled_from(["24/7", "mon-fri 08:00-18:00", "fri 22:00-06:00", "sat 09:00-12:00 and 13:00-17:00"]),
    calls=st.floats(allow_nan=True, allow_infinity=True).map(str) | st.integers(-1, 10**7).map(str),
    talk=st.sampled_from(["5m", "90s", "1.5 h", "0", "-3m", "2h30m"]),
    heads=st.integers(-1, 10**7).map(str) | st.text(max_size=3),
)
def test_whatever_the_questions_accept_resolves(
    tmp_path_factory: pytest.TempPathFactory, name: str, hours: str, calls: str, talk: str, heads: str
) -> None:
    """An answer is refused with a sentence, or the scenario made of it is right."""
    made, refused = Starter(), []
    for field, answer in {"name": name, "open": hours, "calls": calls, "talk": talk, "heads": heads}.items():
        try:
            made = made.answered(field, read(field, answer))
        except ValueError as error:
            refused.append(str(error))
    assert all("write" in text for text in refused)
    made = made.answered("calls", min(made.calls, 1000.0))  # larger ones only take longer to resolve
    place = tmp_path_factory.mktemp("starter") / "a.yaml"
    place.write_text(made.text("a.yaml"), encoding="utf-8")
    assert callsim.validate(place) == ()
    assert callsim.load(place).name == made.name


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a thing of POSIX")
def test_questions_are_asked_in_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    """A script that calls `callsim new` never hangs at a question."""
    import pty

    piped = subprocess.run(
        [*PROGRAM, "new", "piped"], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=tmp_path, check=True,
        timeout=60,
    )  # fmt: skip
    assert "?" not in piped.stderr
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"The desk\n" + b"\n" * 5)
        asked = subprocess.run(
            [*PROGRAM, "new", "asked"], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, cwd=tmp_path, check=True,
            timeout=60,
        )  # fmt: skip
    finally:
        os.close(theirs)
        os.close(ours)
    assert b"asked.yaml: written." in asked.stdout
    assert 'name: "The desk"' in (tmp_path / "asked.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_prints_the_script_of_each_shell(shell: str) -> None:
    """It names the program and the variable by which the shell asks it."""
    done = callsim_says("completion", shell)
    assert done.exit_code == 0, done.output
    assert "_CALLSIM_COMPLETE" in done.stdout
    assert f"{shell}_complete" in done.stdout


def test_completion_of_an_unknown_shell_names_those_that_there_are() -> None:
    """A user error."""
    done = callsim_says("completion", "tcsh")
    assert done.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("callsim comp", ["plain,compare", "plain,completion"]), ("callsim run --rep", ["plain,--replications"]),
     ("callsim run ce", ["file,ce"]), ("callsim completion z", ["plain,zsh"]),
     ("callsim scenarios textbook/erlang", ["plain,textbook/erlang-a", "plain,textbook/erlang-c"])],
)  # fmt: skip
def test_shell_is_offered_commands_options_files_and_scenarios(typed: str, offered: list[str]) -> None:
    """What a shell gets when somebody presses Tab."""
    words = typed.split()
    environment = {"_CALLSIM_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    done = callsim_says(**environment)
    assert done.stdout.split() == offered
