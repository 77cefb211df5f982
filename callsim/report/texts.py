"""Every word of the HTML report, from one file for each language, so that another language is another file.

``texts.en.toml`` stands beside this module. Braces in it are filled in by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from callsim.experiments.estimates import Row
from callsim.report.columns import title

__all__ = ["Texts", "read_texts", "texts_in"]

Words = TypeVar("Words")


@dataclass(frozen=True)
class Texts:
    """The words of a report in one language; ``texts.en.toml`` shows what each is for."""

    language: str
    """For the ``lang`` attribute of the page (BCP 47)."""
    run_wait: str
    run_no_wait: str
    run_abandoned: str
    run_no_calls: str
    held: str
    busy: str
    beats_all: str
    rivals: str
    unclear: str
    quoted: str
    listed: str
    more: str
    answer: str
    contents: str
    comparison: str
    results: str
    details: str
    details_of: str
    pictures: str
    glossary: str
    repeat: str
    skip: str
    variants: str
    differences: str
    base: str
    calls: str
    callers: str
    fates: str
    agents: str
    columns_mean: str
    continued: str
    whole: str
    all_calls: str
    number: str
    by_wait: str
    by_abandonment: str
    place_definition: str
    tied: str
    same: str
    held_back: str
    subtracted: str
    hover: str
    hover_interval: str
    hover_paired: str
    hover_no_interval: str
    hover_no_value: str
    unknown_reason: str
    reading: str
    reading_single: str
    repeat_lead: str
    command: str
    scenario: str
    seed: str
    replications: str
    level: str
    versions: str
    formats: str
    formats_value: str
    stopped: str
    digests: str
    plan_digest: str
    logs_digest: str
    files: str
    file: str
    too_long: str
    explained: str
    better: Mapping[str, str]
    """Measure -> the sentence of a variant that helps."""
    none_better: Mapping[str, str]
    """Measure -> the sentence when none is shown to help."""
    no_figure: Mapping[str, str]
    """Measure -> the sentence when the base has no value."""
    no_intervals: Mapping[str, str]
    """Measure -> the sentence of a single replication."""
    worse: Mapping[str, str]
    """Measure -> how many variants make it worse."""
    corners: Mapping[str, str]
    """What the rows of a table are -> the header of their names."""
    cases: Mapping[str, str]
    """Words of the tables of cases."""
    captions: Mapping[str, str]
    """Figure -> the line below it."""
    units: Mapping[str, str]
    """Unit of a column -> how it is written."""
    said: Mapping[str, str]
    """Unit -> how it is written in a sentence, where that differs: ``3:20 minutes``."""
    scopes: Mapping[str, str]
    """Scope as the definitions write it -> in words."""
    names: Mapping[str, str]
    """Measure -> its short name, where it is not its own name."""
    definitions: Mapping[str, str]
    """Measure -> its definition, where it is not that of the rows."""

    def name(self, measure: str) -> str:
        """Return the short name of a measure."""
        return self.names.get(measure, title(measure).replace("\n", " "))

    def unit(self, unit: str, sentence: bool = False) -> str:
        """Return how a unit is written in a table, or in a sentence."""
        written = self.units.get(unit, unit)
        return self.said.get(unit, written) if sentence else written

    def definition(self, row: Row) -> str:
        """Return the definition of a row's measure, that of the row unless this language has its own."""
        own = self.definitions.get(row.name)
        if own is not None:
            return own
        text = row.definition.removeprefix(f"{row.variant} - {row.versus}: ").replace("_", " ")
        for written, said in self.scopes.items():
            text = text.replace(written, said)
        return text

    def listing(self, names: list[str], most: int = 3) -> str:
        """Return names as a list in words, quoted; those beyond ``most`` are counted."""
        shown = [self.quoted.format(name=name) for name in names[:most]]
        if len(names) > most:
            shown.append(self.more.format(count=len(names) - most))
        return shown[0] if len(shown) == 1 else self.listed.format(names=", ".join(shown[:-1]), last=shown[-1])


@cache
def texts_in(language: str = "en") -> Texts:
    """Return the words in a language of which there is a file.

    Parameters
    ----------
    language : str
        Such as ``en``; part of the file's name.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If the file lacks a text, or has one too many.
    """
    return read_texts(Texts, "callsim.report", language)


def read_texts(words: type[Words], package: str, language: str) -> Words:
    """Return the words that a package's file for a language holds, as one value.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If the file lacks a text, or has one too many.
    """
    text = (files(package) / f"texts.{language}.toml").read_text(encoding="utf-8")
    return words(**tomllib.loads(text))
