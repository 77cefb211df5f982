"""What is each remedy worth? From the figure as it is to the figure with all remedies, by Shapley values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.report.attribution import Attribution
from callsim.report.attribution_report import by_worth, form, is_nothing, words
from callsim.report.figures.files import check_kind, figure_bytes
from callsim.report.figures.scales import Scale, scale_of
from callsim.report.figures.style import DARK, INK, LIGHT, MIDDLE, SOFT, Size, bare, new_figure, styled
from callsim.report.numbers import Form
from callsim.report.numbers import figure as figure_text
from callsim.report.output import check_folder, write_all

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["RemedyWorths", "draw_remedy_worth", "remedy_worth", "remedy_worth_data", "write_worth_figures"]

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class RemedyWorths:
    """A figure as it is, what each remedy takes off it (or adds to it), and what is left with all."""

    remedies: tuple[str, ...]
    """The largest Shapley value first."""
    begin: tuple[float, ...]
    """[remedy] Where its bar begins, on the way from the base to all remedies. In ``unit``."""
    end: tuple[float, ...]
    """[remedy] Where it ends: the next one's begin."""
    half_width: tuple[float | None, ...]
    """[remedy] Of the Shapley value's interval, None: there is none. In ``unit``."""
    alone: tuple[float, ...]
    """[remedy] What the figure would be with this remedy alone. In ``unit``."""
    helps: tuple[bool, ...]
    """[remedy] The Shapley value is a gain."""
    base: float
    together: float
    cells: tuple[str, ...]
    """[base, remedies, together] As text, changes with their sign."""
    unit: str
    measure: str
    """In words."""
    text: str
    alt: str


def remedy_worth_data(attribution: Attribution, figure: str = "") -> RemedyWorths:
    """Return what is drawn; see `remedy_worth`."""
    if not attribution.n:
        raise CallsimError(f"{attribution.found.name}: no replication was finished, so there is nothing to draw")
    told = attribution.figure(figure)
    ordered = by_worth(told)
    sign = 1.0 if told.more_is_better else -1.0
    base, together = told.base.value or 0.0, told.together.value or 0.0
    changes = [sign * (each.shapley.value or 0.0) for each in ordered]
    steps = [base]
    for change in changes:
        steps.append(steps[-1] + change)
    alone = [base + sign * (each.alone.value or 0.0) for each in ordered]
    scale = _scale(told.measure.unit, form(told.measure, (base, together)), [*steps, *alone])
    cells = [
        figure_text(base, told.base.half_width, form(told.measure, (base, together))),
        *(
            _signed(figure_text(change, each.shapley.half_width, form(told.measure, changes, True), signed=True))
            for change, each in zip(changes, ordered, strict=True)
        ),
        figure_text(together, told.together.half_width, form(told.measure, (base, together))),
    ]
    names = ["as it is", *(each.remedy for each in ordered), "with all remedies"]
    said = "; ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True))
    n, level = attribution.n, attribution.found.level
    runs = f"{n} replications, {100 * level:g} % intervals" if n > 1 else "1 replication, no intervals"
    return RemedyWorths(
        remedies=tuple(each.remedy for each in ordered),
        begin=tuple(step * scale.per for step in steps[:-1]),
        end=tuple(step * scale.per for step in steps[1:]),
        half_width=tuple(
            None if each.shapley.half_width is None else each.shapley.half_width * scale.per for each in ordered
        ),
        alone=tuple(value * scale.per for value in alone),
        helps=tuple((each.shapley.value or 0.0) > 0 for each in ordered),
        base=base * scale.per,
        together=together * scale.per,
        cells=tuple(cells),
        unit=scale.unit,
        measure=words(told),
        text=f"{attribution.found.name} · {runs} · every combination under the same customers",
        alt=f"{words(told)}, by Shapley values [{scale.unit}]: {said}.",
    )


def _scale(unit: str, how: Form, values: Sequence[float]) -> Scale:
    if how is Form.NUMBER:
        return Scale("", 1.0, how)
    return scale_of(unit, values)


def _signed(text: str) -> str:
    """Return the text with a minus sign that is as wide as its plus sign."""
    return text.replace("-", MINUS)


def remedy_worth(attribution: Attribution, figure: str = "", size: Size = "page") -> Figure:
    """Draw the way of a figure from what it is to what it is with all remedies, a bar a remedy.

    Parameters
    ----------
    attribution : Attribution
        From `callsim.attribute`.
    figure : str
        As it was asked for; the first if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        Bars are Shapley values with their intervals; a diamond is where the figure would be with this remedy alone.

    Raises
    ------
    CallsimError
        If there is no such figure, or no replication was finished.
    """
    return draw_remedy_worth(remedy_worth_data(attribution, figure), size)


