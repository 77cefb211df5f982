"""Who calls when, drawn and sorted by the block, and what is drawn ahead of the callers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callsim.engines.compiled import rows as row
from callsim.engines.compiled import sorting, sources
from callsim.engines.compiled import state as st
from callsim.engines.compiled.engine import prepare
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.record import free_caller
from callsim.engines.compiled.state import AHEAD, AHEAD_ROOM
from callsim.engines.compiled.tables import Function
from callsim.plan.arrivals import days_of_calls, law_values
from callsim.plan.draws import draw_pair
from callsim.plan.plan import Int64, Plan
from tests.small_scenarios import plan_of

SEED, REPLICATION = 11, 5
DAY = 86_400_000_000
TEXT = """
run: {start: 2025-03-03, time_zone: America/Chicago, measure: 1 day}
callers:
  few: {calls: {per_hour: {daily 08:00-12:00: 3, daily 13:00-13:30: 33}}, to: main}
  many: {calls: {per_hour: 25}, to: main, patience: exponential mean 2m}
  old: {calls: {recorded: calls.csv}, to: main}
queues: {main: {talk: exponential mean 3m, after_call_work: constant 10s}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Three streams: small blocks, one block a day with more callers than are drawn ahead, and a recorded one."""
    lines = [str(9 * 3600 + 30 * i) for i in range(300)]
    (tmp_path / "calls.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return plan_of(tmp_path, TEXT)


def begun(plan: Plan) -> tuple[Any, Any]:
    """Return the plan's tables and a state at the beginning of a replication."""
    tables = prepare(plan).tables
    state = st.new_state(tables)
    st.begin(state, SEED, REPLICATION)
    return tables, state


def callers_of(p: Any, s: Any, stream: int) -> list[list[int]]:
    """Let a stream's callers come; return time, block, n and the four draws of each."""
    found: list[list[int]] = []
    leaves = len(s.calls) // 2
    while True:
        assert sources.draw_blocks(p, s)
        key = int(s.calls[leaves + stream])
        if key == st.INFINITE:
            return found
        c = sources.fresh_caller(p, s, stream, key >> 8)
        caller = s.caller[c]
        draws = caller[st.U_PATIENCE : st.U_TRANSFER + 1]
        found.append([key >> 8, int(caller[row.C_BLOCK]), int(caller[row.C_N]), *draws.tolist()])
        free_caller(s, c)


@pytest.mark.parametrize("stream", range(3))
def test_callers_and_their_draws_are_those_of_the_plan(plan: Plan, stream: int) -> None:
    """In the same order, over the edges of blocks and of what is drawn ahead."""
    p, s = begun(plan)
    found = np.array(callers_of(p, s, stream))
    days = list(days_of_calls(plan, SEED, REPLICATION, stream))
    at, block, key, n = (
        np.concatenate([getattr(day, name) for day in days]) for name in ("at", "block", "block_key", "n")
    )
    name = np.full(len(n), int(plan.streams.hashes[stream]), np.uint64)
    pairs = [draw_pair(SEED, REPLICATION, name, key, n, 0, 0, pair) for pair in range(2)]
    assert len(at) > (AHEAD if stream else 16)
    assert found.tolist() == np.stack([at, block, n, *pairs[0], *pairs[1]], axis=-1).astype(np.int64).tolist()


def numbers(times: Int64) -> Int64:
    """Return times with their ordinals, as they are sorted."""
    found: Int64 = (times << 24) | np.arange(len(times))
    return found


def instants(n: int, length: int) -> list[Int64]:
    """Return times in a block: uniform, all the same, falling, at the edges of it, most of them close together."""
    rng = np.random.default_rng(n)
    uniform = rng.integers(0, length, n)
    close = np.where(rng.random(n) < 0.9, uniform // 1000, uniform)
    edges = np.where(rng.random(n) < 0.5, 0, length - 1)
    return [uniform, np.full(n, length - 1), np.sort(uniform)[::-1], edges, close]


def in_order(times: Int64, length: int) -> list[int]:
    """Return what a row holds that callers' instants were sorted into; no other row is written, nor beyond an eight."""
    n = len(times)
    scratch, out = np.full((3, n + 8), -1, np.int64), np.full((2, n + 8), -1, np.int64)
    scratch[0, :n] = numbers(times)
    sorting.sort_instants(scratch, out, 1, n, length)
    assert (out[0] == -1).all()
    assert (out[1, -(-n // 8) * 8 :] == -1).all()
    found: list[int] = out[1, :n].tolist()
    return found


@pytest.mark.parametrize("length", [1, 7, 1800 * 10**6, DAY, 1 << 38])
@pytest.mark.parametrize("n", [0, 1, 2, 15, 16, 17, 18, 64, 301])
def test_whatever_the_times_they_are_sorted(n: int, length: int) -> None:
    """However they lie in the block."""
    for times in instants(n, length):
        assert in_order(times, length) == sorted(numbers(times).tolist())


@pytest.mark.parametrize("n", [33, 64, 301, 1000])
def test_more_callers_than_the_caches_hold_are_sorted_in_parts(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With parts of sixteen buckets, the last of them not full, some empty and one with most of the callers."""
    monkeypatch.setattr(sorting, "_TOO_MANY", 32)
    monkeypatch.setattr(sorting, "_PART", 4)
    for length in (7, 1800 * 10**6, 1 << 38):
        for times in instants(n, length):
            assert in_order(times, length) == sorted(numbers(times).tolist())


LOOKING_UP = Library(Function("look_up", "standin_kernel.looking_up:look_up", ("plan", "state")))


def looked_up(plan: Plan) -> tuple[Int64, Int64]:
    """Look up every law at the ends, at the knots and between: together, and one lookup at a time."""
    p, s = begun(plan)
    u = np.random.default_rng(3).integers(0, 1 << 53, AHEAD)
    half = 1 << 52
    u[:9] = [0, 1, 2, half - 1, half, half + 1, 2 * half - 3, 2 * half - 2, 2 * half - 1]
    u[9:60] = 1 << np.arange(1, 52)
    s = s._replace(ahead=np.zeros((1 + len(p.law), AHEAD_ROOM), np.int64))
    s.ahead[0, :AHEAD] = u
    assert LOOKING_UP.bind(plan=p, state=s).call("look_up") == len(p.law)
    assert set(plan.laws.kind.tolist()) == {0, 1}
    assert s.ahead[0, :AHEAD].tolist() == u.tolist()
    return s.ahead[1:, :AHEAD], np.array([law_values(plan, law, u) for law in range(len(p.law))])


def test_durations_looked_up_together_are_those_looked_up_one_by_one(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Python: quantile tables and samples."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    together, one_by_one = looked_up(plan)
    assert np.array_equal(together, one_by_one)


@pytest.mark.slow
def test_durations_looked_up_by_compiled_code_are_the_same(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two loops of vector instructions."""
    monkeypatch.setenv("CALLSIM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CALLSIM_JIT", raising=False)
    together, one_by_one = looked_up(plan)
    assert np.array_equal(together, one_by_one)


def test_fewer_durations_can_be_looked_up(plan: Plan) -> None:
    """At the most seven more than were asked for."""
    p, s = begun(plan)
    s.ahead[0, :AHEAD] = np.random.default_rng(3).integers(0, 1 << 53, AHEAD)
    s.ahead[1] = -1
    law = int(np.flatnonzero(plan.laws.kind == 0)[0])
    sources.ahead_durations(p, s, law, 0, 1, 20)
    assert s.ahead[1, :20].tolist() == law_values(plan, law, s.ahead[0, :20]).tolist()
    assert (s.ahead[1, 24:] == -1).all()
