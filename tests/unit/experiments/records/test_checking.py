"""Checking a scenario against its record, from the file to the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim
from callsim.errors import CallsimError
from callsim.experiments.records import Verdict, check_record, new_record, read, record_path, record_text, unannounced
from callsim.report.record_checks import record_check_json, record_check_text
from tests.small_records import DESK, desk, recorded


def edited(path: Path, before: str, after: str) -> None:
    """Change the record of a scenario by hand."""
    place = record_path(path)
    text = place.read_text(encoding="utf-8")
    assert before in text
    place.write_text(text.replace(before, after), encoding="utf-8")


def test_unchanged_scenario_is_as_recorded(tmp_path: Path) -> None:
    """In every digit, log digests included."""
    path, _ = recorded(tmp_path)
    found = check_record(path, workers=1)
    assert (found.verdict, found.exact, found.n) == (Verdict.SAME, True, 4)
    assert record_check_text(found) == f"{path}: as recorded: the same in every digit"


def test_changed_scenario_is_told_figure_by_figure(tmp_path: Path) -> None:
    """Which figures, which hours, which logs, and that the scenario is to blame."""
    path, _ = recorded(tmp_path)
    desk(tmp_path, DESK.replace("heads: 5", "heads: 6"))
    found = check_record(path, workers=1)
    assert found.verdict is Verdict.MOVED
    assert found.culprits == ("the scenario",)
    assert {"abandonment_ratio", "occupancy(team)", "staffed_time"} <= {figure.title for figure in found.figures}
    assert {hour.hour for hour in found.hours} <= {0, 1}
    assert found.logs == tuple(f"A desk, replication {n}" for n in range(4))
    text = record_check_text(found)
    assert "staffed_time" in text
    assert "36000 s -> 43200 s   +7200 s (+20 %)" in text
    assert text.endswith(f"If this is meant: callsim check --update {path}")
    assert record_check_json(found)["verdict"] == "moved"


def test_other_log_with_the_same_figures_is_not_as_recorded(tmp_path: Path) -> None:
    """A single cell of a log counts, whether or not any figure shows it."""
    path, record = recorded(tmp_path)
    edited(path, record.variants[0].logs[2], "0" * 64)
    found = check_record(path, workers=1)
    assert (found.verdict, found.figures, found.logs) == (Verdict.MOVED, (), ("A desk, replication 2",))
    assert found.culprits == ("the engine: an unchanged plan runs differently",)
    assert "0 figures moved, 1 run log differs" in found.why


def test_record_of_another_version_passes_if_nothing_changed(tmp_path: Path) -> None:
    """Equal digests need no statistics."""
    path, _ = recorded(tmp_path)
    edited(path, f"callsim         {callsim.__version__}", "callsim         0.0.9")
    found = check_record(path, workers=1)
    assert (found.verdict, found.exact) == (Verdict.SAME, True)
    assert "made by callsim 0.0.9" in found.why


def test_other_draws_are_judged_by_margins(tmp_path: Path) -> None:
    """With another seed no digit is the same, and what has a margin is shown to be the same within it."""
    path, record = recorded(tmp_path)
    assert any(figure.margin for _, figure in record.figures())
    found = check_record(path, workers=1, seed=4)
    assert (found.verdict, found.exact) == (Verdict.SAME, False)
    assert "the same" in found.why


def test_other_draws_do_not_hide_a_change(tmp_path: Path) -> None:
    """Paid time does not depend on chance here: two heads more are seen at once."""
    path, _ = recorded(tmp_path)
    found = check_record(path, workers=1, seed=4, changes=["agents.team.heads=7"])
    assert found.verdict is Verdict.MOVED
    assert "paid_time" in {figure.title for figure in found.figures}
    assert found.culprits == ("the scenario", "the random numbers")
    assert "margin 2 %" in record_check_text(found)


def test_undecided_check_ends_with_its_budget(tmp_path: Path) -> None:
    """A margin that chance cannot keep: replications are doubled to four times the record's, then it is undecided."""
    path, _ = recorded(tmp_path)
    place = record_path(path)
    lines = place.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  handle_time"))
    lines[at] = lines[at].split("  margin")[0] + "  margin 0.1 %"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = check_record(path, workers=1, seed=4)
    assert (found.verdict, found.n) == (Verdict.UNDECIDED, 16)
    assert [figure.title for figure in found.figures] == ["handle_time"]
    assert "undecided, margin 0.1 %" in record_check_text(found)


