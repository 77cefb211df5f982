"""Adds up rows of a plan into a state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from callsim.engines.compiled.jit import jit
from standin_kernel.steps import weighted


class Rows(NamedTuple):
    """What is added up."""

    value: Any
    weight: Any
    share: Any
    mask: Any
    cube: Any


class Sums(NamedTuple):
    """Where it goes."""

    total: Any
    table: Any


@jit
def add_row(rows: Any, sums: Any, i: Any) -> Any:
    """Add one row; return whether it counts."""
    sums.total[0] += weighted(rows.value[i], rows.weight[i, i & 1])
    sums.table[i & 1, i % sums.table.shape[1]] += np.int64(rows.share[i] * 1024.0)
    return (rows.mask[i] >> np.uint64(1)) & np.uint64(1)


@jit
def add(rows: Any, sums: Any) -> Any:
    """Add all rows; return how many count."""
    n = 0
    for i in range(len(rows.value)):
        n += np.int64(add_row(rows, sums, i))
    return n


@jit
def sum_of_cube(rows: Any) -> Any:
    """Return the sum over a table of three dimensions."""
    found = 0
    for i in range(rows.cube.shape[0]):
        for j in range(rows.cube.shape[1]):
            for k in range(rows.cube.shape[2]):
                found += rows.cube[i, j, k]
    return found


@jit
def makes_an_array(rows: Any) -> Any:
    """Do what compiled functions must not do."""
    return len(np.zeros(rows.value[0]))


def tables() -> tuple[Rows, Sums]:
    """Return a plan and an empty state."""
    n = 100
    rows = Rows(
        np.arange(n, dtype=np.int64) - 7,
        np.arange(2 * n, dtype=np.int64).reshape(n, 2),
        np.linspace(0.0, 3.0, n),
        np.arange(n, dtype=np.uint64) << np.uint64(60),
        np.arange(24, dtype=np.int64).reshape(2, 3, 4),
    )
    return rows, Sums(np.zeros(1, np.int64), np.zeros((2, 9), np.int64))
