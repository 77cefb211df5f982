"""Keyed draws: the generator is Philox, the key layout is as documented, one source serves all kinds of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.codes import Purpose
from callsim.errors import PlanError
from callsim.plan.draws import (
    SIDE,
    build,
    check_key,
    draw,
    draw_pair,
    duration,
    duration_of_one,
    name_hash,
    philox,
    pick,
    sample,
)

KNOWN_ANSWERS = [
    # counter, key, answer: the vectors published with the authors' Random123 library (kat_vectors, philox4x32 10)
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]):
    """Salmon et al. 2011: known-answer vectors, for integers and for arrays."""
    assert philox(*counter, *key) == answer
    words = philox(*(np.array([c, c], dtype=np.uint64) for c in counter), *key)
    assert [word.tolist() for word in words] == [[value, value] for value in answer]


def test_a_draw_spends_the_key_as_documented():
    """Random scheme 1: counter = name | block | n contact | leg purpose/2, key = seed | replication."""
    name, block, n, contact, leg = 0xDEADBEEF, 86400, 77, 3, 2
    words = philox(name, block, n << 8 | contact, leg << 16 | Purpose.REDIAL >> 1, 5, 9)
    assert draw(5, 9, name, block, n, contact, leg, Purpose.REDIAL) == (words[2] << 32 | words[3]) >> 11
    assert draw(5, 9, name, block, n, contact, leg, Purpose.BALK) == (words[0] << 32 | words[1]) >> 11


def test_columns_of_draws_equal_single_draws():
    """A draw depends on its key alone, so a column equals what is looked up one by one."""
    blocks = np.array([0, 1800, 3600], dtype=np.uint64)
    ns = np.array([0, 5, 1 << 23], dtype=np.uint64)
    even, odd = draw_pair(1, 2, 12345, blocks, ns, 1, 1, 0)
    for i in range(3):
        key = (1, 2, 12345, int(blocks[i]), int(ns[i]), 1, 1)
        assert draw(*key, Purpose.PATIENCE) == even[i]
        assert draw(*key, Purpose.TALK) == odd[i]


def test_every_part_of_the_key_changes_the_draw():
    """Neighbouring keys give different draws."""
    base = {"seed": 1, "replication": 0, "name": 7, "block": 60, "n": 4, "contact": 0, "leg": 0, "purpose": 0}
    first = draw(**base)
    for part, value in base.items():
        changed = {**base, part: value + 2}
        assert draw(**changed) != first, part


def test_a_key_that_does_not_fit_is_an_error():
    """Overflow of any part is refused, never wrapped."""
    check_key(seed=(1 << 32) - 1, n=(1 << 24) - 1, contact=255)
    with pytest.raises(PlanError) as caught:
        check_key(contact=256)
    assert str(caught.value) == "contact is 256; a draw's key has room for 0 to 255"


def test_a_names_hash_is_a_known_number():
    """The hash is part of random scheme 1: it must never change."""
    assert name_hash("callers:orders") == 0xE710D445
    assert name_hash("callers:everyone") == 0xE1712CCE


def test_a_table_is_read_at_its_knots_and_between():
    """Draw 2^52 - 1 is the last below the median, draw 0 the lowest tail; integer interpolation floors."""
    knots = np.concatenate([np.arange(SIDE), 2 * SIDE - 1 - np.arange(SIDE)]).astype(np.int64)
    assert duration(knots, 0) == 0
    assert duration(knots, (1 << 53) - 1) == 2 * SIDE - 1
    assert duration(knots, (1 << 52) - 1) == SIDE - 2
    assert duration(knots, 1 << 52) == SIDE
    w = 2 * 1000 + 1  # draw 1000 of the lower half: exponent 10, mantissa 2001 / 1024
    assert duration(knots, 1000) == 10 * 256 + (w - 1024) * 256 // 1024


def test_a_tables_lookup_is_the_same_for_numbers_and_arrays():
    """One source for both engines."""
    knots = np.sort(np.random.default_rng(1).integers(0, 10**9, 2 * SIDE))
    knots[SIDE:] = knots[SIDE:][::-1]
    u = np.random.default_rng(2).integers(0, 1 << 53, 500)
    assert duration(knots, u).tolist() == [int(duration(knots, int(v))) for v in u]
    edges = [0, 1, (1 << 52) - 1, 1 << 52, (1 << 53) - 1]
    for draws in (u.tolist(), edges):
        assert [duration_of_one(knots.tolist(), v) for v in draws] == [int(duration(knots, v)) for v in draws]
    rebuilt = build()
    assert rebuilt.duration(knots, 0, u).tolist() == duration(knots, u).tolist()
    behind_another = np.concatenate((np.arange(7), knots))
    assert rebuilt.duration(behind_another, 7, u).tolist() == duration(knots, u).tolist()


def test_samples_are_equally_likely():
    """Draw u picks value floor(u / 2^53 * size)."""
    values = np.array([10, 20, 30], dtype=np.int64)
    third = (1 << 53) // 3
    assert [int(sample(values, u)) for u in (0, third - (1 << 22), third + (1 << 22), (1 << 53) - 1)] == [
        10,
        10,
        20,
        30,
    ]
    assert [pick(u, 3) for u in (0, (1 << 53) - 1)] == [0, 2]
