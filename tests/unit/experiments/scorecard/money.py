"""Money for plans that are put together by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callsim.plan.plan import Plan
from callsim.scenario.models import Money
from callsim.scenario.resolving.money import MONEY, GroupWage, ResolvedMoney
from callsim.units import HOUR

CHURN = {
    "nothing bad": "1%", "held an hour": "8%", "told it often": {"share": "15%", "more_than": 3}, "cut off": "10%",
    "promise broken": "20%", "complained": "40%", "gave up": "60%", "never tried": "50%",
}  # fmt: skip
EVERYTHING: dict[str, Any] = {
    "currency": "EUR", "line_minute": 0.06, "contact": 0.5, "transfer": 1.5, "complaint": 250, "customer": 800,
    "given_up": 60, "churn": CHURN, "word_of_mouth": {"tells": 9, "share": "2%"}, "hour_of_customer": 18,
    "training": {"weeks": 6, "per_week": 900, "works_for": "4 weeks"},
}  # fmt: skip
WAGE = GroupWage(24.0, ((30 * HOUR, 34 * HOUR, 0.5),))


def with_money(plan: Plan, *wages: GroupWage | None, **terms: Any) -> Plan:
    """Return the plan with money in its notes; the same training for all groups, wages group by group."""
    said = Money.model_validate(terms)
    n = plan.n_groups
    money = ResolvedMoney(
        terms=said,
        wages=wages or (None,) * n,
        training=(said.training.get("*"),) * n,
        paid=(1.0,) * n,
    )
    return replace(plan, notes={**plan.notes, MONEY: money})
