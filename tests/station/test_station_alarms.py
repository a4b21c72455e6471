"""Alarms of a running station: its thread hangs or fails, its database fails, a thousand come at once."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.conditions import Conditions
from alarms.engine import AlarmEngine
from alarms.first_out import FirstOut
from alarms.journal_query import JournalQuery
from alarms.states import AlarmState
from alarms.store.verify import verify_journal
from alarms.watchers.suppression import Suppression
from drivers.health import DeviceHealth, LinkState
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.message import Message
from plant_models.quality import Quality
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import OPERATOR, RunningStation
from tests.fakes.spoilt_engine import spoil
from tests.fakes.waiting import wait_until


def acknowledge(running: RunningStation, name: str = "LEVEL.H", comment: str = "", **seen: int) -> AckResult:
    row = next(row for row in running.station.alarms.rows if row.name == name)
    fields = {"occurrence": row.occurrence, "priority": row.priority} | seen
    return asyncio.run(running.station.acknowledge([AlarmSeen(name, **fields)], OPERATOR, comment))[0]


def states(running: RunningStation) -> dict[str, str]:
    return {row.name: row.state.value for row in running.station.alarms.rows}


def events(running: RunningStation) -> list[str]:
    page = asyncio.run(running.station.journal(JournalQuery()))
    return [f"{row.event} {row.alarm}" for row in reversed(page.rows)]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the database."""
    with closing(sqlite3.connect(folder / "station.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_station_thread_that_hangs_is_a_priority_1_row(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.put({"LEVEL": 9.0})
    before = running.station.alarms
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> tuple[DeviceHealth, ...]:
        hangs.set()
        assert goes_on.wait(20)
        return running.pool.health()

    with monkeypatch.context() as patch:
        patch.setattr(running.station._alarms, "_links", SimpleNamespace(health=hang))
        assert hangs.wait(20)
        running.clock.advance(6.0)
        wait_until(lambda: not running.station.alarms.is_evaluated)
    snapshot = running.station.alarms
    first = snapshot.rows[0]
    assert (first.name, first.priority, first.state, first.kind) == ("", 1, AlarmState.UNACK, None)
    assert isinstance(first.text, Message)
    assert snapshot.rows[1:] == before.rows
    assert snapshot.sequence > before.sequence
    assert snapshot.counts[1].unacknowledged == 1
    assert acknowledge(running) == AckResult("LEVEL.H", False, "Alarms are not evaluated")
    goes_on.set()
    wait_until(lambda: running.station.alarms.is_evaluated)
    assert states(running) == {"LEVEL.H": "UNACK"}


def test_an_evaluation_that_fails_is_told_of_and_everything_is_judged_again(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Conditions, "evaluate", fail)
        running.put({"LEVEL": 9.0})
        wait_until(lambda: not running.station.alarms.is_evaluated)
        assert running.station.alarms.rows[0].priority == 1
    wait_until(lambda: running.station.alarms.is_evaluated)
    assert states(running) == {"LEVEL.H": "UNACK"}


def test_what_turned_before_an_error_is_neither_lost_nor_forgotten_by_the_journal(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    running.put({"LEVEL": 1.0, "P1.FLT": 0})
    for part, value in ((Suppression, 9.0), (FirstOut, 1.0)):
        with monkeypatch.context() as patch:
            patch.setattr(part, "evaluate" if part is Suppression else "marks", fail)
            running.put({"LEVEL": value})
            wait_until(lambda: not running.station.alarms.is_evaluated)
        wait_until(lambda: running.station.alarms.is_evaluated)
    assert states(running) == {"LEVEL.H": "RTNUN"}
    wait_until(lambda: events(running) == ["ALM LEVEL.H", "RTN LEVEL.H"])


def test_what_happened_before_an_error_is_in_the_journal(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(AlarmEngine, "pass_time", fail)
        running.put({"LEVEL": 9.0})
        wait_until(lambda: not running.station.alarms.is_evaluated)
        wait_until(lambda: events(running) == ["ALM LEVEL.H"])
    wait_until(lambda: running.station.alarms.is_evaluated)
    assert states(running) == {"LEVEL.H": "UNACK"}
    assert events(running) == ["ALM LEVEL.H"]


def test_a_viewer_does_not_acknowledge(running: RunningStation) -> None:
    running.put({"LEVEL": 9.0})
    viewer = replace(OPERATOR, roles=frozenset({"viewer"}))
    row = running.station.alarms.rows[0]
    seen = AlarmSeen(row.name, row.occurrence, row.priority)
    (result,) = asyncio.run(running.station.acknowledge([seen], viewer))
    assert result == AckResult("LEVEL.H", False, "Only an operator may do this")


def test_a_refused_acknowledgement_stands_in_the_audit_and_not_in_the_journal(running: RunningStation) -> None:
    running.put({"LEVEL": 9.0})
    assert not acknowledge(running, occurrence=1).is_done
    (row,) = audit_rows(running.folder, "acknowledge")
    assert (row["tag"], row["state"], row["user"]) == ("LEVEL.H", "rejected", "ada")
    assert "raised again" in row["message"]
    assert events(running) == ["ALM LEVEL.H"]


def test_a_silent_device_is_one_alarm_and_ends_by_itself(running: RunningStation) -> None:
    running.put({"LEVEL": 9.0, "P1.FLT": 0})
    running.pool.put_link("PLC", LinkState.DOWN)
    running.put({"LEVEL": 9.0, "P1.FLT": 0}, Quality.BAD_NO_COMMUNICATION)
    running.clock.advance(6)
    wait_until(lambda: "PLC.comm" in states(running))
    assert [row.is_masked for row in running.station.alarms.rows if row.name == "LEVEL.H"] == [True]
    running.pool.put_link("PLC", LinkState.CONNECTED)
    running.put({"LEVEL": 1.0, "P1.FLT": 0})
    wait_until(lambda: not any(row.is_masked for row in running.station.alarms.rows))
    running.clock.advance(6)
    wait_until(lambda: states(running) == {"PLC.comm": "RTNUN", "LEVEL.H": "RTNUN"})
    turns = [event for event in events(running) if event.startswith(("ALM", "RTN"))]
    assert turns == ["ALM LEVEL.H", "ALM PLC.comm", "RTN LEVEL.H", "RTN PLC.comm"]


def test_a_device_that_is_only_being_connected_to_is_called_out_in_the_end(running: RunningStation) -> None:
    running.pool.put_link("PLC", LinkState.CONNECTING)
    rounds = running.station._thread.rounds
    wait_until(lambda: running.station._thread.rounds > rounds + 1)
    running.clock.advance(61)
    rounds = running.station._thread.rounds
    wait_until(lambda: running.station._thread.rounds > rounds + 1)
    assert "PLC.comm" not in states(running)
    running.clock.advance(6)
    wait_until(lambda: states(running).get("PLC.comm") == "UNACK")
    (row,) = (row for row in running.station.alarms.rows if row.name == "PLC.comm")
    assert row.priority == 2


def test_a_locked_journal_is_told_of_and_alarms_go_on(running: RunningStation) -> None:
    with locked(running.folder):
        running.put({"LEVEL": 9.0})
        assert states(running) == {"LEVEL.H": "UNACK"}
        result = acknowledge(running)
        assert result.is_done
        assert result.message.startswith("It is acknowledged, but not recorded yet")
        assert "locked by another program" in running.station.health.journal.error
        running.put({"LEVEL": 1.0})
        assert states(running) == {}
        assert running.station.health.journal.depth == 3
    wait_until(lambda: not running.station.health.journal.depth)
    assert running.station.health.journal.error == ""
    assert events(running) == ["ALM LEVEL.H", "ACK LEVEL.H", "RTN LEVEL.H"]
    assert verify_journal(running.folder / "station.sqlite").bad is None


@pytest.mark.parametrize(
    ("spoilt", "mended", "words"),
    [
        ("query_only = ON", "query_only = OFF", "can't be written"),
        ("max_page_count = 1", "max_page_count = 1073741823", "the disk is full"),
    ],
)
def test_a_journal_that_takes_nothing_is_told_of_and_nothing_is_lost(
    running: RunningStation, spoilt: str, mended: str, words: str
) -> None:
    running.put({"LEVEL": 9.0, "P1.FLT": 0})
    wait_until(lambda: not running.station.health.journal.depth)
    engine = running.station._journal._engine
    assert engine is not None
    mend = spoil(engine, spoilt, mended)
    result = acknowledge(running, comment="x" * 100_000)
    assert result.is_done
    assert words in result.message
    assert words in running.station.health.journal.error
    running.put({"LEVEL": 9.0, "P1.FLT": 1})
    assert states(running) == {"LEVEL.H": "ACKED", "P1.FLT.state": "UNACK"}
    health = running.station.health.journal
    assert (health.depth, health.dropped) == (2, 0)
    mend()
    wait_until(lambda: not running.station.health.journal.depth)
    assert events(running) == ["ALM LEVEL.H", "ACK LEVEL.H", "ALM P1.FLT.state"]


def test_a_journal_that_can_not_be_read_at_the_start_is_told_of_and_alarms_go_on(tmp_path: Path) -> None:
    (tmp_path / "station.sqlite").write_text("my shopping list\n" * 100)
    running = RunningStation(tmp_path)
    running.start()
    try:
        running.put({"LEVEL": 9.0})
        assert states(running) == {"LEVEL.H": "UNACK"}
        assert "is not a SQLite database or is damaged" in running.station.health.journal.error
    finally:
        running.stop()
    assert (tmp_path / "station.sqlite").read_text().startswith("my shopping list")


def test_after_a_restart_nothing_is_raised_or_acknowledged_anew(tmp_path: Path) -> None:
    first = RunningStation(tmp_path)
    first.start()
    first.put({"LEVEL": 9.0, "P1.FLT": 1})
    assert acknowledge(first).message == ""
    before = {row.name: (row.occurrence, row.state, row.acked_by, row.active_us) for row in first.station.alarms.rows}
    first.stop()
    assert not first.station.alarms.is_evaluated
    second = RunningStation(tmp_path)
    second.start()
    try:
        after = second.station.alarms.rows
        assert {row.name: (row.occurrence, row.state, row.acked_by, row.active_us) for row in after} == before
        second.put({"LEVEL": 9.5, "P1.FLT": 1})
        assert events(second) == ["ALM LEVEL.H", "ALM P1.FLT.state", "ACK LEVEL.H"]
    finally:
        second.stop()


def test_a_stopped_station_answers_in_words(running: RunningStation) -> None:
    running.put({"LEVEL": 9.0})
    running.stop()
    assert acknowledge(running).message == "The station is not running"
    with pytest.raises(Exception, match="not running"):
        asyncio.run(running.station.journal(JournalQuery()))


def test_a_thousand_alarms_at_once_are_all_journalled_in_their_order(tmp_path: Path) -> None:
    """200 tags with five alarms each trip in ten batches."""
    kinds = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH, AlarmKind.LOW, AlarmKind.LOW_LOW, AlarmKind.STATE)
    definitions = tuple(
        AlarmDefinition(tag=f"F{number}", kind=kind, limit=limit)
        for number in range(200)
        for kind, limit in zip(kinds, (10.0, 20.0, 99.0, 98.0, 50.0), strict=True)
    )
    running = RunningStation(tmp_path, alarms=definitions, floods=200)
    running.start()
    try:
        for start in range(0, 200, 20):
            running.clock.advance(0.25)
            running.put({f"F{number}": 50.0 for number in range(start, start + 20)})
        wait_until(lambda: running.station.health.journal.written == 1000)
        assert len(running.station.alarms.rows) == 1000
        rows = asyncio.run(running.station.journal(JournalQuery(limit=2000))).rows[::-1]
        assert [row.seq for row in rows] == list(range(1, 1001))
        assert [row.alarm for row in rows] == [definition.name for definition in definitions]
        assert [row.at_us for row in rows] == sorted(row.at_us for row in rows)
        assert running.station.health.journal.dropped == 0
    finally:
        running.stop()
    assert verify_journal(tmp_path / "station.sqlite").rows == 1000


def test_the_present_deviation_is_known_while_it_is_in_the_list_and_evaluated(tmp_path: Path) -> None:
    deviation = AlarmDefinition(tag="LEVEL", kind=AlarmKind.DEVIATION, reference="P1.SPEED_SP", limit=2.0)
    running = RunningStation(tmp_path, (deviation,))
    running.start()
    try:
        running.put({"LEVEL": 9.0, "P1.SPEED_SP": 8.0})
        assert running.station.alarm_measures == {}
        running.put({"LEVEL": 4.0, "P1.SPEED_SP": 8.0})
        wait_until(lambda: running.station.alarm_measures == {"LEVEL.dev": -4.0})
        running.put({"LEVEL": 9.0, "P1.SPEED_SP": 8.0})
        wait_until(lambda: running.station.alarm_measures == {"LEVEL.dev": 1.0})
        alarms = running.station._alarms
        assert (alarms.measures(True), alarms.measures(False)) == ({"LEVEL.dev": 1.0}, {})
    finally:
        running.stop()
