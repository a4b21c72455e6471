"""No command without its record: rows before release, a broken audit, a station that dies."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from drivers.base import WriteRequest
from plant_models.message import Message
from plant_models.paths import RESOURCES
from station.protocol import CommandRequest, CommandState
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows, states
from tests.fakes.running_station import OPERATOR, RunningStation


def set_pragma(running: RunningStation, pragma: str) -> None:
    """Give a pragma to every transaction of the station's database from now on."""
    engine = running.station._parts.audit._engine
    assert engine is not None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA {pragma}")


def test_the_row_is_on_the_disk_before_the_driver_hears_of_the_command(ready: RunningStation) -> None:
    seen: list[list[str]] = []
    ready.pool.on_write = lambda _: seen.append(states(ready.folder))
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED
    assert seen == [["pending"]]


def test_the_second_row_is_on_the_disk_when_the_frame_leaves(ready: RunningStation) -> None:
    seen: list[list[str]] = []

    def send(request: WriteRequest) -> None:
        request.on_sent()
        seen.append(states(ready.folder))

    ready.pool.on_write = send
    ready.command("P1.SPEED_SP", 45.0)
    assert seen == [["pending", "sent"]]


@pytest.mark.parametrize(
    ("pragma", "words"), [("query_only = ON", "can't be written"), ("max_page_count = 1", "the disk is full")]
)
def test_a_command_is_refused_when_the_audit_is_read_only_or_full(
    ready: RunningStation, pragma: str, words: str
) -> None:
    set_pragma(ready, pragma)
    status = ready.command("P1.SPEED_SP", 45.0, reason="long " * 5_000)
    assert status.state is CommandState.REJECTED
    assert "The command can't be recorded" in status.message
    assert words in status.message
    assert "station.sqlite" in ready.station.health.audit_error
    assert isinstance(ready.station.health.audit_error, Message)
    assert ready.pool.written == []
    assert states(ready.folder) == []


def test_values_go_on_while_the_audit_is_broken(ready: RunningStation) -> None:
    set_pragma(ready, "query_only = ON")
    ready.command("P1.SPEED_SP", 45.0)
    ready.put({"LEVEL": 4.0})
    assert ready.station.table.sample("LEVEL").value == 4.0


