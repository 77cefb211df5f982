"""The compiled engine: the same log as the SimPy engine, cell for cell, and many times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.on_use import on_use

if TYPE_CHECKING:
    from callsim.engines.compiled.counting import tally_run
    from callsim.engines.compiled.engine import run

__all__ = ["run", "tally_run"]


__getattr__ = on_use(__name__, {"counting": ("tally_run",), "engine": ("run",)})
