"""Manifests, and repeating what they describe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import callsim
from callsim.cli import main
from callsim.errors import CallsimError
from callsim.report.manifest import manifest, manifest_text, read_manifest
from tests.small_records import DESK, desk


def written(tmp_path: Path, *words: str, command: str = "run", text: str = DESK) -> Path:
    """Simulate the desk on the command line and return its manifest."""
    path, place = desk(tmp_path, text), tmp_path / "desk.manifest.json"
    done = CliRunner().invoke(main, [command, str(path), "--quiet", "--workers", "1", "--manifest", str(place), *words])
    assert done.exit_code == 0, done.output
    return place


def edited(place: Path, *keys: str, value: object) -> None:
    """Change one value of a manifest."""
    content = json.loads(place.read_text(encoding="utf-8"))
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    place.write_text(json.dumps(content), encoding="utf-8")


def test_manifest_names_versions_platform_and_digests(tmp_path: Path) -> None:
    """All that a result depends on, and nothing of the day or the place it was made at."""
    place = written(tmp_path, "--seed", "5")
    content = read_manifest(place)
    assert (content["command"], content["scenario"], content["seed"]) == ("run", "desk.yaml", 5)
    assert {"callsim", "python", "numpy", "scipy", "simpy"} <= set(content["versions"])
    assert {"system", "machine", "maths library"} <= set(content["platform"])
    assert [len(digest) for digest in content["digests"]["logs"]["A desk"]] == [64] * 4
    assert str(tmp_path) not in place.read_text(encoding="utf-8")
    assert place.read_bytes() == written(tmp_path, "--seed", "5").read_bytes()


def test_rerun_of_an_unchanged_result_is_the_same(tmp_path: Path) -> None:
    """With changes, breakdowns and another level than the scenario's, exit code 0."""
    place = written(
        tmp_path, "--set", "agents.team.heads=6", "--by", "interval", "--level", "90%", "--replications", "3"
    )
    done = CliRunner().invoke(main, ["rerun", str(place), "--workers", "1", "--quiet"])
    assert (done.exit_code, done.output) == (0, f"{place}: the same after 3 replications\n")


def test_comparison_is_repeated_with_its_differences(tmp_path: Path) -> None:
    """The paired differences are figures too."""
    text = DESK + "variants: {more heads: {set: {agents.team.heads: 6}}}\n"
    place = written(tmp_path, command="compare", text=text)
    assert {row.get("versus") for row in read_manifest(place)["figures"]} == {None, "A desk"}
    assert callsim.rerun(place, workers=1).same


def test_changed_scenario_is_told_from_plan_to_figures(tmp_path: Path) -> None:
    """Exit code 1; everything that follows from the change is named."""
    place = written(tmp_path)
    desk(tmp_path, DESK.replace("heads: 5", "heads: 6"))
    done = CliRunner().invoke(main, ["rerun", str(place), "--workers", "1", "--quiet"])
    assert done.exit_code == 1
    for said in (
        "scenario: its values",
        "plan of 'A desk'",
        "run logs of 'A desk': not the same in 0, 1, 2, 3 of 4",
        "occupancy",
    ):
        assert said in done.output


def test_other_versions_are_told_without_being_a_difference(tmp_path: Path) -> None:
    """The result is the same although a library is another."""
    place = written(tmp_path)
    edited(place, "versions", "numpy", value="0.1")
    found = callsim.rerun(place, workers=1)
    assert found.same
    assert found.circumstances[0].startswith("numpy: 0.1 -> ")
    assert "although:" in str(found)


def test_moved_figure_is_told_to_the_last_digit(tmp_path: Path) -> None:
    """Old and new value, unrounded."""
    place = written(tmp_path)
    first = read_manifest(place)["figures"][0]
    edited(place, "figures", value=[{**first, "value": first["value"] + 1}, *read_manifest(place)["figures"][1:]])
    (said,) = callsim.rerun(place, workers=1).differences
    assert said.startswith(f"A desk: arrivals: {first['value'] + 1!r}")


def test_rows_over_time_are_covered_by_their_digest(tmp_path: Path) -> None:
    """They are too many to be listed."""
    place = written(tmp_path)
    edited(place, "digests", "rows", value="0" * 64)
    (said,) = callsim.rerun(place, workers=1).differences
    assert said.startswith("rows: ")


def test_log_format_is_part_of_what_is_compared(tmp_path: Path) -> None:
    """Formats differ: the digests cannot be expected to agree."""
    place = written(tmp_path)
    edited(place, "formats", "random scheme", value=0)
    assert callsim.rerun(place, workers=1).differences == ("random scheme: 0 -> 1",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "it lacks: everything"),
        ("{}", "it lacks: by, changes, command"),
    ],
)
def test_file_that_is_no_manifest_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Exit code 2 with what is wrong."""
    place = tmp_path / "m.json"
    place.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["rerun", str(place)])
    assert done.exit_code == 2
    assert said in done.output


def test_manifest_of_another_format_or_of_nothing_is_refused(tmp_path: Path) -> None:
    """A manifest of tomorrow is not guessed at, and a missing one says how to make it."""
    place = written(tmp_path)
    edited(place, "manifest", value=9)
    with pytest.raises(CallsimError, match="found a manifest of format 9; this callsim reads 1"):
        callsim.rerun(place)
    with pytest.raises(CallsimError, match="there is no such manifest; `callsim run --manifest FILE`"):
        callsim.rerun(tmp_path / "none.json")


def test_missing_scenario_is_the_users_to_find(tmp_path: Path) -> None:
    """Exit code 2: nothing can be repeated without it."""
    place = written(tmp_path)
    (tmp_path / "desk.yaml").unlink()
    assert CliRunner().invoke(main, ["rerun", str(place)]).exit_code == 2


def test_manifest_finds_its_scenario_from_another_folder(tmp_path: Path) -> None:
    """The path is seen from the manifest, not from where the command is given."""
    path = desk(tmp_path)
    folder = tmp_path / "results"
    folder.mkdir()
    result = callsim.run(path, workers=1)
    content = manifest(result, path, (), folder / "m.json")
    assert content["scenario"] == "../desk.yaml"
    (folder / "m.json").write_text(manifest_text(content), encoding="utf-8")
    assert callsim.rerun(folder / "m.json", workers=1).same
