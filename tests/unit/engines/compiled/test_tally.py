"""Counting without a log: measures and digest are those of the log, in every cell."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from callsim.engines.compiled import counting_rows
from callsim.engines.compiled.counting import Counter
from callsim.engines.compiled.engine import prepare
from callsim.engines.compiled.library import Interpreted
from callsim.engines.compiled.tally import new_tally, reset
from callsim.engines.compiled.tally_bins import (
    DENSE,
    ENTRY,
    by_alike,
    count_listed,
    fold,
    is_dense,
    list_counted,
    list_waits,
    set_waitless,
    sort_entries,
)
from callsim.engines.simpy import run
from callsim.measures import BREAKDOWNS, UPPER_EDGES, check_sums, measure
from callsim.measures.from_sums import SumsReader, from_sums
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.runlog.sums import BIN_MASK, BINS, KEY_SHIFT
from callsim.testing.cases import batch
from tests.eventful_plan import eventful_plan
from tests.log_rows import counted, differences
from tests.small_logs import Contact, answered, busy_day, busy_day_plan, contact, small_log, small_plan
from tests.small_scenarios import plan_of

REQUESTS = [(), ("interval",), ("queue+interval",), ("callers+hour_of_week", "agents+interval"), BREAKDOWNS]


@pytest.fixture(scope="module", params=[False, True], ids=["stop", "drain"])
def eventful(request: pytest.FixtureRequest) -> tuple[Plan, RunLog]:
    """A run in which everything happens, with a warm-up, stopped or drained."""
    plan = eventful_plan(drain=request.param)
    return plan, run(plan, 1, 0)


@pytest.mark.parametrize("by", REQUESTS, ids=lambda by: ",".join(by) or "totals")
def test_a_tally_gives_the_measures_of_the_log(eventful: tuple[Plan, RunLog], by: tuple[str, ...]) -> None:
    """Every sum, maximum, bin, label and digest is that of the log, in whatever order the rows come."""
    plan, log = eventful
    _, sums = counted(plan, log, by, seed=7)
    assert differences(from_sums(plan, sums), measure(plan, log, by)) == []


def test_a_tally_can_be_used_again_once_it_is_emptied(eventful: tuple[Plan, RunLog]) -> None:
    """The second replication finds nothing of the first."""
    plan, log = eventful
    tally, _ = counted(plan, log, BREAKDOWNS)
    reset(tally)
    other = run(plan, 2, 5)
    _, sums = counted(plan, other, BREAKDOWNS, tally=tally)
    assert differences(from_sums(plan, sums), measure(plan, other, BREAKDOWNS)) == []


def test_a_run_that_failed_leaves_nothing_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one that succeeded: the third and the fifth run of a room give what the first gave."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    plan = eventful_plan(drain=False)
    counter = Counter(prepare(plan), SumsReader(plan, ("interval",)).wanted)
    first = counter.run(1, 0)

    def fail(*_: Any) -> int:
        raise RuntimeError("full")

    with monkeypatch.context() as change:
        change.setattr(counting_rows, "gather", fail)
        with pytest.raises(RuntimeError, match="full"):
            counter.run(2, 0)
    third = counter.run(1, 0)
    counter.run(3, 0)
    fifth = counter.run(1, 0)
    for again in (third, fifth):
        assert again.digest() == first.digest()
        assert differences(from_sums(plan, again), from_sums(plan, first)) == []


@pytest.mark.parametrize("jit", ["on", "off"])
def test_sums_that_somebody_holds_are_not_written_again(jit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the second and the fourth are kept; the rest are gone when the next replication begins.

    Each has other figures that are zero, for which nothing is written where they were zero before.
    """
    if jit == "off":
        monkeypatch.setenv("CALLSIM_JIT", "off")
    plan = eventful_plan(drain=False)
    reader = SumsReader(plan, ("interval",))
    counter = Counter(prepare(plan), reader.wanted)
    zero = set()
    held = {}
    for replication in range(6):
        sums = counter.run(9, replication)
        zero.add((sums.made == 0).all(axis=1).tobytes())
        expected = measure(plan, run(plan, 9, replication), ("interval",))
        assert differences(reader.measures(sums), expected) == []
        if replication in (1, 3):
            held[replication] = (sums, expected)
        del sums
    assert len(zero) > 1
    for sums, expected in held.values():
        assert differences(reader.measures(sums), expected) == []


def test_parts_are_made_once_and_can_be_sent(eventful: tuple[Plan, RunLog]) -> None:
    """A part is made when it is asked for; another process is sent them all, whether made or not."""
    plan, log = eventful
    measures = from_sums(plan, counted(plan, log, BREAKDOWNS)[1])
    assert list(measures.parts) == ["", "callers", "queue", "agents", *BREAKDOWNS]
    assert len(measures.parts) == 4 + len(BREAKDOWNS)
    assert measures.parts["queue"] is measures.parts["queue"]
    with pytest.raises(KeyError):
        measures.parts["nobody"]
    assert differences(pickle.loads(pickle.dumps(measures)), measure(plan, log, BREAKDOWNS)) == []


