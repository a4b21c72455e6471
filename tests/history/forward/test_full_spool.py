"""No room for what waits: told before, thinned before it is dropped, and every sample accounted for."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from database.errors import DatabaseError
from history import reserve
from history.coarse import coarse
from history.columns import Columns
from history.forward import keeper
from history.health import COARSENED, SPOOL_FULL, HistoryHealth
from history.reserve import RESERVE_BYTES
from history.store.spooled import FrameRow, Spooled, read_frames
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.spooling import NOBODY, Spooling, ask, frames_there
from tests.fakes.waiting import wait_until

KB = 1e-6


def columns(*rows: tuple[int, float, int]) -> Columns:
    """Return samples (id, time in s, quality) in this order of arrival."""
    ids, seconds, qualities = (np.array(column) for column in zip(*rows, strict=True))
    times = (seconds * 1_000_000).astype(np.int64)
    return Columns(ids.astype(np.int64), seconds, qualities.astype(np.uint16), times, times, times)


def test_the_last_of_each_minute_and_every_change_of_quality_stay() -> None:
    rows = columns((1, 1, 0), (1, 30, 0), (1, 59, 0), (1, 61, 0), (1, 70, 8), (1, 71, 8), (1, 80, 0), (2, 5, 0))
    assert coarse(rows).tolist() == [True, False, True, False, True, False, True, True]
    assert coarse(rows, {1: 0}).tolist() == [False, False, True, False, True, False, True, True]
    assert coarse(rows, {1: 8}).tolist()[0]


def test_what_was_written_in_the_same_minute_counts_as_of_one_minute() -> None:
    rows = columns((1, 3, 0), (1, 50, 0), (1, 110, 0), (1, 130, 0))
    assert coarse(rows, {1: 0}, 60_000_000).tolist() == [False, True, False, True]


def test_of_equal_times_the_one_that_was_written_last_stays() -> None:
    rows = columns((1, 30, 0), (1, 10, 0), (1, 30, 8), (1, 30, 0))
    assert coarse(rows, {1: 0}).tolist() == [False, False, False, True]
    assert coarse(columns((1, 3, 0)).take(np.zeros(1, np.bool_))).tolist() == []


def sound(station: Spooling) -> HistoryHealth:
    """Return the health, after a look at every row: received = stored + dropped + queued, and stored is on the disk."""
    health = station.health
    assert sum(n for (n,) in station.frames()) == health.stored + health.marks
    assert health.dropped.get(COARSENED, 0) <= station.spool.coarsened
    return health


def fill(station: Spooling, frames: int) -> None:
    """Record a frame each twenty seconds, and let the keeper look each minute."""
    for _ in range(frames // 3):
        station.record(3, step_s=20.0)
        station.forwarding.keeper.step()


def test_people_are_told_before_the_room_is_full_and_when_there_is_room_again(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database, spool_gb=24 * KB).start()
    while station.spool.share < 0.77:
        fill(station, 3)
    assert (station.spool.warning, station.told) == ("", [])
    fill(station, 12)
    (told,) = station.told
    assert "% taken; bring the server back, or raise spool_gb in plant.toml" in told
    assert "the room is full in" in station.spool.warning
    assert station.spool.full_in_s is not None
    assert 0 < station.spool.full_in_s < 7_200
    assert station.spool.since_us == station.frames("at_us")[0][0]
    station.send()
    assert station.told[1:] == ["The room for history that waits for its server is no longer short"]
    assert (station.spool.warning, station.spool.share, station.spool.coarsened) == ("", 0.0, 0)
    station.stop()


def test_a_full_spool_is_thinned_first_and_dropped_only_if_that_is_not_enough(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database, spool_gb=12 * KB).start()
    while not station.spool.coarsened:
        fill(station, 3)
    health = sound(station)
    assert health.dropped == {COARSENED: station.spool.coarsened}
    assert "There is no room left" in station.told[-1]
    assert f"{health.lost} were thinned out, 0 dropped" in station.spool.warning
    while not station.spool.dropped:
        fill(station, 30)
        assert station.spool.share < 1.02
    health = sound(station)
    assert health.dropped == {COARSENED: station.spool.coarsened, SPOOL_FULL: station.spool.dropped}
    assert health.received == health.stored + health.lost
    here = Spooled(station.store).frames(0, 10_000)
    station.send()
    assert station.forwarding.notice == ""
    assert frames_there(pg_database) == [(frame.seq, frame.n) for frame in here]
    assert station.spool.sent == sum(frame.n for frame in here)
    there = [FrameRow(*row) for row in ask(pg_database, "SELECT * FROM hist_frame ORDER BY seq")]
    assert all(frame.t0_us // 3_600_000_000 == frame.t1_us // 3_600_000_000 for frame in there)
    found = read_frames(there)
    keys = np.column_stack([found.ids, found.time_us])
    assert len(np.unique(keys, axis=0)) == len(keys)
    station.stop()


def test_thinned_history_has_a_sample_a_minute_and_shows_when_a_value_was_bad(
    tmp_path: Path, clock: ManualClock
) -> None:
    station = Spooling(tmp_path, clock, spool_gb=12 * KB).start()
    start_us = clock.wall_us()
    fill(station, 30)
    bad_us = clock.wall_us()
    station.put({"A": 5.0}, Quality.BAD_SENSOR_FAILURE)
    station.tick(15.0)
    while not station.spool.coarsened:
        fill(station, 30)
    fill(station, 30)
    found = read_frames(Spooled(station.store).frames(0, 1_000))
    early = found.take((found.ids == 1) & (found.time_us > start_us + 60_000_000) & (found.time_us < bad_us))
    assert np.diff(early.time_us).tolist() == [60_000_000] * 7
    assert bad_us in found.time_us[(found.ids == 1) & (found.qualities == Quality.BAD_SENSOR_FAILURE)]
    sound(station)
    station.stop()


def test_what_an_earlier_run_left_is_thinned_and_dropped_and_counted_too(tmp_path: Path, clock: ManualClock) -> None:
    before = Spooling(tmp_path, clock, spool_gb=1.0).start()
    fill(before, 120)
    before.stop()
    clock.advance(60.0)
    rows = sum(n for (n,) in before.frames())
    again = Spooling(tmp_path, clock, spool_gb=10 * KB).start()
    again.record(2)
    health = again.health
    here = sum(n for (n,) in again.frames())
    lost = sum(health.dropped.values())
    assert again.spool.coarsened
    assert lost == again.spool.coarsened + again.spool.dropped
    assert here == rows + health.marks + health.stored - lost
    assert health.received == health.stored + lost
    again.stop()


def test_a_frame_on_its_way_to_the_server_is_never_thinned_or_dropped(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    station = Spooling(tmp_path, clock, pg_database, spool_gb=10 * KB).start()
    station.record(120, step_s=10.0)
    on_the_way = station.forwarding.spool.batch(0, 50)
    for _ in range(20):
        station.forwarding.keeper.step()
    assert station.spool.dropped
    assert Spooled(station.store).frames(0, 50) == on_the_way
    station.send()
    there = frames_there(pg_database)
    assert there[:50] == [(frame.seq, frame.n) for frame in on_the_way]
    assert sum(n for _, n in there) == station.health.stored
    station.stop()


def test_marks_that_are_lost_are_no_samples(tmp_path: Path, clock: ManualClock) -> None:
    station = Spooling(tmp_path, clock, spool_gb=4 * KB).start()
    station.put({"A": 1.0, "B": 2.0, "C": 3.0})
    for _ in range(150):
        station.clock.advance(60.0)
        station.read_again("A", "B", "C")
        station.tick(5.0)
        station.forwarding.keeper.step()
    health = sound(station)
    assert station.spool.dropped > 30
    assert (health.received, health.stored, health.dropped) == (3, 0, {SPOOL_FULL: 3})
    station.stop()


def test_a_broken_frame_is_neither_thinned_nor_in_the_way(tmp_path: Path, clock: ManualClock) -> None:
    station = Spooling(tmp_path, clock, spool_gb=12 * KB).start()
    fill(station, 45)
    with closing(sqlite3.connect(station.path)) as connection:
        connection.execute("UPDATE hist_frame SET crc = crc + 1 WHERE seq = 10")
        connection.execute("UPDATE hist_frame SET at_us = 'noon' WHERE seq = 40")
        connection.commit()
    while not station.spool.dropped:
        fill(station, 30)
    sound(station)
    assert station.forwarding.keeper.error == ""
    station.stop()


def test_a_disk_that_is_nearly_full_makes_the_spool_give_way_so_that_recording_goes_on(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tuple(f"T{number}" for number in range(300))
    station = Spooling(tmp_path, clock, NOBODY, names=names).start()
    fill(station, 120)
    monkeypatch.setattr(reserve, "free_bytes", lambda _: RESERVE_BYTES // 2)
    monkeypatch.setattr(reserve, "INSIDE_BYTES", 30_000)
    monkeypatch.setattr(keeper, "INSIDE_BYTES", 30_000)
    station.record(1)
    assert "the disk is full but for 64 MB" in station.health.error
    assert station.spool.coarsened
    for _ in range(3):
        station.record(1)
        station.forwarding.keeper.step()
    health = sound(station)
    assert (health.error, health.queued) == ("", 0)
    assert "There is no room left" in station.told[0]
    station.stop()


def test_a_file_that_cannot_grow_makes_the_spool_give_way(tmp_path: Path, clock: ManualClock) -> None:
    names = tuple(f"T{number}" for number in range(300))
    station = Spooling(tmp_path, clock, NOBODY, names=names).start()
    fill(station, 120)
    with closing(sqlite3.connect(station.path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    station.pragma(f"max_page_count = {pages}")
    for _ in range(20):
        station.record(1)
        station.forwarding.keeper.step()
    health = sound(station)
    assert station.spool.coarsened
    assert (health.error, health.queued) == ("", 0)
    station.stop()


def test_the_keeper_outlives_what_goes_wrong_and_says_so(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise errors.pop() if errors else DatabaseError("the file is away")

    errors: list[Exception] = [ZeroDivisionError("a bug")]
    station = Spooling(tmp_path, clock).start()
    monkeypatch.setattr(keeper, "PAUSE_S", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(station.forwarding.spool, "measure", fail)
        station.forwarding.keeper.start()
        wait_until(lambda: station.forwarding.keeper.error == "the file is away", what="the words")
    wait_until(lambda: not station.forwarding.keeper.error, what="an end of it")
    assert station.forwarding.keeper.stop()
    station.stop()
