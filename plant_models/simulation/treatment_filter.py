"""One rapid gravity filter: clogging, ripening, breakthrough and backwash.

Pure functions of (state, dt), any thread.
"""

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from plant_models.simulation.model_file import Filters

SOLIDS_PER_NTU: Final = 1.5
"""g/m³ of floc per NTU of settled water."""
DRAIN_S, SCOUR_S, RINSE_S, SETTLE_S = 180.0, 180.0, 480.0, 180.0
BACKWASH_S: Final = DRAIN_S + SCOUR_S + RINSE_S + SETTLE_S
_STEP_ENDS: Final = (DRAIN_S, DRAIN_S + SCOUR_S, DRAIN_S + SCOUR_S + RINSE_S, BACKWASH_S)
_RATE: Final = 10.0  # m/h, at which the head losses of the model are given
_LEVEL_S: Final = 300.0  # time constant of the outlet valve's level control
_DRAINED: Final = 0.2  # m left over the media
_CLEANED_S: Final = 100.0
_RIPENING_S: Final = 900.0
_PASSES: Final = 0.02
_PASSES_UNRIPE: Final = 0.04
_BREAKTHROUGH_M: Final = 2.4
_BREAKTHROUGH_WIDTH_M: Final = 0.25


class FilterMode(IntEnum):
    """What the filter does."""

    SERVICE = 0
    BACKWASH = 1
    OFF = 2


@dataclass(frozen=True, slots=True)
class FilterState:
    """Water over the media m, deposit kg/m², s since it came into service, s into the backwash (None: no backwash)."""

    level: float
    deposit: float = 0.0
    run_s: float = 4.0 * _RIPENING_S
    wash_s: float | None = None
    wash_ordered: bool = False
    in_service: bool = True

    @property
    def mode(self) -> FilterMode:
        """Service, backwash or off."""
        if self.wash_s is not None:
            return FilterMode.BACKWASH
        return FilterMode.SERVICE if self.in_service else FilterMode.OFF

    @property
    def wash_step(self) -> int:
        """0 none, 1 drain, 2 air scour, 3 rinse, 4 settle."""
        return 0 if self.wash_s is None else 1 + sum(self.wash_s >= end for end in _STEP_ENDS[:-1])


@dataclass(frozen=True, slots=True)
class FilterFlow:
    """What passed in a step, m³/h: filtrate, over the weir, drained, wash water; NTU of the filtrate; head loss m."""

    filtrate: float = 0.0
    overflow: float = 0.0
    drained: float = 0.0
    wash: float = 0.0
    turbidity: float = 0.0
    headloss: float = 0.0


def ordered(state: FilterState, in_service: bool, backwash: bool) -> FilterState:
    """Return the state with new orders: a rising backwash order starts the sequence, taking it away breaks it off."""
    wash_s = state.wash_s
    if backwash and not state.wash_ordered:
        wash_s = 0.0
    elif not backwash:
        wash_s = None
    broken_off = state.wash_s is not None and wash_s is None
    run_s = 0.0 if broken_off or (in_service and not state.in_service) else state.run_s
    return replace(state, wash_s=wash_s, wash_ordered=backwash, in_service=in_service, run_s=run_s)


def step_filter(
    state: FilterState, filters: Filters, inflow: float, turbidity: float, dt_s: float
) -> tuple[FilterState, FilterFlow]:
    """Move on by `dt_s` with `inflow` m³/h (0 unless in service) of settled water of `turbidity` NTU."""
    if state.wash_s is not None:
        return _wash(state, filters, dt_s)
    if not state.in_service:
        return state, FilterFlow()
    hours = dt_s / 3600.0
    resistance = filters.clean_loss + filters.clogging * state.deposit
    most = min(filters.drive / resistance * _RATE * filters.area, state.level * filters.area / hours + inflow)
    wanted = inflow + (state.level - filters.level) * filters.area * 3600.0 / max(_LEVEL_S, dt_s)
    filtrate = min(max(wanted, 0.0), most)
    level = state.level + (inflow - filtrate) * hours / filters.area
    overflow = max(level - filters.weir, 0.0) * filters.area / hours
    rate = filtrate / filters.area
    headloss = resistance * rate / _RATE
    passed = turbidity * passing(headloss, state.run_s)
    deposit = state.deposit + rate * hours * (turbidity - passed) * SOLIDS_PER_NTU / 1000.0
    new = replace(state, level=min(level, filters.weir), deposit=deposit, run_s=state.run_s + dt_s)
    return new, FilterFlow(filtrate, overflow, 0.0, 0.0, passed, headloss)


def passing(headloss: float, run_s: float) -> float:
    """Return the share of the turbidity that passes: more while the bed ripens, and when it breaks through (m)."""
    ripening = _PASSES_UNRIPE * math.exp(-run_s / _RIPENING_S)
    breakthrough = _PASSES * math.exp(min((headloss - _BREAKTHROUGH_M) / _BREAKTHROUGH_WIDTH_M, 3.0))
    return min(_PASSES + ripening + breakthrough, 1.0)


def _wash(state: FilterState, filters: Filters, dt_s: float) -> tuple[FilterState, FilterFlow]:
    """Drain, scour with air, rinse with water from the clearwell, settle; then back to what it was ordered to."""
    begun = state.wash_s or 0.0
    ended = begun + dt_s
    hours = dt_s / 3600.0
    drain = min(max(DRAIN_S - begun, 0.0), dt_s)
    fall = max(state.level - _DRAINED, 0.0) * (drain / max(DRAIN_S - begun, drain)) if drain > 0.0 else 0.0
    rinse = max(min(ended, _STEP_ENDS[2]) - max(begun, _STEP_ENDS[1]), 0.0)
    flow = FilterFlow(drained=fall * filters.area / hours, wash=filters.wash_rate * filters.area * rinse / dt_s)
    new = replace(state, level=state.level - fall, deposit=state.deposit * math.exp(-rinse / _CLEANED_S), wash_s=ended)
    if ended >= BACKWASH_S:
        new = replace(new, wash_s=None, run_s=0.0)
    return new, flow
