"""The fluid picture by hand: work, heads, repeats, and the hold that follows."""

import math

import pytest

from callsim.scenario.resolving.loads import fresh_calls, pools
from callsim.scenario.resolving.resolve import resolve_fully
from callsim.units import HOUR
from tests.small_scenarios import written

OVERLOAD = """
    run: {measure: 10h}
    callers: {all: {calls: {per_hour: 1200}, to: main, patience: exponential mean 10mAGAIN}}
    queues: {main: {handle_time: constant 5m}}
    agents: {team: {heads: 50, answers: [main]}}
"""


def pools_of(folder, text):
    return pools(resolve_fully(written(folder, text)))


def test_a_steady_overload_holds_for_the_fluid_time(tmp_path):
    """100 erlangs on 50 heads: half abandon, and half of them have hung up after 10 m times log 2."""
    (pool,) = pools_of(tmp_path, OVERLOAD.replace("AGAIN", ""))
    assert (pool.work, pool.heads, pool.rho) == pytest.approx((1000, 500, 2), rel=1e-12)
    assert pool.abandons == pytest.approx(0.5, rel=1e-12)
    assert pool.hold == pytest.approx(600 * math.log(2), rel=1e-9)
    assert pool.amplification == 1


def test_repeats_amplify_the_load(tmp_path):
    """All who abandon call again, without end: the backlog grows until everybody who gets through has called
    rho times. With a = 1 - 1/(2 A) and A = 1/(1 - r a), r = 60 %: 0.8 a = 1 gives a = 0.5 / 0.7.
    """
    again = ", calls_again: {abandoned: {share: 60%, delay: exponential mean 30m}}"
    (pool,) = pools_of(tmp_path, OVERLOAD.replace("AGAIN", again))
    assert pool.abandons == pytest.approx(0.5 / 0.7, rel=1e-9)
    assert pool.amplification == pytest.approx(1 / (1 - 0.6 * 0.5 / 0.7), rel=1e-9)


def test_the_last_call_of_a_caller_is_not_repeated(tmp_path):
    """Two calls at the most: A = 1 + r a, so a = 1 - 1/(2 (1 + 0.6 a)), the root of 1.2 a^2 + 0.8 a - 1 = 0."""
    again = ", calls_again: {abandoned: {share: 60%, delay: exponential mean 30m}, at_most: 2 calls}"
    (pool,) = pools_of(tmp_path, OVERLOAD.replace("AGAIN", again))
    assert pool.abandons == pytest.approx((-0.8 + math.sqrt(0.64 + 4.8)) / 2.4, rel=1e-9)


def test_callers_who_never_hang_up_hold_without_end(tmp_path):
    """Nobody abandons however long the hold."""
    (pool,) = pools_of(tmp_path, OVERLOAD.replace(", patience: exponential mean 10mAGAIN", ""))
    assert math.isinf(pool.hold)


def test_an_underload_has_no_hold(tmp_path):
    """100 heads for 100 erlangs are enough for the fluid."""
    (pool,) = pools_of(tmp_path, OVERLOAD.replace("heads: 50", "heads: 100").replace("AGAIN", ""))
    assert (pool.abandons, pool.hold, pool.rho) == (0, 0, 1)


def test_queues_that_share_agents_are_one_pool_and_transfers_bring_work(tmp_path):
    """120 calls in ten hours; half are passed on from a to b, of 6 minutes instead of 5."""
    first, second = pools_of(
        tmp_path,
        """
        run: {measure: 10h}
        callers: {all: {calls: {per_hour: 12}, to: a}}
        queues: {a: {handle_time: constant 5m}, b: {handle_time: constant 6m}, c: {handle_time: constant 5m}}
        agents: {one: {heads: 2, answers: [a, c]}, two: {heads: 3, answers: [b]}}
        transfers: {wrong desk: {a: {b: 50%}}}
        """,
    )
    assert (first.queues, first.groups, second.queues, second.groups) == (("a", "c"), ("one",), ("b",), ("two",))
    assert (first.work, second.work) == pytest.approx((10, 6), rel=1e-9)
    assert (first.heads, second.heads) == (20, 30)


def test_calls_into_a_closed_queue_are_no_work(tmp_path):
    """Open ten hours a day: 10 calls an hour are 100 calls a day, not 240; no_show takes heads off."""
    (pool,) = pools_of(
        tmp_path,
        """
        run: {start: 2025-06-02, measure: 1 day}
        callers: {all: {calls: {per_hour: 12}, to: main}}
        queues: {main: {handle_time: constant 5m, open: daily 08:00-18:00}}
        agents: {team: {answers: [main], no_show: 10%, shifts: {day: {from: 08:00, for: 10h, heads: 2}}}}
        """,
    )
    assert (pool.work, pool.heads) == pytest.approx((10, 18), rel=1e-9)


def test_fresh_calls_are_counted_in_any_window(tmp_path):
    """60 an hour, half an hour."""
    resolved = resolve_fully(written(tmp_path, "run: {measure: 10h}"))
    assert fresh_calls(resolved.plan, 0, HOUR, HOUR + HOUR // 2) == pytest.approx(30, rel=1e-12)
