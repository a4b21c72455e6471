"""A journal that can't be read at the start: alarms begin without it, and take up what was when it can be read."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from alarms.acknowledgement import AlarmSeen
from alarms.engine import AlarmEngine
from alarms.entry import JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.journal_query import JournalQuery, JournalRow
from alarms.journal_thread import UNREADABLE_TRIES
from alarms.snapshot import AlarmRow
from alarms.store.journal import Journal
from alarms.store.verify import verify_journal
from alarms.system_alarms import JOURNAL, MEMORY
from database.errors import DatabaseError
from plant_models.batch import Batch
from plant_models.plant import Plant
from station import alarms as station_alarms
from tests.fakes.locked_database import locked_whole
from tests.fakes.running_station import OPERATOR, SUPERVISOR, RunningStation
from tests.fakes.waiting import wait_until

DATABASE = "station.sqlite"
LEVEL, FAULT = "LEVEL.H", "P1.FLT.state"
RETRY = "alarms.journal_thread.RETRY_S"


def row(running: RunningStation, name: str) -> AlarmRow:
    return next(row for row in running.station.alarms.rows if row.name == name)


def states(running: RunningStation) -> dict[str, str]:
    rows = running.station.alarms.rows
    return {row.name: row.state.value for row in rows if row.name not in (MEMORY, JOURNAL, "station.audit")}


def do(running: RunningStation, name: str, act: AlarmAct | None = None, occurrence: int | None = None) -> str:
    """Acknowledge an alarm or do something else with it; return why not, or what is wrong with the disk."""
    now = next((row for row in running.station.alarms.rows if row.name == name), None)
    priority = running.station.alarms.configured[name].definition.priority
    seen = AlarmSeen(name, now.occurrence if now else 0, priority)
    if act is None:
        results = asyncio.run(running.station.acknowledge([seen], OPERATOR, "on my way"))
    else:
        more = (
            {"minutes": 60.0}
            if act is AlarmAct.SHELVE
            else {"work_order": "W1", "review_us": running.clock.wall_us() + 86_400_000_000}
        )
        request = AlarmRequest(act=act, seen=(seen,), comment="why", **more)  # type: ignore[arg-type]
        results = asyncio.run(running.station.handle_alarms(request, SUPERVISOR))
    return results[0].message


def rows_of(running: RunningStation, name: str) -> list[JournalRow]:
    page = asyncio.run(running.station.journal(JournalQuery(limit=1000)))
    return [row for row in reversed(page.rows) if row.alarm == name]


def check_chain(running: RunningStation) -> None:
    """Each row begins where the one before it of its alarm ended, and the newest one says how it stands."""
    live = {row.name: (row.state.value, row.occurrence, row.count, row.acked_by) for row in running.station.alarms.rows}
    for name in (LEVEL, FAULT):
        rows = rows_of(running, name)
        assert [row.from_state for row in rows] == ["NORM", *(row.to_state for row in rows[:-1])]
        state, occurrence, count, _ = live.get(name, ("NORM", rows[-1].occurrence, rows[-1].count, ""))
        assert (rows[-1].to_state, rows[-1].occurrence, rows[-1].count) == (state, occurrence, count)
    assert verify_journal(running.folder / DATABASE).bad is None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A level that is too high and acknowledged, and a fault that is shelved."""
    monkeypatch.setattr(RETRY, 0.05)
    first = RunningStation(tmp_path)
    first.start()
    first.put({"LEVEL": 9.0, "P1.FLT": 1})
    assert (do(first, LEVEL), do(first, FAULT, AlarmAct.SHELVE)) == ("", "")
    first.stop()
    return tmp_path


@contextmanager
def started_blind(folder: Path, values: dict[str, float]) -> Iterator[RunningStation]:
    """A station that is started while the journal can't be read, with these values."""
    running = RunningStation(folder)
    with locked_whole(folder):
        running.start()
        running.put(values)
        yield running


def wait(running: RunningStation, seconds: int) -> None:
    """Let time pass while the plant is read, and the station thread see it."""
    for _ in range(seconds):
        running.clock.advance(1)
        running.put({"LEVEL": 9.5, "P1.FLT": 1})
        rounds = running.station._thread.rounds
        wait_until(lambda rounds=rounds: running.station._thread.rounds > rounds + 1)  # type: ignore[misc]


