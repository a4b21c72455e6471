"""Memory and the account of samples: bounded, and without a seam to what is on disk."""

import pytest

from history import memory as memory_module
from history.columns import Columns
from history.health import FULL, STOPPED
from history.intake import Account, Intake
from history.memory import Memory
from plant_models.batch import samples
from tests.fakes.samples import columns

SECOND = 1_000_000


def block(second: int, rows: int = 1) -> Columns:
    return columns([0] * rows, [float(second)] * rows, [second * SECOND] * rows)


def values(memory: Memory) -> list[float]:
    return [value for part in memory.recall().blocks for value in part.values.tolist()]


def store(memory: Memory, seq: int) -> None:
    assert memory.next_frame() is not None
    memory.note_stored(seq, seq)


def test_what_waits_becomes_one_frame_and_stays_in_memory() -> None:
    memory = Memory()
    memory.add(block(1))
    memory.add(block(2), marks=1)
    frame = memory.next_frame()
    assert frame is not None
    assert (frame.columns.values.tolist(), frame.marks, memory.waiting_rows) == ([1.0, 2.0], 1, 2)
    memory.note_stored(8, 8)
    assert (values(memory), memory.recall().stored_until, memory.waiting_rows) == ([1.0, 2.0], 7, 0)
    assert memory.next_frame() is None
    assert memory.waiting_since_us is None


def test_a_frame_that_could_not_be_written_is_offered_again_with_what_came_since() -> None:
    memory = Memory()
    memory.add(block(1))
    memory.next_frame()
    memory.add(block(2))
    frame = memory.next_frame()
    assert frame is not None
    assert frame.columns.values.tolist() == [1.0, 2.0]
    assert memory.waiting_since_us == SECOND


def test_a_long_wait_is_written_in_frames_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "FRAME_ROWS", 10)
    memory = Memory()
    for second in range(5):
        memory.add(block(second, rows=4))
    sizes = []
    while (frame := memory.next_frame()) is not None:
        sizes.append(len(frame.columns))
        memory.note_stored(len(sizes), len(sizes))
    assert sizes == [8, 8, 4]


def test_a_sample_is_in_memory_or_in_a_frame_before_it_and_never_in_both() -> None:
    memory = Memory()
    memory.start_after(40)
    assert memory.recall().stored_until == 40
    memory.add(block(1))
    assert (values(memory), memory.recall().stored_until) == ([1.0], 40)
    store(memory, 41)
    assert (values(memory), memory.recall().stored_until) == ([1.0], 40)


def test_old_blocks_are_let_go_once_they_are_stored() -> None:
    memory = Memory()
    for second in (0, 300, 601):
        memory.add(block(second))
        store(memory, second + 1)
    assert (values(memory), memory.recall().stored_until) == ([300.0, 601.0], 300)


def test_more_rows_than_memory_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "ROWS", 3)
    memory = Memory()
    for second in (1, 2):
        memory.add(block(second, rows=2))
        store(memory, second)
    assert (values(memory), memory.recall().stored_until) == ([2.0, 2.0], 1)
    memory.add(block(3, rows=4))
    store(memory, 3)
    assert (values(memory), memory.recall().stored_until) == ([], 3)


def test_every_sample_is_accounted_for() -> None:
    intake = Intake(capacity=3)
    two = samples([0, 1], [1.0, 2.0], 0, 0, 0)
    assert intake.offer(two, 7)
    assert not intake.offer(two, 8)
    assert intake.account == Account(received=4, stored=0, dropped={FULL: 2}, queued=2)
    assert [received_us for _, received_us in intake.take(0.0)] == [7]
    assert intake.account.queued == 2
    intake.note_stored(1)
    intake.note_dropped(1, "within deadband")
    intake.close()
    assert not intake.offer(two, 9)
    dropped = {FULL: 2, "within deadband": 1, STOPPED: 2}
    assert intake.account == Account(received=6, stored=1, dropped=dropped, queued=0)
    assert intake.take(10.0) == []
