"""How every figure looks: widths, inks that differ in grey too, axes, and the SVG that goes into a page.

Series are told apart twice: by inks of clearly different lightness (readable in grey and for the
colour-blind) and by line style, marker or hatching.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from functools import wraps
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DARK", "GRID", "INK", "LIGHT", "MIDDLE", "PALE", "SOFT", "Size", "alt_text", "bare"]
__all__ += ["new_figure", "styled", "to_svg"]

Size = Literal["phone", "page", "wide"]
"""For a phone held upright, for the text width of A4, for a laptop."""

WIDTHS: dict[str, float] = {"phone": 3.6, "page": 6.5, "wide": 9.5}
"""[inch] Text has the same size in all of them, so that a figure is never shrunk to be read."""
_LETTERS = (10.5, 14.5)
"""Letters to an inch of a title, and of the line below it."""
_TITLE, _TEXT = 10.5, 8.5
"""[pt]"""
_LINE, _PAD = 1.2, 3.0
"""Distance of lines in sizes of their letters, and what the layout leaves above a title. [pt]"""

INK, SOFT, GRID, PALE = "#222222", "#5c5c5c", "#d5d5d5", "#f0f0f0"
DARK, MIDDLE, LIGHT = "#12355b", "#c8691c", "#a9cfe8"
"""Lightness 18 %, 49 % and 78 %: they stay apart in grey, and blue and orange for every kind of colour blindness."""

_SETTINGS: Any = {
    "text.parse_math": False,  # "5$ plan, 9$ plan" is a name, not a formula
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica", "sans-serif"],
    "font.size": 9.0,
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.facecolor": "white",
    "figure.facecolor": "white",
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.handlelength": 1.7,
    "legend.columnspacing": 1.2,
    "legend.handletextpad": 0.5,
    "text.color": INK,
    "xtick.color": SOFT,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": SOFT,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8.5,
}
"""A user's own matplotlib settings do not reach our figures."""

Given = ParamSpec("Given")


def styled(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """Let a function draw in the style of this module, and lay its figure out."""

    @wraps(draw)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> Figure:
        from matplotlib import rc_context

        with rc_context(_SETTINGS):
            figure = draw(*args, **kwargs)
            _lay_out(figure)
        return figure

    return inside


def _lay_out(figure: Figure) -> None:
    """Give every axes its place for good.

    The solver's last digits vary from one call to the next, and the names in an SVG hang on them: without
    rounding, the same figure would be another file each time.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position([round(float(edge), 6) for edge in axes.get_position().bounds])  # type: ignore[arg-type]


def new_figure(size: Size, height: float, title: str, text: str, alt: str) -> Figure:
    """Return an empty figure with its title and the line below it.

    Parameters
    ----------
    size : Size
        Decides the width.
    height : float
        [inch]
    title : str
        Broken into lines as the width needs, like ``text``.
    text : str
        What is shown: of what, from how much.
    alt : str
        What a reader who cannot see the figure is told; see `alt_text`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTHS[size], height), layout="constrained")
    figure.set_label(alt)
    above = textwrap.wrap(title, int(WIDTHS[size] * _LETTERS[0])) or [""]
    below = textwrap.wrap(text, int(WIDTHS[size] * _LETTERS[1]))
    # The layout leaves room for the title only; empty lines make room for the text, which is smaller.
    figure.suptitle("\n".join([*above, *(" " for _ in below)]), x=0.01, ha="left", fontsize=_TITLE, fontweight="bold")
    down = _PAD + _LINE * _TITLE * len(above) + 2.0
    place = 1.0 - down / (72.0 * height)
    figure.text(0.01, place, "\n".join(below), va="top", fontsize=_TEXT, color=SOFT).set_in_layout(False)
    return figure


def bare(axes: Axes, grid: Literal["x", "y", ""] = "y") -> None:
    """Take away the frame's upper and right side, and lay a grid along one axis."""
    axes.spines[["top", "right"]].set_visible(False)
    if grid:
        axes.grid(axis=grid)
    axes.tick_params(length=3)


def alt_text(figure: Figure) -> str:
    """Return what a reader who cannot see the figure is told: what it shows, and its main figures."""
    return str(figure.get_label())


def to_svg(figure: Figure, salt: str) -> str:
    """Return a figure as an SVG element that can stand in an HTML page beside others.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Of this package.
    salt : str
        Another one for each figure of a page, so that no two elements of the page have the same id.

    Returns
    -------
    str
        ``<svg ...>...</svg>``, the same bytes each time; text stays text; the alternative text is its label;
        it refers to nothing outside itself.
    """
    from matplotlib import rc_context

    buffer = BytesIO()
    with rc_context(_SETTINGS | {"svg.hashsalt": salt, "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue().decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>|\s*<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)
    used = set(re.findall(r'(?:url\(|href="|href=")#([^)"]+)', text))
    text = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", text)
    opening = f'<svg role="img" aria-label="{escape(alt_text(figure))}" style="stroke-linejoin:round"'
    return text.replace("<svg", opening, 1).rstrip() + "\n"
