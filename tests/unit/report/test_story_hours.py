"""Customer hours in the log = hours in the stories: on random centres, and with everything that cases have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from callsim.codes import CaseEvent, Cause, Outcome
from callsim.engines.simpy import run
from callsim.measures.cases import facts_of_cases
from callsim.plan.plan import Plan
from callsim.report.story import stories
from callsim.report.story.ledger import ledger
from callsim.runlog import RunLog
from callsim.scenario import load, resolve
from callsim.testing.cases import case
from tests.unit.report.story_logs import EVERYTHING


def hours_agree(plan: Plan, log: RunLog) -> None:
    """Check every total of all stories against sums over the tables, and each story against the ledger's sums."""
    book = ledger(plan, log)
    spent = book.spent()
    totals = []
    for caller, story in enumerate(stories(plan, log)):
        total = story.totals
        one = [spent.calls, spent.from_provider, spent.conversations, spent.employees, spent.phone, spent.hold]
        assert [int(column[caller]) for column in one] == [
            total.calls, total.from_provider, total.conversations, total.employees, total.phone, total.hold,
        ]  # fmt: skip
        assert (story.end == "solved") == (spent.solved[caller] >= 0)
        totals.append(total)
    contacts, legs, events = log.contacts, log.legs, log.case_events["event"]
    ended = np.where(contacts["ended"] < 0, log.end, contacts["ended"])
    outbound = np.isin(contacts["cause"], (Cause.CALL_BACK, Cause.REGULATOR))
    answered = legs["outcome"] == Outcome.ANSWERED
    talk = np.where(answered, np.minimum(legs["talk_end"], log.end) - legs["left"], 0)
    wanted = {
        "calls": (~outbound).sum(),
        "from_provider": outbound.sum(),
        "conversations": answered.sum(),
        "phone": (ended - contacts["arrived"])[~outbound].sum() + talk[outbound[legs["contact"]]].sum(),
        "talk": talk.sum(),
        "abandoned": (contacts["outcome"] == Outcome.ABANDONED).sum(),
        "cut_off": np.isin(contacts["outcome"], (Outcome.DROPPED_AT_CLOSING, Outcome.DROPPED_BY_TRANSFER)).sum(),
        "explanations": (events == CaseEvent.EXPLAINED).sum(),
        "escalations_refused": (events == CaseEvent.ESCALATION_REFUSED).sum(),
        "escalations_granted": (events == CaseEvent.ESCALATED).sum(),
        "promises": (events == CaseEvent.PROMISED).sum(),
        "promises_kept": (events == CaseEvent.PROMISE_KEPT).sum(),
        "promises_broken": (events == CaseEvent.PROMISE_BROKEN).sum(),
    }
    assert {name: sum(getattr(total, name) for total in totals) for name in wanted} == wanted


@pytest.mark.parametrize("number", range(8))
def test_hours_of_stories_are_those_of_the_log_on_random_centres(number: int) -> None:
    """Whatever the language can say: transfers, moves at closing, messages, runs that end in the middle."""
    found = case(20250303, number)
    assert found.plan is not None, "choose another seed: this draft was refused"
    hours_agree(found.plan, run(found.plan, found.seed, found.replication))


@pytest.mark.slow
def test_hours_of_stories_are_those_of_the_log_with_cases(tmp_path: Path) -> None:
    """Call-backs, promises, complaints, reopenings and lost notes included: every event is told once.

    And the measures of cases count each case as its story does.
    """
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING)
    plan = resolve(load(path))
    log = run(plan, 1, 0)
    hours_agree(plan, log)
    facts = facts_of_cases(plan, log, everyone=True)
    assert facts.n_cases > 20
    totals = {story.id: (story.totals, story.end) for story in stories(plan, log)}
    for row in range(facts.n_cases):
        name = f"{plan.streams.names[facts.stream[row]]}/{facts.block[row]}/{facts.n[row]}"
        total, end = totals[name]
        assert (end == "solved") == bool(facts.solved[row])
        told = {
            "calls": total.calls, "provider_calls": total.from_provider, "employees": total.conversations,
            "different_employees": total.employees, "hold": total.hold, "talk": total.talk, "phone": total.phone,
            "explanations": total.explanations, "calls_in_vain": total.in_vain, "promises": total.promises,
            "promises_broken": total.promises_broken, "escalated": total.escalations_granted,
            "refused": total.escalations_refused, "transfers": total.transfers,
        }  # fmt: skip
        assert {measure: int(getattr(facts, measure)[row]) for measure in told} == told, name
    there = set(log.case_events["event"].tolist())
    assert there == {int(event) for event in CaseEvent}
