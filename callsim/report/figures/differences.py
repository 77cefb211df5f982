"""What would help? The paired differences of the variants to the base, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.experiments.settings import check_measure
from callsim.report.columns import title
from callsim.report.figures.scales import scale_of
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import DARK, INK, SOFT, Size, bare, new_figure, styled
from callsim.report.numbers import figure as figure_text
from callsim.report.result import Comparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Differences", "draw_variant_differences", "variant_differences", "variant_differences_data"]

_WORDS = {"abandonment_ratio": "share abandoned"}
"""Where the title of a column is too short for a sentence."""
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Differences:
    """The differences of all variants to the base, in ascending order."""

    variants: tuple[str, ...]
    value: tuple[float, ...]
    """[variant] In ``unit``."""
    half_width: tuple[float | None, ...]
    """[variant] Of the paired interval, None: there is none. In ``unit``."""
    sure: tuple[bool, ...]
    """[variant] The paired interval does not hold zero."""
    cells: tuple[str, ...]
    """[variant] The difference as text, with the digits that its interval supports."""
    cell_unit: str
    """Unit of the cells."""
    unit: str
    measure: str
    """In words."""
    base: str
    text: str
    alt: str


def variant_differences_data(comparison: Comparison, measure: str = "mean_wait", queue: str = "") -> Differences:
    """Return the differences; see `variant_differences`."""
    check_measure(measure)
    subject = subject_of(comparison, "", queue)
    findings = comparison.findings
    found = [
        row
        for name in findings.variants
        if (row := findings.row(measure, subject.scope, name, findings.base)) is not None and row.value is not None
    ]
    if not found:
        raise CallsimError(f"variant_differences: there is no difference of {measure!r} to draw; compare variants")
    found.sort(key=lambda row: (row.value or 0.0, findings.variants.index(row.variant)))
    scale = scale_of(found[0].unit, (row.value for row in found), difference=True)
    cells = tuple(_signed(figure_text(row.value, row.half_width, scale.form, signed=True)) for row in found)
    cell_unit = "" if scale.form.value == scale.unit else scale.form.value
    words = _WORDS.get(measure, title(measure).replace("\n", " "))
    said = "; ".join(f"{row.variant} {cell}" for row, cell in zip(found, cells, strict=True))
    return Differences(
        variants=tuple(row.variant for row in found),
        value=tuple((row.value or 0.0) * scale.per for row in found),
        half_width=tuple(None if row.half_width is None else row.half_width * scale.per for row in found),
        sure=tuple(row.half_width is not None and abs(row.value or 0.0) > row.half_width for row in found),
        cells=cells,
        cell_unit=cell_unit,
        unit=scale.unit,
        measure=words,
        base=findings.base,
        text=subject.text,
        alt=f"Difference in {words} to {findings.base} [{cell_unit or scale.unit}]: {said}.",
    )


def _signed(text: str) -> str:
    """Return the text with a minus sign that is as wide as its plus sign."""
    return text.replace("-", MINUS)


def variant_differences(
    comparison: Comparison, measure: str = "mean_wait", queue: str = "", size: Size = "page"
) -> Figure:
    """Draw the paired difference of each variant to the base, sorted, with its interval.

    Parameters
    ----------
    comparison : Comparison
        From `callsim.compare`.
    measure : str
        Name of a measure of the catalogue.
    queue : str
        The whole centre if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        A filled mark: the interval does not hold zero; an open one: no difference is shown.

    Raises
    ------
    CallsimError
        If there is no such measure or queue, or no variant has a value.
    """
    return draw_variant_differences(variant_differences_data(comparison, measure, queue), size)


@styled
def draw_variant_differences(data: Differences, size: Size = "page") -> Figure:
    """Draw the values of `variant_differences_data`; on a phone the names stand above the marks."""
    narrow = size == "phone"
    names = [fill(name, 42 if narrow else 34) for name in data.variants]
    lines = max(name.count("\n") + 1 for name in names)
    pitch = 0.35 + 0.16 * (lines + 1) if narrow else 0.12 + 0.16 * lines
    figure = new_figure(
        size,
        1.7 + pitch * len(names),
        f"What would help: difference in {data.measure}",
        f"compared with {data.text}",
        data.alt,
    )
    axes = figure.subplots()
    axes.axvline(0.0, color=INK, linewidth=1.0)
    for place, (value, half, sure) in enumerate(zip(data.value, data.half_width, data.sure, strict=True)):
        axes.errorbar(value, place, xerr=half, color=DARK, capsize=3.5, linewidth=1.4, zorder=2)
        axes.plot(value, place, "o", markersize=6.5, color=DARK, markerfacecolor=DARK if sure else "white", zorder=3)
    axes.set_ylim(len(names) - (0.7 if narrow else 0.5), -0.95 if narrow else -0.5)
    axes.set_xlabel(f"difference to the base [{data.unit}]")
    bare(axes, "x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    _name_rows(axes, data, names, narrow)
    if not all(data.sure):
        open_mark = axes.plot([], [], "o", color=DARK, markerfacecolor="white")[0]
        figure.legend([open_mark], ["the interval holds zero"], loc="outside lower left", labelcolor=SOFT)
    return figure


def _name_rows(axes: Axes, data: Differences, names: Sequence[str], narrow: bool) -> None:
    """Write the variant and its difference beside each mark, or above it."""
    across = axes.get_yaxis_transform()
    unit = f" {data.cell_unit}" if data.cell_unit else ""
    for place, (name, cell) in enumerate(zip(names, data.cells, strict=True)):
        if narrow:
            axes.annotate(
                f"{name}\n{cell}{unit}", (0.0, place), xycoords=across, xytext=(0, 7), textcoords="offset points",
                va="bottom", fontsize=8.5, linespacing=1.25,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85},
            ).set_in_layout(False)  # fmt: skip
        else:
            axes.text(1.02, place, cell, transform=across, va="center", color=SOFT)
    if not narrow and unit:
        axes.text(1.02, -0.02, f"[{data.cell_unit}]", transform=axes.transAxes, va="top", color=SOFT)
    if narrow:
        axes.set_yticks([])
    else:
        axes.set_yticks(range(len(names)), names)
