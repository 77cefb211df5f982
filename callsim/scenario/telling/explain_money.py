"""`money` in plain words: every amount, and what is not said."""

from __future__ import annotations

from collections.abc import Iterator

from callsim.scenario.models.money import Churn, Money, Training, Wage
from callsim.scenario.resolving.resolved import Resolved
from callsim.units import format_duration, format_number, format_share

__all__ = ["say_money"]

_AMOUNTS = (
    ("line_minute", "a minute of a line"),
    ("contact", "a call"),
    ("transfer", "a call that is passed on"),
    ("complaint", "a complaint to the regulator"),
    ("customer", "a customer who leaves"),
    ("given_up", "a customer who gives up or never tries, at once"),
    ("hour_of_customer", "an hour of a customer's life on hold"),
)


def say_money(resolved: Resolved) -> Iterator[str]:
    """Yield a line for each thing that money can say; none if a scenario speaks of none."""
    money = resolved.context.scenario.money
    if money is None:
        return
    currency = f" {money.currency}" if money.currency else ""
    groups = resolved.context.groups
    yield from _by_group("wages", {group: _wage(money, group, currency) for group in groups})
    for name, text in _AMOUNTS:
        amount = getattr(money, name)
        yield f"  {text}: {'not said  (default)' if amount is None else f'{format_number(amount)}{currency}'}"
    yield from _say_losses(money)
    yield from _by_group("training", {group: _training(money, group, currency) for group in groups})
    full = "" if resolved.context.scenario.source.has("money", "full_time") else "  (default)"
    yield f"  a full-time agent: {format_duration(money.full_time)} a week{full}"
    turnover = money.turnover
    if turnover is None:
        yield "  turnover: not said  (default)"
        return
    yield (
        f"  turnover: {format_share(turnover.per_year)} a year, {format_share(turnover.each_point)} for each per cent "
        f"of occupancy above {format_share(turnover.above)}, {format_share(turnover.each_angry_call)} for each angry "
        "call of an agent a week"
    )


def _by_group(label: str, said: dict[str, str]) -> Iterator[str]:
    """Yield one line if all groups are alike, else one for each."""
    if len(set(said.values())) == 1:
        yield f"  {label}: {next(iter(said.values()))}"
        return
    for group, text in said.items():
        yield f"  {label} of {group}: {text}"


def _wage(money: Money, group: str, currency: str) -> str:
    wage: Wage | None = money.wages.get(group) or money.wages.get("*")
    if wage is None:
        return "not said  (default)"
    extra = [f", {hours.text} times {format_number(factor)}" for hours, factor in wage.premium]
    return f"{format_number(wage.per_hour)}{currency} an hour{''.join(extra)}"


def _training(money: Money, group: str, currency: str) -> str:
    training: Training | None = money.training.get(group) or money.training.get("*")
    if training is None:
        return "not said  (default)"
    stays = f", to work for {format_duration(training.works_for)}" if training.works_for else ""
    return f"{format_number(training.weeks)} weeks of {format_number(training.per_week)}{currency}{stays}"


def _say_losses(money: Money) -> Iterator[str]:
    churn = money.churn
    if churn is None:
        yield "  who leaves: not said  (default)"
    else:
        said = ", ".join(f"{name} {format_share(share)}" for name, share in _events(churn))
        yield f"  who leaves, by the worst that happened: {said}"
    mouth = money.word_of_mouth
    yield "  word of mouth: " + (
        "none  (default)"
        if mouth is None
        else f"each who leaves tells {format_number(mouth.tells)}, of whom {format_share(mouth.share)} leave"
    )


def _events(churn: Churn) -> Iterator[tuple[str, float]]:
    for name, field in Churn.model_fields.items():
        value = getattr(churn, name)
        if name == "told_it_often" and value is not None:
            yield f"told it more than {value.more_than} times", value.share
        elif value is not None:
            yield field.alias or name.replace("_", " "), value
