"""The audit: rows that are on the disk before anything they speak of happens, and that nobody changes afterwards.

Called from the station's workers and, right before a write leaves, from driver workers; a lock makes one writer of
them. Every method blocks on the disk. A broken audit doesn't stop the station: `error` says what is wrong, commands
are refused, and every new attempt tries again.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select

from database.chain import GENESIS, digest, storable
from database.engine import open_database
from database.errors import DamagedError, DatabaseError, clear_errors
from database.guard import Guard
from database.head import Head, Position
from history.manual_change import ManualChange
from plant_models.clock import Clock
from plant_models.message import message, words_of
from station.chain import AuditEntry
from station.kept import MANUAL, KeptValue
from station.protocol import CommandState
from station.store.manual_rows import manual_rows
from station.store.recovery import (
    closing_entries,
    hash_at,
    kept_values,
    last_position,
    restored_entry,
    start_entries,
)
from station.store.tables import AUDIT, EPOCH

DATABASE_NAME: Final = "station.sqlite"
HEAD_NAME: Final = "station.head"
WAIT_S: Final = 5.0
"""Longer than a locked file keeps anybody: whoever waits longer waits for a disk that hangs."""
CLOSE_S: Final = 1.0


class Audit:
    """The chained audit of one station in its data folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / DATABASE_NAME
        self._head = Head(folder / HEAD_NAME)
        self._clock = clock
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._guard: Guard | None = None
        self._position = Position("", 0, 0, GENESIS)
        self._doubtful: Position | None = None
        self._is_open = self._is_head_due = self._is_unproven = False
        self._error = self._damage = ""

    @property
    def error(self) -> str:
        """Why a row could not be written, until one is on the disk, or why none could be now; else empty."""
        return self._error

    @property
    def damage(self) -> str:
        """What this start found missing or changed, in words; empty if the audit was whole."""
        return self._damage

    def open(self) -> None:
        """Begin a new epoch and close the commands that the last one left open.

        Raises:
            DatabaseError: the file can't be used now; every `append` tries again.
        """
        with self._held():
            self._is_open = True
        self.append()

    def append(self, *entries: AuditEntry) -> None:
        """Write rows in one transaction; on return they are on the disk.

        Without rows look whether the file can be written. That finds no full disk, so after rows that could not be
        written it commits a row that says so: only that proves that there is room again.

        Raises:
            DatabaseError: they are not, or the checkpoint isn't; `error` keeps the words.
        """
        with self._held():
            if not self._is_open:
                raise DatabaseError("{file} is not open; the station is not running", file=self._path)
            try:
                self._append(entries)
            except Exception as error:
                self._error = words_of(error)
                raise
            self._error = ""

    def knows(self, command_id: str) -> bool:
        """Tell whether a command with this id was ever recorded.

        Raises:
            DatabaseError: the audit can't be read.
        """
        with self.reading() as connection:
            return connection.execute(select(AUDIT.c.seq).where(AUDIT.c.command_id == command_id)).first() is not None

    def kept(self) -> tuple[tuple[KeptValue, ...], tuple[KeptValue, ...]]:
        """Return the newest manual value and the newest verified command of each tag from the runs before this one.

        Raises:
            DatabaseError: the audit can't be read.
        """
        with self.reading() as connection:
            before = self._position.epoch
            commanded = kept_values(connection, before, "command", CommandState.VERIFIED)
            return kept_values(connection, before, MANUAL), commanded

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read from.

        Raises:
            DatabaseError: the audit can't be read.
        """
        with self._held():
            engine = self._engine
        if engine is None:
            raise DatabaseError(self._error or message("{file} is not open", file=self._path))
        with clear_errors(self._path), engine.connect() as connection:
            yield connection

    def manual_changes(self, after: tuple[int, int]) -> tuple[list[ManualChange], tuple[int, int]]:
        """Return the rows about manual values after a position (epoch, seq), in order, and up to where that is.

        Raises:
            DatabaseError: the audit can't be read.
        """
        with self.reading() as connection:
            newest = last_position(connection)
            until = (newest.epoch, newest.seq) if newest else after
            return manual_rows(connection, after, until), until

    def close(self) -> None:
        """Release the file for good: a driver that comes late can't write any more.

        Raises:
            DatabaseError: the disk doesn't answer; the file is left behind.
        """
        self._is_open = False
        with self._held(CLOSE_S):
            engine, self._engine, self._guard = self._engine, None, None
        if engine is not None:
            engine.dispose()

    @contextmanager
    def _held(self, wait_s: float | None = None) -> Iterator[None]:
        """One at a time; nobody waits for ever behind one that hangs on the disk."""
        if not self._lock.acquire(timeout=wait_s or WAIT_S):
            error = DatabaseError("{file}: the disk doesn't answer", file=self._path)
            self._error = words_of(error)
            raise error
        try:
            yield
        finally:
            self._lock.release()

    def _append(self, entries: Iterable[AuditEntry]) -> None:
        engine, guard = self._engine, self._guard
        if engine is None or guard is None:
            engine, guard = self._begin()
        if not entries and self._is_unproven:
            entries = [restored_entry(self._error)]
        if self._is_head_due or not entries:
            self._take(self._position)
        if entries:
            guard.check_file()
            self._is_unproven = True
            self._settle_doubt(engine)
            self._write(engine, entries)
            self._is_unproven = False
        else:
            guard.check()

    def _begin(self) -> tuple[Engine, Guard]:
        with suppress(
            DamagedError
        ):  # told of below; one that can't be read is, before the whole file is checked for it
            self._head.read()
        engine = open_database(self._path)
        guard = Guard(engine, self._path)
        try:
            with clear_errors(self._path), engine.begin() as connection:
                position = self._new_epoch(connection)
        except DatabaseError:
            engine.dispose()
            raise
        self._engine, self._guard = engine, guard
        self._take(position)
        return engine, guard

    def _new_epoch(self, connection: Connection) -> Position:
        last = last_position(connection)
        head, misfit = self._head.compare(last is not None, lambda place: hash_at(connection, place))
        self._damage = words_of(misfit) if misfit else self._damage
        start = Position(
            (last or head or Position(uuid4().hex, 0, 0, GENESIS)).station,
            max(last.epoch if last else 0, head.epoch if head else 0) + 1,
            0,
            last.hash if last else GENESIS,
        )
        connection.execute(
            insert(EPOCH).values(
                station=start.station,
                epoch=start.epoch,
                started_at_us=self._clock.wall_us(),
                started_mono_ns=self._clock.mono_ns(),
                process=os.getpid(),
            )
        )
        entries = [*start_entries(connection, self._damage), *closing_entries(connection)]
        return self._insert(connection, start, entries)

    def _write(self, engine: Engine, entries: Iterable[AuditEntry]) -> None:
        with clear_errors(self._path), engine.begin() as connection:
            position = self._insert(connection, self._position, entries)
            self._doubtful = position  # until the commit has returned nobody knows whether the rows are there
        self._doubtful = None
        self._take(position)

    def _settle_doubt(self, engine: Engine) -> None:
        """After a commit that failed half-way: go on after its rows if they are there after all."""
        if self._doubtful is None:
            return
        with clear_errors(self._path), engine.connect() as connection:
            last = last_position(connection)
        if last == self._doubtful:
            self._position = self._doubtful
        self._doubtful = None

    def _insert(self, connection: Connection, position: Position, entries: Iterable[AuditEntry]) -> Position:
        for entry in entries:
            columns: dict[str, Any] = {name: storable(value) for name, value in asdict(entry).items()}
            columns |= {"station": position.station, "epoch": position.epoch, "seq": position.seq + 1}
            columns |= {"at_us": self._clock.wall_us(), "mono_ns": self._clock.mono_ns()}
            mark = digest(position.hash, columns)
            connection.execute(insert(AUDIT).values(columns | {"prev_hash": position.hash, "hash": mark}))
            position = Position(position.station, position.epoch, position.seq + 1, mark)
        return position

    def _take(self, position: Position) -> None:
        self._position, self._is_head_due = position, True
        self._head.write(position)
        self._is_head_due = False
