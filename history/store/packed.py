"""Packed hours and roll-ups in their part, as rows. Packer thread writes, queries read on any thread.

Writing the same hour again changes nothing: a packing that was cut short is simply done once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from database.prepared import Prepared
from history.chunks.cells import CELL, HOUR_US, MINUTE_US, Cells, join_cells, replace
from history.chunks.chunk import Chunk, read_chunk, write_chunk
from history.chunks.errors import CorruptBlobError
from history.chunks.rollup import Rollup, write_rollup
from history.chunks.samples import Samples
from history.chunks.segment import TAGS
from history.series import NO_DATA
from history.store.broken import BrokenBlob
from history.store.decoded import cells_of, chunk_of
from history.store.months import month_span
from history.store.tables import CHUNK, ROLLUP

_HEADER: Final = tuple(name for name in CELL.names or () if name != "t0_us")
_FLOATS: Final = ("min", "max", "first", "last")
_TAGS_AT_ONCE: Final = 500
"""Tags of an hour that are read by one statement."""

_HOURS: Final = (
    CHUNK.c.tag == bindparam("tag"),
    CHUNK.c.t0_us > bindparam("after_us"),
    CHUNK.c.t0_us < bindparam("end_us"),
)
_BODIES: Final = Prepared(select(CHUNK.c.t0_us, CHUNK.c.body).where(*_HOURS).order_by(CHUNK.c.t0_us))
_HEADERS: Final = Prepared(
    select(CHUNK.c.t0_us, *(CHUNK.c[name] for name in _HEADER)).where(*_HOURS).order_by(CHUNK.c.t0_us)
)
_CELLS: Final = Prepared(
    select(ROLLUP.c.t0_us, ROLLUP.c.t1_us, ROLLUP.c.body)
    .where(ROLLUP.c.tag == bindparam("tag"), ROLLUP.c.level_us == bindparam("level_us"))
    .where(ROLLUP.c.t0_us < bindparam("end_us"), ROLLUP.c.t1_us > bindparam("start_us"))
    .order_by(ROLLUP.c.t0_us)
)


@dataclass(frozen=True, slots=True)
class PackedHour:
    """An hour of a tag with the cells of its minutes."""

    chunk: Chunk
    minutes: Cells


def write_hours(connection: Connection, hour_us: int, hours: Sequence[PackedHour]) -> None:
    """Put an hour of several tags in its place, or in place of what stood there."""
    upsert(connection, CHUNK, [_chunk_row(hour.chunk) for hour in hours])
    for level_us in (MINUTE_US, HOUR_US):
        cells = {hour.chunk.tag: hour.minutes if level_us == MINUTE_US else hour.chunk.header for hour in hours}
        upsert(connection, ROLLUP, list(_rollup_rows(connection, hour_us, level_us, cells)))


def _rollup_rows(
    connection: Connection, hour_us: int, level_us: int, fresh: dict[int, Cells]
) -> Iterator[dict[str, Any]]:
    """Return the rows that hold the cells of an hour: wider ones where those are there, else rows of the hour alone.

    The header of its chunk is the cell of an hour, so none is written twice.
    """
    wide = (
        select(ROLLUP)
        .where(ROLLUP.c.tag.in_(list(fresh)), ROLLUP.c.level_us == level_us)
        .where(ROLLUP.c.t0_us <= hour_us, ROLLUP.c.t1_us > hour_us)
    )
    spans = {tag: (t0, t1, body) for tag, _, t0, t1, body in connection.execute(wide)}
    for tag, cells in fresh.items():
        t0, t1, body = spans.get(tag, (hour_us, hour_us + HOUR_US, b""))
        wide_cells = _rollup_cells(tag, t0, body) if t1 - t0 > HOUR_US else None
        if wide_cells is not None:
            yield rollup_row(tag, level_us, (t0, t1), replace(wide_cells, cells, hour_us, hour_us + HOUR_US))
        elif level_us == MINUTE_US:
            yield rollup_row(tag, level_us, (hour_us, hour_us + HOUR_US), cells)


def read_hours(connection: Connection, tag: int, start_us: int, end_us: int) -> Iterator[Chunk | BrokenBlob]:
    """Return the packed hours of a tag that touch [start, end), in order, also those that can't be read."""
    for t0_us, body in _BODIES.run(connection, tag=tag, after_us=start_us - HOUR_US, end_us=end_us):
        try:
            yield chunk_of(body, tag)
        except CorruptBlobError as error:
            yield BrokenBlob(f"hour of tag {tag}", str(error), t0_us, body).tell()


