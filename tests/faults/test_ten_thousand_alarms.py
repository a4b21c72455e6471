"""Ten thousand alarms within seconds, then all of them over: each is in the journal once, and the flood is told."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alarms.store.verify import verify_journal
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from tests.fakes.running_station import RunningStation
from tests.fakes.waiting import wait_until

FLOOD, SLICE = 10_000, 500


def test_none_is_missing_none_comes_twice_and_the_flood_is_told_from_the_eleventh_on(tmp_path: Path) -> None:
    alarms = tuple(
        AlarmDefinition(tag=f"F{number}", kind=AlarmKind.HIGH, limit=10.0, priority=1 if number == 5_000 else 3)
        for number in range(FLOOD)
    )
    running = RunningStation(tmp_path, alarms=alarms, floods=FLOOD)
    running.start()
    try:
        running.put(dict.fromkeys((f"F{number}" for number in range(10)), 50.0))
        wait_until(lambda: running.station.alarm_loads[0].last_10_min == 10)
        assert not running.station.alarm_loads[0].is_flood
        running.put({"F10": 50.0})
        wait_until(lambda: running.station.alarm_loads[0].is_flood)
        for start in range(0, FLOOD, SLICE):
            running.put({f"F{number}": 50.0 for number in range(start, start + SLICE)})
        running.clock.advance(1.0)
        wait_until(lambda: len(running.station.alarms.rows) == FLOOD, what="every alarm")
        assert running.station.alarms.rows[0].name == "F5000.H"
        wait_until(lambda: running.station.health.journal.written == FLOOD, 60.0, what="every row on the disk")
        for start in range(0, FLOOD, SLICE):
            running.put({f"F{number}": 1.0 for number in range(start, start + SLICE)})
        wait_until(lambda: running.station.health.journal.written == 2 * FLOOD, 60.0, what="every return on the disk")
        running.clock.advance(1.0)
        wait_until(lambda: not any(row.state.is_active for row in running.station.alarms.rows), what="all are over")
        assert len(running.station.alarms.rows) == FLOOD
        health = running.station.health
        assert (health.journal.dropped, health.queue.dropped) == (0, 0)
    finally:
        running.stop()
    path = tmp_path / "station.sqlite"
    assert (verify_journal(path).rows, verify_journal(path).bad) == (2 * FLOOD, None)
    with closing(sqlite3.connect(path)) as connection:
        raised = connection.execute("SELECT event, count(*), count(DISTINCT alarm) FROM journal GROUP BY event")
        assert sorted(raised) == [("ALM", FLOOD, FLOOD), ("RTN", FLOOD, FLOOD)]
        (first, last, count) = connection.execute("SELECT min(seq), max(seq), count(*) FROM journal").fetchone()
    assert (first, last, count) == (1, 2 * FLOOD, 2 * FLOOD)
