"""How often does a customer call until it is over? Finished cases by their calls, with the documented one marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.report.case_section import documented_figures
from callsim.report.figures.cases_by_age import place_of
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import DARK, INK, SOFT, Size, bare, new_figure, styled
from callsim.report.result import Result
from callsim.stats import ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CallsPerCase", "calls_per_case", "calls_per_case_data", "draw_calls_per_case"]

Float = npt.NDArray[np.float64]
_TITLE = "How often a customer calls until it is over"


@dataclass(frozen=True)
class CallsPerCase:
    """Shares of the finished cases by the number of calls that their customers made."""

    calls: npt.NDArray[np.int64]
    """[number] 1, 2, ... up to the largest that occurs."""
    share: Float
    """[number] [%]"""
    half: Float
    """[number] Half width; 0 if there is none. [%]"""
    documented: tuple[tuple[str, float], ...]
    """(type of case, documented number of calls)"""
    text: str
    alt: str


def calls_per_case_data(result: Result, variant: str = "", cases: str = "") -> CallsPerCase:
    """Return what `calls_per_case` draws."""
    subject = subject_of(result, variant)
    place = place_of(subject.plan, cases, "calls_per_case", subject.variant)
    found = [each.parts[place.part].histogram("calls").of(place.member, 0) for each in result.measures[subject.variant]]
    most = max((int(bins.max(initial=0)) for bins, _ in found), default=0)
    if not most:
        raise CallsimError("calls_per_case: no case was finished, so there is nothing to draw")
    counts = np.zeros((len(found), most + 1), np.int64)
    for row, (bins, number) in enumerate(found):
        counts[row, bins] = number
    estimates = [ratio(column, counts.sum(axis=1), result.findings.level) for column in counts.T[1:]]
    share = 100.0 * np.array([estimate.value or 0.0 for estimate in estimates])
    documented = [(name, documented_figures(subject.plan, name).get("calls")) for name in place.types]
    text = " · ".join(filter(None, (subject.text, cases)))
    return CallsPerCase(
        calls=np.arange(1, most + 1),
        share=share,
        half=100.0 * np.array([estimate.half_width or 0.0 for estimate in estimates]),
        documented=tuple((name, calls) for name, calls in documented if calls is not None),
        text=text,
        alt=f"{_TITLE}: {share[0]:.0f} % of the finished cases after one call, the longest after {most}. {text}.",
    )


def calls_per_case(result: Result, variant: str = "", cases: str = "", size: Size = "page") -> Figure:
    """Draw which share of the finished cases took how many calls of the customer.

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
        All bars together are 100 %; whiskers are the intervals.

    Raises
    ------
    CallsimError
        If there is no such variant or type, it has no cases, or none was finished.
    """
    return draw_calls_per_case(calls_per_case_data(result, variant, cases), size)


@styled
def draw_calls_per_case(data: CallsPerCase, size: Size = "page") -> Figure:
    """Draw the values of `calls_per_case_data`."""
    figure = new_figure(size, 3.6 if size == "phone" else 3.2, _TITLE, data.text, data.alt)
    axes = figure.subplots()
    whiskers = {"ecolor": "#7d7d7d", "elinewidth": 1.1, "capsize": 2.0}
    axes.bar(
        data.calls, data.share, width=0.8, color=DARK, yerr=data.half if data.half.any() else None, error_kw=whiskers,
        label="simulated",
    )  # fmt: skip
    for name, calls in data.documented:
        axes.axvline(calls, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), label=f"documented: {name}")
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("calls of the customer")
    axes.set_ylabel("share of finished cases [%]")
    bare(axes, "y")
    figure.legend(loc="outside lower left", ncols=1 if size == "phone" else 2, labelcolor=SOFT)
    return figure
