"""A station whose history goes to a server: it starts and stops without it, and brings everything when it is there."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alarms.journal_query import JournalQuery
from plant_models.history_settings import HistorySettings
from plant_models.paths import RESOURCES
from tests.fakes.running_station import RunningStation
from tests.fakes.spooling import NOBODY, ask
from tests.fakes.waiting import wait_until


@contextmanager
def running_with(folder: Path, address: str, spool_gb: float = 10.0) -> Iterator[RunningStation]:
    running = RunningStation(folder, history=HistorySettings(database=address, spool_gb=spool_gb))
    running.start()
    yield running
    running.stop()


def test_values_journal_and_audit_reach_the_server(tmp_path: Path, pg_database: str) -> None:
    with running_with(tmp_path, pg_database) as running:
        running.put({"LEVEL": 2.0})
        running.clock.advance(1.0)
        wait_until(lambda: (spool := running.station.health.history.spool) and spool.sent >= 2, what="samples there")
        wait_until(lambda: ask(pg_database, "SELECT kind FROM audit") == [("start",)], what="the audit there")
        assert running.station.health.history.notice == ""
    names = ask(pg_database, "SELECT name FROM hist_tag WHERE name = 'LEVEL'")
    assert names == [("LEVEL",)]


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
