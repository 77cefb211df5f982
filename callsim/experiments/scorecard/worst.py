"""The coffee stain: a customer judges by the worst that happened to him, not by the mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.experiments.scorecard.customers import Customers
from callsim.scenario.models.money import Churn

__all__ = ["NOTHING_BAD", "worst_events"]

NOTHING_BAD = "nothing bad"
"""Name of the mildest event: nothing that the table names happened."""


def worst_events(
    customers: Customers, churn: Churn
) -> tuple[tuple[str, ...], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the worst that happened to each customer: of all that did, what makes the largest share leave.

    Parameters
    ----------
    customers : Customers
    churn : Churn
        Shares by event; an event without a share is none.

    Returns
    -------
    names : tuple of str
        The events, mildest first; of two with the same share the one that stands further down in the manual is worse.
    share : float64[customer]
        Share of such customers who leave.
    worst : int64[customer]
        Which of the names.
    """
    often = churn.told_it_often
    told = customers.told > (0 if often is None else often.more_than)
    events = [
        (churn.held_an_hour, "held an hour", customers.held_an_hour),
        (None if often is None else often.share, f"told it more than {often.more_than if often else 0} times", told),
        (churn.cut_off, "cut off", customers.cut_off),
        (churn.promise_broken, "promise broken", customers.promise_broken),
        (churn.complained, "complained", customers.complained),
        (churn.gave_up, "gave up", customers.gave_up),
        (churn.never_tried, "never tried", customers.never_tried),
    ]
    said = sorted(((share, name, who) for share, name, who in events if share is not None), key=lambda event: event[0])
    shares = [churn.nothing_bad, *(share for share, _, _ in said)]
    worst = np.zeros(customers.n, np.int64)
    for i, (share, _, who) in enumerate(said, start=1):
        if share >= churn.nothing_bad:
            worst[who] = i
    return (NOTHING_BAD, *(name for _, name, _ in said)), np.array(shares)[worst], worst
