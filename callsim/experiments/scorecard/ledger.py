"""The books of one replication: every sum that a scorecard is made of, from its log, plan and money.

Amounts of the work (wages, lines, calls, transfers, fees) are those of the measured window: hours paid in it, calls
that begin in it. What is lost belongs to the customers who came in it, with all that followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Outcome, SpanKind, TransferResult
from callsim.experiments.scorecard.customers import (
    ContactFacts,
    Customers,
    contact_facts,
    customers_of,
)
from callsim.experiments.scorecard.processes import count_processes
from callsim.experiments.scorecard.worst import worst_events
from callsim.measures.cases import leg_times
from callsim.measures.facts import open_end
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND
from callsim.scenario.resolving.money import GroupWage, ResolvedMoney, money_of

__all__ = ["CASES", "WEEKS_A_YEAR", "Ledger", "keep_books"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Member = tuple[str, str]
HOUR = 3600 * SECOND
WEEK = 168 * HOUR
WEEKS_A_YEAR = 365.25 / 7
CASES: Member = ("callers", "cases")
"""The member of all cases together; a type of case is a member ("cases", type)."""
WHOLE: Member = ("", "")
PASSED_ON = (
    TransferResult.TRANSFERRED,
    TransferResult.DROPPED_TARGET_CLOSED,
    TransferResult.RETURNED_TARGET_CLOSED,
    TransferResult.VOICEMAIL_TARGET_CLOSED,
    TransferResult.HELD_TARGET_CLOSED,
)
"""The agent let go of the caller, whatever became of him."""
_PRESENT = (SpanKind.SIGNED_ON, SpanKind.OVERRUN)
_PAID = (*_PRESENT, SpanKind.ABSENT)


@dataclass(frozen=True)
class Ledger:
    """Sums of one replication by name and member; what is not there is zero."""

    seed: int
    replication: int
    sums: dict[tuple[str, Member], float]
    """(name, (kind of scope, member)) -> sum."""

    def get(self, name: str, member: Member = WHOLE) -> float:
        """Return one sum."""
        return self.sums.get((name, member), 0.0)


class _Books:
    """Sums under way."""

    def __init__(self) -> None:
        self.sums: dict[tuple[str, Member], float] = {}

    def get(self, name: str, member: Member = WHOLE) -> float:
        return self.sums.get((name, member), 0.0)

    def put(self, name: str, value: float, *members: Member) -> None:
        for member in members or (WHOLE,):
            self.sums[name, member] = self.get(name, member) + float(value)


def keep_books(plan: Plan, log: RunLog) -> Ledger:
    """Return the books of one replication.

    Parameters
    ----------
    plan : Plan
        With money in its notes, or without: then there are hours and counts only.
    log : RunLog

    Returns
    -------
    Ledger
    """
    money, books = money_of(plan), _Books()
    facts = contact_facts(plan, log)
    customers = customers_of(plan, log, facts)
    _book_agents(books, plan, log, money)
    _book_calls(books, plan, log, facts, money)
    _book_customers(books, plan, customers, money)
    _book_cases(books, plan, log, customers, facts, money)
    _book_turnover(books, plan, money)
    for name, member, opportunities, defects in count_processes(plan, log, customers, facts):
        books.put(f"opportunities: {name}", opportunities, member)
        books.put(f"defects: {name}", defects, member)
    _book_totals(books, plan, money)
    return Ledger(log.seed, log.replication, books.sums)


def _groups(plan: Plan) -> Iterator[tuple[int, Member]]:
    for g, name in enumerate(plan.agents.groups):
        yield g, ("agents", name)


def _overlap(start: Int64, end: Int64, first: int, last: int) -> int:
    """Return how long spans lie within [first, last), added up. [ticks]."""
    return int(np.maximum(np.minimum(end, last) - np.maximum(start, first), 0).sum())


def _book_agents(books: _Books, plan: Plan, log: RunLog, money: ResolvedMoney | None) -> None:
    """Hours paid, at the phone and busy in the window, answers and angry ones, and wages."""
    first, last, end = plan.clock.warm_up, plan.clock.window_end, open_end(plan, log)
    spans, legs, contacts = log.spans, log.legs, log.contacts
    group_of = plan.agents.group.astype(np.int64)
    stop = np.where(spans["end"] < 0, end, spans["end"])
    group, kind = group_of[spans["agent"]], spans["kind"]
    answered = np.flatnonzero(legs["outcome"] == Outcome.ANSWERED)
    by, contact = group_of[legs["agent"][answered]], legs["contact"][answered]
    inside = _inside(plan, contacts["arrived"])[contact]
    angry = inside & _is_angry(log, answered)
    dropped = inside & _cut_off(log, answered)
    for g, member in _groups(plan):
        mine = group == g
        paid, present = mine & np.isin(kind, _PAID), mine & np.isin(kind, _PRESENT)
        share = 1.0 if money is None else money.paid[g]
        hours = share * _overlap(spans["start"][paid], stop[paid], first, last) / HOUR
        away = _overlap(
            spans["start"][mine & (kind == SpanKind.BREAK)], stop[mine & (kind == SpanKind.BREAK)], first, last
        )
        there = _overlap(spans["start"][present], stop[present], first, last) - away
        own = answered[by == g]
        busy = _overlap(legs["left"][own], legs["handle_end"][own], first, last)
        books.put("paid hours", hours, member, WHOLE)
        books.put("staffed hours", there / HOUR, member, WHOLE)
        books.put("busy hours", busy / HOUR, member, WHOLE)
        books.put("answers", int((inside & (by == g)).sum()), member, WHOLE)
        books.put("angry answers", int((angry & (by == g)).sum()), member, WHOLE)
        books.put("cut-offs", int((dropped & (by == g)).sum()), member, WHOLE)
        wage = None if money is None else money.wages[g]
        if wage is not None:
            premium = share * _premium(wage, spans["start"][paid], stop[paid], first, last)
            books.put("premium", premium, member, WHOLE)
            books.put("wages", wage.per_hour * hours + premium, member, WHOLE)


def _premium(wage: GroupWage, start: Int64, stop: Int64, first: int, last: int) -> float:
    """Return the extra pay of spans that are paid, within the window."""
    return sum(
        wage.per_hour * extra * _overlap(start, stop, max(begin, first), min(end, last)) / HOUR
        for begin, end, extra in wage.premium
        if max(begin, first) < min(end, last)
    )


def _inside(plan: Plan, at: Int64) -> Bool:
    return (at >= plan.clock.warm_up) & (at < plan.clock.window_end)


def _is_angry(log: RunLog, answered: Int64) -> Bool:
    """Return for each answered leg whether who is answered has held for an hour, or has to call again."""
    contacts, of = log.contacts, log.legs["contact"]
    contact = of[answered]
    times = leg_times(log)
    off = times.wait + times.dialling
    before = np.cumsum(off) - off
    held = before - before[np.searchsorted(of, of)] + times.wait
    outbound = np.isin(contacts["cause"][contact], OUTBOUND)
    found: Bool = ((held[answered] >= HOUR) | (contacts["attempt"][contact] > 0)) & ~outbound
    return found


def _cut_off(log: RunLog, answered: Int64) -> Bool:
    """Return for each answered leg whether the agent then cut the caller off, by passing him on to a closed door."""
    ends = log.contacts["outcome"][log.legs["contact"][answered]]
    passed_to_closed = log.legs["transfer"][answered] == TransferResult.DROPPED_TARGET_CLOSED
    found: Bool = passed_to_closed & (ends == Outcome.DROPPED_BY_TRANSFER)
    return found


def _book_calls(books: _Books, plan: Plan, log: RunLog, facts: ContactFacts, money: ResolvedMoney | None) -> None:
    """Count calls, minutes of lines, transfers and complaints of the window, and what they cost."""
    contacts, legs = log.contacts, log.legs
    inside = _inside(plan, contacts["arrived"])
    events = log.case_events
    complaints = int((_inside(plan, events["at"]) & (events["event"] == CaseEvent.COMPLAINED)).sum())
    amounts = {
        "calls": (int(inside.sum()), "contact"),
        "line minutes": (_connected(facts, contacts["outcome"], inside) * 60.0, "line_minute"),
        "transfers": (int((inside[legs["contact"]] & np.isin(legs["transfer"], PASSED_ON)).sum()), "transfer"),
        "complaints": (complaints, "complaint"),
    }
    books.put("answered calls", int((inside & (contacts["outcome"] == Outcome.ANSWERED)).sum()))
    books.put("held hours of calls", int(facts.held[inside].sum()) / HOUR)
    books.put("inbound calls", int((inside & ~facts.outbound).sum()))
    books.put("calls held an hour", int((inside & (facts.held >= HOUR)).sum()))
    for name, (number, price) in amounts.items():
        books.put(name, number)
        if money is not None and getattr(money.terms, price) is not None:
            books.put(f"cost of {name}", number * getattr(money.terms, price))


def _connected(facts: ContactFacts, outcome: Int64, rows: Bool) -> float:
    """Return the hours for which these calls held a line; who met a busy tone had none."""
    return int(facts.connected[rows & (outcome != Outcome.BLOCKED)].sum()) / HOUR


def _book_customers(books: _Books, plan: Plan, customers: Customers, money: ResolvedMoney | None) -> None:
    """Count what became of customers, who leaves, and what is lost with them."""
    members = [(WHOLE, np.ones(customers.n, np.bool_)), (CASES, customers.is_case)]
    types = plan.cases.types
    for t, name in enumerate(types):
        own = np.isin(customers.stream, plan.cases.stream[plan.cases.type == t])
        members.append((("cases", name), own))
    for member, rows in members:
        for name in ("solved", "gave_up", "never_tried", "complained", "first_time", "decided", "held_an_hour"):
            books.put(name, int((getattr(customers, name) & rows).sum()), member)
        is_open = rows & customers.is_case & ~(customers.solved | customers.gave_up | customers.never_tried)
        books.put("open", int(is_open.sum()), member)
        books.put("customers", int(rows.sum()), member)
        books.put("held hours", int(customers.held[rows].sum()) / HOUR, member)
        for name in ("calls", "answers", "told"):
            books.put(f"{name} of customers", int(getattr(customers, name)[rows].sum()), member)
        books.put("hours until solved", int(customers.until_solved[rows].sum()) / HOUR, member)
    if money is None:
        return
    terms = money.terms
    if terms.given_up is not None:
        books.put("lost at once", terms.given_up * int((customers.gave_up | customers.never_tried).sum()))
    if terms.hour_of_customer is not None:
        for member, rows in members:
            books.put("cost to customers", terms.hour_of_customer * int(customers.held[rows].sum()) / HOUR, member)
    if terms.customer is not None:
        books.put("at stake", terms.customer * customers.n)
    if terms.churn is None:
        return
    mouth = 0.0 if terms.word_of_mouth is None else terms.word_of_mouth.tells * terms.word_of_mouth.share
    names, share, which = worst_events(customers, terms.churn)
    for i, name in enumerate(names):
        member, rows = ("event", name), which == i
        books.put("customers", int(rows.sum()), member)
        books.put("leave", float(share[rows].sum()), member)
    for member, rows in members:
        books.put("leave", float(share[rows].sum()), member)
    books.put("leave by word of mouth", mouth * books.get("leave"))
    if terms.customer is not None:
        books.put("lost with customers", terms.customer * books.get("leave"))
        books.put("lost by word of mouth", terms.customer * books.get("leave by word of mouth"))


def _book_cases(
    books: _Books, plan: Plan, log: RunLog, customers: Customers, facts: ContactFacts, money: ResolvedMoney | None
) -> None:
    """Add up what the cases of the window cost: wages of the hours they took, and of the idle ones behind these."""
    legs, end = log.legs, open_end(plan, log)
    case = facts.of_case
    answered = np.flatnonzero(legs["outcome"] == Outcome.ANSWERED)
    answered = answered[case[legs["contact"][answered]]]
    group = plan.agents.group[legs["agent"][answered]]
    took = np.minimum(legs["handle_end"][answered], end) - legs["left"][answered]
    for g, member in _groups(plan):
        hours = int(took[group == g].sum()) / HOUR
        books.put("hours of cases", hours, member, WHOLE)
        busy = books.get("busy hours", member)
        if busy:
            books.put("cost of cases", hours * books.get("wages", member) / busy)
    if money is None:
        return
    terms = money.terms
    passed = int((case[legs["contact"]] & np.isin(legs["transfer"], PASSED_ON)).sum())
    for number, price in (
        (int(case.sum()), terms.contact),
        (60.0 * _connected(facts, log.contacts["outcome"], case), terms.line_minute),
        (passed, terms.transfer),
        (int(customers.complained.sum()), terms.complaint),
    ):
        books.put("cost of cases", number * (price or 0.0))


def _book_turnover(books: _Books, plan: Plan, money: ResolvedMoney | None) -> None:
    """Full-time agents, who of them leaves in a year, and what training their successors costs."""
    if money is None:
        return
    weeks = (plan.clock.window_end - plan.clock.warm_up) / WEEK
    terms = money.terms
    for g, member in _groups(plan):
        full_time = books.get("paid hours", member) / weeks / (terms.full_time / HOUR)
        books.put("full-time agents", full_time, member, WHOLE)
        training, turnover = money.training[g], terms.turnover
        stays = None if training is None else training.works_for
        if stays:
            leavers = full_time * WEEKS_A_YEAR / (stays / WEEK)
        elif turnover is not None:
            staffed = books.get("staffed hours", member)
            occupancy = books.get("busy hours", member) / staffed if staffed else 0.0
            angry = books.get("angry answers", member) / (full_time * weeks) if full_time else 0.0
            beyond = max(0.0, 100.0 * (occupancy - turnover.above))
            leavers = full_time * (turnover.per_year + turnover.each_point * beyond + turnover.each_angry_call * angry)
        else:
            continue
        books.put("leavers a year", leavers, member, WHOLE)
        books.put("full-time agents with turnover", full_time, member, WHOLE)
        if training is not None:
            trained = leavers * weeks / WEEKS_A_YEAR
            books.put("weeks of training", trained * training.weeks, member, WHOLE)
            books.put("training", trained * training.weeks * training.per_week, member, WHOLE)


_COSTS = (
    "wages",
    "cost of line minutes",
    "cost of calls",
    "cost of transfers",
    "cost of complaints",
    "training",
)
_LOSSES = ("lost at once", "lost with customers", "lost by word of mouth")


def _book_totals(books: _Books, plan: Plan, money: ResolvedMoney | None) -> None:
    if money is not None:
        books.put("cost", sum(books.get(name) for name in _COSTS))
        books.put("lost", sum(books.get(name) for name in _LOSSES))
        books.put("cost and lost", books.get("cost") + books.get("lost"))
