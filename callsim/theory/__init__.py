"""What must be true: independent predictions of mathematics, with which simulated estimates are compared.

Nothing here knows a scenario, a plan or an engine: plain numbers in (seconds, calls a second, heads), plain numbers
out. `steady_state` is the one model behind Erlang B, C and A; `predict` asks every model that fits some plain facts
and names what each of them cannot see. The command ``callsim theory`` shows the answer beside the simulated one.
"""

from __future__ import annotations

from callsim.theory.erlang import erlang_a, erlang_b, erlang_c
from callsim.theory.fluid import FluidOverload, fluid_overload
from callsim.theory.patience import (
    ExponentialPatience,
    FixedPatience,
    GammaPatience,
    LognormalPatience,
    NeverHangsUp,
    Patience,
    WeibullPatience,
    WithZeroMass,
)
from callsim.theory.priorities import PriorityClass, priority_classes
from callsim.theory.single_agent import SingleAgent, pollaczek_khinchine
from callsim.theory.staffing import Requirement, required_agents, required_lines, scheduled_heads
from callsim.theory.steady_state import Formula, SteadyState, steady_state
from callsim.theory.summary import ASSUMPTIONS, Answer, Prediction, predict

__all__ = [
    "ASSUMPTIONS",
    "Answer",
    "ExponentialPatience",
    "FixedPatience",
    "FluidOverload",
    "Formula",
    "GammaPatience",
    "LognormalPatience",
    "NeverHangsUp",
    "Patience",
    "Prediction",
    "PriorityClass",
    "Requirement",
    "SingleAgent",
    "SteadyState",
    "WeibullPatience",
    "WithZeroMass",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "fluid_overload",
    "pollaczek_khinchine",
    "predict",
    "priority_classes",
    "required_agents",
    "required_lines",
    "scheduled_heads",
    "steady_state",
]
