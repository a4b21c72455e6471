"""What brings frames to a server in tests of what happens to them there: no thread, and nothing ever goes wrong."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from database.server import open_server
from history.codec import checksum
from history.store.frames import FrameStore
from history.store.packed import upsert
from history.store.tables import ALIAS, FRAME, QUARANTINE, RECEIVED, SEGMENT, SOURCE, STALE, TAG


class OnlyWriter:
    """Says that this station writes, until a test says otherwise."""

    def __init__(self) -> None:
        self.writes = True
        self.refusal: Exception | None = None

    @property
    def is_writer(self) -> bool:
        return self.writes

    def fence(self, connection: Connection) -> None:
        if self.refusal is not None:
            raise self.refusal


class Forwarding:
    """Moves all frames of a file to a server."""

    def __init__(self, frames: FrameStore, address: str) -> None:
        self._frames = frames
        self._engine = open_server(address)

    def send(self) -> None:
        """Send what is in the file, and let go of it there."""
        place = self._frames.place()
        with place.engine.begin() as local, self._engine.begin() as server:
            node = local.execute(select(SOURCE.c.node)).scalar_one()
            names = dict(tuple(row) for row in local.execute(select(TAG.c.id, TAG.c.name)))
            rows = [dict(row) for row in local.execute(select(FRAME).order_by(FRAME.c.seq)).mappings()]
            put_frames(server, node, names, rows)
            local.execute(delete(FRAME))

    def close(self) -> None:
        self._engine.dispose()


def empty(address: str) -> None:
    """Take everything out of a server: a test may use its database more than once."""
    emptied = (ALIAS, FRAME, RECEIVED, SEGMENT, STALE, QUARANTINE, TAG, SOURCE)
    engine = open_server(address)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clearwell_%'"))
        statements = [f"DROP SCHEMA {schema} CASCADE" for schema in found.scalars()]
        found = connection.execute(
            text(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN "
                "('hist_chunk'::regclass, 'hist_rollup'::regclass)"
            )
        )
        statements += [f"DROP TABLE {name}" for name in found.scalars()]
        statements += [f"DELETE FROM {table.name}" for table in emptied]
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def put_frames(server: Connection, node: str, names: dict[int, str], rows: Sequence[dict[str, Any]]) -> None:
    """Insert frames of a station, and what its ids mean."""
    source = server.execute(select(SOURCE.c.id).where(SOURCE.c.node == node)).scalar()
    if source is None:
        source = server.execute(insert(SOURCE).values(node=node).returning(SOURCE.c.id)).scalar_one()
    numbers = select(TAG.c.id, TAG.c.name).where(TAG.c.kind == "number")
    known = {name: number for number, name in server.execute(numbers)}
    for name in sorted(names.values(), reverse=True):  # so that ids differ from those of the station
        if name not in known:
            known[name] = server.execute(insert(TAG).values(name=name).returning(TAG.c.id)).scalar_one()
    upsert(server, ALIAS, [{"src": source, "local": local, "tag": known[name]} for local, name in names.items()])
    if rows:
        server.execute(insert(FRAME), [sealed({**row, "src": source}) for row in rows])
        upsert(server, RECEIVED, [{"src": source, "last_seq": rows[-1]["seq"]}])


def sealed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a frame's row with the checksum of what stands in it."""
    names = ("src", "seq", "t0_us", "t1_us", "at_us", "n", "codec")
    return {**row, "crc": checksum(tuple(row[name] for name in names), row["body"])}
