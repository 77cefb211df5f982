"""Laws that hold whatever the parameters (specification, part 3, oracle 6), on simulated centres.

Statistical ones at z = 5 with 40 batches (probability 1.3e-5 each, `tests/oracle/judging.py`), others exact.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from callsim.engines import simpy
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.scenario import load, resolve
from tests.oracle.centres import Trial, centre
from tests.oracle.judging import Known, Z, columns, disagreements, estimate
from tests.oracle.reference_values import case_named
from tests.oracle.trials import exponential


def simulated(folder: Path, text: str, seed: int = 1) -> tuple[Plan, RunLog]:
    """Run a scenario text once."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    plan = resolve(load(path))
    return plan, simpy.run(plan, seed, 0)


def erlang_b(c: int, load_: float) -> float:
    """Return the blocking probability by its recursion."""
    b = 1.0
    for k in range(1, c + 1):
        b = load_ * b / (k + load_ * b)
    return b


@pytest.mark.slow
@pytest.mark.parametrize("way", ["patience: constant 0s", "hangs_up_at_once: 100%", "balks: 100%"])
def test_without_patience_a_centre_loses_what_erlang_b_says(way: str, tmp_path: Path) -> None:
    """Zero patience, and balking for sure, are lines without waiting room: share lost B(6, 5). 20,000 calls."""
    rate = 5 / 180
    text = centre(rate, "uniform 1m to 5m", 6, callers=way)
    expected = {"lost": ("", lambda s: (s.abandoned + s.balked) / (s.offered + s.balked), Known(erlang_b(6, 5)))}
    trial = Trial(f"no patience, {way}", text, rate, 1800, expected, calls=20_000)
    assert disagreements(trial.verdicts(tmp_path)) == []


@pytest.mark.slow
def test_callers_see_what_time_averages_say(tmp_path: Path) -> None:
    """PASTA: the share of callers who must wait is the share of time in which all agents are busy."""
    rate = 9 / 180
    trial = Trial("pasta", centre(rate, exponential(180), 10, callers="patience: exponential mean 5m"), rate, 3600, {})
    plan = trial.plan(tmp_path)
    log = simpy.run(plan, trial.seed, 0)
    sums = columns(plan, log, "") | {"all_busy": all_busy(log, plan.clock.interval_edges, 10)}
    gap, error = estimate(sums, lambda s: s.delayed / s.offered - s.all_busy / s.window)
    share, _ = estimate(sums, lambda s: s.all_busy / s.window)
    assert abs(gap) <= Z * error
    assert error < 0.02 * share


def all_busy(log: RunLog, edges: np.ndarray, heads: int) -> np.ndarray:
    """Return for each batch how long all agents were busy. [s]"""
    answered = log.legs["agent"] >= 0
    at = np.concatenate([log.legs["handle_end"][answered], log.legs["left"][answered], edges])
    step = np.repeat([-1, 1, 0], [answered.sum(), answered.sum(), len(edges)])
    order = np.argsort(at, kind="stable")
    at, busy = at[order], np.cumsum(step[order])
    assert busy.max() == heads
    batch = np.searchsorted(edges, at[:-1], side="right") - 1
    inside = (batch >= 0) & (batch < len(edges) - 1)
    lasted = np.where(busy[:-1] == heads, np.diff(at), 0)
    return np.bincount(batch[inside], weights=lasted[inside], minlength=len(edges) - 1) / 1e6


def test_the_integral_of_the_queue_is_the_sum_of_all_waits(tmp_path: Path) -> None:
    """Little's law as an identity of a drained path, to the microsecond, for queue and agents."""
    text = "run: {measure: 10h, at_end: drain}\n" + centre(
        0.05, "gamma mean 3m cv 0.6", 8, callers="patience: uniform 0s to 9m"
    )
    _, log = simulated(tmp_path, text)
    legs = log.legs
    assert log.queue_time.sum() == (legs["left"] - legs["entered"]).sum() > 0
    answered = legs["agent"] >= 0
    assert log.busy_time.sum() <= (legs["handle_end"] - legs["left"])[answered].sum()


