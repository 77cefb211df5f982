"""Functions of `callsim.plan` that both engines share, compiled from the one source."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from callsim.engines.compiled.jit import inlined, jit
from callsim.plan import draws, portable

__all__ = ["DRAWS", "count_poisson", "poisson_start"]

DRAWS = draws.build(inlined, np.uint64)
"""The keyed draws for scalars: words are uint64."""


def _compiled(function: Any, **others: Callable[..., Any]) -> Any:
    """Compile a module's function with compiled versions of the others that it calls."""
    return jit(FunctionType(function.__code__, {**function.__globals__, **others}, function.__name__))


_exp_of = _compiled(portable._exp_of)
_at_mode = _compiled(portable._poisson_at_mode, _exp_of=_exp_of)
_rare = _compiled(portable._rare_poisson_count)
poisson_start = _compiled(portable.poisson_start, _exp_of=_exp_of, _poisson_at_mode=_at_mode)
"""`callsim.plan.portable.poisson_start`: the same bits."""
count_poisson = _compiled(portable.count_poisson, _rare_poisson_count=_rare)
"""`callsim.plan.portable.count_poisson`, likewise."""
