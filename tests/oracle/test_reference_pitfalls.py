"""Pitfalls found in other simulators (specification, part 3, table of pitfalls): a regression test for each of ours.

The number of each test's rule is the pitfall's row in that table. Rows 21 (net staffing) and 25 (patience from
censored waits) are about figures that callsim does not report.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callsim.engines import simpy
from callsim.errors import ScenarioError
from callsim.experiments.estimates import Row, rows
from callsim.experiments.run import run, settings_of
from callsim.measures import check_run, measure
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.scenario import load, resolve

BY = ("interval", "queue+interval", "agents+interval")
HOUR = 3600


class Result:
    """The rows of a centre, and its plan and logs."""

    def __init__(self, plan: Plan, logs: list[RunLog]) -> None:
        self.plan, self.logs = plan, logs
        self.rows = rows([measure(plan, log, by=BY) for log in logs], by=BY)
        self._found = {(row.name, tuple(row.scope.items())): row for row in self.rows}

    def row(self, name: str, **scope: Any) -> Row:
        """Return one row."""
        return self._found[name, tuple(scope.items())]

    def value(self, name: str, **scope: Any) -> Any:
        """Return one figure."""
        return self.row(name, **scope).value


Simulate = Callable[..., Result]


@pytest.fixture
def simulate(tmp_path: Path) -> Simulate:
    """Run a scenario text; ``calls`` gives each stream's instants in seconds, read as ``STREAM.csv``."""

    def build(text: str, calls: Mapping[str, Sequence[float]] | None = None, replications: int = 1) -> Result:
        for stream, instants in (calls or {}).items():
            (tmp_path / f"{stream}.csv").write_text("".join(f"{at}\n" for at in instants), encoding="utf-8")
        path = tmp_path / "scenario.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        plan = resolve(load(path))
        logs = [simpy.run(plan, 1, number) for number in range(replications)]
        for log in logs:
            check_run(plan, log)
        return Result(plan, logs)

    return build


ONE_AGENT = """
    run: {measure: 1000s, interval: 100s, at_end: drain}
    callers:
      a: {calls: {recorded: a.csv}, to: main, %s}
    queues:
      main: {handle_time: constant 100s, %s}
    agents:
      team: {heads: 1, answers: [main]}
"""


def test_each_mean_wait_has_its_own_denominator(simulate: Simulate) -> None:
    """1: speed of answer over the answered, mean wait over all, mean wait of the abandoned over these."""
    found = simulate(ONE_AGENT % ("patience: constant 95s", "limit: 9"), {"a": [0, 10, 20]})
    assert found.value("speed_of_answer") == (0 + 90) / 2  # the third hangs up at 115, after 95 s
    assert found.value("mean_wait") == (0 + 90 + 95) / 3
    assert found.value("mean_wait_abandoned") == 95


BUSY = """
    run: {measure: 5h, interval: 30m, at_end: drain}
    callers:
      everyone: {calls: {per_hour: 130}, to: main, patience: exponential mean 3m}
    queues:
      main: {handle_time: exponential mean 3m, target: {within: %s, abandoned: %s}}
    agents:
      team: {heads: 6, answers: [main]}
"""
KINDS = ("count against us", "leave out", "leave out within the target", "count as answered")


@pytest.mark.parametrize("kind", KINDS)
def test_a_longer_acceptable_wait_never_lowers_the_service_level(kind: str, simulate: Simulate) -> None:
    """2: monotone in the threshold, by each of these formulas."""
    levels = [
        simulate(BUSY % (within, kind)).value("service_level") for within in ("0s", "1s", "20s", "2m", "9m", "2h")
    ]
    assert levels == sorted(levels)
    assert levels[0] < levels[2] < levels[-1]


