"""How a field of the models gets its value: a function reads what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import CoreSchema, core_schema

__all__ = ["ReadBy"]


@dataclass(frozen=True)
class ReadBy:
    """Marks a type of values that a function reads.

    `pydantic.PlainValidator` does the same and also works out how such values are written, field by field, which takes
    as long as all other work on the models; a scenario is never written back.
    """

    reader: Callable[[Any], Any]
    """Raises ValueError on what it cannot read."""

    def __get_pydantic_core_schema__(self, kind: Any, handler: Any) -> CoreSchema:
        """Tell pydantic to call the reader."""
        return core_schema.no_info_plain_validator_function(self.reader)
