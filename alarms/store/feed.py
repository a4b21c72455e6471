"""The journal as rows that go to a server, in their order. Thread of the forwarder."""

from collections.abc import Callable
from typing import Any

from alarms.store.journal import Journal
from alarms.store.tables import JOURNAL
from database.ordered_rows import Position, newest_position, rows_after


class JournalFeed:
    """Fulfils `history.forward.feed.Feed`. `node` names the file: only the audit in it has a name."""

    table = JOURNAL.name

    def __init__(self, journal: Journal, node: Callable[[], str]) -> None:
        self._journal, self._node = journal, node

    def node(self) -> str:
        """Return what tells the file from all others."""
        return self._node()

    def newest(self) -> Position:
        """Return epoch and number of the newest row, zeros without one.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._journal.reading() as connection:
            return newest_position(connection, JOURNAL)

    def after(self, place: Position, limit: int) -> list[dict[str, Any]]:
        """Return the oldest rows after a place, in order, with all columns.

        Raises:
            DatabaseError: the file can't be read.
        """
        with self._journal.reading() as connection:
            return rows_after(connection, JOURNAL, place, limit)
