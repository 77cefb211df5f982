"""What the engine is told to make of facts is what the readable functions make of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from callsim.measures import SumsReader
from callsim.measures.catalogue import SUMS
from callsim.measures.sums_of_facts import Rules, sums_of_contacts, sums_of_groups, sums_of_visits
from callsim.measures.wanted import weights_of
from callsim.plan.plan import Plan
from callsim.runlog.sums import ALL_GROUPS, ANY_MEMBER, GROUP_FACTS, QUEUE_FACTS, STREAM_FACTS
from callsim.testing.cases import batch
from tests.eventful_plan import eventful_plan


def made(plan: Plan, row: int, facts: Any) -> Any:
    """Return what the coefficients make of int64[fact, member, cell]: a plain sum over the terms of each figure."""
    wanted = SumsReader(plan, ()).wanted
    found = np.zeros((len(SUMS), *facts.shape[1:]), np.int64)
    for figure in range(len(SUMS)):
        for term in range(*wanted.starts[row, figure : figure + 2]):
            weights = wanted.weights[: facts.shape[1], term, np.newaxis]
            alike = wanted.weights[:, term] if wanted.alike[term] == 0 else wanted.alike[term]
            assert (weights[:, 0] == np.broadcast_to(alike, len(wanted.weights))[: len(weights)]).all()
            found[figure] += weights * facts[wanted.facts[term]]
    return found


def test_coefficients_make_what_the_functions_make() -> None:
    """Of any facts, for all members, under every rule of the service level: thirty centres drawn at random."""
    random = np.random.default_rng(3)
    plans = [eventful_plan(), *(drawn.plan for drawn in batch(11, 30) if drawn.plan is not None)]
    assert len(plans) > 20
    for plan in plans:
        formula = plan.queues.formula
        of_streams = partial(sums_of_contacts, Rules(formula[plan.streams.queue]))
        of_queues = partial(sums_of_visits, Rules(formula))
        made_of = (of_streams, STREAM_FACTS), (of_queues, QUEUE_FACTS), (sums_of_groups, GROUP_FACTS)
        for row, (make, n_facts) in enumerate(made_of):
            n_members = (plan.n_streams, plan.n_queues, plan.n_groups)[row]
            facts = random.integers(-(1 << 40), 1 << 40, (n_facts, n_members, 4))
            assert (made(plan, row, facts) == make(facts)).all()


def test_the_centre_has_the_times_of_agents_from_groups_and_its_window_from_anybody() -> None:
    """All other sums are added up from streams."""
    source = dict(zip(SUMS, SumsReader(eventful_plan(), ()).wanted.centre.tolist(), strict=True))
    assert [name for name in SUMS if source[name] == ANY_MEMBER] == ["window"]
    kinds = ("absent", "break", "busy", "idle", "overrun", "paid", "signed_on", "staffed")
    assert sorted(name for name in SUMS if source[name] == ALL_GROUPS) == [f"{kind}_time" for kind in kinds]


def test_weights_are_read_off_by_what_becomes_of_units() -> None:
    """They differ by member; some sums are of nothing, the first and the last among them."""
    weights = np.array([[2, -3, 0]]).T

    def make(facts: Any) -> Any:
        nothing = 0 * facts[0]
        return np.stack((nothing, facts[0] - 2 * facts[1], facts[1] * weights + facts[2], nothing))

    facts = np.array([[5, 6, 7], [8, 9, 10], [1, 2, 3]])[:, :, np.newaxis]
    assert np.einsum("smf,fmc->smc", weights_of(make, 3, 3), facts).tolist() == make(facts).tolist()
