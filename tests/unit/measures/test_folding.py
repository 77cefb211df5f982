"""Adding up along an axis, and a linear map in one step."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.measures.folding import Fold
from callsim.measures.in_one_step import InOneStep

FIGURES = np.array([[4, 0, 6], [1, 7, -1]])


@pytest.mark.parametrize(
    ("target", "n", "sums", "maxima"),
    [
        ([1, -1, 1], 3, [[0, 10, 0], [0, 0, 0]], [[-1, 6, -1], [-1, 1, -1]]),
        ([0, 0, 1], 2, [[4, 6], [8, -1]], [[4, 6], [7, -1]]),
        ([2, 1, 0], 3, [[6, 0, 4], [-1, 7, 1]], [[6, 0, 4], [-1, 7, 1]]),
        ([0, 0, 0], 1, [[10], [7]], [[6], [7]]),
        ([0, 1, -1], 2, [[4, 0], [1, 7]], [[4, 0], [1, 7]]),
    ],
)
def test_entries_go_where_they_are_sent(
    target: list[int], n: int, sums: list[list[int]], maxima: list[list[int]]
) -> None:
    """Sums are 0 where nothing goes, maxima -1."""
    fold = Fold(np.array(target), n)
    assert fold.sum(FIGURES, 1).tolist() == sums
    assert fold.max(FIGURES, 1).tolist() == maxima


def test_nothing_is_done_where_nothing_is_added_up() -> None:
    """The figures themselves come back."""
    fold = Fold(np.arange(3), 3)
    assert fold.sum(FIGURES, 1) is FIGURES
    assert fold.max(FIGURES, 1) is FIGURES


def test_a_map_in_one_step_is_the_map() -> None:
    """Weights differ by member; some sums are of nothing, the first and the last among them."""
    weights = np.array([[2, -3, 0]]).T

    def make(calls: np.ndarray, time: np.ndarray) -> np.ndarray:
        nothing = 0 * calls[0]
        return np.stack((nothing, calls[0] - 2 * calls[1], calls[1] * weights + time[0], nothing))

    one_step = InOneStep(make, (2, 1), 3)
    calls, time = np.array([[5, 6, 7], [8, 9, 10]]), np.array([[1, 2, 3]])
    there = make(calls[:, :, np.newaxis], time[:, :, np.newaxis])[:, :, 0]
    assert one_step(calls, time).tolist() == there.tolist()
