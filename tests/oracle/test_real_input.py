"""Scenarios outside the repository read real records: what is simulated is what the files say.

The records are in ../shared/data (or $CALLSIM_SHARED/data), whose README says where they come from and under which
terms: the call-by-call records of the "Anonymous Bank" (Guedj and Mandelbaum, Technion 2000) and the five-minute counts
of a North American bank (data set `bank_calls` of the R package fpp3, Weinberg, Brown and Stroud 2007). Nothing of them
is copied here; without the folder these tests skip.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from callsim.engines import simpy
from callsim.experiments.estimates import rows
from callsim.measures import check_run, measure
from callsim.plan.plan import SECOND
from callsim.scenario import load, resolve
from tests.oracle.conftest import ROOT

Z = 5.0
"""Largest distance of a count from its mean in Poisson standard deviations; exceeded with probability 6e-7 each."""


def data() -> Path:
    """Return the folder of records, or skip."""
    named = os.environ.get("CALLSIM_SHARED")
    places = [Path(named)] if named else [parent / "shared" for parent in ROOT.parents]
    for place in places:
        if (place / "data" / "bank_calls_2003").is_dir():
            return place / "data"
    pytest.skip("needs the records of ../shared/data (or $CALLSIM_SHARED/data), which are not here")


def lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the lines of a packed CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def simulated(folder: Path, text: str) -> dict[tuple[str, str], float]:
    """Run a scenario once; return offered calls by queue and local start of the interval, through the tidy rows."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    plan = resolve(load(path))
    log = simpy.run(plan, 1999, 0)
    check_run(plan, log)
    table = rows([measure(plan, log, by=("queue+interval",))], by=("queue+interval",))
    return {
        (str(row.scope["queue"]), str(row.scope["interval"])[:16]): row.value or 0.0
        for row in table
        if row.name == "offered" and "interval" in row.scope
    }


def assert_poisson(found: dict[tuple[str, str], float], counted: Counter[tuple[str, str]]) -> None:
    """Check that every count is Poisson with the file's count as its mean: each one, their sum, their spread."""
    assert sum(counted.values()) > 1000
    assert set(counted) <= set(found)
    assert [key for key, number in found.items() if number and not counted[key]] == []
    distance = {key: (found[key] - mean) / math.sqrt(mean) for key, mean in counted.items() if mean}
    # small means are skewed: what is far above them is judged by its probability, not by its distance
    far = {key: d for key, d in distance.items() if abs(d) > Z and tail(found[key], counted[key]) < 3e-7}
    assert far == {}
    total = sum(counted.values())
    assert abs(sum(found.values()) - total) <= Z * math.sqrt(total)
    spread = sum(d * d for d in distance.values())
    n = len(distance)
    fourth = sum(2 + 1 / mean for mean in counted.values() if mean)  # variance of (N - m)^2 / m for Poisson N
    assert abs(spread - n) <= Z * math.sqrt(fourth)


def tail(number: float, mean: float) -> float:
    """Return P(N >= number) for a Poisson N, for numbers above the mean; below it P(N <= number)."""
    ks = range(int(number), int(number) + 200) if number > mean else range(int(number) + 1)
    return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in ks)


@pytest.mark.slow
def test_five_minute_counts_of_a_bank_are_what_is_simulated(tmp_path: Path) -> None:
    """Monday, 3 March 2003: 169 intervals from 07:00 to 21:05, 41,257 calls; Poisson within z = 5 in each interval."""
    file = data() / "bank_calls_2003" / "bank_calls_5min.csv.gz"
    text = f"""
run: {{start: 2003-03-03, time_zone: America/New_York, measure: 1 day, interval: 5m, at_end: drain}}
volumes:
  file: {os.path.relpath(file, tmp_path)}
  reads: {{interval: 5m}}
  columns: {{start: interval_start, calls: calls}}
callers:
  customers: {{calls: from volumes, to: bank, patience: exponential mean 4m}}
queues:
  bank: {{open: "mon-fri 07:00-21:05", handle_time: lognormal mean 4m cv 1}}
agents:
  team: {{heads: 300, answers: [bank]}}
"""
    counted: Counter[tuple[str, str]] = Counter()
    for line in lines(file):
        if line["interval_start"].startswith("2003-03-03"):
            counted["bank", line["interval_start"].replace(" ", "T")] = int(line["calls"])
    found = simulated(tmp_path, text)
    assert len(counted) == 169
    assert_poisson(found, counted)