@pytest.mark.parametrize("kind", [*KINDS, "'count against us, blocked and closed calls too'"])
def test_no_service_level_exceeds_one_in_any_interval(kind: str, simulate: Simulate) -> None:
    """3: numerator and denominator come from the same calls."""
    found = simulate(BUSY % ("20s", kind), replications=3)
    levels = [row.value for row in found.rows if row.name == "service_level" and row.value is not None]
    assert len(levels) > 15
    assert all(0 <= level <= 1 for level in levels)


def test_the_acceptable_wait_is_compared_without_rounding(simulate: Simulate) -> None:
    """4: 20 s are in time, 20.000001 s and 20.4 s are not."""
    for arrival, level in ((80.0, 1.0), (79.999999, 0.5), (79.6, 0.5), (80.000001, 1.0)):
        found = simulate(ONE_AGENT % ("priority: 5", "target: {within: 20s}"), {"a": [0, arrival]})
        assert found.value("service_level") == level, arrival


def test_waits_of_days_do_not_overflow(simulate: Simulate) -> None:
    """5: two calls held for 30 hours and 60: mean, maximum, percentile and interval are right (no squares of ticks)."""
    text = """
        run: {measure: 100h, interval: 10h, at_end: drain}
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {handle_time: constant 30h}
        agents:
          team: {heads: 1, answers: [main]}
    """
    found = simulate(text, {"a": [0, 0, 0]}, replications=2)
    assert found.value("mean_wait") == 30 * HOUR
    assert found.value("wait_max") == 60 * HOUR
    assert found.value("wait_p99") == pytest.approx(60 * HOUR, rel=1 / 128)
    assert found.value("wait_p99") >= 60 * HOUR
    assert found.value("mean_queue") == pytest.approx(0.9, abs=1e-12)  # 90 caller hours in 100
    assert found.row("mean_wait").half_width == 0.0


def test_a_run_can_be_repeated_and_another_seed_differs(simulate: Simulate) -> None:
    """6: seed and replication number decide everything."""
    plan = simulate(BUSY % ("20s", KINDS[0])).plan
    digests = [simpy.run(plan, seed, number).digest() for seed, number in ((5, 0), (5, 0), (6, 0), (5, 1))]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


AGAIN = "patience: constant 20s, calls_again: {abandoned: {share: 100%, delay: constant 10s}, at_most: 3 calls}"


def test_callers_who_call_again_are_counted_the_same_everywhere(simulate: Simulate) -> None:
    """7: arrivals are first calls and repeats, offered what became of them; no share passes 100 %."""
    found = simulate(ONE_AGENT % (AGAIN, "limit: 9"), {"a": [0, 10, 85]})
    # 10 hangs up at 30, comes at 40, hangs up at 60, comes at 70, hangs up at 90; 85 is answered at 100
    counts = {name: found.value(name) for name in ("arrivals", "fresh", "repeats", "offered", "answered", "abandoned")}
    assert counts == {"arrivals": 5, "fresh": 3, "repeats": 2, "offered": 5, "answered": 2, "abandoned": 3}
    by_stream = {name: found.value(name, callers="a") for name in counts}
    by_queue = {name: found.value(name, queue="main") for name in counts}
    assert by_stream == by_queue == counts
    assert found.value("callers") == 3
    assert found.value("reach") == 2 / 5
    assert found.value("reach_per_caller") == 2 / 3


def test_a_callers_hold_includes_the_calls_he_gave_up(simulate: Simulate) -> None:
    """8: 3 callers waited 0, 3 times 20 and 15 seconds in 5 calls."""
    found = simulate(ONE_AGENT % (AGAIN, "limit: 9"), {"a": [0, 10, 85]})
    assert found.value("hold_per_caller") == (0 + 60 + 15) / 3
    assert found.value("calls_per_caller") == 5 / 3
    assert found.value("speed_of_answer") == 15 / 2


