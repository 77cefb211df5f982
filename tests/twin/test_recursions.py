"""Event-free recursions on the same draws: they know neither events nor queues, and agree cell for cell.

Lindley (1952) for one agent, Kiefer and Wolfowitz (1955) for several, with patience as in Baccelli and
Hebuterne (1981): a caller is served if the offered wait does not exceed his patience.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callsim.codes import Outcome, Purpose
from callsim.plan.arrivals import days_of_calls, law_values
from callsim.plan.draws import draw
from callsim.plan.plan import NEVER, Plan
from callsim.scenario import load, resolve

Engine = Callable[[Plan, int, int], Any]

CENTRE = """
run: {{measure: {measure}, at_end: drain, seed: 3}}
callers:
  everyone: {{calls: {{per_hour: {rate}}}, to: main, {patience}}}
queues:
  main: {{{service}}}
agents:
  team: {{heads: {heads}, answers: [main]}}
"""

CASES = {
    "one agent, everybody waits": {
        "rate": 50,
        "heads": 1,
        "service": "handle_time: exponential mean 1m",
        "patience": "",
    },
    "one agent, constant talk": {"rate": 54, "heads": 1, "service": "handle_time: constant 1m", "patience": ""},
    "overload with patience": {
        "rate": 300,
        "heads": 4,
        "service": "handle_time: lognormal mean 1m cv 1.5",
        "patience": "patience: exponential mean 2m",
    },
    "after-call work and callers who hang up at once": {
        "rate": 100,
        "heads": 5,
        "service": "talk: gamma mean 2m cv 0.7, after_call_work: uniform 10s to 50s",
        "patience": "patience: weibull mean 3m shape 0.8, hangs_up_at_once: 5%",
    },
    "ties on purpose": {
        "rate": 3000,
        "heads": 7,
        "service": "handle_time: samples 5s 10s 15s",
        "patience": "patience: samples 5s 10s 20s",
    },
}


def plan_of(tmp_path: Path, text: str) -> Plan:
    """Resolve a scenario text."""
    path = tmp_path / "centre.yaml"
    path.write_text(text)
    return resolve(load(path))


def durations(plan: Plan, day: Any, purpose: int, law: int, seed: int, replication: int) -> np.ndarray:
    """Look up a first contact's first leg for all callers of a day, straight from the key."""
    if law < 0:
        return np.full(len(day.at), NEVER if purpose == Purpose.PATIENCE else 0)
    name = int(plan.streams.hashes[0])
    u = draw(seed, replication, name, day.block_key, day.n, 0, 0, purpose)
    zero = draw(seed, replication, name, day.block_key, day.n, 0, 0, purpose + Purpose.ZERO_MASS)
    values = law_values(plan, law, u.astype(np.int64))
    return np.where(zero.astype(np.int64) < plan.laws.zero[law], 0, values)


def kiefer_wolfowitz(at: list[int], patience: list[int], talk: list[int], work: list[int], heads: int) -> list[Any]:
    """Return (left, outcome, agent, talk end, handle end) by free times alone: no event is ever ordered."""
    free = [(0, number) for number in range(heads)]
    rows = []
    for arrival, limit, talked, worked in zip(at, patience, talk, work, strict=True):
        soonest = min(free)
        start = max(arrival, soonest[0])
        if start - arrival > limit:
            rows.append((arrival + limit, Outcome.ABANDONED, -1, -1, -1))
            continue
        free.remove(soonest)
        free.append((start + talked + worked, soonest[1]))
        rows.append((start, Outcome.ANSWERED, soonest[1], start + talked, start + talked + worked))
    return rows


