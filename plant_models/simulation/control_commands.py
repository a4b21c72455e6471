"""What the control port can do to the virtual plant. Loop thread only."""

import math
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Final

from plant_models.simulation.front import PortError
from plant_models.simulation.plc import Plc
from plant_models.simulation.sensors import FAULTS
from plant_models.simulation.simulation import PlcServer, Simulation

_AMOUNTS: Final = {"drift": "per_minute", "noisy": "sigma", "value": "value"}
_Request = dict[str, Any]


class CommandError(ValueError):
    """The request can't be obeyed; the message says why and what would be right."""


class ControlCommands:
    """Obeys the requests of the control port. `stop` ends the run when it is set."""

    def __init__(self, simulation: Simulation, stop: threading.Event) -> None:
        self._simulation = simulation
        self._stop = stop
        self._commands: dict[str, Callable[[_Request], Awaitable[_Request]]] = {
            "freeze": self._freeze,
            "thaw": self._thaw,
            "kill": self._kill,
            "revive": self._revive,
            "slow": self._slow,
            "sensor": self._sensor,
            "stamp": self._stamp,
            "trip": self._trip,
            "fault": self._fault,
            "speed": self._speed,
            "get": self._get,
            "status": self._status,
            "quit": self._quit,
        }

    async def execute(self, request: _Request) -> _Request:
        """Obey one request and return its results.

        Raises:
            CommandError: an unknown command, or an argument that is missing or wrong.
        """
        command = self._commands.get(str(request.get("command")))
        if command is None:
            raise CommandError(f"unknown command {request.get('command')!r}; there are {', '.join(self._commands)}")
        return await command(request)

    async def _freeze(self, request: _Request) -> _Request:
        self._server(request).front.freeze()
        return {}

    async def _thaw(self, request: _Request) -> _Request:
        self._server(request).front.thaw()
        return {}

    async def _kill(self, request: _Request) -> _Request:
        await self._server(request).front.close()
        return {}

    async def _revive(self, request: _Request) -> _Request:
        try:
            await self._server(request).front.open()
        except PortError as error:
            raise CommandError(str(error)) from error
        return {}

    async def _slow(self, request: _Request) -> _Request:
        delay_s = _number(request, "delay_s")
        if not 0.0 <= delay_s <= 60.0:
            raise CommandError("delay_s must lie within 0 and 60; 0 ends it")
        self._server(request).front.delay_s = delay_s
        return {}

    async def _sensor(self, request: _Request) -> _Request:
        variable, kind = _text(request, "variable"), _text(request, "fault")
        plc = self._plc_of(variable)
        sensors = self._simulation.sensors
        if kind == "clear":
            sensors.clear(variable)
        elif kind in FAULTS:
            amount = _number(request, _AMOUNTS[kind]) if kind in _AMOUNTS else 0.0
            sensors.fail(variable, kind, amount, plc.read(variable))
        else:
            raise CommandError(f"unknown sensor fault {kind!r}; there are {', '.join(FAULTS)}, clear")
        return {}

    async def _stamp(self, request: _Request) -> _Request:
        """Force a value into a PLC's image at once and say when: the monotonic ns right after the write."""
        variable, value = _text(request, "variable"), _number(request, "value")
        server = self._server(request)
        if not self._simulation.plcs[request["plc"]].knows(variable):
            raise CommandError(f"{request['plc']} has no variable {variable!r}")
        self._simulation.sensors.fail(variable, "value", value, value)
        await server.show()
        return {"mono_ns": self._simulation.clock.mono_ns()}

    async def _trip(self, request: _Request) -> _Request:
        equipment = _text(request, "equipment")
        if self._simulation.find_plc(lambda plc: plc.trip(equipment)) is None:
            raise CommandError(f"no PLC has a drive {equipment!r}")
        return {}

    async def _fault(self, request: _Request) -> _Request:
        arguments = {key: value for key, value in request.items() if key not in ("command", "name")}
        try:
            self._simulation.process.fault(_text(request, "name"), **arguments)
        except ValueError as error:
            raise CommandError(str(error)) from error
        return {}

    async def _speed(self, request: _Request) -> _Request:
        try:
            self._simulation.speed = _number(request, "speed")
        except ValueError as error:
            raise CommandError(str(error)) from error
        return {}

    async def _get(self, request: _Request) -> _Request:
        """Return what the sensor says and what is true; null for NaN and infinities."""
        variable = _text(request, "variable")
        plc = self._plc_of(variable)
        return {"value": _json(plc.read(variable)), "truth": _json(plc.truth(variable))}

    async def _status(self, request: _Request) -> _Request:  # noqa: ARG002 one shape for all commands
        simulation = self._simulation
        return {
            "speed": simulation.speed,
            "plant_s": simulation.plant_s,
            "failure": simulation.sensors.failure or None,
            "sensors": dict(simulation.sensors.faults),
            "plcs": {
                name: {"state": server.front.state, "message": simulation.plcs[name].message()}
                for name, server in simulation.servers.items()
            },
        }

    async def _quit(self, request: _Request) -> _Request:  # noqa: ARG002
        self._stop.set()
        return {}

    def _server(self, request: _Request) -> PlcServer:
        name = _text(request, "plc")
        server = self._simulation.servers.get(name)
        if server is None:
            raise CommandError(f"no PLC {name!r}; there are {', '.join(self._simulation.servers)}")
        return server

    def _plc_of(self, variable: str) -> Plc:
        plc = self._simulation.find_plc(lambda each: each.knows(variable))
        if plc is None:
            raise CommandError(f"no PLC and no process has a variable {variable!r}")
        return plc


def _text(request: _Request, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str) or not value:
        raise CommandError(f"{key} is missing; it must be a text")
    return value


def _number(request: _Request, key: str) -> float:
    value = request.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CommandError(f"{key} is missing; it must be a finite number")
    return float(value)


def _json(value: float) -> float | None:
    return value if math.isfinite(value) else None