def test_an_agent_with_two_skills_is_one_agent(simulate: Simulate) -> None:
    """9: staffed time and occupancy count a flexible agent once; he never handles two calls at a time."""
    text = """
        run: {measure: 1000s, interval: 1000s}
        callers:
          a: {calls: {recorded: a.csv}, to: red}
          b: {calls: {recorded: b.csv}, to: blue}
        queues:
          red: {handle_time: constant 100s}
          blue: {handle_time: constant 100s}
        agents:
          team: {heads: 1, answers: [red, blue]}
    """
    found = simulate(text, {"a": [0], "b": [0]})
    assert found.value("staffed_time") == found.value("staffed_time", agents="team") == 1000
    assert found.value("occupancy") == 0.2
    assert sorted(found.logs[0].legs["left"].tolist()) == [0, 100_000_000]


def test_equal_head_counts_half_hour_by_half_hour_are_no_chain_of_short_shifts(simulate: Simulate) -> None:
    """10: where the head-count does not change nobody leaves, finishes late or comes anew."""
    text = BUSY % ("20s", KINDS[0])
    always = simulate(text)
    by_half_hour = simulate(text.replace("heads: 6", "staffing: {every: 30m, heads: [6, 6, 6, 6, 6, 6, 6, 6, 6, 6]}"))
    for name, column in always.logs[0].legs.items():
        assert np.array_equal(column, by_half_hour.logs[0].legs[name]), name
    assert by_half_hour.value("overrun_time") == 0
    assert by_half_hour.value("signed_on_time") == always.value("signed_on_time") == 6 * 5 * HOUR


def test_shrinkage_takes_heads_away_in_the_simulation(simulate: Simulate) -> None:
    """11: of 10 heads with a shrinkage of 30 % seven are at the phone: 10 = 7 / (1 - 0.3), not 7 * 1.3."""
    text = (BUSY % ("20s", KINDS[0])).replace("heads: 6", "heads: 10, shrinkage: 30%")
    assert simulate(text).value("staffed_time") == 7 * 5 * HOUR


DAY = """
    run: {start: 2025-06-02, measure: 1 day, interval: 1h, at_end: %s}
    callers:
      a: {calls: {recorded: a.csv}, to: front}
      b: {calls: {recorded: b.csv}, to: back, patience: constant 3h}
    queues:
      front: {handle_time: constant 5m}
      back: {handle_time: constant 10m, %s}
    agents:
      clerks: {heads: 1, answers: [front]}
      experts: {answers: [back], %s}
    transfers:
      wrong desk: {front: {back: 100%%}, patience: unlimited, if_closed: cut off}
"""


def test_cut_off_by_a_transfer_and_at_closing_are_counted_apart(simulate: Simulate) -> None:
    """12: the call of 16:50 waits at closing, that of 18:00 is passed on into the closed department."""
    text = DAY % ("stop", "open: daily 09:00-17:00, at_closing: cut off", "heads: 1")
    found = simulate(text, {"a": [18 * HOUR], "b": [16.75 * HOUR, 16.9 * HOUR, 16.95 * HOUR]})
    # 16:45 talks until 16:55; 16:54 is answered then, until 17:05; 16:57 still waits at 17:00
    assert found.value("dropped_by_transfer") == 1
    assert found.value("dropped_at_closing") == 1
    assert found.value("dropped_by_transfer", queue="front") == 1
    assert found.value("dropped_at_closing", queue="back") == 1
    assert found.value("answered") == 2


def test_a_first_answer_is_no_success_if_the_caller_then_hangs_up(simulate: Simulate) -> None:
    """13: by contact he abandoned; by queue the front answered him and he abandoned at the back."""
    text = (DAY % ("drain", "limit: 9", "heads: 1")).replace("patience: unlimited", "patience: fresh")
    text = text.replace("to: front}", "to: front, patience: constant 1m}")
    found = simulate(text, {"a": [9 * HOUR], "b": [9 * HOUR]})
    assert (found.value("answered", callers="a"), found.value("abandoned", callers="a")) == (0, 1)
    assert (found.value("answered", queue="front"), found.value("abandoned", queue="back")) == (1, 1)
    assert found.value("service_level", callers="a") == 0


