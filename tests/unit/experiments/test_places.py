"""Figures of all replications, put together by member: each cell finds its own."""

from __future__ import annotations

import numpy as np

from callsim.experiments.places import Tables, place_of, places
from callsim.measures import LOWER_EDGES, UPPER_EDGES, Measures, Part, measure_named
from callsim.measures.bins import BINS
from callsim.measures.catalogue import SUMS
from callsim.measures.sums import Histogram
from callsim.runlog.digest import Imprint

CELLS = 3


def part(number: int, bins: dict[tuple[int, int, int], int], cells: int = CELLS) -> Part:
    """Two members; each figure says where it stands; (member, cell, bin) -> calls."""
    shape = (2, cells)
    sums = 1000 * np.arange(len(SUMS) * 2 * cells).reshape(len(SUMS), *shape) + number
    position = sorted(((member * cells + cell) * BINS + found, calls) for (member, cell, found), calls in bins.items())
    where, calls = (np.array(column, np.int64) for column in zip(*position, strict=True)) if position else ([], [])
    waits = Histogram(np.array(where, np.int64), np.array(calls, np.int64), cells)
    return Part(sums, 10 * np.arange(2 * cells).reshape(shape) + number, waits)


def replication(number: int, bins: dict[tuple[int, int, int], int]) -> Measures:
    """Two queues by three cells, of which the whole window is the first."""
    return Measures(
        scenario="", seed=1, replication=number, plan_digest="", imprint=Imprint(0, 3, "", number, 1, 0, 0, []),
        parts={"": part(number, {}, 1), "callers": part(number, {}, 1), "queue": part(number, {}, 1),
               "agents": part(number, {}, 1), "queue+interval": part(number, bins)},
        members={"": ("",), "callers": ("a", "b"), "queue": ("left", "right"), "agents": ("x", "y")},
        labels={"": ("",), "interval": ("00:00", "08:00", "16:00")}, service_level={},
    )  # fmt: skip


FOUND = [
    replication(0, {(0, 0, 2): 5, (0, 2, 0): 1, (0, 2, 7): 4, (1, 0, 3): 9}),
    replication(1, {}),
    replication(2, {(0, 2, 7): 2, (0, 2, 9): 3, (1, 2, 7): 6}),
]


def test_each_place_has_the_figures_of_its_member_and_cell() -> None:
    """Of every replication in order: sums and longest waits as they stand in the parts."""
    seen = 0
    for scope, place, where in places(FOUND, ["queue+interval"]):
        if "interval" not in where:
            continue
        member = FOUND[0].members["queue"].index(str(where["queue"]))
        cell = FOUND[0].labels["interval"].index(where["interval"])
        parts = [each.parts["queue+interval"] for each in FOUND]
        assert (scope, place.member, place.cell, place.n) == ("queue", member, cell, 3)
        for name in SUMS:
            assert place.sums(name).tolist() == [int(one.sum_of(name)[member, cell]) for one in parts]
        assert place.maxima().tolist() == [int(one.maxima[member, cell]) for one in parts]
        seen += 1
    assert seen == 2 * CELLS


def test_each_place_has_its_bins_by_replication() -> None:
    """By hand: who has none, who shares one, a member that ends where the next begins."""
    found = {
        (where["queue"], where["interval"]): [column.tolist() for column in place.binned("wait")]
        for _, place, where in places(FOUND, ["queue+interval"])
        if "interval" in where
    }
    assert found == {
        ("left", "00:00"): [[0], [2], [5]],
        ("left", "08:00"): [[], [], []],
        ("left", "16:00"): [[0, 0, 2, 2], [0, 7, 7, 9], [1, 4, 2, 3]],
        ("right", "00:00"): [[0], [3], [9]],
        ("right", "08:00"): [[], [], []],
        ("right", "16:00"): [[2], [7], [6]],
    }


def test_tables_of_two_places_have_the_bins_that_occur_in_any_of_them() -> None:
    """A row for each replication, also for one without a call."""
    there = {
        (where.get("queue"), where.get("interval")): place for _, place, where in places(FOUND, ["queue+interval"])
    }
    left, right = there["left", "16:00"], there["right", "00:00"]
    (one, other), (below, above) = Tables(left, right).of(measure_named("wait_p90"))
    assert one.tolist() == [[1, 0, 4, 0], [0, 0, 0, 0], [0, 0, 2, 3]]
    assert other.tolist() == [[0, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert below.tolist() == LOWER_EDGES[[0, 3, 7, 9]].tolist()
    assert above.tolist() == UPPER_EDGES[[0, 3, 7, 9]].tolist()


def test_a_place_over_the_whole_window_is_found_by_the_name_of_its_member() -> None:
    """The second team, in every replication."""
    place = place_of(FOUND, "agents", "y")
    assert (place.member, place.cell) == (1, 0)
    assert place.sums(SUMS[0]).tolist() == [1000, 1001, 1002]