@pytest.mark.slow
def test_half_hour_counts_of_two_services_are_what_is_simulated(tmp_path: Path) -> None:
    """January 1999, regular and internet callers, days without a line closed: Poisson within z = 5 in each interval."""
    file = data() / "anonymous_bank_1999" / "half_hour_summary.csv.gz"
    text = f"""
run: {{start: 1999-01-01, time_zone: Asia/Jerusalem, measure: 31 days, interval: 30m, at_end: drain}}
volumes:
  file: {os.path.relpath(file, tmp_path)}
  reads: {{interval: 30m, missing_line: zero}}
  columns: {{date: date, time: start, queue: service, calls: offered}}
callers:
  defaults: {{patience: exponential mean 8m}}
queues:
  regular: {{handle_time: lognormal mean 3m cv 1}}
  internet: {{handle_time: lognormal mean 6m cv 1}}
agents:
  regular desk: {{heads: 9, answers: [regular]}}
  internet desk: {{heads: 2, answers: [internet]}}
"""
    counted = half_hours(file, "1999-01")
    assert len({queue for queue, _ in counted}) == 2
    assert_poisson(simulated(tmp_path, text), counted)


def half_hours(file: Path, month: str) -> Counter[tuple[str, str]]:
    """Return offered calls by service and start of the half hour."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in lines(file):
        if line["date"].startswith(month):
            counted[line["service"], f"{line['date']}T{line['start']}"] += int(line["offered"])
    return counted


@pytest.mark.slow
def test_recorded_calls_are_replayed_exactly(tmp_path: Path) -> None:
    """January 1999, regular callers, call by call: every instant, and every half hour as the summary counts it."""
    folder = data() / "anonymous_bank_1999"
    instants = []
    for line in lines(folder / "calls_1999_01_january.csv.gz"):
        joined = line["outcome"] == "AGENT" or (line["outcome"] == "HANG" and int(line["q_start"]) > 0)
        if joined and line["type"] != "IN":
            instants.append(dt.datetime.fromisoformat(line["date"]) + dt.timedelta(seconds=int(line["vru_exit"])))
    instants.sort()
    recorded = "".join(f"{at:%Y-%m-%d %H:%M:%S}\n" for at in instants)
    (tmp_path / "january.csv").write_text(recorded, encoding="utf-8")
    text = """
run: {start: 1999-01-01, time_zone: Asia/Jerusalem, measure: 31 days, interval: 30m, at_end: drain}
callers:
  customers: {calls: {recorded: january.csv}, to: regular, patience: exponential mean 8m}
queues:
  regular: {handle_time: lognormal mean 3m cv 1}
agents:
  team: {heads: 9, answers: [regular]}
"""
    found = simulated(tmp_path, text)
    start = dt.datetime(1999, 1, 1)
    replayed = simpy.run(resolve(load(tmp_path / "scenario.yaml")), 7, 3).contacts["arrived"].tolist()
    assert replayed == [round((at - start).total_seconds()) * SECOND for at in instants]
    halves = Counter(("regular", f"{at:%Y-%m-%dT%H:}{at.minute // 30 * 30:02}") for at in instants)
    assert {key: number for key, number in found.items() if number} == halves
    summary = half_hours(folder / "half_hour_summary.csv.gz", "1999-01")
    assert {key: number for key, number in summary.items() if key[0] == "regular" and number} == halves
