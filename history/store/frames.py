"""Frames in their file: the recorder thread opens and writes it, queries read it from any thread.

A damaged file is put aside under another name and a new one begun; both is told. Anything else that is wrong leaves the
file as it is.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, delete, insert, select

from database.aside import files_aside, put_aside
from database.engine import open_database
from database.errors import DamagedError, DatabaseError, clear_errors
from database.guard import Guard
from database.migrate import HISTORY
from history.chunks.samples import Samples
from history.codec import CODEC, CodecError, Picker, checksum, encode
from history.columns import Columns, concatenate
from history.series import NO_DATA
from history.store.minutes import group_of, hours_with_segments, read_blocks
from history.store.tables import FRAME, SOURCE, TAG

FILE_NAME: Final = "history.sqlite"
_OWN_SOURCE: Final = 1
HOUR_US: Final = 3_600_000_000
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class End:
    """Where what is on disk ends: the number of the newest frame, and when it was written; 0, None without one."""

    seq: int
    at_us: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """The opened file: its guard, the number of its station, and the id of each name."""

    engine: Engine
    guard: Guard
    source: int
    ids: NDArray[np.int64]


class FrameStore:
    """The frames of one station. Ids in the columns that go in and come out are rows of `names`."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._path = folder / FILE_NAME
        self._names = tuple(names)
        self._lock = threading.Lock()
        self._open: Place | None = None
        self._next_seq = 1
        self._is_suspect = self._is_doubtful = False
        self._unreadable: dict[int, str] = {}

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
                ids = self._ids(connection)
                newest = select(FRAME.c.seq, FRAME.c.at_us).where(FRAME.c.src == source)
                last = connection.execute(newest.order_by(FRAME.c.seq.desc()).limit(1)).first()
        except DatabaseError:
            engine.dispose()
            raise
        end = End(last[0], last[1]) if last else End(0, None)
        with self._lock:
            self._open, self._is_suspect, self._next_seq = Place(engine, guard, source, ids), False, end.seq + 1
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
        query = (
            select(FRAME)
            .where(FRAME.c.t0_us >= start_us // HOUR_US * HOUR_US, FRAME.c.t0_us < end_us, FRAME.c.t1_us >= start_us)
            .where(FRAME.c.seq <= until_seq, FRAME.c.src == place.source)
            .order_by(FRAME.c.seq)
        )
        picker, holes = Picker(wanted), list[int]()
        with self._noticing_damage(), clear_errors(self._path), place.engine.connect() as connection:
            minutes = list(_minutes(connection, wanted.tolist(), start_us, end_us))
            for frame in connection.execute(query):
                self._pick(picker, holes, tuple(frame))
        found = concatenate([*minutes, picker.columns()])
        return concatenate([found.with_ids(table_rows[np.searchsorted(wanted, found.ids)]), no_data(table_rows, holes)])

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

    def place(self) -> Place:
        """Return the opened file.

        Raises:
            DatabaseError: it isn't open.
        """
        with self._lock:
            if self._open is None:
                raise DatabaseError("{file} is not open", file=self._path)
            return self._open

    def _source(self, connection: Connection) -> int:
        row = connection.execute(select(SOURCE.c.id)).first()
        if row is not None:
            known: int = row[0]
            return known
        connection.execute(insert(SOURCE).values(id=_OWN_SOURCE, node=uuid4().hex))
        return _OWN_SOURCE

    def _ids(self, connection: Connection) -> NDArray[np.int64]:
        """Return the id of each name; new names get one."""
        known = {name: number for number, name in connection.execute(select(TAG.c.id, TAG.c.name))}
        new = [{"name": name} for name in self._names if name not in known]
        if new:
            connection.execute(insert(TAG), new)
            known = {name: number for number, name in connection.execute(select(TAG.c.id, TAG.c.name))}
        return np.array([known[name] for name in self._names], np.int64)

    def _row(self, place: Place, part: Columns, seq: int, at_us: int) -> dict[str, Any]:
        t0_us, t1_us = int(part.time_us.min()), int(part.time_us.max())
        body = encode(part.with_ids(place.ids[part.ids]))
        header = (place.source, seq, t0_us, t1_us, at_us, len(part), CODEC)
        names = ("src", "seq", "t0_us", "t1_us", "at_us", "n", "codec")
        return {**dict(zip(names, header, strict=True)), "crc": checksum(header, body), "body": body}

    def _pick(self, picker: Picker, holes: list[int], frame: tuple[Any, ...]) -> None:
        """Take what is wanted from a frame, or note where one begins that can't be read."""
        src, seq, t0_us, t1_us, at_us, n, codec, crc, body = frame
        try:
            if checksum((src, seq, t0_us, t1_us, at_us, n, codec), body) != crc:
                raise CodecError("its checksum doesn't fit")
            picker.add(codec, body, n, t0_us)
        except CodecError as error:
            holes.append(t0_us)
            if seq not in self._unreadable:
                self._unreadable[seq] = str(error)
                _log.error("history: a frame can't be read", seq=seq, reason=str(error))

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        try:
            yield
        except DamagedError:
            self._is_suspect = True
            raise


def _minutes(connection: Connection, tags: list[int], start_us: int, end_us: int) -> Iterator[Columns]:
    """Return the samples of tag ids in minutes that aren't packed into hours yet."""
    groups: dict[int, list[int]] = {}
    for tag in tags:
        groups.setdefault(group_of(tag), []).append(tag)
    for group, members in sorted(groups.items()):
        for hour_us in hours_with_segments(connection, group, start_us, end_us):
            blocks, broken = read_blocks(connection, hour_us, group, members, (start_us, end_us))
            yield no_data(np.array(members, np.int64), [each.t0_us for each in broken])
            for block in blocks:
                yield columns_of(block.tags, block.samples)


def columns_of(ids: NDArray[np.int64], samples: Samples) -> Columns:
    """Return packed samples as columns; of their times only the place on the axis is kept."""
    times = samples.times_us
    return Columns(ids, samples.values, samples.qualities, times, times, times)


def _check_not_emptied(path: Path) -> None:
    """A file of no bytes was more once: begun anew in silence it would pass for a history in which nothing happened."""
    if path.is_file() and not path.stat().st_size:
        raise DamagedError("{file} is empty", file=path)


def no_data(tags: NDArray[np.int64], holes: Sequence[int]) -> Columns:
    """Return what stands for blobs that can't be read: from their beginnings, no data of any of the tags."""
    ids, times = np.tile(tags, len(holes)), np.repeat(np.array(holes, np.int64), len(tags))
    n = len(ids)
    return Columns(ids, np.full(n, np.nan), np.full(n, NO_DATA, np.uint16), times, times, times)