def known(running: RunningStation) -> None:
    """Wait until what was is known, and on the disk with what happened since."""
    wait_until(lambda: not running.station.health.journal.unread)
    wait_until(lambda: not running.station.health.journal.depth)


def test_what_was_is_taken_up_when_the_lock_ends_and_nothing_is_there_twice(folder: Path) -> None:
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        assert states(running) == {LEVEL: "UNACK", FAULT: "UNACK"}
        assert "locked" in running.station.health.journal.unread
        wait(running, 12)
        assert row(running, MEMORY).state.value == "UNACK"
        seen = row(running, LEVEL)
    try:
        known(running)
        assert states(running) == {LEVEL: "ACKED", FAULT: "SHLVD"}
        level = row(running, LEVEL)
        assert (level.acked_by, level.count, level.occurrence) == ("ada", 1, seen.occurrence)
        assert level.trip_value == 9.0
        assert level.active_us <= seen.active_us
        assert row(running, FAULT).aside_by == "eve"
        assert [each.event for each in rows_of(running, LEVEL)] == ["ALM", "ACK", "UNREAD", "ALM", "RECALL"]
        check_chain(running)
        wait(running, 2)
        assert row(running, MEMORY).state.value == "RTNUN"
    finally:
        running.stop()
    again = RunningStation(folder)
    again.start()
    try:
        assert states(again) == {LEVEL: "ACKED", FAULT: "SHLVD"}
    finally:
        again.stop()


def test_what_people_did_meanwhile_counts_more(folder: Path) -> None:
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        assert do(running, LEVEL, AlarmAct.OUT_OF_SERVICE).startswith("It is done, but not recorded yet")
        assert do(running, FAULT).startswith("It is acknowledged, but not recorded yet")
    try:
        known(running)
        assert states(running) == {LEVEL: "OOSRV", FAULT: "SHLVD"}
        assert row(running, LEVEL).aside_by == "eve"
        assert row(running, FAULT).acked_by == "ada"
        assert do(running, FAULT, AlarmAct.UNSHELVE) == ""
        check_chain(running)
    finally:
        running.stop()


def test_what_returned_meanwhile_has_returned_and_was_acknowledged(folder: Path) -> None:
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 0}) as running:
        running.put({"LEVEL": 1.0})
        assert states(running) == {LEVEL: "RTNUN"}
    try:
        known(running)
        assert states(running) == {FAULT: "SHLVD"}
        assert [each.event for each in rows_of(running, FAULT)] == ["ALM", "SHELVE", "RTN"]
        check_chain(running)
    finally:
        running.stop()


def test_a_station_thread_that_holds_the_alarms_delays_it_and_no_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_alarms, "LOCK_S", 0.01)
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        running.station._alarms._lock.acquire()
    alarms, tries = running.station._alarms, []
    engine_of = alarms._engine_of

    def counted(plant: Plant) -> AlarmEngine:
        tries.append(plant)
        return engine_of(plant)

    monkeypatch.setattr(alarms, "_engine_of", counted)
    wait_until(lambda: len(tries) > 2 * UNREADABLE_TRIES)
    assert running.station.health.journal.unread == "Alarms are not evaluated"
    running.station._alarms._lock.release()
    try:
        known(running)
        assert states(running) == {LEVEL: "ACKED", FAULT: "SHLVD"}
    finally:
        running.stop()


def test_alarms_that_are_changed_in_the_same_moment_delay_it_and_no_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        alarms, changed = running.station._alarms, []
        engine_of = alarms._engine_of

        def changing(plant: Plant) -> AlarmEngine:
            if threading.current_thread().name == "journal" and not changed:
                changed.append(replace(plant, name=f"{plant.name} changed"))
                alarms.use(changed[0], SUPERVISOR, "a new pump")
            return engine_of(plant)

        monkeypatch.setattr(alarms, "_engine_of", changing)
    try:
        known(running)
        assert alarms._plant is changed[0]
        assert states(running) == {LEVEL: "ACKED", FAULT: "SHLVD"}
        check_chain(running)
    finally:
        running.stop()


