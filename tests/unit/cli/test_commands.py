"""The commands from end to end, on a desk small enough for milliseconds."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

import callsim
from callsim.cli import main
from callsim.errors import InvariantBroken

HERE = Path(__file__).parent
SCENARIO, EXPERIMENT = str(HERE / "small.yaml"), str(HERE / "small_experiment.yaml")
KEYS = {"variant", "name", "scope", "value", "half_width", "level", "n", "unit", "definition"}


def callsim_says(*words: str, **environment: str) -> Result:
    """Return what a command did."""
    return CliRunner(env={"COLUMNS": "80", **environment}).invoke(main, list(words))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON file, which must not hold NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    return found


def test_run_prints_tables_that_fit_the_page_and_says_what_was_done() -> None:
    """Eighty columns where there is no terminal."""
    done = callsim_says("run", SCENARIO)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(
        "A small desk\n3 replications of 2 hours, seed 7; ± half width of the 95 % interval\n"
    )
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "answered within 20 s / (answered + abandoned) [negative_abandon]" in done.stdout
    assert done.stderr == ""


def test_run_writes_the_same_rows_as_json_csv_and_parquet(tmp_path: Path) -> None:
    """One tidy list with the documented keys."""
    json_file, csv_file, parquet = (tmp_path / name for name in ("a.json", "a.csv", "a.parquet"))
    done = callsim_says(
        "run", SCENARIO, "--json", str(json_file), "--csv", str(csv_file), "--parquet", str(parquet), "--quiet"
    )
    assert (done.exit_code, done.output) == (0, "")
    rows = rows_of(json_file)
    assert all(set(row) - {"reason"} == KEYS for row in rows)
    assert {row["variant"] for row in rows} == {"A small desk"}
    assert {"queue": "billing"} in [row["scope"] for row in rows]
    with csv_file.open(encoding="utf-8", newline="") as file:
        values = [line["value"] for line in csv.DictReader(file)]
    assert values == ["" if row["value"] is None else str(row["value"]) for row in rows]
    found = duckdb.connect().execute("select value from read_parquet($1)", [str(parquet)]).fetchall()
    assert [value for (value,) in found] == [row["value"] for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.json", "a.parquet"]


@pytest.mark.slow
def test_files_are_the_same_bytes_for_any_number_of_workers(tmp_path: Path) -> None:
    """And the same again the next day."""
    for workers in ("1", "2", "3"):
        done = callsim_says(
            "compare", EXPERIMENT, "--workers", workers, "--json", f"{tmp_path}/{workers}.json",
            "--csv", f"{tmp_path}/{workers}.csv", "--parquet", f"{tmp_path}/{workers}.parquet",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
    for kind in ("json", "csv", "parquet"):
        assert len({(tmp_path / f"{workers}.{kind}").read_bytes() for workers in (1, 2, 3)}) == 1


def test_json_to_standard_output_is_json_and_nothing_else() -> None:
    """For a pipe."""
    done = callsim_says("run", SCENARIO, "--replications", "1", "--json", "-")
    assert {row["n"] for row in json.loads(done.stdout)} <= {0, 1}


def test_one_replication_has_no_interval_and_says_so(tmp_path: Path) -> None:
    """Null with a reason; the table shows values alone."""
    done = callsim_says("run", SCENARIO, "--replications", "1", "--json", f"{tmp_path}/a.json")
    rows = rows_of(tmp_path / "a.json")
    assert all(row["half_width"] is None and row["reason"] for row in rows)
    assert "one replication has no interval" in done.stdout
    assert "±" not in done.stdout


def test_set_seed_replications_and_level_are_heard(tmp_path: Path) -> None:
    """Each on the command line overrules the scenario."""
    place = tmp_path / "a.json"
    callsim_says(
        "run", SCENARIO, "--set", "agents.clerks.heads=9", "--seed", "8", "--replications", "2", "--level", "90%",
        "--measures", "offered,occupancy", "--json", str(place),
    )  # fmt: skip
    rows = rows_of(place)
    assert {row["name"] for row in rows} == {"offered", "occupancy"}
    assert {(row["level"], row["n"]) for row in rows} == {(0.9, 2)}
    occupancy = next(row for row in rows if row["scope"] == {"agents": "clerks"})
    assert occupancy["value"] < 0.6


def test_by_gives_rows_and_a_table_by_interval() -> None:
    """The centre by half-hours."""
    done = callsim_says("run", SCENARIO, "--by", "interval", "--measures", "offered,wait_max")
    assert "By interval" in done.stdout
    assert "1:30 " in done.stdout


def test_compare_ranks_and_shows_differences(tmp_path: Path) -> None:
    """What was asked for stands beside hold time and abandonment."""
    done = callsim_says("compare", EXPERIMENT, "--json", f"{tmp_path}/a.json", "--replications", "8")
    assert done.exit_code == 0, done.output
    assert "Variants, shortest hold first" in done.stdout
    assert "Difference to: A small desk" in done.stdout
    assert "A small desk (base)" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = rows_of(tmp_path / "a.json")
    paired = [row for row in rows if "versus" in row]
    assert {row["versus"] for row in paired} == {"A small desk"}
    assert {row["variant"] for row in paired} == {"one clerk more", "everybody helps"}
    assert all(set(row) - {"reason", "versus"} == KEYS for row in rows)


def test_logs_are_saved_for_each_variant_and_replication(tmp_path: Path) -> None:
    """One folder each."""
    callsim_says("compare", EXPERIMENT, "--replications", "1", "--save-logs", str(tmp_path), "--quiet")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "A-small-desk-r0000", "everybody-helps-r0000", "one-clerk-more-r0000",
    ]  # fmt: skip


def test_a_wrong_scenario_is_a_message_and_writes_nothing(tmp_path: Path) -> None:
    """Exit code 2, file, line and column, no traceback."""
    scenario = tmp_path / "wrong.yaml"
    scenario.write_text(Path(SCENARIO).read_text(encoding="utf-8").replace("heads: 3", "haeds: 3"), encoding="utf-8")
    done = callsim_says("run", str(scenario), "--json", f"{tmp_path}/a.json")
    assert done.exit_code == 2
    assert f"{scenario}:11:" in done.stderr
    assert "heads" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.yaml"]


def test_a_file_that_does_not_exist_is_a_message() -> None:
    """For every command that reads one."""
    for command in ("run", "compare", "validate", "explain", "coverage", "theory"):
        done = callsim_says(command, "no-such.yaml")
        assert done.exit_code == 2, command
        assert "no-such.yaml" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_broken_invariant_is_a_bug_with_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3, traceback, plan, seed and replication."""
    from callsim.experiments import jobs

    def broken(plan: Any, log: Any) -> None:
        raise InvariantBroken("a call was answered twice")

    monkeypatch.setattr(jobs, "check_run", broken)
    done = callsim_says("run", SCENARIO, "--workers", "1", "--engine", "simpy")
    assert done.exit_code == 3
    assert "Traceback" in done.stderr
    assert "while simulating 'A small desk': plan " in done.stderr
    assert ", seed 7, replication 0, engine simpy" in done.stderr