def test_room_is_made_where_a_run_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """First for the rows of the few who were answered, then for those of the many who still wait."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    text = """\
        run: {start: 2025-03-03, time_zone: America/Chicago, measure: 1h}
        agents: {team: {heads: 1, answers: [main]}}
    """
    plan = plan_of(tmp_path, text)
    counter = Counter(prepare(plan), SumsReader(plan).wanted)
    small = {f"{name}_waits": np.zeros(1, np.int64) for name in ("contact", "leg", "single")}
    counter._tally = counter._tally._replace(**small)
    counter.bind()
    asked: list[str] = []
    call = Interpreted.call

    def ask(functions: Interpreted, name: str) -> int:
        asked.append(name)
        return call(functions, name)

    monkeypatch.setattr(Interpreted, "call", ask)
    sums = counter.run(1, 0)
    assert asked == ["advance"] * 3
    log = run(plan, 1, 0)
    assert sums.digest() == log.digest()
    assert differences(from_sums(plan, sums), measure(plan, log)) == []


def test_calls_of_every_fate_are_counted_as_in_the_log() -> None:
    """One call of each kind, worked out by hand: a cut-off, a message, an hour's hold, an unfinished dialling."""
    plan = busy_day_plan()
    log = busy_day(plan)
    _, sums = counted(plan, log, BREAKDOWNS, chunk=1)
    assert differences(from_sums(plan, sums), measure(plan, log, BREAKDOWNS)) == []


@pytest.mark.parametrize("calls", [[], [contact(answered(5, 5, 60))]], ids=["nobody", "nobody waits"])
def test_breakdowns_of_a_run_without_a_wait_have_no_bin_but_the_first(calls: list[Contact]) -> None:
    """Nobody calls: no bin at all. One call is answered at once: bin 0 of its half hour, queue and group."""
    plan = small_plan()
    log = small_log(plan, calls)
    _, sums = counted(plan, log, BREAKDOWNS)
    measures = from_sums(plan, sums)
    assert differences(measures, measure(plan, log, BREAKDOWNS)) == []
    assert measures.parts["interval"].waits.position.tolist() == [0] * len(calls)


def test_the_digest_of_a_run_without_a_log_is_that_of_its_log(eventful: tuple[Plan, RunLog]) -> None:
    """Negative cells, codes, instants: hashed in compiled code as in numpy."""
    plan, log = eventful
    assert counted(plan, log, seed=3, chunk=17)[1].digest() == log.digest()


def test_bins_are_the_same_at_every_edge_and_get_the_room_they_need() -> None:
    """Waits at each edge of a bin, one tick below it and one above, up to a year: more bins than had places at first.

    Nothing is counted twice when the tally grows, and nothing is lost.
    """
    edges = UPPER_EDGES[(UPPER_EDGES > 0) & (UPPER_EDGES < 3.2e7)].astype(np.int64) * SECOND
    waits = np.concatenate((edges - 1, edges, edges + 1))
    plan = small_plan(horizon=4e7, interval=1e7)
    log = small_log(plan, [contact(answered(0, float(n), 10.0)) for n in range(len(waits))])
    log = replace(log, legs={**log.legs, "left": waits, "talk_end": waits + 1, "handle_end": waits + 1})
    # Lists of waits that are full soon, so that the tables of bins are needed.
    small = {f"{name}_waits": np.zeros(600, np.int64) for name in ("contact", "leg", "single")}
    tally, sums = counted(plan, log, ("interval",), chunk=500, tally=new_tally(plan, ("interval",))._replace(**small))
    assert len(tally.contact_bins) > len(new_tally(plan, ("interval",)).contact_bins)
    assert differences(from_sums(plan, sums), measure(plan, log, ("interval",))) == []


