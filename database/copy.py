"""Copying a SQLite file as it is at one moment, while others go on writing it. Any thread."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from database.engine import open_read_only
from database.errors import DamagedError, DatabaseError

PAGES: Final = 1_024
"""Pages in a step; in between SQLite lets others have their turn."""
_DAMAGES: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class TargetError(DatabaseError):
    """The copy can't be written; nothing is wrong with what was to be copied."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a file with what stands in its log. The copy is on the disk, has mode 0600 and no log of its own.

    One snapshot is held all the time: without it every commit of another program would begin the copy anew.

    Raises:
        TargetError: the copy can't be written; half of it may be left behind.
        DamagedError: the source is damaged.
        DatabaseError: the source can't be read.
    """
    if source.is_file() and not source.stat().st_size:
        raise DamagedError("{file} is empty", file=source)
    engine = open_read_only(source, is_large=True)
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        raw = engine.raw_connection()
        try:
            _copy(raw.driver_connection, target)
        finally:
            raw.close()
    except sqlite3.Error as error:
        kind = DamagedError if error.sqlite_errorname.startswith(_DAMAGES) else TargetError
        raise kind("{file} can't be copied to {target}: {cause}", file=source, target=target, cause=error) from error
    except OSError as error:
        raise TargetError(
            "{file} can't be copied to {target}: {cause}", file=source, target=target, cause=error.strerror
        ) from error
    finally:
        engine.dispose()


def _copy(source: sqlite3.Connection | None, target: Path) -> None:
    if source is None:
        raise sqlite3.OperationalError("not connected")
    source.isolation_level = None
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    made = sqlite3.connect(target)
    try:
        source.backup(made, pages=PAGES)
        made.execute("PRAGMA journal_mode = DELETE")
    finally:
        made.close()
