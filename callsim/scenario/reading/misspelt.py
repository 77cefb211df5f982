"""A misspelt key and what is only wrong because of it: the key that was meant is missed in the same mapping."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsim.errors import Problem

__all__ = ["DID_YOU_MEAN", "NO_MEANING", "without_followers"]

NO_MEANING = "this key has no meaning here"
"""The rule that an unknown key breaks."""
DID_YOU_MEAN = "did you mean "
"""Beginning of the advice if a key that is known here is spelt nearly like that."""


def without_followers(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out the problems that are gone, or are others, when misspelt keys are mended.

    Of a mapping with a misspelt key that is what is said of this key besides, of the mapping as a whole, and of its
    other keys where the one that was meant is mentioned. That something else is missing stands.

    Parameters
    ----------
    problems : sequence of Problem

    Returns
    -------
    list of Problem
        In the same order, every unknown key among them.
    """
    misspelt = [problem for problem in problems if _is_unknown(problem) and problem.advice.startswith(DID_YOU_MEAN)]
    return [one for one in problems if _is_unknown(one) or not any(_follows(one, key) for key in misspelt)]


def _is_unknown(problem: Problem) -> bool:
    return problem.rule == NO_MEANING


def _follows(problem: Problem, key: Problem) -> bool:
    mapping = key.path.rpartition(".")[0]
    if problem.path == key.path:
        return True
    if mapping and problem.path == mapping and not problem.found.startswith("no "):
        return True
    meant = key.advice.removeprefix(DID_YOU_MEAN).rstrip("?")
    said = f"{problem.found}; {problem.rule}; {problem.advice}"
    beside = mapping in (problem.path, problem.path.rpartition(".")[0])
    return beside and re.search(rf"\b{re.escape(meant)}\b", said) is not None
