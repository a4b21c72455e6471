"""Reading minutes that aren't packed into hours yet. Any thread; the caller gives the snapshot."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from history.chunks.cells import HOUR_US
from history.chunks.errors import CorruptBlobError
from history.chunks.samples import Block
from history.chunks.segment import TAGS, read_segment
from history.store.broken import BrokenBlob
from history.store.tables import SEGMENT


def read_blocks(
    connection: Connection,
    hour_us: int,
    group: int,
    tags: Sequence[int] | None = None,
    span_us: tuple[int, int] = (0, 2**62),
) -> tuple[list[Block], list[BrokenBlob]]:
    """Return the minutes of an hour that touch a span, of all 64 tags or the given ones, and those that can't be
    read."""
    columns = SEGMENT.c.id, SEGMENT.c.t0_us, SEGMENT.c.body
    query = select(*columns).where(SEGMENT.c.hour_us == hour_us, SEGMENT.c.grp == group).order_by(SEGMENT.c.id)
    query = query.where(SEGMENT.c.t0_us < span_us[1], SEGMENT.c.t1_us >= span_us[0])
    blocks: list[Block] = []
    broken: list[BrokenBlob] = []
    for number, t0_us, body in connection.execute(query):
        try:
            blocks.append(read_segment(body, tags))
        except CorruptBlobError as error:
            broken.append(BrokenBlob(f"segment {number}", str(error), t0_us, body).tell())
    return blocks, broken


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
