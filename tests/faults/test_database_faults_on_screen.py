"""A database is locked, read-only, full or damaged in the middle of a run: told at once in the window, the plant goes
on, nothing is lost, and all is well again without a restart."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from alarms.store.verify import verify_journal
from history.series import HistoryQuery
from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from station.store.verify import verify_folder
from tests.fakes.ordinary_owner import ordinary_owner
from tests.fakes.shift import FLOW_TAG, FORGETTING, UNAUDITED, UNJOURNALLED, Shift, shift
from tests.fakes.spoilt_engine import spoil

Fault = Callable[[Shift, Path], AbstractContextManager[None]]
PUMPS = ("RPS.P1", "RPS.P2", "LPS.P1", "LPS.P2")


@contextmanager
def locked(_: Shift, path: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(_: Shift, path: Path) -> Iterator[None]:
    """Nothing new may be made in the folder: the checkpoints can't be written any more."""
    path.parent.chmod(0o500)
    try:
        yield
    finally:
        path.parent.chmod(0o700)


@contextmanager
def full(shift: Shift, path: Path) -> Iterator[None]:
    """The files have no page to grow by."""
    with closing(sqlite3.connect(path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    station = shift.line.station
    engines = (
        (station._parts.audit._engine, station._journal._engine)
        if path.name == "station.sqlite"
        else (station._history._recorder._store.place().engine,)
    )
    mends = [spoil(engine, f"max_page_count = {pages}", "max_page_count = 1000000") for engine in engines if engine]
    yield
    for mend in mends:
        mend()


@contextmanager
def moved_away(_: Shift, path: Path) -> Iterator[None]:
    aside = path.rename(path.with_name("elsewhere.sqlite"))
    yield
    aside.rename(path)


@pytest.fixture
def night(qapp: QApplication, twin: VirtualPlant, tmp_path: Path) -> Iterator[Shift]:
    with ordinary_owner(), shift(twin, tmp_path) as night:
        yield night


def check_station_fault(night: Shift, path: Path, fault: Fault, words: str, number: int) -> None:
    """Let a fault come and go while a pump trips, a value moves and a command is given."""
    pump, level = PUMPS[number], 20.0 + number
    with fault(night, path):
        night.sees(f"{words} of the audit", lambda: UNAUDITED in night.bars())
        night.sees(f"{words} of the journal", lambda: UNJOURNALLED in night.bars())
        assert night.bars().count(words) == 2, night.bars()
        refused = night.command(level)
        assert (refused.state, night.line.in_plc("RPS.start_sp") == level) == (CommandState.REJECTED, False)
        assert "The command can't be recorded" in refused.message
        night.sees_alarm(pump)
        night.acknowledge(pump)
        night.sees("that it isn't recorded", lambda: "It is acknowledged, but not recorded yet" in night.texts())
        night.sees_live_values(1000.0 + number)
        health = night.line.station.health.journal
        assert health.offered == health.written + health.dropped + health.depth
    night.sees("no bar", lambda: not night.bars())
    night.sees("everything written", lambda: not night.line.station.health.journal.depth)
    assert night.command(level).state is CommandState.VERIFIED


@pytest.mark.timeout(300)
def test_the_audit_and_the_journal_take_nothing(night: Shift, tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite"
    check_station_fault(night, path, locked, "locked by another program", 0)
    check_station_fault(night, path, full, "the disk is full", 1)
    check_station_fault(night, path, read_only, "can't be written: Permission denied", 2)
    check_station_fault(night, path, moved_away, "moved away or replaced", 3)
    assert night.line.station.health.journal.dropped == 0
    night.line.station.stop()
    assert verify_folder(tmp_path).bad is None
    assert (verify_journal(path).bad, verify_journal(path).damages) == (None, ())
    with closing(sqlite3.connect(path)) as connection:
        tripped = connection.execute(
            "SELECT alarm FROM journal WHERE event = 'ALM' AND alarm LIKE '%.P_.FLT.state' ORDER BY seq"
        ).fetchall()
        acked = connection.execute("SELECT alarm FROM journal WHERE event = 'ACK' ORDER BY seq").fetchall()
    assert tripped == acked == [(f"{pump}.FLT.state",) for pump in PUMPS]


@pytest.mark.timeout(300)
def test_the_history_takes_nothing(night: Shift, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    faults = ((locked, "locked by another"), (full, "the disk is full"), (moved_away, "moved away or replaced"))
    night.sees("a file to spoil", lambda: night.line.station.health.history.stored)
    for number, (fault, words) in enumerate(faults, 1):
        with fault(night, path):
            night.sees(words, lambda words=words: FORGETTING in night.bars() and words in night.bars())
            night.sees_live_values(2000.0 + 100.0 * number)
            assert UNAUDITED not in night.bars()
            assert night.command(20.0 + number).state is CommandState.VERIFIED
        night.sees("no bar", lambda: not night.bars())
    assert night.line.station.health.history.lost == 0
    health = night.line.station.health.history
    assert health.received == health.stored + sum(health.dropped.values()) + health.queued
    seen_us = night.line.table.sample(FLOW_TAG).source_us
    night.sees("the last second on disk", lambda: night.line.station.health.history.delay_s < 1.0)
    query = HistoryQuery((FLOW_TAG,), seen_us - 120_000_000, seen_us + 1_000_000, 2000)
    (past,) = night.room.loop.run_until_complete(night.line.station.history(query))
    assert {2100.0, 2200.0, 2300.0} <= set(past.max.tolist())


@pytest.mark.timeout(300)
def test_a_history_that_is_found_damaged_is_kept_aside_and_told_of(night: Shift, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    night.sees("a file to spoil", lambda: night.line.station.health.history.stored)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    night.sees("what became of it", lambda: "The history was damaged; what was there is kept in" in night.bars())
    (aside,) = tmp_path.glob("history.damaged-*.sqlite")
    assert aside.name in night.bars()
    assert b"\xff" * 4096 in aside.read_bytes()
    night.sees_live_values(3001.0)
    assert FORGETTING not in night.bars()
    assert night.line.station.health.history.lost == 0
