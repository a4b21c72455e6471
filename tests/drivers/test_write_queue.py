"""Commands that wait for a worker."""

from drivers.base import WriteRequest, WriteState
from drivers.writes import PendingWrite, WriteQueue


def pending(value: float = 0.0) -> PendingWrite:
    return PendingWrite(WriteRequest(0, value, 0, lambda: None))


def test_commands_leave_in_order_of_arrival() -> None:
    queue = WriteQueue()
    writes = [pending(value) for value in range(3)]
    for write in writes:
        queue.put(write)
    assert len(queue) == 3
    assert [queue.take() for _ in range(4)] == [*writes, None]


def test_a_full_queue_answers_at_once() -> None:
    queue = WriteQueue(limit=1)
    first, second = pending(), pending()
    queue.put(first)
    queue.put(second)
    assert second.future.result(0).state is WriteState.NOT_SENT
    assert "Too many commands" in second.future.result(0).message
    assert not first.future.done()


def test_a_cancelled_command_is_passed_over() -> None:
    queue = WriteQueue()
    first, second = pending(), pending()
    queue.put(first)
    queue.put(second)
    first.future.cancel()
    assert queue.take() is second


def test_closing_answers_what_waits_and_what_comes_later() -> None:
    queue = WriteQueue()
    early, cancelled, late = pending(), pending(), pending()
    queue.put(early)
    queue.put(cancelled)
    cancelled.future.cancel()
    queue.close()
    queue.put(late)
    assert early.future.result(0).state is WriteState.NOT_SENT
    assert late.future.result(0).state is WriteState.NOT_SENT
    assert queue.take() is None


def test_only_the_first_end_of_a_command_counts() -> None:
    write = pending()
    write.finish(WriteState.VERIFIED, readback=1.0)
    write.finish(WriteState.UNKNOWN)
    assert write.future.result(0).state is WriteState.VERIFIED
