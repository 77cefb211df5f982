"""Compiling many functions that call each other, each of them once.

Numba finishes every function for its own sake: it links in all that the function calls, however deep, and optimises
the whole. For the kernel, whose functions lie fifteen deep, that is the same work over and over. Here numba types and
lowers each function and leaves it there; what was made is linked and optimised once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

__all__ = ["unfinished"]


@contextlib.contextmanager
def unfinished() -> Iterator[list[Any]]:
    """Let numba compile without finishing; give the list in which the parts (LLVM modules) of all functions gather.

    Nothing that is compiled in here can be run in this process. It reaches into numba (``CPUCodeLibrary``,
    ``CPUContext``), so it belongs in the compiler's process alone.
    """
    import numba
    from numba.core import codegen, cpu, types
    from numba.np import arrayobj

    # What numba sets up for itself at the first compilation must be finished.
    numba.njit(lambda x: x + 1)(1)
    parts: list[Any] = []

    def finalize(self: Any) -> None:
        if not self._finalized:
            parts.append(self._final_module)
            self._finalized = True

    # Numba knows a function by the object that would run it: any builtin object of its own will do.
    changes = {
        (codegen.CPUCodeLibrary, "finalize"): finalize,
        (codegen.CPUCodeLibrary, "_optimize_functions"): lambda self, module: None,
        (cpu.CPUContext, "get_executable"): lambda self, library, description, environment: [].append,
        # No index of the kernel counts from the end: looking for that at each access costs time and hides that a loop
        # can be vectorised.
        (arrayobj, "fix_integer_index"): lambda context, builder, kind, index, size: context.cast(
            builder, index, kind, types.intp
        ),
    }
    before = {(owner, name): getattr(owner, name) for owner, name in changes}
    try:
        for (owner, name), change in changes.items():
            setattr(owner, name, change)
        yield parts
    finally:
        for (owner, name), original in before.items():
            setattr(owner, name, original)
