"""What a scorecard cannot say because the scenario does not, and how to write it."""

from __future__ import annotations

from dataclasses import dataclass

from callsim.experiments.scorecard.figures import PERSPECTIVES
from callsim.experiments.scorecard.lines import said
from callsim.plan.plan import Plan
from callsim.scenario.resolving.money import money_of

__all__ = ["Missing", "what_is_missing"]


@dataclass(frozen=True)
class Missing:
    """A part of the scorecard that is not there."""

    perspective: str
    what: str
    write: str
    """What to write into the scenario."""


_FINANCIAL, _CUSTOMER, _PROCESS, _LEARNING = PERSPECTIVES
_TERMS = (
    (_FINANCIAL, "wages", "wages", "money: {wages: 24}"),
    (_FINANCIAL, "line_minute", "cost of lines", "money: {line_minute: 0.02}"),
    (_FINANCIAL, "contact", "cost of each call", "money: {contact: 0.30}"),
    (_FINANCIAL, "transfer", "cost of transfers", "money: {transfer: 1.50}"),
    (_FINANCIAL, "customer", "revenue lost with customers who leave", "money: {customer: 800}"),
    (_FINANCIAL, "given_up", "what is lost at once with who gives up", "money: {given_up: 60}"),
    (_FINANCIAL, "word_of_mouth", "revenue lost by word of mouth", "money: {word_of_mouth: {tells: 9, share: 2%}}"),
    (
        _CUSTOMER, "churn", "who leaves, by the worst that happened",
        "money: {churn: {nothing bad: 1%, held an hour: 8%, cut off: 15%, gave up: 60%}}",
    ),
    (_CUSTOMER, "hour_of_customer", "what it costs the customers", "money: {hour_of_customer: 18}"),
    (_LEARNING, "training", "training", "money: {training: {weeks: 6, per_week: 900}}"),
    (
        _LEARNING, "turnover", "turnover",
        "money: {turnover: {per_year: 30%, above: 85%, each_point: 2%, each_angry_call: 0.5%}}",
    ),
)  # fmt: skip


def what_is_missing(plan: Plan) -> tuple[Missing, ...]:
    """Return what the scenario does not say, in the order of the perspectives."""
    money, found = money_of(plan), []
    for perspective, term, what, write in _TERMS:
        stays = money is not None and all(training and training.works_for for training in money.training)
        if not said(money, term) and not (term == "turnover" and stays):
            found.append(Missing(perspective, what, write))
        elif money is not None and term in ("wages", "training"):
            without = [
                name for name, part in zip(plan.agents.groups, getattr(money, term), strict=True) if part is None
            ]
            if without:
                listed = ", ".join(without)
                example = write.removeprefix("money: {").removesuffix("}").removeprefix(f"{term}: ")
                found.append(
                    Missing(perspective, f"{what} of {listed}", f"money: {{{term}: {{{without[0]}: {example}, ...}}}}")
                )
    if not plan.cases.n:
        words = "calls, employees and hours of a case; promises, complaints, what is told again"
        found.append(Missing(_CUSTOMER, words, "cases: ..., as on the page of the scenario language"))
    elif said(money, "customer") and not said(money, "complaint") and plan.cases.complaint_share.any():
        found.append(Missing(_FINANCIAL, "fees for complaints to the regulator", "money: {complaint: 250}"))
    return tuple(sorted(found, key=lambda missing: PERSPECTIVES.index(missing.perspective)))
