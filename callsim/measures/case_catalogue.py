"""Every measure of cases, declared once, as `callsim.measures.catalogue` declares the others.

They exist only where a scenario has cases, in three kinds of scope: all cases, a type of case (``cases``), and a type
with one kind of customer (``customers``). Their sums are kept by `callsim.measures.case_reduction`.
"""

from __future__ import annotations

from callsim.codes import Cause
from callsim.measures.declaration import CASE_PREFIX, Measure

__all__ = [
    "CASE_CATALOGUE", "CASE_MEAN_NUMBERS", "CASE_SCOPES", "CASE_SUMS", "CAUSE_NAMES", "CURVES", "DAYS", "DISTRIBUTIONS",
    "DOCUMENTED", "JOINTLY",
]  # fmt: skip

CASE_SCOPES = {"case": "", "cases": "cases", "customers": "customers"}
"""Name of the part -> kind of scope; "" is all cases."""
CAUSE_NAMES = {
    Cause.REDIAL_AFTER_ABANDONED: "abandoned",
    Cause.REDIAL_AFTER_BLOCKED: "blocked",
    Cause.REDIAL_AFTER_BALKED: "balked",
    Cause.REDIAL_AFTER_CLOSED: "closed",
    Cause.REDIAL_AFTER_DROPPED: "cut_off",
    Cause.REPEAT_UNSOLVED: "unsolved",
    Cause.REPEAT_BROKEN_PROMISE: "broken_promise",
    Cause.REPEAT_REOPENED: "reopened",
    Cause.CALL_BACK: "call_back",
    Cause.REGULATOR: "regulator",
}
"""Why a contact was made that would not have been needed -> how it is called in names."""
DISTRIBUTIONS = {
    "calls": ("count", "calls that a customer made", "finished"),
    "employees": ("count", "employees who answered a customer, each as often as he did,", "finished"),
    "different_employees": ("count", "different employees who answered a customer", "finished"),
    "hold": ("s", "time a customer held in all his calls together, waits and transfers, abandoned calls too,",
             "finished"),
    "time_on_phone": ("s", "time a customer spent on the phone, from calling to hanging up, all calls together,",
                      "finished"),
    "age_at_solution": ("s", "time from the beginning of the problem until it worked", "solved"),
}  # fmt: skip
"""What is binned of each case -> unit, words, and which cases: the finished ones (solved or given up) or the solved."""
DOCUMENTED = {
    "calls": ("calls", "calls"),
    "employees": ("employees", "employees"),
    "different_employees": ("employees", "different_employees"),
    "time_on_phone": ("hours_on_the_phone", "time_on_phone"),
    "age_at_solution": ("hours_to_solution", "age_at_solution"),
    "promises": ("promises", "promises"),
}
"""Rank -> the key of the documented figure that it is the rank of, and what of a case is compared with it."""
JOINTLY = 3
"""Cases with about as many calls as documented: at most so many more or fewer."""

DAYS = (1, 2, 3, 4, 5, 7, 10, 14, 21, 28)
"""Ages at which the rows of the results say how many cases have ended."""
_SOLVED = ("solved_at", "solved_by_regulator_at")
CURVES = {
    "case.unsolved_after": (_SOLVED, "share of cases that are not solved, by the provider or because of the regulator,"
                            " so many days after they began: one minus the Aalen-Johansen estimates"),
    "case.solved_within": (_SOLVED, "share of cases solved within so many days, by the provider or because of the"
                           " regulator: Aalen-Johansen, cases that are open when the run ends count up to then"),
    "case.solved_by_regulator_within": (("solved_by_regulator_at",), "share of cases solved within so many days because"
                                        " of the regulator: Aalen-Johansen"),
    "case.given_up_within": (("given_up_at",), "share of cases given up within so many days: Aalen-Johansen"),
    "case.solved_within_naive": (_SOLVED, "the same share among the cases that are over only: open cases, which are the"
                                 " long ones, are missing from it, so that it is too large"),
}  # fmt: skip
"""Name -> the ends whose incidences are added up, and the definition."""

_SCOPES = ("", "cases", "customers")
_ALL = ("",)
_TICKS = 1_000_000
_NO_CASE = "no problem began in the window"
_WHICH = {"finished": "finished cases (solved or given up)", "solved": "solved cases"}
_EMPTY = {"finished": "no case was finished", "solved": "no case was solved"}


def _count(name: str, definition: str) -> Measure:
    return Measure(f"{CASE_PREFIX}{name}", "count", "count", definition, _SCOPES, name)


def _ratio(
    name: str, definition: str, sums: tuple[str, str], empty: str = _NO_CASE, scopes: tuple[str, ...] = _SCOPES
) -> Measure:
    return Measure(f"{CASE_PREFIX}{name}", "1", "ratio", definition, scopes, *sums, empty=empty)


