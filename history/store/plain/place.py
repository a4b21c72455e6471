"""Where the tables for other programs stand: `tables.sqlite` in the data folder, or a server. Any thread; blocks.

A file that is damaged is put aside under another name and a new one begun, which is then filled from packed history.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine

from database.aside import files_aside, put_aside
from database.engine import open_database
from database.errors import DamagedError, clear_errors
from database.guard import Guard
from database.migrate import TABLES
from database.server import open_server, server_name
from history.store.place import Home
from history.store.plain.salvage import salvage
from history.store.plain.schema import TABLES_NAME
from plant_models.clock import Clock

_log = structlog.get_logger()


class TablesPlace(Protocol):
    """Gives transactions."""

    @property
    def opened(self) -> int:
        """Greater once it was opened or begun anew: whoever keeps it in step with something does that again."""

    @property
    def files_aside(self) -> tuple[Path, ...]:
        """Damaged files that were put aside and still lie there."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a transaction; it is on the disk when the block ends.

        Raises:
            DatabaseError: nothing was changed.
        """

    def close(self) -> None:
        """Release it."""


class TablesFile:
    """`tables.sqlite` in a folder, opened when it is first needed."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / TABLES_NAME
        self._clock = clock
        self._lock = threading.Lock()
        self._open: tuple[Engine, Guard] | None = None
        self.opened = 0

    @property
    def files_aside(self) -> tuple[Path, ...]:
        return files_aside(self._path)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        engine, guard = self._engine()
        try:
            with clear_errors(self._path):
                guard.check_file()
                with engine.begin() as connection:
                    yield connection
        except DamagedError as error:
            self._begin_anew(engine, error)
            raise

    def close(self) -> None:
        with self._lock:
            found, self._open = self._open, None
        if found is not None:
            found[0].dispose()

    def _engine(self) -> tuple[Engine, Guard]:
        with self._lock:
            if self._open is None:
                engine = self._opened()
                self._open = engine, Guard(engine, self._path)
                self.opened += 1
            return self._open

    def _opened(self) -> Engine:
        try:
            return open_database(self._path, TABLES, is_large=True)
        except DamagedError as error:
            return self._remade(error)

    def _begin_anew(self, engine: Engine, error: DamagedError) -> None:
        """Put the file aside, unless another thread has done so."""
        with self._lock:
            if self._open is None or self._open[0] is not engine:
                return
            self._open = None
            self.opened += 1
            engine.dispose()
            self._remade(error).dispose()

    def _remade(self, error: DamagedError) -> Engine:
        aside = put_aside(self._path, self._clock.wall_us())
        _log.error("history: tables.sqlite is damaged and was put aside", error=str(error), file=str(aside))
        engine = open_database(self._path, TABLES, is_large=True)
        with clear_errors(self._path), engine.begin() as connection:
            rows = salvage(aside, connection)
        _log.warning("history: what a person had entered was taken over from the damaged tables", rows=rows)
        return engine


@contextmanager
def tables_beside(folder: Path) -> Iterator[Connection]:
    """Give a transaction on the tables of a folder whose station may be running; nothing is put aside.

    Raises:
        DatabaseError: nothing was changed.
    """
    path = folder / TABLES_NAME
    engine = open_database(path, TABLES, is_large=True)
    try:
        with clear_errors(path), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def tables_on_server(address: str) -> Iterator[Connection]:
    """Give a transaction on the tables of a server.

    Raises:
        DatabaseError: nothing was changed.
    """
    engine = open_server(address)
    try:
        with clear_errors(server_name(address)), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


class TablesServer:
    """The tables on the server where history stands; only the station that writes there may."""

    files_aside: tuple[Path, ...] = ()
    opened = 1

    def __init__(self, home: Home) -> None:
        self._home = home

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._home.place().writing() as connection:
            yield connection

    def close(self) -> None:
        """Leave the server to whoever opened it."""
