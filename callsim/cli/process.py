"""What a process that does one command and ends can do without. A program that imports callsim is left as it is."""

from __future__ import annotations

import gc
import os

__all__ = ["begin", "end"]

_UNUSED = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""Unless somebody has asked for them: numpy's threads for linear algebra, which look for work for a while after they
have begun and find none, and plug-ins of pydantic, for which all that is installed is looked through."""
_YOUNG = 5_000
"""Objects that are made before Python looks for cycles among them. With its usual 700 all that is imported would be
looked through again and again."""


def begin() -> None:
    """Prepare this process, before numpy and pydantic are imported."""
    for name, value in _UNUSED.items():
        os.environ.setdefault(name, value)
    gc.set_threshold(_YOUNG)


def end() -> None:
    """Let go of everything without looking through it once more: it goes with the process."""
    gc.freeze()
