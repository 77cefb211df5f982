"""From a log, or from a scenario that is run for it, to a story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from callsim.errors import CallsimError
from callsim.experiments.engines import AUTO, COMPILED, accept, check_engine, choose, engine, prepare
from callsim.measures import check_run
from callsim.plan.plan import Plan
from callsim.report.story.chronicle import chronicle
from callsim.report.story.ledger import Ledger, ledger
from callsim.report.story.selecting import Chosen, case_name, named, streams_of
from callsim.report.story.selecting import choose as choose_case
from callsim.report.story.sentences import Words
from callsim.report.story.value import Story
from callsim.runlog import RunLog, check_log, load
from callsim.scenario import Scenario, resolve
from callsim.scenario import load as load_scenario

__all__ = ["run_once", "stories", "story", "story_of"]


def story(
    scenario: Scenario | str | Path,
    *,
    choice: str = "worst",
    like: Mapping[str, float] | None = None,
    case: str | None = None,
    cases: str | None = None,
    customers: str | None = None,
    callers: str | None = None,
    replication: int = 0,
    seed: int | None = None,
    engine: str | None = None,
    log: RunLog | str | Path | None = None,
    changes: Iterable[str] = (),
) -> Story:
    """Run one replication of a scenario, or read its log, and tell what one customer went through.

    Parameters
    ----------
    scenario : Scenario or path
        From `callsim.load`, or the file to load.
    choice : {"worst", "median"}
        The longest time on the phone, or the middle by calls, then time on the phone; of the cases that began in the
        measured window and led to a call.
    like : mapping of str to float, optional
        Instead: the case nearest to these numbers, such as ``{"calls": 22, "hours": 12}``; `callsim.report.story.LIKE`
        names them.
    case : str, optional
        Instead: this one, ``stream/block/n``, as a story's ``id``; any caller has such a name.
    cases, customers : str, optional
        Only this type of case, only this kind of customer.
    callers : str, optional
        Ordinary callers of this name instead of cases.
    replication : int, optional
        Which is run.
    seed, engine, changes
        As for `callsim.run`.
    log : RunLog or path, optional
        Of this scenario, kept or saved by `callsim.run`: then nothing is run.

    Returns
    -------
    Story
        ``str`` of it is the text; ``text(width)``, ``to_record()`` and ``figure()`` give its other forms.

    Raises
    ------
    ScenarioError
        If the scenario is wrong; holds all its problems.
    CallsimError
        If the log is of another scenario, a name is unknown, or nobody is there to be chosen.
    """
    if isinstance(scenario, str | Path):
        scenario = load_scenario(scenario, tuple(changes))
    elif tuple(changes):
        raise CallsimError("changes: they are applied to a file; give them to `load` together with its path")
    plan = resolve(scenario)
    if log is None:
        if replication < 0:
            raise CallsimError(f"replication: found {replication}; must be 0 or more")
        kept = run_once(plan, scenario.run.seed if seed is None else seed, replication, engine)
    else:
        kept = log if isinstance(log, RunLog) else load(log)
    return story_of(plan, kept, choice=choice, like=like, case=case, cases=cases, customers=customers, callers=callers)


def story_of(
    plan: Plan,
    log: RunLog,
    *,
    choice: str = "worst",
    like: Mapping[str, float] | None = None,
    case: str | None = None,
    cases: str | None = None,
    customers: str | None = None,
    callers: str | None = None,
) -> Story:
    """Tell the story of one customer from a log.

    Parameters
    ----------
    plan : Plan
        That was run.
    log : RunLog
        Of one replication.
    choice, like, case, cases, customers, callers
        As for `callsim.story`.

    Raises
    ------
    CallsimError
        If the log is of another plan, a name is unknown, or nobody is there to be chosen.
    """
    if log.plan_digest != plan.digest():
        raise CallsimError(
            f"log: it is of another plan ({log.plan_digest[:16]}) than this scenario's ({plan.digest()[:16]}); "
            "give the scenario, and the changes, that it was run with"
        )
    if case is not None:
        key = named(plan, case)
        book = ledger(plan, log, [key[0]])
        found = np.flatnonzero((book.callers == key).all(axis=1))
        if not len(found):
            raise CallsimError(f"case: found {case!r}; nothing happened to such a caller in this replication")
        return _told(book, Chosen(int(found[0]), "named"))
    wanted = "like" if like is not None else choice
    if wanted not in ("worst", "median", "like"):
        raise CallsimError(f"choice: found {choice!r}; must be worst or median, or give `like` or `case`")
    book = ledger(plan, log, streams_of(plan, cases, customers, callers))
    return _told(book, choose_case(book, wanted, like))


def stories(plan: Plan, log: RunLog) -> Iterator[Story]:
    """Yield the story of every caller of a log, with a case or without, sorted by stream, block and n."""
    book = ledger(plan, log)
    for caller in range(len(book.callers)):
        yield _told(book, Chosen(caller, "named"))


def _told(book: Ledger, chosen: Chosen) -> Story:
    plan = book.plan
    told = chronicle(book, chosen.caller)
    key = book.callers[chosen.caller]
    kinds = plan.cases.stream.tolist()
    kind = kinds.index(int(key[0])) if int(key[0]) in kinds else -1
    words = Words(plan.clock, told.pieces)
    return Story(
        id=case_name(plan, key),
        case_type=plan.cases.types[int(plan.cases.type[kind])] if kind >= 0 else "",
        customers=plan.cases.customers[kind] if kind >= 0 else "",
        entries=tuple(replace(entry, text=words.sentence(entry)) for entry in told.entries),
        promises=told.promises,
        pieces=told.pieces,
        choice=chosen.choice,
        wanted=chosen.wanted,
        pool=chosen.pool,
        plan=plan,
        log=book.log,
    )


def run_once(plan: Plan, seed: int, replication: int, wanted: str | None = None) -> RunLog:
    """Simulate one replication and return its log.

    Parameters
    ----------
    plan : Plan
    seed, replication : int
    wanted : {"auto", "simpy", "compiled"}, optional
        Who simulates; the log does not depend on it.
    """
    wanted = wanted or AUTO
    check_engine(wanted)
    name = choose(wanted, [plan], 1, 1, logs=True, beside=False).engine
    if name == COMPILED:
        for compilation in prepare([plan], logs=True, tell=False):
            accept(compilation)
    log = engine(name)(plan, seed, replication)
    check_log(log)
    check_run(plan, log)
    return log
