"""Commands that wait for a worker."""

import math

import pytest

from drivers.base import WriteRequest, WriteState
from drivers.writes import PendingWrite, WriteQueue, seen_again


def pending(value: float = 0.0) -> PendingWrite:
    return PendingWrite(WriteRequest(0, value, math.nan, 0, lambda: None))


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


@pytest.mark.parametrize(
    ("held", "doubt", "state"),
    [
        (1.0, "", WriteState.VERIFIED),
        (2.0, "", WriteState.VERIFIED),
        (1.0, "no answer", WriteState.VERIFIED),
        (2.0, "no answer", WriteState.UNKNOWN),
        (math.nan, "no answer", WriteState.VERIFIED),
    ],
)
def test_a_readback_proves_nothing_if_the_answer_was_lost_and_the_value_was_there_before(
    held: float, doubt: str, state: WriteState
) -> None:
    write = PendingWrite(WriteRequest(0, 2.0, held, 0, lambda: None))
    found, words = seen_again(write, doubt)
    assert found is state
    assert (doubt in words) if doubt else not words
