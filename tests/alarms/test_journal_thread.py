"""The way to the disk: nobody who offers ever waits, the order stays, and nothing is lost in silence."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from alarms.entry import JournalEntry
from alarms.journal_thread import FULL, UNREADABLE_TRIES, JournalThread, NotNowError
from database.errors import DatabaseError
from tests.fakes.clock import ManualClock
from tests.fakes.waiting import wait_until


class FakeWriter:
    """Keeps what it is given; fails with `error` while that says something, and waits while `gate` is closed."""

    def __init__(self) -> None:
        self.written: list[JournalEntry] = []
        self.error = self.damage = ""
        self.gate = threading.Event()
        self.gate.set()
        self.is_called = threading.Event()

    def append(self, entries: Sequence[JournalEntry]) -> None:
        self.is_called.set()
        assert self.gate.wait(20)
        if self.error:
            raise DatabaseError(self.error)
        self.written += entries


def entries(*numbers: int) -> list[JournalEntry]:
    return [JournalEntry(at_us=number, mono_ns=0, event="ALM", alarm="A") for number in numbers]


@pytest.fixture
def writer() -> FakeWriter:
    return FakeWriter()


@pytest.fixture
def thread(writer: FakeWriter, monkeypatch: pytest.MonkeyPatch) -> Iterator[JournalThread]:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.01)
    thread = JournalThread(writer, ManualClock(), capacity=5)
    thread.start()
    yield thread
    writer.error = ""
    writer.gate.set()
    thread.stop()


def account(thread: JournalThread) -> tuple[int, int, int, int]:
    health = thread.health
    assert health.offered == health.written + health.dropped + health.depth
    return health.offered, health.written, health.dropped, health.depth


def test_events_are_written_in_their_order(thread: JournalThread, writer: FakeWriter) -> None:
    assert thread.wait_written(thread.offer(entries(1, 2)), 20) == ""
    assert thread.wait_written(thread.offer(entries(3)), 20) == ""
    assert [entry.at_us for entry in writer.written] == [1, 2, 3]
    assert account(thread) == (3, 3, 0, 0)


def test_a_broken_journal_is_told_of_and_everything_waits_in_its_order(
    thread: JournalThread, writer: FakeWriter
) -> None:
    writer.error = "the disk is full"
    ticket = thread.offer(entries(1, 2))
    assert thread.wait_written(ticket, 20) == "the disk is full"
    assert thread.health.error == "the disk is full"
    thread.offer(entries(3))
    assert account(thread) == (3, 0, 0, 3)
    writer.error = ""
    assert thread.wait_written(ticket, 0) in ("", "the disk is full")
    wait_until(lambda: len(writer.written) == 3)
    wait_until(lambda: not thread.health.error)
    assert [entry.at_us for entry in writer.written] == [1, 2, 3]


def test_what_does_not_fit_is_counted_and_told_of_in_its_place(thread: JournalThread, writer: FakeWriter) -> None:
    writer.gate.clear()
    assert thread.offer(entries(1, 2, 3, 4, 5)) == 5
    assert thread.wait_written(thread.offer(entries(6, 7)), 20) == FULL
    assert account(thread) == (7, 0, 2, 5)
    assert thread.health.peak == 5
    writer.gate.set()
    wait_until(lambda: len(writer.written) >= 6)
    assert thread.wait_written(thread.offer(entries(8)), 20) == ""
    assert [entry.at_us for entry in writer.written if entry.event == "ALM"] == [1, 2, 3, 4, 5, 8]
    lost = writer.written[5]
    assert (lost.event, lost.comment) == ("LOST", "2 events could not be kept")
    assert account(thread) == (9, 7, 2, 0)


def test_a_slow_disk_is_said_to_be_slow(thread: JournalThread, writer: FakeWriter) -> None:
    writer.gate.clear()
    assert thread.wait_written(thread.offer(entries(1)), 0.01) == "The journal is slow"


def test_what_waits_at_the_end_is_written(thread: JournalThread, writer: FakeWriter) -> None:
    writer.gate.clear()
    thread.offer(entries(1))
    assert writer.is_called.wait(20)
    thread.offer(entries(2, 3))
    stopping = threading.Thread(target=thread.stop)
    stopping.start()
    writer.gate.set()
    stopping.join()
    assert [entry.at_us for entry in writer.written] == [1, 2, 3]
    assert thread.offer(entries(4)) is None
    assert account(thread) == (4, 3, 1, 0)


def test_a_journal_that_stays_broken_does_not_hold_up_the_end(thread: JournalThread, writer: FakeWriter) -> None:
    writer.error = "locked"
    assert thread.wait_written(thread.offer(entries(1)), 20) == "locked"
    thread.stop()
    assert account(thread) == (1, 0, 0, 1)


def test_what_a_fault_held_up_is_tried_once_more_at_the_end(
    thread: JournalThread, writer: FakeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 20.0)
    writer.error = "locked"
    assert thread.wait_written(thread.offer(entries(1)), 20) == "locked"
    writer.error = ""
    thread.stop()
    assert account(thread) == (1, 1, 0, 0)


def test_a_fault_is_told_of_before_there_is_anything_to_write(
    thread: JournalThread, writer: FakeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alarms.journal_thread.CHECK_S", 0.01)
    assert thread.wait_written(thread.offer(entries(1)), 20) == ""
    writer.error = "locked"
    wait_until(lambda: thread.health.error == "locked")
    writer.error = ""
    wait_until(lambda: not thread.health.error)


class LateRead:
    """What could not be read at the start: it fails with `errors`, the first first, then gives a row."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.is_forgotten = False

    def __call__(self) -> list[JournalEntry]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return [JournalEntry(at_us=0, mono_ns=0, event="UNREAD", alarm="A")]

    def forget(self) -> None:
        self.is_forgotten = True


