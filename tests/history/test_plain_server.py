"""The tables on a server are those of the file, row for row; what goes to either is written by the same statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from database.errors import DatabaseError, clear_errors
from database.server import open_server
from history.manual_change import ManualChange
from history.store.plain.place import TablesServer
from tests.fakes.packing_bench import shift
from tests.fakes.tables_bench import TablesBench, tables_plant

TABLES = ("site", "tag", "area", "equipment", "equipment_type", "connection", "hour", "hourly", "daily", "stale_day")
VIEWS = ("hourly_named", "daily_named", "water_source", "pump", "tank", "treatment_plant", "sensor", "manual_value")
CHANGE = ManualChange(
    station="s", epoch=1, seq=2, tag="A", at_us=5, value=1.5, unit="m³/h", user="ada", reason="sensor cleaned"
)


@pytest.fixture
def engine(pg_database: str) -> Iterator[Engine]:
    engine = open_server(pg_database)
    yield engine
    engine.dispose()


def changes(after: tuple[int, int]) -> tuple[list[ManualChange], tuple[int, int]]:
    return ([CHANGE] if after < (1, 2) else []), (1, 2)


def of_server(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=repr)


def test_a_server_and_a_file_have_the_same_rows(tmp_path: Path, engine: Engine) -> None:
    @contextmanager
    def begin() -> Iterator[Connection]:
        with clear_errors("the server"), engine.begin() as connection:
            yield connection

    found = []
    for folder, place in ((tmp_path / "file", None), (tmp_path / "server", TablesServer(begin))):
        one = TablesBench(folder, tables_plant(), place)
        try:
            one.begin(tables_plant(), place, changes)
            shift(one, 3, 120)
            one.go_on(30)
            if place is None:
                found.append([sorted(one.rows(f"SELECT * FROM {name}"), key=repr) for name in (*TABLES, *VIEWS)])
                continue
            found.append([of_server(engine, name) for name in (*TABLES, *VIEWS)])
            one.tables.begin_anew()
            one.pack()
            found.append([of_server(engine, name) for name in (*TABLES, *VIEWS)])
        finally:
            one.close()
    assert found[0][TABLES.index("daily")]
    assert found[0] == found[1]
    assert found[0] == found[2]


def test_who_may_not_write_leaves_the_hour_unpacked(tmp_path: Path, engine: Engine) -> None:
    may_write = [True]

    @contextmanager
    def begin() -> Iterator[Connection]:
        with clear_errors("the server"), engine.begin() as connection:
            if not may_write[0]:
                raise DatabaseError("another station writes")
            yield connection

    one = TablesBench(tmp_path, tables_plant(), TablesServer(begin))
    try:
        one.pack()
        shift(one, 2, 120)
        one.clock.advance(7200)
        one.record((2, one.clock.wall_us(), 1.0, 0))
        may_write[0] = False
        with pytest.raises(DatabaseError, match="another station writes"):
            one.pack()
        assert of_server(engine, "hourly") == []
        may_write[0] = True
        one.pack()
        one.check()
        assert len(of_server(engine, "hour")) >= 2
    finally:
        one.close()
