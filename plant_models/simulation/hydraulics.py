"""The distribution network in motion: orders in, one step of EPANET, variables out.

The simulation's own thread. EPANET counts whole seconds, so shorter steps add up; drives and valves move in between.
After a failed step the last good values stay, `failure` says why, and the next step starts EPANET afresh from them.
"""

from pathlib import Path
from typing import Final

import numpy as np

from plant_models.simulation import valve_physics
from plant_models.simulation.engine import (
    LINK_SETTING,
    LINK_STATUS,
    NODE_BASE_DEMAND,
    NODE_EMITTER,
    NODE_SOURCE_QUALITY,
    NODE_TANK_LEVEL,
    Engine,
    HydraulicError,
)
from plant_models.simulation.model_file import ControlValve, Model, ModelError
from plant_models.simulation.network_parts import NetworkParts, Values, find, read_all
from plant_models.simulation.noise import Wander
from plant_models.simulation.pump_physics import BAR_PER_M, PumpState
from plant_models.simulation.pumps import Pump, show_all

DEMAND_STEP_S: Final = 10
_HEALED: Final = 1e-6  # m³/h per √m; EPANET 2.2 goes on reporting the last leak of a coefficient of exactly 0


class Hydraulics:
    """The network of a plant. `values` holds every variable of the newest good step.

    Raises:
        HydraulicError: EPANET can't read the network.
        ModelError: the model names a node or link that the network doesn't have.
    """

    def __init__(self, network: Path, model: Model, random: np.random.Generator) -> None:
        self._model = model
        self._engine = Engine(network, round(model.start * 3600.0))
        self._owed_s = 0.0
        self._since_demand_s = float(DEMAND_STEP_S)
        self._emitters: dict[int, float] = {}
        self._sources: dict[str, tuple[float, float]] = {}
        self._settings: dict[int, float | None] = {}
        self.failure: str | None = None
        self.dry: set[str] = set()
        """Stations without water at their suction: their pumps turn, but deliver nothing."""
        self._read_demands(random)
        self.pumps = {
            name: Pump(name, station.rating, PumpState(temperature=model.ambient))
            for station in model.station
            for name in station.pumps
        }
        self._shake = Wander(len(self.pumps), 1.0, 2.0, random)
        self.positions = {valve.name: 100.0 for valve in model.control_valve}
        self.openings = dict(self.positions)
        self.pressures = {valve.name: valve.pressure for valve in model.reducing_valve}
        try:
            self._bind()
        except ModelError:
            self._engine.close()
            raise
        self._reading = read_all(self._engine, {}, self._station_nodes)
        self.values: Values = {}
        self._solve(1)

    def _bind(self) -> None:
        """Find every part of the model in the network."""
        nodes, links = self._engine.nodes, self._engine.links
        self._station_nodes: list[int] = []
        for station in self._model.station:
            self._station_nodes += [find(nodes, node, station.name) for node in (station.suction, station.discharge)]
        for source in self._model.source:
            find(nodes, source.node, source.name)
        for name in self.pumps:
            find(links, name, "a pump station")
        self._parts = NetworkParts(self._model, self._engine, self._consumers)

    def _read_demands(self, random: np.random.Generator) -> None:
        junctions = range(1, self._engine.junction_count + 1)
        base = np.array(self._engine.node_values(junctions, NODE_BASE_DEMAND))
        self._consumers = [int(row) + 1 for row in np.flatnonzero(base)]
        self._base_demand = base[base != 0.0]
        noise = self._model.demand
        self._common = Wander(1, noise.common, noise.return_s, random)
        self._local = Wander(len(self._consumers), noise.local, noise.return_s, random)

    def step(self, dt_s: float) -> Values:
        """Move on by `dt_s` of plant time and return all variables of the network."""
        for pump in self.pumps.values():
            pump.ramp(dt_s)
        for valve in self._model.control_valve:
            position = self.positions[valve.name]
            self.positions[valve.name] = valve_physics.travelled(
                position, self.openings[valve.name], dt_s, valve.stroke_s
            )
        self._owed_s += dt_s
        whole = int(self._owed_s + 1e-9)
        if whole >= 1:
            self._owed_s -= whole
            self._solve(whole)
        for station in self._model.station:
            self.values[f"{station.name}.running"] = float(
                sum(self.pumps[name].state.speed > 0.0 for name in station.pumps)
            )
        self.values |= show_all(list(self.pumps.values()), self._model.ambient, self._shake, dt_s)
        for name, position in self.positions.items():
            self.values[f"{name}.position"] = position
        return self.values

    def set_source(self, node: str, head: float, chlorine: float) -> None:
        """Give a reservoir its head (m above datum) and chlorine (mg/L)."""
        self._sources[node] = (head, chlorine)

    def burst(self, node: str, coefficient: float) -> None:
        """Open a leak at a junction: flow = coefficient × √pressure, in m³/h per √m; 0 repairs it.

        Raises:
            ValueError: no such junction, or a negative coefficient.
        """
        row = self._engine.nodes.get(node, 0)
        if not 1 <= row <= self._engine.junction_count:
            raise ValueError(f"'{node}' is not a junction of the network")
        if not coefficient >= 0.0:
            raise ValueError(f"a burst needs a coefficient of 0 or more, not {coefficient}")
        self._emitters.pop(row, None)
        if coefficient > 0.0:
            self._emitters[row] = coefficient
        self._engine.set_node(row, NODE_EMITTER, max(coefficient, _HEALED))

    def close(self) -> None:
        """Free EPANET and its temporary files."""
        self._engine.close()

    def _solve(self, seconds: int) -> None:
        try:
            if self.failure is not None:
                self._restart()
            self._order(seconds)
            self._engine.advance(seconds)
            self._reading = read_all(self._engine, self._emitters, self._station_nodes)
            self.failure = None
        except HydraulicError as error:
            self.failure = str(error)
        self._show()

    def _order(self, seconds: int) -> None:
        """Hand everything that was asked for to EPANET."""
        nodes = self._engine.nodes
        for node, (head, chlorine) in self._sources.items():
            self._engine.set_node(nodes[node], NODE_TANK_LEVEL, head)
            self._engine.set_node(nodes[node], NODE_SOURCE_QUALITY, chlorine)
        for station in self._model.station:
            for name in station.pumps:
                pump = self.pumps[name]
                self._set_link(name, pump.ratio if pump.delivers and station.name not in self.dry else 0.0)
        for valve in self._model.control_valve:
            self._set_link(valve.link, self._coefficient(valve))
        for reducer in self._model.reducing_valve:
            self._set_link(reducer.link, self.pressures[reducer.name] / BAR_PER_M)
        self._since_demand_s += seconds
        if self._since_demand_s >= DEMAND_STEP_S:
            self._wander(self._since_demand_s)
            self._since_demand_s = 0.0

    def _coefficient(self, valve: ControlValve) -> float | None:
        position = self.positions[valve.name]
        if position < valve_physics.CLOSED_BELOW:
            return None
        return valve_physics.loss_coefficient(position, valve.coefficient)

    def _set_link(self, name: str, setting: float | None) -> None:
        """Set a link, None closing it, unless it is so already."""
        link = self._engine.links[name]
        if link in self._settings and self._settings[link] == setting:
            return
        if setting is None:
            self._engine.set_link(link, LINK_STATUS, 0.0)
        else:
            self._engine.set_link(link, LINK_SETTING, setting)
        self._settings[link] = setting

    def _wander(self, dt_s: float) -> None:
        factors = np.maximum(1.0 + self._common.step(dt_s) + self._local.step(dt_s), 0.0)
        for node, demand in zip(self._consumers, self._base_demand * factors, strict=True):
            self._engine.set_node(node, NODE_BASE_DEMAND, float(demand))

    def _restart(self) -> None:
        nodes = self._engine.nodes
        levels = {nodes[tank.node]: self._reading.pressure[nodes[tank.node]] for tank in self._model.tank}
        qualities = {node: self._reading.quality[node] for node in nodes.values()}
        self._engine.restart(levels, qualities)
        self._settings.clear()
        self._since_demand_s = float(DEMAND_STEP_S)
        for node, coefficient in self._emitters.items():
            self._engine.set_node(node, NODE_EMITTER, coefficient)

    def _show(self) -> None:
        reading, nodes, links = self._reading, self._engine.nodes, self._engine.links
        self.values |= self._parts.show(reading)
        self.values |= {f"{name}.setpoint": pressure for name, pressure in self.pressures.items()}
        for station in self._model.station:
            ends = (nodes[station.suction], nodes[station.discharge])
            suction, discharge = (reading.head[node] - station.floor for node in ends)
            for name in station.pumps:
                self.pumps[name].work(reading.flow[links[name]], suction, discharge)
            self.values[f"{station.name}.suction"] = suction * BAR_PER_M
            self.values[f"{station.name}.discharge"] = discharge * BAR_PER_M
            self.values[f"{station.name}.flow"] = sum(self.pumps[name].flow for name in station.pumps)
        self.values["PLANT.hydraulic_fault"] = float(self.failure is not None)
        self.values["PLANT.hydraulic_warning"] = float(self._engine.warning)
