"""Both ends of a move: the files of a data folder, which stay as they are, and the server. Main thread.

The caller holds the lock of the folder; the right to write on the server is held here, so that no station packs there
meanwhile.
"""

import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from database.engine import open_database
from database.errors import DatabaseError
from database.migrate import HISTORY
from database.server import server_name
from history.exchange.kept import ReadOnlyMonths
from history.forward.names import bring_names, source_of
from history.forward.writer import Writer
from history.store.part_files import NEWEST
from history.store.partitions import Partitions
from history.store.place import Place
from history.store.series import Series
from history.store.server import Server
from history.store.tables import ALIAS, SOURCE, TAG
from plant_models.clock import Clock


@dataclass(frozen=True, slots=True)
class Ends:
    """`local` is the number of the station in its file, `src` on the server; `ids` translates ids of tags."""

    folder: Path
    file: Place
    months: ReadOnlyMonths
    server: Server
    parts: Partitions
    local: int
    src: int
    ids: dict[int, int]


@contextmanager
def both_ends(folder: Path, address: str, clock: Clock) -> Iterator[Ends]:
    """Give both ends; the server knows all tags of the file then.

    Raises:
        DatabaseError: one of them can't be used, or another station writes on the server.
    """
    path = folder / NEWEST
    if not path.is_file():
        raise DatabaseError("{file} doesn't exist; name the data folder of a station that has run", file=path)
    with ExitStack() as stack:
        engine = open_database(path, HISTORY)
        stack.callback(engine.dispose)
        file = Place(engine, path)
        with file.reading() as connection:
            found = connection.execute(select(SOURCE.c.id, SOURCE.c.node)).first()
            rows = connection.execute(select(TAG.c.id, TAG.c.name, TAG.c.kind, TAG.c.unit))
            series = {number: Series(name, kind, unit) for number, name, kind, unit in rows}
        if found is None:
            raise DatabaseError("{file} has no history", file=path)
        local, node = found
        server = _writable(stack, address, f"{platform.node()} ({node})", clock)
        with server.place().writing() as connection:
            src, _ = source_of(connection, node)
            bring_names(connection, src, series)
            means = connection.execute(select(ALIAS.c.local, ALIAS.c.tag).where(ALIAS.c.src == src))
            ids = {row.local: row.tag for row in means}
        months = ReadOnlyMonths(folder)
        stack.callback(months.close)
        yield Ends(folder, file, months, server, Partitions(server), local, src, ids)


def _writable(stack: ExitStack, address: str, label: str, clock: Clock) -> Server:

    writer = Writer(server_name(address), lambda: label, clock)
    server = Server(address, clock, writer.fence)
    stack.callback(server.close)
    stack.callback(writer.close)
    if not writer.hold(server.place().engine):
        raise DatabaseError(
            "{file} can't be moved to: {who}; stop that station", file=server.name, who=writer.standing_by
        )
    return server
