"""A night with neither address answering: what was given up and has ended is forgotten."""

import weakref
from collections.abc import Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.health import DeviceHealth, LinkState
from drivers.link import Link
from drivers.link_plan import LinkPlan
from drivers.writes import PendingWrite
from plant_models.device import Device, Endpoint
from tests.fakes.clock import ManualClock
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import small_plant

DEVICE = Device(name="D", protocol="odd", endpoint=Endpoint("here", 1), backup=Endpoint("there", 2))


class DeadConnection:
    """Nothing answers, and it ends as soon as it is told."""

    name = "dead"
    heartbeat_ns = 0

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def join(self, timeout_s: float) -> bool:
        return True

    def write(self, write: PendingWrite) -> None:
        raise AssertionError("there is no command")

    def health(self) -> tuple[DeviceHealth, ...]:
        return (DeviceHealth(device="D", state=LinkState.DOWN, since_us=0),)


class DeadDriver:
    """Fulfils `drivers.connection.Driver`; knows which of its connections somebody still holds."""

    def __init__(self) -> None:
        self.held: weakref.WeakSet[DeadConnection] = weakref.WeakSet()

    def key_of(self, device: Device) -> Hashable:
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        connection = DeadConnection()
        self.held.add(connection)
        return connection


def test_connections_that_were_changed_over_and_have_ended_are_forgotten() -> None:
    clock, driver = ManualClock(), DeadDriver()
    sink = TableSink(small_plant([DEVICE], []), clock)
    context = DriverContext(scan_s={}, sink=sink, clock=clock, jitter=lambda: 0.0)
    link = Link(LinkPlan(1, driver, ((DEVICE, []),)), context)
    for _ in range(20):
        clock.advance(60.0)
        assert link.is_in_vain()
        link.change_over()
    assert len(driver.held) <= 2, "the present one, and the one before"