@pytest.mark.slow
@pytest.mark.parametrize("scale", [0.02, 50.0])
def test_the_unit_of_time_does_not_matter(scale: float, tmp_path: Path) -> None:
    """Erlang A with all times times 0.02 (handled in seconds) or 50 (in hours): the same shares, scaled waits."""
    case = case_named("erlang_a.yaml", "erlangA-100per30min-aht180-s10-pat120")
    rate, values = 100 / 1800 / scale, case["values"]
    text = centre(rate, exponential(180 * scale), 10, callers=f"patience: {exponential(120 * scale)}")
    expected = {
        "p_abandon": ("", lambda s: s.abandoned / s.offered, Known(values["p_abandon"])),
        "mean wait": ("", lambda s: s.wait / s.offered, Known(values["mean_wait_all_s"] * scale)),
        "occupancy": ("", lambda s: s.busy_time / s.staffed_time, Known(values["occupancy"])),
    }
    trial = Trial(f"scale {scale}", text, rate, 3600 * scale, expected, calls=30_000)
    assert disagreements(trial.verdicts(tmp_path), ("p_abandon", "occupancy"), precision=0.03) == []


GROUPS = """run: {{measure: 8h, at_end: drain}}
callers: {{everyone: {{calls: {{per_hour: 200}}, to: main, patience: exponential mean 4m}}}}
queues: {{main: {{handle_time: exponential mean 3m}}}}
agents:
  {0}: {{heads: {1}, answers: [main]}}
  {2}: {{heads: {3}, answers: [main]}}
"""


def test_names_and_numbers_of_agents_do_not_matter_to_callers(tmp_path: Path) -> None:
    """Equal agents, named, grouped or chosen otherwise: every caller has the same wait and the same outcome."""
    texts = [GROUPS.format("red", 3, "blue", 7), GROUPS.format("blue", 7, "red", 3), GROUPS.format("x", 9, "y", 1)]
    texts.append(texts[0] + "routing: {which agent: random}\n")
    texts.append(texts[0] + "routing: {which agent: least occupied}\n")
    logs = [simulated(tmp_path, text)[1] for text in texts]
    assert len({log.digest() for log in logs}) > 1
    for log in logs[1:]:
        for name in ("entered", "left", "outcome", "talk_end", "handle_end"):
            assert np.array_equal(log.legs[name], logs[0].legs[name]), name


POOLS = """run: {{warm_up: 5h, measure: 200h, interval: 5h, at_end: drain}}
callers:
  red callers: {{calls: {{per_hour: 90}}, to: red}}
  blue callers: {{calls: {{per_hour: 90}}, to: blue}}
queues:
  red: {{handle_time: exponential mean 3m}}
  blue: {{handle_time: exponential mean 3m}}
agents:
  red team: {{heads: 5, answers: [{0}]}}
  blue team: {{heads: 5, answers: [{1}]}}
"""


@pytest.mark.slow
def test_pooling_two_equal_teams_shortens_the_wait(tmp_path: Path) -> None:
    """Erlang C at load 0.9: the mean wait falls by what two teams of 5 wait more than one of 10, far above 0."""
    waits = []
    for red, blue in (("red", "blue"), ("red, blue", "red, blue")):
        plan, log = simulated(tmp_path, POOLS.format(red, blue))
        waits.append(columns(plan, log, ""))
    both = {name: waits[0][name] for name in ("window", "offered", "wait")} | {"pooled": waits[1]["wait"]}
    gain, error = estimate(both, lambda s: (s.wait - s.pooled) / s.offered)
    exact = erlang_c_wait(5, 4.5) - erlang_c_wait(10, 9.0)
    assert gain > Z * error
    assert abs(gain - exact) <= Z * error


def erlang_c_wait(agents: int, load_: float) -> float:
    """Return the mean wait of M/M/c with calls of 180 s. [s]"""
    b = erlang_b(agents, load_)
    delayed = b / (1 - load_ / agents * (1 - b))
    return delayed * 180 / (agents - load_)


def test_erlang_c_of_these_tests_is_the_textbook_one() -> None:
    """100 calls in 30 minutes of 180 s, 14 agents: 7.835937 s."""
    assert math.isclose(erlang_c_wait(14, 10.0), 7.83593701178, rel_tol=1e-11)
