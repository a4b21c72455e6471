"""Reading what isn't packed into hours yet, frames and minutes, in a file or on a server. Any thread.

The caller gives the snapshot. Ids that come out are those of `hist_tag` in that database.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, select

from history.chunks.samples import Samples
from history.codec import CodecError, Picker, checksum
from history.columns import Columns, Ids, concatenate
from history.series import NO_DATA
from history.store.broken import BrokenBlob
from history.store.minutes import group_of, hours_with_segments, read_blocks
from history.store.place import Place
from history.store.tables import FRAME

HOUR_US: Final = 3_600_000_000


def read_unpacked(
    connection: Connection, place: Place, wanted: Ids, span: tuple[int, int], only: Iterable[ColumnElement[bool]] = ()
) -> tuple[Columns, list[BrokenBlob]]:
    """Return the samples of some tags (ids, rising) that touch [start, end), and frames that can't be read.

    They come in the order in which they were recorded. From where such a frame begins there is no data of these tags.
    """
    start_us, end_us = span
    minutes = list(_minutes(connection, wanted.tolist(), start_us, end_us))
    query = (
        select(FRAME)
        .where(FRAME.c.t0_us >= start_us // HOUR_US * HOUR_US, FRAME.c.t0_us < end_us, FRAME.c.t1_us >= start_us)
        .where(*only)
        .order_by(FRAME.c.src, FRAME.c.seq)
    )
    parts, broken = list[Columns](), list[BrokenBlob]()
    for source, frames in groupby(connection.execute(query), key=lambda frame: int(frame.src)):
        alias = place.alias(connection, source)
        picker = Picker(alias.local_of(wanted))
        broken += pick(picker, frames)
        found = picker.columns()
        parts.append(found.with_ids(alias.tags_of(found.ids)))
    return concatenate([*minutes, *parts, no_data(wanted, [each.t0_us for each in broken])]), broken


def pick(picker: Picker, frames: Iterable[Row[Any]]) -> list[BrokenBlob]:
    """Let a picker take from frames; return those that can't be read."""
    broken = list[BrokenBlob]()
    for frame in frames:
        src, seq, t0_us, t1_us, at_us, n, codec, crc, body = tuple(frame)
        try:
            if checksum((src, seq, t0_us, t1_us, at_us, n, codec), body) != crc:
                raise CodecError("its checksum doesn't fit")
            picker.add(codec, body, n, t0_us)
        except CodecError as error:
            broken.append(BrokenBlob(f"frame {src}/{seq}", str(error), t0_us, body))
    return broken


def _minutes(connection: Connection, tags: list[int], start_us: int, end_us: int) -> Iterator[Columns]:
    """Return the samples of tag ids in minutes that aren't packed into hours yet."""
    groups: dict[int, list[int]] = {}
    for tag in tags:
        groups.setdefault(group_of(tag), []).append(tag)
    for group, members in sorted(groups.items()):
        for hour_us in hours_with_segments(connection, group, start_us, end_us):
            blocks, broken = read_blocks(connection, hour_us, group, members, (start_us, end_us))
            yield no_data(np.array(members, np.int64), [each.t0_us for each in broken])
            for block in blocks:
                yield columns_of(block.tags, block.samples)


def columns_of(ids: Ids, samples: Samples) -> Columns:
    """Return packed samples as columns; of their times only the place on the axis is kept."""
    times, texts = samples.times_us, samples.texts and samples.texts.fitting()
    return Columns(ids, samples.values, samples.qualities, times, times, times, texts)


def no_data(tags: Ids, holes: Sequence[int]) -> Columns:
    """Return what stands for blobs that can't be read: from their beginnings, no data of any of the tags."""
    ids, times = np.tile(tags, len(holes)), np.repeat(np.array(holes, np.int64), len(tags))
    n = len(ids)
    return Columns(ids, np.full(n, np.nan), np.full(n, NO_DATA, np.uint16), times, times, times)
