"""Frames reach a server once, in order, and are let go of: in good times, and after a restart."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from history.forward import shipment
from history.store.spooled import FrameRow, Spooled, read_frames
from tests.fakes.clock import ManualClock
from tests.fakes.spooling import Spooling, ask, frames_there
from tests.fakes.waiting import wait_until


def test_frames_arrive_once_and_in_order_with_the_names_of_their_tags(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(3)
    station.send()
    station.record(2)
    station.send()
    assert frames_there(pg_database) == station.frames("seq, n") == [(seq, 3) for seq in range(1, 6)]
    assert ask(pg_database, "SELECT last_seq FROM hist_received") == [(5,)]
    query = "SELECT local, name FROM hist_alias JOIN hist_tag ON hist_tag.id = tag ORDER BY local"
    assert ask(pg_database, query) == [(1, "A"), (2, "B"), (3, "C")]
    health = station.health
    assert (health.received, health.stored, station.spool.sent, station.spool.frames) == (15, 15, 15, 0)
    station.stop()


def test_what_arrives_is_what_was_recorded_to_the_bit(tmp_path: Path, clock: ManualClock, pg_database: str) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.put({"A": float("nan"), "B": -0.0, "C": 5e-324})
    station.tick()
    station.record(2)
    other = Spooling(tmp_path / "other", clock, pg_database)
    ask_first = Spooled(station.store).frames(0, 10)
    station.send()
    rows = [FrameRow(*row) for row in ask(pg_database, "SELECT * FROM hist_frame ORDER BY seq")]
    ours, theirs = read_frames(ask_first), read_frames(rows)
    for name in ("ids", "qualities", "time_us", "source_us", "received_us"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name))
    assert ours.values.tobytes() == theirs.values.tobytes()
    station.stop()
    other.start()
    other.record(2)
    other.send()
    assert frames_there(pg_database) == [(1, 3), (2, 3), (3, 3), (1, 3), (2, 3)]
    rows = [FrameRow(*row) for row in ask(pg_database, "SELECT * FROM hist_frame WHERE src = 2")]
    assert len(read_frames(rows)) == 6
    other.stop()


def test_a_frame_is_sent_only_when_the_recorder_knows_that_it_stands(
    tmp_path: Path, clock: ManualClock, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a commit that failed and yet took place, the recorder writes that frame anew, with more in it."""
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(2)
    station.send()
    dialect = station.store.place().engine.dialect
    commit = dialect.do_commit

    def commit_and_fail(connection: sqlite3.Connection) -> None:
        commit(connection)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", commit_and_fail)
        station.record(1)
    assert station.frames("seq, n")[-1] == (3, 3)
    station.send()
    assert frames_there(pg_database) == [(1, 3), (2, 3)]
    station.record(1)
    station.send()
    assert frames_there(pg_database) == [(1, 3), (2, 3), (3, 6)]
    station.stop()


def test_large_frames_go_in_several_transactions(
    tmp_path: Path, clock: ManualClock, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipment, "BYTES", 300)
    station = Spooling(tmp_path, clock, pg_database).start()
    station.record(20)
    station.send()
    assert frames_there(pg_database) == station.frames("seq, n")
    frames = Spooled(station.store).frames(0, 20)
    assert len(shipment.fitting(frames)) == 300 // len(frames[0].body)
    monkeypatch.setattr(shipment, "BYTES", 1)
    assert shipment.fitting(frames) == frames[:1]
    station.stop()


def test_the_threads_send_by_themselves(tmp_path: Path, clock: ManualClock, pg_database: str) -> None:
    station = Spooling(tmp_path, clock, pg_database).start()
    station.forwarding.start()
    station.record(3)
    wait_until(lambda: station.spool.sent == 9, what="all samples there")
    assert station.forwarding.stop()
    assert not station.forwarding.writer.is_writer
    station.stop()
