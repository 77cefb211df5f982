"""Figures: each is values first, prepared by a pure function, then a drawing that does no arithmetic.

For every figure there is ``name(...)``, which returns a matplotlib figure, ``name_data(...)``, which returns
what is drawn as numbers and texts, and ``draw_name(data, size)``. Sizes are ``phone``, ``page`` (A4) and ``wide``.
matplotlib is imported when something is drawn.
"""

from callsim.report.figures.agents_by_state import (
    AgentsByState,
    agents_by_state,
    agents_by_state_data,
    draw_agents_by_state,
)
from callsim.report.figures.calls_by_interval import (
    CallsByInterval,
    calls_by_interval,
    calls_by_interval_data,
    draw_calls_by_interval,
)
from callsim.report.figures.calls_per_case import (
    CallsPerCase,
    calls_per_case,
    calls_per_case_data,
    draw_calls_per_case,
)
from callsim.report.figures.cases_by_age import CasesByAge, cases_by_age, cases_by_age_data, draw_cases_by_age
from callsim.report.figures.differences import (
    Differences,
    draw_variant_differences,
    variant_differences,
    variant_differences_data,
)
from callsim.report.figures.files import KINDS, every_figure, write_figures
from callsim.report.figures.hold_by_hour import HoldByHour, draw_hold_by_hour, hold_by_hour, hold_by_hour_data
from callsim.report.figures.hold_distribution import (
    HoldDistribution,
    draw_hold_distribution,
    hold_distribution,
    hold_distribution_data,
)
from callsim.report.figures.queue_length import QueueLength, draw_queue_length, queue_length, queue_length_data
from callsim.report.figures.shift_plan import ShiftPlan, draw_shift_plan, shift_plan, shift_plan_data
from callsim.report.figures.staffing_curve import (
    StaffingCurve,
    draw_staffing_curve,
    staffing_curve,
    staffing_curve_data,
)
from callsim.report.figures.style import Size, alt_text, to_svg
from callsim.report.figures.worth import (
    RemedyWorths,
    draw_remedy_worth,
    remedy_worth,
    remedy_worth_data,
    write_worth_figures,
)

__all__ = [
    "KINDS",
    "AgentsByState",
    "CallsByInterval",
    "CallsPerCase",
    "CasesByAge",
    "Differences",
    "HoldByHour",
    "HoldDistribution",
    "QueueLength",
    "RemedyWorths",
    "ShiftPlan",
    "Size",
    "StaffingCurve",
    "agents_by_state",
    "agents_by_state_data",
    "alt_text",
    "calls_by_interval",
    "calls_by_interval_data",
    "calls_per_case",
    "calls_per_case_data",
    "cases_by_age",
    "cases_by_age_data",
    "draw_agents_by_state",
    "draw_calls_by_interval",
    "draw_calls_per_case",
    "draw_cases_by_age",
    "draw_hold_by_hour",
    "draw_hold_distribution",
    "draw_queue_length",
    "draw_remedy_worth",
    "draw_shift_plan",
    "draw_staffing_curve",
    "draw_variant_differences",
    "every_figure",
    "hold_by_hour",
    "hold_by_hour_data",
    "hold_distribution",
    "hold_distribution_data",
    "queue_length",
    "queue_length_data",
    "remedy_worth",
    "remedy_worth_data",
    "shift_plan",
    "shift_plan_data",
    "staffing_curve",
    "staffing_curve_data",
    "to_svg",
    "variant_differences",
    "variant_differences_data",
    "write_figures",
    "write_worth_figures",
]
