"""The station thread: what it applies, what it drops, and that nothing ends it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import structlog

from plant_models.batch import Batch, failure, keep_alive, samples
from plant_models.quality import Quality
from plant_models.tag_table import TagTable
from station.queue import BatchQueue
from station.thread import FAILED, MALFORMED, StationThread
from tests.fakes.clock import ManualClock
from tests.fakes.pump_plant import pump_plant
from tests.fakes.stall import Stall
from tests.fakes.waiting import wait_until


class Rig:
    """A station thread alone with its table and queue."""

    def __init__(self) -> None:
        plant = pump_plant()
        self.clock = ManualClock()
        self.table = TagTable(plant.tags, plant.scan_s, self.clock)
        self.queue = BatchQueue()
        self.thread = StationThread(self.table, self.queue, self.clock)
        self.level = self.table.index["LEVEL"]

    def batch(self, *values: float) -> Batch:
        return samples([self.level] * len(values), values, 0, self.clock.wall_us(), self.clock.mono_ns())

    def settle(self) -> None:
        wait_until(lambda: not self.queue.counts.queued)

    def quality(self) -> int:
        return self.table.sample("LEVEL").quality


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    assert rig.thread.stop()


def test_everything_that_waits_is_handed_on_as_one_changed_batch(rig: Rig) -> None:
    changes: list[Batch] = []
    rig.table.add_listener(changes.append)
    for value in (1.0, 2.0, 2.0, 3.0):
        rig.queue.offer(rig.batch(value))
    rig.thread.start()
    rig.settle()
    assert len(changes) == 1
    assert changes[0].values is not None
    assert [v for tag, v in zip(changes[0].tags, changes[0].values, strict=True) if tag == rig.level] == [1, 2, 3]
    assert rig.table.sample("LEVEL").value == 3.0


def test_batches_that_come_one_after_the_other_share_rounds(rig: Rig) -> None:
    rig.thread.start()
    wait_until(lambda: rig.thread.rounds >= 1)
    rounds = rig.thread.rounds
    for value in range(200):
        rig.queue.offer(rig.batch(float(value)))
    rig.settle()
    assert rig.table.sample("LEVEL").value == 199.0
    assert rig.thread.rounds - rounds < 50


def test_reads_failures_and_signs_of_life_keep_their_order(rig: Rig) -> None:
    rig.queue.offer(rig.batch(1.0))
    rig.queue.offer(failure([rig.level], Quality.BAD_NO_COMMUNICATION, 0, 0))
    rig.queue.offer(keep_alive([rig.level], 5))
    rig.thread.start()
    rig.settle()
    assert (rig.table.sample("LEVEL").value, rig.quality()) == (1.0, Quality.BAD_NO_COMMUNICATION)
    assert rig.queue.counts.applied == 3


def test_a_tag_whose_reads_stop_becomes_stale(rig: Rig) -> None:
    rig.thread.start()
    rig.queue.offer(rig.batch(1.0))
    rig.settle()
    rig.clock.advance(2.9)
    rig.queue.offer(rig.batch())
    rig.settle()
    assert rig.quality() == Quality.GOOD
    rig.clock.advance(0.2)
    wait_until(lambda: rig.quality() == Quality.UNCERTAIN_LAST_USABLE)


def malformed(rig: Rig) -> list[Batch]:
    good = rig.batch(9.0)
    return [
        replace(good, tags=np.array([10_000], np.intp)),
        replace(good, tags=np.array([-1], np.intp)),
        replace(good, tags=np.array([0.5])),
        replace(good, qualities=None),
        replace(good, values=np.array([1.0, 2.0])),
        replace(good, source_us=np.zeros(3, np.int64)),
        replace(good, texts=("a", "b")),
    ]


@pytest.mark.parametrize("which", range(7))
def test_a_malformed_batch_is_dropped_and_its_neighbours_live(rig: Rig, which: int) -> None:
    rig.queue.offer(rig.batch(1.0))
    rig.queue.offer(malformed(rig)[which])
    rig.queue.offer(rig.batch(2.0))
    rig.thread.start()
    rig.settle()
    counts = rig.queue.counts
    assert (counts.offered, counts.applied, counts.dropped) == (3, 2, {MALFORMED: 1})
    assert rig.table.sample("LEVEL").value == 2.0
    assert rig.thread.errors == 0


def test_a_flood_of_malformed_batches_is_counted_but_does_not_flood_the_log(rig: Rig) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(1_000):
            rig.queue.offer(malformed(rig)[0])
        rig.thread.start()
        rig.settle()
    assert rig.queue.counts.dropped == {MALFORMED: 1_000}
    assert [line["so_far"] for line in lines] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def test_a_listener_that_fails_is_counted_and_the_values_live(rig: Rig) -> None:
    def fail(_: Batch) -> None:
        raise RuntimeError("listener")

    unsubscribe = rig.table.add_listener(fail)
    rig.queue.offer(rig.batch(1.0))
    rig.queue.offer(rig.batch(2.0))
    rig.thread.start()
    rig.settle()
    assert rig.thread.errors > 0
    assert rig.table.sample("LEVEL").value == 2.0
    unsubscribe()
    rig.queue.offer(rig.batch(5.0))
    rig.settle()
    assert rig.table.sample("LEVEL").value == 5.0


def test_a_batch_that_breaks_the_table_is_dropped_alone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    apply = rig.table.apply

    def picky(*batches: Batch) -> Batch:
        if any(13.0 in (batch.values if batch.values is not None else ()) for batch in batches):
            raise ZeroDivisionError("13")
        return apply(*batches)

    monkeypatch.setattr(rig.table, "apply", picky)
    for value in (1.0, 13.0, 2.0):
        rig.queue.offer(rig.batch(value))
    rig.thread.start()
    rig.settle()
    counts = rig.queue.counts
    assert (counts.applied, counts.dropped) == (2, {FAILED: 1})
    assert rig.table.sample("LEVEL").value == 2.0


def test_a_failing_age_does_not_end_the_thread(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.table, "age", lambda: 1 / 0)
    rig.thread.start()
    rig.clock.advance(1.0)
    rig.queue.offer(rig.batch(1.0))
    wait_until(lambda: rig.thread.errors == 1)
    rig.queue.offer(rig.batch(2.0))
    rig.settle()
    assert rig.table.sample("LEVEL").value == 2.0


def test_stopping_applies_what_still_waits(rig: Rig) -> None:
    for value in range(100):
        rig.queue.offer(rig.batch(float(value)))
    rig.thread.start()
    assert rig.thread.stop()
    assert rig.table.sample("LEVEL").value == 99.0
    assert not rig.queue.offer(rig.batch(1.0))


def test_a_thread_that_hangs_is_left_behind(rig: Rig) -> None:
    stall = Stall()
    rig.table.add_listener(stall)
    rig.thread.start()
    rig.queue.offer(rig.batch(1.0))
    assert not rig.thread.stop(timeout_s=0.05)
    stall.let_go()
