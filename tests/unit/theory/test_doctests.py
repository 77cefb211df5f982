"""The examples in the docstrings of the theory room run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import callsim.theory

MODULES = [f"callsim.theory.{module.name}" for module in pkgutil.iter_modules(callsim.theory.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name: str) -> None:
    """Each public function has one."""
    failures, _ = doctest.testmod(importlib.import_module(name))
    assert failures == 0


def test_there_are_examples() -> None:
    """The test above would pass without any."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 12
