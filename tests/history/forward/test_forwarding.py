"""Frames reach a server once, in order, and are let go of: in good times, and after a restart."""

from pathlib import Path

import numpy as np

from history.store.spooled import FrameRow, Spooled, read_frames
from tests.fakes.clock import ManualClock
from tests.fakes.spooling import Spooling, ask, frames_there


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
