"""A station whose history goes to a server: it starts and stops without it, and brings everything when it is there."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alarms.journal_query import JournalQuery
from history.queries.samples import SampleQuery
from plant_models.history_settings import HistorySettings
from plant_models.paths import RESOURCES
from plant_models.quality import good_mask
from tests.fakes.running_station import RunningStation
from tests.fakes.spooling import NOBODY, ask
from tests.fakes.waiting import wait_until


@contextmanager
def running_with(folder: Path, address: str, spool_gb: float = 10.0) -> Iterator[RunningStation]:
    running = RunningStation(folder, history=HistorySettings(database=address, spool_gb=spool_gb))
    running.start()
    try:
        yield running
    finally:
        running.stop()


def is_written(running: RunningStation) -> bool:
    """Let a second pass, in which a frame is due, and tell whether nothing waits for one."""
    running.clock.advance(1.0)
    return running.station.health.history.queued == 0


def test_values_journal_and_audit_reach_the_server(tmp_path: Path, pg_database: str) -> None:
    with running_with(tmp_path, pg_database) as running:
        running.put({"LEVEL": 2.0})
        running.clock.advance(1.0)
        wait_until(lambda: (spool := running.station.health.history.spool) and spool.sent >= 2, what="samples there")
        wait_until(lambda: ask(pg_database, "SELECT kind FROM audit") == [("start",)], what="the audit there")
        assert running.station.health.history.notice == ""
    names = ask(pg_database, "SELECT name FROM hist_tag WHERE name = 'LEVEL'")
    assert names == [("LEVEL",)]


def test_hours_are_packed_there_and_trends_totals_and_tables_come_from_there(tmp_path: Path, pg_database: str) -> None:
    with running_with(tmp_path, pg_database) as running:
        start_us = running.clock.wall_us()
        for number in range(1, 20):
            before = running.station.health.history.received
            running.put({"LEVEL": 2.0 + number / 10})
            wait_until(lambda before=before: running.station.health.history.received > before, what="a sample")
            running.clock.advance(600.0)
            wait_until(lambda: is_written(running), what="a frame on the disk")
        hours = "SELECT count(*) FROM hist_chunk JOIN hist_tag ON id = tag WHERE name = 'LEVEL'"
        wait_until(lambda: ask(pg_database, hours) >= [(3,)], timeout_s=40, what="packed hours on the server")
        wait_until(lambda: ask(pg_database, "SELECT count(*) FROM hourly_named WHERE name = 'LEVEL'") >= [(3,)])
        query = SampleQuery(("LEVEL",), start_us, running.clock.wall_us())
        (found,) = asyncio.run(running.station.samples(query))
        put = [2.0 + number / 10 for number in range(1, 20)]
        assert sorted(set(found.values[good_mask(found.qualities)].tolist())) == put
        health = running.station.health.history
        assert (health.error, health.notice, health.spool and health.spool.error) == ("", "", "")
        assert health.received == health.stored + sum(health.dropped.values()) + health.queued
    partitions = ask(pg_database, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'hist_chunk'::regclass")
    assert partitions == [(2,)]  # the month, and the one after it


def test_a_dead_server_holds_up_nobody_and_is_told_of(tmp_path: Path) -> None:
    with running_with(tmp_path, NOBODY) as running:
        running.put({"LEVEL": 2.0})
        running.clock.advance(1.0)
        wait_until(lambda: running.station.health.history.stored == 2, what="a frame on the disk")
        spool = running.station.health.history.spool
        assert spool is not None
        wait_until(lambda: "can't be reached" in running.station.health.history.spool.error, what="words")  # type: ignore[union-attr]
        wait_until(lambda: running.station.health.history.spool.frames == 1, what="a frame that waits")  # type: ignore[union-attr]


def test_a_server_that_accepts_and_says_nothing_holds_up_neither_start_nor_stop(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"postgresql://postgres@127.0.0.1:{mute.getsockname()[1]}/nobody"
        with running_with(tmp_path, address) as running:
            running.put({"LEVEL": 2.0})
            running.clock.advance(1.0)
            wait_until(lambda: running.station.health.history.stored == 2, what="a frame on the disk")
        assert not running.station._is_running


def test_a_room_that_gets_short_stands_in_the_journal(tmp_path: Path) -> None:
    with running_with(tmp_path, NOBODY, spool_gb=1e-7) as running:
        running.put({"LEVEL": 2.0})
        running.clock.advance(1.0)
        wait_until(lambda: running.station._journal_thread.health.written == 1, what="a row of the journal")
        page = asyncio.run(running.station.journal(JournalQuery(events=frozenset({"ROOM"}))))
        assert "There is no room left for history that waits for its server" in page.rows[0].comment


def test_a_plant_without_a_server_needs_nothing_of_one(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from tests.fakes.running_station import RunningStation
running = RunningStation(Path({str(tmp_path)!r}))
running.start()
running.stop()
assert "psycopg" not in sys.modules
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=RESOURCES.parent, check=False, timeout=60)
    assert ended.returncode == 0
