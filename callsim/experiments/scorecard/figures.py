"""Every figure of the scorecard, declared once: perspective, unit, the sums it is made of, its definition.

A figure is the mean of a sum over the replications, or the ratio of two sums, formed after adding them up.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COSTS", "FIGURES", "MONEY", "PERSPECTIVES", "Figure"]

FINANCIAL, CUSTOMER, PROCESS, LEARNING = PERSPECTIVES = (
    "financial", "customer", "internal process", "learning and growth",
)  # fmt: skip
"""The four perspectives, in the order of the report."""
MONEY = "money"
"""Unit of amounts; rows name the currency instead, if the scenario does."""
_WHOLE = ("",)
_GROUPS = ("agents", "")
_CASES = ("callers", "cases")


@dataclass(frozen=True)
class Figure:
    """One figure."""

    perspective: str
    name: str
    unit: str
    """`MONEY`, ``1`` for a share or a mean number, ``count``, ``h`` or ``s``."""
    definition: str
    numerator: str
    """Name of a sum of the books."""
    denominator: str = ""
    """Name of a sum; "": the mean of the numerator over the replications."""
    scopes: tuple[str, ...] = _WHOLE
    """Kinds of scope in which it is given; "" is the whole centre."""
    needs: tuple[str, ...] = ()
    """Parts of money without which there is no such figure, see `lines.said`; one of them is enough with ``any_of``."""
    any_of: bool = False
    scale: float = 1.0
    """The figure is the sum, or the ratio of sums, times this."""
    per: tuple[str, str] | None = None
    """The member whose denominator is meant, if it is not that of the numerator."""
    empty: str = ""
    """Why there is no value where the denominator is zero."""
    needs_cases: bool = False


COSTS = ("wages", "line_minute", "contact", "transfer", "complaint", "training")
"""The parts of money that say what the work costs."""


def _cost(name: str, needs: str, definition: str, numerator: str = "", scopes: tuple[str, ...] = _WHOLE) -> Figure:
    return Figure(FINANCIAL, name, MONEY, definition, numerator or name, scopes=scopes, needs=(needs,))


def _per(name: str, denominator: str, definition: str, empty: str) -> Figure:
    return Figure(
        FINANCIAL, name, MONEY, definition, "cost", denominator, needs=("costs",), empty=empty
    )  # fmt: skip


_FINANCIAL = (
    _cost("wages", "wages", "hours paid in the window times the wage, extra pay included", scopes=_GROUPS),
    _cost("premium", "wages", "the part of the wages that is extra pay by hours of the week", scopes=_GROUPS),
    _cost(
        "line_cost", "line_minute", "minutes of lines, from the call to its end, times line_minute",
        "cost of line minutes",
    ),
    _cost("call_cost", "contact", "calls that begin in the window times contact", "cost of calls"),
    _cost("transfer_cost", "transfer", "calls passed on, as often as it happens, times transfer", "cost of transfers"),
    _cost(
        "complaint_fees", "complaint", "complaints to the regulator in the window times complaint",
        "cost of complaints",
    ),
    _cost(
        "training_cost", "training", "successors of the agents who leave in the window, times weeks, times per_week",
        "training", _GROUPS,
    ),
    Figure(
        FINANCIAL, "cost", MONEY, "wages, lines, calls, transfers, fees and training together", "cost",
        needs=("costs",),
    ),
    _per("cost_per_call", "calls", "cost / calls that begin in the window", "nobody called"),
    _per("cost_per_answered_call", "answered calls", "cost / calls that were answered", "no call was answered"),
    _per(
        "cost_per_solved_customer", "solved",
        "cost / customers who came in the window and whose last call was answered, or whose case is solved",
        "nobody was helped",
    ),
    Figure(
        FINANCIAL, "cost_per_solved_case", MONEY,
        "what the cases that began in the window cost, idle time of agents in proportion to busy time included"
        " / cases of them that are solved at the end of the run",
        "cost of cases", "solved", needs=("wages",), per=("callers", "cases"), empty="no case was solved",
        needs_cases=True,
    ),
    _cost("lost_with_given_up", "given_up", "customers who gave up or never tried, times given_up", "lost at once"),
    Figure(
        FINANCIAL, "lost_with_customers", MONEY,
        "customers who leave, expected by the worst that happened to each, times customer",
        "lost with customers", needs=("customer", "churn"),
    ),
    Figure(
        FINANCIAL, "lost_by_word_of_mouth", MONEY,
        "customers who leave, times the friends that each tells, times the share of these who leave, times customer",
        "lost by word of mouth", needs=("customer", "churn", "word_of_mouth"),
    ),
    Figure(FINANCIAL, "lost", MONEY, "revenue lost: the three together", "lost", needs=("losses",)),
    Figure(
        FINANCIAL, "cost_and_lost", MONEY, "cost + lost: what the centre costs the firm", "cost and lost",
        needs=("costs", "losses"),
    ),
    Figure(
        FINANCIAL, "revenue_at_stake", MONEY, "customers who came in the window, times customer", "at stake",
        needs=("customer",),
    ),
    Figure(
        FINANCIAL, "share_of_revenue_lost", "1", "lost_with_customers / revenue_at_stake", "lost with customers",
        "at stake", needs=("customer", "churn"), empty="no revenue was at stake",
    ),
)  # fmt: skip


def _case(
    name: str, unit: str, definition: str, numerator: str, denominator: str = "customers", scale: float = 1.0
) -> Figure:
    empty = "no case was solved" if denominator == "solved" else "no case began"
    return Figure(CUSTOMER, name, unit, definition, numerator, denominator, scopes=_CASES, scale=scale, empty=empty)


def _share(name: str, definition: str, numerator: str, needs_cases: bool = False) -> Figure:
    return Figure(
        CUSTOMER, name, "1", definition, numerator, "customers", scopes=("", *_CASES), empty="nobody came",
        needs_cases=needs_cases,
    )  # fmt: skip


_CUSTOMER = (
    Figure(
        CUSTOMER, "customers", "count", "people whose first call, or whose problem, falls into the window",
        "customers", scopes=("", *_CASES),
    ),
    Figure(
        CUSTOMER, "hold_per_call", "s", "time in which nobody talks to the caller, waits and dialling, of a call that"
        " customers make in the window", "held hours of calls", "inbound calls", scale=3600.0, empty="nobody called",
    ),
    Figure(
        CUSTOMER, "calls_held_an_hour", "1", "share of calls that customers make in which they hold an hour or more",
        "calls held an hour", "inbound calls", empty="nobody called",
    ),
    Figure(
        CUSTOMER, "calls_per_customer", "count", "calls, those that the provider makes included",
        "calls of customers", "customers", scopes=("", *_CASES), empty="nobody came",
    ),
    Figure(
        CUSTOMER, "hold_per_customer", "h", "time on hold in all calls of a customer", "held hours", "customers",
        scopes=("", *_CASES), empty="nobody came",
    ),
    _case("employees_per_case", "count", "employees who answered, each answer counted", "answers of customers"),
    _case("tellings_per_case", "count", "how often the customer told what it is about", "told of customers"),
    _case(
        "hours_until_solved", "h", "from the beginning of the problem until it works, of cases that are solved",
        "hours until solved", "solved",
    ),
    _share("solved", "share whose last call was answered, or whose case is solved, at the end of the run", "solved"),
    _share("gave_up", "share that gave up: the last call was not answered, or the case is given up", "gave_up"),
    _share("never_tried", "share that has a case and never called", "never_tried", needs_cases=True),
    _case("open", "1", "share that is neither solved nor given up when the run ends: follow cases longer", "open"),
    _share("complained", "share that complained to the regulator", "complained", needs_cases=True),
    Figure(
        CUSTOMER, "cost_to_customers", MONEY, "hours on hold times hour_of_customer", "cost to customers",
        needs=("hour_of_customer",),
    ),
    Figure(
        CUSTOMER, "cost_per_customer", MONEY, "hours on hold of a customer times hour_of_customer", "cost to customers",
        "customers", scopes=("", *_CASES), needs=("hour_of_customer",), empty="nobody came",
    ),
    Figure(
        CUSTOMER, "leave", "count", "customers who leave, expected by the worst that happened to each", "leave",
        scopes=("event", ""), needs=("churn",),
    ),
    Figure(
        CUSTOMER, "leave_by_word_of_mouth", "count", "friends of theirs who leave because of what they are told",
        "leave by word of mouth", needs=("churn", "word_of_mouth"),
    ),
    Figure(
        CUSTOMER, "worst_event", "1", "share of customers to whom nothing worse happened", "customers", "customers",
        scopes=("event",), needs=("churn",), per=("", ""), empty="nobody came",
    ),
    Figure(
        CUSTOMER, "churn", "1", "share of customers who leave", "leave", "customers", scopes=("event", "", *_CASES),
        needs=("churn",), empty="it happened to nobody",
    ),
)  # fmt: skip

_LEARNING = (
    Figure(
        LEARNING, "occupancy", "1", "time handling calls / time at the phone", "busy hours", "staffed hours",
        scopes=_GROUPS, empty="nobody was there",
    ),
    Figure(
        LEARNING, "cut_offs_by_agents", "count", "callers whom agents cut off by passing them on to a closed door",
        "cut-offs", scopes=_GROUPS,
    ),
    Figure(
        LEARNING, "angry_share", "1", "share of answered calls from somebody who has held for an hour or calls again",
        "angry answers", "answers", scopes=_GROUPS, empty="no call was answered",
    ),
    Figure(
        LEARNING, "full_time_agents", "count", "paid hours a week / full_time", "full-time agents", scopes=_GROUPS,
        needs=("money",),
    ),
    Figure(
        LEARNING, "turnover", "1", "agents who leave in a year / agents: one over works_for, or else per_year +"
        " each_point * (per cent of occupancy beyond above) + each_angry_call * (angry calls answered by an agent a"
        " week)", "leavers a year", "full-time agents with turnover", scopes=_GROUPS, needs=("turnover", "training"),
        any_of=True, empty="there is no agent",
    ),
    Figure(
        LEARNING, "leavers_a_year", "count", "turnover times agents", "leavers a year", scopes=_GROUPS,
        needs=("turnover", "training"), any_of=True,
    ),
    Figure(
        LEARNING, "weeks_of_training", "count", "weeks that successors are trained in the window", "weeks of training",
        scopes=_GROUPS, needs=("training",),
    ),
    Figure(
        LEARNING, "training_per_agent", MONEY, "training_cost / full-time agents", "training",
        "full-time agents with turnover", scopes=_GROUPS, needs=("training",), empty="there is no agent",
    ),
)  # fmt: skip

FIGURES = (*_FINANCIAL, *_CUSTOMER, *_LEARNING)
"""Every figure but those of the processes, in the order of the report."""
