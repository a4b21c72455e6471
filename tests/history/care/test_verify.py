"""Reading all of history again names what isn't what was written: file, tag, time."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from database.server import open_server
from history.care import verify
from history.care.verify import Fault, Progress, verify_folder, verify_server
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT
from tests.fakes.kept_history import NOVEMBER, closed, opened
from tests.fakes.packing_bench import LAST_HOUR
from tests.fakes.server_history import copy_to_server
from tests.fakes.spoiling import DAMAGES


@pytest.fixture(autouse=True)
def _few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "ROWS", 7)


def faults(folder: Path, is_deep: bool = True) -> list[Fault]:
    return list(verify_folder(folder, lambda progress: None, is_deep))


def turned(body: bytes) -> bytes:
    return body[:-1] + bytes([body[-1] ^ 1])


def spoil(connection: Connection, table: Any, **values: Any) -> Any:
    """Change the first row of a table, its blob unless other values are given; return it as it was."""
    row = connection.execute(table.select().order_by(*table.primary_key)).first()
    assert row is not None
    mine = [table.c[column.name] == getattr(row, column.name) for column in table.primary_key]
    connection.execute(table.update().where(*mine).values(values or {"body": turned(row.body)}))
    return row


def test_a_whole_history_has_no_fault_beside_an_open_station(tmp_path: Path) -> None:
    one = opened(tmp_path)
    try:
        told: list[int] = []
        assert list(verify_folder(tmp_path, lambda progress: told.append(progress.blobs), True)) == []
        rows = one.count(FRAME) + one.count(SEGMENT)
        assert told[-1] > rows > 20
    finally:
        one.close()


@pytest.mark.parametrize(("table", "what"), [(FRAME, "frame 1/"), (SEGMENT, "minute ")])
def test_a_broken_frame_or_minute_is_named(tmp_path: Path, table: Any, what: str) -> None:
    one = opened(tmp_path)
    try:
        with one.frames.place().engine.begin() as connection:
            row = spoil(connection, table)
        (fault,) = faults(tmp_path)
        assert fault.file == "history.sqlite"
        assert fault.what.startswith(what)
        assert fault.t0_us == row.t0_us
    finally:
        one.close()


@pytest.mark.parametrize(
    ("table", "values", "reason"),
    [
        (CHUNK, {}, "checksum"),
        (CHUNK, {"max": 1e9}, "the numbers beside it differ: max"),
        (CHUNK, {"n": 3, "first": None}, "the numbers beside it differ: n, first"),
        (ROLLUP, {}, "checksum"),
        (ROLLUP, {"level_us": 7}, "wide"),
        (ROLLUP, {"t1_us": 7}, "another time"),
    ],
)
def test_a_broken_hour_or_roll_up_is_named_with_its_tag(
    tmp_path: Path, table: Any, values: dict[str, Any], reason: str
) -> None:
    one = opened(tmp_path)
    try:
        with one.parts.writing(LAST_HOUR - 1) as connection:
            row = spoil(connection, table, **values)
        (fault,) = faults(tmp_path, is_deep=False)
        assert fault.file == NOVEMBER
        assert fault.what.endswith("of tag 1 (A)")
        assert fault.t0_us == row.t0_us
        assert reason in fault.reason
    finally:
        one.close()


@pytest.mark.parametrize("values", [{"crc": 5}, {"n": 2}, {"t0_us": 0}])
def test_a_frame_whose_numbers_were_changed_is_named(tmp_path: Path, values: dict[str, Any]) -> None:
    one = opened(tmp_path)
    try:
        with one.frames.place().engine.begin() as connection:
            spoil(connection, FRAME, **values)
        assert len(faults(tmp_path)) == 1
    finally:
        one.close()


@pytest.mark.parametrize("values", [{"hour_us": 0}, {"grp": 9}, {"n": 2}, {"t1_us": 5}])
def test_a_minute_whose_numbers_were_changed_is_named(tmp_path: Path, values: dict[str, Any]) -> None:
    one = opened(tmp_path)
    try:
        with one.frames.place().engine.begin() as connection:
            spoil(connection, SEGMENT, **values)
        assert len(faults(tmp_path)) == 1
    finally:
        one.close()


def test_blobs_that_were_swapped_are_noticed(tmp_path: Path) -> None:
    one = opened(tmp_path)
    try:
        with one.parts.writing(LAST_HOUR - 1) as connection:
            rows = connection.execute(CHUNK.select()).all()
            other = next(row for row in rows if (row.tag, row.t0_us) != (rows[0].tag, rows[0].t0_us))
            mine = (CHUNK.c.tag == rows[0].tag, CHUNK.c.t0_us == rows[0].t0_us)
            connection.execute(CHUNK.update().where(*mine).values(body=other.body))
        assert len(faults(tmp_path, is_deep=False)) == 1
    finally:
        one.close()


def test_a_month_under_another_name_is_noticed(tmp_path: Path) -> None:
    closed(tmp_path)
    (tmp_path / NOVEMBER).rename(tmp_path / "history-2023-10.sqlite")
    found = faults(tmp_path)
    assert {fault.reason for fault in found} == {"it belongs into another month"}


def test_a_roll_up_that_differs_from_its_hours_is_found_when_it_is_compared(tmp_path: Path) -> None:
    one = opened(tmp_path)
    try:
        with one.parts.writing(LAST_HOUR - 1) as connection:
            hour = connection.execute(CHUNK.select().where(CHUNK.c.tag == 1).order_by(CHUNK.c.t0_us)).first()
            assert hour is not None
            connection.execute(CHUNK.delete().where(CHUNK.c.tag == 1, CHUNK.c.t0_us == hour.t0_us))
        assert faults(tmp_path, is_deep=False) == []
        found = faults(tmp_path)
        assert {fault.what for fault in found} == {"roll-up of tag 1 (A)"}
        assert {fault.reason for fault in found} == {f"it differs from the hour from {hour.t0_us} µs"}
    finally:
        one.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_and_the_others_are_read(tmp_path: Path, damage: str) -> None:
    closed(tmp_path)
    DAMAGES[damage](tmp_path / NOVEMBER)
    assert {fault.file for fault in faults(tmp_path)} == {NOVEMBER}


def test_without_a_history_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path)
    assert fault.what == "the file"
    assert "doesn't exist" in fault.reason


def test_a_server_is_verified_with_the_same_statements(tmp_path: Path, pg_database: str) -> None:
    one = opened(tmp_path)
    engine = open_server(pg_database)
    try:
        copy_to_server(one, engine)
        progress: list[Progress] = []
        assert list(verify_server(engine, "server", progress.append, True)) == []
        assert progress[-1].blobs > 50
        with engine.begin() as connection:
            spoil(connection, CHUNK)
            spoil(connection, FRAME)
        found = list(verify_server(engine, "server", progress.append, True))
        assert [fault.what.split(" ")[0] for fault in found] == ["frame", "hour"]
    finally:
        engine.dispose()
        one.close()