def test_a_locked_audit_refuses_and_recovers(ready: RunningStation) -> None:
    with closing(sqlite3.connect(ready.folder / "station.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status = ready.command("P1.SPEED_SP", 45.0)
        assert "locked by another program" in status.message
        assert ready.station.health.audit_error
        other.execute("ROLLBACK")
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED
    assert ready.station.health.audit_error == ""


def test_nothing_is_sent_if_the_second_row_cannot_be_written(ready: RunningStation) -> None:
    ready.pool.on_write = lambda _: set_pragma(ready, "query_only = ON")
    status = ready.command("P1.SPEED_SP", 45.0)
    assert status.state is CommandState.NOT_SENT
    assert "can't be written" in status.message
    assert "The result can't be recorded" in status.message
    assert states(ready.folder) == ["pending"]


def test_nothing_is_released_if_the_checkpoint_cannot_be_written(ready: RunningStation) -> None:
    (ready.folder / "station.new").mkdir()
    status = ready.command("P1.SPEED_SP", 45.0)
    assert "station.head can't be written" in status.message
    assert ready.pool.written == []
    (ready.folder / "station.new").rmdir()
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED
    assert verify_folder(ready.folder).bad is None


def test_a_damaged_audit_lets_the_plant_be_watched_but_not_commanded(tmp_path: Path) -> None:
    running = RunningStation(tmp_path)
    (tmp_path / "station.sqlite").write_bytes(b"not a database at all" * 100)
    running.start()
    try:
        running.put_ready()
        assert "is not a SQLite database" in running.station.health.audit_error
        assert "The command can't be recorded" in running.command("P1.SPEED_SP", 45.0).message
        assert running.pool.written == []
    finally:
        running.stop()
    assert (tmp_path / "station.sqlite").read_bytes().startswith(b"not a database")


def test_an_audit_that_is_mended_while_the_station_runs(tmp_path: Path) -> None:
    running = RunningStation(tmp_path)
    (tmp_path / "station.sqlite").mkdir()
    running.start()
    try:
        running.put_ready()
        assert running.station.health.audit_error
        (tmp_path / "station.sqlite").rmdir()
        assert running.command("P1.CMD", 2).state is CommandState.REJECTED
        assert running.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED
        assert running.station.health.audit_error == ""
    finally:
        running.stop()


@pytest.mark.parametrize(("died_at", "end"), [("pending", "not sent"), ("sent", "unknown")])
def test_a_station_killed_in_the_middle_of_a_command(tmp_path: Path, died_at: str, end: str) -> None:
    program = f"""
import os, signal, sys
from pathlib import Path
from tests.fakes.running_station import RunningStation
running = RunningStation(Path({str(tmp_path)!r}))
running.start()
running.put_ready()
def die(request):
    if {died_at!r} == "sent":
        request.on_sent()
    os.kill(os.getpid(), signal.SIGKILL)
running.pool.on_write = die
running.command("P1.SPEED_SP", 45.0)
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=RESOURCES.parent, check=False, timeout=60)
    assert ended.returncode == -9
    assert states(tmp_path)[-1] == died_at
    running = RunningStation(tmp_path)
    running.start()
    running.stop()
    rows = audit_rows(tmp_path)
    assert rows[-1]["state"] == end
    assert {row["command_id"] for row in rows} == {rows[0]["command_id"]}
    assert (rows[-1]["user"], rows[-1]["value_new"], rows[-1]["epoch"]) == ("ada", 45.0, 2)
    assert "The station ended" in rows[-1]["message"]
    assert running.pool.written == []
    assert verify_folder(tmp_path).bad is None


@pytest.mark.parametrize("pause_s", [0.0, 60.0])
@pytest.mark.parametrize(("is_sent", "end"), [(False, "not sent"), (True, "unknown")])
def test_a_command_given_again_while_it_is_open_does_not_end_it(
    tmp_path: Path, ready: RunningStation, pause_s: float, is_sent: bool, end: str
) -> None:
    request = CommandRequest(tag="P1.SPEED_SP", value=45.0)

    def die(write: WriteRequest) -> None:
        if is_sent:
            write.on_sent()
        ready.clock.advance(pause_s)
        again = asyncio.run(ready.station.command(request, OPERATOR))
        assert again.state is CommandState.REJECTED
        assert str(request.id) in again.message
        shutil.copytree(ready.folder, tmp_path / "killed")

    ready.pool.on_write = die
    asyncio.run(ready.station.command(request, OPERATOR))
    running = RunningStation(tmp_path / "killed")
    running.start()
    running.stop()
    rows = [row for row in audit_rows(tmp_path / "killed") if row["command_id"] == str(request.id)]
    assert [row["state"] for row in rows][-2:] == ["sent" if is_sent else "pending", end]
    refusal = next(row for row in audit_rows(tmp_path / "killed") if row["state"] == "rejected")
    assert (refusal["command_id"], refusal["value_new"]) == ("", 45.0)


def test_a_closed_command_is_closed_once(tmp_path: Path, ready: RunningStation) -> None:
    def copy(_: WriteRequest) -> None:
        shutil.copytree(ready.folder, tmp_path / "copy")

    ready.pool.on_write = copy
    ready.command("P1.SPEED_SP", 45.0)
    for _ in range(2):
        running = RunningStation(tmp_path / "copy")
        running.start()
        running.stop()
    assert states(tmp_path / "copy") == ["pending", "not sent"]


def test_start_and_stop_are_recorded(tmp_path: Path) -> None:
    running = RunningStation(tmp_path)
    running.start()
    running.stop()
    assert [row["kind"] for row in audit_rows(tmp_path, kind="")] == ["start", "stop"]
