"""The words of stories, from one file for each language: ``texts.en.toml`` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from callsim.report.texts import read_texts

__all__ = ["StoryTexts", "story_texts_in"]

Forms = str | list[str]
"""A text, or several: of one thing, of two if that is said otherwise, and of more."""


@dataclass(frozen=True)
class StoryTexts:
    """The words of a story in one language; ``texts.en.toml`` shows what each is for."""

    language: str
    weekdays: list[str]
    months: list[str]
    moment: str
    undated: str
    seconds: str
    minutes: str
    hours: str
    days: str
    more_days: str
    ordinals: list[str]
    ordinal: str
    ordinal_ends: Mapping[str, str]
    joint: str
    call: str
    provider_call: str
    event: str
    so_far: str
    open: str
    with_regulator: str
    still_promised: str
    held: str
    at_once: str
    moved_on: str
    hung_up: str
    closed_on: str
    still_holding: str
    waits_for_agent: str
    talked: str
    still_talking: str
    explained_first: str
    explained_again: str
    saw_notes: str
    provider_talk: str
    owned: str
    refused: str
    escalated: str
    granted: str
    promised: str
    kept: str
    kept_late: str
    closed_unsolved: str
    learned_hours: str
    causes: Mapping[str, str]
    """`Cause` -> why the call was made."""
    in_vain: Mapping[str, str]
    """`Outcome` of a call without a queue."""
    transfers: Mapping[str, str]
    """`TransferResult`."""
    events: Mapping[str, str]
    totals: Mapping[str, Forms]
    picture: Mapping[str, Forms]
    heading: Mapping[str, Forms]

    def counted(self, forms: Forms, n: int) -> str:
        """Return "1 call", "2 calls"; the last form serves all higher numbers, and none."""
        if isinstance(forms, str):
            return forms.format(n=n)
        place = len(forms) if n == 0 else min(n, len(forms))
        return forms[place - 1].format(n=f"{n:,}")

    def nth(self, n: int) -> str:
        """Return "third", "22nd"."""
        if n <= len(self.ordinals):
            return self.ordinals[n - 1]
        form = self.ordinal if n // 10 % 10 == 1 else self.ordinal_ends.get(str(n % 10), self.ordinal)
        return form.format(n=n)


@cache
def story_texts_in(language: str = "en") -> StoryTexts:
    """Return the words in a language of which there is a file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If the file lacks a text, or has one too many.
    """
    return read_texts(StoryTexts, "callsim.report.story", language)
