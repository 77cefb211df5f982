"""`callsim attribute` from end to end: table, files, pictures, errors."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import callsim
from callsim.cli import main
from callsim.report.figures import remedy_worth_data

HERE = Path(__file__).parent
EXPERIMENT = str(HERE / "small_remedies.yaml")


def callsim_says(*words: str, **environment: str) -> Result:
    """Return what a command did."""
    return CliRunner(env={"COLUMNS": "80", **environment}).invoke(main, list(words))


@pytest.fixture(scope="module")
def said() -> str:
    """What is shown of the small desk."""
    done = callsim_says("attribute", EXPERIMENT, "--replications", "4")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    return done.stdout


def test_table_fits_the_page_and_says_what_was_done(said: str) -> None:
    """Eighty columns where there is no terminal."""
    assert said.startswith(
        "What each idea is worth to a small desk\n"
        "3 remedies in all 8 combinations; every one meets the same customers\n"
        "4 replications of 2 hours, seed 7; ± half width of the 95 % interval\n"
    )
    assert max(map(len, said.splitlines())) <= 80


def test_table_puts_the_three_worths_side_by_side(said: str) -> None:
    """Of each figure; below the first a sentence for each remedy."""
    head = next(line for line in said.splitlines() if "last in" in line)
    assert head.split() == ["alone", "last", "in", "value", "share"]
    assert "What each remedy takes off: hold per caller\n" in said
    assert "What each remedy takes off: share abandoned\n" in said
    for remedy in ("one clerk more", "everybody helps", "shorter calls"):
        assert f"\n{remedy}: " in said
    assert "share held an hour: zero in every combination\n" in said


def test_table_ends_with_the_order_in_which_to_act(said: str) -> None:
    """On the first figure with what it costs, on the others in a line."""
    part = said[said.index("In which order to act: hold per caller\n") :]
    assert "1= shorter calls" in part or "1 shorter calls" in part
    assert "1,400" in part  # what all three cost
    assert "each step is the remedy that gains most for its cost, given those before it\n" in part
    assert "\non share abandoned: " in part


def test_files_hold_what_the_table_shows(tmp_path: Path) -> None:
    """JSON whole, CSV an estimate a row; nothing is printed if that is asked for."""
    json_file, csv_file = tmp_path / "worth.json", tmp_path / "worth.csv"
    done = callsim_says(
        "attribute", EXPERIMENT, "--replications", "3", "--json", str(json_file), "--csv", str(csv_file), "--quiet"
    )
    assert (done.exit_code, done.output) == (0, "")
    record = json.loads(json_file.read_text(encoding="utf-8"))
    assert record == callsim.attribute(EXPERIMENT, replications=3).to_record()
    assert (record["combinations"], record["systems"], record["sampled_orders"]) == (8, 8, 0)
    hold = record["figures"][0]
    assert hold["name"] == "hold_per_caller"
    assert sum(each["shapley"]["value"] for each in hold["remedies"]) == pytest.approx(hold["total"]["value"])
    with csv_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["figure"], row["remedy"], row["what"]): row["value"] for row in rows}
    assert len(found) == len(rows)
    for each in hold["remedies"]:
        for what in ("alone", "last_in", "shapley", "share"):
            assert found["hold_per_caller", each["remedy"], what] == repr(each[what]["value"])
    assert found["hold_per_caller", "", "total"] == repr(hold["total"]["value"])
    held = record["figures"][2]
    assert held["remedies"][0]["share"] == {
        "value": None, "half_width": None, "reason": "all remedies together change nothing",
    }  # fmt: skip


def test_page_to_mail_carries_tables_pictures_and_the_command_that_makes_it_again(tmp_path: Path) -> None:
    """One file, the same bytes each time, nothing fetched from elsewhere."""
    words = ("attribute", EXPERIMENT, "--replications", "2", "--quiet", "--remedy", "shorter calls")
    pages = [tmp_path / name for name in ("first.html", "second.html")]
    for page in pages:
        done = callsim_says(*words, "--html", str(page))
        assert (done.exit_code, done.output) == (0, "")
    text = pages[0].read_text(encoding="utf-8")
    assert text == pages[1].read_text(encoding="utf-8")
    assert "<caption>What each remedy takes off: hold per caller</caption>" in text
    assert "<caption>In which order to act: hold per caller</caption>" in text
    assert text.count("<svg ") == 4  # two figures, on paper and on a phone; nobody is held for an hour
    assert "callsim attribute small_remedies.yaml --seed 7 --replications 2 --level 0.95 --remedy" in text
    assert "src=" not in text
    assert "http-equiv" in text


def test_json_goes_to_standard_output_on_request() -> None:
    """And nothing else does."""
    done = callsim_says("attribute", EXPERIMENT, "--replications", "1", "--json", "-", "--of", "answered")
    assert [each["name"] for each in json.loads(done.stdout)["figures"]] == ["answered"]


def test_remedies_and_figures_can_be_chosen() -> None:
    """Of one queue, too."""
    done = callsim_says(
        "attribute", EXPERIMENT, "--replications", "2", "--of", "mean_wait(orders)", "--of", "reach",
        "--remedy", "shorter calls", "--remedy", "one clerk more",
    )  # fmt: skip
    assert "2 remedies in all 4 combinations" in done.stdout
    assert "What each remedy takes off: mean wait in orders\n" in done.stdout
    assert "What each remedy adds to: reach\n" in done.stdout
    assert "everybody helps" not in done.stdout


def test_pictures_are_drawn_of_what_changes(tmp_path: Path) -> None:
    """One a figure, the same bytes each time; none of what is zero throughout."""
    for folder in ("first", "second"):
        done = callsim_says(
            "attribute", EXPERIMENT, "--replications", "2", "--quiet", "--figures", str(tmp_path / folder)
        )
        assert done.exit_code == 0, done.output
    files = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert files == ["worth_abandonment_ratio.svg", "worth_hold_per_caller.svg"]
    for name in files:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_bars_lead_from_the_base_to_all_remedies() -> None:
    """Each begins where the one before it ends, the largest first; the last ends at what all remedies leave."""
    found = callsim.attribute(EXPERIMENT, replications=3)
    data = remedy_worth_data(found)
    assert data.begin[0] == data.base
    assert data.begin[1:] == data.end[:-1]
    assert data.end[-1] == pytest.approx(data.together, rel=1e-12)
    lengths = [first - last for first, last in zip(data.begin, data.end, strict=True)]
    assert lengths == sorted(lengths, reverse=True)
    assert data.unit == "s"
    assert data.alt.startswith("hold per caller, by Shapley values [s]: as it is ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--remedy", "one clerc more"), "remedy: found 'one clerc more'; there is no such remedy"),
        (("--of", "wait_p90"), "wait_p90: a percentile does not add up over causes"),
        (("--permutations", "5"), "permutations: found 5; must be even, and 4 or more"),
        (("--json", "no/such/folder.json"), "this folder does not exist"),
        (("--figures", "no/such/folder"), "this folder does not exist"),
        (("--json", "same.txt", "--csv", "same.txt"), "--json and --csv cannot write to the same file"),
    ],
)
def test_user_errors_return_2_and_write_nothing(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is simulated."""
    monkeypatch.chdir(tmp_path)
    done = callsim_says("attribute", EXPERIMENT, *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_keeps_what_every_combination_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of the whole replications, exit code 130, and how to get the same again."""
    from callsim.cli.progress import Watch

    def press(self: Watch, finished: int, in_all: int) -> None:
        if finished == 8 + 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(Watch, "__call__", press)
    done = callsim_says("attribute", EXPERIMENT, "--replications", "4")
    assert done.exit_code == 130
    assert "one replication has no interval" in done.stdout
    assert "the 1 of 4 replications that every combination finished, the same as with --replications 1" in " ".join(
        done.stderr.split()
    )
    monkeypatch.setattr(Watch, "__call__", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    done = callsim_says("attribute", EXPERIMENT, "--replications", "4")
    assert done.exit_code == 130
    assert done.stdout == ""
    assert "Stopped before the first replication was finished" in done.stderr


@pytest.mark.slow
def test_workers_and_engine_leave_no_trace(tmp_path: Path, root: Path) -> None:
    """One or two workers, either engine: the same bytes. The compiled engine runs here as plain Python."""
    ways = {"one": ("1", "simpy"), "two": ("2", "simpy"), "compiled": ("2", "compiled")}
    for name, (workers, engine) in ways.items():
        command = [
            sys.executable, "-m", "callsim", "attribute", EXPERIMENT, "--quiet", "--replications", "2",
            "--workers", workers, "--engine", engine,
            "--json", str(tmp_path / f"{name}.json"), "--csv", str(tmp_path / f"{name}.csv"),
        ]  # fmt: skip
        around = {**os.environ, "PYTHONPATH": str(root), "CALLSIM_JIT": "off"}
        subprocess.run(command, check=True, env=around, cwd=root)
    for kind in ("json", "csv"):
        assert len({(tmp_path / f"{name}.{kind}").read_bytes() for name in ways}) == 1
