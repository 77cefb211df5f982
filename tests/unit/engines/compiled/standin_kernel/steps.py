"""What the stand-in's kernel calls."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined


@inlined
def weighted(value: Any, weight: Any) -> Any:
    """Return a value times a weight."""
    return value * weight
