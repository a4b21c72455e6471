"""Opening SQLite files so that what is committed stays committed, and so that nobody else reads them.

Any thread; connections are pooled. A damaged or foreign file is reported and left as it is, never replaced.

Closing any handle of a file takes away all POSIX locks that this process has on it, those of SQLite too
(sqlite.org/howtocorrupt.html, 2.2). So nothing here opens a file by itself while an engine of this process uses it.
"""

import os
import sqlite3
import threading
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, ExceptionContext, NullPool, create_engine, event, text

from database.errors import DamagedError, DatabaseError, clear_errors
from database.migrate import STATION, migrate

APPLICATION_ID: Final = 0x434C5257
""""CLRW" in the file header: tells our files from other programs' SQLite files."""
BUSY_TIMEOUT_MS: Final = 1_000
_MAGIC: Final = b"SQLite format 3\0"
_OPENING: Final = threading.Lock()
_USERS: Final[defaultdict[Path, WeakSet[Engine]]] = defaultdict(WeakSet)
"""The engines of this process that have connections to a file, whatever way leads to it: see `_users`."""


def open_database(path: Path, branch: str = STATION, *, is_large: bool = False) -> Engine:
    """Return an engine for the file, made if it doesn't exist, checked and brought to the newest schema.

    One that `is_large` isn't read as a whole to find damage: that takes a second a gigabyte. What is damaged in it is
    then told by whoever comes across it.

    WAL, synchronous FULL (a committed row survives a power cut if the disk keeps its word), foreign keys on; the file
    has mode 0600, a folder made for it 0700. `branch` says which migrations it gets.

    Raises:
        DamagedError: it is damaged.
        DatabaseError: it can't be opened, belongs to another program or to a newer Clearwell.
    """
    with _OPENING:
        is_new = not path.exists()
        if not _users(path):
            _prepare(path)
        engine = _engine(path)
        try:
            with clear_errors(path):
                if not is_large:
                    _check(engine, path)
                with engine.begin() as connection:
                    migrate(connection, path, branch)
        except DatabaseError:
            engine.dispose()
            if is_new:
                _remove_empty(path)
            raise
    return engine


def open_read_only(path: Path, *, is_large: bool = False) -> Engine:
    """Return an engine that can't change the file; a running station may be writing it.

    One that `is_large` isn't read as a whole to find damage: see `open_database`.

    Raises:
        DatabaseError: there is no such file, or it is damaged or foreign.
    """
    if not path.is_file():
        raise DatabaseError("{file} doesn't exist; name the data folder of a station that has run", file=path)
    with _OPENING:
        if not _users(path):
            _check_header(path)
    address = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        if not is_large:
            with clear_errors(path):
                _check(engine, path)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def _users(path: Path) -> WeakSet[Engine]:
    return _USERS[path.resolve()]


def _remove_empty(path: Path) -> None:
    """Leave no file of no bytes behind where none was: the next attempt would take it for one that was emptied."""
    with suppress(OSError):
        if not path.stat().st_size:
            path.unlink()


def _prepare(path: Path) -> None:
    """Make the file with its narrow rights before SQLite does, and look at what is there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseError(
            "{file} can't be opened: {cause}; check the rights of its folder", file=path, cause=error.strerror
        ) from error
    _check_header(path)


def _check_header(path: Path) -> None:
    """Look at the first bytes before SQLite may touch the file (layout: sqlite.org/fileformat2.html, 1.3)."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise DatabaseError(
            "{file} can't be read: {cause}; check its rights", file=path, cause=error.strerror
        ) from error
    if header and not header.startswith(_MAGIC):
        raise DamagedError(
            "{file} is not a SQLite database or is damaged; restore a backup, or move it away to begin a new one",
            file=path,
        )
    if header and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise DatabaseError("{file} belongs to another program; move it away, or choose another data folder", file=path)


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "do_connect", lambda *_: _give_equal_rights(path))
    event.listen(engine, "connect", lambda *_: _users(path).add(engine))
    event.listen(engine, "engine_disposed", _users(path).discard)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _let_go_of_read_only)
    return engine


def _give_equal_rights(path: Path) -> None:
    """SQLite makes -wal and -shm with the mode of the file; those made while it was read-only would keep it so."""
    for part in (Path(f"{path}-wal"), Path(f"{path}-shm")):
        try:
            mode = path.stat().st_mode
            if part.stat().st_mode != mode:
                part.chmod(mode)
        except OSError:
            continue  # it isn't there, or isn't ours: what comes of that is told when it is used


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 would leave schema changes outside transactions; `_begin` opens them
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if cursor.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # before WAL, so that it stands in the file itself
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _let_go_of_read_only(context: ExceptionContext) -> None:
    """A connection that was opened without the right to write never gets it: the next attempt opens a new one."""
    if "readonly" in str(context.original_exception):
        context.is_disconnect = True


def _check(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        finding = " ".join(connection.execute(text("PRAGMA quick_check(1)")).scalar_one().split())
    if finding != "ok":
        raise DamagedError(
            "{file} is damaged ({cause}); restore a backup, or move it away to begin a new one",
            file=path,
            cause=finding,
        )
