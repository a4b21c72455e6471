"""SQLite files: durable, private, and never replaced when something is wrong with them."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from database.engine import open_database, open_read_only
from database.errors import DatabaseError, clear_errors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "station.sqlite"


def make(path: Path) -> None:
    open_database(path).dispose()


def test_a_new_file_is_durable_and_private(path: Path) -> None:
    engine = open_database(path)
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 1_000}
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    engine.dispose()


@pytest.mark.parametrize("name", ["a b?mode=ro#x%20.sqlite", "Größe.sqlite"])
def test_a_path_with_strange_characters(tmp_path: Path, name: str) -> None:
    make(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    engine = open_read_only(tmp_path / name)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0
    engine.dispose()


def test_what_is_committed_is_there_after_opening_again(path: Path) -> None:
    engine = open_database(path)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO epoch VALUES ('s', 1, 2, 3, 4)"))
    engine.dispose()
    engine = open_database(path)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM epoch")).all() == [("s", 1, 2, 3, 4)]
    engine.dispose()


def test_a_read_only_engine_cannot_write(path: Path) -> None:
    make(path)
    engine = open_read_only(path)
    with pytest.raises(Exception, match="readonly database"), engine.begin() as connection:
        connection.execute(text("INSERT INTO epoch VALUES ('s', 1, 2, 3, 4)"))
    engine.dispose()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
        connection.commit()


def newer(path: Path) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def text_file(path: Path) -> None:
    path.write_text("my shopping list\n" * 100)


def overwritten_page(path: Path) -> None:
    make(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


def cut_off(path: Path) -> None:
    make(path)
    os.truncate(path, 10_000)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (foreign, "belongs to another program; move it away, or choose another data folder"),
        (newer, r"written by a newer Clearwell \(schema 9999\); install that version"),
        (text_file, "is not a SQLite database or is damaged; restore a backup, or move it away"),
        (overwritten_page, "is damaged"),
        (cut_off, "is damaged"),
        (folder, "can't be opened: Is a directory"),
    ],
)
def test_a_file_that_is_not_ours_or_damaged_is_told_of_and_left_alone(
    path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    path.parent.mkdir()
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(DatabaseError, match=words) as caught:
        open_database(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert {file.name for file in path.parent.iterdir()} <= {path.name, f"{path.name}-wal", f"{path.name}-shm"}


@pytest.mark.parametrize("spoil", [foreign, text_file, overwritten_page])
def test_a_read_only_engine_looks_as_closely(path: Path, spoil: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    spoil(path)
    with pytest.raises(DatabaseError, match=r"station\.sqlite"):
        open_read_only(path)


def test_a_read_only_engine_of_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(DatabaseError, match="doesn't exist"):
        open_read_only(path)
    assert not path.exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatabaseError, match="check the rights of its folder"):
        open_database(tmp_path / "file" / "station.sqlite")


def test_a_file_that_cannot_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DatabaseError, match="can't be read: Permission denied"):
        open_database(path)


def insert(path: Path, engine: Engine) -> None:
    with clear_errors(path), engine.begin() as connection:
        connection.execute(text("INSERT INTO epoch VALUES ('s', 1, 2, 3, 4)"))


def test_a_locked_file(path: Path) -> None:
    engine = open_database(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked by another program; close it there"):
            insert(path, engine)
    insert(path, engine)
    engine.dispose()


def test_an_error_without_a_known_remedy_is_passed_on(path: Path) -> None:
    engine = open_database(path)
    insert(path, engine)
    with pytest.raises(DatabaseError, match="gave an error: UNIQUE constraint failed"):
        insert(path, engine)
    engine.dispose()


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    make(path)
    assert path.stat().st_size > 0


def test_a_new_file_that_could_not_be_filled_is_not_left_behind_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk a file can be made, but no page written; it must not pass for an emptied one later."""

    def fail(*_: object) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("database.engine._check", fail)
        patch.setattr("database.engine._engine", lambda _: create_engine("sqlite://"))
        with pytest.raises(DatabaseError, match="the disk is full"):
            open_database(tmp_path / "new.sqlite")
        assert list(tmp_path.iterdir()) == []
        (tmp_path / "old.sqlite").touch()
        with pytest.raises(DatabaseError, match="the disk is full"):
            open_database(tmp_path / "old.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["old.sqlite"]


def test_a_file_in_use_is_known_by_every_way_that_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening it by another name would take away the locks of the engine that uses it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    engine = open_database(tmp_path / "data" / "station.sqlite")

    def opened(path: Path) -> None:
        raise AssertionError(f"{path} was opened")

    with monkeypatch.context() as patch:
        patch.setattr("database.engine._check_header", opened)
        open_database(tmp_path / "link" / "station.sqlite").dispose()
        open_read_only(tmp_path / "link" / "station.sqlite").dispose()
    engine.dispose()
    assert (tmp_path / "data" / "station.sqlite").exists()
