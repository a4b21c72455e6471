"""A file for each month (UTC) of packed history: a damaged one costs a month, an old one is removed by removing it.

The packer writes, queries read, on any thread. No transaction spans two files. A month is opened when it is needed and
carries its own schema; few stay open.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from database.engine import open_database
from database.errors import clear_errors
from database.migrate import MONTH

OPEN: Final = 14
"""Files that stay open: a year and a little."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST_US: Final = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_FILES: Final = "history-[0-9][0-9][0-9][0-9]-[0-9][0-9].sqlite"


class Months:
    """The files `history-2026-11.sqlite` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._engines: OrderedDict[str, Engine] = OrderedDict()

    @contextmanager
    def writing(self, at_us: int) -> Iterator[Connection]:
        """Give a transaction in the file of the month of `at_us`; it is on the disk when the block ends.

        Raises:
            DatabaseError: the file can't be used; nothing was changed.
        """
        month = month_of(at_us)
        path = self._path(month)
        engine = self._engine(month)
        with clear_errors(path), engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self, month: str) -> Iterator[Connection]:
        """Give a snapshot of a month of `between`.

        Raises:
            DatabaseError: the file can't be read.
        """
        engine = self._engine(month)
        with clear_errors(self._path(month)), engine.connect() as connection:
            yield connection

    def between(self, start_us: int, end_us: int) -> list[str]:
        """Return the months that have a file and touch [start, end), in order."""
        first, last = month_of(start_us), month_of(end_us - 1)
        files = self._folder.glob(_FILES)
        found = (path.stem.removeprefix("history-") for path in files)
        return sorted(month for month in found if first <= month <= last)

    @property
    def size_bytes(self) -> int:
        """What the files and their logs take on the disk."""
        return sum(path.stat().st_size for path in self._folder.glob("history-[0-9]*.sqlite*"))

    def close(self) -> None:
        """Release all files."""
        with self._lock:
            engines, self._engines = list(self._engines.values()), OrderedDict()
        for engine in engines:
            engine.dispose()

    def _path(self, month: str) -> Path:
        return self._folder / f"history-{month}.sqlite"

    def _engine(self, month: str) -> Engine:
        with self._lock:
            engine = self._engines.get(month)
            if engine is None:
                engine = self._engines[month] = open_database(self._path(month), MONTH, is_large=True)
            self._engines.move_to_end(month)
            too_many = [self._engines.popitem(last=False)[1] for _ in range(len(self._engines) - OPEN)]
        for old in too_many:
            old.dispose()
        return engine


def month_of(at_us: int) -> str:
    """Return the month of a time, "2026-11"; beyond the calendar, its first or last one."""
    return f"{_EPOCH + timedelta(microseconds=min(max(at_us, 0), _LATEST_US)):%Y-%m}"


def span_of(month: str) -> tuple[int, int]:
    """Return beginning and end of a month of `between`, µs UTC."""
    first = datetime(int(month[:4]), int(month[5:7]), 1, tzinfo=UTC)
    return month_span((first - _EPOCH) // _MICROSECOND)


def month_span(at_us: int) -> tuple[int, int]:
    """Return beginning and end of the month of a time, µs UTC."""
    first = (_EPOCH + timedelta(microseconds=at_us)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return (first - _EPOCH) // _MICROSECOND, (following - _EPOCH) // _MICROSECOND
