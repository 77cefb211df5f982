"""The story of a case worked out by hand: its sentences, its totals, and how it is chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from callsim.codes import CaseEvent, Cause, Outcome, TransferResult
from callsim.errors import CallsimError
from callsim.plan.plan import SECOND
from callsim.report.story import Story, stories, story_of
from callsim.report.story.records import story_json
from callsim.report.story.sentences import Words
from callsim.report.story.texts import story_texts_in
from tests.small_logs import answered, busy_day, busy_day_plan, contact, lost, small_log, ticks
from tests.unit.report.story_logs import KEYS, at, events, story_log, story_plan

PLAN = story_plan()
LOG = story_log(PLAN)
MINUTES = 60 * SECOND


def told(*contacts: Any, rows: Any = None) -> Story:
    """Return the story of a case of these contacts and events."""
    born = (at(0, 6), CaseEvent.BORN, -1, -1, 0)
    return story_of(PLAN, small_log(PLAN, contacts, case_events=events(born, *(rows or ()))))


def only(entry: str, told_by: Story) -> str:
    """Return the only sentence that contains these words."""
    (found,) = [sentence.text for sentence in told_by.entries if entry in sentence.text]
    return found


def test_a_call_is_one_sentence_from_dialling_to_being_cut_off() -> None:
    """Holds, talks, notes, escalation, the transfer into a closed door, in the order of the hour."""
    assert only("Call 6", story_of(PLAN, LOG)) == (
        "Call 6, Tuesday 4 March, 17:00, since it is not solved: held 40 min for support; talked 3 min with "
        "generalists 3, who could not see any notes: explained it for the third time; asked for somebody in "
        "authority: passed on to escalations; held 12 min for escalations; talked 8 min with desk 1, who could not see "
        "any notes: explained it for the fourth time; transferred to billing, which was closed: cut off."
    )


def test_what_happens_between_calls_has_its_own_date() -> None:
    """The birth, the broken promise, the complaint and the solution stand between the calls, by their instants."""
    story = story_of(PLAN, LOG)
    assert [entry.kind for entry in story.entries] == [
        "born", *["call"] * 4, "promise_broken", "call", "call", "complained", *["call"] * 3, "solved",
    ]  # fmt: skip
    assert only("complains", story) == "Wednesday 5 March, 09:00: complains to the regulator."
    assert only("deadline", story) == (
        "Monday 3 March, 20:00: the deadline that generalists 2 promised on Monday 3 March, 14:14 passes, "
        "and nobody has done or said anything."
    )
    assert story.entries[-1].text == (
        "Friday 7 March, 16:00: solved at the word of the regulator, 106 h (4.4 days) after it began."
    )


def test_totals_are_those_of_the_hand() -> None:
    """Holds 40 + 20 + 10 + 60 + 40 + 0:30 + 11:30 + 0:30 + 30 minutes, talks 6 + 4 + 5 + 3 + 8 + 5 + 15 + 12."""
    totals = story_of(PLAN, LOG).totals
    assert totals.hold == round(212.5 * MINUTES)
    assert totals.talk == 58 * MINUTES
    assert totals.phone == totals.hold + totals.talk
    counted = {name: value for name, value in vars(totals).items() if name not in ("hold", "talk", "phone")}
    assert counted == {
        "calls": 8, "from_provider": 1, "conversations": 8, "employees": 5, "in_vain": 1, "abandoned": 1, "cut_off": 1,
        "transfers": 2, "explanations": 6, "escalations_refused": 1, "escalations_granted": 1, "promises": 1,
        "promises_kept": 0, "promises_broken": 1,
    }  # fmt: skip


def test_nobody_holds_the_line_while_the_providers_call_waits_for_an_agent() -> None:
    """Its 45 minutes in the queue of the escalation desk are not his."""
    before, last = [entry for entry in story_of(PLAN, LOG).entries if entry.call][-2:]
    assert last.call is not None
    assert last.call.visits[0].waited == 45 * MINUTES
    assert last.totals.hold == before.totals.hold
    assert last.totals.phone - before.totals.phone == 12 * MINUTES
    assert last.text.startswith("The provider calls, Friday 7 March, 10:00, told to by the regulator: desk 2 of")


def test_the_heading_says_which_case_how_it_ended_and_what_it_came_to() -> None:
    """With how it was chosen and where it comes from."""
    assert str(story_of(PLAN, LOG)).splitlines()[:6] == [
        "Case order error, persistent/3/14: solved after 106 h (4.4 days), at the word of",
        "  the regulator",
        "8 calls, 1 call from the provider, 5 employees, 4 h 30 min on the phone, of it 3",
        "  h 32 min on hold, 1 call in vain, cut off once, 1 promise broken.",
        "The longest time on the phone among 1 case that began in the measured weeks.",
        "small; replication 0, seed 1.",
    ]


@pytest.mark.parametrize("width", [20, 40, 57, 80, 200])
def test_the_text_fits_its_width(width: int) -> None:
    """No line is longer than asked for; below 40 it is 40."""
    assert max(map(len, story_of(PLAN, LOG).text(width).splitlines())) <= max(width, 40)


def test_a_promise_is_kept_in_time_or_late_by_a_call_of_the_provider() -> None:
    """The end of the talk decides; the ledger holds who promised, when, and what became of it."""
    for talk, fate, said in ((10, "kept", "kept in time"), (30, "late", "kept, after its deadline")):
        due = ticks(at(0, 10, 40))
        story = told(
            contact(answered(at(0, 9), at(0, 9), 300), attempt=0, **KEYS),
            contact(answered(at(0, 10), at(0, 10, 20), talk * 60), attempt=1, cause=Cause.CALL_BACK, **KEYS),
            rows=[
                (at(0, 9, 5), CaseEvent.PROMISED, 0, -1, due),
                (at(0, 10, 20 + talk), CaseEvent.OWNED, 1, 0, 2),
                (at(0, 10, 20 + talk), CaseEvent.PROMISE_KEPT, 1, 0, due),
                (at(0, 10, 20 + talk), CaseEvent.SOLVED, -1, -1, 0),
            ],
        )
        (promise,) = story.promises
        assert (promise.call, promise.employee, promise.due, promise.fate) == (1, "generalists 1", due, fate)
        assert f"so the promise of Monday 3 March, 09:05 is {said}" in story.entries[2].text
        assert (story.totals.promises, story.totals.promises_kept) == (1, 1)


def test_a_promise_that_is_not_due_when_the_run_ends_is_open() -> None:
    """And so is the case: the last sentence says so, with its age. The Sunday before had 23 hours."""
    story = told(
        contact(answered(at(7, 9), at(7, 9), 300), attempt=0, **KEYS),
        rows=[(at(7, 9, 5), CaseEvent.PROMISED, 0, -1, ticks(at(9, 9)))],
    )
    assert [promise.fate for promise in story.promises] == ["open"]
    assert story.entries[-1].text == (
        "Tuesday 11 March, 01:00: the run ends; it is not solved, after 186 h (7.8 days), and is promised for "
        "Wednesday 12 March, 10:00."
    )
    assert story.end == "open"


def test_a_case_that_is_with_the_regulator_when_the_run_ends_says_so() -> None:
    """Until the provider is made to act, nothing else can be heard of it."""
    story = told(
        contact(answered(at(6, 9), at(6, 9), 300), attempt=0, **KEYS),
        rows=[(at(7, 9), CaseEvent.COMPLAINED, -1, -1, 0)],
    )
    assert story.entries[-1].text.endswith("it is not solved, after 186 h (7.8 days), and is with the regulator.")


def test_what_follows_a_call_of_no_length_is_told_behind_it() -> None:
    """At the same instant the steps of the log decide: the work of the call before the solution."""
    story = told(
        contact(answered(at(0, 9), at(0, 9), 0), attempt=0, **KEYS),
        rows=[
            (at(0, 9), CaseEvent.EXPLAINED, 0, 0, 0),
            (at(0, 9), CaseEvent.OWNED, 0, 0, 2),
            (at(0, 9), CaseEvent.SOLVED, -1, -1, 0),
        ],
    )
    assert [entry.kind for entry in story.entries] == ["born", "call", "solved"]


def test_a_call_that_the_end_of_the_run_cuts_counts_up_to_there() -> None:
    """Still on hold, or still talking: time up to the end, and the sentence says so."""
    story = told(contact(lost(at(7, 23), -1, Outcome.UNFINISHED), ended=-1, attempt=0, **KEYS))
    assert "still on hold for support after 1 h 00 min when the run ends" in story.entries[1].text
    assert story.totals.hold == 60 * MINUTES
    talking = {"transfer": TransferResult.UNFINISHED}
    story = told(contact(answered(at(7, 23), at(7, 23, 30), 7200, **talking), ended=-1, attempt=0, **KEYS))
    assert "still talking with generalists 1 when the run ends" in story.entries[1].text
    assert (story.totals.hold, story.totals.talk) == (30 * MINUTES, 30 * MINUTES)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.CLOSED, "called support, which was closed though it was thought to be open"),
        (Outcome.BLOCKED, "called support: busy tone"),
        (Outcome.BALKED, "called support, heard of the wait and hung up"),
        (Outcome.VOICEMAIL, "called support, which was closed, and left a message"),
    ],
)
def test_calls_in_vain_say_what_they_met(outcome: Outcome, said: str) -> None:
    """A closed door that was thought to be open is called so; a busy tone is nothing of that kind."""
    story = told(contact(arrived=at(0, 7), outcome=outcome, attempt=0, **KEYS))
    assert story.entries[1].text == f"Call 1, Monday 3 March, 07:00: {said}."
    assert story.totals.in_vain == 1


def test_who_gives_up_or_never_tries_has_a_last_sentence() -> None:
    """With the age of the case."""
    story = told(
        contact(lost(at(0, 9), at(0, 9, 30)), attempt=0, **KEYS),
        rows=[(at(0, 9, 30), CaseEvent.GAVE_UP, 0, -1, 0)],
    )
    assert story.entries[-1].text == ("Monday 3 March, 09:30: gives up, 3 h 30 min after it began; nothing is solved.")
    log = small_log(
        PLAN,
        [],
        case_events=events((at(0, 6), CaseEvent.BORN, -1, -1, 0), (at(0, 6), CaseEvent.NEVER_TRIED, -1, -1, 0)),
    )
    (silent,) = stories(PLAN, log)
    assert silent.entries[-1].text == "Monday 3 March, 06:00: does not even try to call."
    assert silent.end == "never_tried"
    with pytest.raises(CallsimError, match="no case of this kind began in the measured window and led to a call"):
        story_of(PLAN, log)


def test_a_problem_that_comes_back_needs_all_its_work_again() -> None:
    """Pieces of work count from the beginning once the problem is back, not when a case was closed unsolved."""
    story = told(
        contact(answered(at(0, 9), at(0, 9), 300), attempt=0, **KEYS),
        contact(answered(at(1, 9), at(1, 9), 300), attempt=1, cause=Cause.REPEAT_REOPENED, **KEYS),
        rows=[
            (at(0, 9, 5), CaseEvent.OWNED, 0, 0, 2),
            (at(0, 10), CaseEvent.SOLVED, -1, -1, 0),
            (at(1, 9), CaseEvent.REOPENED, 1, -1, 1),
            (at(1, 9, 5), CaseEvent.OWNED, 1, 0, 1),
        ],
    )
    assert [entry.pieces_done for entry in story.entries] == [0, 2, 2, 1, 1]
    assert "took it on: work done, 1 of 2" in story.entries[3].text
    assert story.end == "open"


def test_the_worst_the_median_and_the_nearest_are_found() -> None:
    """By time on the phone; by calls, then time on the phone, the lower of two middles; by relative differences."""
    calls, rows = [], {name: [] for name in events()}
    for n, minutes in enumerate((10, 50, 30, 20)):
        mine = {**KEYS, "n": n}
        calls.append(contact(answered(at(n, 9), at(n, 9), minutes * 60), attempt=0, **mine))
        if n == 3:
            calls.append(contact(answered(at(n, 12), at(n, 12), 60), attempt=1, cause=6, **mine))
        born = events((at(n, 8), CaseEvent.BORN, -1, -1, 0), (at(n, 8 + 2 * n), CaseEvent.SOLVED, -1, -1, 0))
        for name, column in born.items():
            rows[name] += [n] * len(column) if name == "n" else column.tolist()
    log = small_log(PLAN, calls, case_events={name: np.array(column) for name, column in rows.items()})

    def place(**wanted: Any) -> int:
        return int(story_of(PLAN, log, **wanted).id.rpartition("/")[2])

    assert place() == 1
    assert place(choice="median") == 2
    assert place(like={"calls": 2}) == 3
    assert place(like={"hours": 0.34}) == 3
    assert place(like={"hours": 0.34, "calls": 1}) == 2
    assert place(like={"outage": 4.2}) == 2
    assert place(case="order error, persistent/3/0") == 0
    assert story_of(PLAN, log, like={"calls": 2, "hours": 12}).heading()[2] == (
        "The nearest to calls=2, hours=12 among 4 cases that began in the measured weeks."
    )
    assert "among 4 solved cases" in story_of(PLAN, log, like={"outage": 4}).heading()[2]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"case": "order error/3/14"}, "did you mean 'order error, persistent'"),
        ({"case": "14"}, "write stream/block/n"),
        ({"case": "fault/0/99"}, "nothing happened to such a caller in this replication"),
        ({"cases": "order eror"}, "did you mean 'order error'"),
        ({"customers": "patient"}, "there is no such name"),
        ({"callers": "faults"}, "did you mean 'fault'"),
        ({"like": {"call": 2}}, "names are: calls, conversations, employees"),
        ({"like": {"calls": -2}}, "must be a number above 0"),
        ({"like": {}}, "give numbers to be near to"),
        ({"choice": "best"}, "must be worst or median"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_can(wanted: dict[str, Any], said: str) -> None:
    """Names that are unknown, numbers that make no sense."""
    with pytest.raises(CallsimError, match=said):
        story_of(PLAN, LOG, **wanted)


def test_a_log_of_another_plan_is_refused() -> None:
    """Its indices would get the wrong names."""
    with pytest.raises(CallsimError, match="it is of another plan"):
        story_of(PLAN, replace(LOG, plan_digest="0" * 64))


def test_without_cases_an_ordinary_caller_is_asked_for() -> None:
    """The message names the callers that there are, and their stories are told from their calls alone."""
    plan = busy_day_plan()
    log = busy_day(plan)
    with pytest.raises(CallsimError, match="--callers, one of: alice, bob"):
        story_of(plan, log)
    story = story_of(plan, log, callers="alice")
    assert story.end == "called"
    assert str(story).startswith("Caller alice/0/1\n1 call, 2 employees, 3 min on the phone, of it 1 min on hold.")
    assert story.entries[0].text == (
        "Call 1, day 1, 00:01: held 30 s for sales; talked 1 min with team 2; transferred to repairs; "
        "held 40 s for repairs; talked 50 s with crew 1."
    )


def test_hours_of_all_stories_are_the_hours_of_the_log() -> None:
    """Every tick between calling and hanging up is in exactly one story, and so is every conversation."""
    for plan, log in ((PLAN, LOG), (busy_day_plan(), busy_day(busy_day_plan()))):
        found = [story.totals for story in stories(plan, log)]
        ended = np.where(log.contacts["ended"] < 0, log.end, log.contacts["ended"])
        outbound = np.isin(log.contacts["cause"], (Cause.CALL_BACK, Cause.REGULATOR))
        answers = log.legs["outcome"] == Outcome.ANSWERED
        talk = np.where(answers, np.minimum(log.legs["talk_end"], log.end) - log.legs["left"], 0)
        theirs = int((ended - log.contacts["arrived"])[~outbound].sum())
        theirs += int(talk[outbound[log.legs["contact"]]].sum())
        assert sum(total.phone for total in found) == theirs
        assert sum(total.talk for total in found) == talk.sum()
        assert sum(total.calls + total.from_provider for total in found) == len(ended)
        assert sum(total.conversations for total in found) == answers.sum()


def test_json_holds_every_sentence_with_its_facts() -> None:
    """Times in seconds with the local time beside, codes by name, no NaN, and the same totals."""
    story = story_of(PLAN, LOG)
    record = json.loads(story_json(story), parse_constant=pytest.fail)
    assert record["totals"]["phone"] == 16230.0
    assert (record["end"], record["age"]) == ("solved", 106 * 3600)
    assert [sentence["text"] for sentence in record["sentences"]] == [entry.text for entry in story.entries]
    call = record["sentences"][7]["call"]
    assert (call["outcome"], call["ended_local"]) == ("dropped_by_transfer", "2025-03-04T18:03:30-06:00")
    assert [visit["transfer"] for visit in call["visits"]] == ["transferred", "dropped_target_closed"]
    assert [visit["waited"] for visit in call["visits"]] == [2400.0, 690.0]
    assert record["promises"][0]["fate"] == "broken"
    assert record == story.to_record()


def test_every_code_that_a_log_can_hold_has_its_words() -> None:
    """A new cause, outcome, result or event cannot be forgotten in the language file."""
    texts = story_texts_in("en")
    assert set(texts.causes) == {cause.name for cause in Cause}
    assert set(texts.transfers) == {result.name for result in TransferResult} - {"NONE", "UNFINISHED"}
    between = {event.name.lower() for event in CaseEvent} - {
        "learned_hours", "explained", "escalation_refused", "escalated", "promised", "reopened",
    }  # fmt: skip
    assert set(texts.events) == between | {"solved_regulator"}


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (3569, "59 min"), (3571, "1 h 00 min")]
)
def test_lengths_are_said_in_the_largest_units_that_matter(seconds: float, said: str) -> None:
    """Never 60 seconds and never 60 minutes."""
    assert Words(PLAN.clock).lasting(round(seconds * SECOND)) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "first"), (12, "twelfth"), (13, "13th"), (21, "21st"), (33, "33rd"), (111, "111th"), (122, "122nd")],
)
def test_ordinals_are_said_as_people_say_them(n: int, said: str) -> None:
    """In words up to twelve."""
    assert story_texts_in("en").nth(n) == said
