"""The figures of the page: those of the library that have something to draw, as inline SVG for paper and phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.report.html.answer import HOLD_AND_ABANDONMENT
from callsim.report.html.value import Picture
from callsim.report.result import Comparison
from callsim.report.texts import Texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from callsim.report.figures import Size
    from callsim.report.result import Result

__all__ = ["pictures"]

Draw = Callable[["Size"], "Figure"]


def pictures(result: Result, over_time: Result, sweep: bool, texts: Texts) -> tuple[Picture, ...]:
    """Return the figures of a result; one that has nothing to draw (no rows by interval, no sweep) is left out.

    Parameters
    ----------
    result : Result
        Of a run or a comparison.
    over_time : Result
        Of the base, with rows by interval and hour of the week as far as `callsim.report.html.splits` wants them.
    sweep : bool
        The variants are the steps of one sweep, so that a curve through them means something.
    texts : Texts
        The language of the captions.
    """
    from callsim.report.figures import to_svg

    found = []
    for key, caption, draw in _figures(result, over_time, sweep, texts):
        try:
            wide, narrow = draw("page"), draw("phone")
        except CallsimError:
            continue
        # Ids within an SVG are made from the salt: each its own, or one figure would borrow another's clips.
        found.append(Picture(key, to_svg(wide, f"{key} on paper"), to_svg(narrow, f"{key} on a phone"), caption))
    return tuple(found)


def _figures(result: Result, over_time: Result, sweep: bool, texts: Texts) -> Iterator[tuple[str, str, Draw]]:
    """Yield key, caption and drawing of every figure, those of the comparison first."""
    from callsim.report import figures

    base = result.findings.base
    if isinstance(result, Comparison):
        for name in HOLD_AND_ABANDONMENT:
            caption = texts.captions["differences"].format(name=texts.name(name), base=base)
            yield f"figure-{name}", caption, _bound(figures.variant_differences, result, name)
    if sweep:
        yield "figure-staffing", texts.captions["staffing_curve"], _bound(figures.staffing_curve, result)
    plan = result.findings.replicated.plans[base]
    of_base = {
        "hold_by_hour": _bound(figures.hold_by_hour, over_time),
        "hold_distribution": _bound(figures.hold_distribution, over_time),
        "calls_by_interval": _bound(figures.calls_by_interval, over_time),
        "queue_length": _bound(figures.queue_length, over_time),
        "agents_by_state": _bound(figures.agents_by_state, over_time),
        "shift_plan": _bound(figures.shift_plan, plan),
        "cases_by_age": _bound(figures.cases_by_age, result, base),
        "calls_per_case": _bound(figures.calls_per_case, result, base),
    }
    for name, draw in of_base.items():
        yield f"figure-{name.replace('_', '-')}", texts.captions[name].format(base=base), draw


def _bound(figure: Callable[..., Figure], *given: object) -> Draw:
    return lambda size: figure(*given, size=size)
