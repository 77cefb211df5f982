"""Several wrong parts of one value, gathered to be reported at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callsim.units import UnitError

__all__ = ["Collector", "Faults"]


class Faults(ValueError):
    """Several parts of one value are wrong; each with the way to it."""

    def __init__(self, faults: list[tuple[tuple[str | int, ...], UnitError, bool]]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


class Collector:
    """Runs readers on the parts of a value and gathers what goes wrong, to report all of it at once."""

    def __init__(self) -> None:
        self.faults: list[tuple[tuple[str | int, ...], UnitError, bool]] = []

    def read(self, at: tuple[str | int, ...], reader: Callable[[Any], Any], value: Any, *, key: bool = False) -> Any:
        """Return ``reader(value)``, or None if it raised."""
        try:
            return reader(value)
        except UnitError as error:
            self.faults.append((at, error, key))
            return None

    def finish(self) -> None:
        """Raise what was gathered, if anything was."""
        if self.faults:
            raise Faults(self.faults)
