"""The compiled engine: the same log as the SimPy engine, cell for cell, and many times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsim.engines.compiled.counting import tally_run
    from callsim.engines.compiled.engine import run

__all__ = ["run", "tally_run"]


def __getattr__(name: str) -> Any:
    """Fetch a function when it is first asked for: the kernel's own modules need neither."""
    if name == "run":
        from callsim.engines.compiled.engine import run

        return run
    if name == "tally_run":
        from callsim.engines.compiled.counting import tally_run

        return tally_run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
