"""The cases of the reference files: those of ../shared/reference where it is, else the copies in values.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.conftest import cases

COPIES = Path(__file__).resolve().parent / "values.yaml"
Case = dict[str, Any]


@cache
def copies() -> dict[str, list[Case]]:
    """Return the committed cases by file."""
    return yaml.load(COPIES.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def known(file: str, starts: str = "") -> tuple[Case, ...]:
    """Return the cases of a file whose id starts so; new ones of the outside folder are included."""
    found = {case["id"]: case for case in copies().get(file, [])} | {case["id"]: case for case in cases(file)}
    return tuple(case for name, case in found.items() if name.startswith(starts))


def case_named(file: str, identity: str) -> Case:
    """Return one case."""
    return next(case for case in known(file) if case["id"] == identity)
