"""A file for each month (UTC) and keeping class of packed history: a damaged one costs a month, an old one is removed
by removing it.

The packer writes, queries read, on any thread. No transaction spans two files. A month is opened when it is needed and
carries its own schema; few stay open.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from database.engine import open_database
from database.errors import DatabaseError, clear_errors
from database.guard import Guard
from database.migrate import MONTH
from history.store.file_faults import FileFaults
from history.store.part_files import part_named, parts_in
from history.store.parts import NoPartError, UnreadablePartError, month_in, part_name

OPEN: Final = 28
"""Files that stay open: two years, or a year of two classes, and a little."""
DROP_S: Final = 5.0
"""How long a part that is to be dropped waits for those who read it."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST_US: Final = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // _MICROSECOND
NEVER_US: Final = 2**63 - 1


class Months:
    """The files `history-2026-11.sqlite` in a folder, and `history-2026-11.short.sqlite` for the class "short"."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Condition()
        self._engines: OrderedDict[str, tuple[Engine, Guard]] = OrderedDict()
        self.faults = FileFaults(folder)
        self._users: Counter[str] = Counter()

    @contextmanager
    def writing(self, at_us: int, keeping: str = "") -> Iterator[Connection]:
        """Give a transaction in the file of the month of `at_us` and a class; it is on the disk when the block ends.

        Raises:
            DatabaseError: the file can't be used; nothing was changed.
        """
        part = part_name(month_of(at_us), keeping)
        path = self._path(part)
        with self.faults.noting(path):
            self.faults.check_new(path)
            with self._used(part) as engine, clear_errors(path), engine.begin() as connection:
                yield connection

    @contextmanager
    def reading(self, part: str) -> Iterator[Connection]:
        """Give a snapshot of a part of `between`.

        Raises:
            NoPartError: it was removed since.
            UnreadablePartError: the file can't be read.
        """
        path = self._path(part)
        try:
            with self.faults.noting(path):
                self.faults.check_there(path)
                with (
                    self._used(part, is_made=False) as engine,
                    clear_errors(path),
                    engine.connect() as connection,
                ):
                    yield connection
        except NoPartError:
            raise
        except DatabaseError as error:
            raise UnreadablePartError(error.template, **error.values) from error

    def between(self, start_us: int, end_us: int) -> list[str]:
        """Return the parts that have a file and touch [start, end), by month, then by class."""
        first, last = month_of(start_us), month_of(end_us - 1)
        return [str(part) for part in parts_in(self._folder) if first <= part.month <= last]

    def drop(self, part: str) -> None:
        """Remove the file of a part; who is reading it reads to the end.

        Raises:
            DatabaseError: it can't be removed, or is read all the time.
        """
        path = self._path(part)
        with self._vacated(part):
            try:  # the file last: a log that outlived it would be taken for that of a new file
                for ending in ("-wal", "-shm", ""):
                    Path(f"{path}{ending}").unlink(missing_ok=True)
            except OSError as error:
                raise DatabaseError(
                    "{file} can't be removed: {cause}; check the rights of its folder", file=path, cause=error.strerror
                ) from error
        self.faults.forget(path.name)

    def put_aside(self, part: str, now_us: int) -> bool:
        """Rename the file of a part that was found damaged, so that it can be begun anew; False if it wasn't.

        Raises:
            DatabaseError: it can't be renamed, or is read all the time.
        """
        if not self.is_damaged(part):
            return False
        with self._vacated(part):
            self.faults.put_aside(self._path(part), now_us)
        return True

    def is_damaged(self, part: str) -> bool:
        """Whether the file of a part was found damaged and still lies there."""
        return self.faults.is_damaged(self._path(part))

    @contextmanager
    def _vacated(self, part: str) -> Iterator[None]:
        """Let nobody use a part within the block; who is reading it reads to the end."""
        with self._lock:
            if not self._lock.wait_for(lambda: not self._users[part], DROP_S):
                raise DatabaseError("{file} can't be removed while it is read", file=self._path(part))
            opened = self._engines.pop(part, None)
            if opened is not None:
                opened[0].dispose()
            yield

    @property
    def size_bytes(self) -> int:
        """What the files and their logs take on the disk."""
        return sum(path.stat().st_size for path in self._folder.glob("history-[0-9]*.sqlite*"))

    def close(self) -> None:
        """Release all files."""
        with self._lock:
            engines, self._engines = list(self._engines.values()), OrderedDict()
        for engine, _ in engines:
            engine.dispose()

    def _path(self, part: str) -> Path:
        return self._folder / part_named(part).name

    @contextmanager
    def _used(self, part: str, *, is_made: bool = True) -> Iterator[Engine]:
        """Give the engine of a part, which isn't dropped meanwhile: SQLite would make an empty file in its place."""
        engine = self._engine(part, is_made)
        try:
            yield engine
        finally:
            with self._lock:
                self._users[part] -= 1
                self._lock.notify_all()

    def _engine(self, part: str, is_made: bool) -> Engine:
        path = self._path(part)
        with self._lock:
            opened = self._engines.get(part)
            if opened is not None and not opened[1].is_in_place:  # moved away or replaced: what is there now counts
                del self._engines[part]
                opened[0].dispose()
                opened = None
            if opened is None:
                if not is_made and not path.exists():
                    raise NoPartError("{file} was removed", file=path)
                engine = open_database(path, MONTH, is_large=True)
                opened = self._engines[part] = engine, Guard(engine, path)
            self._engines.move_to_end(part)
            self._users[part] += 1
            too_many = [self._engines.popitem(last=False)[1][0] for _ in range(len(self._engines) - OPEN)]
        for old in too_many:
            old.dispose()
        return opened[0]


def month_of(at_us: int) -> str:
    """Return the month of a time, "2026-11"; beyond the calendar, its first or last one."""
    return f"{_EPOCH + timedelta(microseconds=min(max(at_us, 0), _LATEST_US)):%Y-%m}"


def span_of(part: str) -> tuple[int, int]:
    """Return beginning and end of what a part can hold, µs UTC; the first and the last month have no outer end."""
    year, month = map(int, month_in(part).split("-"))
    first = datetime(year, month, 1, tzinfo=UTC)
    start = -NEVER_US if first == _EPOCH else (first - _EPOCH) // _MICROSECOND
    is_last = (year, month) == (9999, 12)
    return start, NEVER_US if is_last else month_span((first - _EPOCH) // _MICROSECOND)[1]


def month_span(at_us: int) -> tuple[int, int]:
    """Return beginning and end of the month of a time, µs UTC."""
    first = (_EPOCH + timedelta(microseconds=at_us)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return (first - _EPOCH) // _MICROSECOND, (following - _EPOCH) // _MICROSECOND
