"""The next calls of all streams stand in one line, in the written event order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import state as st
from callsim.engines.compiled import upcoming
from callsim.engines.compiled.engine import prepare, tier_of
from callsim.plan.arrivals import days_of_calls
from callsim.plan.plan import Plan
from tests.small_scenarios import plan_of

SEED, REPLICATION = 3, 8
TEXT = """
run: {start: 2025-03-03, time_zone: America/Chicago, measure: 2 days}
callers:
  few: {calls: {per_hour: {daily 08:00-12:00: 3, daily 13:00-13:30: 33}}, to: main}
  many: {calls: {per_hour: 60}, to: main}
  old: {calls: {recorded: calls.csv}, to: side}
  none: {calls: {per_hour: {daily 08:00-09:00: 0.001}}, to: side}
  some: {calls: {per_hour: {daily 00:00-24:00: 5}}, to: side}
queues: {main: {talk: exponential mean 3m}, side: {talk: constant 1m}}
agents: {all: {answers: [main, side], heads: 5}}
"""
YEARS = """
run: {start: 2025-03-03, time_zone: America/Chicago, measure: 1700 days}
callers:
  a: {calls: {per_hour: {daily 08:00-08:30: 1}}, to: main}
  b: {calls: {per_hour: {daily 08:00-08:30: 1}}, to: main}
queues: {main: {talk: exponential mean 3m}}
agents: {all: {answers: [main], heads: 5}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Five streams: blocks of hours and of days, recorded calls, several at one instant, as good as nobody."""
    lines = [str(9 * 3600 + 30 * (i // 3)) for i in range(700)]
    (tmp_path / "calls.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return plan_of(tmp_path, TEXT)


def lined_up(plan: Plan) -> tuple[list[list[int]], list[int]]:
    """Return (instant, number, who, route) of every call, and how many stood in each line."""
    p = prepare(plan).tables
    s: Any = st.new_state(p)
    st.begin(s, SEED, REPLICATION)
    calls: list[list[int]] = []
    lengths: list[int] = []
    while True:
        assert upcoming.line_up(p, s)
        n = int(s.clock[st.END_CALL])
        assert s.clock[st.NEXT_CALL] == 0
        assert s.call_order[n] == st.LAST_ORDER
        if n == 0:
            return calls, lengths
        lengths.append(n)
        for i in range(n):
            place = int(s.call_place[i])
            line, j = upcoming.cell_of_call(place)
            who = s.ahead[line + st.WHO_AHEAD, j]
            number = upcoming.number_of_call(s, place)
            calls.append([int(s.call_order[i]) >> 4, int(number), int(who), int(s.call_route[i])])


def expected(plan: Plan) -> list[list[int]]:
    """Return the same from the plan's own rules."""
    p = prepare(plan).tables
    found: list[list[int]] = []
    for stream in range(plan.n_streams):
        days = list(days_of_calls(plan, SEED, REPLICATION, stream))
        at, block, n = (np.concatenate([getattr(day, name) for day in days] or [[]]) for name in ("at", "block", "n"))
        route = int(p.queue[p.stream[stream, of.CALLED], of.ROUTE])
        for i in range(len(at)):
            who = ((int(block[i]) + 1) << 32) | (stream << 24) | int(n[i])
            found.append([int(at[i]), (stream << 32) + i, who, route])
    return sorted(found)


def test_all_calls_stand_in_line_in_the_event_order(plan: Plan) -> None:
    """By instant, then by number; whoever they are, and however many of a stream are drawn ahead."""
    calls, lengths = lined_up(plan)
    assert calls == expected(plan)
    assert len({number >> 32 for _, number, _, _ in calls}) == 4
    assert max(lengths) > st.AHEAD
    assert len(lengths) > 10


@pytest.mark.parametrize("streams", range(1, 12))
def test_runs_of_any_number_become_one(streams: int) -> None:
    """Merged in threes: one or two left over, runs of one call, runs that lie behind one another."""
    rng = np.random.default_rng(streams)
    for most in (1, 2, 40):
        numbers = rng.permutation(streams * most)
        runs = [np.sort(numbers[i * most : i * most + int(rng.integers(1, most + 1))]) for i in range(streams)]
        s = _Runs(runs)
        n, side = streams, 0
        while n > 1:
            n, side = upcoming._merge_threes(s, side, n), 1 - side
        merged = s.merging[side, s.run_start[0] + 1 : s.run_start[1] - 1]
        assert merged.tolist() == sorted(np.concatenate(runs).tolist())


class _Runs:
    """What merging needs of a state."""

    def __init__(self, runs: list[Any]) -> None:
        cells = [cell for run in runs for cell in (-1, *run.tolist(), (1 << 63) - 1)]
        self.merging = np.array([cells + 4 * [0]] * 2, np.int64)
        self.run_start = np.cumsum([0, *(len(run) + 2 for run in runs), 0, 0]).astype(np.int64)
        upcoming._end_runs(self, 0, len(runs), len(cells))


def test_a_run_of_more_years_than_a_line_can_tell_is_for_the_highest_tier(tmp_path: Path) -> None:
    """An instant has 47 bits in a line: four years and five months."""
    assert tier_of(plan_of(tmp_path, YEARS)) == st.EVERYTHING
    assert tier_of(plan_of(tmp_path, YEARS.replace("1700", "1600"))) == st.SKILLS