def test_validate_says_yes_or_every_problem(tmp_path: Path) -> None:
    """0 and 2; several files at once."""
    assert callsim_says("validate", SCENARIO, EXPERIMENT).stdout == (
        f"{SCENARIO}: can be run\n{EXPERIMENT}: can be run\n"
    )
    wrong = tmp_path / "wrong.yaml"
    text = Path(SCENARIO).read_text(encoding="utf-8")
    wrong.write_text(text.replace("heads: 3", "haeds: 3").replace("mean 2m", "mean 2"), encoding="utf-8")
    done = callsim_says("validate", SCENARIO, str(wrong))
    assert done.exit_code == 2
    assert done.stdout == f"{SCENARIO}: can be run\n"
    assert done.stderr.count(f"{wrong}:") >= 3
    assert done.stderr.rstrip().endswith("problems")


def test_explain_schema_and_coverage_speak() -> None:
    """Each says its own thing."""
    assert "A small desk" in callsim_says("explain", SCENARIO).stdout
    assert json.loads(callsim_says("schema").stdout) == callsim.schema()
    done = callsim_says("coverage", SCENARIO)
    assert (done.exit_code, "orders" in done.stdout) == (0, True)


def test_coverage_with_a_hole_answers_no(tmp_path: Path) -> None:
    """Exit code 1: the answer is no, nothing is wrong with the file."""
    scenario = tmp_path / "hole.yaml"
    text = Path(SCENARIO).read_text(encoding="utf-8").replace("measure: 2h", "start: 2025-06-02, measure: 1 day")
    scenario.write_text(
        text.replace("billing: {", "billing: {open: mon-fri 08:00-18:00, advertised: 24/7, "), encoding="utf-8"
    )
    done = callsim_says("coverage", str(scenario))
    assert done.exit_code == 1, done.output
    assert "advertised but closed" in done.stdout


def test_schema_can_be_written_to_a_file(tmp_path: Path) -> None:
    """For an editor."""
    assert callsim_says("schema", "--out", f"{tmp_path}/s.json").exit_code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == callsim_says("schema").stdout


def test_theory_puts_the_formulas_beside_the_simulation() -> None:
    """And says what they cannot see."""
    done = callsim_says("theory", SCENARIO)
    assert done.exit_code == 0, done.output
    assert "Erlang B  Erlang C  Erlang A" in done.stdout
    assert "nothing: the formulas' assumptions hold" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_terminal_without_utf_8_gets_ascii(tmp_path: Path) -> None:
    """No figure is lost, no exception is raised."""
    done = CliRunner(charset="ascii").invoke(main, ["run", SCENARIO])
    assert done.exit_code == 0, done.output
    assert "+/-" in done.stdout
