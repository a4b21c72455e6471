"""Where history is packed: an opened database, whichever it is, and what the ids in its frames mean. Any thread.

The file of a station and a server have the same tables of frames and minutes. They differ in three things: a server
translates the ids of each source, asks before each transaction who may write, and shows a reader one moment only if it
is told to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from sqlalchemy import Connection, Engine, select

from database.deadline import cut_after
from database.errors import clear_errors
from history.columns import Ids
from history.store.tables import ALIAS, TAG

READ_S: Final = 5.0
WRITE_S: Final = 60.0
"""How long reading or writing waits for a server that has stopped answering."""


@dataclass(frozen=True, slots=True)
class Alias:
    """How ids in the frames of a source translate: `local[i]`, rising, means the tag `tags[i]`.

    Without `local` they are those of the database itself, and `tags` are those of the plant.
    """

    local: Ids | None
    tags: Ids

    def tags_of(self, ids: Ids) -> Ids:
        """Return the tags that ids in frames mean, -1 for an id that means none."""
        if self.local is None:
            return ids
        local, tags = np.append(self.local, -1), np.append(self.tags, -1)
        at = np.searchsorted(self.local, ids)
        return np.where(local[at] == ids, tags[at], -1)

    def local_of(self, tags: Ids) -> Ids:
        """Return the ids, rising, by which frames call these (rising) tags."""
        return tags if self.local is None else self.local[np.isin(self.tags, tags)]


@dataclass(frozen=True, slots=True)
class Place:
    """An opened database; `where` is what messages call it."""

    engine: Engine
    where: Path | str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give one moment of the database.

        Raises:
            DatabaseError: it can't be read.
        """
        with clear_errors(self.where), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction; it is on the disk when the block ends.

        Raises:
            DatabaseError: nothing was changed.
        """
        with clear_errors(self.where), self.engine.begin() as connection:
            yield connection

    def alias(self, connection: Connection, source: int) -> Alias:  # noqa: ARG002 - a file has one source
        """Return what ids in the frames of a source mean, as of the moment of the connection; in a file, themselves."""
        return Alias(None, np.array(sorted(connection.execute(select(TAG.c.id)).scalars()), np.int64))


@dataclass(frozen=True, slots=True)
class ServerPlace(Place):
    """A server. `fence` is called first in each transaction and raises DatabaseError if another station writes now."""

    snapshots: Engine
    fence: Callable[[Connection], None]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give one moment of the database, however many statements look at it."""
        with clear_errors(self.where), self.snapshots.connect() as connection, cut_after(connection, READ_S):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction of the one station that writes."""
        with (
            clear_errors(self.where),
            self.engine.connect() as connection,
            cut_after(connection, WRITE_S),
            connection.begin(),
        ):
            self.fence(connection)
            yield connection

    def alias(self, connection: Connection, source: int) -> Alias:
        """Return what the ids of a source mean."""
        query = select(ALIAS.c.local, ALIAS.c.tag).where(ALIAS.c.src == source).order_by(ALIAS.c.local)
        rows = np.array([tuple(row) for row in connection.execute(query)], np.int64).reshape(-1, 2)
        return Alias(rows[:, 0].copy(), rows[:, 1].copy())


class Writer(Protocol):
    """Who knows which of several stations writes on a server."""

    @property
    def is_writer(self) -> bool:
        """Whether it is this station; nobody waits for the answer."""

    def fence(self, connection: Connection) -> None:
        """Let a transaction go on that has just begun, and keep another station from taking over until it ends.

        Raises:
            DatabaseError: another station writes now.
        """


class Home(Protocol):
    """Who opens a place and knows the tags in it."""

    @property
    def is_open(self) -> bool:
        """Whether something can be packed there now."""

    def place(self) -> Place:
        """Return the opened database.

        Raises:
            DatabaseError: it can't be opened now.
        """

    def row_of(self, tag: int) -> int | None:
        """Return the row of the plant's table for an id, None for a tag that the plant doesn't have."""
