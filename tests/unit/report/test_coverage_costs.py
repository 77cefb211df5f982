"""What gaps in coverage cost, on a log worked out by hand, and the holes in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import callsim
from callsim.cli import main
from callsim.cli.faults import NO, USER
from callsim.codes import Cause, IfClosed, Outcome, TransferResult
from callsim.engines.simpy import run
from callsim.report.coverage_costs import FIGURES, costs_of, gaps_of, weeks_of
from callsim.report.coverage_report import costs_from, in_words, records_text
from callsim.scenario import coverage, load, resolve
from tests.small_logs import answered, contact, lost, small_log
from tests.small_scenarios import written
from tests.unit.report.story_logs import EVERYTHING

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
TWO_DESKS = """
    run: {start: 2025-06-02, measure: 2 weeks}
    callers: {all: {calls: {per_hour: 6}, to: support}}
    queues:
      support:
        handle_time: constant 5m
        open: "mon-fri 08:00-20:00, sat 08:00-12:00"
        advertised: daily 08:00-20:00
        unstaffed: on purpose
      billing: {handle_time: constant 5m, open: mon-fri 09:00-17:00}
    agents:
      desk:
        answers: [support]
        shifts:
          early: {days: mon-sat, from: 08:00, for: 4h, heads: 1}
          late: {days: mon-fri, from: 12:00, for: 8h, heads: 1, breaks: [{length: 30m, between: 4h-4h}]}
      clerks: {answers: [billing], heads: 2}
    transfers: {wrong desk: {support: {billing: 10%}}, to billing: {if_closed: cut off}}
