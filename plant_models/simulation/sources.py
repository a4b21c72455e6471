"""Raw water of lake and river: wanders around its usual state, and can be contaminated. The simulation's own thread."""

import math
from dataclasses import dataclass

import numpy as np

from plant_models.simulation.model_file import Source
from plant_models.simulation.noise import Wander

_RETURN_S = 6.0 * 3600.0
_SMOOTH_S = 1800.0
_TEMPERATURE_SPREAD, _PH_SPREAD, _CONDUCTIVITY_SPREAD = 0.6, 0.05, 0.04
_LEVEL, _TURBIDITY, _TEMPERATURE, _PH, _CONDUCTIVITY = range(5)


@dataclass(slots=True)
class Contamination:
    """What a spill adds: NTU, and mg/L of chlorine demand."""

    turbidity: float = 0.0
    chlorine_demand: float = 0.0


class SourceWater:
    """One source. Level in m above its bed, turbidity NTU, °C, pH, µS/cm, chlorine mg/L."""

    def __init__(self, source: Source, random: np.random.Generator) -> None:
        self._source = source
        spreads = (source.level_spread, source.turbidity_spread, _TEMPERATURE_SPREAD, _PH_SPREAD, _CONDUCTIVITY_SPREAD)
        self._wander = Wander(len(spreads), spreads, _RETURN_S, random)
        self._off = self._wander.values.copy()
        self.contamination = Contamination()
        self._set()

    def step(self, dt_s: float) -> None:
        """Let the water change for `dt_s`."""
        # A bare random walk would make waves of decimetres at the intake.
        self._off += (self._wander.step(dt_s) - self._off) * -math.expm1(-dt_s / _SMOOTH_S)
        self._set()

    def _set(self) -> None:
        source, off = self._source, [float(value) for value in self._off]
        self.level = max(source.level + off[_LEVEL], 0.0)
        self.surface = source.bed + self.level  # m above datum
        self.turbidity = source.turbidity * math.exp(off[_TURBIDITY]) + self.contamination.turbidity
        self.temperature = source.temperature + off[_TEMPERATURE]
        self.ph = source.ph + off[_PH]
        self.conductivity = source.conductivity * (1.0 + off[_CONDUCTIVITY])
        self.chlorine_demand = self.contamination.chlorine_demand
        self.chlorine = max(source.chlorine - self.chlorine_demand, 0.0)

    def show(self) -> dict[str, float]:
        """Return the source's variables but its flow."""
        name = self._source.name
        return {
            f"{name}.level": self.level,
            f"{name}.turbidity": self.turbidity,
            f"{name}.temperature": self.temperature,
            f"{name}.ph": self.ph,
            f"{name}.conductivity": self.conductivity,
            f"{name}.chlorine": self.chlorine,
        }
