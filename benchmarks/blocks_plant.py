"""Plants of PLCs whose tags are blocks of 125 scaled registers, and such a plant at work without its screens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.raw_modbus_server import COUNT
from drivers.pool import DriverPool
from plant_models.clock import SystemClock
from plant_models.device import Device, Endpoint
from plant_models.plant import Plant
from plant_models.tag import DataType, Tag
from plant_models.tag_table import TagTable
from station.queue import BatchQueue
from station.thread import StationThread

CLOCK: Final = SystemClock()
SCAN: Final = "normal"
_STALE_SCAN_S: Final = 1.0
"""What the table goes by, so that scans of less than a millisecond don't make every row stale."""
_SCALED: Final[Any] = {"type": DataType.U16, "raw_low": 0, "raw_high": 10_000, "low": 0, "high": 100}


@dataclass(frozen=True, slots=True)
class Running:
    """Drivers, queue, station thread and table."""

    pool: DriverPool
    queue: BatchQueue
    table: TagTable

    def blocks(self) -> int:
        """Return how many blocks stand in the table so far."""
        return self.queue.counts.applied // COUNT


def blocks_plant(ports: Sequence[int], blocks: int, scan_s: float) -> Plant:
    """Return a plant with a Modbus device on each port, each with `blocks` of 125 tags."""
    devices = {
        f"PLC{number}": Device(name=f"PLC{number}", protocol="modbus", endpoint=Endpoint("127.0.0.1", port))
        for number, port in enumerate(ports)
    }
    return Plant(
        folder=Path("/nowhere"),
        name="Blocks",
        time_zone="UTC",
        home="",
        is_simulated=False,
        areas=(),
        scan_s={SCAN: scan_s},
        devices=devices,
        types={},
        equipment={},
        tags=tuple(
            Tag(name=f"{name}.T{at}", device=name, address=f"hr:{at}", scan=SCAN, **_SCALED)
            for name in devices
            for at in range(blocks * COUNT)
        ),
        alarms=(),
        displays={},
    )


@contextmanager
def running(plant: Plant) -> Iterator[Running]:
    """Run drivers and station thread; every device has come once when the block begins.

    Raises:
        AssertionError: a row was dropped meanwhile.
    """
    table = TagTable(plant.tags, {SCAN: _STALE_SCAN_S}, CLOCK)
    queue = BatchQueue()
    thread = StationThread(table, queue, CLOCK)
    pool = DriverPool(plant, table.index, queue, CLOCK, {})
    thread.start()
    pool.start()
    try:
        while any(health.requests < 2 for health in pool.health()):
            CLOCK.sleep(0.01)
        yield Running(pool, queue, table)
        assert not queue.counts.dropped
    finally:
        pool.stop()
        thread.stop()
