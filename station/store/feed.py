"""The audit as rows that go to a server, in their order. Thread of the forwarder."""

from typing import Any

from sqlalchemy import select, tuple_

from station.store.audit import Audit
from station.store.recovery import last_position
from station.store.tables import AUDIT


class AuditFeed:
    """Fulfils `history.forward.feed.Feed`."""

    table = AUDIT.name

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def node(self) -> str:
        """Return the station that the rows name, which tells the file from all others; empty without a row.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._audit.reading() as connection:
            last = last_position(connection)
        return last.station if last else ""

    def newest(self) -> tuple[int, int]:
        """Return epoch and number of the newest row, zeros without one.

        Raises:
            DatabaseError: the file can't be read.
        """
        newest = select(AUDIT.c.epoch, AUDIT.c.seq).order_by(AUDIT.c.epoch.desc(), AUDIT.c.seq.desc()).limit(1)
        with self._audit.reading() as connection:
            epoch, seq = connection.execute(newest).first() or (0, 0)
        return epoch, seq

    def after(self, place: tuple[int, int], limit: int) -> list[dict[str, Any]]:
        """Return the oldest rows after a place, in order, with all columns.

        Raises:
            DatabaseError: the file can't be read.
        """
        at = tuple_(AUDIT.c.epoch, AUDIT.c.seq)
        query = select(AUDIT).where(at > place).order_by(AUDIT.c.epoch, AUDIT.c.seq).limit(limit)
        with self._audit.reading() as connection:
            return [{str(name): value for name, value in row.items()} for row in connection.execute(query).mappings()]