@pytest.mark.parametrize(("keys", "waits"), [(6, 300), (6, 30), (400, 300)], ids=["table", "few bins", "spread"])
def test_bins_are_folded_into_the_keys_of_the_measures(keys: int, waits: int) -> None:
    """Few keys and many, keys left out, keys without a wait, repeated bins: the plain sum over a table of counts.

    All work space is as it was before, so that the next part finds nothing of this one.
    """
    random = np.random.default_rng(11)
    new_keys = keys - 1
    # The first two targets are another part's; a part leaves out keys by giving them the number of its new keys.
    targets = np.concatenate(([9, 9], random.integers(0, new_keys + 1, keys)))
    targets[2:][np.arange(keys) % 7 == 3] = new_keys
    position = np.unique(random.integers(0, keys, 900) * BINS + random.integers(1, waits, 900))
    bins = np.stack((random.permutation(position) + 1, random.integers(1, 5, len(position))), axis=1)
    waitless = random.integers(0, 2, keys) * 3
    expected = np.zeros((new_keys + 1, BINS), np.int64)
    np.add.at(expected, (targets[2 + (bins[:, 0] - 1) // BINS], (bins[:, 0] - 1) % BINS), bins[:, 1])
    np.add.at(expected, (targets[2:], 0), waitless)
    found_of = expected[:new_keys].reshape(-1)
    calls = waitless.copy()
    np.add.at(calls, (bins[:, 0] - 1) // BINS, bins[:, 1])
    # Some of the calls stand in the list: one entry for each.
    room = _room_for_folding(targets, calls, int(bins[:, 1].sum()), new_keys)
    once = bins[:, 1] == 1
    key, found = np.divmod(bins[:, 0] - 1, BINS)
    kept = np.stack(((key << KEY_SHIFT | found) + 1, bins[:, 1]), axis=1)
    filled = SimpleNamespace(filled=np.array([[(~once).sum(), 0, once.sum()]]))
    (counted, _) = listed = list_counted(room, filled, 0, (kept, np.flatnonzero(~once)), 0, (0, 0))
    n, highest = list_waits(room, filled, 0, kept[once, 0] - 1, 0, listed)
    assert (counted, n) == ((~once).sum(), len(bins))
    assert highest == ((bins[:, 0] - 1) % BINS).max()
    set_waitless(room)
    assert room.waitless.tolist() == waitless.tolist()
    added = by_alike(room, counted, n, highest)
    assert added == (keys == 6)
    count_listed(room, counted, n)
    assert is_dense(room, 0, n, highest) == (waits == 30)
    if not is_dense(room, 0, n, highest):
        sort_entries(room, n, highest)
        assert (np.diff(room.entries[:n] & BIN_MASK) >= 0).all()
    for first, added_before in ((0, 0), (10, added), (10, 0)):
        end = fold(room, 0, len(bins), highest, first, added_before)
        assert room.found[first:end, 0].tolist() == np.flatnonzero(found_of).tolist()
        assert room.found[first:end, 1].tolist() == found_of[found_of > 0].tolist()
        assert not room.counts.any()


def _room_for_folding(targets: Any, calls: Any, n: int, new_keys: int) -> Any:
    """Return those arrays of results that folding needs, filled with what an earlier part may have left."""
    left = {
        "found": (n + new_keys + 11, ENTRY),
        "waited": (new_keys + 1,),
        "ends": (new_keys + 1,),
        "loose": (n + new_keys + 1, ENTRY),
        "entries": (n,),
        "calls": (n,),
    }
    counts = np.zeros(max(BINS, DENSE * n), np.int64)
    return SimpleNamespace(
        parts=np.array([[2, new_keys, 0, len(calls)]]),
        targets=targets,
        alike_keys=np.arange(len(calls)),
        alike_targets=targets[np.newaxis, 2:],
        by_alike=np.full(DENSE * n, 77),
        number=np.zeros(len(calls), np.int64),
        waitless=calls,
        counts=counts,
        **{name: np.full(shape, 77) for name, shape in left.items()},
    )


def test_random_centres_are_counted_as_in_their_logs() -> None:
    """Twenty centres over the whole language: every fate, rule and staffing; each with other breakdowns.

    Those with cases keep a log.
    """
    for drawn in batch(2025, 20):
        if drawn.plan is not None and not drawn.plan.cases.n:
            log = run(drawn.plan, drawn.seed, drawn.replication)
            by = BREAKDOWNS[drawn.number % 3 :: 1 + drawn.number % 4]
            _, sums = counted(drawn.plan, log, by, seed=drawn.number)
            assert differences(from_sums(drawn.plan, sums), measure(drawn.plan, log, by)) == []
            check_sums(drawn.plan, sums)


def test_a_day_of_23_hours_is_split_at_the_hours_of_the_wall_clock(tmp_path: Path) -> None:
    """Ten days around the change to summer time, intervals of 45 minutes across the hours, a warm-up before."""
    text = """\
        run: {start: 2025-03-03, time_zone: America/Chicago, warm_up: 36h, measure: 10 days, interval: 45m}
        callers: {all: {calls: {per_hour: 20}, to: main, patience: exponential mean 2m}}
        agents: {team: {heads: 2, answers: [main]}}
    """
    plan = plan_of(tmp_path, text)
    assert len(plan.clock.hour_of_week) == 10 * 24 - 1
    log = run(plan, 1, 0)
    _, sums = counted(plan, log, BREAKDOWNS, chunk=1000)
    assert differences(from_sums(plan, sums), measure(plan, log, BREAKDOWNS)) == []
