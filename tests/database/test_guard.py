"""Whether a row could be committed now is known before one has to be, and asking leaves nothing behind."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from database.engine import open_database
from database.errors import DatabaseError
from database.guard import Guard


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station.sqlite"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_database(path)
    yield engine
    engine.dispose()


@pytest.fixture
def guard(engine: Engine, path: Path) -> Guard:
    return Guard(engine, path)


def schema(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_file_that_was_gone_before_anybody_looked_is_told_of(engine: Engine, path: Path) -> None:
    path.rename(path.with_name("aside.sqlite"))
    with pytest.raises(DatabaseError, match="moved away or replaced"):
        Guard(engine, path).check_file()


def test_a_sound_file_is_asked_without_a_trace(guard: Guard, path: Path) -> None:
    before = schema(path), Path(f"{path}-wal").stat().st_size
    for _ in range(3):
        guard.check()
    assert (schema(path), Path(f"{path}-wal").stat().st_size) == before


@pytest.mark.parametrize(
    ("spoil", "words"), [("query_only = ON", "can't be written"), ("max_page_count = 1", "the disk is full")]
)
def test_a_file_that_takes_nothing(guard: Guard, engine: Engine, spoil: str, words: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {spoil}")
    with pytest.raises(DatabaseError, match=words):
        guard.check()


def test_a_locked_file_is_free_again_when_it_is_let_go(guard: Guard, engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            guard.check()
        other.execute("ROLLBACK")
    guard.check()


def test_asking_takes_no_lock_away(guard: Guard, engine: Engine, path: Path) -> None:
    """A second engine and a guard of this process leave a lock that another process can see."""
    other = open_database(path)
    with engine.connect() as holding:
        holding.exec_driver_sql("SELECT 1 FROM sqlite_master").close()
        guard.check_file()
        open_database(path).dispose()
        asked = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB, 0, 0)"
        assert subprocess.run([sys.executable, "-c", asked, str(path)], capture_output=True).returncode != 0
    other.dispose()


def test_a_file_that_was_moved_away_or_replaced_is_not_written_in_silence(guard: Guard, path: Path) -> None:
    aside = path.rename(path.with_name("aside.sqlite"))
    with pytest.raises(DatabaseError, match="moved away or replaced"):
        guard.check_file()
    path.write_bytes(aside.read_bytes())
    with pytest.raises(DatabaseError, match="moved away or replaced"):
        guard.check_file()
    aside.rename(path)
    guard.check()
