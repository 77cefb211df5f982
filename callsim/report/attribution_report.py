"""What `callsim attribute` shows: what each remedy is worth to each figure, in sentences too, and where to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callsim.experiments.acting import Order, Step
from callsim.experiments.attribute import Attributed, Figure, RemedyWorth, SideEffect
from callsim.measures import MEAN_NUMBERS, Measure
from callsim.report.columns import title
from callsim.report.numbers import NOTHING, Form, figure, form_of, rounded
from callsim.report.run_report import span_text
from callsim.report.table import Column, Report, Table
from callsim.stats import Estimate

__all__ = ["MEANINGS", "attribution_report", "by_worth", "form", "is_nothing", "words", "worth_sentence"]

_WORDS = {
    "abandonment_ratio": "share abandoned",
    "share_held_an_hour": "share held an hour",
    "case.time_per_case": "time on the phone per case",
    "case.share_given_up": "share of cases given up",
}
"""Where the title of a column is too short for a sentence."""
_CLOCKS = (Form.CLOCK, Form.LONG_CLOCK)
_UNCHANGED = 0.005
"""Relative changes below this are called none."""
_HALF, _HALF_AS_MUCH_AGAIN = 0.5, 1.5
_PER = 1000.0
"""The gain of a step is told by so much money."""
MEANINGS = (
    "alone: the remedy is the only one; last in: all others are there already; Shapley value: the mean of what it"
    " adds over all orders in which the remedies can be switched on: these values add up",
    "figures and shares are means over the replications, each with its own ratio: a ratio over all replications"
    " together, as callsim run gives it, would not add up over remedies, and may differ a little",
)
"""What the columns mean, and what the figures are means of."""


def words(told: Figure) -> str:
    """Return a figure in words: ``hold per caller``, ``share abandoned in billing``."""
    name = told.shown.name
    plain = _WORDS.get(name, title(name).replace("\n", " ").replace("case.", "").replace(".", " "))
    inside = ", ".join(told.shown.scope.values())
    return f"{plain} in {inside}" if inside else plain


def form(measure: Measure, values: Iterable[float | None], difference: bool = False) -> Form:
    """Return the form in which figures of a measure are written, or what is taken off them."""
    if measure.kind == "time":
        return Form.HOURS
    if measure.unit == "1" and measure.name in MEAN_NUMBERS:
        return Form.NUMBER
    return form_of(measure.unit, values, difference)


def by_worth(told: Figure) -> tuple[RemedyWorth, ...]:
    """Return the remedies of a figure, the largest Shapley value first."""
    return tuple(sorted(told.remedies, key=lambda each: -(each.shapley.value or 0.0)))


def attribution_report(found: Attributed) -> Report:
    """Return what `callsim attribute` shows.

    Parameters
    ----------
    found : Attributed
        With at least one replication.

    Returns
    -------
    Report
        A table for each figure, with a sentence for each remedy below the first; then the order in which to act.
    """
    telling = [told for told in found.figures if not is_nothing(told)]
    tables = [_worth_table(told, told is telling[0]) for told in telling]
    if telling:
        tables.append(_order_table(telling[0], telling[1:], found.question.costs is not None))
    return Report(found.name, _done(found), tuple(tables), (*_silent(found), *MEANINGS, _provenance(found)))


def is_nothing(told: Figure) -> bool:
    """Return whether a figure is zero in every replication, with all remedies and without."""
    return all(not each.value and not each.half_width for each in (told.base, told.together, told.total)) and all(
        not each.shapley.value for each in told.remedies
    )


def _done(found: Attributed) -> tuple[str, ...]:
    clock = found.base_plan.clock
    runs = "1 replication" if found.n == 1 else f"{found.n} replications"
    warm_up = f" after {span_text(clock.warm_up)} of warm-up" if clock.warm_up else ""
    sure = "one replication has no interval"
    if found.n > 1:
        sure = f"± half width of the {100 * found.level:.4g} % interval"
    k = len(found.question.remedies)
    same = "" if found.systems == found.sets else f", {found.systems} of them different"
    of = f"{k} remed{'y' if k == 1 else 'ies'}"
    combined = f"{of} in all {found.sets} combinations{same}"
    if found.orders:
        combined = (
            f"{of}: of their {1 << k:,} combinations {found.sets} were simulated{same}, along {found.orders} sampled "
            "orders (each with its reverse); intervals of Shapley values hold the error of this sample"
        )
    return (
        f"{combined}; every one meets the same customers",
        f"{runs} of {span_text(clock.window_end - clock.warm_up)}{warm_up}, seed {found.seed}; {sure}",
    )


def _text(estimate: Estimate, how: Form) -> str:
    """Return an estimate with its interval and its unit."""
    text = figure(estimate.value, estimate.half_width, how)
    return text if how in _CLOCKS or how is Form.COUNT or text == NOTHING else f"{text} {how.value}".rstrip()


def _plain(value: float | None, half_width: float | None, how: Form) -> str:
    """Return a value alone, with its unit."""
    text = rounded(value, half_width, how)
    return text if how in _CLOCKS or how is Form.COUNT or text == NOTHING else f"{text} {how.value}".rstrip()


def _gain_form(told: Figure) -> Form:
    values = [each.value for remedy in told.remedies for each in (remedy.alone, remedy.last_in, remedy.shapley)]
    return form(told.measure, [*values, told.total.value], difference=True)


def _verb(told: Figure) -> str:
    return "adds to" if told.more_is_better else "takes off"


def _worth_table(told: Figure, is_first: bool) -> Table:
    how = _gain_form(told)
    unit = "" if how is Form.COUNT else how.value
    total = told.total
    shared = _differs(total)
    rows = [
        (
            each.remedy,
            figure(each.alone.value, each.alone.half_width, how),
            figure(each.last_in.value, each.last_in.half_width, how),
            figure(each.shapley.value, each.shapley.half_width, how),
            figure(each.share.value, each.share.half_width, Form.PER_CENT) if shared else NOTHING,
        )
        for each in by_worth(told)
    ]
    rows.append(
        (
            "added up",
            figure(told.alone_sum.value, told.alone_sum.half_width, how),
            "",
            figure(total.value, total.half_width, how),
            "100" if shared else NOTHING,
        )
    )
    names = ("alone", "last in", "Shapley\nvalue")
    return Table(
        f"What each remedy {_verb(told)}: {words(told)}",
        (Column("remedy"), *(Column(name, unit) for name in names), Column("share", "%")),
        tuple(rows),
        (*_whole(told, how, shared), *_sentences(told, is_first)),
    )


def _whole(told: Figure, how: Form, shared: bool) -> tuple[str, ...]:
    """Return what all remedies come to together, and what is left when those alone are taken away."""
    base, together, total = told.base, told.together, told.total
    level = form(told.measure, (base.value, together.value))
    part = f", {100 * abs(total.value or 0.0) / base.value:.0f} % of it" if base.value and shared else ""
    done = "added" if told.more_is_better else "taken off"
    lines = [
        f"{words(told)} as it is: {_text(base, level)}; with all remedies: {_text(together, level)}; "
        f"{done}: {_text(total, how)}{part}"
    ]
    if not shared:
        lines.append("no total effect is shown, so there are no shares of it")
    left = told.interaction
    if left.value is None or left.half_width is None or len(told.remedies) == 1:
        return tuple(lines)
    if abs(left.value) <= left.half_width:
        lines.append(f"together against the sum of alone: {_text(left, how)}: no interaction is shown")
    else:
        lines.append(f"together against the sum of alone: {_text(left, how)}: {_together(left, total)}")
    return tuple(lines)


def _together(left: Estimate, total: Estimate) -> str:
    """Return what it means that all remedies are worth more, or less, than each of them alone added up."""
    less = (left.value or 0.0) < 0
    if (total.value or 0.0) < 0:
        return "together they do even more harm" if less else "together they do less harm"
    return "they do some of the same work" if less else "they need each other"


def _sentences(told: Figure, is_first: bool) -> tuple[str, ...]:
    """Return a sentence for each remedy; below further figures only of those that alone make things worse."""
    return tuple(worth_sentence(told, each) for each in by_worth(told) if is_first or each.makes_worse)


def worth_sentence(told: Figure, remedy: RemedyWorth) -> str:
    """Return what a remedy is worth in one sentence, and what is remarkable about it.

    Parameters
    ----------
    told : Figure
    remedy : RemedyWorth
        One of its remedies.
    """
    how = _gain_form(told)
    base = told.base.value
    whole = _plain(base, told.base.half_width, form(told.measure, (base,)))
    worth = remedy.shapley
    share = f" ({100 * (worth.value or 0.0) / base:.0f} %)" if base else ""
    if not _differs(worth):
        said = f"no worth is shown ({_text(worth, how)})"
    elif (worth.value or 0.0) < 0:
        said = f"worse by {_plain(-(worth.value or 0.0), worth.half_width, how)} on the mean over all orders"
    elif told.more_is_better:
        said = f"worth {_text(worth, how)}"
    else:
        said = f"worth {_text(worth, how)} of {whole}{share}"
    return f"{remedy.remedy}: {said}{_remark(told, remedy, how)}"


def _remark(told: Figure, remedy: RemedyWorth, how: Form) -> str:
    alone, last = remedy.alone, remedy.last_in
    if remedy.makes_worse:
        by = _plain(-(alone.value or 0.0), alone.half_width, how)
        return f"; alone it makes {words(told)} worse by {by}: {_why(remedy.side_effects)}"
    if not _differs(last) and _differs(alone):
        return "; last in it shows no effect: the others do its work"
    if not _differs(alone) and _differs(last) and (last.value or 0.0) > 0:
        return f"; alone it shows no effect: it needs the others ({_text(last, how)} last in)"
    if not (_differs(alone) and _differs(last)):
        return ""
    times = (last.value or 0.0) / (alone.value or 1.0)
    if times < 0:
        return "; last in it makes things worse"
    if times < _HALF:
        return "; the others do more than half of its work: see last in"
    return "; it is worth more once the others are there" if times > _HALF_AS_MUCH_AGAIN else ""


def _differs(estimate: Estimate) -> bool:
    """Return whether an interval does not hold zero; without one, whether the value is not zero."""
    return estimate.value is not None and abs(estimate.value) > (estimate.half_width or 0.0)


def _why(effects: Sequence[SideEffect]) -> str:
    """Return why a remedy makes things worse, as far as the figures tell."""
    by_name = {effect.name: effect for effect in effects if effect.is_sure and abs(effect.change) >= _UNCHANGED}
    reasons = []
    calls, people = by_name.get("offered"), by_name.get("staffed_time")
    if calls is not None and calls.change > 0:
        answer = "nobody more answers them" if people is None else f"there are {_more(people)} staffed hours"
        reasons.append(f"{_more(calls)} calls reach a queue, and {answer}")
    elif people is not None and people.change < 0:
        reasons.append(f"there are {_more(people)} staffed hours")
    repeats, handling = by_name.get("repeats"), by_name.get("handle_time")
    if repeats is not None and repeats.change > 0:
        reasons.append(f"{_more(repeats)} calls are repeated ones")
    if handling is not None and handling.change > 0:
        reasons.append(f"an answered call takes {_more(handling)} time")
    for_case, passed_on = by_name.get("case.calls_per_case"), by_name.get("case.transfers_per_case")
    if for_case is not None and for_case.change > 0:
        reasons.append(f"a case takes {_more(for_case)} calls")
        if passed_on is not None and passed_on.change < 0:
            reasons.append(
                f"its customer is passed on {100 * -passed_on.change:.1f} % less, so a call meets fewer employees"
            )
    return "; ".join(reasons) or "neither calls, repeated calls, handle time nor staffed hours tell why"


def _more(effect: SideEffect) -> str:
    return f"{100 * abs(effect.change):.1f} % {'more' if effect.change > 0 else 'fewer'}"


def _order_table(told: Figure, others: Sequence[Figure], with_costs: bool) -> Table:
    """Return in which order to act on the first figure; on the others in a line each."""
    order = told.order
    how = _gain_form(told)
    unit = "" if how is Form.COUNT else how.value
    per = form(told.measure, [_per_cost(step) for step in order.steps], difference=True)
    rows = []
    for place, step in enumerate(order.steps, start=1):
        cells = [
            f"{place}{'=' if step.tied else ''} {' + '.join(step.remedies)}",
            figure(step.gain.value, step.gain.half_width, how) + ("" if step.is_sure or told.n == 1 else " ≈"),
            figure(step.gain_so_far.value, step.gain_so_far.half_width, how),
        ]
        if with_costs:
            cells += [_money(step.cost), _money(step.cost_so_far), figure(_per_cost(step), None, per)]
        rows.append(tuple(cells))
    columns = [Column("step"), Column("gain", unit), Column("gain\nso far", unit)]
    if with_costs:
        columns += [Column("cost", "a week"), Column("cost so\nfar", "a week"), Column("gain per\n1,000", per.value)]
    return Table(
        f"In which order to act: {words(told)}", tuple(columns), tuple(rows), _order_notes(told, others, with_costs)
    )


def _order_notes(told: Figure, others: Sequence[Figure], with_costs: bool) -> tuple[str, ...]:
    order = told.order
    rule = "gains most for its cost" if with_costs else "gains most (no costs are given)"
    notes = [f"each step is the remedy that {rule}, given those before it"]
    if order.by_shapley:
        what = "Shapley value by cost" if with_costs else "Shapley value (no costs are given)"
        notes = [f"ordered by {what}, since not every combination was simulated: gains are Shapley values"]
    for place, step in enumerate(order.steps, start=1):
        if step.tied:
            notes.append(f"step {place}=: the evidence does not tell it from {', '.join(step.tied)}")
        if len(step.remedies) > 1:
            notes.append(f"step {place}: {' and '.join(step.remedies)} help only together")
    if any(not step.is_sure for step in order.steps) and told.n > 1:
        notes.append("≈ the interval of the gain holds zero: no gain is shown")
    notes.extend(_idle(order))
    for other in others:
        notes.append(f"on {words(other)}: {_order_line(other.order)}")
    return tuple(notes)


def _idle(order: Order) -> list[str]:
    """Return what is said of remedies that gain nothing more, or never anything."""
    later = [name for name in order.idle if name not in order.never]
    if order.by_shapley:
        return [f"no gain: {', '.join(later)}"] if later else []
    notes = [f"no further gain after these steps: {', '.join(later)}"] if later else []
    return [*notes, f"no gain in any combination: {', '.join(order.never)}"] if order.never else notes


def _order_line(order: Order) -> str:
    steps = [" + ".join(step.remedies) + ("=" if step.tied else "") for step in order.steps]
    return "; ".join([", ".join(steps) or "nothing helps", *_idle(order)])


def _per_cost(step: Step) -> float | None:
    if not step.cost or step.gain.value is None:
        return None
    return step.gain.value / step.cost * _PER


def _money(amount: float | None) -> str:
    if amount is None:
        return NOTHING
    return f"{amount:,.0f}" if amount == round(amount) else f"{amount:,.2f}"


def _silent(found: Attributed) -> tuple[str, ...]:
    zero = [words(told) for told in found.figures if is_nothing(told)]
    notes = [f"{name}: zero in every combination" for name in zero]
    notes += [f"{shown}: no replication has a value in every combination" for shown in found.without_value]
    for told in found.figures:
        if told.n < found.n:
            notes.append(
                f"{words(told)}: from the {told.n} of {found.n} replications that have a value in every combination"
            )
    return tuple(notes)


def _provenance(found: Attributed) -> str:
    from importlib.metadata import version

    return f"plan {found.digest[:16]}, logs {found.logs[:16]}, callsim {version('callsim')}"
