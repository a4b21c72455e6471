"""What a server has received and not packed into hours yet; packer and queries use it like the file of a station.

Any thread. A tag is known to the server by its name and kind only: its id there may come with the next frame.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import structlog
from sqlalchemy import Connection, select

from history.columns import Columns, concatenate
from history.store.place import ServerPlace, Writer
from history.store.series import Series
from history.store.server import Server
from history.store.tables import TAG
from history.store.unpacked import read_unpacked

FEW: Final = 500
"""For more tags it is quicker to ask for all of them than to name each."""
_log = structlog.get_logger()


class Served:
    """Frames and minutes on a server. Ids in what comes out are rows of `series`. Packed while `writer` says so."""

    def __init__(self, server: Server, series: Sequence[Series], writer: Writer) -> None:
        self._server = server
        self._series = tuple(series)
        self._rows = {each.key: row for row, each in enumerate(series)}
        self._writer = writer
        self._known: dict[int, int | None] = {}
        self._told: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Whether this station packs what the server has."""
        return self._writer.is_writer

    def place(self) -> ServerPlace:
        """Return the opened server.

        Raises:
            OutOfReachError: it can't be reached.
        """
        return self._server.place()

    def row_of(self, tag: int) -> int | None:
        """Return the row of the table for an id, None for a tag of another plant or time.

        Raises:
            DatabaseError: it had to be asked for, and can't be.
        """
        if tag not in self._known:
            with self.place().reading() as connection:
                named = connection.execute(select(TAG.c.id, TAG.c.name, TAG.c.kind)).all()
            self._known = {number: self._rows.get((name, kind)) for number, name, kind in named}
        return self._known.setdefault(tag, None)

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:  # noqa: ARG002
        """Return the samples of some tags that touch [start_us, end_us), in order of their source and number.

        All that the server has: `until_seq` is about the file of the station.

        Raises:
            OutOfReachError: the server can't be reached.
        """
        with self._server.reached() as place, place.reading() as connection:
            tags = dict(self._tags(connection, rows))
            wanted = np.array(sorted(tags), np.int64)
            if not len(wanted):
                return concatenate([])
            found, broken = read_unpacked(connection, place, wanted, (start_us, end_us))
        for each in broken:
            if each.what not in self._told:
                self._told.add(each.what)
                each.tell()
        table_rows = np.array([tags[tag] for tag in wanted.tolist()], np.int64)
        return found.with_ids(table_rows[np.searchsorted(wanted, found.ids)])

    def tags_of(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return (row, id) of those of the rows that the server knows.

        Raises:
            OutOfReachError: the server can't be reached.
        """
        with self._server.reached() as place, place.reading() as connection:
            return [(row, tag) for tag, row in self._tags(connection, rows)]

    def _tags(self, connection: Connection, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return (id, row): asked anew each time, since a server may have been restored meanwhile."""
        query, wanted = select(TAG.c.id, TAG.c.name, TAG.c.kind), {self._series[row].key: row for row in rows}
        if len(wanted) <= FEW:
            query = query.where(TAG.c.name.in_([name for name, _ in wanted]))
        found = connection.execute(query)
        return [(number, wanted[name, kind]) for number, name, kind in found if (name, kind) in wanted]
