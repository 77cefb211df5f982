"""What one more agent earns, against Erlang A: the fall in abandonment from n to n + 1 agents is known exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim
from callsim.stats import student_quantile
from callsim.theory import erlang_a
from tests.oracle.judging import Z

HOURS = 48
DESK = f"""
run: {{warm_up: 6h, measure: {HOURS}h, replications: 10}}
callers: {{everyone: {{calls: {{per_hour: 60}}, to: main, patience: exponential mean 5m}}}}
queues: {{main: {{handle_time: exponential mean 5m}}}}
agents: {{team: {{heads: 5, answers: [main]}}}}
money: {{wages: 24, given_up: 10, hour_of_customer: 18}}
"""


@pytest.mark.slow
def test_one_more_agent_earns_what_erlang_a_says(tmp_path: Path) -> None:
    """Customers who give up, hours on hold and the money in it: each within 5 standard errors."""
    (tmp_path / "desk.yaml").write_text(DESK)
    card = callsim.scorecard(tmp_path / "desk.yaml", one_more=["team"], workers=1, engine="simpy")
    five, six = (erlang_a(1 / 60, 300.0, n, 300.0) for n in (5, 6))
    fewer = 60 * HOURS * (five.abandonment_ratio - six.abandonment_ratio)
    saved = 60 * HOURS * (five.mean_wait - six.mean_wait) / 3600
    expected = {"fewer_gave_up": fewer, "hold_saved": saved, "less_lost": 10 * fewer, "net": 10 * fewer - 24 * HOURS}
    for name, value in expected.items():
        line = card.line(name, one_more="team")
        assert line.value is not None
        assert line.half_width is not None
        error = line.half_width / student_quantile(line.n - 1, line.level)
        assert abs(line.value - value) <= Z * error, f"{name}: {line.value} ± {line.half_width}, Erlang A {value}"
        assert line.half_width < 0.2 * abs(value)
    assert card.line("pay_per_hour", one_more="team").value == 24
