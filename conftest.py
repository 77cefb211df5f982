"""Which of the shipped scenarios' expectations are left to ``-m long``."""

from __future__ import annotations

from pathlib import Path

import pytest

LONG_EXPECTATIONS = (
    "benchmark/w1.yaml", "benchmark/w2.yaml", "case/as-it-happened.yaml", "case/bell.yaml", "case/compare.yaml",
    "textbook/erlang-a.yaml", "textbook/overflow.yaml",
)  # fmt: skip
"""Shipped scenarios that simulate more than half a million calls before all that they expect is decided."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what takes minutes to ``-m long``: the expectations of long scenarios, but none of the records."""
    long = {Path(__file__).resolve().parent / "scenarios" / name for name in LONG_EXPECTATIONS}
    for item in items:
        if item.path in long and item.name != "record":
            item.add_marker("long")
