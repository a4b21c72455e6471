"""Devices that nobody reaches: switched off, of an unknown protocol, or with a driver that can't be started.

Any thread.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from drivers.base import Sink, WriteState
from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.health import DeviceHealth, LinkState
from drivers.writes import PendingWrite
from plant_models.batch import failure
from plant_models.clock import Clock
from plant_models.device import Device
from plant_models.message import message
from plant_models.quality import Quality
from plant_models.tag import Tag


class LeftOut:
    """Fulfils `drivers.connection.Connection`: its rows are bad, and nothing is sent."""

    def __init__(self, members: Sequence[DeviceTags], context: DriverContext, state: LinkState, words: str) -> None:
        self.name = "left out " + ", ".join(device.name for device, _ in members)
        self._members = members
        self._sink: Sink = context.sink
        self._clock: Clock = context.clock
        self._quality = Quality.BAD_OUT_OF_SERVICE if state is LinkState.DISABLED else Quality.BAD_CONFIGURATION_ERROR
        self._health = tuple(_health(device, context, state, words) for device, _ in members)

    @property
    def heartbeat_ns(self) -> int:
        return self._clock.mono_ns()

    def start(self) -> None:
        for _, tags in self._members:
            mark(self._sink, self._clock, tags, self._quality)

    def stop(self) -> None:
        """Nothing is under way."""

    def join(self, timeout_s: float) -> bool:
        del timeout_s
        return True

    def write(self, write: PendingWrite) -> None:
        tag = write.request.tag
        owner = next((device.name for device, tags in self._members if any(row == tag for row, _ in tags)), "")
        write.finish(WriteState.NOT_SENT, message("{device} is not in use", device=owner))

    def health(self) -> tuple[DeviceHealth, ...]:
        return self._health


@dataclass(frozen=True, slots=True)
class NoDriver:
    """Fulfils `drivers.connection.Driver` for a device that is left out, and says why."""

    state: LinkState
    words: str

    def key_of(self, device: Device) -> Hashable:
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        return LeftOut(members, context, self.state, self.words)


def mark(sink: Sink, clock: Clock, tags: Sequence[tuple[int, Tag]], quality: Quality) -> None:
    """Give rows a quality and keep their values."""
    if tags:
        sink.offer(failure([row for row, _ in tags], quality, clock.wall_us(), clock.mono_ns()))


def _health(device: Device, context: DriverContext, state: LinkState, words: str) -> DeviceHealth:
    counters = context.counters_of(device.name)
    counters.enter(state, words)
    counters.address = device.where
    return counters.snapshot()
