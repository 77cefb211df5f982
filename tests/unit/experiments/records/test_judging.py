"""Two records side by side: what moved exactly, what is judged by a margin, and what is blamed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callsim.experiments.records import Figure, Margin, Record, Verdict
from callsim.experiments.records.judging import culprits, is_comparable, moved_exactly, moved_hours, verdicts
from callsim.experiments.records.margins import allowed, default_margin, is_judged, noise
from callsim.experiments.records.value import Hour, Recorded
from callsim.measures import CATALOGUE, measure_named
from callsim.stats import Estimate

N = 10
HANDLE = Figure("handle_time", "", "", 300.0, 1.0, "300000000/1", Margin(2.0, "%"))
WAIT = Figure("mean_wait", "", "", 60.0, 12.0, "60000000/1")
BASE = Recorded("Office", "plan", ("log",) * N, (HANDLE, WAIT), (Hour(8, (100, 90, 10), 1.25),))
OLD = Record("office.yaml", "0.1.0", 1, 1, 2, 7, N, 0.95, "digest", (BASE,))


def now(**changes: object) -> Record:
    """Return the record with the base changed."""
    return replace(OLD, variants=(replace(BASE, **changes),))  # type: ignore[arg-type]


def test_equal_records_have_nothing_to_say() -> None:
    """Nothing moved, nobody is to blame."""
    assert (moved_exactly(OLD, OLD), moved_hours(OLD, OLD), culprits(OLD, OLD)) == ((), (), ())
    assert is_comparable(OLD, OLD)


@pytest.mark.parametrize("field", ["version", "random_scheme", "log_format", "seed", "replications"])
def test_records_of_other_circumstances_are_not_compared_exactly(field: str) -> None:
    """Version, random numbers and log format must be the same before every digit counts."""
    other = replace(OLD, **{field: "9.9" if field == "version" else 99})
    assert not is_comparable(OLD, other)


def test_moved_figure_is_told_with_its_change() -> None:
    """By how much, in its unit and in per cent; from the exact numbers, not the rounded ones."""
    (moved,) = moved_exactly(OLD, now(figures=(replace(HANDLE, exact="309000000/1", value=309.0), WAIT)))
    assert (moved.title, moved.before, moved.after, moved.change) == ("handle_time", "300 s", "309 s", "+9 s (+3 %)")


def test_smallest_move_shows_in_the_exact_numbers() -> None:
    """Where six digits are the same, the whole numbers are told."""
    (moved,) = moved_exactly(OLD, now(figures=(replace(HANDLE, exact="300000001/1", value=300.000001), WAIT)))
    assert (moved.before, moved.after) == ("300000000/1", "300000001/1")


def test_count_that_is_not_in_the_record_was_zero() -> None:
    """Counts of nothing are left out of records and are figures all the same."""
    blocked = Figure("blocked", "", "", 1.5, 0.5, "15/10")
    (moved,) = moved_exactly(OLD, now(figures=(*BASE.figures, blocked)))
    assert (moved.title, moved.before, moved.after, moved.change) == ("blocked", "0", "1.5", "+1.5")


def test_hour_that_moved_is_told_per_replication() -> None:
    """The hour, what differs in it, before and after."""
    (hour,) = moved_hours(OLD, now(hours=(Hour(8, (100, 70, 30), 2.25),)))
    assert hour.hour == 8
    assert hour.changes == (("answered", "9", "7"), ("abandoned", "1", "3"), ("mean wait", "1.2 s", "2.2 s"))


def test_hours_within_chance_are_left_out_when_only_more_than_chance_counts() -> None:
    """Four standard deviations of a Poisson number."""
    after = now(hours=(Hour(8, (110, 95, 15), 1.5),))
    assert moved_hours(OLD, after)
    assert moved_hours(OLD, after, beyond_chance=True) == ()
    assert moved_hours(OLD, now(hours=(Hour(8, (100, 40, 60), 9.0),)), beyond_chance=True)


@pytest.mark.parametrize(
    ("new", "blamed"),
    [
        (replace(now(plan="other", logs=("x",) * N), digest="other"), ("the scenario",)),
        (
            now(plan="other", logs=("x",) * N),
            ("how callsim (or its time zones) makes the plan of an unchanged scenario",),
        ),
        (now(logs=("x",) * N), ("the engine: an unchanged plan runs differently",)),
        (now(figures=(replace(HANDLE, exact="1/1"), WAIT)), ("the measuring: an unchanged log gives other figures",)),
        (replace(now(logs=("x",) * N), seed=8), ("the random numbers",)),
        (replace(now(logs=("x",) * N), random_scheme=2), ("the random numbers",)),
        (replace(OLD, variants=(BASE, replace(BASE, name="more"))), ("the list of variants",)),
    ],
)
def test_blame_falls_on_the_first_link_that_changed(new: Record, blamed: tuple[str, ...]) -> None:
    """Scenario, plan, log, figures: what changes although what went in is the same, has changed."""
    assert culprits(OLD, new) == blamed


def found(handle: float, half_width: float = 1.0) -> Verdict:
    """Judge a handle time of 300 s with a margin of 2 %, by what a run of another version says."""
    new = replace(now(figures=(replace(HANDLE, value=handle, half_width=half_width, exact="1/1"), WAIT)), version="2")
    (moved,) = verdicts(OLD, new, 3)
    return moved.verdict


def test_figure_is_the_same_only_if_its_interval_lies_within_the_margin() -> None:
    """Two one-sided tests: 6 s are allowed, and the interval takes about a second and a half."""
    assert found(304.0) is Verdict.SAME
    assert found(305.5) is Verdict.UNDECIDED
    assert found(306.5) is Verdict.UNDECIDED
    assert found(312.0) is Verdict.MOVED
    assert found(300.0, half_width=20.0) is Verdict.UNDECIDED


def test_figure_without_a_margin_is_told_only_if_it_moved_for_certain() -> None:
    """The record knows the wait to 12 s: 5 % of it cannot be shown, ten times of it can."""
    calm = replace(now(figures=(HANDLE, replace(WAIT, value=75.0, exact="75000000/1"))), version="2")
    assert [moved.title for moved in verdicts(OLD, calm, 1)] == ["handle_time"]
    wild = replace(now(figures=(HANDLE, replace(WAIT, value=600.0, exact="600000000/1"))), version="2")
    assert [moved.verdict for moved in verdicts(OLD, wild, 1)] == [Verdict.SAME, Verdict.MOVED]


def test_single_replication_judges_nothing() -> None:
    """Without an interval there is no test."""
    bare = tuple(replace(figure, half_width=None, margin=None) for figure in BASE.figures)
    old = replace(now(figures=bare), replications=1)
    assert verdicts(old, replace(old, version="2"), 3) == ()


def test_margin_needs_a_record_that_pins_the_figure_down() -> None:
    """Six standard errors, with what few replications may hide (10 of them a half more), fit into the margin."""
    measure, margin = measure_named("handle_time"), Margin(2.0, "%")
    assert is_judged(measure, Estimate(300.0, 1.5, 0.95, N), margin, 0.0)
    assert not is_judged(measure, Estimate(300.0, 1.6, 0.95, N), margin, 0.0)
    assert not is_judged(measure, Estimate(300.0, 1.5, 0.95, 3), margin, 0.0)
    assert not is_judged(measure, Estimate(300.0, None, 0.95, 1), margin, 0.0)
    assert not is_judged(measure, Estimate(0.0, 0.0, 0.95, N), margin, 0.0)


def test_rare_events_are_no_more_certain_than_their_number() -> None:
    """None of 400 calls blocked in each of ten runs does not mean that none ever is."""
    blocked = measure_named("blocked")
    assert noise(blocked, "0/10", 10) == pytest.approx(0.1)
    assert noise(blocked, "8/10", 10) == pytest.approx(0.3)
    assert noise(measure_named("reach"), "399/400", 10) == pytest.approx(2**0.5 / 400)
    assert noise(measure_named("occupancy"), "399/400", 10) == 0.0
    assert noise(measure_named("wait_p90"), "12", 10) == 0.0


def test_every_measure_but_maxima_has_a_margin() -> None:
    """A measure that is added to the catalogue gets the margin of its kind."""
    without = {measure.name for measure in CATALOGUE if default_margin(measure) is None}
    assert without == {measure.name for measure in CATALOGUE if measure.kind == "maximum"}


def test_margins_are_of_the_figure_or_absolute() -> None:
    """Per cent of the figure, points of a share, seconds; percentiles may always move by two bins."""
    reach, p90 = measure_named("reach"), measure_named("wait_p90")
    assert allowed(reach, Margin(1.0, "points"), 0.5) == pytest.approx(0.01)
    assert allowed(reach, Margin(4.0, "%"), 0.5) == pytest.approx(0.02)
    assert allowed(p90, Margin(5.0, "s"), 300.0) == 5.0
    assert allowed(p90, Margin(5.0, "%"), 10.0) == 2.0
