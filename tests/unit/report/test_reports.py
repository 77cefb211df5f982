"""What is shown of a run, a comparison and a check against theory, on plans put together by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from callsim.errors import CallsimError, OutputError
from callsim.experiments.compare import _differences
from callsim.experiments.findings import Findings
from callsim.experiments.replicate import replicate
from callsim.experiments.run import variant_rows
from callsim.experiments.settings import Replications, Settings
from callsim.experiments.theory_check import check
from callsim.plan.plan import SECOND, Plan
from callsim.report.result import Comparison, Result
from callsim.report.run_report import cell_label, span_text
from callsim.report.theory_report import TheoryCheck
from tests.unit.experiments.small_plans import small_plan


def findings(plans: dict[str, Plan], n: int = 6, **more: Any) -> Findings:
    """Return what replicating these plans finds."""
    settings = Settings(seed=1, replications=Replications.exactly(n), by=more.get("by", ()))
    replicated = replicate(plans, settings, lambda measures: False)
    base = next(iter(plans))
    rows = (*variant_rows(replicated, settings), *_differences(replicated, base, settings))
    return Findings("a desk", base, rows, replicated, 1, 0.95, **more)


@pytest.fixture(scope="module")
def one() -> Result:
    """A run of one plan."""
    return Result(findings({"base": small_plan()}, by=("interval",)))


@pytest.fixture(scope="module")
def three() -> Comparison:
    """A comparison of three plans, one of them the base again."""
    return Comparison(findings({"base": small_plan(), "no change": small_plan(), "three heads": small_plan(heads=3)}))


def titles(result: Result) -> list[str]:
    """Return the titles of the tables."""
    return [table.title for table in result.report().tables]


def test_a_run_shows_calls_fates_agents_and_what_was_asked_for(one: Result) -> None:
    """One queue is the whole centre and is said once; one stream of callers needs no table."""
    assert titles(one) == ["Calls", "What became of the calls", "Agents", "By interval"]
    assert [row[0] for row in one.report().tables[0].rows] == ["main"]


def test_columns_that_say_nothing_are_left_out(one: Result) -> None:
    """Nobody held an hour: neither the column nor its definition is shown."""
    assert "held an" not in one.table(200)


def test_only_the_measures_that_were_asked_for_are_shown() -> None:
    """In the table and in the rows."""
    result = Result(findings({"base": small_plan()}, measures=("offered", "occupancy")))
    assert {row.name for row in result.rows} == {"offered", "occupancy"}
    assert titles(result) == ["Calls", "Agents"]


def test_the_table_of_a_run_is_the_same_text_each_time(one: Result) -> None:
    """At the same width."""
    assert str(one) == one.table(80) == Result(findings({"base": small_plan()}, by=("interval",))).table(80)


def test_variants_are_ranked_by_hold_and_by_abandonment(three: Comparison) -> None:
    """The best first; the base and its twin share a place."""
    ranked = three.report().tables[0]
    assert [row[:3] for row in ranked.rows] == [
        ("three heads", "1", "1"), ("base (base)", "2", "2"), ("no change", "3=", "3="),
    ]  # fmt: skip


def test_a_difference_that_is_none_is_marked(three: Comparison) -> None:
    """A twin of the base differs by zero in everything, three heads do not."""
    rows = {row[0]: row[1:] for row in three.report().tables[1].rows}
    assert set(rows["no change"]) == {"0:00 ± 0:00 ≈", "0 ± 0 ≈"}
    assert not rows["three heads"][0].endswith("≈")
    assert rows["three heads"][0].startswith("-")


def test_one_figure_can_be_asked_for_by_name(three: Comparison) -> None:
    """With its variant and scope; a figure that does not exist is an error."""
    assert three.value("offered") == three.value("offered", "three heads", queue="main")
    with pytest.raises(CallsimError) as caught:
        three.value("offered", queue="billing")
    assert str(caught.value) == "a desk: there is no figure 'offered' in the scope {'queue': 'billing'}"


def test_a_result_knows_its_evidence(three: Comparison) -> None:
    """Replications, measures, digests of the logs."""
    assert (three.n, three.interrupted, three.variants) == (6, False, ("base", "no change", "three heads"))
    assert [len(column) for column in three.measures.values()] == [6, 6, 6]
    assert three.log_digests["base"] == three.log_digests["no change"] != three.log_digests["three heads"]
    assert repr(three) == f"<Comparison 'a desk': 6 replications, {len(three.rows)} rows>"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_frame_library_is_named_with_the_remedy(
    one: Result, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data frames are an extra."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(CallsimError) as caught:
        getattr(one, f"to_{library}")()
    assert str(caught.value) == f"{library} is not installed; install it with: pip install 'callsim[notebooks]'"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_rows_become_a_data_frame(one: Result, library: str) -> None:
    """The scope in columns, a row for each row."""
    pytest.importorskip(library)
    frame = getattr(one, f"to_{library}")()
    assert len(frame) == len(one.rows)
    assert "queue" in frame.columns


def test_files_are_refused_before_any_is_written(one: Result, tmp_path: Path) -> None:
    """A good place beside a bad one stays empty."""
    with pytest.raises(OutputError):
        one.write(json=tmp_path / "a.json", csv=tmp_path / "no" / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_theory_stands_beside_the_simulation(one: Result) -> None:
    """The formulas get the simulated averages, and what they cannot see is named."""
    answer = TheoryCheck(check(one.findings))
    assert [(queue.queue, queue.n_agents, queue.patience) for queue in answer.queues] == [("main", 2, 90.0)]
    assert answer.queues[0].arrival_rate == pytest.approx(one.value("offered", queue="main") / 3600)
    assert [a.model for a in answer.queues[0].answers] == ["erlang_b", "erlang_c", "erlang_a"]
    assert answer.blind_spots == ("talk is one of 60s, 180s", "patience is constant 90s")
    assert "Erlang A" in str(answer)


def test_a_formula_without_a_steady_state_says_why() -> None:
    """Erlang C has none in overload: a dash, and the reason below."""
    answer = TheoryCheck(check(findings({"base": small_plan(heads=1)})))
    assert "Erlang C: offered load" in answer.table(200)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1209600, "2 weeks"), (86400, "1 day"), (601200, "167 hours"), (90, "90 seconds"), (0.5, "0.5 seconds")],
)
def test_spans_are_said_in_the_largest_unit_that_fits(seconds: float, text: str) -> None:
    """A week with a change of the clocks has 167 hours."""
    assert span_text(int(seconds * SECOND)) == text


def test_an_hour_of_the_week_is_said_with_its_day() -> None:
    """0 is Monday midnight."""
    assert [cell_label("hour_of_week", hour) for hour in (0, 33, 167)] == ["Mon 00:00", "Tue 09:00", "Sun 23:00"]
    assert cell_label("interval", "0:30") == "0:30"
