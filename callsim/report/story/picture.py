"""The picture of a story: a time line by day, with hold and talk, and what stood in the customer's way."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from callsim.report.figures.style import (
    DARK,
    GRID,
    INK,
    LIGHT,
    MIDDLE,
    PALE,
    SOFT,
    WIDTHS,
    Size,
    bare,
    new_figure,
    styled,
    to_svg,
)
from callsim.report.story.picture_data import StoryPicture, story_picture_data
from callsim.report.story.texts import story_texts_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from callsim.report.story.value import Story

__all__ = ["draw_story_picture", "picture_bytes", "story_picture"]

_DOTS_PER_INCH = 200
_ROW = 0.46
"""Height of a day. [inch]"""
_ABOVE_AND_BELOW = 1.9
_NUMBERS, _BAND, _STRIPS = 0.20, (0.29, 0.61), (0.68, 0.91)
"""Where in its row, from the top: the numbers of the calls, the band of the phone, the lines of the departments."""
_BARS: dict[str, dict[str, Any]] = {
    "hold": {"facecolor": MIDDLE},
    "talk": {"facecolor": DARK},
    "dialling": {"facecolor": LIGHT},
    "provider": {"facecolor": "white", "edgecolor": DARK, "linewidth": 1.2},
}
_MARKS: dict[str, dict[str, Any]] = {
    "in_vain": {"marker": "x", "color": INK, "s": 26},
    "abandoned": {"marker": "o", "facecolor": "white", "edgecolor": INK, "s": 20},
    "cut_off": {"marker": "X", "facecolor": INK, "edgecolor": "white", "s": 62},
    "broken": {"marker": "v", "facecolor": MIDDLE, "edgecolor": INK, "s": 38},
    "kept": {"marker": "v", "facecolor": "white", "edgecolor": INK, "s": 38},
    "complained": {"marker": "D", "facecolor": LIGHT, "edgecolor": INK, "s": 32},
    "solved": {"marker": "*", "facecolor": DARK, "edgecolor": INK, "s": 110},
    "gave_up": {"marker": "s", "facecolor": "white", "edgecolor": INK, "s": 34},
}
_LABEL_ROOM = {"phone": 1.7, "page": 0.75, "wide": 0.5}
"""What the number of a call needs of the day. [h]"""


def story_picture(story: Story, size: Size = "page") -> Figure:
    """Draw a story as a time line: a row a day, hours across.

    Parameters
    ----------
    story : Story
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    return draw_story_picture(story_picture_data(story), size)


def picture_bytes(story: Story, size: Size = "page", kind: str = "png") -> bytes:
    """Return the picture as a file's content, the same bytes each time.

    Parameters
    ----------
    story : Story
    size : Size
    kind : {"png", "svg", "pdf"}
    """
    figure = story_picture(story, size)
    if kind == "svg":
        return to_svg(figure, story.id).encode()
    buffer = BytesIO()
    metadata = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata)
    return buffer.getvalue()


@styled
def draw_story_picture(data: StoryPicture, size: Size = "page") -> Figure:
    """Draw the values of `story_picture_data`."""
    lines = 1 + len(data.text) // int(WIDTHS[size] * 14)
    height = _ABOVE_AND_BELOW + 0.14 * lines + _ROW * len(data.rows) + (0.7 if size == "phone" else 0.0)
    figure = new_figure(size, height, data.title, data.text, data.alt)
    axes = figure.subplots()
    for place, _ in enumerate(data.rows):
        _day(axes, data, place)
    for bar in data.bars:
        look = {"edgecolor": "none", **_BARS[bar.kind]}
        _box(axes, bar.row, _BAND, bar.start, bar.end, zorder=3, **look)
    for mark in data.marks:
        # Deadlines point at their hour from above: they fall together with what happens then.
        height = _NUMBERS + 0.02 if mark.kind in ("broken", "kept") else sum(_BAND) / 2
        axes.scatter([mark.hour], [mark.row + height], zorder=5, linewidth=0.9, clip_on=False, **_MARKS[mark.kind])
    _numbers(axes, data, size)
    _axes(axes, data, size)
    _legend(figure, data, size)
    return figure


