"""The audit as rows that go to a server, in their order. Thread of the forwarder."""

from typing import Any

from database.ordered_rows import Position, newest_position, rows_after
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

    def newest(self) -> Position:
        """Return epoch and number of the newest row, zeros without one.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._audit.reading() as connection:
            return newest_position(connection, AUDIT)

    def after(self, place: Position, limit: int) -> list[dict[str, Any]]:
        """Return the oldest rows after a place, in order, with all columns.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._audit.reading() as connection:
            return rows_after(connection, AUDIT, place, limit)
