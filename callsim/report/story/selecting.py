"""Which case is told: the worst, the median, the one nearest to given numbers, or one by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.plan.plan import SECOND, Plan
from callsim.report.story.ledger import Ledger, Spent

__all__ = ["LIKE", "Chosen", "case_name", "choose", "named", "streams_of"]

Bool = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]

_HOUR = 3600.0 * SECOND
LIKE = {
    "calls": "calls that he made",
    "conversations": "employees who answered, each as often as he did",
    "employees": "different employees who answered",
    "hours": "hours on the phone",
    "hold": "hours on hold",
    "outage": "hours from the beginning of the problem until it is solved",
}
"""What a case can be asked to be near to."""


@dataclass(frozen=True)
class Chosen:
    """A caller, and how he was found."""

    caller: int
    """Row of `Ledger.callers`."""
    choice: str
    """``worst``, ``median``, ``like`` or ``named``."""
    wanted: str = ""
    """The numbers that it is to be near to, as they were given."""
    pool: int = 1
    """Among how many."""


def streams_of(plan: Plan, case_type: str | None, customers: str | None, callers: str | None) -> list[int]:
    """Return the streams whose stories are asked for: case kinds, or one stream of ordinary callers.

    Parameters
    ----------
    plan : Plan
    case_type, customers : str, optional
        Name of a type of case, of a kind of customer; all.
    callers : str, optional
        Name of a stream of callers, with or without cases.

    Raises
    ------
    CallsimError
        If a name is unknown, or there are no such cases.
    """
    cases = plan.cases
    if callers is not None:
        return [_place("callers", callers, plan.streams.names)]
    if not cases.n:
        some = ", ".join(plan.streams.names)
        raise CallsimError(
            f"story: this scenario has no cases; an ordinary caller's is told with --callers, one of: {some}"
        )
    if case_type is not None:
        _place("cases", case_type, cases.types)
    if customers is not None:
        _place("customers", customers, tuple(dict.fromkeys(cases.customers)))
    found = [
        int(cases.stream[kind])
        for kind in range(cases.n)
        if (case_type is None or cases.types[int(cases.type[kind])] == case_type)
        and (customers is None or cases.customers[kind] == customers)
    ]
    if not found:
        raise CallsimError(f"story: there are no cases of {case_type!r} whose customers are {customers!r}")
    return found


def case_name(plan: Plan, key: npt.NDArray[np.int64]) -> str:
    """Return the name of a caller: ``stream/block/n``."""
    stream, block, n = (int(number) for number in key)
    return f"{plan.streams.names[stream]}/{block}/{n}"


def named(plan: Plan, name: str) -> tuple[int, int, int]:
    """Read the name of a caller, as `case_name` writes it.

    Raises
    ------
    CallsimError
        If it is not of this form, or there is no such stream.
    """
    stream, *numbers = name.rsplit("/", 2)
    try:
        block, n = (int(number) for number in numbers)
    except ValueError:
        raise CallsimError(f"case: found {name!r}; write stream/block/n, such as {plan.streams.names[0]}/0/0") from None
    return _place("case", stream, plan.streams.names), block, n


def choose(book: Ledger, choice: str, like: Mapping[str, float] | None = None) -> Chosen:
    """Choose among the callers of a ledger whose problem began in the measured window and who called at least once.

    Parameters
    ----------
    book : Ledger
    choice : {"worst", "median", "like"}
        The longest time on the phone; the middle by calls, then time on the phone; the nearest to ``like``.
    like : mapping of str to float, optional
        Keys of `LIKE`. The distance is the sum of the squares of the relative differences.

    Raises
    ------
    CallsimError
        If nobody is there to be chosen.
    """
    spent = book.spent()
    clock = book.plan.clock
    pool = (spent.born >= clock.warm_up) & (spent.born < clock.window_end) & (spent.calls + spent.from_provider > 0)
    what = "case"
    if choice == "like" and "outage" in (like or {}):
        pool &= spent.solved >= 0
        what = "solved case"
    rows = np.flatnonzero(pool)
    if not len(rows):
        raise CallsimError(f"story: no {what} of this kind began in the measured window and led to a call")
    # Callers are sorted: of equal ones the first is taken.
    if choice == "worst":
        order = np.lexsort((-spent.calls[rows], -spent.phone[rows]))
        return Chosen(int(rows[order[0]]), choice, pool=len(rows))
    if choice == "median":
        order = np.lexsort((spent.phone[rows], spent.calls[rows]))
        return Chosen(int(rows[order[(len(rows) - 1) // 2]]), choice, pool=len(rows))
    far = _distance(spent, like or {})[rows]
    wanted = ", ".join(f"{name}={value:g}" for name, value in (like or {}).items())
    return Chosen(int(rows[np.argmin(far)]), choice, wanted, len(rows))


def _distance(spent: Spent, like: Mapping[str, float]) -> Float:
    figures: dict[str, npt.NDArray[Any]] = {
        "calls": spent.calls,
        "conversations": spent.conversations,
        "employees": spent.employees,
        "hours": spent.phone / _HOUR,
        "hold": spent.hold / _HOUR,
        "outage": (spent.solved - spent.born) / _HOUR,
    }
    if not like:
        raise CallsimError(f"like: give numbers to be near to, such as calls=22,hours=12; names are: {', '.join(LIKE)}")
    total = np.zeros(len(spent.calls))
    for name, value in like.items():
        if name not in figures:
            raise CallsimError(f"like: found {name!r}; names are: {', '.join(LIKE)}")
        if not value > 0 or value == float("inf"):
            raise CallsimError(f"like: found {name}={value:g}; must be a number above 0")
        total += (figures[name] / value - 1.0) ** 2
    return total


def _place(what: str, name: str, names: tuple[str, ...]) -> int:
    if name in names:
        return names.index(name)
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
    raise CallsimError(f"{what}: found {name!r}; there is no such name; {hint}")