def read_hour(connection: Connection, hour_us: int, tags: range) -> tuple[dict[int, Samples], dict[int, BrokenBlob]]:
    """Return the packed samples of an hour by tag, and what of them can't be read, likewise."""
    query = select(CHUNK.c.tag, CHUNK.c.body).where(CHUNK.c.tag.in_(list(tags)), CHUNK.c.t0_us == hour_us)
    found: dict[int, Samples] = {}
    broken: dict[int, BrokenBlob] = {}
    for tag, body in connection.execute(query):
        try:
            found[tag] = read_chunk(body, tag).samples
        except CorruptBlobError as error:
            broken[tag] = BrokenBlob(f"hour of tag {tag}", str(error), hour_us, body).tell()
    return found, broken


def read_hour_of(connection: Connection, hour_us: int, tags: Sequence[int]) -> Iterator[tuple[int, Samples]]:
    """Return the packed samples of an hour of many tags, one tag after the other; no data for what can't be read."""
    for first in range(0, len(tags), _TAGS_AT_ONCE):
        some = tags[first : first + _TAGS_AT_ONCE]
        query = select(CHUNK.c.tag, CHUNK.c.body).where(CHUNK.c.tag.in_(some), CHUNK.c.t0_us == hour_us)
        for tag, body in connection.execute(query).all():
            try:
                yield tag, read_chunk(body, tag).samples
            except CorruptBlobError as error:
                BrokenBlob(f"hour of tag {tag}", str(error), hour_us, body).tell()
                yield tag, nothing_from(hour_us)


def nothing_from(at_us: int) -> Samples:
    """Return what stands for samples that can't be read: no data from a time on."""
    return Samples(np.array([at_us], np.int64), np.array([np.nan]), np.array([NO_DATA], np.uint16))


def read_cells(connection: Connection, tag: int, level_us: int, start_us: int, end_us: int) -> Cells:
    """Return the cells of a tag at a level that begin in [start, end), in order."""
    parts: list[Cells] = []
    at_us = start_us
    for t0_us, t1_us, body in _CELLS.run(connection, tag=tag, level_us=level_us, start_us=start_us, end_us=end_us):
        cells = _rollup_cells(tag, t0_us, body)
        if cells is None:
            continue  # the headers of its chunks stand for an hour's cell, nothing for a minute's
        if level_us == HOUR_US and t0_us > at_us:
            parts.append(read_headers(connection, tag, at_us, t0_us))
        parts.append(cells)
        at_us = t1_us
    if level_us == HOUR_US and at_us < end_us:
        parts.append(read_headers(connection, tag, at_us, end_us))
    joined = join_cells(parts)
    first, last = np.searchsorted(joined["t0_us"], [start_us, end_us]).tolist()
    found: Cells = joined[first:last]
    return found


def _rollup_cells(tag: int, t0_us: int, body: bytes) -> Cells | None:
    """Return the cells of a row, None if it can't be read; they are derived, so nothing is kept of it."""
    try:
        return cells_of(body, tag)
    except CorruptBlobError as error:
        BrokenBlob(f"roll-up of tag {tag}", str(error), t0_us, body).tell()
        return None