@pytest.mark.parametrize("case", list(CASES))
def test_the_engine_agrees_with_the_recursion_in_every_cell(case: str, tmp_path: Path, engine: Engine) -> None:
    """W(i) = max(0, earliest free time - arrival); abandoned if beyond the patience."""
    plan = plan_of(tmp_path, CENTRE.format(measure="2 days", **CASES[case]))
    seed, replication = 3, 1
    expected = []
    for day in days_of_calls(plan, seed, replication, 0):
        patience = durations(plan, day, Purpose.PATIENCE, int(plan.streams.patience_law[0]), seed, replication)
        talk = durations(plan, day, Purpose.TALK, int(plan.queues.talk_law[0, 0]), seed, replication)
        work = durations(plan, day, Purpose.AFTER_CALL_WORK, int(plan.queues.after_call_law[0, 0]), seed, replication)
        expected.append((day.at, patience, talk, work))
    columns = [np.concatenate(parts).tolist() for parts in zip(*expected, strict=True)]
    rows = kiefer_wolfowitz(*columns, heads=CASES[case]["heads"])
    legs = engine(plan, seed, replication).legs
    found = zip(*(legs[name].tolist() for name in ("left", "outcome", "agent", "talk_end", "handle_end")), strict=True)
    assert len(rows) > 1000
    assert list(found) == rows
    assert legs["entered"].tolist() == columns[0]


def test_a_shorter_horizon_gives_a_prefix_of_the_log(tmp_path: Path, engine: Engine) -> None:
    """What happens until noon does not depend on whether the run goes on after noon."""
    text = CENTRE.format(measure="{}", **CASES["overload with patience"]).replace(", at_end: drain", "")
    short = engine(plan_of(tmp_path, text.replace("{}", "12h")), 1, 0)
    long = engine(plan_of(tmp_path, text.replace("{}", "2 days")), 1, 0)
    size = len(short.contacts["arrived"])
    assert short.contacts["arrived"].tolist() == long.contacts["arrived"][:size].tolist()
    settled = (short.legs["left"] >= 0) & (short.legs["transfer"] == 0)
    for name, column in short.legs.items():
        assert column[settled].tolist() == long.legs[name][: len(settled)][settled].tolist(), name


def test_more_volume_adds_callers_and_leaves_the_others_where_they_were(tmp_path: Path) -> None:
    """+10 % volume: every caller (block, n) of the base exists in the variant, at the same instant."""
    base = plan_of(tmp_path, CENTRE.format(measure="2 days", **CASES["overload with patience"]))
    more = plan_of(tmp_path, CENTRE.format(measure="2 days", **{**CASES["overload with patience"], "rate": 330}))
    callers = []
    for plan in (base, more):
        days = list(days_of_calls(plan, 5, 0, 0))
        keys = [key for d in days for key in zip(d.block_key.tolist(), d.n.tolist(), strict=True)]
        callers.append(dict(zip(keys, (at for d in days for at in d.at.tolist()), strict=True)))
    assert len(callers[1]) > len(callers[0])
    assert callers[0].items() <= callers[1].items()


def test_one_more_agent_delays_nobody(tmp_path: Path, engine: Engine) -> None:
    """FIFO without abandonment, same draws: waits with one more agent are never longer."""
    case = {"rate": 200, "service": "handle_time: exponential mean 1m", "patience": ""}
    waits = []
    for heads in (4, 5):
        log = engine(plan_of(tmp_path, CENTRE.format(measure="1 day", heads=heads, **case)), 1, 0)
        waits.append(log.legs["left"] - log.legs["entered"])
    assert (waits[1] <= waits[0]).all()
    assert (waits[1] < waits[0]).any()


def test_infinite_patience_is_the_limit_of_long_patience(tmp_path: Path, engine: Engine) -> None:
    """Patience of 40 days in a stable centre: the same path as without any."""
    case = {"rate": 200, "heads": 5, "service": "handle_time: exponential mean 1m"}
    never = engine(plan_of(tmp_path, CENTRE.format(measure="1 day", patience="", **case)), 1, 0)
    long = engine(
        plan_of(tmp_path, CENTRE.format(measure="1 day", patience="patience: constant 40 days", **case)), 1, 0
    )
    assert never.legs["left"].tolist() == long.legs["left"].tolist()