_COUNTS = (
    _count("cases", "cases: problems that began in the measured window, followed to the end of the run"),
    _count("solved", "cases that are solved when the run ends, by the provider or because of the regulator"),
    _count("solved_by_regulator", "cases that are solved and of which the customer had complained to the regulator"),
    _count("given_up", "cases whose customer called no more, unsolved"),
    _count("never_tried", "cases whose customer never called: demand that nobody sees"),
    _count("open", "cases that were neither solved nor given up when the run ended"),
    _count("calls", "calls that customers with cases made, up to the end of the run"),
    _count("provider_calls", "calls that the provider made: call-backs, and on the regulator's order"),
    _count("calls_in_vain", "calls that entered no queue: closed, voicemail, busy tone, or unwilling to wait"),
    _count("cut_offs", "calls that were cut off by a transfer into a closed department"),
    _count("promises", "promises that employees made"),
    Measure(
        f"{CASE_PREFIX}customer_time", "s", "time", "time that the customers of all cases spent on the phone, from"
        " calling to hanging up; of calls by the provider the talk", _SCOPES, "time_on_phone", scale=_TICKS,
    ),
    Measure(
        f"{CASE_PREFIX}customer_hold", "s", "time", "the part of customer_time that they held: waits in queues and"
        " transfers", _SCOPES, "hold", scale=_TICKS,
    ),
)  # fmt: skip

_STATES = (
    _ratio("share_solved", "solved / cases", ("solved", "cases")),
    _ratio("share_solved_by_provider", "cases solved without the regulator / cases", ("solved_by_provider", "cases")),
    _ratio("share_solved_by_regulator", "solved_by_regulator / cases", ("solved_by_regulator", "cases")),
    _ratio("share_given_up", "given_up / cases", ("given_up", "cases")),
    _ratio("share_never_tried", "never_tried / cases", ("never_tried", "cases")),
    _ratio("share_open", "open / cases", ("open", "cases")),
)

_FIRST_CONTACT = (
    _ratio(
        "fcr_gross",
        "solved at first contact, gross: cases solved at the customer's first call, with no promise and no further"
        " call / cases with an answered call; a first call that was abandoned counts as a call",
        ("first_contact", "answered_cases"),
        "no case had an answered call",
    ),
    _ratio(
        "fcr_net",
        "solved at first contact, net: as gross, without the cases that need more work than one employee can do in"
        " one call",
        ("first_contact_possible", "answered_cases_possible"),
        "no case could be solved in one call",
    ),
    _ratio(
        "fcr_seven_days",
        "the usual proxy: cases whose first answered call was followed by no call for 7 days / cases with an answered"
        " call 7 days or more before the end of the run; who gives up counts as solved here, and earlier calls in"
        " vain are not seen",
        ("quiet", "watched"),
        "no answered call lies 7 days before the end of the run",
    ),
)

_RATES = (
    _ratio("calls_per_case", "calls / cases: calls that customers made, up to the end of the run", ("calls", "cases")),
    Measure(f"{CASE_PREFIX}time_per_case", "s", "ratio", "customer_time / cases: all cases, up to the end of the run",
            _SCOPES, "time_on_phone", "cases", scale=_TICKS, empty=_NO_CASE),
    Measure(f"{CASE_PREFIX}hold_per_case", "s", "ratio", "customer_hold / cases: all cases, up to the end of the run",
            _SCOPES, "hold", "cases", scale=_TICKS, empty=_NO_CASE),
    _ratio("explanations_per_case", "how often the problem was explained to an employee / cases",
           ("explanations", "cases")),
    _ratio("transfers_per_case", "transfers by employees, whatever became of them / cases", ("transfers", "cases")),
    _ratio("cut_offs_per_case", "cut_offs / cases", ("cut_offs", "cases")),
    _ratio("promise_kept_rate", "promises kept by their deadline / promises whose deadline came, or that were settled,"
           " before the end of the run", ("promises_in_time", "promises_due"), "no promise was due"),
    _ratio("promise_late_rate", "promises kept behind their deadline / the same promises",
           ("promises_late", "promises_due"), "no promise was due"),
    _ratio("promise_never_rate", "promises of which nothing came / the same promises; what remains was overdue when"
           " the run ended", ("promises_broken", "promises_due"), "no promise was due"),
    _ratio("reopen_rate", "cases that were opened again / cases that were closed, solved or not",
           ("reopened_cases", "closed_cases"), "no case was closed"),
    _ratio("escalation_rate", "cases in which a call was passed on to somebody in authority / cases",
           ("escalated_cases", "cases")),
    _ratio("escalation_refused", "requests for somebody in authority that were refused / requests",
           ("refused", "asked"), "nobody asked for somebody in authority"),
    _ratio("complaint_rate", "cases of which the regulator was told / cases", ("complained", "cases")),
    _ratio("deadline_met", "cases solved within the deadline of their type / cases of a type with a deadline; open"
           " cases that still have time are left out", ("in_time", "deadlines"), "no case had a deadline that was due"),
)  # fmt: skip