def test_margin_written_by_hand_survives_a_new_record(tmp_path: Path) -> None:
    """It is the user's: only margins that are the usual ones are made anew."""
    path, _ = recorded(tmp_path)
    edited(path, "margin 2 %", "margin 3 %")
    record = new_record(path, workers=1)
    assert "margin 3 %" in record_text(record)
    assert "margin 2 %" not in record_text(record)


def test_new_record_keeps_seed_and_replications_of_the_old(tmp_path: Path) -> None:
    """A record that was made longer than the scenario says stays so."""
    path, _ = recorded(tmp_path, seed=11, replications=6)
    record = new_record(path, workers=1)
    assert (record.seed, record.replications) == (11, 6)
    assert new_record(path, workers=1, replications=5).replications == 5


def test_record_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    """One worker or two: the same text."""
    path, record = recorded(tmp_path)
    assert record_text(new_record(path, workers=2)) == record_text(record)


def test_every_variant_is_recorded(tmp_path: Path) -> None:
    """Of variants the figures of the whole centre; one that goes is told."""
    text = DESK + "variants: {more heads: {set: {agents.team.heads: 6}}}\n"
    path, record = recorded(tmp_path, text)
    assert [variant.name for variant in record.variants] == ["A desk", "more heads"]
    assert {figure.kind for figure in record.variants[1].figures} == {""}
    desk(tmp_path, DESK)
    found = check_record(path, workers=1)
    assert [(figure.title, figure.after) for figure in found.figures] == [("variant 'more heads'", "gone")]
    assert found.culprits == ("the scenario", "the list of variants")


def test_update_writes_once_and_then_nothing(tmp_path: Path) -> None:
    """An unchanged record is not touched."""
    path = desk(tmp_path)
    assert callsim.update_record(path, workers=1)
    before = record_path(path).stat().st_mtime_ns
    assert not callsim.update_record(path, workers=1)
    assert record_path(path).stat().st_mtime_ns == before


def test_update_takes_up_a_changed_scenario(tmp_path: Path) -> None:
    """That figures follow the scenario needs no announcement."""
    path, _ = recorded(tmp_path)
    desk(tmp_path, DESK.replace("heads: 5", "heads: 6"))
    assert callsim.update_record(path, workers=1)
    assert check_record(path, workers=1).ok


def test_update_refuses_other_figures_of_an_unchanged_scenario(tmp_path: Path) -> None:
    """Such a change is announced first: RESULTS is raised, and the changelog says what has changed."""
    path, record = recorded(tmp_path)
    (answered,) = {figure.exact for _, figure in record.figures() if figure.name == "answered"}
    edited(path, answered, "1/4")
    before = record_path(path).read_bytes()
    with pytest.raises(CallsimError, match="Results-change"):
        callsim.update_record(path, workers=1)
    assert record_path(path).read_bytes() == before
    edited(path, "results         1", "results         0")
    assert callsim.update_record(path, workers=1)


def test_announced_change_may_be_recorded(tmp_path: Path) -> None:
    """The record says under which results it was made."""
    path, record = recorded(tmp_path)
    edited(path, "results         1", "results         0")
    assert unannounced(read(record_path(path)), record) == ""


def test_check_compares_the_record_beside_the_file(tmp_path: Path) -> None:
    """`callsim.check` answers for both, and a scenario without expectations is judged by its record alone."""
    path, record = recorded(tmp_path)
    assert callsim.check(path, workers=1).met
    edited(path, record.variants[0].logs[0], "0" * 64)
    found = callsim.check(path, workers=1)
    assert not found.met
    assert found.to_record()["record"]["verdict"] == "moved"