LOCKED = DatabaseError("{file} is locked by another program", file="x")
BROKEN = DatabaseError("{file} gave an error", file="x")
BUSY = NotNowError("the station thread hangs")


@contextmanager
def started(writer: FakeWriter, read: LateRead) -> Iterator[JournalThread]:
    thread = JournalThread(writer, ManualClock(), capacity=5)
    thread.read_first(read, read.forget, "could not be read")
    assert (thread.health.error, thread.health.unread) == ("could not be read",) * 2
    thread.offer(entries(1))
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


@pytest.mark.parametrize("error", [LOCKED, BUSY])
def test_what_could_not_be_read_is_read_before_anything_is_written(
    writer: FakeWriter, monkeypatch: pytest.MonkeyPatch, error: DatabaseError
) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.01)
    read = LateRead(*[error] * (2 * UNREADABLE_TRIES))
    with started(writer, read) as thread:
        assert thread.wait_written(1, 0.0) != ""
        wait_until(lambda: thread.health.written == 1)
        assert (thread.health.error, thread.health.unread) == ("", "")
        assert account(thread) == (1, 1, 0, 0)
        thread.wait_written(thread.offer(entries(2)), 20)
    assert [entry.event for entry in writer.written] == ["UNREAD", "ALM", "ALM"]
    assert read.calls == 2 * UNREADABLE_TRIES + 1
    assert not read.is_forgotten


def test_the_first_rows_are_written_once_however_often_that_fails(
    writer: FakeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.01)
    writer.error = "locked"
    read = LateRead()
    with started(writer, read) as thread:
        wait_until(lambda: thread.health.error == "locked")
        assert thread.health.unread == ""
        writer.error = ""
        wait_until(lambda: thread.health.written == 1)
    assert [entry.event for entry in writer.written] == ["UNREAD", "ALM"]
    assert read.calls == 1


