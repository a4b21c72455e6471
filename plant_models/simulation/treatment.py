"""The treatment works as a whole: river → intake → coagulation → filters → chlorine → clearwell.

Pure functions, any thread. All water is accounted for: what the raw pumps lift is in the
filters, the clearwell, the network, or went over a weir.
"""

from dataclasses import dataclass
from typing import Final

from plant_models.simulation.model_file import Works
from plant_models.simulation.treatment_clearwell import ClearwellState, Inflow, step_clearwell
from plant_models.simulation.treatment_dosing import (
    Dose,
    DosingState,
    chlorine_residual,
    coagulated_ph,
    settled_share,
    step_dosing,
)
from plant_models.simulation.treatment_filter import FilterFlow, FilterMode, FilterState, ordered, step_filter
from plant_models.simulation.treatment_intake import IntakeFlow, IntakeState, step_intake

_SETTLING_S: Final = 2700.0
"""Mean stay in flocculation and settling tanks, which are always full."""


@dataclass(frozen=True, slots=True)
class RawWater:
    """The river: surface in m above datum, turbidity NTU, pH, °C, extra chlorine demand mg/L."""

    surface: float
    turbidity: float
    ph: float
    temperature: float
    chlorine_demand: float


@dataclass(frozen=True, slots=True)
class Orders:
    """What is asked of the works: by its PLC, and by the pump station that draws from its clearwell."""

    raw_speeds: tuple[float, ...]  # ratio to mains speed, by raw pump
    coagulant: float  # mg/L
    chlorine: float  # mg/L
    filters: tuple[tuple[bool, bool], ...]  # (in service, backwash) by filter
    supply: float  # m³/h


@dataclass(frozen=True, slots=True)
class WorksState:
    """State of every part; settled in NTU."""

    intake: IntakeState
    settled: float
    filters: tuple[FilterState, ...]
    clearwell: ClearwellState
    coagulant: DosingState
    chlorine: DosingState


@dataclass(frozen=True, slots=True)
class WorksFlow:
    """What passed in a step: m³/h, NTU, mg/L."""

    intake: IntakeFlow
    filters: tuple[FilterFlow, ...]
    inlet_overflow: float
    filtrate: Inflow
    supplied: float
    wash: float
    clearwell_overflow: float
    coagulant: Dose
    chlorine: Dose


def initial_works(works: Works, raw: RawWater) -> WorksState:
    """Return a works in the middle of a normal day: filters at different ages, clearwell as the model says."""
    filters = works.filters
    surface = raw.surface - works.intake.well_floor
    return WorksState(
        IntakeState(surface),
        raw.turbidity * 0.16,
        tuple(FilterState(filters.level, deposit=0.15 + 0.18 * row) for row in range(len(filters.names))),
        ClearwellState(works.area * works.start_level, 0.95, 0.06, 7.6),
        DosingState(works.coagulant.capacity * 0.8),
        DosingState(works.chlorine.capacity * 0.7),
    )


def step_works(
    state: WorksState, works: Works, raw: RawWater, orders: Orders, dt_s: float
) -> tuple[WorksState, WorksFlow]:
    """Move on by `dt_s`."""
    intake, lifted = step_intake(state.intake, works.intake, (raw.surface, raw.turbidity), orders.raw_speeds, dt_s)
    coagulant_tank, coagulant = step_dosing(state.coagulant, works.coagulant, orders.coagulant, lifted.total, dt_s)
    settled = _settle(state.settled, raw.turbidity * settled_share(coagulant.dose, raw.turbidity), lifted.total, dt_s)
    filters, passed, inlet_overflow = _filter(state.filters, works, orders, (lifted.total, settled), dt_s)
    filtrate = sum(flow.filtrate for flow in passed)
    turbidity = sum(flow.filtrate * flow.turbidity for flow in passed) / filtrate if filtrate > 0.0 else 0.0
    chlorine_tank, chlorine = step_dosing(state.chlorine, works.chlorine, orders.chlorine, filtrate, dt_s)
    residual = chlorine_residual(chlorine.dose, turbidity, raw.chlorine_demand)
    inflow = Inflow(filtrate, residual, turbidity, coagulated_ph(raw.ph, coagulant.dose))
    wash_wanted = sum(flow.wash for flow in passed)
    clearwell, drawn, spilled = step_clearwell(state.clearwell, works, inflow, orders.supply + wash_wanted, dt_s)
    supplied = min(orders.supply, drawn)
    new = WorksState(intake, settled, filters, clearwell, coagulant_tank, chlorine_tank)
    flow = WorksFlow(lifted, passed, inlet_overflow, inflow, supplied, drawn - supplied, spilled, coagulant, chlorine)
    return new, flow


def _settle(held: float, entering: float, flow: float, dt_s: float) -> float:
    """Return the settled turbidity: mixed tanks passed in `_SETTLING_S` at 3000 m³/h, nothing moving without flow."""
    passed = dt_s / _SETTLING_S * flow / 3000.0
    return (held + passed * entering) / (1.0 + passed)


def _filter(
    states: tuple[FilterState, ...], works: Works, orders: Orders, water: tuple[float, float], dt_s: float
) -> tuple[tuple[FilterState, ...], tuple[FilterFlow, ...], float]:
    """Share the settled water (m³/h, NTU) among the filters in service; without any it goes over the inlet weir."""
    flow, turbidity = water
    states = tuple(ordered(state, *order) for state, order in zip(states, orders.filters, strict=True))
    serving = sum(state.mode is FilterMode.SERVICE for state in states)
    each = flow / serving if serving else 0.0
    stepped = [
        step_filter(state, works.filters, each if state.mode is FilterMode.SERVICE else 0.0, turbidity, dt_s)
        for state in states
    ]
    return tuple(new for new, _ in stepped), tuple(done for _, done in stepped), 0.0 if serving else flow
