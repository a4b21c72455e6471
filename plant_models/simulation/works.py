"""The treatment works in motion: orders from its PLC in, one step of `treatment`, variables out.

The simulation's own thread.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from plant_models.simulation.model_file import Works
from plant_models.simulation.noise import Wander
from plant_models.simulation.pump_physics import PumpState
from plant_models.simulation.pumps import Pump, show_all
from plant_models.simulation.sources import SourceWater
from plant_models.simulation.treatment import Orders, RawWater, WorksFlow, WorksState, initial_works, step_works

Values = dict[str, float]
_DRY_BELOW_M: Final = 0.25
"""Clearwell level under which the station's suction draws air."""


class WorksInMotion:
    """The works with its orders and its state; `doses` in mg/L, `in_service` and `backwash` 0 or 1 by filter."""

    def __init__(self, works: Works, river: SourceWater, ambient: float, random: np.random.Generator) -> None:
        self._works = works
        self._river = river
        self._ambient = ambient
        self.pumps = {
            name: Pump(name, works.intake.rating, PumpState(temperature=ambient)) for name in works.intake.pumps
        }
        self._shake = Wander(len(self.pumps), 1.0, 2.0, random)
        self.doses = {works.coagulant.name: 25.0, works.chlorine.name: 1.3}
        self.in_service = dict.fromkeys(works.filters.names, 1.0)
        self.backwash = dict.fromkeys(works.filters.names, 0.0)
        self.state: WorksState = initial_works(works, self._raw())
        self.values: Values = {}

    @property
    def level(self) -> float:
        """Clearwell level in m above its floor."""
        return self.state.clearwell.volume / self._works.area

    @property
    def head(self) -> float:
        """Clearwell surface in m above datum."""
        return self._works.floor + self.level

    @property
    def is_dry(self) -> bool:
        """Whether the clearwell is too low to draw from."""
        return self.level < _DRY_BELOW_M

    def block_screen(self, share: float) -> None:
        """Blind a share of the intake screen at once, 0 to 1.

        Raises:
            ValueError: not a share.
        """
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"a share of the screen lies between 0 and 1, not {share}")
        intake = replace(self.state.intake, blinded=min(share, 0.98))
        self.state = replace(self.state, intake=intake)

    def step(self, supply: float, dt_s: float) -> Values:
        """Move on by `dt_s` while the pump station draws `supply` m³/h; return all variables of the works."""
        for pump in self.pumps.values():
            pump.ramp(dt_s)
        works = self._works
        orders = Orders(
            tuple(pump.ratio for pump in self.pumps.values()),
            self.doses[works.coagulant.name],
            self.doses[works.chlorine.name],
            tuple((self.in_service[name] >= 0.5, self.backwash[name] >= 0.5) for name in works.filters.names),
            supply,
        )
        self.state, flow = step_works(self.state, works, self._raw(), orders, dt_s)
        suction = self.state.intake.well_level
        for pump, delivered in zip(self.pumps.values(), flow.intake.pumps, strict=True):
            pump.work(delivered, suction, suction + flow.intake.head)
        self.values |= (
            self._show_intake(flow) | self._show_dosing(flow) | self._show_filters(flow) | self._show_outlet(flow)
        )
        self.values |= show_all(list(self.pumps.values()), self._ambient, self._shake, dt_s)
        return self.values

    def _raw(self) -> RawWater:
        river = self._river
        return RawWater(river.surface, river.turbidity, river.ph, river.temperature, river.chlorine_demand)

    def _show_intake(self, flow: WorksFlow) -> Values:
        return {
            "RAW.flow": flow.intake.total,
            "RAW.screen_dp": flow.intake.screen_dp,
            "RAW.well_level": self.state.intake.well_level,
            "RAW.rake": float(self.state.intake.rake_s > 0.0),
            "RIVER.flow": flow.intake.screen,
            "WTW.flow_in": flow.intake.total,
            "WTW.settled_turbidity": self.state.settled,
        }

    def _show_dosing(self, flow: WorksFlow) -> Values:
        works, values = self._works, {}
        for dosing, state, dose in (
            (works.coagulant, self.state.coagulant, flow.coagulant),
            (works.chlorine, self.state.chlorine, flow.chlorine),
        ):
            values[f"{dosing.name}.dose"] = dose.dose
            values[f"{dosing.name}.rate"] = dose.rate
            values[f"{dosing.name}.tank"] = state.stock / dosing.capacity * 100.0
        values[f"{works.chlorine.name}.residual"] = flow.filtrate.chlorine
        return values

    def _show_filters(self, flow: WorksFlow) -> Values:
        values: Values = {}
        for name, state, passed in zip(self._works.filters.names, self.state.filters, flow.filters, strict=True):
            values[f"{name}.level"] = state.level
            values[f"{name}.headloss"] = passed.headloss
            values[f"{name}.flow"] = passed.filtrate
            values[f"{name}.turbidity"] = passed.turbidity
            values[f"{name}.run_hours"] = state.run_s / 3600.0
            values[f"{name}.state"] = float(state.mode)
            values[f"{name}.backwash_step"] = float(state.wash_step)
        return values

    def _show_outlet(self, flow: WorksFlow) -> Values:
        clearwell = self.state.clearwell
        return {
            "CLW.level": self.level / self._works.max_level * 100.0,
            "CLW.level_m": self.level,
            "CLW.volume": clearwell.volume,
            "CLW.chlorine": clearwell.chlorine,
            "CLW.turbidity": clearwell.turbidity,
            "CLW.ph": clearwell.ph,
            "CLW.temperature": self._river.temperature,
            "CLW.inflow": flow.filtrate.flow,
            "CLW.outflow": flow.supplied + flow.wash,
            "CLW.overflow": flow.clearwell_overflow,
            "WTW.flow_out": flow.supplied,
            "WTW.wash_flow": flow.wash,
            "WTW.overflow": flow.inlet_overflow + sum(passed.overflow for passed in flow.filters),
            "WTW.turbidity": clearwell.turbidity,
            "WTW.chlorine": clearwell.chlorine,
            "WTW.ph": clearwell.ph,
            "WTW.temperature": self._river.temperature,
        }
