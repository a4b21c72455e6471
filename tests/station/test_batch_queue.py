"""The queue between drivers and station: bounded, never blocking, and every row accounted for."""

import threading

from plant_models.batch import Batch, samples
from station.queue import FULL, BatchQueue, RowCounts
from tests.fakes.waiting import wait_until


def batch(rows: int = 2) -> Batch:
    return samples(range(rows), 1.0, 0, 0, 0)


def balance(counts: RowCounts) -> int:
    """Zero if offered = applied + dropped + queued."""
    return counts.offered - counts.applied - sum(counts.dropped.values()) - counts.queued


def test_batches_come_out_in_order_of_arrival() -> None:
    queue = BatchQueue()
    batches = [batch(rows) for rows in (1, 2, 3)]
    assert all(queue.offer(one) for one in batches)
    assert queue.take(0.0) == batches
    assert queue.take(0.0) == []


def test_taken_rows_count_as_queued_until_their_end_is_noted() -> None:
    queue = BatchQueue()
    queue.offer(batch(5))
    queue.take(0.0)
    assert queue.counts == RowCounts(5, 0, {}, 5)
    queue.note_applied(3)
    queue.note_dropped(2, "malformed")
    assert queue.counts == RowCounts(5, 3, {"malformed": 2}, 0)


def test_an_overloaded_queue_counts_what_it_drops() -> None:
    queue = BatchQueue(capacity=3)
    assert [queue.offer(batch()) for _ in range(5)] == [True, True, True, False, False]
    assert queue.counts == RowCounts(10, 0, {FULL: 4}, 6)
    health = queue.health
    assert (health.depth, health.peak, health.offered, health.dropped) == (3, 3, 10, 4)


def test_peak_stays_when_depth_falls() -> None:
    queue = BatchQueue()
    queue.offer(batch())
    queue.offer(batch())
    queue.take(0.0)
    assert (queue.health.depth, queue.health.peak) == (0, 2)


def test_a_closed_queue_takes_nothing_more_but_gives_what_it_has() -> None:
    queue = BatchQueue()
    queue.offer(batch())
    queue.close()
    assert not queue.offer(batch())
    assert len(queue.take(10.0)) == 1
    assert queue.take(10.0) == []
    assert queue.counts.dropped == {"station stopped": 2}


def test_closing_wakes_whoever_waits() -> None:
    queue = BatchQueue()
    waiter = threading.Thread(target=queue.take, args=(60.0,))
    waiter.start()
    queue.close()
    waiter.join(10.0)
    assert not waiter.is_alive()


def test_every_row_is_accounted_for_while_many_offer_and_one_takes() -> None:
    queue = BatchQueue(capacity=8)
    balances: list[int] = []
    accepted = [0, 0, 0, 0]

    def offer(worker: int) -> None:
        for _ in range(300):
            accepted[worker] += queue.offer(batch(3))
            balances.append(balance(queue.counts))

    workers = [threading.Thread(target=offer, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        queue.note_applied(sum(map(len, queue.take(0.01))))
    queue.note_applied(sum(map(len, queue.take(0.0))))
    wait_until(lambda: not queue.counts.queued)
    counts = queue.counts
    assert set(balances) == {0}
    assert (counts.offered, counts.applied) == (3_600, 3 * sum(accepted))
    assert counts.dropped.get(FULL, 0) == 3_600 - counts.applied
