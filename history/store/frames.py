"""Frames in their file: the recorder thread opens and writes it, queries read it from any thread.

A damaged file is put aside under another name and a new one begun; both is told. Anything else that is wrong leaves the
file as it is.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from database.aside import files_aside, put_aside
from database.engine import open_database
from database.errors import DamagedError, DatabaseError, clear_errors
from database.guard import Guard
from database.migrate import HISTORY
from history.clock_watch import ClockStep
from history.codec import checksum, codec_of, encode
from history.columns import Columns, concatenate
from history.store.broken import BrokenBlob
from history.store.part_files import NEWEST
from history.store.place import Alias, Place
from history.store.series import Series, UnitChange, ids_of
from history.store.tables import CLOCK_EVENT, FRAME, SOURCE
from history.store.unpacked import HOUR_US, read_unpacked

_OWN_SOURCE: Final = 1
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class End:
    """Where what is on disk ends: the number of the newest frame, and when it was written; 0, None without one."""

    seq: int
    at_us: int | None


@dataclass(frozen=True, slots=True)
class FilePlace(Place):
    """The opened file: its guard, the number of its station, and the id of each name."""

    guard: Guard
    source: int
    ids: NDArray[np.int64]

    def row_of(self, tag: int) -> int | None:
        """Return the row of the table for an id."""
        at = np.flatnonzero(self.ids == tag)
        return int(at[0]) if len(at) else None

    def alias(self, connection: Connection, source: int) -> Alias:  # noqa: ARG002 - the file has one source
        """Return that ids in frames are those of the file."""
        return Alias(None, np.sort(self.ids))


class FrameStore:
    """The frames of one station. Ids in the columns that go in and come out are rows of `series`.

    A name alone is a series of numbers of which the unit isn't told.
    """

    def __init__(self, folder: Path, series: Sequence[Series | str]) -> None:
        self._path = folder / NEWEST
        self.series = [Series(each) if isinstance(each, str) else each for each in series]
        self.unit_changes: list[UnitChange] = []
        """Units that were found to be others than at the last start."""
        self._lock = threading.Lock()
        self._open: FilePlace | None = None
        self._next_seq = 1
        self._is_suspect = self._is_doubtful = False
        self._unreadable: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """False before `open`, and once a read or write found the file damaged: then close it and open it again."""
        return self._open is not None and not self._is_suspect

    @property
    def unreadable(self) -> int:
        """How many frames were found that can't be read."""
        return len(self._unreadable)

    @property
    def files_aside(self) -> tuple[Path, ...]:
        """Damaged files that were put aside and still lie in the folder."""
        return files_aside(self._path)

    @property
    def size_bytes(self) -> int:
        """What the file and its log take on the disk."""
        parts = (self._path, Path(f"{self._path}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def open(self, at_us: int) -> End:
        """Open the file, or begin a new one; a damaged one is put aside first.

        Raises:
            DatabaseError: it can't be used now.
        """
        self.close()
        try:
            _check_not_emptied(self._path)
            engine = open_database(self._path, HISTORY)
        except DamagedError as error:
            aside = put_aside(self._path, at_us)
            _log.error("history: the file is damaged and was put aside", error=str(error), file=str(aside))
            engine = open_database(self._path, HISTORY)
        guard = Guard(engine, self._path)
        try:
            with clear_errors(self._path), engine.begin() as connection:
                source = self._source(connection)
                ids, changes = ids_of(connection, self.series, self._path.parent, at_us)
                newest = select(FRAME.c.seq, FRAME.c.at_us).where(FRAME.c.src == source)
                last = connection.execute(newest.order_by(FRAME.c.seq.desc()).limit(1)).first()
        except DatabaseError:
            engine.dispose()
            raise
        self.unit_changes += changes
        end = End(last[0], last[1]) if last else End(0, None)
        with self._lock:
            place = FilePlace(engine, self._path, guard, source, ids)
            self._open, self._is_suspect, self._next_seq = place, False, end.seq + 1
        return end

    def append(self, columns: Columns, at_us: int) -> tuple[int, int]:
        """Write samples in one transaction; on return they are on the disk. Return the first and last frame's number.

        One frame, unless the samples lie in several hours (UTC): a frame never spans two, so that whoever looks for an
        hour finds it by the frames' beginning.

        Raises:
            DatabaseError: nothing was written.
        """
        place = self.place()
        hours = columns.time_us // HOUR_US
        parts = [columns] if hours.min() == hours.max() else [columns.take(hours == hour) for hour in np.unique(hours)]
        rows = [self._row(place, part, self._next_seq + number, at_us) for number, part in enumerate(parts)]
        with self._noticing_damage(), clear_errors(self._path):
            place.guard.check_file()
            with place.engine.begin() as connection:
                if self._is_doubtful:  # a commit that failed may have been one after all
                    connection.execute(delete(FRAME).where(FRAME.c.src == place.source, FRAME.c.seq >= self._next_seq))
                self._is_doubtful = True
                connection.execute(insert(FRAME), rows)
            self._is_doubtful = False
        first, self._next_seq = self._next_seq, self._next_seq + len(rows)
        return first, self._next_seq - 1

    def note_steps(self, steps: Sequence[ClockStep]) -> None:
        """Write steps of the wall clock (1 or more).

        Raises:
            DatabaseError: nothing was written.
        """
        place = self.place()
        with self._noticing_damage(), clear_errors(self._path):
            place.guard.check_file()
            with place.engine.begin() as connection:
                connection.execute(insert(CLOCK_EVENT), [asdict(step) for step in steps])

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return the samples of some tags in minutes and frames (up to `until_seq`) that touch [start_us, end_us).

        They come in the order in which they were recorded, from one snapshot. A frame that can't be read counts as one
        that says of these tags: no data from here. Before `open`: nothing.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._lock:
            place = self._open
        if place is None:
            return concatenate([])
        ids = place.ids[list(rows)]
        order = np.argsort(ids)
        wanted, table_rows = ids[order], np.array(rows, np.int64)[order]
        mine = (FRAME.c.seq <= until_seq, FRAME.c.src == place.source)
        with self._noticing_damage(), place.reading() as connection:
            found, broken = read_unpacked(connection, place, wanted, (start_us, end_us), mine)
        self._note(broken)
        return found.with_ids(table_rows[np.searchsorted(wanted, found.ids)])

    def oldest_us(self) -> int | None:
        """Return when the oldest frame that is still in the file was written, None without one or before `open`.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._lock:
            place = self._open
        if place is None:
            return None
        oldest = select(FRAME.c.at_us).where(FRAME.c.src == place.source).order_by(FRAME.c.seq).limit(1)
        with self._noticing_damage(), place.reading() as connection:
            return connection.execute(oldest).scalar()

    def close(self) -> None:
        """Release the file; does nothing if it isn't open."""
        with self._lock:
            place, self._open = self._open, None
        if place is not None:
            place.engine.dispose()

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def free_inside(self) -> int:
        """Return how many bytes the file can take before it grows.

        Raises:
            DatabaseError: it can't be asked.
        """
        place = self.place()
        with clear_errors(self._path), place.engine.connect() as connection:
            pages: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            size: int = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return pages * size

    def note_damage(self) -> None:
        """Somebody else found the file damaged: the recorder puts it aside."""
        self._is_suspect = True

    def place(self) -> FilePlace:
        """Return the opened file.

        Raises:
            DatabaseError: it isn't open.
        """
        with self._lock:
            if self._open is None:
                raise DatabaseError("{file} is not open", file=self._path)
            return self._open

    def row_of(self, tag: int) -> int | None:
        """Return the row of the table for an id, None for a tag that the plant doesn't have any more."""
        return self.place().row_of(tag)

    def tags_of(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return (row, id) of each row; nothing before `open`."""
        with self._lock:
            place = self._open
        return [] if place is None else [(row, int(place.ids[row])) for row in rows]

    def _source(self, connection: Connection) -> int:
        row = connection.execute(select(SOURCE.c.id)).first()
        if row is not None:
            known: int = row[0]
            return known
        connection.execute(insert(SOURCE).values(id=_OWN_SOURCE, node=uuid4().hex))
        return _OWN_SOURCE

    def _row(self, place: FilePlace, part: Columns, seq: int, at_us: int) -> dict[str, Any]:
        t0_us, t1_us = int(part.time_us.min()), int(part.time_us.max())
        body = encode(part.with_ids(place.ids[part.ids]))
        header = (place.source, seq, t0_us, t1_us, at_us, len(part), codec_of(part))
        names = ("src", "seq", "t0_us", "t1_us", "at_us", "n", "codec")
        return {**dict(zip(names, header, strict=True)), "crc": checksum(header, body), "body": body}

    def _note(self, broken: list[BrokenBlob]) -> None:
        """Count frames that can't be read, and name each once in the log."""
        for each in broken:
            if each.what not in self._unreadable:
                self._unreadable[each.what] = each.reason
                _log.error("history: a frame can't be read", what=each.what, reason=each.reason)

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        try:
            yield
        except DamagedError:
            self._is_suspect = True
            raise


def _check_not_emptied(path: Path) -> None:
    """A file of no bytes was more once: begun anew in silence it would pass for a history in which nothing happened."""
    if path.is_file() and not path.stat().st_size:
        raise DamagedError("{file} is empty", file=path)
