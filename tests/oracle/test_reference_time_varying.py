"""Rates and head-counts that change: days from empty interval by interval, and sinusoidal rates by phase.

Each day is a replication and a batch (`judging.py`): at 100 batches a distance of 5 standard errors has probability
2.4e-6, at 25 batches 4e-5; about 260 figures are judged here.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from callsim.scenario import load, resolve
from tests.oracle import days
from tests.oracle.centres import run_checked
from tests.oracle.judging import Known, Verdict, columns, common, disagreements, judge
from tests.oracle.reference_values import known

PERIODS = {case["id"]: case for case in known("time_varying.yaml") if "periods" in case}
SINUS = {case["id"]: case for case in known("time_varying.yaml", "TV-sinus")}
INFINITE = {case["id"]: case for case in known("time_varying.yaml", "MtMinf")}
OUTSIDE = "needs time_varying.yaml of ../shared/reference (or $CALLSIM_SHARED/reference), which is not here"
NUMBER_OF_DAYS = {"TV-morning-6x30min": 300, "TV-day-lunch-break-10h": 80, "TV-overload-no-abandon-4h": 250}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(PERIODS))
def test_every_interval_of_a_day_agrees_with_the_forward_equations(name: str, tmp_path: Path) -> None:
    """Head-counts (idle agents leave at once, busy ones when they finish), drain, callers counted where they arrive."""
    case = PERIODS[name]
    found = days.simulate(tmp_path, days.text(case), seed=20_250, days=NUMBER_OF_DAYS.get(name, 100))
    closing = {key: value for key, value in case.items() if key.endswith("_at_close")}
    verdicts = judge({"": found.whole}, days.expected(case["totals"] | closing))
    for number, period in enumerate(case["periods"]):
        verdicts += [
            Verdict(f"{number}: {each.name}", each.known, each.value, each.error)
            for each in judge({"": found.interval(number)}, days.expected(period))
        ]
    assert (
        disagreements(
            common(verdicts),
            ("expected_arrivals", "expected_served", "time_avg_busy", "busy_over_scheduled"),
            precision=0.02,
        )
        == []
    )


def sinusoid(mean: float, amplitude: float, steps: int = 288) -> list[float]:
    """Return the mean rate in each step of a period of mean + amplitude * sin."""
    edges = np.linspace(0, 2 * math.pi, steps + 1)
    return [float(mean + amplitude * (math.cos(a) - math.cos(b)) / (b - a)) for a, b in itertools.pairwise(edges)]


DAILY = """run: {{warm_up: 1 day, measure: {days} days, interval: 1 day, at_end: drain}}
callers: {{everyone: {{calls: {{every: 5m, repeat: yes, per_hour: {rates}}}, to: main{patience}}}}}
queues: {{main: {{handle_time: exponential mean 1h}}}}
agents: {{team: {{heads: {heads}, answers: [main]}}}}
"""
# Time unit: the hour. Steps of five minutes carry the right number of calls each; within a step the rate is wrong by
# at most h = amplitude * 2 pi / 24 * (1/12) / 2 (0.22 and 0.44 an hour), so that the expected number of callers present
# is never wrong by more than h * (1/12) / 4 < 0.01 callers: below a twentieth of the standard errors here.


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SINUS) or [pytest.param("", marks=pytest.mark.skip(reason=OUTSIDE))])
def test_a_sinusoidal_rate_gives_the_periodic_steady_state(name: str, tmp_path: Path) -> None:
    """Averages over 25 periods, and callers present, queue and delay at eight phases."""
    case = SINUS[name]
    p, n = case["parameters"], 25
    path = tmp_path / "sinus.yaml"
    rates = sinusoid(p["mean_rate"], p["amplitude"])
    path.write_text(DAILY.format(days=n, rates=rates, heads=p["agents"], patience=", patience: exponential mean 1h"))
    plan = resolve(load(path))
    log = run_checked(plan, 20_251, 0)
    values = {key.replace("_of_arrivals", ""): value for key, value in case["values"].items()}
    verdicts = judge({"": columns(plan, log, "")}, days.expected(values, unit=3600))
    phases = [row["phase_of_period"] for row in case["by_phase"]]
    waiting, busy = days.at_instants(log, days.hours(24), days.hours(24), phases, n)
    for number, row in enumerate(case["by_phase"]):
        phase, delayed = row["phase_of_period"], busy[:, number] == p["agents"]
        verdicts.append(
            sampled(f"{phase}: mean_in_system", waiting[:, number] + busy[:, number], row["mean_in_system"])
        )
        share = row["p_delay"]  # one day, one yes or no: the binomial error, for 25 days may all say the same
        error = math.sqrt(share * (1 - share) / n)
        verdicts.append(Verdict(f"{phase}: p_delay", Known(share), float(delayed.mean()), error))
        if share > 0.5:  # so few days say little about a queue that is rarely there
            verdicts.append(sampled(f"{phase}: mean_queue", waiting[:, number], row["mean_queue"]))
    assert disagreements(verdicts, ("time_avg_busy", "occupancy"), precision=0.02) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", list(INFINITE) or [pytest.param("", marks=pytest.mark.skip(reason=OUTSIDE))])
def test_with_agents_for_everybody_the_closed_form_holds(name: str, tmp_path: Path) -> None:
    """Eick, Massey and Whitt (1993): the mean number of busy agents lags behind the rate. 25 periods, 250 agents."""
    case = INFINITE[name]
    p, n = case["parameters"], 25
    path = tmp_path / "sinus.yaml"
    path.write_text(DAILY.format(days=n, rates=sinusoid(p["mean_rate"], p["amplitude"]), heads=250, patience=""))
    log = run_checked(resolve(load(path)), 20_252, 0)
    rows = case["values"]["rows"]
    waiting, busy = days.at_instants(log, days.hours(24), days.hours(24), [row["t"] / 24 for row in rows], n)
    verdicts = [sampled(f"t={row['t']}", busy[:, i], row["mean_busy"]) for i, row in enumerate(rows)]
    assert not waiting.any()
    assert disagreements(verdicts, [each.name for each in verdicts], precision=0.04) == []


def sampled(name: str, seen: np.ndarray, value: float) -> Verdict:
    """Judge the mean of one number a day."""
    return Verdict(name, Known(value), float(seen.mean()), float(seen.std(ddof=1) / math.sqrt(len(seen))))
