"""A change of results is announced: numbered in the changelog; no shipped record is ahead of the last number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callsim.experiments.records import RESULTS, Record, read, record_path, unannounced
from callsim.scenario import load_experiment

LINE = re.compile(r"^- \*Results-change\* (\d+): \S+", re.MULTILINE)


def announced(text: str) -> list[int]:
    """Return the numbers of the *Results-change* lines of a changelog."""
    return [int(number) for number in LINE.findall(text)]


def complaints(changelog: str, results: int, records: dict[str, Record]) -> list[str]:
    """Return what is wrong between changelog, RESULTS and records."""
    said = []
    numbers = sorted(announced(changelog))
    if numbers != list(range(1, results + 1)):
        said.append(f"RESULTS is {results}, but the changelog announces {numbers}")
    said += [f"{name}: made under results {each.results}" for name, each in records.items() if each.results > results]
    return said


@pytest.fixture(scope="module")
def shipped_records(root: Path) -> dict[str, Record]:
    """The records of the shipped scenarios, by the path of the scenario."""
    files = sorted((root / "scenarios").rglob("*.yaml"))
    return {path.relative_to(root).as_posix(): read(record_path(path)) for path in files}


def test_every_change_of_results_has_its_line(root: Path, shipped_records: dict[str, Record]) -> None:
    """RESULTS counts the *Results-change* lines of the changelog; no record is ahead of them."""
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert complaints(changelog, RESULTS, shipped_records) == []


def test_number_without_a_line_is_found(shipped_records: dict[str, Record]) -> None:
    """Raising RESULTS without a word in the changelog fails, and so does a word without a number."""
    line = "- *Results-change* 1: the first.\n"
    assert complaints(line, 1, {}) == []
    assert complaints(line, 2, {}) == ["RESULTS is 2, but the changelog announces [1]"]
    assert complaints(line + "- *Results-change*: breaks.\n", 2, {}) == [
        "RESULTS is 2, but the changelog announces [1]"
    ]
    name, record = next(iter(shipped_records.items()))
    assert complaints("", 0, {name: record}) == [f"{name}: made under results {record.results}"]


def test_shipped_records_are_of_this_version(root: Path, shipped_records: dict[str, Record]) -> None:
    """So they are compared in every digit; a release makes them anew, which an unannounced change would stop."""
    import callsim

    assert {record.version for record in shipped_records.values()} == {callsim.__version__}


def test_no_record_stands_without_its_scenario(root: Path) -> None:
    """A scenario that is renamed or goes takes its record along."""
    records = set((root / "scenarios").rglob("*.record.txt"))
    assert records == {record_path(path) for path in (root / "scenarios").rglob("*.yaml")}


def test_record_of_an_unchanged_scenario_cannot_be_replaced_silently(
    root: Path, shipped_records: dict[str, Record]
) -> None:
    """Other figures of the same scenario, seed and random scheme need another number."""
    from dataclasses import replace

    (name, record) = next(iter(shipped_records.items()))
    first = record.variants[0]
    other = replace(record, variants=(replace(first, figures=(replace(first.figures[0], exact="1/1"),)),))
    assert "Results-change" in unannounced(record, other)
    assert unannounced(record, replace(other, results=record.results + 1)) == ""
    assert unannounced(record, replace(other, digest="of another scenario")) == ""
    assert load_experiment(root / name).base.name == first.name