@pytest.mark.parametrize("error", [BROKEN, ValueError("a bug")])
def test_what_can_never_be_read_is_given_up_and_told_of_as_long_as_the_station_runs(
    writer: FakeWriter, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.01)
    read = LateRead(*[error] * 100)
    with started(writer, read) as thread:
        wait_until(lambda: thread.health.written == 1)
        assert (thread.health.error, thread.health.unread) == ("", str(error))
        thread.wait_written(thread.offer(entries(2)), 20)
    assert [entry.event for entry in writer.written] == ["ALM", "ALM"]
    assert read.calls == UNREADABLE_TRIES
    assert read.is_forgotten


class DoubtfulWriter(FakeWriter):
    """Says of the first rows that they could not be written though they are there, and finds that out when asked again.

    So does the journal: of what it is given the second time, all is there.
    """

    is_in_doubt = False

    def append(self, entries: Sequence[JournalEntry]) -> None:
        if self.is_in_doubt:
            self.is_in_doubt = False
            return
        super().append(entries)
        if len(self.written) == len(entries):
            self.is_in_doubt = True
            raise DatabaseError("the checkpoint can't be written")


def test_what_happens_while_the_first_rows_are_in_doubt_is_written_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.1)
    writer = DoubtfulWriter()
    with started(writer, LateRead()) as thread:
        wait_until(lambda: len(writer.written) == 2)
        assert thread.wait_written(thread.offer(entries(2)), 0.0) != ""
        wait_until(lambda: thread.health.written == 2)
    assert [entry.at_us for entry in writer.written] == [0, 1, 2]


@pytest.mark.parametrize("is_at_end", [False, True])
def test_what_is_needed_beside_the_first_rows_is_never_dropped(writer: FakeWriter, is_at_end: bool) -> None:
    threads: list[JournalThread] = []

    def read() -> list[JournalEntry]:
        wait_until(lambda: threads[0]._is_stopping or not is_at_end)
        assert threads[0].offer(entries(9, 10), is_needed=True) == 7
        return entries(0)

    thread = JournalThread(writer, ManualClock(), capacity=5)
    threads.append(thread)
    thread.read_first(read, lambda: None, "could not be read")
    assert thread.offer(entries(1, 2, 3, 4, 5, 6)) is None
    thread.start()
    if not is_at_end:
        assert thread.wait_written(7, 20) in ("", "could not be read")
        wait_until(lambda: thread.health.written >= 7)
    thread.stop()
    assert [entry.at_us for entry in writer.written if entry.event == "ALM"] == [0, 1, 2, 3, 4, 5, 9, 10]


@pytest.mark.parametrize(("error", "written"), [(BROKEN, ["ALM"]), (LOCKED, []), (BUSY, [])])
def test_what_waits_at_the_end_for_what_can_not_be_read_is_written_unless_that_passes(
    writer: FakeWriter, error: DatabaseError, written: list[str]
) -> None:
    read = LateRead(*[error] * 100)
    with started(writer, read):
        wait_until(lambda: read.calls == 1)
    assert [entry.event for entry in writer.written] == written
    assert read.is_forgotten == bool(written)


def test_what_can_neither_be_read_nor_written_is_tried_until_it_can(
    writer: FakeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alarms.journal_thread.RETRY_S", 0.01)
    writer.error = "unplugged"
    read = LateRead(*[BROKEN] * (3 * UNREADABLE_TRIES))
    with started(writer, read) as thread:
        wait_until(lambda: thread.health.error == "unplugged")
        wait_until(lambda: not thread.health.unread)
        writer.error = ""
        wait_until(lambda: thread.health.written == 1)
    assert [entry.event for entry in writer.written] == ["UNREAD", "ALM"]


def test_an_error_nobody_thought_of_is_told_of_and_the_thread_goes_on(
    thread: JournalThread, writer: FakeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(_: object) -> None:
        raise OverflowError("too large")

    with monkeypatch.context() as patch:
        patch.setattr(writer, "append", spoilt)
        assert thread.wait_written(thread.offer(entries(1)), 20) == "too large"
    wait_until(lambda: not thread.health.error)
    assert [entry.at_us for entry in writer.written] == [1]