"""
SATURDAY, SUNDAY = 5 * DAY, 6 * DAY
CUT = {"transfer": TransferResult.DROPPED_TARGET_CLOSED, "transfer_row": 0}


def in_vain(caller: int, at: float, attempt: int = 0, **more: Any) -> Any:
    """Return a call that met the closed announcement."""
    return contact(n=caller, arrived=at, outcome=Outcome.CLOSED, attempt=attempt, cause=4 * (attempt > 0), **more)


def costs(tmp_path: Path, *calls: Any) -> dict[tuple[str, str, str], dict[str, float]]:
    """Return what each gap costs, in two weeks together, by kind, door and hours; what is nothing is left out."""
    scenario = written(tmp_path, TWO_DESKS)
    plan, found = resolve(scenario), coverage(scenario)
    gaps = gaps_of(found, plan)
    values = costs_of(plan, small_log(plan, calls), gaps, weeks_of(found))
    return {
        (gap.kind, f"{gap.source} to {gap.queue}" if gap.source else gap.queue, gap.hours): {
            name: round(2 * value, 6) for name, value in figures.items() if value
        }
        for gap, figures in zip(gaps, values, strict=True)
        if any(figures.values())
    }


def test_every_hole_is_a_gap_with_its_hours_a_week(tmp_path: Path) -> None:
    """As in the coverage report, each part of it by itself."""
    scenario = written(tmp_path, TWO_DESKS)
    gaps = gaps_of(coverage(scenario), resolve(scenario))
    assert [(gap.kind, gap.source, gap.queue, gap.hours, gap.length) for gap in gaps if gap.hours] == [
        ("closed", "", "support", "sat 12:00-20:00", 8),
        ("closed", "", "support", "sun 08:00-20:00", 12),
        ("transfer", "support", "billing", "mon-fri 08:00-09:00", 5),
        ("transfer", "support", "billing", "mon-fri 17:00-20:00", 15),
        ("transfer", "support", "billing", "sat 08:00-12:00", 4),
        ("unstaffed", "", "support", "mon-fri 16:00-16:30", 2.5),
    ]
    assert {gap.if_closed for gap in gaps if gap.kind == "transfer"} == {IfClosed.DROP}


def test_hours_until_a_customer_gets_through_count_once(tmp_path: Path) -> None:
    """Called in vain on Saturday at 14 and on Sunday at 10, hung up on Monday at 8, answered at 9:15.

    20 hours belong to Saturday's hole, 23 h 15 min to Sunday's; another customer is never answered.
    """
    found = costs(
        tmp_path,
        in_vain(1, SATURDAY + 14 * HOUR),
        in_vain(1, SUNDAY + 10 * HOUR, 1),
        contact(lost(7 * DAY + 8 * HOUR, 7 * DAY + 8.5 * HOUR), n=1, attempt=2, cause=4),
        contact(answered(7 * DAY + 9 * HOUR, 7 * DAY + 9.25 * HOUR, 300), n=1, attempt=3, cause=1),
        in_vain(2, SUNDAY + 19 * HOUR),
    )
    assert found == {
        ("closed", "support", "sat 12:00-20:00"): {"calls": 1, "customers": 1, "hours_until_through": 20},
        ("closed", "support", "sun 08:00-20:00"): {
            "calls": 2, "customers": 2, "hours_until_through": 23.25, "not_through": 1,
        },
    }  # fmt: skip


def test_who_calls_twice_in_the_same_hole_is_one_customer(tmp_path: Path) -> None:
    """Two calls, and the hours from the first to the answer."""
    found = costs(
        tmp_path,
        in_vain(1, SUNDAY + 9 * HOUR),
        in_vain(1, SUNDAY + 11 * HOUR, 1),
        contact(answered(7 * DAY + 8 * HOUR, 7 * DAY + 8 * HOUR, 60), n=1, attempt=2, cause=4),
    )
    assert found == {("closed", "support", "sun 08:00-20:00"): {"calls": 2, "customers": 1, "hours_until_through": 23}}


def test_closed_doors_at_other_hours_are_counted_apart(tmp_path: Path) -> None:
    """Sunday at 6 is not advertised; a call of the provider is no call in vain; one that is open is none either."""
    found = costs(
        tmp_path,
        in_vain(1, SUNDAY + 6 * HOUR),
        contact(
            answered(SUNDAY + 7 * HOUR, 7 * DAY + 8 * HOUR, 60), n=2, attempt=1, cause=Cause.CALL_BACK,
        ),
        contact(arrived=DAY + 10 * HOUR, outcome=Outcome.BLOCKED, n=3),
    )  # fmt: skip
    assert found == {("unadvertised", "support", ""): {"calls": 1, "customers": 1, "not_through": 1}}


def test_a_cut_off_loses_the_hold_and_the_talk_before_it(tmp_path: Path) -> None:
    """Monday 18:00: 40 min of hold, 6 of talk, and 30 s of dialling a department that closed at 17."""
    found = costs(
        tmp_path,
        contact(
            answered(18 * HOUR, 18 * HOUR + 40 * MINUTE, 6 * MINUTE, **CUT),
            outcome=Outcome.DROPPED_BY_TRANSFER,
            ended=18 * HOUR + 46.5 * MINUTE,
        ),
    )
    assert found == {
        ("transfer", "support to billing", "mon-fri 17:00-20:00"): {
            "calls": 1, "customers": 1, "cut_off": 1, "hold_lost": 0.675, "talk_lost": 0.1,
        },
    }  # fmt: skip


def test_a_talk_that_ends_after_closing_is_cut_off_at_other_hours(tmp_path: Path) -> None:
    """An agent who finishes his call at 20:02 passes it on when no planned hour says so: it counts all the same."""
    (gap,) = costs(
        tmp_path,
        contact(
            answered(19.9 * HOUR, 19.95 * HOUR, 5 * MINUTE, **CUT),
            outcome=Outcome.DROPPED_BY_TRANSFER,
            ended=20.1 * HOUR,
        ),
    )
    assert gap == ("transfer", "support to billing", "")


def test_waits_where_nobody_is_count_the_time_in_the_hole(tmp_path: Path) -> None:
    """Holds from 15:50 to 16:40: half an hour of it nobody is there; a second one hangs up before the hole."""
    found = costs(
        tmp_path,
        contact(answered(15 * HOUR + 50 * MINUTE, 16 * HOUR + 40 * MINUTE, 60), n=1),
        contact(lost(15 * HOUR, 15.5 * HOUR), n=2),
    )
    assert found == {("unstaffed", "support", "mon-fri 16:00-16:30"): {"calls": 1, "customers": 1, "hours_waited": 0.5}}


def test_calls_outside_the_measured_window_do_not_count(tmp_path: Path) -> None:
    """Warm-up is not measured: what arrives in it costs nothing, what follows it in the window does."""
    scenario = written(tmp_path, TWO_DESKS.replace("measure: 2 weeks", "warm_up: 1 week, measure: 1 week"))
    plan, found = resolve(scenario), coverage(scenario)
    log = small_log(plan, [in_vain(1, SUNDAY + 10 * HOUR), in_vain(2, SUNDAY + 7 * DAY + 10 * HOUR)])
    gaps = gaps_of(found, plan)
    values = costs_of(plan, log, gaps, weeks_of(found))
    assert [figures["calls"] for gap, figures in zip(gaps, values, strict=True) if gap.hours.startswith("sun")] == [1]


def test_costs_are_means_a_week_with_intervals(tmp_path: Path) -> None:
    """Two calls in the two weeks of one replication, four in the other: 1 and 2 a week, 1.5 on average."""
    scenario = written(tmp_path, TWO_DESKS)
    plan, found = resolve(scenario), coverage(scenario)
    gaps = gaps_of(found, plan)
    logs = [small_log(plan, [in_vain(i, SUNDAY + (9 + i) * HOUR) for i in range(n)]) for n in (2, 4)]
    counted = [costs_of(plan, log, gaps, weeks_of(found)) for log in logs]
    report = costs_from("two desks", found, gaps, counted, seed=1, level=0.95)
    (row,) = [row for row in report.rows if row.gap.hours == "sun 08:00-20:00"]
    assert row.figures["calls"].value == 1.5
    assert row.figures["calls"].half_width == pytest.approx(12.706 * 0.5, rel=1e-3)
    assert "support, sun 08:00-20:00" in str(report)
    records = json.loads(records_text(report.to_records()), parse_constant=pytest.fail)
    assert len(records) == sum(len(FIGURES[gap.kind]) for gap in gaps)
    (calls,) = [one for one in records if one["name"] == "calls" and one["hours"] == "sun 08:00-20:00"]
    assert (calls["value"], calls["n"], calls["unit"], calls["length"]) == (1.5, 2, "count", 12)


def test_holes_are_said_in_words(tmp_path: Path) -> None:
    """Hours by day, what is meant by them, and what becomes of callers who are passed on."""
    assert in_words(coverage(written(tmp_path, TWO_DESKS))) == [
        "support is advertised for 84 h a week, but closed from 12:00 to 20:00 on Saturday and from 08:00 to 20:00 on "
        "Sunday.",
        "support is open, but nobody is there from 16:00 to 16:30 on Monday to Friday.",
        "support passes callers on to billing while billing is closed, from 08:00 to 09:00 and from 17:00 to 20:00 on "
        "Monday to Friday and from 08:00 to 12:00 on Saturday: they are cut off.",
    ]


def test_the_case_as_it_happened_has_its_holes_said(root: Path) -> None:
    """F14: before 8:00 on weekdays, Saturday night, Sunday morning; F16: billing is closed at weekends."""
    said = in_words(callsim.coverage(callsim.load(root / "scenarios/case/as-it-happened.yaml")))
    assert said[0] == (
        "support is advertised around the clock, but closed before 08:00 on Monday to Saturday, on Saturday night "
        "from 20:00 and on Sunday morning until 12:00."
    )
    assert (
        "escalations passes callers on to billing while billing is closed, from 18:00 to 21:00 on Monday to Friday and "
        "from 09:00 to 21:00 on Saturday: they are cut off."
    ) in said


def test_an_hour_that_spring_leaves_out_makes_no_week_shorter(tmp_path: Path) -> None:
    """The week of 9 March 2025 has 167 hours in Chicago and is a week all the same."""
    week = TWO_DESKS.replace(
        "start: 2025-06-02, measure: 2 weeks", "start: 2025-03-03, time_zone: America/Chicago, measure: 1 week"
    )
    scenario = written(tmp_path, week)
    found = coverage(scenario)
    assert weeks_of(found) == 1
    assert [gap.length for gap in gaps_of(found, resolve(scenario)) if gap.kind == "closed"] == [8, 12]


@pytest.mark.slow
def test_no_closed_door_is_forgotten_and_none_counted_twice(tmp_path: Path) -> None:
    """All calls that met a closed door, and all transfers that did, are in exactly one gap."""
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING)
    scenario = load(path)
    plan, found = resolve(scenario), coverage(scenario)
    log = run(plan, 1, 0)
    gaps = gaps_of(found, plan)
    values = costs_of(plan, log, gaps, weeks=1.0)
    contacts, legs = log.contacts, log.legs
    counts = contacts["arrived"] < plan.clock.window_end
    doors = sum(
        round(figures["calls"])
        for gap, figures in zip(gaps, values, strict=True)
        if gap.kind in ("closed", "unadvertised")
    )
    assert doors == (counts & (contacts["outcome"] == Outcome.CLOSED)).sum() > 50
    passed_on = sum(
        round(figures["calls"]) for gap, figures in zip(gaps, values, strict=True) if gap.kind == "transfer"
    )
    met = np.isin(legs["transfer"], [TransferResult.KEPT_TARGET_CLOSED, TransferResult.DROPPED_TARGET_CLOSED])
    assert passed_on == (met & counts[legs["contact"]]).sum() > 10


@pytest.mark.slow
def test_the_command_prints_holes_words_and_costs(tmp_path: Path) -> None:
    """Exit code 1, since there are holes; rows as JSON; the same from Python."""
    path = tmp_path / "desks.yaml"
    path.write_text(TWO_DESKS.replace("\n    ", "\n").replace("callers: {all", "name: Two desks\ncallers: {all"))
    done = CliRunner().invoke(main, ["coverage", str(path), "--simulate", "--replications", "2", "--engine", "simpy"])
    assert done.exit_code == NO, done.output
    assert "What the gaps cost: Two desks\n2 replications of 2 weeks, seed 1" in done.stdout
    rows = CliRunner().invoke(
        main, ["coverage", str(path), "--simulate", "--replications", "2", "--engine", "simpy", "--json", "-"]
    )
    assert json.loads(rows.stdout) == callsim.coverage_costs(path, replications=2, engine="simpy").to_records()
    before = CliRunner().invoke(main, ["coverage", str(path), "--json", str(tmp_path / "holes.json")])
    assert before.exit_code == NO
    holes = json.loads((tmp_path / "holes.json").read_text())
    assert [hole["hours"] for hole in holes][:2] == ["sat 12:00-20:00", "sun 08:00-20:00"]


def test_holes_without_heads_can_be_listed_before_they_are_mended(tmp_path: Path) -> None:
    """What `callsim run` refuses, the coverage report shows, as JSON too."""
    path = tmp_path / "desks.yaml"
    text = TWO_DESKS.replace("\n    ", "\n").replace("    unstaffed: on purpose\n", "")
    path.write_text(text.replace("callers: {all", "name: Two desks\ncallers: {all"))
    listed = CliRunner().invoke(main, ["coverage", str(path), "--json", "-"])
    assert listed.exit_code == NO, listed.output
    assert json.loads(listed.stdout)[-1]["hours"] == "mon-fri 16:00-16:30"
    simulated = CliRunner().invoke(main, ["coverage", str(path), "--simulate"])
    assert simulated.exit_code == USER
    assert "open without heads" in simulated.stderr
