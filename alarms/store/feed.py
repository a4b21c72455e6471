"""The journal as rows that go to a server, in their order. Thread of the forwarder."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, tuple_

from alarms.store.journal import Journal
from alarms.store.tables import JOURNAL


class JournalFeed:
    """Fulfils `history.forward.feed.Feed`. `node` names the file: only the audit in it has a name."""

    table = JOURNAL.name

    def __init__(self, journal: Journal, node: Callable[[], str]) -> None:
        self._journal, self._node = journal, node

    def node(self) -> str:
        """Return what tells the file from all others."""
        return self._node()

    def newest(self) -> tuple[int, int]:
        """Return epoch and number of the newest row, zeros without one.

        Raises:
            DatabaseError: the file can't be read.
        """
        newest = select(JOURNAL.c.epoch, JOURNAL.c.seq).order_by(JOURNAL.c.epoch.desc(), JOURNAL.c.seq.desc()).limit(1)
        with self._journal.reading() as connection:
            epoch, seq = connection.execute(newest).first() or (0, 0)
        return epoch, seq

    def after(self, place: tuple[int, int], limit: int) -> list[dict[str, Any]]:
        """Return the oldest rows after a place, in order, with all columns.

        Raises:
            DatabaseError: the file can't be read.
        """
        at = tuple_(JOURNAL.c.epoch, JOURNAL.c.seq)
        query = select(JOURNAL).where(at > place).order_by(JOURNAL.c.epoch, JOURNAL.c.seq).limit(limit)
        with self._journal.reading() as connection:
            return [{str(name): value for name, value in row.items()} for row in connection.execute(query).mappings()]
