"""Who serves whom, and callers who are passed on: figures that need more than one queue.

The other figures of the N and V designs and of the Jackson network are in `test_reference_steady_state.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from tests.oracle.centres import Trial, run_checked
from tests.oracle.judging import Columns, Known, columns, disagreements, from_legs, judge
from tests.oracle.reference_values import case_named
from tests.oracle.trials import MINUTE, exponential, n_design, two_departments


@pytest.mark.slow
def test_the_second_pool_serves_the_right_share_of_the_first_class(tmp_path: Path) -> None:
    """N design: of class 1's answered calls, the share that overflowed to pool 2. 40 batches, z = 5."""
    trial = n_design()
    plan = trial.plan(tmp_path)
    log = run_checked(plan, trial.seed, 1)
    served = from_legs(plan, log, "queue:class1", ())["answered_legs"]
    by_pool2 = from_legs(plan, log, "agents:pool2", (), stream="class1")["answered_legs"]
    share = case_named("multiskill.yaml", "N-design-shared")["values"]["class1"]["fraction_served_by_pool2"]
    sums = {"": {"window": served * 0 + 1, "served": served, "by_pool2": by_pool2}}
    assert (
        disagreements(judge(sums, {"fraction_served_by_pool2": ("", lambda s: s.by_pool2 / s.served, Known(share))}))
        == []
    )


