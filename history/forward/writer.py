"""One station writes to a server at a time: a lock that ends with its connection, and an epoch that fences off others.

Whoever gets the lock makes the epoch greater by one. Each transaction that writes asks for the epoch first and keeps it
from changing until it ends: so a station that lost the lock, and doesn't know yet, changes nothing. The forwarder's
thread calls `hold` and `close`; `fence` and `is_writer` belong to any thread.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects.postgresql import insert

from database.errors import DatabaseError, clear_errors
from history.forward.pooler import check_direct
from history.store.tables import RECORDER
from plant_models.clock import Clock
from plant_models.message import message

WRITER_LOCK: Final = 0x434C5257_0002
_ONE: Final = 1
TAKE_S: Final = 5.0
"""How long a take-over waits for a transaction of the writer before."""
_log = structlog.get_logger()


class Writer:
    """The right of a station, whose name `node` gives, to write to the server that messages call `name`."""

    def __init__(self, name: str, node: Callable[[], str], clock: Clock) -> None:
        self._name, self._node, self._clock = name, node, clock
        self._connection: Connection | None = None
        self._epoch: int | None = None
        self._is_direct = False
        self.standing_by = ""
        """Who writes instead, and since when; empty while this station does, or if nobody knows."""

    @property
    def is_writer(self) -> bool:
        """Whether this station may write, as far as it knows; `fence` is sure."""
        return self._epoch is not None

    def fence(self, connection: Connection) -> None:
        """Make sure that this station is the writer until the transaction of `connection` ends; call it first in each.

        Raises:
            DatabaseError: it isn't; roll back.
        """
        mine, query = self._epoch, select(RECORDER.c.epoch).where(RECORDER.c.id == _ONE)
        with clear_errors(self._name):
            epoch = connection.execute(query.with_for_update(read=True)).scalar()
        if mine is None or epoch != mine:
            raise DatabaseError("{file} is written by another station", file=self._name)

    def hold(self, engine: Engine) -> bool:
        """Keep the right to write, or get it if it is free; False while another station has it.

        Raises:
            DatabaseError: the server can't be asked; then the right is gone, and `close` must follow.
        """
        try:
            with clear_errors(self._name):
                if self._epoch is None or not self._is_mine():
                    self._try(engine)
        except DatabaseError:
            self._epoch, self.standing_by = None, ""
            raise
        return self._epoch is not None

    def close(self) -> None:
        """Let go of the lock, so that another station may have it."""
        connection, self._connection, self._epoch = self._connection, None, None
        self.standing_by, self._is_direct = "", False
        if connection is not None:
            connection.invalidate()  # a lock ends with its session; it mustn't go back into the pool
            connection.close()

    def _is_mine(self) -> bool:
        return self._connection is not None and self._present(self._connection)[0] == self._epoch

    def _present(self, connection: Connection) -> tuple[Any, ...]:
        query = select(RECORDER.c.epoch, RECORDER.c.node, RECORDER.c.since_us).where(RECORDER.c.id == _ONE)
        return tuple(connection.execute(query).first() or (0, "", 0))

    def _try(self, engine: Engine) -> None:
        self._epoch = None
        if self._connection is None:
            self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not self._is_direct:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                check_direct(self._connection, other, self._name)
            self._is_direct = True
        if self._connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": WRITER_LOCK}).scalar_one():
            self._take(self._connection)
        else:
            _, node, since_us = self._present(self._connection)
            self._stand_by(node, since_us)

    def _take(self, connection: Connection) -> None:
        """Begin an epoch; a transaction of the one before that still runs is waited for, but not for ever."""
        mine: dict[str, Any] = {"node": self._node(), "since_us": self._clock.wall_us()}
        row = insert(RECORDER).values(id=_ONE, epoch=1, **mine)
        row = row.on_conflict_do_update(index_elements=["id"], set_={"epoch": RECORDER.c.epoch + 1, **mine})
        connection.exec_driver_sql(f"SET lock_timeout = {round(TAKE_S * 1000)}")
        self._epoch = connection.execute(row.returning(RECORDER.c.epoch)).scalar_one()
        self.standing_by = ""
        _log.info("history: this station writes to the server", server=self._name, epoch=self._epoch)

    def _stand_by(self, node: str, since_us: int) -> None:
        since = datetime.fromtimestamp(since_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        words = message("{node} writes since {since}", node=node or "?", since=since)
        if words != self.standing_by:
            _log.warning("history: another station writes to the server", server=self._name, node=node, since=since)
        self.standing_by = words
