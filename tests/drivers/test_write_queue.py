"""Commands that wait for a worker."""

import math

from drivers.base import WriteRequest, WriteState
from drivers.writes import PendingWrite, WriteQueue


def pending(value: float = 0.0, row: int = 0, is_setpoint: bool = True) -> PendingWrite:
    return PendingWrite(WriteRequest(row, value, math.nan, 0, lambda: None, is_setpoint=is_setpoint))


def test_commands_leave_in_order_of_arrival() -> None:
    queue = WriteQueue()
    writes = [pending(value, row) for row, value in enumerate((7.0, 8.0, 9.0))]
    for write in writes:
        queue.put(write)
    assert len(queue) == 3
    assert [queue.take() for _ in range(4)] == [*writes, None]


def test_a_full_queue_answers_at_once() -> None:
    queue = WriteQueue(limit=1)
    first, second = pending(row=1), pending(row=2)
    queue.put(first)
    queue.put(second)
    assert second.future.result(0).state is WriteState.NOT_SENT
    assert "Too many commands" in second.future.result(0).message
    assert not first.future.done()


def test_a_cancelled_command_is_passed_over() -> None:
    queue = WriteQueue()
    first, second = pending(row=1), pending(row=2)
    queue.put(first)
    queue.put(second)
    first.future.cancel()
    assert queue.take() is second


def test_closing_answers_what_waits_and_what_comes_later() -> None:
    queue = WriteQueue()
    early, cancelled, late = (pending(row=row) for row in range(3))
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


def test_a_setpoint_that_waits_is_overtaken_by_a_newer_one_for_the_same_tag() -> None:
    queue = WriteQueue()
    older, other, newer = pending(40.0, row=1), pending(7.0, row=2), pending(45.0, row=1)
    for write in (older, other, newer):
        queue.put(write)
    assert older.future.result(0).state is WriteState.NOT_SENT
    assert "Overtaken by a newer command" in older.future.result(0).message
    assert [queue.take() for _ in range(3)] == [other, newer, None]


def test_a_setpoint_that_is_on_its_way_is_not_overtaken() -> None:
    queue = WriteQueue()
    older, newer = pending(40.0, row=1), pending(45.0, row=1)
    queue.put(older)
    assert queue.take() is older
    queue.put(newer)
    assert not older.future.done()
    assert queue.take() is newer


def test_orders_and_states_stay_in_line_each_of_them() -> None:
    queue = WriteQueue()
    writes = [pending(value, row=1, is_setpoint=False) for value in (1.0, 2.0, 2.0)]
    for write in writes:
        queue.put(write)
    assert [queue.take() for _ in range(4)] == [*writes, None]
    assert not any(write.future.done() for write in writes)


def test_a_newer_command_that_finds_no_room_overtakes_nothing() -> None:
    queue = WriteQueue(limit=1)
    older, newer = pending(40.0, row=1), pending(45.0, row=1)
    queue.put(older)
    queue.put(newer)
    assert newer.future.result(0).state is WriteState.NOT_SENT
    assert queue.take() is older


def test_a_cancelled_command_is_not_overtaken_but_gone() -> None:
    queue = WriteQueue()
    older, newer = pending(40.0, row=1), pending(45.0, row=1)
    queue.put(older)
    older.future.cancel()
    queue.put(newer)
    assert [queue.take(), queue.take()] == [newer, None]
