"""A number on the page: its text, and what it says of itself when somebody points at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callsim.experiments.estimates import Row
from callsim.report.columns import Figures, column
from callsim.report.comparison_report import SAME
from callsim.report.html.value import Cell, Head, Term
from callsim.report.numbers import Form, figure, rounded
from callsim.report.texts import Texts

__all__ = ["NO_ROW", "cell", "head", "holds_zero", "level_text", "spelled", "terms"]

NO_ROW = Cell("–")
"""Where a measure does not exist."""


def cell(row: Row | None, figures: Figures, what: str, texts: Texts) -> Cell:
    """Return the cell of a row.

    Parameters
    ----------
    row : Row or None
        None: the measure does not exist there.
    figures : Figures
        The column.
    what : str
        What the number is of: variant, queue.
    texts : Texts
        The language.
    """
    if row is None:
        return NO_ROW
    name = texts.name(row.name)
    definition = texts.definition(row)
    about = f"{name}, {what}"
    if row.value is None:
        reason = row.reason or texts.unknown_reason
        return Cell(figures.cell(row), texts.hover_no_value.format(what=about, reason=reason, definition=definition))
    text = figures.cell(row)
    same = bool(row.versus) and holds_zero(row)
    hover = texts.hover.format(
        what=about,
        figure=_with_unit(text, figures.form, texts),
        interval=_interval(row, figures, texts),
        definition=definition,
    )
    # A narrow column may be broken before the sign, never after it.
    return Cell((f"{text}\N{NO-BREAK SPACE}{SAME}" if same else text).replace("± ", "±\N{NO-BREAK SPACE}"), hover, same)


def head(name: str, rows: Sequence[Row | None], texts: Texts, inside: str = "", difference: bool = False) -> tuple[
    Figures, Head
]:  # fmt: skip
    """Return the column of a measure and its header on the page; for the parameters see `column`."""
    figures = column(name, rows, inside, difference)
    title = texts.name(name)
    defined = next((texts.definition(row) for row in rows if row is not None), "")
    return figures, Head(
        f"{title}, {inside}" if inside else title,
        texts.unit(figures.header.unit),
        defined,
    )


def terms(heads: Iterable[Head]) -> tuple[Term, ...]:
    """Return what the headers mean, each once."""
    return tuple({head.title: Term(head.title, head.definition) for head in heads if head.definition}.values())


def holds_zero(row: Row) -> bool:
    """Return whether a difference is not told apart from zero; without an interval it is not."""
    return row.value is None or row.half_width is None or abs(row.value) <= row.half_width


def spelled(row: Row, texts: Texts, difference: bool = False) -> str:
    """Return a figure for a sentence: ``3:20 ± 0:10 min:s``; a difference without its sign."""
    if row.value is None:
        return row.reason or texts.unknown_reason
    form = column(row.name, [row], difference=difference).form
    value = abs(row.value) if difference else row.value
    return _with_unit(figure(value, row.half_width, form), form, texts)


def level_text(level: float) -> str:
    """Return a confidence level in per cent."""
    return f"{100 * level:.4g} %"


def _with_unit(text: str, form: Form, texts: Texts) -> str:
    unit = texts.unit(form.value, sentence=True)
    return f"{text} {unit}" if unit else text


def _interval(row: Row, figures: Figures, texts: Texts) -> str:
    if row.value is None or row.half_width is None:
        return texts.hover_no_interval.format(reason=row.reason or texts.unknown_reason)
    low, high = (rounded(row.value + side * row.half_width, row.half_width, figures.form) for side in (-1, 1))
    form = texts.hover_paired if row.versus else texts.hover_interval
    return form.format(level=level_text(row.level), low=low, high=high, n=row.n)
