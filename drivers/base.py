"""What the station and the drivers say to each other. Nothing here knows a protocol.

Workers call the sink from their own threads; the station calls the pool from its worker pool.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.frames import TraceView
from drivers.health import DeviceHealth
from drivers.once import AnyRequest, OnceAnswer
from plant_models.batch import Batch, TagIndices
from plant_models.condition import ConditionNews
from plant_models.device import Device
from plant_models.recovered import Recovered


class Sink(Protocol):
    """Where decoded samples go: a bounded queue that counts what it drops."""

    def offer(self, batch: Batch) -> bool:
        """Take a batch without blocking; False if it was dropped and counted."""


def unheard(_: ConditionNews) -> bool:
    """Stand in for whoever takes news of devices' own alarms where nobody does."""
    return True


class PastSink(Protocol):
    """Where samples of the past go: to the historian alone. They are never present values and concern no alarm."""

    def recover(self, recovered: Recovered) -> bool:
        """Take late samples without blocking; False if there is no room now: then nothing was taken, come again."""


class WriteState(StrEnum):
    """What became of one write."""

    VERIFIED = "verified"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_SENT = "not sent"


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One value for one tag (row of the table), in the tag's unit; `held` is what the tag had when it was released.

    It is put on the wire at most once, and not after `not_after_ns` (monotonic). `on_sent` is called by the worker
    right before the frame leaves; if it raises, nothing is sent. `is_pulse` and `is_setpoint` are those of the tag.
    """

    tag: int
    value: float
    held: float
    not_after_ns: int
    on_sent: Callable[[], None]
    is_pulse: bool = False
    is_setpoint: bool = False


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """The end of a write: `readback` is the value read again from the same address, in the tag's unit."""

    state: WriteState
    readback: float | None = None
    message: str = ""


class Pool(Protocol):
    """All drivers of a station."""

    def start(self) -> None:
        """Start one worker per connection; returns at once."""

    def stop(self) -> None:
        """Stop every worker and close its connection, within 3 s."""

    def use(self, devices: Mapping[str, Device]) -> None:
        """Reach these devices (by name) from now on, and no others, without touching what doesn't change; may block.

        Tags are those of the plant. Values of devices that change or aren't reached any more are bad.
        """

    def lease(self, rows: TagIndices) -> None:
        """Read rows of leased scan classes at their period for the next ten seconds; returns at once."""

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        """Queue a write before all polls of its device; the future never raises."""

    def once(self, request: AnyRequest) -> Future[OnceAnswer]:
        """Read or write one address of a device, or acknowledge one of its alarms, once; the future never raises."""

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the present health of every device, in the order of the plant folder or of `use`."""

    def trace(self, device: str, is_on: bool) -> None:
        """Begin or end the trace of a device's frames; returns at once."""

    def frames(self, device: str, after: int) -> TraceView:
        """Return the frames of a device that are kept and newer than number `after`; no I/O."""
