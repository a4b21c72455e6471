"""History on a server: one moment of all its tables in a backup, and back into an empty database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text

from database.errors import DatabaseError
from database.server import open_server
from history.care import server_dump
from history.care.backup import make_backup
from history.care.backup_run import Wish
from history.care.manifest import BackupError, Manifest
from history.care.restore import restore
from history.care.server_dump import dump_server
from history.care.server_restore import restore_server
from history.care.verify import verify_server
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT, SOURCE, TAG
from tests.fakes.clock import ManualClock
from tests.fakes.kept_history import NOVEMBER, closed, opened
from tests.fakes.postgresql import made_database
from tests.fakes.server_history import copy_to_server

TABLES = (SOURCE, TAG, FRAME, SEGMENT, CHUNK, ROLLUP)
CLASS = (
    "CREATE SCHEMA clearwell_short",
    "CREATE TABLE clearwell_short.hist_chunk (LIKE hist_chunk INCLUDING ALL) PARTITION BY RANGE (t0_us)",
    "CREATE TABLE clearwell_short.hist_rollup (LIKE hist_rollup INCLUDING ALL) PARTITION BY RANGE (t0_us)",
    "CREATE TABLE clearwell_short.here PARTITION OF clearwell_short.hist_chunk DEFAULT",
    "INSERT INTO clearwell_short.hist_chunk SELECT * FROM hist_chunk WHERE tag = 1",
    "DELETE FROM hist_chunk WHERE tag = 1",
)


@pytest.fixture(autouse=True)
def _few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_dump, "ROWS", 7)


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in TABLES
        }
        if connection.execute(text("SELECT to_regclass('clearwell_short.hist_chunk')")).scalar():
            query = text("SELECT * FROM clearwell_short.hist_chunk ORDER BY tag, t0_us")
            found["short"] = [tuple(row) for row in connection.execute(query)]
        return found


def file_rows(path: Path, table: str, order: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()


def back_up(data: Path, folder: Path, server: str, clock: ManualClock) -> Manifest:
    clock.advance(10)
    wish = Wish(data=data, folder=folder, keep_days={}, check=lambda run: {}, tell=lambda progress: None, server=server)
    return make_backup(wish, clock)


def test_all_tables_come_back_into_an_empty_database_and_numbers_go_on(
    tmp_path: Path, pg_server: str, pg_database: str, clock: ManualClock
) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    data.mkdir()
    one, engine = opened(data), open_server(pg_database)
    try:
        copy_to_server(one, engine)
        with engine.begin() as connection:
            for statement in CLASS:
                connection.execute(text(statement))
        made = back_up(data, folder, pg_database, clock)
        assert not made.faults
        assert {"server.sqlite", "server-2023-11.sqlite", "server-2023-11.short.sqlite"} <= {f.name for f in made.files}
        with made_database(pg_server) as address:
            restore_server(folder, address, lambda progress: None)
            again = open_server(address)
            try:
                assert contents(again) == contents(engine)
                assert len(contents(again)["short"]) > 1
                assert list(verify_server(again, "server", lambda progress: None)) == []
                with again.begin() as connection:
                    connection.execute(insert(TAG).values(name="new"))
                    newest = connection.execute(select(TAG.c.id).where(TAG.c.name == "new")).scalar_one()
                    assert newest == 4
            finally:
                again.dispose()
            with pytest.raises(BackupError, match="has history already"):
                restore_server(folder, address, lambda progress: None)
        restore(folder, tmp_path / "again", lambda progress: None)
        assert not list((tmp_path / "again").glob("server*"))
    finally:
        engine.dispose()
        one.close()


def test_a_dump_is_one_moment_though_others_go_on_writing(tmp_path: Path, pg_database: str) -> None:
    (tmp_path / "data").mkdir()
    one, engine = opened(tmp_path / "data"), open_server(pg_database)
    try:
        copy_to_server(one, engine)
        before = contents(engine)

        def write(_: object) -> None:
            with engine.begin() as connection:
                connection.execute(text("UPDATE hist_segment SET n = n + 1"))
                connection.execute(text("DELETE FROM hist_chunk"))

        (tmp_path / "dump").mkdir()
        dump_server(engine, "server", tmp_path / "dump", write)
        assert contents(engine) != before
        minutes = file_rows(tmp_path / "dump" / "server.sqlite", "hist_segment", "id")
        hours = [
            row
            for path in sorted((tmp_path / "dump").glob("server-*"))
            for row in file_rows(path, "hist_chunk", "tag, t0_us")
        ]
        assert minutes == before["hist_segment"]
        assert sorted(hours) == before["hist_chunk"]
    finally:
        engine.dispose()
        one.close()


def test_a_server_out_of_reach_is_named_and_what_there_is_of_it_is_kept(
    tmp_path: Path, pg_server: str, pg_database: str, clock: ManualClock
) -> None:
    closed(tmp_path / "data")
    open_server(pg_database).dispose()
    first = back_up(tmp_path / "data", tmp_path / "backup", pg_database, clock)
    away = pg_database.replace("/clearwell_test_", "/clearwell_gone_")
    second = back_up(tmp_path / "data", tmp_path / "backup", away, clock)
    assert second.find("server.sqlite") == first.find("server.sqlite")
    assert any("clearwell_gone_" in name for name in second.faults)
    assert second.find(NOVEMBER) is not None


def test_a_backup_without_a_server_restores_none(tmp_path: Path, pg_database: str, clock: ManualClock) -> None:
    closed(tmp_path / "data")
    back_up(tmp_path / "data", tmp_path / "backup", "", clock)
    with pytest.raises(BackupError, match="nothing of a server"):
        restore_server(tmp_path / "backup", pg_database, lambda progress: None)


def test_a_restoring_that_fails_half_way_leaves_the_database_empty(
    tmp_path: Path, pg_server: str, pg_database: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    one, engine = opened(tmp_path / "data"), open_server(pg_database)
    copy_to_server(one, engine)
    one.close()
    engine.dispose()
    back_up(tmp_path / "data", tmp_path / "backup", pg_database, clock)

    def fail(connection: object) -> None:
        raise DatabaseError("the server was stopped")

    with made_database(pg_server) as address:
        monkeypatch.setattr("history.care.server_restore._set_sequences", fail)
        with pytest.raises(BackupError, match="the server was stopped"):
            restore_server(tmp_path / "backup", address, lambda progress: None)
        again = open_server(address)
        assert not any(contents(again)[table.name] for table in (SOURCE, TAG, FRAME, SEGMENT))
        again.dispose()