def test_a_first_try_that_fails_leaves_nothing_that_is_there_twice_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = JournalEntry(
        at_us=1, mono_ns=0, event="ALM", alarm="PLC:7", kind="device", priority=1, from_state="NORM",
        to_state="UNACK", bits=1, occurrence=5, count=1,
    )  # fmt: skip
    first = RunningStation(folder)
    first.start()
    thread = first.station._journal_thread
    assert thread.wait_written(thread.offer([told]), 20) == ""
    first.stop()
    failures: list[str] = []
    evaluate = AlarmEngine.evaluate

    def failing_once(engine: AlarmEngine, batch: Batch, at: Moment) -> list[JournalEntry]:
        if threading.current_thread().name == "journal" and not failures:
            failures.append("once")
            raise OverflowError("once")
        return evaluate(engine, batch, at)

    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        monkeypatch.setattr(running.station._alarms._of_devices, "_devices", {"PLC": "a PLC that tells of alarms"})
        monkeypatch.setattr(AlarmEngine, "evaluate", failing_once)
    try:
        known(running)
        assert failures == ["once"]
        names = [each.name for each in running.station.alarms.rows]
        assert sorted(names) == sorted({LEVEL, FAULT, "PLC:7"})
        check_chain(running)
    finally:
        running.stop()


def test_what_can_be_read_only_at_the_end_is_known_at_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RETRY, 60.0)
    with started_blind(folder, {"LEVEL": 9.5, "P1.FLT": 1}) as running:
        wait_until(lambda: bool(running.station.health.journal.error))
    running.stop()
    again = RunningStation(folder)
    again.start()
    try:
        assert states(again) == {LEVEL: "ACKED", FAULT: "SHLVD"}
        check_chain(again)
    finally:
        again.stop()


class Counted:
    """Counts how often the journal is read, and lets that fail if `error` is given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: DatabaseError | None = None) -> None:
        self.tries = 0
        newest = Journal.newest

        def counted(journal: Journal) -> list[JournalEntry]:
            self.tries += 1
            if error is not None:
                raise error
            return newest(journal)

        monkeypatch.setattr(Journal, "newest", counted)


def test_a_damaged_journal_is_told_of_and_seldom_read_again_while_alarms_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_first_rows(folder)
    counted = Counted(monkeypatch)
    running = RunningStation(folder)
    running.start()
    try:
        running.put({"LEVEL": 9.5, "P1.FLT": 1})
        wait_until(lambda: counted.tries == 2)
        assert "damaged" in running.station.health.journal.unread
        wait(running, 12)
        assert row(running, MEMORY).state.value == "UNACK"
        assert "damaged" in do(running, LEVEL)
        assert states(running) == {LEVEL: "ACKED", FAULT: "UNACK"}
        assert counted.tries == 2
    finally:
        running.stop()


def test_a_journal_that_can_only_be_written_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch, DatabaseError("{file} gave an error: no such index", file="x"))
    running = RunningStation(folder)
    running.start()
    try:
        running.put({"LEVEL": 9.5, "P1.FLT": 1})
        wait_until(lambda: running.station.health.journal.written == 2)
        assert "no such index" in running.station.health.journal.unread
        assert do(running, LEVEL) == ""
        assert counted.tries == UNREADABLE_TRIES + 1
        running.put({"LEVEL": 1.0})
        assert running.station._alarms._meanwhile is None  # nothing is counted that nobody will ask for
    finally:
        running.stop()


def spoil_first_rows(folder: Path) -> None:
    """Overwrite the oldest rows of the journal, after so many more that new ones are written elsewhere."""
    station = RunningStation(folder)
    station.start()
    more = [JournalEntry(at_us=number, mono_ns=0, event="ROOM", comment="x" * 500) for number in range(300)]
    station.station._journal_thread.wait_written(station.station._journal_thread.offer(more), 20)
    station.stop()
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = database.execute("PRAGMA page_size").fetchone()
        query = "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' ORDER BY path LIMIT 1"
        (page,) = database.execute(query).fetchone()
    with (folder / DATABASE).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
