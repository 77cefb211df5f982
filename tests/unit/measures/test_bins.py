"""Bins of waits: 1 s wide up to 128 s, 1/128 of the wait above, upper edge included and reported."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.measures import LOWER_EDGES, UPPER_EDGES
from callsim.measures.bins import BINS, bin_of
from callsim.plan.plan import SECOND


@pytest.mark.parametrize(
    ("wait", "edge"),
    [
        (0, 0), (1, 1), (SECOND, 1), (SECOND + 1, 2), (20 * SECOND, 20), (127 * SECOND + 1, 128), (128 * SECOND, 128),
        (128 * SECOND + 1, 129), (255 * SECOND + 1, 256), (256 * SECOND, 256), (256 * SECOND + 1, 258),
        (258 * SECOND, 258), (511 * SECOND, 512), (512 * SECOND + 1, 516), (3600 * SECOND, 3600),
        (3600 * SECOND + 1, 3616), (86400 * SECOND, 86528),
    ],
)  # fmt: skip
def test_a_wait_is_reported_as_the_upper_edge_of_its_bin(wait: int, edge: int) -> None:
    """Zero has a bin of its own; one tick above an edge is in the next bin."""
    assert UPPER_EDGES[bin_of(np.array([wait]))[0]] == edge


def test_every_bin_holds_the_waits_between_its_edges_and_no_other() -> None:
    """For all bins up to 200 years: first and last tick, and one tick beside them."""
    rows = np.arange(1, 3200)
    lower, upper = (edges[rows].astype(np.int64) * SECOND for edges in (LOWER_EDGES, UPPER_EDGES))
    assert (bin_of(lower + 1) == rows).all()
    assert (bin_of(upper) == rows).all()
    assert (bin_of(upper + 1) == rows + 1).all()


def test_bins_are_a_second_wide_below_128_s_and_a_128th_of_the_wait_above() -> None:
    """The relative width 2^-7 is that of the first bin of each octave; it halves towards the octave's end."""
    width = UPPER_EDGES - LOWER_EDGES
    assert (width[1:129] == 1).all()
    assert (width[129:] <= LOWER_EDGES[129:] / 128).all()
    assert (width[129:] > LOWER_EDGES[129:] / 256).all()
    assert len(width) == BINS
