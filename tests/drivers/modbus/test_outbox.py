"""Samples on their way to the station: few batches, nothing late, nothing out of order."""

import numpy as np

from drivers.connection import DriverContext
from drivers.modbus.outbox import MOST_ROWS, PACE_NS, Outbox
from drivers.modbus.planner import Block
from drivers.modbus.replies import Read
from drivers.modbus.scan_plan import ReadBlock
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Reply
from plant_models.address import Table
from plant_models.batch import Batch, failure
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.small_plant import modbus_device, tag


class Taken:
    """A sink that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.is_full = False

    def offer(self, batch: Batch) -> bool:
        self.batches.append(batch)
        return not self.is_full

    @property
    def rows(self) -> list[list[int]]:
        return [batch.tags.tolist() for batch in self.batches]


def a_unit() -> Unit:
    """A unit with a tag for each register, in rows of the same number."""
    tags = [(row, tag(f"T{row}", "PLC", f"hr:{row}")) for row in range(MOST_ROWS)]
    context = DriverContext(scan_s={"fast": 1.0}, sink=Taken(), clock=ManualClock(), jitter=lambda: 0.0)
    return Unit(modbus_device("PLC", 502), tags, context)


UNIT = a_unit()


def read(*rows: int) -> Read:
    """What was read of some registers, each of which holds its own number."""
    points = [UNIT.points[row] for row in rows]
    block = ReadBlock(Table.HOLDING, Block(tuple(point.span for point in points)), points, UNIT.device)
    return Read(UNIT, block, Reply(np.arange(rows[0], rows[-1] + 1).astype(">u2").tobytes(), 0, 0))


def test_samples_that_follow_each_other_quickly_go_together() -> None:
    taken, clock = Taken(), ManualClock()
    outbox = Outbox(taken, clock)
    for row in range(4):
        assert outbox.keep(read(row))
    assert taken.rows == [[0]], "nothing was known to follow the first"
    assert outbox.flush()
    assert taken.rows == [[0], [1, 2, 3]]


def test_on_a_slow_line_no_sample_waits_for_the_next() -> None:
    taken, clock = Taken(), ManualClock()
    outbox = Outbox(taken, clock)
    for row in range(3):
        outbox.keep(read(row))
        clock.advance(PACE_NS / 1e9)
    assert taken.rows == [[0], [1], [2]]


def test_many_samples_do_not_wait() -> None:
    taken = Taken()
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0))
    outbox.keep(read(*range(MOST_ROWS)))
    assert [len(rows) for rows in taken.rows] == [1, MOST_ROWS]


def test_a_failure_goes_at_once_and_overtakes_nothing() -> None:
    taken = Taken()
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0))
    outbox.keep(read(1))
    outbox.offer(failure(np.array([1]), Quality.BAD_NO_COMMUNICATION, 0, 0))
    assert taken.rows == [[0], [1], [1]]
    assert taken.batches[-1].values is None


def test_what_finds_no_room_is_counted() -> None:
    taken = Taken()
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0))
    outbox.keep(read(1))
    taken.is_full = True
    assert not outbox.flush()
    assert UNIT.counters.snapshot().dropped == 1
    assert outbox.flush(), "there is nothing left to drop"
    assert not outbox.offer(failure(np.array([2]), Quality.BAD_NO_COMMUNICATION, 0, 0))
