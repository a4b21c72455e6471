"""The file is locked, read-only, full, damaged or somebody else's: told at once, nothing lost without being counted."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from database.engine import open_database
from history import reserve
from history.reserve import RESERVE_BYTES
from history.series import NO_DATA
from history.store.part_files import NEWEST
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.recording import SECOND, Recording
from tests.fakes.spoilt_engine import spoil

START_S = ManualClock().wall_us() // SECOND


def record(recording: Recording, seconds: int) -> None:
    """Two new values a second."""
    for _ in range(seconds):
        second = recording.clock.wall_us() // SECOND - START_S
        recording.put({"A": float(second), "B": float(second % 7)})
        recording.tick()


def stored_on_disk(recording: Recording) -> int:
    return sum(n for (n,) in recording.frames()) - recording.health.marks


def locked(recording: Recording) -> Callable[[], None]:
    other = sqlite3.connect(recording.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def heal() -> None:
        other.execute("ROLLBACK")
        other.close()

    return heal


def read_only(recording: Recording) -> Callable[[], None]:
    return spoil(recording.store.place().engine, "query_only = ON", "query_only = OFF")


def full(recording: Recording) -> Callable[[], None]:
    with closing(sqlite3.connect(recording.path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    recording.pragma(f"max_page_count = {pages}")
    return lambda: recording.pragma("max_page_count = 1000000")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(locked, "is locked by another program"), (read_only, "can't be written"), (full, "the disk is full")],
)
def test_what_cannot_be_written_waits_in_memory_and_is_written_later(
    recording: Recording, fault: Callable[[Recording], Callable[[], None]], words: str
) -> None:
    record(recording, 5)
    recording.pragma("busy_timeout = 1")
    heal = fault(recording)
    for _ in range(500):  # until no page is left to write to
        if recording.health.error:
            break
        record(recording, 1)
    record(recording, 3)
    health = recording.health
    assert words in health.error
    assert str(recording.path) in health.error
    assert health.queued >= 6
    assert health.delay_s >= 3.0
    assert recording.ask("B", 4.0).gaps == ()
    heal()
    record(recording, 2)
    health = recording.health
    assert (health.error, health.queued, health.delay_s, health.dropped) == ("", 0, 0.0, {})
    assert stored_on_disk(recording) == health.stored == health.received
    assert recording.ask("B", 8.0).gaps == ()


def test_when_the_queue_is_full_as_well_every_dropped_sample_is_counted(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock, capacity=10).start()
    record(recording, 1)
    recording.pragma("busy_timeout = 1")
    heal = locked(recording)
    for _ in range(20):
        clock.advance(60.0)  # a sample a minute stays in any case
        record(recording, 1)
    health = recording.health
    assert (health.queued, health.lost) == (10, health.received - 12)
    assert health.dropped == {"queue full": health.lost}
    heal()
    record(recording, 1)
    assert recording.health.queued == 0
    assert stored_on_disk(recording) == recording.health.stored
    recording.stop()


def test_what_waits_is_thinned_before_anything_is_dropped(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock, capacity=100).start()
    record(recording, 1)
    recording.pragma("busy_timeout = 1")
    heal = locked(recording)
    recording.put({"A": 1e9}, Quality.BAD_SENSOR_FAILURE)
    record(recording, 300)
    health = recording.health
    assert health.dropped == {"coarsened": health.lost}
    assert health.queued <= 100
    heal()
    record(recording, 1)
    assert recording.health.queued == 0
    assert stored_on_disk(recording) == recording.health.stored
    assert {gap.quality for gap in recording.ask("A", 310.0, pixels=310).gaps} >= {Quality.BAD_SENSOR_FAILURE}
    recording.stop()


def test_a_disk_that_is_nearly_full_takes_no_frames_until_there_is_room(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(recording, 2)
    with monkeypatch.context() as patch:
        patch.setattr(reserve, "free_bytes", lambda _: RESERVE_BYTES - 1)
        record(recording, 3)
        assert "the disk is full but for 64 MB" in recording.health.error
        assert recording.recorder.is_refused
        assert recording.health.queued == 6
        patch.setattr(reserve, "free_bytes", lambda _: RESERVE_BYTES)
        record(recording, 1)
    assert (recording.health.error, recording.health.queued) == ("", 0)
    assert not recording.recorder.is_refused


def test_a_file_with_room_inside_goes_on_when_the_disk_is_nearly_full(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(recording, 1)
    with recording.store.place().engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE room (bytes BLOB)")
        connection.exec_driver_sql("INSERT INTO room VALUES (zeroblob(1000000))")
    with recording.store.place().engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE room")
    monkeypatch.setattr(reserve, "free_bytes", lambda _: 0)
    record(recording, 1)
    assert (recording.health.error, recording.health.queued) == ("", 0)


def test_a_file_that_is_locked_at_the_start_is_used_as_soon_as_it_is_free(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / NEWEST).mkdir()
    recording = Recording(tmp_path, clock).start()
    record(recording, 3)
    assert "can't be opened" in recording.health.error
    assert recording.ask("A", 4.0).max[0] >= 2.0
    (tmp_path / NEWEST).rmdir()
    record(recording, 1)
    assert recording.health.error == ""
    assert stored_on_disk(recording) == 8
    recording.stop()


def overwritten_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 12_288)


def text_instead(path: Path) -> None:
    path.write_text("my shopping list\n" * 1_000)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [overwritten_page, text_instead, emptied])
def test_a_damaged_file_is_put_aside_and_told_of_for_as_long_as_it_lies_there(
    tmp_path: Path, clock: ManualClock, spoil: Callable[[Path], None]
) -> None:
    recording = Recording(tmp_path, clock).start()
    record(recording, 5)
    recording.stop()
    spoil(recording.path)
    spoilt = recording.path.read_bytes()
    for _ in range(2):
        clock.advance(10.0)
        again = Recording(tmp_path, clock).start()
        record(again, 2)
        (aside,) = again.store.files_aside
        assert aside.read_bytes() == spoilt
        assert aside.name.startswith("history.damaged-2023")
        assert again.health.notice == (
            f"The history was damaged; what was there is kept in {aside.name}, a new one was begun"
        )
        assert (again.health.error, again.health.stored) == ("", 4)
        again.stop()
    aside.unlink()
    again = Recording(tmp_path, clock).start()
    again.tick()
    assert again.health.notice == ""
    again.stop()


def test_a_file_that_is_found_damaged_while_running_is_put_aside_too(recording: Recording) -> None:
    record(recording, 30)
    with closing(sqlite3.connect(recording.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with recording.path.open("r+b") as file:
        size = recording.path.stat().st_size
        for page in range(1, size // 4096):
            file.seek(4096 * page)
            file.write(b"\xff" * 4096)
    recording.pragma("shrink_memory")
    recording.tick()
    record(recording, 4)
    assert len(recording.store.files_aside) == 1
    assert recording.health.error == ""
    assert recording.health.queued == 0
    assert recording.ask("B", 4.0).gaps == ()


def test_a_file_of_another_program_is_left_alone(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / NEWEST
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
        connection.commit()
    before = path.read_bytes()
    recording = Recording(tmp_path, clock).start()
    record(recording, 2)
    assert "belongs to another program" in recording.health.error
    assert recording.health.queued == 4
    recording.stop()
    assert recording.health.dropped == {"recorder stopped": 4}
    assert path.read_bytes() == before
    assert recording.store.files_aside == ()


def test_the_audit_is_no_history(tmp_path: Path, clock: ManualClock) -> None:
    open_database(tmp_path / NEWEST).dispose()
    recording = Recording(tmp_path, clock).start()
    record(recording, 1)
    assert "install that version" in recording.health.error
    recording.stop()


@pytest.mark.parametrize(
    "change", ["body = zeroblob(40)", "crc = crc + 1", "n = n + 1", "codec = 9", "t0_us = t0_us + 1"]
)
def test_a_frame_that_cannot_be_read_is_named_and_shown_as_a_gap(
    tmp_path: Path, clock: ManualClock, change: str
) -> None:
    recording = Recording(tmp_path, clock).start()
    record(recording, 6)
    recording.stop()
    with closing(sqlite3.connect(recording.path)) as connection:
        connection.execute(f"UPDATE hist_frame SET {change} WHERE seq = 3")
        connection.commit()
    again = Recording(tmp_path, clock).start()
    again.tick(0.0)
    answer = again.ask("B", 6.0, pixels=6)
    assert answer.first.tolist()[:2] == [0.0, 1.0]
    assert answer.first.tolist()[3:] == [3.0, 4.0, 5.0]
    (gap,) = [gap for gap in answer.gaps if gap.end_us < clock.wall_us()]
    assert gap.quality == NO_DATA
    again.tick()
    assert again.health.notice == "1 frames of the history can't be read; they are shown as gaps"
    again.stop()


def test_a_commit_that_failed_and_yet_took_place_stores_nothing_twice(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(recording, 2)
    engine = recording.store.place().engine
    commit = engine.dialect.do_commit

    def commit_and_fail(connection: sqlite3.Connection) -> None:
        commit(connection)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(engine.dialect, "do_commit", commit_and_fail)
        record(recording, 1)
    assert "disk I/O error" in recording.health.error
    record(recording, 1)
    assert recording.health.error == ""
    assert stored_on_disk(recording) == recording.health.stored == 8
