"""Rules that are written as phrases: what happens at closed doors, to transferred and to abandoned calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from callsim import units
from callsim.codes import AtClosing, IfClosed, Place, ServiceLevelFormula, TransferPatience, WhenClosed
from callsim.scenario.language.values import AbandonedRule, ClosedRule, ClosingRule
from callsim.scenario.reading.source import nearest
from callsim.units import UnitError, show

__all__ = [
    "ABANDONED",
    "AT_CLOSING",
    "IF_CLOSED",
    "PLACES",
    "TRANSFER_PATIENCE",
    "WHEN_CLOSED",
    "choices",
    "read_abandoned",
    "read_at_closing",
    "read_if_closed",
    "read_place",
    "read_transfer_phrase",
    "read_when_closed",
]


def _choice(table: dict[str, Any], what: str) -> Callable[[object], Any]:
    """Return a reader of one of a few phrases."""

    def read(value: object) -> Any:
        words = " ".join(str(value).split())
        if not isinstance(value, str) or words not in table:
            raise UnitError(show(value), f"this is not {what}", choices(words, table))
        return table[words]

    return read


def choices(word: str, known: Iterable[str]) -> str:
    """Return advice that lists the few phrases that are allowed, the nearest first if there is one."""
    *others, last = known
    listed = f"write {', '.join(others)} or {last}" if others else f"write {last}"
    advice = nearest(word, [*others, last])
    return f"{advice} {listed}" if advice.startswith("did") else listed


WHEN_CLOSED = {
    "announce and hang up": WhenClosed.ANNOUNCE,
    "busy tone": WhenClosed.BUSY,
    "voicemail": WhenClosed.VOICEMAIL,
    "hold until open": WhenClosed.HOLD,
    "overflow to": WhenClosed.OVERFLOW,
}
AT_CLOSING = {
    "serve the waiting": AtClosing.SERVE,
    "cut off": AtClosing.DROP,
    "keep until open": AtClosing.KEEP,
    "move to": AtClosing.MOVE,
}
IF_CLOSED = {
    "keep the caller": IfClosed.KEEP,
    "cut off": IfClosed.DROP,
    "return to sender": IfClosed.RETURN,
    "voicemail": IfClosed.VOICEMAIL,
    "hold until open": IfClosed.HOLD,
}
PLACES = {"at the back": Place.BACK, "ahead of new calls": Place.AHEAD, "keeps its place": Place.KEEPS}
TRANSFER_PATIENCE = {
    "fresh": TransferPatience.FRESH,
    "remaining": TransferPatience.REMAINING,
    "unlimited": TransferPatience.UNLIMITED,
}
ABANDONED = {
    "count against us": ServiceLevelFormula.NEGATIVE_ABANDON,
    "count as answered": ServiceLevelFormula.POSITIVE_ABANDON,
    "leave out": ServiceLevelFormula.ANSWERED_ONLY,
    "leave out within the target": ServiceLevelFormula.IGNORE_SHORT_ABANDON,
    "count against us, blocked and closed calls too": ServiceLevelFormula.OFFERED_INCL_BLOCKED,
    "leave out below 5s": ServiceLevelFormula.EXCLUDE_SHORT_ABANDON,
}
"""What an abandoned call counts; the last takes any duration."""


def read_when_closed(value: object) -> ClosedRule:
    """Return the rule for callers who arrive at a closed queue."""
    action, to = _action(value, WHEN_CLOSED, "a rule for callers who arrive closed")
    return ClosedRule(action, to, str(value).strip())


def read_at_closing(value: object) -> ClosingRule:
    """Return the rule for callers who wait when their queue closes."""
    action, to = _action(value, AT_CLOSING, "a rule for callers who wait at closing")
    return ClosingRule(action, to, str(value).strip())


def _action(value: object, table: dict[str, Any], what: str) -> tuple[Any, str | None]:
    words = " ".join(str(value).split())
    for phrase, action in table.items():
        if phrase.endswith(" to") and words.startswith(f"{phrase} "):
            return action, words.removeprefix(phrase).strip()
    known = [f"{phrase} QUEUE" if phrase.endswith(" to") else phrase for phrase in table]
    if not isinstance(value, str) or words not in table or words.endswith(" to"):
        raise UnitError(show(value), f"this is not {what}", choices(words, known))
    return table[words], None


def read_abandoned(value: object) -> AbandonedRule:
    """Return what an abandoned call counts in the service level."""
    words = " ".join(str(value).split())
    if isinstance(value, str) and words.startswith("leave out below "):
        limit = units.duration(words.removeprefix("leave out below "))
        return AbandonedRule(ServiceLevelFormula.EXCLUDE_SHORT_ABANDON, limit, words)
    if not isinstance(value, str) or words not in ABANDONED:
        raise UnitError(show(value), "this is not a rule for abandoned calls", choices(words, ABANDONED))
    return AbandonedRule(ABANDONED[words], 0, words)


def read_if_closed(value: object) -> IfClosed:
    """Return what a transfer does when its target is closed."""
    action: IfClosed = _choice(IF_CLOSED, "a rule for a closed target")(value)
    return action


def read_place(value: object) -> Place:
    """Return where a transferred caller joins the target's queue."""
    place: Place = _choice(PLACES, "a place in the queue")(value)
    return place


def read_transfer_phrase(value: object) -> TransferPatience:
    """Return the patience of a transferred caller, if it is one of the phrases."""
    patience: TransferPatience = _choice(TRANSFER_PATIENCE, "a rule for the patience of a transferred caller")(value)
    return patience
