"""Exact sums by key, and time split at the edges of cells."""

from __future__ import annotations

import numpy as np

from callsim.measures.sums import Cells, histogram_by, max_by, sum_by
from tests.small_logs import ints


def test_sums_beyond_two_to_the_53_are_exact() -> None:
    """Floating point would lose the last bits: 3 * (2^54 + 1) is odd."""
    big = (1 << 54) + 1
    assert sum_by(ints([0, 0, 0, 2]), ints([big, big, big, 5]), 3).tolist() == [3 * big, 0, 5]


def test_sums_and_maxima_of_nothing_are_zero_and_missing() -> None:
    """Keys that do not occur have the sum 0 and no maximum."""
    assert sum_by(ints([]), ints([]), 2).tolist() == [0, 0]
    assert max_by(ints([1]), ints([0]), 2).tolist() == [-1, 0]


def _cells(edges: list[int], cell_of_part: list[int] | None = None) -> Cells:
    n = len(edges) - 1 if cell_of_part is None else max(cell_of_part) + 1
    return Cells("interval", ints(edges), None if cell_of_part is None else ints(cell_of_part), tuple(range(n)))


def test_time_is_split_at_the_edges_of_cells() -> None:
    """Stays of member 0: 3-7, 12-35, outside; of member 1: 0-40. Cells 0-10-20-30."""
    member, start, stop = ints([0, 0, 0, 0, 1]), ints([3, 12, -9, 31, 0]), ints([7, 35, -2, 39, 40])
    found = _cells([0, 10, 20, 30]).time(member, start, stop, 2)
    assert found.tolist() == [[4, 8, 10], [10, 10, 10]]


def test_time_of_parts_with_one_cell_is_added_up() -> None:
    """Parts 0 and 2 are the same hour of the week."""
    found = _cells([0, 10, 20, 30], [0, 1, 0]).time(ints([0]), ints([5]), ints([25]), 1)
    assert found.tolist() == [[10, 10]]
    assert _cells([0, 10, 20, 30], [0, 1, 0]).lengths().tolist() == [20, 10]


def test_splitting_time_agrees_with_clipping_every_stay_to_every_cell() -> None:
    """The fast way equals the plain definition on 200 random stays."""
    random = np.random.default_rng(5)
    start = random.integers(-50, 150, 200)
    stop = start + random.integers(0, 80, 200)
    member = random.integers(0, 3, 200)
    edges = ints([0, 7, 30, 31, 90, 100])
    plain = np.zeros((3, 5), np.int64)
    for m, a, b in zip(member, start, stop, strict=True):
        plain[m] += np.maximum(np.minimum(b, edges[1:]) - np.maximum(a, edges[:-1]), 0)
    assert (_cells(edges.tolist()).time(member, start, stop, 3) == plain).all()


def test_an_instant_belongs_to_the_half_open_cell_around_it() -> None:
    """[start, end): an edge belongs to the cell that it begins; before and behind all edges there is none."""
    assert _cells([0, 10, 20]).of(ints([-1, 0, 9, 10, 19, 20])).tolist() == [-1, 0, 0, 1, 1, -1]


def test_histograms_are_alike_whether_counted_or_sorted() -> None:
    """Few calls over many keys are sorted, many over few are counted: the result is the same."""
    wait = ints([0, 1, 5_000_000, 1, 0])
    counted = histogram_by(ints([0, 0, 1, 1, 0]), wait, 2, 1)
    spread = histogram_by(ints([0, 0, 1, 1, 0]), wait, 1000, 1)
    for member in (0, 1):
        for one, two in zip(counted.of(member, 0), spread.of(member, 0), strict=True):
            assert one.tolist() == two.tolist()
    assert [part.tolist() for part in counted.of(0, 0)] == [[0, 1], [2, 1]]
    assert [part.tolist() for part in counted.over_members().of(0, 0)] == [[0, 1, 5], [2, 2, 1]]
