"""The committed copies of reference values say what the files outside say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.conftest import ABSENT, cases, reference_folder
from tests.oracle.reference_values import copies

FIELDS = ("parameters", "values", "rows", "totals", "periods", "time_unit")
COPIED = [(file, case) for file, kept in copies().items() for case in kept]


@pytest.mark.skipif(reference_folder() is None, reason=ABSENT)
@pytest.mark.parametrize(("file", "case"), COPIED, ids=[case["id"] for _, case in COPIED])
def test_a_copy_agrees_with_the_file_it_was_taken_from(file: str, case: dict[str, Any]) -> None:
    """Every number of `values.yaml` is that of the case with this id."""
    original = next(each for each in cases(file) if each["id"] == case["id"])
    assert {name: case.get(name) for name in FIELDS} == {name: original.get(name) for name in FIELDS}


def test_every_copy_names_its_source() -> None:
    """Facts are used with their citation."""
    assert [case["id"] for _, case in COPIED if not case.get("source")] == []
    assert len(COPIED) > 40
