"""What all models of the scenario language share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Section"]


class Section(BaseModel):
    """A part of a scenario: immutable, and unknown keys are errors.

    The docstrings under the fields are the manual; `manual.field_docs` reads them when a manual, a schema or a message
    needs them (letting pydantic do so would double the time that loading takes).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
