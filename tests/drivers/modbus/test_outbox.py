"""Samples on their way to the station: few batches, nothing late, nothing out of order."""

import numpy as np

from drivers.modbus.outbox import MOST_ROWS, PACE_NS, Outbox
from plant_models.batch import Batch, failure, samples
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock


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


def nobody(_count: int) -> None:
    """Whoever loses nothing here."""


def read(*rows: int) -> Batch:
    return samples(rows, 1.0, Quality.GOOD, 0, 0)


def test_samples_that_follow_each_other_quickly_go_together() -> None:
    taken, clock = Taken(), ManualClock()
    outbox = Outbox(taken, clock)
    for row in range(4):
        assert outbox.keep(read(row), nobody)
    assert taken.rows == [[0]], "nothing was known to follow the first"
    assert outbox.flush()
    assert taken.rows == [[0], [1, 2, 3]]


def test_on_a_slow_line_no_sample_waits_for_the_next() -> None:
    taken, clock = Taken(), ManualClock()
    outbox = Outbox(taken, clock)
    for row in range(3):
        outbox.keep(read(row), nobody)
        clock.advance(PACE_NS / 1e9)
    assert taken.rows == [[0], [1], [2]]


def test_many_samples_do_not_wait() -> None:
    taken = Taken()
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0), nobody)
    outbox.keep(read(*range(MOST_ROWS)), nobody)
    assert [len(rows) for rows in taken.rows] == [1, MOST_ROWS]


def test_a_failure_goes_at_once_and_overtakes_nothing() -> None:
    taken = Taken()
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0), nobody)
    outbox.keep(read(1), nobody)
    outbox.offer(failure(np.array([1]), Quality.BAD_NO_COMMUNICATION, 0, 0))
    assert taken.rows == [[0], [1], [1]]
    assert taken.batches[-1].values is None


def test_what_finds_no_room_is_told() -> None:
    taken = Taken()
    lost: list[int] = []
    outbox = Outbox(taken, ManualClock())
    outbox.keep(read(0), lost.append)
    outbox.keep(read(1), lost.append)
    taken.is_full = True
    assert not outbox.flush()
    assert lost == [1]
    assert outbox.flush(), "there is nothing left to drop"
    assert not outbox.offer(read(2))
