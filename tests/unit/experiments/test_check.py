"""A check adds replications until everything is decided, and spends its error as planned."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import callsim
from callsim.errors import CallsimError
from callsim.experiments.check import Check, check, check_settings
from callsim.experiments.expectations import Outcome
from callsim.scenario import load_experiment
from callsim.stats import levels_of_looks

CENTRE = """\
name: The desk
run: {measure: 4h, seed: 5}
callers: {everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}}
queues: {main: {handle_time: exponential mean 4m}}
agents: {team: {heads: 5, answers: [main]}}
"""
VARIANTS = """\
variants:
  more: {set: {agents.team.heads: 8}, expect: [abandonment_ratio < base]}
  silent: {set: {agents.team.heads: 9}}
  alone: {set: {agents.team.heads: 10}, expect: [abandonment_ratio <= 50%]}
"""


def checked(folder: Path, expect: str, more: str = "", **given: Any) -> Check:
    """Check a desk at which about 9 % of the callers hang up."""
    path = folder / "desk.yaml"
    path.write_text(f"{CENTRE}{expect}\n{more}", encoding="utf-8")
    experiment = load_experiment(path)
    return check(experiment, check_settings(experiment, **{"workers": 1, **given}))


def test_what_is_far_from_its_bound_is_decided_at_the_first_look(tmp_path: Path) -> None:
    """And nothing more is run."""
    found = checked(tmp_path, "expect: [abandonment_ratio <= 60%, abandonment_ratio >= 90%]")
    assert [verdict.outcome for verdict in found.expectations] == [Outcome.MET, Outcome.MISSED]
    assert {verdict.estimate.n for verdict in found.expectations} == {8}
    assert [run.n for run in found.runs] == [8]
    assert found.outcome is Outcome.MISSED


def test_replications_are_added_until_everything_is_decided(tmp_path: Path) -> None:
    """A verdict stands with the look that reached it, while others are still looked at."""
    found = checked(tmp_path, "expect: [abandonment_ratio <= 60%, abandonment_ratio <= 16%]")
    early, late = found.expectations
    assert (early.estimate.n, early.outcome) == (8, Outcome.MET)
    assert (late.estimate.n, late.outcome) == (16, Outcome.MET)
    assert found.runs[0].n == 16
    assert found.outcome is Outcome.MET


def test_what_is_not_decided_within_the_budget_stays_undecided(tmp_path: Path) -> None:
    """The last look is at the budget."""
    found = checked(tmp_path, "expect: [abandonment_ratio <= 9.2%]", at_most=20)
    (verdict,) = found.expectations
    assert (verdict.outcome, verdict.estimate.n, verdict.reason) == (Outcome.UNDECIDED, 20, "")
    assert found.looks == (8, 20)
    assert found.outcome is Outcome.UNDECIDED


def test_intervals_have_the_level_that_looks_and_decisions_leave(tmp_path: Path) -> None:
    """Three one-sided decisions, at three planned looks, share one per cent; the last is taken at the second look."""
    found = checked(tmp_path, "expect: [abandonment_ratio <= 80%, abandonment_ratio between 0% and 90%]", at_most=32)
    levels = levels_of_looks(0.99, (8, 16, 32), 3)
    assert [verdict.estimate.level for verdict in found.expectations] == [levels[0], levels[1]]


def test_a_comparison_is_decided_on_pairs_and_only_what_is_needed_is_run(tmp_path: Path) -> None:
    """The variant runs with the base; another that nobody compares runs alone; one without a word does not run."""
    found = checked(tmp_path, "expect: [abandonment_ratio <= 60%]", VARIANTS)
    assert [(verdict.expectation.variant, verdict.outcome.value) for verdict in found.expectations] == [
        ("The desk", "met"),
        ("more", "met"),
        ("alone", "met"),
    ]
    assert [tuple(run.plans) for run in found.runs] == [("The desk", "more"), ("alone",)]
    difference = found.expectations[1].estimate
    assert difference.value is not None
    assert difference.value < 0


def test_the_file_says_how_sure_and_how_long_unless_one_is_told_otherwise(tmp_path: Path) -> None:
    """`check` in the file; arguments win."""
    more = "check: {level: 90%, at_least: 5, at_most: 12}"
    found = checked(tmp_path, "expect: [abandonment_ratio <= 9.2%]", more)
    assert (found.level, found.looks, found.seed) == (0.9, (5, 12), 5)
    found = checked(tmp_path, "expect: [abandonment_ratio <= 9.2%]", more, level=0.95, at_most=4, seed=9)
    assert (found.level, found.looks, found.seed) == (0.95, (4,), 9)


def test_verdicts_do_not_depend_on_who_does_the_work(tmp_path: Path) -> None:
    """One after the other, or threads that run ahead."""
    lines = "expect: [abandonment_ratio <= 16%, mean_wait <= 1m]"
    alone = checked(tmp_path, lines)
    with ThreadPoolExecutor(3) as executor:
        assert checked(tmp_path, lines, workers=None, executor=executor).expectations == alone.expectations


def test_progress_counts_on_over_the_groups(tmp_path: Path) -> None:
    """Jobs that are no longer needed leave the sum."""
    told: list[tuple[int, int]] = []
    checked(
        tmp_path, "expect: [abandonment_ratio <= 60%]", VARIANTS, at_most=16,
        progress=lambda finished, in_all: told.append((finished, in_all)),
    )  # fmt: skip
    assert told[0] == (1, 48)
    assert [finished for finished, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][1] == told[-9][0] + 16


def test_ctrl_c_keeps_what_is_decided(tmp_path: Path) -> None:
    """What was not looked at is undecided, and says why; variants that were not run, too."""

    def press(finished: int, in_all: int) -> None:
        if finished == 22:
            raise KeyboardInterrupt

    found = checked(
        tmp_path, "expect: [abandonment_ratio <= 60%, abandonment_ratio <= 9.2%]", VARIANTS,
        keep_on_interrupt=True, progress=press,
    )  # fmt: skip
    assert found.interrupted
    assert [(verdict.outcome.value, verdict.estimate.n) for verdict in found.expectations] == [
        ("met", 8),
        ("undecided", 11),
        ("undecided", 11),
        ("undecided", 0),
    ]
    assert {v.reason for v in found.expectations if v.outcome is Outcome.UNDECIDED} == {
        "stopped before it could be decided"
    }


def test_nothing_to_check_is_the_users_to_put_right(tmp_path: Path) -> None:
    """Exit code 2, and what to write."""
    with pytest.raises(CallsimError, match="found no expectations") as caught:
        checked(tmp_path, "")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("given", [{"at_most": 1}, {"at_least": 0}])
def test_one_replication_decides_nothing(tmp_path: Path, given: dict[str, int]) -> None:
    """It has no interval."""
    with pytest.raises(
        CallsimError, match=r"^check: found at least \d+, at most \d+ replications; one has no interval"
    ):
        checked(tmp_path, "expect: [abandonment_ratio <= 9.2%]", **given)


def test_python_says_it_in_words_a_line_and_a_mapping(tmp_path: Path) -> None:
    """`callsim.check` takes a path or what was loaded from it."""
    path = tmp_path / "desk.yaml"
    path.write_text(f"{CENTRE}expect: [abandonment_ratio <= 60%, blocked <= 0]\n", encoding="utf-8")
    result = callsim.check(path, at_most=8, workers=1)
    assert (result.outcome, result.met, result.interrupted) == ("undecided", False, False)
    assert result.summary() == (f"{path}: undecided (2 expectations: 1 met, 1 undecided; 8 replications, seed 5)")
    said = str(result)
    assert "abandonment_ratio <= 60%" in said
    assert "blocked <= 0: what was never counted may still happen now and then" in said
    assert max(map(len, said.splitlines())) <= 80
    record = result.to_record()
    assert [line["outcome"] for line in record["expectations"]] == ["met", "undecided"]
    assert record["expectations"][0]["bounds"] == [0.6]
    assert callsim.check(callsim.load(path), at_most=8, workers=1).to_record() == record
    assert callsim.check(callsim.load_experiment(path), at_most=8, workers=1).to_record() == record
