"""History as part of a running station: recorded without being asked, there after a restart, never in the way."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from database.errors import DatabaseError
from history import packing
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from history.store.part_files import NEWEST
from plant_models.quality import Quality
from tests.fakes.kept_history import NOVEMBER, closed
from tests.fakes.running_station import RunningStation
from tests.fakes.spoiling import garble_pages
from tests.fakes.waiting import wait_until

SECOND = 1_000_000


def ask(running: RunningStation, tag: str, back_s: int) -> HistorySeries:
    now_us = running.clock.wall_us()
    return asyncio.run(running.station.history(HistoryQuery((tag,), now_us - back_s * SECOND, now_us, 1)))[0]


def all_stored(running: RunningStation) -> bool:
    health = running.station.health.history
    return health.received == health.stored > 0


def test_what_the_station_applies_is_recorded(running: RunningStation) -> None:
    running.put({"LEVEL": 2.0})
    running.put({"LEVEL": 2.0}, Quality.BAD_SENSOR_FAILURE)
    running.clock.advance(1.0)
    wait_until(lambda: all_stored(running))
    health = running.station.health.history
    assert health.received == 4  # LEVEL and LEVEL_PCT, which is calculated from it
    assert (health.queued, health.dropped, health.error, health.notice) == (0, {}, "", "")
    assert ask(running, "LEVEL_PCT", 1).gaps[-1].quality == Quality.BAD_SENSOR_FAILURE


def test_history_outlives_the_station_and_names_the_time_between(running: RunningStation) -> None:
    running.put({"LEVEL": 2.0})
    running.clock.advance(1.0)
    wait_until(lambda: all_stored(running))
    running.stop()
    again = RunningStation(running.folder)
    again.clock.advance(61.0)
    again.start()
    again.put({"LEVEL": 3.0})
    again.clock.advance(1.0)
    wait_until(lambda: all_stored(again))
    level = ask(again, "LEVEL", 62)
    assert (level.first[0], level.last[0]) == (2.0, 3.0)
    (gap,) = level.gaps
    now_us = again.clock.wall_us()
    assert (gap.end_us, gap.quality) == (now_us - SECOND, NO_DATA)
    assert gap.start_us <= now_us - 60 * SECOND
    again.stop()


def test_without_its_file_everything_is_watched_and_the_reason_told(tmp_path: Path) -> None:
    (tmp_path / NEWEST).mkdir()
    running = RunningStation(tmp_path)
    running.start()
    running.put({"LEVEL": 2.0})
    wait_until(lambda: running.station.health.history.error)
    assert "can't be opened" in running.station.health.history.error
    running.clock.advance(1.0)
    wait_until(lambda: ask(running, "LEVEL", 1).gaps == ())
    assert running.station.table.sample("LEVEL").value == 2.0
    running.stop()


def test_a_history_that_cannot_be_read_says_so(running: RunningStation) -> None:
    running.put({"LEVEL": 2.0})
    running.clock.advance(1.0)
    wait_until(lambda: all_stored(running))
    with closing(sqlite3.connect(running.folder / NEWEST)) as connection:
        connection.execute("DROP TABLE hist_frame")
    with pytest.raises(DatabaseError, match="has lost its tables"):
        ask(running, "LEVEL", 1)


def test_a_station_that_does_not_run_has_no_history_to_give(tmp_path: Path) -> None:
    running = RunningStation(tmp_path / "data")
    with pytest.raises(DatabaseError, match="The station is not running"):
        ask(running, "LEVEL", 1)
    assert not (tmp_path / "data").exists()


def test_a_gap_is_exact_on_both_sides(running: RunningStation) -> None:
    running.put({"LEVEL": 2.0})
    running.clock.advance(2.0)
    running.put({"LEVEL": 2.0}, Quality.BAD_NO_COMMUNICATION)
    lost_us = running.clock.wall_us()
    running.clock.advance(3.0)
    running.put({"LEVEL": 2.0})
    running.clock.advance(1.0)
    wait_until(lambda: all_stored(running))
    assert ask(running, "LEVEL", 6).gaps == (Gap(lost_us, lost_us + 3 * SECOND, Quality.BAD_NO_COMMUNICATION),)


def test_a_damaged_month_is_told_and_keeps_nobody_from_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "REST_S", 0.05)
    closed(tmp_path)
    garble_pages(tmp_path / NOVEMBER)
    running = RunningStation(tmp_path)
    running.start()
    try:
        running.put({"LEVEL": 2.0})
        running.clock.advance(1.0)
        wait_until(lambda: all_stored(running))
        wait_until(lambda: NOVEMBER in running.station.health.history.notice, what="the notice")
        series = ask(running, "LEVEL", 7200)
        assert series.last[0] == 2.0
        assert series.gaps[0].quality == NO_DATA
    finally:
        running.stop()
