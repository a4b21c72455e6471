"""The virtual plant as a whole: physics, sensors, PLCs and their servers, moved on together. One asyncio loop thread.

Hydraulic time and the PLCs' timers run `speed` times as fast as the wall; heartbeats and time stamps stay wall time.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from plant_models.clock import Clock
from plant_models.device import Endpoint
from plant_models.simulation.address_map import load_map
from plant_models.simulation.front import Front
from plant_models.simulation.modbus_server import ModbusServer
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.opcua_server import OpcUaServer
from plant_models.simulation.plc import Plc
from plant_models.simulation.plc_config import PlcConfig, load_plcs
from plant_models.simulation.register_image import RegisterImage
from plant_models.simulation.sensors import ProcessView, Sensors

MAX_SPEED: Final = 3600.0
_STEP_S: Final = 1.0
_MAX_STEPS: Final = 20
_MAX_LAG_S: Final = 1.0


class PlantProcess(ProcessView, Protocol):
    """The physics, as process.Process offers it. `failure` says why its newest step failed."""

    @property
    def variables(self) -> frozenset[str]: ...
    @property
    def actuators(self) -> frozenset[str]: ...
    @property
    def failure(self) -> str | None: ...
    def step(self, dt_s: float) -> None: ...
    def fault(self, name: str, **arguments: float | str) -> None: ...
    def close(self) -> None: ...


class PlcServer(Protocol):
    """The network side of one PLC."""

    front: Front

    async def start(self) -> None: ...
    async def refresh(self) -> None: ...
    async def show(self) -> None: ...
    async def stop(self) -> None: ...


class Simulation:
    """All of it. `start` opens the sockets, `tick` moves the plant on, `stop` closes everything."""

    def __init__(self, folder: Path, process: PlantProcess, speed: float, clock: Clock) -> None:
        """Build the plant of a model folder.

        Raises:
            ModelError: plcs.toml or a map is wrong.
            ValueError: the speed isn't within 0…3600.
        """
        self.process, self.clock = process, clock
        self.sensors = Sensors(process)
        self.plcs: dict[str, Plc] = {}
        self.servers: dict[str, PlcServer] = {}
        for config in load_plcs(folder):
            self._add(folder, config)
        self.plant_s = 0.0
        self._speed = 0.0
        self.speed = speed
        self._started_ns = self._ticked_ns = clock.mono_ns()

    @property
    def speed(self) -> float:
        """How many seconds of plant time pass in a second; 0 is a pause."""
        return self._speed

    @speed.setter
    def speed(self, wanted: float) -> None:
        if not (math.isfinite(wanted) and 0.0 <= wanted <= MAX_SPEED):
            raise ValueError(f"speed {wanted:g}; it must lie within 0 and {MAX_SPEED:g}")
        self._speed = wanted

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """Where each PLC listens, by device name."""
        return {name: server.front.endpoint for name, server in self.servers.items()}

    async def start(self) -> None:
        """Open every server.

        Raises:
            PortError: a port that plcs.toml asks for can't be opened.
        """
        for server in self.servers.values():
            await server.refresh()
            await server.start()
        self._started_ns = self._ticked_ns = self.clock.mono_ns()

    async def tick(self) -> None:
        """Catch up with the wall: step physics and programs, then refresh registers and nodes.

        A pause of the whole process (a suspended laptop) is forgotten beyond one second.
        """
        now_ns = self.clock.mono_ns()
        wall_s, self._ticked_ns = min((now_ns - self._ticked_ns) / 1e9, _MAX_LAG_S), now_ns
        for plc in self.plcs.values():
            plc.beat((now_ns - self._started_ns) / 1e9)
        plant_s = wall_s * self._speed
        steps = min(max(math.ceil(plant_s / _STEP_S), 1), _MAX_STEPS) if plant_s > 0 else 0
        for _ in range(steps):
            self._advance(plant_s / steps)
        for server in self.servers.values():
            await server.refresh()

    async def stop(self) -> None:
        """Close every server and the physics; may be called after a start that failed."""
        await asyncio.gather(*(server.stop() for server in self.servers.values()))
        self.process.close()

    def find_plc(self, knows: Callable[[Plc], bool]) -> Plc | None:
        """Return the first PLC of which `knows` is true."""
        return next((plc for plc in self.plcs.values() if knows(plc)), None)

    def _add(self, folder: Path, config: PlcConfig) -> None:
        plc = make_plc(config, self.sensors, self.process.variables)
        entries = load_map(folder / config.map, config.protocol)
        plc.check(entries)
        self.plcs[config.name] = plc
        if config.protocol == "modbus":
            self.servers[config.name] = ModbusServer(config, RegisterImage(plc, entries))
        else:
            self.servers[config.name] = OpcUaServer(plc, entries, self.clock)

    def _advance(self, dt_s: float) -> None:
        """Move the plant on by `dt_s`; while the physics fails the programs run on sensors that say NaN."""
        for plc in self.plcs.values():
            plc.step(dt_s)
        self.process.step(dt_s)
        self.sensors.failure = self.process.failure or ""
        self.sensors.advance(dt_s)
        self.plant_s += dt_s


def make_plc(config: PlcConfig, sensors: Sensors, variables: frozenset[str]) -> Plc:
    """Return a PLC whose programs find every variable that they need.

    Raises:
        ModelError: the process doesn't have one.
    """
    plc = Plc(config, sensors, variables)
    try:
        plc.step(0.0)
    except KeyError as error:
        raise ModelError(f"plcs.toml: {plc.name}: the process has no {error.args[0]!r}") from error
    return plc
