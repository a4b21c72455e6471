"""Valves: a control valve that takes its time, and a pressure reducing valve with its setpoint. Loop thread only."""

from collections.abc import Mapping

from plant_models.simulation.plc_config import PrvConfig, ValveConfig
from plant_models.simulation.program import PlantIO, Program, Setpoint, Variable


class ControlValve(Program):
    """Travels to `position_sp` (0-100 %) at the speed of its actuator; `opening` is the position ordered now."""

    def __init__(self, config: ValveConfig) -> None:
        self._config = config
        self._position_sp = Setpoint(config.position, 0.0, 100.0)
        self._opening = Variable(self._position_sp.value)
        self._moving, self._opened, self._closed = Variable(), Variable(), Variable()

    def variables(self) -> Mapping[str, Variable]:
        found = {
            "position_sp": self._position_sp,
            "opening": self._opening,
            "moving": self._moving,
            "opened": self._opened,
            "closed": self._closed,
        }
        return {f"{self._config.name}.{name}": variable for name, variable in found.items()}

    def step(self, dt_s: float, plant: PlantIO) -> None:
        reach = 100.0 * dt_s / self._config.travel_s
        way = self._position_sp.value - self._opening.value
        self._opening.value += min(max(way, -reach), reach)
        self._moving.value = float(self._opening.value != self._position_sp.value)
        self._opened.value = float(self._opening.value >= 99.5)
        self._closed.value = float(self._opening.value <= 0.5)
        plant.set(f"{self._config.name}.opening_ref", self._opening.value)


class PressureValve(Program):
    """A PRV: `pressure_sp` (bar, kept within the configured limits) is its downstream pressure."""

    def __init__(self, config: PrvConfig) -> None:
        self._name = config.name
        self._pressure_sp = Setpoint(config.setpoint, config.low, config.high)

    def variables(self) -> Mapping[str, Variable]:
        return {f"{self._name}.pressure_sp": self._pressure_sp}

    def step(self, dt_s: float, plant: PlantIO) -> None:  # noqa: ARG002 the pilot acts at once
        plant.set(f"{self._name}.pressure_ref", self._pressure_sp.value)
