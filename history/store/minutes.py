"""Reading minutes that aren't packed into hours yet. Any thread; the caller gives the snapshot."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection, select

from history.chunks.cells import HOUR_US
from history.chunks.errors import CorruptBlobError
from history.chunks.samples import Block
from history.chunks.segment import TAGS, read_segment
from history.store.tables import SEGMENT

_log = structlog.get_logger()


def read_blocks(
    connection: Connection, hour_us: int, group: int, tags: Sequence[int] | None, limit: int | None = None
) -> list[Block]:
    """Return the minutes of an hour, of all 64 tags or the given ones; one that can't be read is told of in the log."""
    query = select(SEGMENT.c.id, SEGMENT.c.body).where(SEGMENT.c.hour_us == hour_us, SEGMENT.c.grp == group)
    blocks = []
    for number, body in connection.execute(query.order_by(SEGMENT.c.id).limit(limit)):
        try:
            blocks.append(read_segment(body, tags))
        except CorruptBlobError as error:
            _log.error("history: a minute can't be read", segment=number, reason=str(error))
    return blocks


def hours_with_segments(connection: Connection, group: int, start_us: int, end_us: int) -> list[int]:
    """Return the hours of 64 tags that touch [start, end) and have minutes that aren't packed."""
    query = (
        select(SEGMENT.c.hour_us)
        .distinct()
        .where(SEGMENT.c.grp == group, SEGMENT.c.hour_us > start_us - HOUR_US, SEGMENT.c.hour_us < end_us)
    )
    return sorted(connection.execute(query).scalars())


def group_of(tag: int) -> int:
    """Return the group of a tag id."""
    return tag // TAGS