def read_headers(connection: Connection, tag: int, start_us: int, end_us: int) -> Cells:
    """Return the cells of the hours that begin in [start, end), from what stands beside their samples."""
    rows = _HEADERS.run(connection, tag=tag, after_us=start_us - 1, end_us=end_us).all()
    names = ("t0_us", *_HEADER)
    cells = np.empty(len(rows), CELL)
    for name, column in zip(names, zip(*rows, strict=True), strict=True) if rows else ():
        cells[name] = [np.nan if value is None else value for value in column]
    return cells


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows of some tags over [start, end) that one row each is to stand for."""

    tags: list[int]
    start_us: int
    end_us: int


def next_merge(
    connection: Connection, level_us: int, widths_us: tuple[int, int | None], within: tuple[int, int]
) -> Merge | None:
    """Return the oldest span of up to 64 tags with rows of the first width; of the second one, or a month, it shall be.

    None if there is none that begins within [start, end).
    """
    narrow = (
        ROLLUP.c.level_us == level_us,
        ROLLUP.c.t1_us - ROLLUP.c.t0_us == widths_us[0],
        ROLLUP.c.t0_us >= within[0],
        ROLLUP.c.t0_us < within[1],
    )
    oldest = select(ROLLUP.c.tag, ROLLUP.c.t0_us).where(*narrow).order_by(ROLLUP.c.t0_us, ROLLUP.c.tag).limit(1)
    found = connection.execute(oldest).first()
    if found is None:
        return None
    if widths_us[1] is None:
        start, end = month_span(found.t0_us)
    else:
        start = found.t0_us // widths_us[1] * widths_us[1]
        end = start + widths_us[1]
    first = found.tag // TAGS * TAGS
    tags = (
        select(ROLLUP.c.tag)
        .distinct()
        .where(*narrow, ROLLUP.c.t0_us >= start, ROLLUP.c.t0_us < end)
        .where(ROLLUP.c.tag >= first, ROLLUP.c.tag < first + TAGS)
    )
    return Merge(sorted(connection.execute(tags).scalars()), start, end)


def merge_rows(connection: Connection, merge: Merge, level_us: int) -> None:
    """Let one row stand for all cells of each tag at a level in a span, unless a wider one does already."""
    start, end = merge.start_us, merge.end_us
    for tag in merge.tags:
        mine = (ROLLUP.c.tag == tag, ROLLUP.c.level_us == level_us)
        wider = (ROLLUP.c.t0_us <= start, ROLLUP.c.t1_us >= end, ROLLUP.c.t1_us - ROLLUP.c.t0_us > end - start)
        if connection.execute(select(ROLLUP.c.tag).where(*mine, *wider)).first() is not None:
            continue
        cells = read_cells(connection, tag, level_us, start, end)
        connection.execute(delete(ROLLUP).where(*mine, ROLLUP.c.t0_us >= start, ROLLUP.c.t0_us < end))
        if len(cells):
            upsert(connection, ROLLUP, [rollup_row(tag, level_us, (start, end), cells)])


def rollup_row(tag: int, level_us: int, span: tuple[int, int], cells: Cells) -> dict[str, Any]:
    """Return the row of some cells."""
    body = write_rollup(Rollup(tag, level_us, cells))
    return {"tag": tag, "level_us": level_us, "t0_us": span[0], "t1_us": span[1], "body": body}


def upsert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, in place of those with the same key."""
    if not rows:
        return
    insert: Any = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)


def _chunk_row(chunk: Chunk) -> dict[str, Any]:
    return {"tag": chunk.tag, **header_columns(chunk.header), "body": write_chunk(chunk)}


def header_columns(cell: Cells) -> dict[str, Any]:
    """Return what stands beside the samples of an hour: its cell, shape (1,), as numbers by column."""
    header = {name: cell[name][0].item() for name in _HEADER}
    for name in _FLOATS:
        header[name] = header[name] if np.isfinite(header[name]) else None
    header["integral"] = header["integral"] if np.isfinite(header["integral"]) else 0.0
    return {"t0_us": int(cell["t0_us"][0]), **header}