def test_a_transfer_to_a_desk_without_staff_still_happens(simulate: Simulate) -> None:
    """14: open but nobody there: he is passed on and waits, and the log shows it."""
    text = DAY % ("stop", "unstaffed: on purpose", "staffing: {daily 00:00-01:00: 1}")
    found = simulate(text, {"a": [9 * HOUR], "b": [0]})
    assert found.value("transferred") == 1
    assert found.value("unfinished", queue="back") == 1
    assert found.value("answered", queue="back") == 1


def test_one_day_gives_no_interval(simulate: Simulate) -> None:
    """15: calls of a day depend on each other; only replications give a half width."""
    text = BUSY % ("20s", KINDS[0])
    assert all(row.half_width is None and row.reason for row in simulate(text).rows)
    assert simulate(text, replications=3).row("mean_wait").half_width > 0  # type: ignore[operator]


def test_the_same_caller_has_the_same_call_in_another_order_of_events(simulate: Simulate) -> None:
    """16: with half the agents nearly every event comes in another order, yet each talk is as long."""
    text = (BUSY % ("20s", KINDS[0])).replace(", patience: exponential mean 3m", "")
    many, few = (simulate(text.replace("heads: 6", f"heads: {heads}")).logs[0] for heads in (9, 7))
    assert not np.array_equal(many.legs["left"], few.legs["left"])
    talks = [log.legs["talk_end"] - log.legs["left"] for log in (many, few)]
    assert np.array_equal(*talks)
    assert np.array_equal(many.contacts["arrived"], few.contacts["arrived"])


def test_lists_count_from_the_start_of_the_run_not_of_the_measured_window(simulate: Simulate) -> None:
    """17: with a warm-up of one step, the second numbers of the lists belong to the first measured interval."""
    text = """
        run: {warm_up: 1h, measure: 2h, interval: 1h, at_end: drain}
        callers:
          a: {calls: {every: 1h, per_hour: [0, 300, 0]}, to: main}
        queues:
          main: {handle_time: constant 1s}
        agents:
          team: {staffing: {every: 1h, heads: [1, 5, 3]}, answers: [main]}
    """
    found = simulate(text)
    intervals = [
        str(row.scope["interval"]) for row in found.rows if row.name == "arrivals" and set(row.scope) == {"interval"}
    ]
    assert len(intervals) == 2
    counts = [found.value("arrivals", interval=interval) for interval in intervals]
    assert counts[0] > 200
    assert counts[1] == 0
    staffed = [found.value("staffed_time", agents="team", interval=interval) for interval in intervals]
    assert staffed == [5 * HOUR, 3 * HOUR]


def test_a_fall_of_the_head_count_interrupts_nobody(simulate: Simulate) -> None:
    """18: the busy agent of a head-count that falls to nobody finishes his call; it is not cut, nor begun again."""
    text = (ONE_AGENT % ("priority: 5", "unstaffed: on purpose")).replace(
        "heads: 1", "staffing: {every: 60s, heads: [1, 0]}"
    )
    found = simulate(text, {"a": [10]})
    assert found.logs[0].legs["handle_end"].tolist() == [110_000_000]
    assert (found.value("signed_on_time"), found.value("overrun_time")) == (60, 50)


def test_logs_are_dropped_unless_somebody_asks_for_them(simulate: Simulate, tmp_path: Path) -> None:
    """19: what is kept of a replication does not grow with its calls."""
    simulate(BUSY % ("20s", KINDS[0]))
    scenario = load(tmp_path / "scenario.yaml")
    for keep, kept in ((False, 0), (True, 2)):
        findings = run(scenario, settings_of(scenario, replications=2, keep_logs=keep, workers=1))
        assert sum(len(logs) for logs in findings.replicated.logs.values()) == kept


