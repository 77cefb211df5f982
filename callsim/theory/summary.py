"""Ask every model that fits some plain facts about one queue: what would it answer, and what can it not see?

A table as data: the doors render it beside the simulated figures and add the features of the scenario that break an
assumption. A model without a steady state keeps its place in the table, with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

from callsim.errors import UnstableSystem
from callsim.theory.fluid import fluid_overload
from callsim.theory.patience import ExponentialPatience, NeverHangsUp, Patience, as_patience
from callsim.theory.single_agent import pollaczek_khinchine
from callsim.theory.steady_state import Formula, SteadyState, check_agents, check_positive, steady_state

__all__ = ["ASSUMPTIONS", "Answer", "Prediction", "predict"]

ASSUMPTIONS: Final = MappingProxyType(
    {
        "steady_demand": "calls come at one rate, independently, with no busy or quiet days",
        "long_run": "rate and staffing last long enough to forget how they began",
        "one_queue": "one queue, first come first served, no priorities",
        "like_agents": "all agents answer every call at the same speed, and none is on a break",
        "exponential_handle_time": "handle times are exponential",
        "exponential_patience": "patience is exponential",
        "nobody_hangs_up": "nobody hangs up while waiting",
        "nobody_waits": "a caller who finds no free agent is lost",
        "endless_lines": "there are lines for everybody",
        "no_redials": "nobody calls again",
        "no_transfers": "no call is passed on",
        "always_open": "the queue is open whenever calls come",
        "many_agents": "agents and calls are so many that chance averages out",
        "approximate": "an approximation by two moments, good to some per cent",
    }
)
"""What a model takes for granted: key, and the same in words."""

_COMMON = (
    "steady_demand",
    "long_run",
    "one_queue",
    "like_agents",
    "no_redials",
    "no_transfers",
    "always_open",
)

_FIGURES: Final = (
    ("p_delay", "share", "offered calls that find no free agent / offered"),
    ("p_block", "share", "calls that find all lines busy / all calls"),
    ("abandonment_ratio", "share", "abandoned / offered"),
    ("mean_wait", "s", "mean wait of offered calls, answered or abandoned"),
    ("speed_of_answer", "s", "mean wait of answered calls"),
    ("mean_wait_abandoned", "s", "mean wait of callers who hang up"),
    ("occupancy", "share", "busy time / staffed time"),
    ("mean_queue", "calls", "time average of the callers who wait"),
)

_SERVICE_LEVELS: Final = {
    "negative_abandon": "answered in time / (answered + abandoned)",
    "answered_only": "answered in time / answered",
    "positive_abandon": "answered or abandoned in time / (answered + abandoned)",
    "ignore_short_abandon": "answered in time / (answered + abandoned later than the threshold)",
    "exclude_short_abandon": "answered in time / (answered + abandoned later than a short wait)",
    "offered_incl_blocked": "answered in time / (answered + abandoned + blocked)",
}


@dataclass(frozen=True)
class Prediction:
    """One figure of one model.

    Attributes
    ----------
    name : str
        Name from the glossary.
    value : float or None
        Shares in 0 to 1, times in seconds; None where there is no such figure.
    unit : str
        ``share``, ``s`` or ``calls``.
    formula : str
        Name of the service-level formula; empty for other figures.
    definition : str
        What is divided by what.
    """

    name: str
    value: float | None
    unit: str
    formula: str
    definition: str


@dataclass(frozen=True)
class Answer:
    """What one model says about the queue.

    Attributes
    ----------
    model : str
        Short name: ``erlang_b``, ``erlang_c``, ``erlang_a``, ``general_patience``, ``finite_lines``,
        ``pollaczek_khinchine``, ``general_handle_time`` or ``fluid``.
    title : str
        The same for people.
    predictions : tuple of Prediction
        Its figures; empty where there is no steady state.
    assumptions : tuple of str
        Keys of `ASSUMPTIONS`: all that the model takes for granted.
    broken : tuple of str
        Those among them which the plain facts already break.
    reason : str
        Why there are no figures; empty if there are.
    """

    model: str
    title: str
    predictions: tuple[Prediction, ...]
    assumptions: tuple[str, ...]
    broken: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class _Facts:
    """The plain facts about one queue, checked."""

    arrival_rate: float
    handle_time: float
    n_agents: int
    handle_time_cv: float
    patience: Patience
    trunk_lines: int | None
    acceptable_wait: float
    short: float

    def breaks(self, assumption: str) -> bool:
        """Return whether these facts contradict an assumption."""
        hangs_up = not isinstance(self.patience, NeverHangsUp)
        return {
            "exponential_handle_time": self.handle_time_cv != 1.0,
            "exponential_patience": hangs_up and not isinstance(self.patience, ExponentialPatience),
            "nobody_hangs_up": hangs_up,
            "nobody_waits": self.trunk_lines is None or self.trunk_lines > self.n_agents,
            "endless_lines": self.trunk_lines is not None,
        }.get(assumption, False)


def predict(
    arrival_rate: float,
    handle_time: float,
    n_agents: int,
    *,
    handle_time_cv: float = 1.0,
    patience: float | Patience | None = None,
    trunk_lines: int | None = None,
    acceptable_wait: float = 20.0,
    short: float = 5.0,
) -> tuple[Answer, ...]:
    """Return what each model that fits would answer for one queue, with what it takes for granted.

    Parameters
    ----------
    arrival_rate : float
        Calls, > 0. [1/s]
    handle_time : float
        Mean handle time, > 0. [s]
    n_agents : int
        Agents, >= 1. [count]
    handle_time_cv : float
        Standard deviation / mean of the handle time, >= 0.
    patience : float or Patience or None
        Mean of an exponential patience [s], or a law, or None for callers who never hang up.
    trunk_lines : int or None
        Cap on the callers who talk or wait. [count]
    acceptable_wait : float
        Threshold of the service levels, >= 0. [s]
    short : float
        Limit of a short abandonment, >= 0. [s]

    Returns
    -------
    tuple of Answer
        Erlang B and C always; Erlang A (or general patience) if callers hang up, and again with the lines if they
        are capped; Pollaczek-Khinchine for one agent, Allen-Cunneen for more, if the handle time is not
        exponential; the fluid hold in overload.

    Raises
    ------
    ValueError
        If a fact is outside its range.

    Examples
    --------
    >>> answers = predict(100 / 1800, 180.0, 14, patience=300.0)
    >>> [answer.model for answer in answers]
    ['erlang_b', 'erlang_c', 'erlang_a']
    >>> answers[1].broken
    ('nobody_hangs_up',)
    >>> [round(row.value, 4) for row in answers[2].predictions if row.formula == "negative_abandon"]
    [0.9168]
    """
    check_positive("arrival_rate", arrival_rate)
    check_positive("handle_time", handle_time)
    check_agents("n_agents", n_agents)
    if trunk_lines is not None:
        check_agents("trunk_lines", trunk_lines)
    for name, value in (("handle_time_cv", handle_time_cv), ("acceptable_wait", acceptable_wait), ("short", short)):
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{name}: found {value!r}; must be a finite number >= 0")
    law = as_patience(patience)
    facts = _Facts(arrival_rate, handle_time, n_agents, handle_time_cv, law, trunk_lines, acceptable_wait, short)
    return tuple(answer for answer in (*_exact_answers(facts), *_rough_answers(facts)) if answer is not None)


def _exact_answers(facts: _Facts) -> list[Answer]:
    """Return the models that are exact where their assumptions hold."""
    answers = [
        _from_state(facts, "erlang_b", "Erlang B (nobody may wait)", ("nobody_waits",), None, facts.n_agents),
        _from_state(
            facts,
            "erlang_c",
            "Erlang C (M/M/n)",
            ("exponential_handle_time", "nobody_hangs_up", "endless_lines"),
            None,
            None,
        ),
    ]
    hangs_up = facts.breaks("nobody_hangs_up")
    general = facts.breaks("exponential_patience")
    patience_keys = ("exponential_handle_time",) + (() if general else ("exponential_patience",))
    if hangs_up:
        name, title = ("general_patience", "M/M/n+G") if general else ("erlang_a", "Erlang A (M/M/n+M)")
        answers.append(_from_state(facts, name, title, (*patience_keys, "endless_lines"), facts.patience, None))
    if facts.trunk_lines is not None:
        keys = patience_keys if hangs_up else ("exponential_handle_time", "nobody_hangs_up")
        title = f"finite lines (M/M/n/K{'+G' if general else '+M' if hangs_up else ''})"
        answers.append(_from_state(facts, "finite_lines", title, keys, facts.patience, facts.trunk_lines))
    return answers


def _from_state(
    facts: _Facts, model: str, title: str, keys: tuple[str, ...], patience: Patience | None, trunk_lines: int | None
) -> Answer:
    """Return the answer of a birth-death model."""
    assumptions = (*_COMMON, *keys)
    broken = tuple(key for key in assumptions if facts.breaks(key))
    try:
        state = steady_state(facts.arrival_rate, facts.handle_time, facts.n_agents, patience, trunk_lines)
    except UnstableSystem as error:
        return Answer(model, title, (), assumptions, broken, str(error))
    return Answer(model, title, _rows(state, facts), assumptions, broken)


def _rows(state: SteadyState, facts: _Facts) -> tuple[Prediction, ...]:
    """Return the figures and all service levels of a steady state."""
    rows = [
        Prediction(name, _number(getattr(state, name)), unit, "", definition) for name, unit, definition in _FIGURES
    ]
    held = state.answered_later(3600.0)
    rows.append(Prediction("share_held_an_hour", held, "share", "", "answered after more than an hour / answered"))
    formulas: tuple[Formula, ...] = get_args(Formula)
    for formula in formulas:
        level = state.service_level(facts.acceptable_wait, formula, facts.short)
        rows.append(Prediction("service_level", level, "share", formula, _SERVICE_LEVELS[formula]))
    return tuple(rows)


def _number(value: float) -> float | None:
    """Return None for the mean of nobody."""
    return None if math.isnan(value) else value


def _rough_answers(facts: _Facts) -> list[Answer | None]:
    """Return the answers that see the variation of the handle time, or overload, and little else."""
    return [_handle_time_answer(facts), _fluid_answer(facts)]


def _handle_time_answer(facts: _Facts) -> Answer | None:
    """Return mean waits for a handle time that is not exponential: exact for one agent, else by Allen and Cunneen."""
    if facts.handle_time_cv == 1.0:
        return None
    single = facts.n_agents == 1
    keys = ("nobody_hangs_up", "endless_lines")
    assumptions = (*_COMMON, *keys) if single else (*_COMMON, *keys, "approximate")
    broken = tuple(key for key in assumptions if facts.breaks(key))
    model = "pollaczek_khinchine" if single else "general_handle_time"
    title = "Pollaczek-Khinchine (M/G/1)" if single else "Allen-Cunneen (M/G/n)"
    try:
        if single:
            exact = pollaczek_khinchine(facts.arrival_rate, facts.handle_time, facts.handle_time_cv)
            wait, occupancy = exact.mean_wait, exact.occupancy
        else:
            state = steady_state(facts.arrival_rate, facts.handle_time, facts.n_agents)
            wait, occupancy = 0.5 * (1.0 + facts.handle_time_cv**2) * state.mean_wait, state.occupancy
    except UnstableSystem as error:
        return Answer(model, title, (), assumptions, broken, str(error))
    values = {
        "mean_wait": wait,
        "speed_of_answer": wait,
        "occupancy": occupancy,
        "mean_queue": facts.arrival_rate * wait,
    }
    return Answer(model, title, _some_rows(values), assumptions, broken)


def _fluid_answer(facts: _Facts) -> Answer | None:
    """Return the fluid hold, if callers hang up and more come than can be served."""
    if not facts.breaks("nobody_hangs_up") or facts.arrival_rate * facts.handle_time <= facts.n_agents:
        return None
    stream = fluid_overload(facts.arrival_rate, facts.handle_time, facts.n_agents, facts.patience)
    values = {
        "abandonment_ratio": stream.abandonment_ratio,
        "mean_wait": stream.mean_wait,
        "speed_of_answer": stream.hold,
        "occupancy": stream.occupancy,
        "mean_queue": facts.arrival_rate * stream.mean_wait,
    }
    assumptions = (*_COMMON, "many_agents", "endless_lines")
    broken = tuple(key for key in assumptions if facts.breaks(key))
    return Answer("fluid", "fluid overload (1 - 1/load = F(hold))", _some_rows(values), assumptions, broken)


def _some_rows(values: dict[str, float]) -> tuple[Prediction, ...]:
    """Return rows for the figures that a rough model has."""
    return tuple(
        Prediction(name, values[name], unit, "", definition) for name, unit, definition in _FIGURES if name in values
    )
