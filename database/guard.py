"""Asking of an open database file whether it lies in its place and can be written. Any thread; blocks.

The trial is taken back before anything reaches the disk: only a commit proves that there is room.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from database.errors import DatabaseError, clear_errors

_TRIAL: Final = ("CREATE TABLE room (bytes BLOB)", "INSERT INTO room VALUES (zeroblob(16384))")
"""Needs a few pages in memory; never committed."""


class Guard:
    """Knows the file that `engine` has opened at `path`; make it right after the opening."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._identity = _identity(path)

    @property
    def is_in_place(self) -> bool:
        """Whether the opened file still lies in its place. The file itself isn't opened: see `engine.py`."""
        return self._identity is not None and _identity(self._path) == self._identity

    def check_file(self) -> None:
        """Find out whether the opened file still lies in its place.

        Raises:
            DatabaseError: it doesn't.
        """
        if not self.is_in_place:
            raise DatabaseError(
                "{file} was moved away or replaced while the station runs; put it back, or restart the station",
                file=self._path,
            )

    def check(self) -> None:
        """Write a little and take it back: that finds a lock, missing rights and a full file, but not a full disk.

        Raises:
            DatabaseError: nothing can be written now.
        """
        self.check_file()
        with clear_errors(self._path), self._engine.connect() as connection:
            for statement in _TRIAL:
                connection.execute(text(statement))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
