"""A dosing pump or chlorinator: in Auto it runs while water flows, and it never runs without. Loop thread only."""

from collections.abc import Iterable, Mapping

from plant_models.simulation.drive import Drive
from plant_models.simulation.plc_config import DosingConfig
from plant_models.simulation.program import PlantIO, Program, Setpoint, Variable


class Dosing(Program):
    """Doses `dose_sp` (mg/L, kept within the configured limits) while it runs. A bad flow signal counts as no flow."""

    def __init__(self, config: DosingConfig) -> None:
        self._config = config
        self._drive = Drive(config.name)
        self._dose_sp = Setpoint(config.dose, config.dose_low, config.dose_high)
        self._no_flow = Variable()

    def variables(self) -> Mapping[str, Variable]:
        name = self._config.name
        return {**self._drive.variables(), f"{name}.dose_sp": self._dose_sp, f"{name}.no_flow": self._no_flow}

    def trip(self, equipment: str) -> bool:
        if equipment != self._config.name:
            return False
        self._drive.trip()
        return True

    def remarks(self) -> Iterable[str]:
        yield from self._drive.remarks()
        if self._no_flow.value:
            yield f"{self._config.name} without flow"

    def step(self, dt_s: float, plant: PlantIO) -> None:
        has_flow = plant.read(self._config.flow) > self._config.no_flow
        self._no_flow.value = float(not has_flow)
        self._drive.is_permitted = has_flow
        if self._drive.is_automatic:
            self._drive.order(has_flow)
        self._drive.step(dt_s)
        plant.set(f"{self._config.name}.dose_ref", self._dose_sp.value if self._drive.is_running else 0.0)
