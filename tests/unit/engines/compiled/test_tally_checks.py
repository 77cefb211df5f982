"""Checks of the sums of a run that kept no log: whatever one kind of row says wrongly about another is found."""

from __future__ import annotations

from typing import Any

import pytest

from callsim.codes import Outcome, SpanKind
from callsim.engines.simpy import run
from callsim.errors import InvariantBroken
from callsim.measures import BREAKDOWNS, SumsReader, check_sums
from callsim.plan.plan import Plan
from callsim.runlog import RunSums
from callsim.runlog.sums import (
    CALLERS_CALLS,
    CONTACT_LEGS,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    HOLD,
    MESSAGE_AFTER,
    TALK,
    TURNED_AWAY,
    WAIT,
    WORK,
)
from tests.eventful_plan import eventful_plan
from tests.log_rows import counted


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan in which everything happens, with a warm-up."""
    return eventful_plan()


@pytest.fixture(scope="module")
def sums(plan: Plan) -> RunSums:
    """The sums of a run of it."""
    return counted(plan, run(plan, 1, 0), BREAKDOWNS)[1]


@pytest.mark.parametrize("drain", [False, True], ids=["stop", "drain"])
@pytest.mark.parametrize("by", [(), BREAKDOWNS], ids=["totals", "split"])
def test_sums_of_a_sound_run_pass(drain: bool, by: tuple[str, ...]) -> None:
    """Nothing is found where nothing is wrong, whatever the breakdowns."""
    plan = eventful_plan(drain)
    for seed in (3, 4):
        check_sums(plan, counted(plan, run(plan, seed, 0), by)[1])


def test_a_reader_checks_as_well(plan: Plan, sums: RunSums) -> None:
    """What replications share is made once; the check is the same."""
    reader = SumsReader(plan, BREAKDOWNS)
    reader.check(sums)
    with pytest.raises(InvariantBroken, match="ticks signed on"):
        reader.check(changed(sums, "span_time", (SpanKind.SIGNED_ON, 0)))


def changed(sums: RunSums, name: str, cell: Any, by: int = 1) -> RunSums:
    """Return the sums with one figure of the whole run changed."""
    whole = sums.whole.copy()
    whole[getattr(sums.places, name)[cell]] += by
    return sums._replace(whole=whole)


ANSWERED, ABANDONED = FIRST_OUTCOME + Outcome.ANSWERED, FIRST_OUTCOME + Outcome.ABANDONED
BREAKS = {
    "contacts with an outcome, but": ("contacts", ANSWERED),
    "visits with an outcome, but": ("visits", ANSWERED),
    "visits that contacts say they made": ("totals", CONTACT_LEGS),
    "calls of all callers": ("totals", CALLERS_CALLS),
    "visits answered by groups": ("answers", 0),
    "visits lasted at the end": ("lasting", (0, 0)),
    "'cut off by a transfer'": ("visits", CUT_OFF_AFTER),
    "'sent to voicemail by a transfer'": ("visits", MESSAGE_AFTER),
    "ticks that contacts waited": ("contacts", WAIT),
    "ticks that callers waited": ("contacts", HOLD),
    "ticks of talk of contacts": ("contacts", TALK),
    "ticks of after-call work of contacts": ("visits", WORK),
    "'sales': .* ticks that visits waited": ("queue_time", 0),
    "'crew': .* ticks of work on calls": ("busy_time", 1),
    "'team': .* ticks signed on or absent": ("span_time", (SpanKind.ABSENT, 0)),
    "'crew': .* ticks signed on, but": ("span_time", (SpanKind.SIGNED_ON, 1)),
}


@pytest.mark.parametrize("message", BREAKS)
def test_one_figure_too_many_is_found(plan: Plan, sums: RunSums, message: str) -> None:
    """One call or one tick that only one side knows is named."""
    with pytest.raises(InvariantBroken, match=message):
        check_sums(plan, changed(sums, *BREAKS[message]))


@pytest.mark.parametrize(
    ("message", "name", "wrong"),
    [
        ("in a queue with an outcome of those outside", "contacts", FIRST_OUTCOME + Outcome.BLOCKED),
        ("in no queue with an outcome of one", "contacts", TURNED_AWAY + Outcome.ABANDONED),
        ("visits with an outcome of no visit", "visits", FIRST_OUTCOME + Outcome.VOICEMAIL),
    ],
)
def test_an_outcome_that_cannot_be_is_found(plan: Plan, sums: RunSums, message: str, name: str, wrong: int) -> None:
    """A call is moved from a possible outcome to an impossible one, so that the number of calls is right."""
    moved = changed(changed(sums, name, ANSWERED, -1), name, wrong)
    with pytest.raises(InvariantBroken, match=message):
        check_sums(plan, moved)


@pytest.mark.parametrize("outcome", [Outcome.ABANDONED, Outcome.DROPPED_AT_CLOSING])
def test_contacts_and_visits_must_end_alike(plan: Plan, sums: RunSums, outcome: Outcome) -> None:
    """A contact that hung up or was cut off at closing did so in a visit."""
    moved = changed(changed(sums, "contacts", ANSWERED, -1), "contacts", FIRST_OUTCOME + outcome)
    with pytest.raises(InvariantBroken, match=r"contacts, but .* visits"):
        check_sums(plan, moved)


def test_the_message_names_the_figures_and_the_run(plan: Plan, sums: RunSums) -> None:
    """Full text."""
    n = int(sums.whole[sums.places.tables[1, 0]])
    with pytest.raises(InvariantBroken) as error:
        check_sums(plan, changed(sums, "totals", CONTACT_LEGS))
    assert str(error.value) == (
        f"{n + 1} visits that contacts say they made, but {n} visits to queues\n"
        f"plan {plan.digest()}, seed 1, replication 0: this is a bug in callsim"
    )


def test_sums_of_another_plan_are_refused(sums: RunSums) -> None:
    """Figures of one plan say nothing about another."""
    with pytest.raises(InvariantBroken, match="the sums belong to another plan"):
        check_sums(eventful_plan(drain=True), sums)