class TwoDepartments:
    """The chain (calls at A, calls at B) of two departments with exponential patience, up to 60 calls in each.

    Written from the model: external calls, service (some of A's calls go on to B), abandonment of those who wait.
    Patience belongs to the department here; callers of one patience are the same thing.
    """

    def __init__(self, p: dict[str, Any], size: int = 60) -> None:
        self.p, self.size = p, size
        a, b = (each.ravel() for each in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
        talking = {q: np.minimum(n, p["agents"][q]) for q, n in (("A", a), ("B", b))}
        self.waiting = {"A": a - talking["A"], "B": b - talking["B"]}
        self.talking = talking
        done = {q: talking[q] * p["service_rate"][q] for q in "AB"}
        gone = {q: self.waiting[q] * p["abandon_rate"][q] for q in "AB"}
        moves = [
            (1, 0, np.full(len(a), p["external_arrival_rate"]["A"])),
            (0, 1, np.full(len(a), p["external_arrival_rate"]["B"])),
            (-1, 1, done["A"] * p["p_AB"]),
            (-1, 0, done["A"] * (1 - p["p_AB"]) + gone["A"]),
            (0, -1, done["B"] + gone["B"]),
        ]
        self.passed_on = done["A"] * p["p_AB"]
        rows, columns_, rates = [], [], []
        for up, right, rate in moves:
            inside = (rate > 0) & (a + up < size) & (b + right < size)
            state = np.flatnonzero(inside)
            after = state + up * size + right
            rows += [after, state]
            columns_ += [state, state]
            rates += [rate[state], -rate[state]]
        n = size * size
        balance = coo_matrix((np.concatenate(rates), (np.concatenate(rows), np.concatenate(columns_))), (n, n)).tolil()
        balance[n - 1] = 1
        right_side = np.zeros(n)
        right_side[-1] = 1
        self.probability = spsolve(balance.tocsc(), right_side)

    def mean(self, of: np.ndarray) -> float:
        """Return a mean over the steady state."""
        return float(self.probability @ of)

    def values(self) -> dict[str, float]:
        """Return the figures that the reference prints."""
        p, found = self.p, {}
        passed_on = self.mean(self.passed_on)
        rates = {"A": p["external_arrival_rate"]["A"], "B": p["external_arrival_rate"]["B"] + passed_on}
        for q in "AB":
            queue = self.mean(self.waiting[q])
            found |= {
                f"{q} total_call_rate": rates[q],
                f"{q} p_abandon_per_call": queue * p["abandon_rate"][q] / rates[q],
                f"{q} mean_wait_all": queue / rates[q],
                f"{q} mean_queue": queue,
                f"{q} occupancy": self.mean(self.talking[q]) / p["agents"][q],
            }
        busy = self.talking["B"] == p["agents"]["B"]
        return found | {
            "transfer_rate_AB": passed_on,
            "p_delay_external": self.mean(busy),
            "p_delay_transferred_from_A": self.mean(self.passed_on * busy) / passed_on,
        }


def test_the_chain_gives_the_reference_values() -> None:
    """The chain above against the file, whose patience differs by department: to ten digits."""
    case = case_named("transfers.yaml", "transfer-abandon-1")
    found, values = TwoDepartments(case["parameters"]).values(), case["values"]
    for q in "AB":
        for name, value in values[f"pool_{q}"].items():
            if not name.startswith(("sl_", "p_delay")):
                assert found[f"{q} {name}"] == pytest.approx(value, rel=1e-9), name
    assert found["p_delay_external"] == pytest.approx(values["pool_B"]["p_delay_external"], rel=1e-9)
    transferred = values["pool_B"]["p_delay_transferred_from_A"]
    assert found["p_delay_transferred_from_A"] == pytest.approx(transferred, rel=1e-9)
    assert found["transfer_rate_AB"] == pytest.approx(values["transfer_rate_AB"], rel=1e-9)


def hand_over(patience: str) -> tuple[Trial, TwoDepartments]:
    """Return a centre in which calls are passed on, and its chain."""
    p = case_named("transfers.yaml", "transfer-abandon-1")["parameters"]
    rule = patience
    if patience == "a law of its own":  # the file's case: at B, everybody's patience is B's
        rule = exponential(MINUTE / p["abandon_rate"]["B"])
    else:  # patience goes with the caller, so that it must be the same everywhere
        p = p | {"abandon_rate": {"A": 0.4, "B": 0.4}}
    text = two_departments(p, {q: 1 / rate for q, rate in p["abandon_rate"].items()})
    text += f"  defaults: {{patience: {rule}}}\n"
    return Trial(f"transfer-abandon-{patience}", text, 3 / MINUTE, 3000, {}, (20.0,)), TwoDepartments(p)


@pytest.mark.slow
@pytest.mark.parametrize("patience", ["fresh", "remaining", "a law of its own"])
def test_callers_who_are_passed_on_wait_and_hang_up_as_the_chain_says(patience: str, tmp_path: Path) -> None:
    """Exponential patience forgets, so that a fresh one and the rest of the old one are alike. 40 batches, z = 5.

    The transferred do not see time averages (they come when A is busy), the external callers of B do.
    """
    trial, chain = hand_over(patience)
    plan = trial.plan(tmp_path)
    log = run_checked(plan, trial.seed, 0)
    sums: dict[str, Columns] = {f"queue:{q}": columns(plan, log, f"queue:{q}") for q in "AB"}
    sums |= {f"agents:{q}": columns(plan, log, f"agents:pool {q}") for q in "AB"}
    for q in "AB":
        sums[f"from {q}"] = from_legs(plan, log, "queue:B", trial.thresholds, stream=f"from {q}") | {
            "window": sums["queue:B"]["window"]
        }
    formulas: dict[str, Any] = {
        "total_call_rate": lambda s: s.legs / s.window * MINUTE,
        "p_abandon_per_call": lambda s: s.abandoned / s.offered,
        "mean_wait_all": lambda s: s.wait / s.offered / MINUTE,
        "mean_queue": lambda s: s.queue_time / s.window,
        "occupancy": lambda s: s.busy_time / s.staffed_time,
    }
    expected = {
        f"{q} {name}": (("agents:" if name == "occupancy" else "queue:") + q, formula)
        for q in "AB"
        for name, formula in formulas.items()
    }
    expected |= {
        "transfer_rate_AB": ("from A", formulas["total_call_rate"]),
        "p_delay_external": ("from B", lambda s: s.delayed / s.legs),
        "p_delay_transferred_from_A": ("from A", lambda s: s.delayed / s.legs),
    }
    values = chain.values()
    if patience == "a law of its own":
        sums["queue:A"] |= from_legs(plan, log, "queue:A", trial.thresholds)
        for q, scope in (("A", "queue:A"), ("B", "from B")):
            printed = case_named("transfers.yaml", "transfer-abandon-1")["values"][f"pool_{q}"]
            values[f"{q} sl_offered_20s_external"] = printed["sl_offered_20s_external"]
            expected[f"{q} sl_offered_20s_external"] = (scope, lambda s: s.answered_within_20 / s.legs)
    assert set(values) == set(expected)
    known = {name: (scope, formula, Known(values[name])) for name, (scope, formula) in expected.items()}
    assert disagreements(judge(sums, known), ("A total_call_rate", "A occupancy", "B occupancy"), precision=0.02) == []
