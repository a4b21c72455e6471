"""The physics of the virtual plant behind one face: variables to get, actuators to set, time to step.

The simulation's own thread: nothing here is locked. PLCs, sockets and clocks are elsewhere; plant time is only what
`step` adds.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from plant_models.simulation.engine import MAX_STEP_S
from plant_models.simulation.hydraulics import Hydraulics
from plant_models.simulation.model_file import ModelError, load_model
from plant_models.simulation.sources import Contamination, SourceWater
from plant_models.simulation.works import WorksInMotion

NETWORK_FILE: Final = "network.inp"
MODEL_FILE: Final = "model.toml"


class Process:
    """One plant, from its model folder. Variables are `<asset>.<quantity>`; actuators can be read back.

    Raises:
        HydraulicError: EPANET can't read `network.inp`.
        ModelError: `model.toml` is wrong, or doesn't fit the network.
    """

    def __init__(self, folder: Path, seed: int = 1) -> None:
        model = load_model(folder / MODEL_FILE)
        random = np.random.default_rng(seed)
        self._start_h = model.start
        self._time_s = 0.0
        self._works_outlet, self._works_station = model.works.outlet, model.works.station
        self._sources = {source.name: (source.node, SourceWater(source, random)) for source in model.source}
        rivers = [water for node, water in self._sources.values() if node == model.works.outlet]
        if not rivers or model.works.station not in {station.name for station in model.station}:
            raise ModelError("model.toml: the outlet of the works must be the node of a source, its station a station")
        self._works = WorksInMotion(model.works, rivers[0], model.ambient, random)
        self._network = Hydraulics(folder / NETWORK_FILE, model, random)
        self._stations = {station.name: station for station in model.station}
        self._values: dict[str, float] = {}
        self._actuators = self._make_actuators()
        self._faults: dict[str, Callable[..., None]] = {
            "burst": self._network.burst,
            "repair": self._repair,
            "contaminate": self._contaminate,
            "clean": self._clean,
            "block_screen": self._works.block_screen,
        }
        self._advance(1.0)
        self.variables: frozenset[str] = frozenset(self._values)
        self.actuators: frozenset[str] = frozenset(self._actuators)
        self.faults: frozenset[str] = frozenset(self._faults)

    @property
    def failure(self) -> str | None:
        """Why the newest hydraulic step failed, None when it didn't; `PLANT.hydraulic_fault` is 1 meanwhile."""
        return self._network.failure

    def get(self, variable: str) -> float:
        """Return a variable as of the newest step. Raises KeyError for one that isn't in `variables`."""
        return self._values[variable]

    def set(self, variable: str, value: float) -> None:
        """Give an actuator its order, obeyed from the next step on.

        Raises:
            KeyError: not in `actuators`.
            ValueError: not a finite number.
        """
        actuator = self._actuators[variable]
        if not np.isfinite(value):
            raise ValueError(f"{variable} needs a finite number, not {value}")
        actuator(value)
        self._values[variable] = value

    def step(self, dt_s: float) -> None:
        """Move on by `dt_s` of plant time, in parts of at most `MAX_STEP_S`; never raises for a hydraulic failure.

        Raises:
            ValueError: negative or not a finite number.
        """
        if not 0.0 <= dt_s < float("inf"):
            raise ValueError(f"plant time can't move on by {dt_s} s")
        left = dt_s
        while left > 1e-9:
            part = min(left, float(MAX_STEP_S))
            self._advance(part)
            left -= part

    def fault(self, name: str, **arguments: float | str) -> None:
        """Cause or mend a fault.

        burst(node, coefficient) in m³/h per √m, repair(node), contaminate(source, turbidity, chlorine_demand) in NTU
        and mg/L, clean(source), block_screen(share) from 0 to 1.

        Raises:
            ValueError: no such fault, or an argument that is missing, unknown or out of range.
        """
        if name not in self._faults:
            raise ValueError(f"no fault '{name}'; there are {', '.join(sorted(self._faults))}")
        try:
            self._faults[name](**arguments)
        except TypeError as error:
            raise ValueError(f"fault '{name}': {error}") from error

    def close(self) -> None:
        """Free EPANET and its temporary files."""
        self._network.close()

    def _advance(self, dt_s: float) -> None:
        self._time_s += dt_s
        for node, water in self._sources.values():
            water.step(dt_s)
            if node != self._works_outlet:
                self._network.set_source(node, water.surface, water.chlorine)
        works = self._works
        self._network.set_source(self._works_outlet, works.head, works.state.clearwell.chlorine)
        self._network.dry = {self._works_station} if works.is_dry else set()
        self._values |= self._network.step(dt_s)
        self._values |= works.step(self._values[f"{self._works_station}.flow"], dt_s)
        self._show()

    def _show(self) -> None:
        values = self._values
        for name, (node, water) in self._sources.items():
            values |= water.show()
            for station in self._stations.values():
                if station.suction == node:
                    values[f"{name}.flow"] = values[f"{station.name}.flow"]
        values["PLANT.time_s"] = self._time_s
        values["PLANT.hour"] = (self._start_h + self._time_s / 3600.0) % 24.0

    def _make_actuators(self) -> dict[str, Callable[[float], None]]:
        actuators: dict[str, Callable[[float], None]] = {}
        for pump in (*self._network.pumps.values(), *self._works.pumps.values()):
            actuators[f"{pump.name}.on"] = partial(setattr, pump, "on")
            actuators[f"{pump.name}.speed_ref"] = partial(setattr, pump, "speed_ref")
            self._values |= {f"{pump.name}.on": pump.on, f"{pump.name}.speed_ref": pump.speed_ref}
        for quantity, orders in (
            ("opening_ref", self._network.openings),
            ("pressure_ref", self._network.pressures),
            ("dose_ref", self._works.doses),
            ("in_service", self._works.in_service),
            ("backwash", self._works.backwash),
        ):
            for name, value in orders.items():
                actuators[f"{name}.{quantity}"] = partial(orders.__setitem__, name)
                self._values[f"{name}.{quantity}"] = value
        return actuators

    def _repair(self, node: str) -> None:
        self._network.burst(node, 0.0)

    def _clean(self, source: str) -> None:
        self._contaminate(source)

    def _contaminate(self, source: str, turbidity: float = 0.0, chlorine_demand: float = 0.0) -> None:
        if source not in self._sources:
            raise ValueError(f"no source '{source}'; there are {', '.join(self._sources)}")
        if not (turbidity >= 0.0 and chlorine_demand >= 0.0):
            raise ValueError("a contamination adds turbidity and chlorine demand, it can't take any away")
        self._sources[source][1].contamination = Contamination(turbidity, chlorine_demand)