def test_a_file_of_counts_must_say_whether_repeats_are_inside(simulate: Simulate, tmp_path: Path) -> None:
    """20: offered calls are no demand as soon as callers call again."""
    (tmp_path / "week.csv").write_text("start,calls\n2025-06-02 00:00,100\n2025-06-02 12:00,100\n", encoding="utf-8")
    text = """
        run: {start: 2025-06-02, measure: 1 day}
        volumes:
          file: week.csv
          reads: {interval: 12h}
          columns: {start: start, calls: calls}
          %s
        callers:
          a:
            calls: from volumes
            patience: constant 1m
            calls_again: {abandoned: {share: 50%%, delay: constant 1m}}
        queues:
          main: {handle_time: constant 5m}
        agents:
          team: {heads: 1, answers: [main]}
    """
    with pytest.raises(ScenarioError, match="counts"):
        simulate(text % "")
    assert simulate(text % "counts: fresh demand").value("fresh") > 150


def test_a_warm_up_fills_the_centre_before_it_is_measured(simulate: Simulate) -> None:
    """22: who holds since before the window is there when it begins."""
    text = """
        run: {warm_up: 1000s, measure: 1000s, interval: 100s}
        callers:
          a: {calls: {recorded: a.csv}, to: main}
        queues:
          main: {handle_time: constant 1500s}
        agents:
          team: {heads: 1, answers: [main]}
    """
    found = simulate(text, {"a": [0, 10, 1100]})
    assert found.value("arrivals") == 1
    assert found.value("busy_time") == 1000
    assert found.value("mean_queue") == (500 + 900) / 1000  # 10 waits until 1500, 1100 until the end


def test_the_days_when_the_clocks_change_have_their_own_number_of_half_hours(simulate: Simulate) -> None:
    """23: 46 half hours in spring, 50 in autumn, 96 quarters on an ordinary day."""
    text = """
        run: {start: %s, time_zone: Europe/Berlin, measure: %s, interval: %s}
        callers:
          a: {calls: {per_hour: 60}, to: main}
        queues:
          main: {handle_time: constant 1s}
        agents:
          team: {heads: 1, answers: [main]}
    """
    for start, length, interval, n in (
        ("2025-03-30", "1 day", "30m", 46),
        ("2025-10-26", "1 day", "30m", 50),
        ("2025-06-02", "1 day", "15m", 96),
    ):
        found = simulate(text % (start, length, interval))
        labels = [
            row.scope["interval"] for row in found.rows if row.name == "arrivals" and set(row.scope) == {"interval"}
        ]
        assert len(labels) == len(set(labels)) == n
        assert all(str(label).startswith(start) for label in labels)


def test_a_ratio_over_replications_is_a_ratio_of_sums(simulate: Simulate) -> None:
    """24: abandoned of all days over offered of all days, not the mean of the days' ratios."""
    found = simulate((BUSY % ("20s", KINDS[0])).replace("measure: 5h", "measure: 30m"), replications=5)
    days = [Result(found.plan, [log]) for log in found.logs]
    pairs = [(day.value("abandoned"), day.value("offered")) for day in days]
    ratio_of_sums = sum(a for a, _ in pairs) / sum(o for _, o in pairs)
    mean_of_ratios = sum(a / o for a, o in pairs) / len(pairs)
    assert found.value("abandonment_ratio") == pytest.approx(ratio_of_sums, rel=1e-12)
    assert abs(ratio_of_sums - mean_of_ratios) > 1e-6


def test_an_empty_interval_has_no_service_level(simulate: Simulate) -> None:
    """26: nobody called: null with a reason, neither 0 nor 100 %, and it does not raise the day's figure."""
    found = simulate(ONE_AGENT % ("patience: constant 30s", "target: {within: 20s}"), {"a": [0, 10]})
    empty = [
        row
        for row in found.rows
        if row.name == "service_level" and row.scope.get("interval") is not None and row.value is None
    ]
    assert len(empty) >= 9
    assert all(row.reason for row in empty)
    assert found.value("service_level") == 0.5
