"""Sending frames: names, frames and the number of the newest change in one transaction. Thread of the forwarder."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import DBAPIError

from history.store.spooled import FrameRow
from history.store.tables import FRAME, RECEIVED

FRAMES: Final = 50
"""Frames in a transaction at most."""
BYTES: Final = 8_000_000
"""What the bodies of a transaction's frames may come to; one frame may be larger."""
_COPY: Final = "COPY hist_frame (src, seq, t0_us, t1_us, at_us, n, codec, crc, body) FROM STDIN (FORMAT BINARY)"
_TYPES: Final = ("int4", "int8", "int8", "int8", "int8", "int4", "int2", "int8", "bytea")


def fitting(frames: Sequence[FrameRow]) -> list[FrameRow]:
    """Return the first frames that are not too much for one transaction: one at least, if there is one."""
    size, chosen = 0, list[FrameRow]()
    for frame in frames:
        size += len(frame.body)
        if chosen and size > BYTES:
            break
        chosen.append(frame)
    return chosen


def ship(connection: Connection, src: int, frames: Sequence[FrameRow]) -> None:
    """Put frames of a source into a server, and note the newest; the transaction, and its fence, are the caller's.

    Should the server have frames of these numbers, without having noted it, they are replaced.
    """
    first, last = frames[0].seq, frames[-1].seq
    connection.execute(delete(FRAME).where(FRAME.c.src == src, FRAME.c.seq >= first, FRAME.c.seq <= last))
    _copy(connection, [frame.at_server(src) for frame in frames])
    connection.execute(update(RECEIVED).where(RECEIVED.c.src == src).values(last_seq=last))


def _copy(connection: Connection, rows: Sequence[FrameRow]) -> None:
    """COPY is twice as fast as a pipeline of INSERTs; SQLAlchemy has no way of its own to it."""
    import psycopg  # only whoever sends needs it

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError(_COPY, None, error) from error


def differs(connection: Connection, src: int, frame: FrameRow) -> bool:
    """Whether the server has another frame under the number of this one; False if it has none any more."""
    there = select(FRAME.c.crc, FRAME.c.at_us).where(FRAME.c.src == src, FRAME.c.seq == frame.seq)
    found = connection.execute(there).first()
    return found is not None and tuple(found) != (frame.at_server(src).crc, frame.at_us)
