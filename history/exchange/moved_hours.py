"""Packed hours and their cells on the way to a server: blobs get the id of their tag there, and stay else as they are.

Main thread. A step takes a few tags of a part in one transaction. Where the server has an hour of the same tag with
other samples, its own stays, and ours are added as minutes (`history.exchange.moved_minutes`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, select

from history.chunks.cells import HOUR_US, MINUTE_US, Cells
from history.chunks.chunk import read_chunk
from history.chunks.envelope import Kind, with_tag
from history.chunks.samples import Samples
from history.codec_error import CodecError
from history.exchange.copying import copy_rows, digest
from history.exchange.ends import Ends
from history.store.archive import one_of_each
from history.store.months import month_span, span_of
from history.store.packed import read_cells, rollup_row, upsert
from history.store.parts import keeping_in
from history.store.tables import CHUNK, ROLLUP

STEP: Final = 8
"""Tags of a step: some 15 MB of a month."""
_DAY_US: Final = 24 * HOUR_US
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """Some tags (ids of the files) of a part."""

    part: str
    tags: Sequence[int]


def steps_of(ends: Ends, part: str) -> Iterator[Step]:
    """Yield the steps of a part.

    Raises:
        DatabaseError: it can't be read.
    """
    with ends.months.reading(part) as connection:
        found = set(connection.execute(select(CHUNK.c.tag).distinct()).scalars())
        tags = sorted(found | set(connection.execute(select(ROLLUP.c.tag).distinct()).scalars()))
    return (Step(part, tags[at : at + STEP]) for at in range(0, len(tags), STEP))


def rows_of(ends: Ends, step: Step, table: Table) -> tuple[list[Row], list[str]]:
    """Return the rows of a step as the server shall have them, and what of them can't be moved."""
    kind, rows, troubles = Kind.CHUNK if table is CHUNK else Kind.ROLLUP, list[Row](), list[str]()
    with ends.months.reading(step.part) as connection:
        for row in connection.execute(select(table).where(table.c.tag.in_(step.tags))).mappings():
            tag = ends.ids.get(row["tag"])
            try:
                if tag is None:
                    raise CodecError("the id means no tag")
                rows.append({**row, "tag": tag, "body": with_tag(kind, row["body"], tag)})
            except CodecError as error:
                troubles.append(f"{step.part}: {table.name} of id {row['tag']} at {row['t0_us']} µs: {error}")
    return rows, troubles


def move_hours(ends: Ends, step: Step, hours: list[Row], cells: list[Row]) -> None:
    """Let the server have the rows of a step that it hasn't; those that it has stay."""
    span, tags = span_of(step.part), {ends.ids[tag]: tag for tag in step.tags if tag in ends.ids}
    mine = {(row["tag"], row["t0_us"]): row for row in hours}
    with ends.parts.writing(max(span[0], 0), keeping_in(step.part)) as connection:
        there = digests(connection, list(tags), span)
        foreign = {key[0] for key, found in there.items() if key not in mine or digest(mine[key]["body"]) != found}
        for tag, local in tags.items():
            present = _present_cells(connection, tag, span)
            wanted = [row for row in cells if row["tag"] == tag]
            if tag in foreign or (present and present != set(map(_key, wanted))):
                for level_us in (MINUTE_US, HOUR_US):
                    with ends.months.reading(step.part) as file:
                        ours = read_cells(file, local, level_us, *span)
                    _join_cells(connection, tag, level_us, span, ours)
            elif not present:
                copy_rows(connection, ROLLUP, wanted)
        copy_rows(connection, CHUNK, [row for key, row in mine.items() if key not in there])


def differing(
    ends: Ends, step: Step, hours: list[Row], troubles: list[str]
) -> Iterator[tuple[int, dict[int, Samples]]]:
    """Yield the beginning and the samples of each hour that the server doesn't have as it is here; or add to troubles
    that they can't be read."""
    tags = [ends.ids[tag] for tag in step.tags if tag in ends.ids]
    with ends.parts.reading(step.part) as connection:
        there = digests(connection, tags, span_of(step.part))
    for row in hours:
        tag, hour_us = row["tag"], row["t0_us"]
        if there.get((tag, hour_us)) != digest(row["body"]):
            try:
                yield hour_us, {tag: read_chunk(row["body"], tag).samples}
            except CodecError as error:
                troubles.append(f"{step.part}: hour of tag {tag} at {hour_us} µs: {error}")


def digests(connection: Connection, tags: list[int], span: tuple[int, int]) -> dict[tuple[int, int], str]:
    """Return which hours of tags there are, with what `digest` says of each."""
    query = select(CHUNK.c.tag, CHUNK.c.t0_us, func.md5(CHUNK.c.body)).where(CHUNK.c.tag.in_(tags))
    query = query.where(CHUNK.c.t0_us >= span[0], CHUNK.c.t0_us < span[1])
    return {(tag, t0_us): found for tag, t0_us, found in connection.execute(query)}


def _present_cells(connection: Connection, tag: int, span: tuple[int, int]) -> set[tuple[int, int, int, str]]:
    columns = ROLLUP.c.level_us, ROLLUP.c.t0_us, ROLLUP.c.t1_us, func.md5(ROLLUP.c.body)
    query = select(*columns).where(ROLLUP.c.tag == tag, ROLLUP.c.t0_us >= span[0], ROLLUP.c.t0_us < span[1])
    return {(level, t0, t1, found) for level, t0, t1, found in connection.execute(query)}


def _key(row: Row) -> tuple[int, int, int, str]:
    return row["level_us"], row["t0_us"], row["t1_us"], digest(row["body"])


def _join_cells(connection: Connection, tag: int, level_us: int, span: tuple[int, int], ours: Cells) -> None:
    """Let rows of days or of the month stand for the cells of both, before hours are added."""
    cells = one_of_each([ours, read_cells(connection, tag, level_us, *span)])
    is_here = (ROLLUP.c.tag == tag, ROLLUP.c.level_us == level_us)
    connection.execute(delete(ROLLUP).where(*is_here, ROLLUP.c.t0_us >= span[0], ROLLUP.c.t0_us < span[1]))
    while len(cells):
        first = int(cells["t0_us"][0])
        day = first // _DAY_US * _DAY_US
        within = (day, day + _DAY_US) if level_us == MINUTE_US else month_span(first)
        some = cells[cells["t0_us"] < within[1]]
        upsert(connection, ROLLUP, [rollup_row(tag, level_us, within, some)])
        cells = cells[len(some) :]
