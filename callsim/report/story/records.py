"""A story as plain values for JSON: every sentence with its facts; times in seconds, with the local time beside."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any

from callsim.plan.plan import SECOND
from callsim.report.story.entries import Call, Entry, Promise, Totals, Visit

if TYPE_CHECKING:
    from callsim.report.story.value import Story

__all__ = ["story_json", "story_record"]

_LENGTHS = {"phone", "hold", "talk", "waited", "talked", "age"}
_INSTANTS = {"at", "ended", "promise_due", "made", "due", "settled"}


def story_json(story: Story) -> str:
    """Return `story_record` as JSON text."""
    return json.dumps(story_record(story), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def story_record(story: Story) -> dict[str, Any]:
    """Return a story as a mapping.

    Keys are those of the values: see `callsim.report.story.value.Story` and `callsim.report.story.entries`. An instant
    ``x`` is in seconds since the start of the run and has its local time beside it as ``x_local``; codes are their
    names in small letters; what there is not is null.
    """
    words = story.words
    local = words.timeline.label

    def plain(value: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in fields(value):
            name, content = field.name, getattr(value, field.name)
            if name in _INSTANTS:
                found[name] = None if content is None else content / SECOND
                found[f"{name}_local"] = None if content is None else local(content)
            elif name in _LENGTHS:
                found[name] = content / SECOND
            elif isinstance(content, Enum):
                found[name] = content.name.lower()
            elif isinstance(content, Call | Promise | Totals):
                found[name] = plain(content)
            elif isinstance(content, tuple):
                found[name] = [plain(one) for one in content if isinstance(one, Visit)]
            else:
                found[name] = content
        return found

    def entry_record(entry: Entry) -> dict[str, Any]:
        found = plain(entry)
        due = entry.kind.startswith("promise_")
        found["value"] = entry.value / SECOND if due else entry.value
        return found

    return {
        "id": story.id,
        "case_type": story.case_type or None,
        "customers": story.customers or None,
        "scenario": story.plan.name,
        "replication": story.log.replication,
        "seed": story.log.seed,
        "plan_digest": story.log.plan_digest,
        "choice": story.choice,
        "like": story.wanted or None,
        "pool": story.pool,
        "end": story.end,
        "begun": story.begun / SECOND,
        "begun_local": local(story.begun),
        "closed": story.closed / SECOND,
        "closed_local": local(story.closed),
        "age": (story.closed - story.begun) / SECOND,
        "pieces": story.pieces,
        "totals": plain(story.totals),
        "promises": [plain(promise) for promise in story.promises],
        "sentences": [entry_record(entry) for entry in story.entries],
    }
