"""From the books of replications to the lines of a scorecard, each with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.experiments.scorecard.figures import COSTS, FIGURES, MONEY, PERSPECTIVES, Figure
from callsim.experiments.scorecard.ledger import CASES, WHOLE, Ledger, Member
from callsim.experiments.scorecard.processes import PROCESSES, SHIFT, Process, sigma_level, sigma_slope
from callsim.plan.plan import Plan
from callsim.scenario.resolving.money import ResolvedMoney, money_of
from callsim.stats import Estimate, mean, nothing_seen, ratio

__all__ = ["ONE_MORE", "Line", "card_lines", "one_more_lines", "said"]

Float = npt.NDArray[np.float64]
ONE_MORE = "one more agent"
"""Stands in the place of a perspective for what one more agent earns."""
_INTERNAL = PERSPECTIVES[2]
_DUST = 1e-12
"""An interval that is narrower than this, beside its value, is rounding: the figure is the same in every run."""


@dataclass(frozen=True)
class Line:
    """One figure of a scorecard."""

    perspective: str
    name: str
    scope: Mapping[str, str]
    """Such as ``{"agents": "billing desk"}``, ``{"process": "promises kept"}``; empty for the whole centre."""
    value: float | None
    half_width: float | None
    level: float
    n: int
    """Replications."""
    unit: str
    """The currency (``money`` if it has no name), ``count``, ``1``, ``sigma``, ``h`` or ``s``."""
    definition: str
    reason: str = ""
    """Why the value or the half width is None."""


def said(money: ResolvedMoney | None, term: str) -> bool:
    """Return whether a scenario speaks of a part of money.

    Parameters
    ----------
    money : ResolvedMoney or None
    term : str
        A key of `callsim.scenario.models.Money`; or "money": of money at all, "costs": of any cost, "losses": of
        anything that is lost with customers.
    """
    if money is None or term == "money":
        return money is not None
    if term == "costs":
        return any(said(money, part) for part in COSTS)
    if term == "losses":
        return said(money, "given_up") or (said(money, "customer") and said(money, "churn"))
    if term in ("wages", "training"):
        return any(part is not None for part in getattr(money, term))
    return getattr(money.terms, term) is not None


def card_lines(plan: Plan, ledgers: Sequence[Ledger], level: float) -> tuple[Line, ...]:
    """Return every line of the four perspectives that the scenario says enough for.

    Parameters
    ----------
    plan : Plan
    ledgers : sequence of Ledger
        One a replication, at least one.
    level : float
        Confidence level.
    """
    money = money_of(plan)
    lines = [
        _line(figure, member, ledgers, level, _unit(figure.unit, money))
        for figure in FIGURES
        if _is_had(figure, plan, money)
        for member in _members(figure, plan, money, ledgers[0])
    ]
    lines += [line for process in PROCESSES for line in _process_lines(process, plan, ledgers, level)]
    return tuple(line for perspective in PERSPECTIVES for line in lines if line.perspective == perspective)


def _unit(unit: str, money: ResolvedMoney | None) -> str:
    return (money.terms.currency if money is not None else "") or MONEY if unit == MONEY else unit


def _is_had(figure: Figure, plan: Plan, money: ResolvedMoney | None) -> bool:
    if figure.needs_cases and not plan.cases.n:
        return False
    if figure.name == "premium" and money is not None and not any(w is not None and w.premium for w in money.wages):
        return False
    if figure.needs and figure.numerator in ("leavers a year", "training", "weeks of training"):
        return money is not None and any(_has_turnover(money, g, figure) for g in range(plan.n_groups))
    wanted = [said(money, term) for term in figure.needs]
    return not wanted or (any(wanted) if figure.any_of else all(wanted))


def _has_turnover(money: ResolvedMoney, g: int, figure: Figure) -> bool:
    training = money.training[g]
    leaves = money.terms.turnover is not None or (training is not None and bool(training.works_for))
    return leaves and (training is not None or "training" not in figure.needs or figure.any_of)


def _members(figure: Figure, plan: Plan, money: ResolvedMoney | None, ledger: Ledger) -> Iterator[Member]:
    """Yield the members of every kind of scope in which a figure can be given."""
    for scope in figure.scopes:
        if scope == "":
            yield WHOLE
        elif scope == "agents":
            for g, name in enumerate(plan.agents.groups):
                if _of_group(figure, money, g):
                    yield scope, name
        elif scope == "event":
            yield from (member for name, member in ledger.sums if name == "customers" and member[0] == scope)
        elif plan.cases.n:
            yield from [CASES] if scope == "callers" else [(scope, name) for name in plan.cases.types]


def _of_group(figure: Figure, money: ResolvedMoney | None, g: int) -> bool:
    if money is None or not figure.needs or figure.needs == ("money",):
        return True
    if "wages" in figure.needs:
        return money.wages[g] is not None
    return _has_turnover(money, g, figure)


def _sums(ledgers: Sequence[Ledger], name: str, member: Member = WHOLE) -> Float:
    return np.array([ledger.get(name, member) for ledger in ledgers], np.float64)


def _line(figure: Figure, member: Member, ledgers: Sequence[Ledger], level: float, unit: str) -> Line:
    above = _sums(ledgers, figure.numerator, member) * figure.scale
    if figure.denominator:
        below = _sums(ledgers, figure.denominator, member if figure.per is None else figure.per)
        estimate = ratio(above, below, level)
    else:
        estimate = mean(above, level)
    scope = {member[0]: member[1]} if member[0] else {}
    return _as_line(figure.perspective, figure.name, scope, estimate, unit, figure.definition, figure.empty)


def _as_line(
    perspective: str, name: str, scope: Mapping[str, str], estimate: Estimate, unit: str, definition: str, empty: str
) -> Line:
    reason = (empty or estimate.reason) if estimate.value is None else estimate.reason
    value, half_width = estimate.value, estimate.half_width
    if value is not None and half_width is not None and half_width <= _DUST * abs(value):
        value, half_width = float(f"{value:.12g}"), 0.0
    return Line(
        perspective, name, scope, value, half_width, estimate.level, estimate.n, unit, definition, reason,
    )  # fmt: skip


def _process_lines(process: Process, plan: Plan, ledgers: Sequence[Ledger], level: float) -> Iterator[Line]:
    if process.needs_cases and not plan.cases.n:
        return
    names = {"queue": plan.queues.names, "agents": plan.agents.groups, "": ("",)}[process.scope]
    for name in names:
        member = (process.scope, name)
        scope = {"process": process.name} | ({process.scope: name} if process.scope else {})
        chances = _sums(ledgers, f"opportunities: {process.name}", member)
        defects = _sums(ledgers, f"defects: {process.name}", member)
        share = ratio(defects, chances, level)
        empty = "there was no opportunity"
        for title, estimate, unit, definition in (
            ("opportunities", mean(chances, level), "count", process.opportunity),
            ("defects", mean(defects, level), "count", process.defect),
            ("defects_per_million", _times(share, 1e6), "count", "defects / opportunities * 1,000,000"),
            (
                "sigma_level", _sigma(share, float(chances.sum()), 0.0), "sigma",
                "z with a share of defects of 1 - Phi(z): one side, without the conventional shift",
            ),
            (
                "sigma_level_shifted", _sigma(share, float(chances.sum()), SHIFT), "sigma",
                "sigma_level + 1.5, the conventional shift",
            ),
        ):  # fmt: skip
            yield _as_line(_INTERNAL, title, scope, estimate, unit, definition, "" if chances.any() else empty)


def _times(estimate: Estimate, scale: float) -> Estimate:
    value, half_width = estimate.value, estimate.half_width
    return Estimate(
        None if value is None else value * scale,
        None if half_width is None else half_width * scale,
        estimate.level, estimate.n, estimate.reason,
    )  # fmt: skip


def _sigma(share: Estimate, chances: float, shift: float) -> Estimate:
    """Return the sigma level of a share; its interval is that of the share, by the slope at the value."""
    if share.value is None:
        return share
    level = sigma_level(share.value)
    if level is not None:
        half_width = None if share.half_width is None else share.half_width * sigma_slope(share.value)
        return Estimate(level + shift, half_width, share.level, share.n, share.reason)
    reason = "every opportunity was a defect"
    if share.value <= 0.0:
        bound = sigma_level(min(nothing_seen(chances, share.level), 0.5))
        reason = f"no defect in {chances:.0f} opportunities: above {(bound or 0.0) + shift:.1f}"
    return Estimate(None, None, share.level, share.n, reason)


_WORTH = (
    ("agent_hours", "h", (("paid hours", 1),), "", "hours paid more in the window"),
    ("pay", MONEY, (("wages", 1),), "wages", "what he costs in wages, extra pay included"),
    (
        "other_cost",
        MONEY,
        (("cost", 1), ("wages", -1)),
        "cost",
        "what lines, calls, transfers, fees and training cost more",
    ),
    ("less_lost", MONEY, (("lost", -1),), "lost", "revenue that is not lost"),
    ("net", MONEY, (("cost and lost", -1),), "net", "less_lost - pay - other_cost: what he earns"),
    ("hold_saved", "h", (("held hours", -1),), "", "hours that customers hold less"),
    ("fewer_gave_up", "count", (("gave_up", -1),), "", "customers who do not give up"),
    ("fewer_leave", "count", (("leave", -1),), "churn", "customers who stay"),
)
"""Name, unit, sums with their signs, what must be said, definition; each the difference to the plan as it is."""


def one_more_lines(
    plan: Plan, text: str, base: Sequence[Ledger], other: Sequence[Ledger], level: float
) -> tuple[Line, ...]:
    """Return what one more agent changes, paired by replication.

    Parameters
    ----------
    plan : Plan
        As it is.
    text : str
        ``GROUP@HOURS``.
    base, other : sequence of Ledger
        Books without and with him, of the same replications.
    level : float
        Confidence level.
    """
    money, scope = money_of(plan), {"one_more": text}
    enough = {
        "": True,
        "wages": said(money, "wages"),
        "cost": any(said(money, term) for term in COSTS if term != "wages"),
        "lost": said(money, "losses"),
        "churn": said(money, "churn"),
    }
    enough["net"] = enough["wages"] and enough["lost"]

    def difference(parts: Sequence[tuple[str, int]]) -> Float:
        found = np.zeros(len(base), np.float64)
        for name, sign in parts:
            found += sign * (_sums(other, name) - _sums(base, name))
        return found

    lines = []
    for name, unit, parts, needs, definition in _WORTH:
        if enough[needs]:
            estimate = mean(difference(parts), level)
            lines.append(_as_line(ONE_MORE, name, scope, estimate, _unit(unit, money), definition, ""))
    if enough["net"]:
        for name, parts, definition in (
            ("pay_per_hour", (("wages", 1),), "pay / agent_hours"),
            (
                "worth_per_hour",
                (("cost and lost", -1), ("wages", 1)),
                "(net + pay) / agent_hours: worth the wage below it",
            ),
        ):
            estimate = ratio(difference(parts), difference((("paid hours", 1),)), level)
            lines.append(
                _as_line(ONE_MORE, name, scope, estimate, _unit(MONEY, money), definition, "no hour was paid more")
            )
    return tuple(lines)
