"""One more agent: there when he should be, and nobody else is moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import callsim
from callsim.engines.simpy import run
from callsim.errors import CallsimError
from callsim.experiments.scorecard import keep_books
from callsim.experiments.scorecard.one_more import read_one_more, with_one_more
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.units import HOUR

DESK = """
run: {start: 2025-06-02, measure: 1 week, time_zone: Europe/Berlin}
callers: {everyone: {calls: {per_hour: {mon-fri 08:00-18:00: 30}}, to: main}}
queues: {main: {handle_time: exponential mean 5m, open: mon-fri 08:00-18:00}}
agents:
  first: {staffing: {mon-fri 08:00-18:00: 2}, answers: [main]}
  second:
    shifts: {day: {days: mon-fri, from: 08:00, for: 10h, heads: 2}}
    breaks: [{length: 30m, between: 3h-6h}]
    no_show: 20%
    answers: [main]
"""


@pytest.fixture
def scenario(tmp_path: Path) -> callsim.Scenario:
    """A week of a desk with a head-count group and a group of shifts."""
    (tmp_path / "desk.yaml").write_text(DESK)
    return callsim.load(tmp_path / "desk.yaml")


def _with(scenario: callsim.Scenario, text: str) -> tuple[Plan, Plan]:
    plan = callsim.resolve(scenario)
    return plan, with_one_more(plan, read_one_more(scenario, text))


def _spans(plan: Plan, log: RunLog, agent: int) -> list[tuple[float, float]]:
    rows = (log.spans["agent"] == agent) & (log.spans["kind"] == 0)
    end = np.where(log.spans["end"] < 0, log.end, log.spans["end"])
    return [(a / HOUR, b / HOUR) for a, b in zip(log.spans["start"][rows], end[rows], strict=True)]


@pytest.mark.parametrize("group", ["first", "second"])
def test_he_works_in_his_hours_and_in_no_others(scenario: callsim.Scenario, group: str) -> None:
    """Tuesday 09:00 to 11:00: two hours more are paid to his group, none to the other."""
    plan, more = _with(scenario, f"{group}@tue 09:00-11:00")
    before, after = keep_books(plan, run(plan, 1, 0)), keep_books(more, run(more, 1, 0))
    for name in ("first", "second"):
        gained = after.get("paid hours", ("agents", name)) - before.get("paid hours", ("agents", name))
        assert gained == pytest.approx(2.0 if name == group else 0.0, abs=0.3)


def test_a_head_more_is_there_from_the_first_instant_to_the_last(scenario: callsim.Scenario) -> None:
    """Heads of the plan, instant by instant."""
    plan, more = _with(scenario, "first@mon-fri 12:00-14:00")
    for instant in np.arange(0, 5 * 24 * HOUR, HOUR // 2).tolist():
        heads = []
        for one in (plan, more):
            rows = (one.agents.heads_group == 0) & (one.agents.heads_time <= instant)
            heads.append(int(one.agents.heads_count[rows][-1]))
        hour = instant / HOUR % 24
        assert heads[1] - heads[0] == (12 <= hour < 14)


def test_a_duty_more_leaves_the_others_with_their_breaks_and_absences(scenario: callsim.Scenario) -> None:
    """He has neither breaks nor a chance not to come."""
    plan, more = _with(scenario, "second@mon-fri 07:00-08:00")
    agents = (more.agents.duty_agent, more.agents.duty_start, more.agents.break_start)
    own = more.agents.names.index("second, one more")
    others = agents[0] != own
    assert np.array_equal(agents[1][others], plan.agents.duty_start)
    assert np.array_equal(agents[2], plan.agents.break_start)
    assert np.array_equal(np.diff(more.agents.break_offset)[others], np.diff(plan.agents.break_offset))
    assert np.array_equal(more.agents.duty_no_show[others], plan.agents.duty_no_show)
    assert not more.agents.duty_no_show[~others].any()
    assert _spans(more, run(more, 1, 0), own) == [(24.0 * day + 7, 24.0 * day + 8) for day in range(5)]


def test_nobody_holds_longer_because_of_one_more(scenario: callsim.Scenario) -> None:
    """One queue, first come first served, nobody hangs up: with the same callers every hold is as long, or shorter."""
    plan, more = _with(scenario, "first@mon-fri 08:00-18:00")
    before, after = run(plan, 1, 0), run(more, 1, 0)
    assert np.array_equal(before.contacts["arrived"], after.contacts["arrived"])
    held = [log.legs["left"] - log.legs["entered"] for log in (before, after)]
    assert (held[1] <= held[0]).all()
    assert held[1].sum() < held[0].sum()


def test_a_group_alone_means_all_the_time(scenario: callsim.Scenario) -> None:
    """A week of 168 hours."""
    plan, more = _with(scenario, "second")
    found = [keep_books(one, run(one, 1, 0)).get("paid hours") for one in (plan, more)]
    assert found[1] - found[0] == pytest.approx(168.0, abs=1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "frst@mon 08:00-12:00",
            "one more: found 'frst' in 'frst@mon 08:00-12:00'; there is no group of this name; did you mean first?",
        ),
        (
            "first@mon 8-12",
            "one more: found '8' in 'first@mon 8-12'; a time of day is needed; write a time such as 08:30",
        ),
    ],
)
def test_what_cannot_be_is_refused(scenario: callsim.Scenario, text: str, message: str) -> None:
    """With what was found, the rule and what to do."""
    with pytest.raises(CallsimError) as caught:
        read_one_more(scenario, text)
    assert str(caught.value) == message


def test_hours_of_the_week_need_a_calendar(tmp_path: Path) -> None:
    """A clock without a start knows no Monday."""
    text = DESK.replace("start: 2025-06-02, ", "").replace(", time_zone: Europe/Berlin", "")
    text = text.replace("{mon-fri 08:00-18:00: 30}", "30").replace(", open: mon-fri 08:00-18:00", "")
    text = text.replace("staffing: {mon-fri 08:00-18:00: 2}", "heads: 2")
    (tmp_path / "desk.yaml").write_text(text[: text.index("  second")])
    scenario = callsim.load(tmp_path / "desk.yaml")
    with pytest.raises(CallsimError) as caught:
        read_one_more(scenario, "first@mon 08:00-12:00")
    assert str(caught.value) == (
        "one more: found 'first@mon 08:00-12:00', but `run` has no `start`; a clock without a calendar knows no "
        "weekdays; write the group alone, 'first', for the whole time"
    )
