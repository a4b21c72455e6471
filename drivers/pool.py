"""All drivers of a station: a connection for each link, whatever it speaks. Called from any thread."""

import random
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from drivers.base import Sink, WriteOutcome, WriteRequest, WriteState
from drivers.connection import Connection, DeviceTags, Driver, DriverContext
from drivers.counters import Counters
from drivers.frames import TraceView
from drivers.health import DeviceHealth, LinkState
from drivers.memory import Memory
from drivers.once import NO_ANSWERS, Askable, OnceAnswer, OnceRequest, Question
from drivers.registry import driver_of
from drivers.write_words import SWITCHED_OFF
from drivers.writes import PendingWrite
from plant_models.batch import failure
from plant_models.clock import Clock
from plant_models.device import Device, Endpoint
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.protocols import known_protocols
from plant_models.quality import Quality
from plant_models.tag import Tag

STOP_LIMIT_S: Final = 2.8


class DriverPool:
    """Fulfils `drivers.base.Pool`. `endpoints`, by device name, stand in for those of the plant folder."""

    def __init__(
        self, plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> None:
        self._plant = plant
        self._context = DriverContext(scan_s=plant.scan_s, sink=sink, clock=clock, jitter=random.random)
        self._connections: list[Connection] = []
        self._connection_of: dict[str, Connection] = {}
        self._left_out: dict[str, DeviceHealth] = {}
        self._unused: list[tuple[Sequence[int], Quality]] = []
        self._memory = Memory(sink, clock)
        self._device_of = {index[tag.name]: tag.device for tag in plant.tags}
        self._build(_devices_with_tags(plant, index, endpoints))

    def start(self) -> None:
        """Start every connection; returns at once."""
        clock = self._context.clock
        for rows, quality in self._unused:
            if rows:
                self._context.sink.offer(failure(rows, quality, clock.wall_us(), clock.mono_ns()))
        for connection in self._connections:
            connection.start()

    def stop(self) -> None:
        """Stop every connection; a command under way ends as unknown."""
        self._memory.is_stopping = True
        for connection in self._connections:
            connection.stop()
        clock = self._context.clock
        end_ns = clock.mono_ns() + round(STOP_LIMIT_S * 1e9)
        for connection in self._connections:
            connection.join(max(0.0, (end_ns - clock.mono_ns()) / 1e9))

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        """Queue a write before all polls of its device; the future never raises."""
        write = PendingWrite(request)
        device = self._device_of.get(request.tag, "")
        connection = self._connection_of.get(device)
        if connection is not None:
            connection.write(write)
        elif not device:
            self._memory.write(write)
        else:
            write.finish(WriteState.NOT_SENT, message("{device} is not in use", device=device))
        return write.future

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the present health of every device, in order of the plant folder."""
        found = dict(self._left_out)
        for connection in self._connections:
            found.update((health.device, health) for health in connection.health())
        return tuple(found[name] for name in self._plant.devices)

    def trace(self, device: str, is_on: bool) -> None:
        """Begin or end the trace of a device's frames."""
        self._context.counters_of(device).trace.switch(is_on)

    def frames(self, device: str, after: int) -> TraceView:
        """Return the frames of a device that are kept and newer than number `after`."""
        return self._context.counters_of(device).trace.view(after)

    def once(self, request: OnceRequest) -> Future[OnceAnswer]:
        """Read or write one address once; the future never raises."""
        question = Question(request)
        connection = self._connection_of.get(request.device)
        if isinstance(connection, Askable):
            connection.ask(question)
        elif connection is None:
            question.not_sent(message("{device} is not in use", device=request.device))
        else:
            question.not_sent(NO_ANSWERS)
        return question.future

    def _build(self, devices: Sequence[DeviceTags]) -> None:
        links: dict[tuple[str, Hashable], tuple[Driver, list[DeviceTags]]] = {}
        for device, tags in devices:
            if not device.enabled:
                self._leave_out(device, tags, LinkState.DISABLED, SWITCHED_OFF)
                continue
            try:
                driver = driver_of(device.protocol)
            except LookupError:
                known = ", ".join(known_protocols())
                words = message("Unknown protocol {protocol!r}; use {known}", protocol=device.protocol, known=known)
                self._leave_out(device, tags, LinkState.DOWN, words)
                continue
            key = device.protocol, driver.key_of(device)
            links.setdefault(key, (driver, []))[1].append((device, tags))
        for driver, members in links.values():
            self._add(driver.connect(members, self._context), members)

    def _add(self, connection: Connection, members: Sequence[DeviceTags]) -> None:
        self._connections.append(connection)
        for device, _ in members:
            self._connection_of[device.name] = connection

    def _leave_out(self, device: Device, tags: Sequence[tuple[int, Tag]], state: LinkState, words: str) -> None:
        quality = Quality.BAD_OUT_OF_SERVICE if state is LinkState.DISABLED else Quality.BAD_CONFIGURATION_ERROR
        self._unused.append(([row for row, _ in tags], quality))
        counters = Counters(device.name, self._context.clock, state, words)
        counters.address = f"{device.endpoint.host}:{device.endpoint.port}"
        self._left_out[device.name] = counters.snapshot()


def _devices_with_tags(plant: Plant, index: Mapping[str, int], endpoints: Mapping[str, Endpoint]) -> list[DeviceTags]:
    tags: dict[str, list[tuple[int, Tag]]] = defaultdict(list)
    for tag in plant.tags:
        tags[tag.device].append((index[tag.name], tag))
    return [
        (replace(device, endpoint=endpoints.get(name, device.endpoint)), tags[name])
        for name, device in plant.devices.items()
    ]