@styled
def draw_remedy_worth(data: RemedyWorths, size: Size = "page") -> Figure:
    """Draw the values of `remedy_worth_data`; on a phone the names stand above the bars."""
    narrow = size == "phone"
    names = [fill(name, 40 if narrow else 30) for name in ("as it is", *data.remedies, "with all remedies")]
    lines = max(name.count("\n") + 1 for name in names)
    pitch = 0.42 + 0.16 * lines if narrow else 0.2 + 0.16 * lines
    figure = new_figure(
        size, 1.9 + pitch * len(names), f"What each remedy is worth: {data.measure}", data.text, data.alt
    )
    axes = figure.subplots()
    thick = 0.36 if narrow else 0.56
    last = len(names) - 1
    axes.barh([0, last], [data.base, data.together], height=thick, color=DARK)
    for place, (begin, end, half, alone, helps) in enumerate(
        zip(data.begin, data.end, data.half_width, data.alone, data.helps, strict=True), start=1
    ):
        ink = LIGHT if helps else MIDDLE
        axes.barh(place, end - begin, left=begin, height=thick, color=ink, hatch="" if helps else "////")
        axes.plot([begin, begin], [place - 1, place + thick / 2], color=SOFT, linewidth=0.8)
        axes.errorbar(end, place, xerr=half, color=INK, capsize=3, linewidth=1.2)
        axes.plot(alone, place, "D", markersize=5, color=INK, markerfacecolor="white", zorder=4)
    axes.plot([data.together, data.together], [last - 1, last], color=SOFT, linewidth=0.8)
    axes.set_ylim(last + 0.6, -0.95 if narrow else -0.6)
    left, right = axes.get_xlim()
    axes.set_xlim(min(0.0, left), right + 0.02 * (right - min(0.0, left)))
    axes.set_xlabel(f"{data.measure} [{data.unit}]" if data.unit else data.measure)
    bare(axes, "x")
    axes.tick_params(axis="y", length=0)
    _name_rows(axes, names, data.cells, narrow)
    _legend(figure, data)
    return figure


def _name_rows(axes: Axes, names: Sequence[str], cells: Sequence[str], narrow: bool) -> None:
    """Write the remedy and its worth beside each bar, or above it."""
    across = axes.get_yaxis_transform()
    for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if narrow:
            axes.annotate(
                f"{name}: {cell}", (0.0, place), xycoords=across, xytext=(3, 11), textcoords="offset points",
                va="bottom", fontsize=8.5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85},
            ).set_in_layout(False)  # fmt: skip
        else:
            axes.text(1.02, place, cell, transform=across, va="center", color=SOFT)
    if narrow:
        axes.set_yticks([])
    else:
        axes.set_yticks(range(len(names)), names)


def _legend(figure: Figure, data: RemedyWorths) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks: list[Patch | Line2D] = [Patch(color=LIGHT, label="Shapley value")]
    if not all(data.helps):
        marks.append(Patch(facecolor=MIDDLE, hatch="////", label="no gain"))
    marks.append(
        Line2D([], [], linestyle="", marker="D", color=INK, markerfacecolor="white", label="with this one alone")
    )
    figure.legend(handles=marks, loc="outside lower left", ncols=3, labelcolor=SOFT)


def write_worth_figures(
    attribution: Attribution, folder: Path | str, size: Size = "page", kind: str = "svg"
) -> tuple[Path, ...]:
    """Write a picture of each figure of an attribution to a folder, all or none.

    Parameters
    ----------
    attribution : Attribution
    folder : path
        Exists.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.
    kind : str
        One of `KINDS`.

    Returns
    -------
    tuple of Path
        The files, named after the figures: ``worth_hold_per_caller.svg``; none of what is zero throughout.

    Raises
    ------
    CallsimError
        If the kind is unknown.
    OutputError
        If the folder does not exist or a file cannot be written.
    """
    check_kind(kind)
    check_folder(Path(folder))
    contents = {}
    for told in attribution.figures:
        if is_nothing(told):
            continue
        parts = ["worth", told.shown.name, *told.shown.scope.values()]
        name = re.sub(r"[^\w-]+", "_", "_".join(parts))
        contents[Path(folder) / f"{name}.{kind}"] = figure_bytes(
            remedy_worth(attribution, str(told.shown), size), name, kind
        )
    write_all(contents)
    return tuple(contents)
