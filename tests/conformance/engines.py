"""The engines beside SimPy that are held to the conformance suite."""

from __future__ import annotations

from callsim.testing.conformance import Run

__all__ = ["others"]


def others() -> dict[str, Run]:
    """Return the engines by name."""
    from callsim.engines.compiled.engine import run

    return {"compiled": run}
