"""The gate of manual values beside a queue that hasn't been emptied yet, or has no room."""

from collections.abc import Callable

import numpy as np
import pytest

from plant_models.batch import Batch, failure, keep_alive, samples
from plant_models.quality import Quality
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from station.manual_gate import ManualGate
from station.queue import BatchQueue
from tests.fakes.clock import ManualClock


class Rig:
    """A gate, a queue and a table of two tags, without a thread: `settle` does its work."""

    def __init__(self, capacity: int = 10) -> None:
        self.clock = ManualClock()
        tags = [Tag(name=name, device="PLC", address="hr:0") for name in ("LEVEL", "FLOW")]
        self.table = TagTable(tags, {"normal": 1.0}, self.clock)
        self.queue = BatchQueue(capacity)
        self.gate = ManualGate(self.queue, self.clock, len(tags))

    def read(self, *values: float) -> Batch:
        return samples([0] * len(values), values, Quality.GOOD, self.clock.wall_us(), self.clock.mono_ns())

    def failed(self, quality: int) -> Batch:
        return failure(0, quality, self.clock.wall_us(), self.clock.mono_ns())

    def settle(self) -> tuple[float, int]:
        self.table.apply(*self.queue.take(0.0))
        self.gate.keep_alive()
        self.table.apply(*self.queue.take(0.0))
        return self.level

    @property
    def level(self) -> tuple[float, int]:
        sample = self.table.sample("LEVEL")
        return sample.value, sample.quality


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (lambda rig: rig.read(2.0), (2.0, Quality.GOOD)),
        (lambda rig: rig.read(3.0, 2.0), (2.0, Quality.GOOD)),
        (lambda rig: rig.failed(Quality.BAD_NO_COMMUNICATION), (1.0, Quality.BAD_NO_COMMUNICATION)),
    ],
)
def test_what_a_device_said_just_before_stands_again_afterwards(
    newest: Callable[[Rig], Batch], expected: tuple[float, int]
) -> None:
    rig = Rig()
    rig.gate.offer(rig.read(1.0))
    rig.settle()
    rig.gate.offer(newest(rig))  # it still waits in the queue
    rig.gate.hold(0, 9.0)
    assert rig.settle() == (9.0, Quality.GOOD_LOCAL_OVERRIDE)
    rig.gate.release(0)
    rig.gate.offer(keep_alive(0, rig.clock.mono_ns()))
    assert rig.settle() == expected


def test_a_manual_value_that_finds_no_room_takes_effect_as_soon_as_there_is_some() -> None:
    rig = Rig(capacity=1)
    rig.gate.offer(rig.read(1.0))
    rig.gate.hold(0, 9.0)
    assert rig.settle() == (9.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert rig.gate.offer(rig.read(5.0))
    assert rig.settle() == (9.0, Quality.GOOD_LOCAL_OVERRIDE)


def test_a_device_s_word_that_finds_no_room_stands_again_as_soon_as_there_is_some() -> None:
    rig = Rig(capacity=1)
    rig.gate.offer(rig.read(1.0))
    rig.settle()
    rig.gate.hold(0, 9.0)
    rig.settle()
    rig.queue.offer(keep_alive([], 0))
    rig.gate.release(0)
    assert not rig.gate.offer(rig.read(2.0))  # dropped and counted, and newer than what is owed
    assert rig.settle() == (2.0, Quality.GOOD)


def test_a_stale_value_is_given_back_as_it_came_so_that_a_sign_of_life_makes_it_good() -> None:
    rig = Rig()
    rig.gate.offer(rig.read(1.0))
    rig.settle()
    rig.clock.advance(4.0)
    rig.table.age()
    assert rig.level == (1.0, Quality.UNCERTAIN_LAST_USABLE)
    rig.gate.hold(0, 9.0)
    rig.gate.release(0)
    rig.settle()
    rig.table.age()
    assert rig.level == (1.0, Quality.UNCERTAIN_LAST_USABLE)
    rig.gate.offer(keep_alive(0, rig.clock.mono_ns()))
    assert rig.settle() == (1.0, Quality.GOOD)


def test_a_batch_that_cannot_be_is_left_to_the_station_thread_and_changes_no_word() -> None:
    rig = Rig()
    rig.gate.offer(rig.read(1.0))
    rig.settle()
    rig.gate.hold(0, 9.0)
    rig.settle()
    strange = Batch(np.array([0, 7]), np.array([5.0, 5.0]), np.zeros(2, np.uint16), np.zeros(2, np.int64), np.zeros(2))
    assert rig.gate.offer(strange)
    assert rig.queue.take(0.0) == [strange]
    rig.gate.release(0)
    assert rig.settle() == (1.0, Quality.GOOD)


def test_a_sign_of_life_does_not_follow_in_the_round_that_the_one_before_has_caused() -> None:
    rig = Rig(capacity=1)
    rig.gate.hold(0, 9.0)
    rig.settle()
    rig.clock.advance(0.1)
    rig.queue.offer(keep_alive([], 0))
    rig.gate.keep_alive()  # finds no room, and is due still
    rig.queue.take(0.0)
    rig.gate.keep_alive()
    assert len(rig.queue.take(0.0)) == 1
    rig.gate.keep_alive()
    assert rig.queue.take(0.0) == []


def test_a_manual_value_never_ages() -> None:
    rig = Rig()
    rig.gate.hold(0, 9.0)
    for _ in range(20):
        rig.settle()
        rig.clock.advance(0.25)
        rig.table.age()
        assert rig.level == (9.0, Quality.GOOD_LOCAL_OVERRIDE)
