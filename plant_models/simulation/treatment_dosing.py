"""Dosing of coagulant and chlorine, and what they do to the water. Pure functions of (state, dt), any thread."""

import math
from dataclasses import dataclass
from typing import Final

from plant_models.simulation.model_file import Dosing

_DELIVERY_S: Final = 1800.0
_FULL: Final = 0.95
_BASE_DEMAND: Final = 0.25  # mg/L of chlorine that the water itself takes
_DEMAND_PER_NTU: Final = 0.6


@dataclass(frozen=True, slots=True)
class DosingState:
    """kg in the day tank, and whether a delivery is filling it."""

    stock: float
    delivering: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """What was dosed: mg/L into the water, kg/h out of the tank."""

    dose: float
    rate: float


def step_dosing(
    state: DosingState, dosing: Dosing, wanted: float, flow: float, dt_s: float
) -> tuple[DosingState, Dose]:
    """Dose `wanted` mg/L into `flow` m³/h for `dt_s`, limited by the dosing pump and by what is in the tank."""
    hours = dt_s / 3600.0
    rate = min(max(wanted, 0.0) * max(flow, 0.0) / 1000.0, dosing.max_rate, state.stock / hours)
    delivering = state.stock < _FULL * dosing.capacity and (
        state.delivering or state.stock < dosing.delivered_at / 100.0 * dosing.capacity
    )
    delivered = dosing.capacity * dt_s / _DELIVERY_S if delivering else 0.0
    stock = min(state.stock - rate * hours + delivered, dosing.capacity)
    return DosingState(stock, delivering), Dose(rate * 1000.0 / flow if flow > 0.0 else 0.0, rate)


def best_coagulant(turbidity: float) -> float:
    """Return the dose in mg/L that a jar test would find for raw water of `turbidity` NTU."""
    return 8.0 + 4.5 * math.sqrt(max(turbidity, 0.0))


def settled_share(dose: float, turbidity: float) -> float:
    """Return the share of the turbidity left after settling: least near the best dose, more when overdosed."""
    relative = max(dose, 0.0) / best_coagulant(turbidity)
    removed = 0.88 * -math.expm1(-3.0 * relative)
    overdose = max(relative - 1.8, 0.0)
    return 1.0 - removed / (1.0 + 0.5 * overdose)


def coagulated_ph(ph: float, dose: float) -> float:
    """Return the pH after `dose` mg/L of an acid coagulant in well buffered water."""
    return max(ph - 0.012 * dose, 4.5)


def chlorine_residual(dose: float, turbidity: float, extra_demand: float) -> float:
    """Return mg/L left of a dose after the instant demand of filtered water (NTU) and of a contamination (mg/L)."""
    return max(dose - _BASE_DEMAND - _DEMAND_PER_NTU * turbidity - extra_demand, 0.0)