def _failure_demand() -> tuple[Measure, ...]:
    found = []
    words = {Cause.CALL_BACK: "by the provider as promised", Cause.REGULATOR: "by the provider for the regulator"}
    for prefix, sums, scopes, whose in (
        ("failure_demand", "contacts", _SCOPES, "contacts of cases in the measured window"),
        ("centre_failure_demand", "centre_contacts", _ALL, "contacts of the whole centre in the measured window"),
    ):
        empty = "nobody called"
        text = f"{whose} that an earlier failure caused: all but a caller's first / {whose}"
        found.append(_ratio(prefix, text, (f"{sums}_again", sums), empty, scopes))
        for cause, name in CAUSE_NAMES.items():
            why = words.get(cause, f"made again after: {name.replace('_', ' ')}")
            text = f"the part of {prefix} that was {why}"
            found.append(_ratio(f"{prefix}_{name}", text, (f"{sums}_{name}", sums), empty, scopes))
    return tuple(found)


def _distributions() -> tuple[Measure, ...]:
    found = []
    for name, (unit, words, which) in DISTRIBUTIONS.items():
        found.append(
            Measure(f"{CASE_PREFIX}{name}_mean", "s" if unit == "s" else "1", "ratio",
                    f"mean over {_WHICH[which]} of the {words.rstrip(',')}", _SCOPES, f"{name}_{which}", which,
                    scale=_TICKS if unit == "s" else 1, empty=_EMPTY[which])
        )  # fmt: skip
        found += [
            Measure(f"{CASE_PREFIX}{name}_p{percent}", unit, "percentile",
                    f"{words} in {percent} % of the {_WHICH[which]} at the most", _SCOPES, name, share=percent / 100,
                    empty=_EMPTY[which])
            for percent in (50, 80, 90)
        ]  # fmt: skip
    return tuple(found)


def _documented() -> tuple[Measure, ...]:
    found = []
    for name, (key, what) in DOCUMENTED.items():
        which = "solved" if what == "age_at_solution" else "finished"
        text = (
            f"percentile rank of the documented {key.replace('_', ' ')}: share of the {_WHICH[which]} with fewer"
            f" {what.replace('_', ' ')}, and half of those with as many; mean of the replications' shares"
        )
        found.append(_rank(f"rank_{name}", text, "no finished case of a type with a documented figure"))
    for name, (key, what) in DOCUMENTED.items():
        if name != "calls":
            text = (
                f"the same rank of the documented {key.replace('_', ' ')} among the cases whose number of calls is"
                f" within {JOINTLY} of the documented one"
            )
            found.append(_rank(f"joint_rank_{name}", text, _ALIKE))
        if what in DISTRIBUTIONS and name != "calls":
            unit, words, which = DISTRIBUTIONS[what]
            text = f"median of the {words.rstrip(',')}, among the {_WHICH[which]} with about the documented calls"
            found.append(
                Measure(f"{CASE_PREFIX}joint_{name}_p50", unit, "percentile", text, _SCOPES, f"joint_{what}",
                        share=0.5, empty=_ALIKE)
            )  # fmt: skip
    return tuple(found)


_ALIKE = "no finished case had about the documented number of calls"


def _rank(name: str, definition: str, empty: str) -> Measure:
    return Measure(
        f"{CASE_PREFIX}{name}", "1", "rank", definition, _SCOPES, f"{name}_below", f"{name}_of", scale=2, empty=empty
    )


CASE_CATALOGUE: tuple[Measure, ...] = (
    *_COUNTS, *_STATES, *_distributions(), *_FIRST_CONTACT, *_failure_demand(), *_RATES, *_documented(),
)  # fmt: skip
"""Every measure of cases, in the order of the reports."""
CASE_MEAN_NUMBERS = frozenset(
    measure.name for measure in CASE_CATALOGUE if measure.unit == "1" and measure.name.endswith(("_mean", "_per_case"))
)
"""Measures of unit "1" that are mean numbers; the others are shares."""


def _sums() -> tuple[str, ...]:
    made = [measure for measure in CASE_CATALOGUE if measure.kind != "percentile"]
    named = [name for measure in made for name in (measure.numerator, measure.denominator) if name]
    return tuple(dict.fromkeys(named))


CASE_SUMS: tuple[str, ...] = _sums()
"""Names of the sums that a replication with cases keeps."""
