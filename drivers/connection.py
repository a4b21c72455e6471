"""What a protocol gives the pool: links to devices. What the pool gives a protocol: all that a link needs.

A driver is found by its name (`drivers.registry`); it groups devices into connections, and the pool starts, watches and
stops those without knowing what they speak.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from drivers.base import PastSink, Sink, unheard
from drivers.counters import CounterBook, Counters
from drivers.health import DeviceHealth
from drivers.outages import OutageBook
from drivers.writes import PendingWrite
from plant_models.clock import Clock, SystemClock
from plant_models.condition import ConditionNews
from plant_models.device import Device
from plant_models.leases import Leases
from plant_models.tag import Tag

ENDED_NS: Final = -(2**62)
"""The heartbeat of a connection that has ended though nobody stopped it."""

DeviceTags = tuple[Device, Sequence[tuple[int, Tag]]]
"""A device with its tags, each with its row in the tag table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverContext:
    """What every connection of a station needs; `jitter` gives numbers in [0, 1), `leases` who looks at which rows.

    `tell` takes what devices say of their own alarms, in order and without blocking; False if it was dropped: then all
    of that device must be told once more. `past` takes what devices remember of their `outages`; None if nobody does.
    `folder` is the station's data folder, where certificates and passwords are; None if it has none.
    """

    scan_s: Mapping[str, float]
    sink: Sink
    clock: Clock
    jitter: Callable[[], float]
    tell: Callable[[ConditionNews], bool] = unheard
    folder: Path | None = None
    leases: Leases = field(default_factory=lambda: Leases((), {}, SystemClock()))
    book: CounterBook = field(default_factory=CounterBook)
    past: PastSink | None = None
    outages: OutageBook = field(default_factory=OutageBook)

    def counters_of(self, device: str) -> Counters:
        """Return the counters of a device, those that it had before if it had any."""
        return self.book.of(device, self.clock)


class Connection(Protocol):
    """One link and the devices behind it, on a thread of its own. Every method may be called from any thread."""

    @property
    def name(self) -> str:
        """What the thread and the log call it."""

    @property
    def heartbeat_ns(self) -> int:
        """When it last showed that it isn't stuck (monotonic); ENDED_NS if it broke down for good.

        After 10 s without a sign of life, or three of its time-outs, it is stopped and another one takes its place. A
        batch that is offered is such a sign, too.
        """

    def start(self) -> None:
        """Begin; returns at once. Called once."""

    def stop(self) -> None:
        """End soon: a request under way is broken off, a command under way ends as unknown. Returns at once.

        Where the thread itself hangs, shut the socket down from outside.
        """

    def join(self, timeout_s: float) -> bool:
        """Wait for the end after `stop`; True if it has come."""

    def write(self, write: PendingWrite) -> None:
        """Queue a command before all polls; the write is always finished in the end."""

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return how each device behind the link is doing."""


class Driver(Protocol):
    """A protocol. It has no state: that is in its connections."""

    def key_of(self, device: Device) -> Hashable:
        """Return what names the link of a device: those of equal keys share one connection."""

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        """Return the connection of devices of one key, not started."""
