"""A server of history, opened when it is first needed: a station starts, records and ends without it. Any thread.

One that can't be reached holds up a query for seconds, and then no other one for a while.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from database.errors import DatabaseError
from database.server import open_server, server_name
from history.store.place import ServerPlace
from plant_models.clock import Clock

QUIET_NS: Final = 5_000_000_000
"""How long nobody who reads asks a server that couldn't be reached."""
_log = structlog.get_logger()


class OutOfReachError(DatabaseError):
    """What the server has isn't known now."""


class Server:
    """The server at an address. `fence` is called first in each transaction that writes."""

    def __init__(self, address: str, clock: Clock, fence: Callable[[Connection], None]) -> None:
        self.name = server_name(address)
        self._address, self._clock, self._fence = address, clock, fence
        self._lock = threading.Lock()
        self._place: ServerPlace | None = None
        self._failure: DatabaseError | None = None
        self._quiet_until_ns = 0

    def place(self) -> ServerPlace:
        """Return the opened server; its schema is made or brought to the newest version when it is opened.

        Raises:
            OutOfReachError: it can't be opened, or couldn't a moment ago.
        """
        with self._lock:
            if self._failure is not None and self._clock.mono_ns() < self._quiet_until_ns:
                raise _out_of_reach(self._failure)
            if self._place is None:
                try:
                    self._place = self._opened()
                except DatabaseError as error:
                    self._note(error)
                    raise _out_of_reach(error) from error
            return self._place

    @contextmanager
    def reached(self) -> Iterator[ServerPlace]:
        """Give the server to who reads.

        Raises:
            OutOfReachError: it can't be reached, and nobody shall wait for it for a while.
        """
        place = self.place()
        try:
            yield place
        except OutOfReachError:
            raise
        except DatabaseError as error:
            with self._lock:
                self._note(error)
            raise _out_of_reach(error) from error
        with self._lock:
            if self._failure is not None:
                _log.info("history: the server can be read again", server=self.name)
            self._failure = None

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            place, self._place = self._place, None
        if place is not None:
            place.engine.dispose()

    def _opened(self) -> ServerPlace:
        engine: Engine = open_server(self._address)
        return ServerPlace(engine, self.name, engine.execution_options(isolation_level="REPEATABLE READ"), self._fence)

    def _note(self, error: DatabaseError) -> None:
        if self._failure is None:
            _log.warning("history: the server can't be read", error=str(error))
        self._failure, self._quiet_until_ns = error, self._clock.mono_ns() + QUIET_NS


def _out_of_reach(error: DatabaseError) -> OutOfReachError:
    return OutOfReachError(error.template, **error.values)
