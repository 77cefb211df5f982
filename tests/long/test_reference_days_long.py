"""Thousands of days from empty: each interval of the time-varying cases, totals to within half a percent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle import days
from tests.oracle.judging import Verdict, disagreements, judge
from tests.oracle.reference_values import known

PERIODS = {case["id"]: case for case in known("time_varying.yaml") if "periods" in case}
NUMBER_OF_DAYS = {"TV-morning-6x30min": 10_000, "TV-day-lunch-break-10h": 4_000, "TV-overload-no-abandon-4h": 15_000}
MAIN = ("expected_arrivals", "expected_served", "time_avg_busy", "busy_over_scheduled", "p_delay", "sl_offered_20s")


@pytest.mark.long
@pytest.mark.parametrize("name", list(PERIODS))
def test_every_interval_of_many_days_agrees_with_the_forward_equations(name: str, tmp_path: Path) -> None:
    """Z = 5 with thousands of batches: a false alarm with probability 6e-7 a figure; totals to within 0.5 %."""
    case = PERIODS[name]
    found = days.simulate(tmp_path, days.text(case), seed=20_260, days=NUMBER_OF_DAYS.get(name, 5_000))
    verdicts = judge({"": found.whole}, days.expected(case["totals"]))
    for number, period in enumerate(case["periods"]):
        verdicts += [
            Verdict(f"{number}: {each.name}", each.known, each.value, each.error)
            for each in judge({"": found.interval(number)}, days.expected(period))
        ]
    assert disagreements(verdicts, MAIN, precision=0.005) == []
