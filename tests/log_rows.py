"""A run log as the rows that the compiled engine would have handed over, for tests of counting without a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from callsim.codes import Outcome, TransferResult
from callsim.engines.compiled.rows import (
    C_CALLS,
    C_FIRST_AT,
    C_HOLD,
    C_LAST,
    C_LEGS,
    C_PASSED_ON,
    C_REACHED,
    C_TALK,
    C_WAIT,
    C_WORK,
    CONTACT_WIDTH,
    CUT_OFF,
    L_ARRIVED,
    L_FATE,
    L_STREAM,
    LEG_WIDTH,
    MESSAGE,
)
from callsim.engines.compiled.tables import Lent
from callsim.engines.compiled.tally import ROOM, Tally, new_tally, roomier
from callsim.engines.compiled.tally_giving import Giver
from callsim.engines.compiled.tally_rows import count_contacts, count_legs, count_spans
from callsim.engines.compiled.tally_sums import gather, new_results
from callsim.measures import Measures, Part, SumsReader
from callsim.measures.catalogue import SUMS
from callsim.plan.plan import Plan
from callsim.runlog import CONTACTS, LEGS, SPANS, RunLog, RunSums

KEPT = (
    TransferResult.NONE,
    TransferResult.KEPT_TARGET_CLOSED,
    TransferResult.TOO_MANY_TRANSFERS,
    TransferResult.UNFINISHED,
)


def rows_of(log: RunLog, seed: int | None = None) -> tuple[Any, Any, Any]:
    """Return the rows of contacts, legs and spans, shuffled if a seed is given."""
    found = _contacts(log), _legs(log), np.stack([log.spans[column.name] for column in SPANS], axis=1)
    if seed is None:
        return found
    random = np.random.default_rng(seed)
    contacts, legs, spans = (random.permutation(rows, axis=0) for rows in found)
    return contacts, legs, spans


def _contacts(log: RunLog) -> Any:
    columns, legs = log.contacts, log.legs
    n = len(columns["stream"])
    rows = np.zeros((n, CONTACT_WIDTH), np.int64)
    rows[:, 0] = np.arange(n)
    for place, column in enumerate(CONTACTS, start=1):
        rows[:, place] = columns[column.name]
    left = np.where(legs["left"] < 0, log.end, legs["left"])
    answered = legs["outcome"] == Outcome.ANSWERED
    sums = {
        C_LEGS: np.ones(len(left), np.int64),
        C_WAIT: left - legs["entered"],
        C_TALK: np.where(answered, legs["talk_end"] - legs["left"], 0),
        C_WORK: np.where(answered, legs["handle_end"] - legs["talk_end"], 0),
    }
    for cell, values in sums.items():
        np.add.at(rows[:, cell], legs["contact"], values)
    rows[legs["contact"][answered & ~np.isin(legs["transfer"], KEPT)], C_PASSED_ON] = 1
    callers: dict[tuple[int, ...], list[int]] = {}
    for row in np.argsort(columns["attempt"], kind="stable").tolist():
        callers.setdefault(tuple(int(columns[name][row]) for name in ("stream", "block", "n")), []).append(row)
    for mine in callers.values():
        reached = bool((columns["outcome"][mine] == Outcome.ANSWERED).any())
        last = rows[mine[-1]]
        last[C_LAST], last[C_FIRST_AT] = 1, columns["arrived"][mine[0]]
        last[C_REACHED], last[C_HOLD], last[C_CALLS] = reached, rows[mine, C_WAIT].sum(), len(mine)
    return rows


def _legs(log: RunLog) -> Any:
    columns = log.legs
    rows = np.zeros((len(columns["leg"]), LEG_WIDTH), np.int64)
    for place, column in enumerate(LEGS):
        rows[:, place] = columns[column.name]
    rows[:, L_STREAM] = log.contacts["stream"][columns["contact"]]
    rows[:, L_ARRIVED] = log.contacts["arrived"][columns["contact"]]
    ends = log.contacts["outcome"][columns["contact"]]
    cut = (columns["transfer"] == TransferResult.DROPPED_TARGET_CLOSED) & (ends == Outcome.DROPPED_BY_TRANSFER)
    message = (columns["transfer"] == TransferResult.VOICEMAIL_TARGET_CLOSED) & (ends == Outcome.VOICEMAIL)
    rows[:, L_FATE] = CUT_OFF * cut + MESSAGE * message
    return rows


def sums_of(t: Tally, plan: Plan, log: RunLog, by: Iterable[str]) -> RunSums:
    """Return what a tally of the rows of a log has come to, by plain Python."""
    wanted = SumsReader(plan, by).wanted
    results = new_results(t, plan, wanted)
    gather(t, results)
    results.queue_time[:], results.busy_time[:] = log.queue_time, log.busy_time
    lent = Lent(len(results.given))
    lent.cells[:] = results.given
    return Giver(t, plan, wanted, results).sums(results, lent, log.end, log.seed, log.replication)


def counted(
    plan: Plan,
    log: RunLog,
    by: Iterable[str] = (),
    seed: int | None = None,
    chunk: int = 100,
    tally: Tally | None = None,
) -> tuple[Tally, RunSums]:
    """Return a tally of the rows of a log, handed over in buffers of `chunk` rows, and its sums."""
    by = tuple(by)
    t = new_tally(plan, by) if tally is None else tally
    for count, rows in zip((count_contacts, count_legs, count_spans), rows_of(log, seed), strict=True):
        for first in range(0, len(rows), chunk):
            buffer = np.ascontiguousarray(rows[first : first + chunk])
            while count(t, buffer, len(buffer)) == ROOM:
                t = roomier(t, len(buffer))
    return t, sums_of(t, plan, log, by)


def differences(one: Measures, two: Measures) -> list[str]:
    """Return where two measures differ, in any field, cell, bin, label or dtype."""
    names = [field.name for field in fields(one) if field.name not in ("parts", "imprint")] + ["log_digest"]
    found = [name for name in names if getattr(one, name) != getattr(two, name)]
    if list(one.parts) != list(two.parts):
        return [*found, f"parts {list(one.parts)} and {list(two.parts)}"]
    return found + [text for name in one.parts for text in _differing(name, one.parts[name], two.parts[name])]


def _differing(name: str, one: Part, two: Part) -> Iterator[str]:
    if one.sums.shape != two.sums.shape or one.waits.n_cells != two.waits.n_cells:
        yield f"{name}: shape"
        return
    for row, total in enumerate(SUMS):
        if (one.sums[row] != two.sums[row]).any():
            yield f"{name}: {total} {one.sums[row].tolist()} and {two.sums[row].tolist()}"
    pairs = {
        "sums": (one.sums, two.sums),
        "maxima": (one.maxima, two.maxima),
        "position": (one.waits.position, two.waits.position),
        "count": (one.waits.count, two.waits.count),
    }
    for what, (first, second) in pairs.items():
        if first.dtype != second.dtype or not np.array_equal(first, second):
            yield f"{name}: {what}"
