"""Makes the demo plant's `network.inp` out of the public EPANET example network 3 that wntr ships.

Run by hand, on the main thread: `python -m plant_models.simulation.convert_net3 [FILE]`. The result is committed;
running it again gives the same bytes. `converted` changes units and quality only, `adapted` also makes a controllable
plant of it; the reason for each change is in `docs/explanation/virtual-plant.md`.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import wntr.library
import wntr.network

from plant_models.paths import RESOURCES

_network: Any = wntr.network
_library: Any = wntr.library

NETWORK_FILE: Final = RESOURCES / "plants" / "netherby" / "model" / "network.inp"
HEADER: Final = (
    "; EPANET example network 3, converted by plant_models/simulation/convert_net3.py: edit that, not this.\n"
    "; Flow m3/h, length m, diameter mm, chlorine mg/L.\n"
)
_FEET: Final = 0.3048
_MG_PER_LITRE: Final = 1e-3  # wntr keeps concentrations in kg/m³
_PER_DAY: Final = 1.0 / 86_400.0
_PATTERN_STEP_S: Final = 600
_ENDLESS_S: Final = 480_000 * 3600  # 54 years; EPANET counts seconds in a C long, 32 bits wide on Windows
_INITIAL_CHLORINE: Final = 0.6
_SOURCE_CHLORINE: Final = {"Lake": 0.9, "River": 0.9}
_BULK_DECAY_PER_DAY: Final = -0.3
_PUMP_FLOORS: Final = {"10": 36.0, "60": 39.0, "601": 39.0, "61": 39.0}
_TANK_PIPES: Final = {"20": 0.9, "40": 0.6, "50": 0.45}
_FULL_SUPPLY_M: Final = 10.0


class _Valve(NamedTuple):
    """A valve put into a pipe beside `node`; its flow counts as positive away from the node if `outward`."""

    name: str
    kind: str
    pipe: str
    node: str
    outward: bool
    diameter_m: float
    setting: float  # loss coefficient of a TCV, metres of pressure of a PRV


_VALVES: Final = (
    _Valve("CV1", "TCV", "289", "50", False, 0.254, 3.0),
    _Valve("CV2", "TCV", "229", "173", True, 0.45, 3.0),
    _Valve("PRV1", "PRV", "247", "213", True, 0.3048, 30.6),
)


def converted() -> Any:
    """Return Net3 as a wntr model with chlorine instead of the lake trace; controls, pumps and patterns untouched."""
    model = _network.WaterNetworkModel(_library.ModelLibrary().get_filepath("Net3"))
    quality = model.options.quality
    quality.parameter, quality.chemical_name, quality.inpfile_units, quality.trace_node = (
        "CHEMICAL",
        "Chlorine",
        "mg/L",
        None,
    )
    model.options.reaction.bulk_coeff = _BULK_DECAY_PER_DAY * _PER_DAY
    for name, node in model.nodes():
        node.initial_quality = _SOURCE_CHLORINE.get(name, _INITIAL_CHLORINE) * _MG_PER_LITRE
    return model


def adapted() -> Any:
    """Return the converted network with pumps doubled, valves added, controls removed and no end of simulation."""
    model = converted()
    for name in list(model.control_name_list):
        model.remove_control(name)
    _double_pump(model, "10", ("LPS.P1", "LPS.P2"))
    _double_pump(model, "335", ("RPS.P1", "RPS.P2"))
    for valve in _VALVES:
        _insert_valve(model, valve)
    for name, elevation in _PUMP_FLOORS.items():
        model.get_node(name).elevation = elevation
    for name, chlorine in _SOURCE_CHLORINE.items():
        model.add_source(name, name, "CONCEN", chlorine * _MG_PER_LITRE)
    for name, diameter in _TANK_PIPES.items():
        model.get_link(name).diameter = diameter
    hydraulic = model.options.hydraulic
    hydraulic.demand_model, hydraulic.minimum_pressure, hydraulic.required_pressure = "PDA", 0.0, _FULL_SUPPLY_M
    for name in model.pattern_name_list:
        pattern = model.get_pattern(name)
        pattern.multipliers = smoothed(list(pattern.multipliers), 3600 // _PATTERN_STEP_S)
    model.options.time.pattern_timestep = _PATTERN_STEP_S
    model.options.time.duration = _ENDLESS_S
    model.options.report.status = "NO"
    return model


def smoothed(hourly: Sequence[float], parts: int) -> list[float]:
    """Return a daily pattern in `parts` steps per hour, linear between the middles of the hours; its mean is kept."""
    count = len(hourly)
    steps: list[float] = []
    for step in range(count * parts):
        position = (step + 0.5) / parts - 0.5
        hour = int(position // 1)
        share = position - hour
        steps.append(round(hourly[hour % count] * (1.0 - share) + hourly[(hour + 1) % count] * share, 4))
    return steps


def write(model: Any, file: Path) -> None:
    """Write the network as an EPANET 2.2 input file in m³/h, without wntr's dated header."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "network.inp"
        _network.write_inpfile(model, str(raw), units="CMH")
        lines = raw.read_text("latin-1").splitlines()
    body = lines[next(row for row, line in enumerate(lines) if line.startswith("[")) :]
    # Messages would make the report file grow for as long as the plant runs.
    body.insert(body.index("[REPORT]") + 1, "MESSAGES   NO")
    file.write_text(HEADER + "\n".join(line.rstrip() for line in body) + "\n", "latin-1", newline="\n")


def _double_pump(model: Any, name: str, twins: Sequence[str]) -> None:
    pump = model.get_link(name)
    start, end, curve = pump.start_node_name, pump.end_node_name, pump.pump_curve_name
    model.remove_link(name)
    for twin in twins:
        model.add_pump(twin, start, end, "HEAD", curve, initial_status="CLOSED")


def _insert_valve(model: Any, valve: _Valve) -> None:
    """Put a valve between its node and the pipe, with a new junction between valve and pipe."""
    pipe, node = model.get_link(valve.pipe), model.get_node(valve.node)
    between = f"{valve.name}.{'D' if valve.outward else 'U'}"
    x, y = node.coordinates
    model.add_junction(between, elevation=node.elevation, coordinates=(x + 0.05, y))
    model.get_node(between).initial_quality = _INITIAL_CHLORINE * _MG_PER_LITRE
    if pipe.start_node_name == valve.node:
        pipe.start_node = model.get_node(between)
    else:
        pipe.end_node = model.get_node(between)
    start, end = (valve.node, between) if valve.outward else (between, valve.node)
    model.add_valve(valve.name, start, end, valve.diameter_m, valve.kind, 0.0, valve.setting, initial_status="ACTIVE")


if __name__ == "__main__":
    write(adapted(), Path(sys.argv[1]) if len(sys.argv) > 1 else NETWORK_FILE)
