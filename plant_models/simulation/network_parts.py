"""What tanks, valves, zones, meters and gauges of the network show, from one reading of all its values.

The simulation's own thread. Each part is bound to EPANET indices once; `show` returns its variables.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from plant_models.simulation.engine import (
    LINK_FLOW,
    NODE_DEMAND,
    NODE_HEAD,
    NODE_PRESSURE,
    NODE_QUALITY,
    Engine,
)
from plant_models.simulation.model_file import ControlValve, Model, ModelError, ReducingValve, Tank, Zone
from plant_models.simulation.pump_physics import BAR_PER_M

Values = dict[str, float]


@dataclass(slots=True)
class Reading:
    """Every value of the network after a step, by EPANET index (row 0 is unused). m, mg/L, m³/h."""

    pressure: list[float] = field(default_factory=list)
    quality: list[float] = field(default_factory=list)
    demand: list[float] = field(default_factory=list)
    flow: list[float] = field(default_factory=list)
    leak: dict[int, float] = field(default_factory=dict)
    head: dict[int, float] = field(default_factory=dict)  # only of the nodes asked for


def read_all(engine: Engine, emitters: dict[int, float], heads: Sequence[int]) -> Reading:
    """Read the network once.

    Args:
        emitters: coefficients of open bursts by node, m³/h per √m.
        heads: nodes whose head is wanted beside their pressure.
    """
    nodes, links = range(1, len(engine.nodes) + 1), range(1, len(engine.links) + 1)
    reading = Reading(
        [0.0, *engine.node_values(nodes, NODE_PRESSURE)],
        [0.0, *engine.node_values(nodes, NODE_QUALITY)],
        [0.0, *engine.node_values(nodes, NODE_DEMAND)],
        [0.0, *engine.link_values(links, LINK_FLOW)],
    )
    reading.head = dict(zip(heads, engine.node_values(heads, NODE_HEAD), strict=True))
    reading.leak = {node: k * math.sqrt(max(reading.pressure[node], 0.0)) for node, k in emitters.items()}
    return reading


def find(names: dict[str, int], name: str, user: str) -> int:
    """Return the EPANET index of a node or link.

    Raises:
        ModelError: the network doesn't have it.
    """
    if name not in names:
        raise ModelError(f"model.toml: {user} names '{name}', which is not in network.inp")
    return names[name]


class NetworkParts:
    """Everything of the network but its pumps."""

    def __init__(self, model: Model, engine: Engine, consumers: Sequence[int]) -> None:
        self._shows: list[Callable[[Reading], Values]] = []
        for tank in model.tank:
            self._shows.append(_tank(tank, find(engine.nodes, tank.node, tank.name)))
        self._shows += [_valve(valve, engine) for valve in model.control_valve]
        self._shows += [_valve(valve, engine) for valve in model.reducing_valve]
        for zone in model.zone:
            self._shows.append(_zone(zone, engine, frozenset(consumers)))
        meters = {f"{meter.name}.flow": find(engine.links, meter.link, meter.name) for meter in model.meter}
        self._shows.append(lambda reading: {name: reading.flow[link] for name, link in meters.items()})
        self._shows += [_points(engine), _mains(engine)]

    def show(self, reading: Reading) -> Values:
        """Return the variables of all parts."""
        values: Values = {}
        for show in self._shows:
            values |= show(reading)
        return values


def _tank(tank: Tank, node: int) -> Callable[[Reading], Values]:
    area = math.pi / 4.0 * tank.diameter**2

    def show(reading: Reading) -> Values:
        level = reading.pressure[node]
        return {
            f"{tank.name}.level": level / tank.max_level * 100.0,
            f"{tank.name}.level_m": level,
            f"{tank.name}.volume": level * area,
            f"{tank.name}.inflow": reading.demand[node],
            f"{tank.name}.chlorine": reading.quality[node],
        }

    return show


def _valve(valve: ControlValve | ReducingValve, engine: Engine) -> Callable[[Reading], Values]:
    link = find(engine.links, valve.link, valve.name)
    start, end = engine.ends(link)

    def show(reading: Reading) -> Values:
        return {
            f"{valve.name}.flow": reading.flow[link],
            f"{valve.name}.upstream": reading.pressure[start] * BAR_PER_M,
            f"{valve.name}.downstream": reading.pressure[end] * BAR_PER_M,
        }

    return show


def _zone(zone: Zone, engine: Engine, consumers: frozenset[int]) -> Callable[[Reading], Values]:
    members = [find(engine.nodes, name, zone.name) for name in zone.nodes]
    customers = [node for node in members if node in consumers]
    edge = list(_edge(frozenset(members), engine))
    if not customers:
        raise ModelError(f"model.toml: zone {zone.name} has no junction with a demand")

    def show(reading: Reading) -> Values:
        pressures = [reading.pressure[node] for node in customers]
        return {
            f"{zone.name}.demand": sum(reading.demand[node] - reading.leak.get(node, 0.0) for node in members),
            f"{zone.name}.inflow": sum(sign * reading.flow[link] for link, sign in edge),
            f"{zone.name}.pressure": sum(pressures) / len(pressures) * BAR_PER_M,
            f"{zone.name}.pressure_min": min(pressures) * BAR_PER_M,
            f"{zone.name}.chlorine_min": min(reading.quality[node] for node in customers),
        }

    return show


def _edge(members: frozenset[int], engine: Engine) -> Iterable[tuple[int, float]]:
    """Yield the links that cross the zone's edge, with +1 where their flow leads in."""
    for link in engine.links.values():
        start, end = engine.ends(link)
        if (start in members) != (end in members):
            yield link, 1.0 if end in members else -1.0


def _points(engine: Engine) -> Callable[[Reading], Values]:
    junctions = [(name, node) for name, node in engine.nodes.items() if node <= engine.junction_count]

    def show(reading: Reading) -> Values:
        values: Values = {}
        for name, node in junctions:
            values[f"PT.{name}.pressure"] = reading.pressure[node] * BAR_PER_M
            values[f"PT.{name}.chlorine"] = reading.quality[node]
            values[f"J.{name}.pressure"] = values[f"PT.{name}.pressure"]
            values[f"J.{name}.demand"] = reading.demand[node]
        return values

    return show


def _mains(engine: Engine) -> Callable[[Reading], Values]:
    links = [(f"M.{name}.flow", link) for name, link in engine.links.items()]
    return lambda reading: {name: reading.flow[link] for name, link in links}
