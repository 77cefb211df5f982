"""How old do cases get? Shares solved, solved because of the regulator and given up, with the documented age marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.experiments.case_curves import endings
from callsim.plan.plan import Plan
from callsim.report.case_section import documented_figures
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import DARK, INK, LIGHT, MIDDLE, SOFT, Size, bare, new_figure, styled
from callsim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CasesByAge", "Place", "cases_by_age", "cases_by_age_data", "draw_cases_by_age", "place_of"]

Float = npt.NDArray[np.float64]
_TITLE = "How old cases get"
_WAYS = {
    "solved_at": "solved by the provider",
    "solved_by_regulator_at": "solved because of the regulator",
    "given_up_at": "given up",
}
_DAY = 24.0


@dataclass(frozen=True)
class CasesByAge:
    """Aalen-Johansen estimates of how cases have ended by their age."""

    days: Float
    """[age] Ascending, from 0. [d]"""
    ways: tuple[str, ...]
    shares: Float
    """[way, age] Share of all cases that have ended in this way up to the age. [%]"""
    documented: tuple[tuple[str, float], ...]
    """(type of case, documented age at the solution [d])"""
    text: str
    alt: str


def cases_by_age_data(result: Result, variant: str = "", cases: str = "") -> CasesByAge:
    """Return what `cases_by_age` draws."""
    subject = subject_of(result, variant)
    plan = subject.plan
    place = place_of(plan, cases, "cases_by_age", subject.variant)
    found = endings(result.measures[subject.variant], place.part, place.member)
    if not len(found.ages):
        raise CallsimError("cases_by_age: no problem began in the measured window, so there is nothing to draw")
    ages = np.concatenate(([0], found.ages))
    shares = np.array([found.incidence([way], ages.tolist())[0] for way in _WAYS])
    documented = [(name, documented_figures(plan, name).get("age_at_solution")) for name in place.types]
    text = " · ".join(filter(None, (subject.text, cases)))
    last = ", ".join(f"{100 * share:.0f} % {words}" for words, share in zip(_WAYS.values(), shares[:, -1], strict=True))
    return CasesByAge(
        days=ages / _DAY,
        ways=tuple(_WAYS.values()),
        shares=100.0 * shares,
        documented=tuple((name, hours / 3600.0 / _DAY) for name, hours in documented if hours is not None),
        text=text,
        alt=f"{_TITLE}: after {ages[-1] / _DAY:.0f} days {last}. {text}.",
    )


@dataclass(frozen=True)
class Place:
    """Where the figures of some cases stand."""

    part: str
    """Of `callsim.measures.CASE_SCOPES`."""
    member: int
    types: tuple[str, ...]
    """The types of case that are among them."""


def place_of(plan: Plan, cases: str, figure: str, variant: str) -> Place:
    """Return the place that a name stands for: a type of case, a type with a kind of customer, or "" for all.

    Raises
    ------
    CallsimError
        If the plan has no cases, or none of this name.
    """
    if not plan.cases.n:
        raise CallsimError(f"{figure}: {variant!r} has no cases")
    types = plan.cases.types
    if not cases:
        return Place("case", 0, types)
    if cases in types:
        return Place("cases", types.index(cases), (cases,))
    customers = [plan.streams.names[stream] for stream in plan.cases.stream]
    if cases in customers:
        member = customers.index(cases)
        return Place("customers", member, (types[plan.cases.type[member]],))
    known = ", ".join(dict.fromkeys((*types, *customers)))
    raise CallsimError(f"{figure}: there is no type of case {cases!r}; types are: {known}")


def cases_by_age(result: Result, variant: str = "", cases: str = "", size: Size = "page") -> Figure:
    """Draw which share of the cases has ended by which age, and how.

    Parameters
    ----------
    result : Result
        From `callsim.run` or `callsim.compare`.
    variant : str
        The base if empty.
    cases : str
        A type of case, or a type with a kind of customer; all cases if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        Areas that stand on each other; what is above them is not over yet, or was never tried.

    Raises
    ------
    CallsimError
        If there is no such variant or type, or it has no cases.
    """
    return draw_cases_by_age(cases_by_age_data(result, variant, cases), size)


@styled
def draw_cases_by_age(data: CasesByAge, size: Size = "page") -> Figure:
    """Draw the values of `cases_by_age_data`."""
    figure = new_figure(size, 3.9 if size == "phone" else 3.4, _TITLE, data.text, data.alt)
    axes = figure.subplots()
    looks: list[dict[str, str]] = [
        {"facecolor": DARK},
        {"facecolor": LIGHT},
        {"facecolor": "white", "edgecolor": MIDDLE, "hatch": "/////"},
    ]
    below = np.zeros(len(data.days))
    for way, share, look in zip(data.ways, data.shares, looks, strict=True):
        axes.fill_between(data.days, below, below + share, step="post", linewidth=0.0, label=way, **look)  # type: ignore[arg-type]
        below = below + share
    for name, day in data.documented:
        axes.axvline(day, color="white", linewidth=2.6)  # so that the line is seen on dark ground
        axes.axvline(day, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), label=f"documented: {name}")
    axes.set_ylim(0.0, 100.0)
    axes.set_xlim(0.0, max(float(data.days[-1]), *(day for _, day in data.documented), 1.0))
    axes.set_xlabel("age of the case [days]")
    axes.set_ylabel("share of all cases [%]")
    bare(axes, "y")
    figure.legend(loc="outside lower left", ncols=1 if size == "phone" else 2, labelcolor=SOFT)
    return figure
