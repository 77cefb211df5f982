"""Saved logs: equal when loaded, whole or not there, refused with a reason when damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callsim.errors import LogFormatError, OutputError
from callsim.runlog import RunLog, load, save
from tests.small_case_logs import case_plan, case_week
from tests.small_logs import busy_day, busy_day_plan, small_log, small_plan


@pytest.fixture
def log() -> RunLog:
    """A log with everything in it."""
    return busy_day(busy_day_plan())


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_loaded_log_equals_the_saved_one(log: RunLog, form: str, tmp_path: Path) -> None:
    """In every cell, and in the order of the rows; apostrophes in names do no harm."""
    place = save(log, tmp_path / "it's" / "mine", form)
    assert load(place).digest() == log.digest()
    assert sorted(path.name for path in place.iterdir()) == sorted(
        [f"contacts.{form}", f"legs.{form}", f"spans.{form}", f"case_events.{form}", "manifest.json"]
    )


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_cases_are_saved_with_their_log(form: str, tmp_path: Path) -> None:
    """Every event of every case comes back, deadlines of promises in ticks."""
    log = case_week(case_plan())
    found = load(save(log, tmp_path / "cases", form))
    assert found.digest() == log.digest()
    assert {name: column.tolist() for name, column in found.case_events.items()} == {
        name: column.tolist() for name, column in log.case_events.items()
    }


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_log_without_calls_can_be_saved(form: str, tmp_path: Path) -> None:
    """Empty tables have columns all the same."""
    log = small_log(small_plan(), [], [])
    assert load(save(log, tmp_path / "empty", form)).digest() == log.digest()


def test_csv_is_readable_by_eye(tmp_path: Path) -> None:
    """A header and whole numbers."""
    log = small_log(small_plan(), [], [{"agent": 0, "kind": 0, "start": 0, "end": -1}])
    place = save(log, tmp_path / "log", "csv")
    assert (place / "spans.csv").read_text(encoding="utf-8") == "agent,kind,start,end\n0,0,0,-1\n"


def test_the_manifest_says_what_the_log_is_of(log: RunLog, tmp_path: Path) -> None:
    """Version, plan, seed, replication, digest and the number of rows."""
    manifest = json.loads((save(log, tmp_path / "log") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["callsim run log"] == 3
    assert manifest["digest"] == log.digest()
    assert manifest["rows"] == {"contacts": 16, "legs": 15, "spans": 6, "case_events": 0}


def test_saving_again_replaces_the_whole_log(log: RunLog, tmp_path: Path) -> None:
    """Nothing of the old one is left, in particular no file of another form, and no hidden folder."""
    save(small_log(small_plan(), []), tmp_path / "log", "csv")
    save(log, tmp_path / "log")
    assert load(tmp_path / "log").digest() == log.digest()
    assert not list((tmp_path / "log").glob("*.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_folder_that_is_no_log_is_left_alone(log: RunLog, tmp_path: Path) -> None:
    """A user's own folder is never replaced."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError) as error:
        save(log, tmp_path / "letters")
    expected = "letters: exists and is not a saved run log; nothing was written, choose another name"
    assert str(error.value) == f"{tmp_path}/{expected}"
    assert [path.name for path in tmp_path.rglob("*")] == ["letters", "one.txt"]


def test_a_place_that_cannot_be_written_leaves_nothing(log: RunLog, tmp_path: Path) -> None:
    """A file stands where a folder is needed."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"file/log: cannot be written \(Not a directory\)"):
        save(log, tmp_path / "file" / "log")
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_a_failure_in_the_middle_leaves_nothing(log: RunLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the manifest is written: the tables go too, and an older log stays."""
    save(small_log(small_plan(), []), tmp_path / "log")
    before = load(tmp_path / "log").digest()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match=r"log: cannot be written \(No space left on device\)"):
        save(log, tmp_path / "log")
    assert load(tmp_path / "log").digest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_an_unknown_form_is_refused(log: RunLog, tmp_path: Path) -> None:
    """Full text."""
    with pytest.raises(OutputError) as error:
        save(log, tmp_path / "log", "xlsx")
    assert str(error.value) == f"{tmp_path}/log: found the form 'xlsx'; a run log is saved as parquet or csv"


def test_a_folder_without_manifest_is_no_log(tmp_path: Path) -> None:
    """Full text."""
    with pytest.raises(LogFormatError) as error:
        load(tmp_path)
    assert str(error.value) == f"{tmp_path}: is not a saved run log: it has no readable manifest.json"


def _with_manifest(log: RunLog, tmp_path: Path, **changes: object) -> Path:
    place = save(log, tmp_path / "log")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8")) | changes
    manifest = {name: value for name, value in manifest.items() if value is not None}
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return place


def test_another_version_is_refused(log: RunLog, tmp_path: Path) -> None:
    """Full text."""
    place = _with_manifest(log, tmp_path, **{"callsim run log": 2})
    with pytest.raises(LogFormatError) as error:
        load(place)
    assert str(error.value) == (
        f"{place}: found log format 2; this callsim reads format 3; simulate again for a new log"
    )


def test_a_damaged_manifest_is_refused(log: RunLog, tmp_path: Path) -> None:
    """Full text."""
    place = _with_manifest(log, tmp_path, seed=None, end=None)
    with pytest.raises(LogFormatError) as error:
        load(place)
    assert str(error.value) == f"{place}: its manifest.json is damaged; found no valid seed, end"


def test_changed_tables_are_noticed(log: RunLog, tmp_path: Path) -> None:
    """The digest in the manifest is that of the tables."""
    place = _with_manifest(log, tmp_path, seed=2)
    with pytest.raises(LogFormatError, match=r"the tables are not those that were saved: their digest is [0-9a-f]{64}"):
        load(place)


def test_a_missing_table_or_column_is_noticed(log: RunLog, tmp_path: Path) -> None:
    """One file is gone; one has lost a column."""
    place = save(log, tmp_path / "log", "csv")
    (place / "spans.csv").write_text("agent,kind,start\n0,0,0\n", encoding="utf-8")
    with pytest.raises(LogFormatError, match=r"spans.csv: cannot be read as the table spans \("):
        load(place)
    (place / "spans.csv").unlink()
    with pytest.raises(LogFormatError, match=r"spans.csv: cannot be read as the table spans \("):
        load(place)
