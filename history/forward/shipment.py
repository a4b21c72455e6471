"""Sending frames: names, frames and the number of the newest change in one transaction. Thread of the forwarder."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select, update

from history.store.spooled import FrameRow
from history.store.tables import FRAME, RECEIVED

FRAMES: Final = 50
"""Frames in a transaction at most."""
BYTES: Final = 8_000_000
"""What the bodies of a transaction's frames may come to; one frame may be larger."""
_INSERT: Final = (
    "INSERT INTO hist_frame (src, seq, t0_us, t1_us, at_us, n, codec, crc, body)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (src, seq) DO NOTHING"
)


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
    """Put frames of a source into a server, and note the newest; the transaction, and its fence, are the caller's."""
    rows = [tuple(frame.at_server(src)) for frame in frames]
    connection.exec_driver_sql(_INSERT, rows)  # psycopg sends them in one go: a pipeline
    connection.execute(update(RECEIVED).where(RECEIVED.c.src == src).values(last_seq=frames[-1].seq))


def differs(connection: Connection, src: int, frame: FrameRow) -> bool:
    """Whether the server has another frame under the number of this one; False if it has none any more."""
    there = select(FRAME.c.crc, FRAME.c.at_us).where(FRAME.c.src == src, FRAME.c.seq == frame.seq)
    found = connection.execute(there).first()
    return found is not None and tuple(found) != (frame.at_server(src).crc, frame.at_us)