def _box(axes: Axes, row: int, part: tuple[float, float], start: float, end: float, **look: Any) -> None:
    axes.barh(
        row + part[0], end - start, height=part[1] - part[0], left=start, align="edge", **{"linewidth": 0.0, **look}
    )


def _day(axes: Axes, data: StoryPicture, place: int) -> None:
    """Draw the background of a day: sleep, and the closed hours of each department."""
    row = data.rows[place]
    _box(axes, place, _BAND, row.begins, row.ends, facecolor=PALE, zorder=1)
    for start, end in row.asleep:
        _box(axes, place, _BAND, start, end, facecolor="none", edgecolor=SOFT, hatch="/////", alpha=0.45, zorder=2)
    size = (_STRIPS[1] - _STRIPS[0]) / max(1, len(data.departments))
    for n, spans in enumerate(row.closed):
        top = _STRIPS[0] + n * size
        _box(axes, place, (top, top + 0.72 * size), 0.0, 24.0, facecolor=GRID, zorder=1)
        for start, end in spans:
            _box(axes, place, (top, top + 0.72 * size), start, end, facecolor=SOFT, zorder=2)


def _numbers(axes: Axes, data: StoryPicture, size: Size) -> None:
    """Write the numbers of the calls, as many as have room."""
    before = (-1, 0.0)
    for row, hour, number in data.numbers:
        if row != before[0] or hour - before[1] >= _LABEL_ROOM[size]:
            axes.text(hour, row + _NUMBERS, number, fontsize=7, ha="left", va="center", color=INK, zorder=6)
            before = (row, hour)


def _axes(axes: Axes, data: StoryPicture, size: Size) -> None:
    texts = story_texts_in()
    bare(axes, "x")
    axes.spines["left"].set_visible(False)
    step = 6 if size == "phone" else 3
    axes.set_xticks(range(0, 25, step), [str(hour) for hour in range(0, 25, step)])
    axes.set_xlim(0.0, 24.0)
    axes.set_ylim(len(data.rows), 0.0)
    axes.set_xlabel(data.axis)
    axes.set_yticks([place + sum(_BAND) / 2 for place in range(len(data.rows))], [row.label for row in data.rows])
    axes.tick_params(axis="y", length=0)
    for place, row in enumerate(data.rows):
        if row.skipped:
            text = texts.counted(texts.picture["skipped"], row.skipped)
            axes.axhline(place + 0.04, color=SOFT, linewidth=0.8, linestyle=(0, (1, 2)))
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
            axes.text(24.0, place + 0.04, text, fontsize=6.5, color=SOFT, ha="right", va="center", bbox=box)
        if row.so_far:
            axes.text(24.3, place + sum(_BAND) / 2, row.so_far, fontsize=7, va="center", color=INK, clip_on=False)


def _legend(figure: Figure, data: StoryPicture, size: Size) -> None:
    """Name what is there."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    texts = story_texts_in().picture
    drawn = {bar.kind for bar in data.bars}
    handles: list[Any] = [
        Patch(label=str(texts[kind]), **{"edgecolor": "none", **look}) for kind, look in _BARS.items() if kind in drawn
    ]
    if any(row.asleep for row in data.rows):
        handles.append(Patch(label=str(texts["asleep"]), facecolor=PALE, edgecolor=SOFT, hatch="/////", linewidth=0))
    there = {mark.kind for mark in data.marks}
    for kind, look in _MARKS.items():
        if kind in there:
            face = look.get("facecolor", look.get("color"))
            edge = look.get("edgecolor", look.get("color"))
            handles.append(
                Line2D(
                    [], [], linestyle="none", marker=look["marker"], markerfacecolor=face, markeredgecolor=edge,
                    markersize=look["s"] ** 0.5, label=str(texts[kind]),
                )
            )  # fmt: skip
    figure.legend(handles=handles, loc="outside lower left", ncols=2 if size == "phone" else 5, labelcolor=SOFT)
