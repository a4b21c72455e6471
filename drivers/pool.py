"""All drivers of a station: one worker thread per Modbus connection, one asyncio thread for all OPC UA servers.

Every method may be called from any thread. A protocol and its library are imported with the first device that speaks
it: they take long, and no plant needs all of them.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from drivers.base import Sink, WriteOutcome, WriteRequest, WriteState
from drivers.counters import Counters
from drivers.health import DeviceHealth, LinkState
from drivers.worker import Worker
from drivers.write_words import NO_DEVICE, SWITCHED_OFF
from drivers.writes import PendingWrite
from plant_models.batch import failure
from plant_models.clock import Clock
from plant_models.device import Device, Endpoint
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag import Tag

if TYPE_CHECKING:
    from drivers.modbus.line import DeviceTags
    from drivers.opcua.runner import OpcUaRunner

STOP_LIMIT_S: Final = 2.8

_Put = Callable[[PendingWrite], None]
_Health = Callable[[str], DeviceHealth]


class DriverPool:
    """Fulfils `drivers.base.Pool`. `endpoints`, by device name, stand in for those of the plant folder."""

    def __init__(
        self, plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> None:
        self._plant = plant
        self._sink = sink
        self._clock = clock
        self._jitter = random.random
        self._workers: list[Worker] = []
        self._runners: list[OpcUaRunner] = []
        self._put: dict[str, _Put] = {}
        self._health: dict[str, _Health] = {}
        self._unused: list[tuple[Sequence[int], Quality]] = []
        devices = _devices_with_tags(plant, index, endpoints)
        self._addresses = {device.name: f"{device.endpoint.host}:{device.endpoint.port}" for device, _ in devices}
        self._device_of = {index[tag.name]: tag.device for tag in plant.tags}
        self._build(devices)

    def start(self) -> None:
        """Start every worker; returns at once."""
        for rows, quality in self._unused:
            if rows:
                self._sink.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))
        for worker in self._running():
            worker.start()

    def stop(self) -> None:
        """Stop every worker and close its connection; a command under way ends as unknown."""
        running = self._running()
        for worker in running:
            worker.stop()
        end_ns = self._clock.mono_ns() + round(STOP_LIMIT_S * 1e9)
        for worker in running:
            worker.join(max(0.0, (end_ns - self._clock.mono_ns()) / 1e9))

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        """Queue a write before all polls of its device; the future never raises."""
        write = PendingWrite(request)
        device = self._device_of.get(request.tag, "")
        put = self._put.get(device)
        if put is not None:
            put(write)
        elif not device:
            write.finish(WriteState.NOT_SENT, NO_DEVICE)
        else:
            write.finish(WriteState.NOT_SENT, message("{device} is not in use", device=device))
        return write.future

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the present health of every device, in order of the plant folder."""
        return tuple(self._health[name](self._addresses[name]) for name in self._plant.devices)

    def _running(self) -> "list[Worker | OpcUaRunner]":
        return [*self._workers, *self._runners]

    def _build(self, devices: Sequence["DeviceTags"]) -> None:
        lines: dict[Endpoint, list[DeviceTags]] = defaultdict(list)
        servers: list[DeviceTags] = []
        for device, tags in devices:
            rows = [row for row, _ in tags]
            if not device.enabled:
                self._leave_out(device, rows, LinkState.DISABLED, SWITCHED_OFF)
            elif device.protocol == "modbus":
                lines[device.endpoint].append((device, tags))
            elif device.protocol == "opcua":
                servers.append((device, tags))
            else:
                words = message("Unknown protocol {protocol!r}; use modbus or opcua", protocol=device.protocol)
                self._leave_out(device, rows, LinkState.DOWN, words)
        for endpoint, members in lines.items():
            self._add_line(endpoint, members)
        if servers:
            self._add_servers(servers)

    def _leave_out(self, device: Device, rows: Sequence[int], state: LinkState, words: str) -> None:
        quality = Quality.BAD_OUT_OF_SERVICE if state is LinkState.DISABLED else Quality.BAD_CONFIGURATION_ERROR
        self._unused.append((rows, quality))
        self._health[device.name] = Counters(device.name, self._clock, state, words).snapshot

    def _add_line(self, endpoint: Endpoint, members: Sequence["DeviceTags"]) -> None:
        from drivers.modbus.line import ModbusLine

        line = ModbusLine(endpoint, members, self._plant.scan_s, self._sink, self._clock, self._jitter)
        worker = Worker(f"modbus {endpoint.host}:{endpoint.port}", line, self._clock)
        self._workers.append(worker)

        def put(write: PendingWrite) -> None:
            line.write(write)
            worker.wake()

        for unit in line.units:
            self._put[unit.device.name] = put
            self._health[unit.device.name] = unit.counters.snapshot

    def _add_servers(self, servers: Sequence["DeviceTags"]) -> None:
        from drivers.opcua.device import OpcUaDevice
        from drivers.opcua.runner import OpcUaRunner

        devices = [
            OpcUaDevice(device, tags, self._plant.scan_s, self._sink, self._clock, self._jitter)
            for device, tags in servers
        ]
        runner = OpcUaRunner(devices)
        self._runners.append(runner)
        for device in devices:
            self._put[device.device.name] = partial(runner.write, device)
            self._health[device.device.name] = device.counters.snapshot


def _devices_with_tags(plant: Plant, index: Mapping[str, int], endpoints: Mapping[str, Endpoint]) -> list["DeviceTags"]:
    tags: dict[str, list[tuple[int, Tag]]] = {name: [] for name in plant.devices}
    for tag in plant.tags:
        if tag.device in tags:
            tags[tag.device].append((index[tag.name], tag))
    return [
        (replace(device, endpoint=endpoints.get(name, device.endpoint)), tags[name])
        for name, device in plant.devices.items()
    ]
