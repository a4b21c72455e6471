"""Either end went back in time, or was emptied: it is told, and history goes on from what is there."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from history.store.part_files import NEWEST
from history.store.spooled import FrameRow
from tests.fakes.clock import ManualClock
from tests.fakes.spooling import Spooling, ask, frames_there


def run(folder: Path, clock: ManualClock, address: str, seconds: int) -> Spooling:
    """Record and send some seconds, and stop."""
    station = Spooling(folder, clock, address).start()
    station.record(seconds)
    station.send()
    station.stop()
    return station


def samples_there(address: str) -> int:
    return int(ask(address, "SELECT sum(n) FROM hist_frame")[0][0])


def test_after_a_restart_it_goes_on_where_the_server_stands(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    run(tmp_path, clock, pg_database, 3)
    clock.advance(30)
    again = Spooling(tmp_path, clock, pg_database).start()
    again.record(2)
    again.send()
    there = frames_there(pg_database)
    assert [seq for seq, _ in there] == list(range(1, len(there) + 1))
    assert there == again.frames("seq, n")
    assert again.forwarding.notice == ""
    assert again.spool.sent == sum(n for seq, n in there if seq > 3)
    again.stop()


def test_what_the_server_has_is_let_go_of_but_for_the_last_minutes_and_the_newest_frame(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(130, step_s=10.0)
    station.send()
    kept = [seq for (seq,) in station.frames("seq")]
    assert kept[-1] == 130
    assert 60 <= len(kept) <= 62  # ten minutes
    first_us = clock.wall_us() - 1_300_000_000
    assert station.ask("A", 600.0, pixels=60).gaps == ()
    assert first_us < clock.wall_us()
    station.record(1)
    station.send()
    station.stop()
    clock.advance(3_600)
    later = Spooling(tmp_path, clock, pg_database).start()
    later.record(61)
    later.send()
    assert later.forwarding.notice == ""
    assert len(later.frames()) <= 63
    assert [seq for seq, _ in frames_there(pg_database)] == list(range(1, later.frames("seq")[-1][0] + 1))
    later.stop()


def test_a_server_that_was_set_back_is_told_of_and_gets_again_what_is_here(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(130, step_s=10.0)
    station.send()
    ask(pg_database, "DELETE FROM hist_frame WHERE seq > 20")
    ask(pg_database, "UPDATE hist_received SET last_seq = 20")
    station.record(1)
    station.send()
    first = station.frames("seq")[0][0]
    words = f"was set back: of the frames 21 to 130, which it had, {first - 21} are no longer here"
    assert words in station.forwarding.notice
    seqs = [seq for seq, _ in frames_there(pg_database)]
    assert seqs == [*range(1, 21), *range(first, 132)]
    assert station.health.queued == station.spool.frames == 0
    station.stop()


def test_frames_that_the_server_has_without_knowing_are_sent_again_and_stand_there_once(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(5)
    station.send()
    ask(pg_database, "UPDATE hist_received SET last_seq = 2")
    station.record(1)
    station.send()
    assert "was set back: of the frames 3 to 5, which it had, 0 are no longer here" in station.forwarding.notice
    assert frames_there(pg_database) == station.frames("seq, n")
    station.stop()


@pytest.mark.parametrize("ending", ["TRUNCATE hist_received", "DROP SCHEMA clearwell CASCADE"])
def test_a_server_that_was_emptied_is_told_of_and_filled_again(
    tmp_path: Path, clock: ManualClock, pg_database: str, ending: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(5)
    station.send()
    ask(pg_database, "TRUNCATE hist_frame, hist_alias")
    ask(pg_database, ending)
    station.record(1)
    station.try_to_send()
    station.send()
    assert "was set back: of the frames 1 to 5, which it had, 0 are no longer here" in station.forwarding.notice
    assert frames_there(pg_database) == station.frames("seq, n")
    assert ask(pg_database, "SELECT count(*) FROM hist_alias") == [(3,)]
    station.stop()


def test_a_server_that_lost_something_while_the_station_was_off_is_told_of(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    run(tmp_path, clock, pg_database, 70)
    ask(pg_database, "DELETE FROM hist_frame WHERE seq > 20")
    ask(pg_database, "UPDATE hist_received SET last_seq = 20")
    again = Spooling(tmp_path, clock, pg_database).start()
    again.send()
    assert "was set back: of the frames 21 to" in again.forwarding.notice
    assert [seq for seq, _ in frames_there(pg_database)] == list(range(1, 72))
    again.stop()


@pytest.mark.parametrize("seconds", [2, 8])
def test_an_older_copy_of_the_data_folder_becomes_a_source_of_its_own(
    tmp_path: Path, clock: ManualClock, pg_database: str, seconds: int
) -> None:
    """Its next frames have numbers that the server knows already: they must not pass for those."""
    run(tmp_path / "a", clock, pg_database, 3)
    shutil.copytree(tmp_path / "a", tmp_path / "copy")
    run(tmp_path / "a", clock, pg_database, 4)
    there = samples_there(pg_database)
    restored = Spooling(tmp_path / "copy", clock, pg_database).start()
    restored.record(seconds)
    restored.send()
    assert "which must be an older copy" in restored.forwarding.notice
    here = sum(n for (n,) in restored.frames())
    assert samples_there(pg_database) == there + here
    assert ask(pg_database, "SELECT count(*) FROM hist_source") == [(2,)]
    assert restored.spool.frames == 0
    restored.record(1)
    restored.send()
    assert samples_there(pg_database) == there + here + 3
    restored.stop()


@pytest.mark.parametrize("change", ["body = zeroblob(40)", "crc = crc + 1", "n = n + 1", "codec = 9"])
def test_a_broken_frame_goes_as_it_is_and_is_broken_there_too(
    tmp_path: Path, clock: ManualClock, pg_database: str, change: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(4)
    spoil(station, f"{change} WHERE seq = 2")
    station.forwarding.spool._engine = None  # as after a new start, when it is counted anew
    station.send()
    assert [seq for seq, _ in frames_there(pg_database)] == [1, 2, 3, 4]
    assert [frame.error != 0 for frame in all_frames(pg_database)] == [False, True, False, False]
    station.stop()


@pytest.mark.parametrize("change", ["body = 'text'", "n = 5000000000", "codec = 70000", "at_us = 'noon'"])
def test_a_frame_that_no_server_takes_is_put_aside_and_stops_nobody(
    tmp_path: Path, clock: ManualClock, pg_database: str, change: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(4)
    spoil(station, f"{change} WHERE seq = 2")
    station.forwarding.spool._engine = None
    station.send()
    assert [seq for seq, _ in frames_there(pg_database)] == [1, 3, 4]
    assert station.forwarding.notice == "A frame that no server takes was put aside in the data folder"
    with closing(sqlite3.connect(station.path)) as connection:
        assert connection.execute("SELECT what FROM hist_quarantine").fetchall() == [("frame 1/2",)]
    assert station.spool.frames == 0
    station.stop()


def test_a_spool_that_is_found_damaged_is_put_aside_and_a_new_source_begins(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    run(tmp_path, clock, pg_database, 3)
    (tmp_path / NEWEST).write_bytes(b"my shopping list\n" * 1_000)
    again = Spooling(tmp_path, clock, pg_database).start()
    again.record(2)
    again.send()
    assert again.frames("seq, n") == [(1, 3), (2, 3)]
    assert frames_there(pg_database) == [(1, 3), (2, 3), (3, 3), (1, 3), (2, 3)]
    assert "was damaged" in again.health.notice
    again.stop()


def test_a_spool_that_the_forwarder_finds_damaged_is_put_aside_by_the_recorder(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(40)
    with closing(sqlite3.connect(station.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = station.path.stat().st_size
    with station.path.open("r+b") as file:
        for page in range(1, size // 4096):
            file.seek(4096 * page)
            file.write(b"\xff" * 4096)
    station.pragma("shrink_memory")
    station.forwarding.forwarder.turn()
    assert "damaged" in station.forwarding.forwarder.error
    station.record(2)
    station.send()
    assert len(station.store.files_aside) == 1
    assert ask(pg_database, "SELECT sum(n) FROM hist_frame")[0][0] == sum(n for (n,) in station.frames())
    station.stop()


def spoil(station: Spooling, change: str) -> None:
    with closing(sqlite3.connect(station.path)) as connection:
        connection.execute(f"UPDATE hist_frame SET {change}")
        connection.commit()


def all_frames(address: str) -> list[FrameRow]:
    return [FrameRow(*row) for row in ask(address, "SELECT * FROM hist_frame ORDER BY src, seq")]
