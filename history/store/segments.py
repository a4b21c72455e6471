"""From frames to minutes of 64 tags each, in the file of the newest samples. Packer thread; queries read on any thread.

A minute that is packed and the frames that it replaces change in one transaction: who reads both in one snapshot sees
every sample, and none is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select

from database.errors import clear_errors
from history.chunks.cells import HOUR_US, MINUTE_US
from history.chunks.samples import Block, Samples
from history.chunks.segment import TAGS, write_segment
from history.codec import CodecError, Picker, checksum
from history.columns import Columns, concatenate
from history.store.broken import BrokenBlob, quarantine
from history.store.frames import FrameStore, no_data
from history.store.minutes import read_blocks
from history.store.packed import upsert
from history.store.tables import FRAME, SEGMENT, STALE

FRAMES: Final = 60
"""Frames in one step: what a minute brings."""
AHEAD_US: Final = 2 * MINUTE_US
"""No frame is written so long after the last minute that may be packed."""
_AT: Final = 4
"""The place of `at_us` in a row."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An hour of 64 tags that has minutes to be packed, up to the segment `last_id`; 0 if only its cells are stale."""

    hour_us: int
    group: int
    last_id: int
    is_stale: bool = False
    """Whether a neighbouring hour has changed since it was packed."""


class Segments:
    """The minutes beside the frames of a store."""

    def __init__(self, frames: FrameStore) -> None:
        self._frames = frames

    @property
    def is_open(self) -> bool:
        """Whether the recorder has opened the file."""
        return self._frames.is_open

    def pack_frames(self, before_us: int) -> int:
        """Turn the oldest frames that were written before `before_us` into minutes; return how many frames that were.

        Frames from far behind it were written before the clock was set back: they don't wait until it is there again.
        The newest frame stays: it says where the last run of the station ended, and which number comes next.

        Raises:
            DatabaseError: nothing was changed.
        """
        place = self._frames.place()
        newest = select(func.max(FRAME.c.seq)).where(FRAME.c.src == place.source).scalar_subquery()
        oldest = select(FRAME).where(FRAME.c.src == place.source, FRAME.c.seq < newest)
        oldest = oldest.order_by(FRAME.c.seq).limit(FRAMES)
        with clear_errors(self._frames.path), place.engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(oldest)]
        frames = list(takewhile(lambda frame: not 0 <= frame[_AT] - before_us < AHEAD_US, rows))  # no hole: see below
        if not frames:
            return 0
        columns, broken = _columns(frames, place.ids)
        blocks = list(_rows(columns))
        first, last = frames[0][1], frames[-1][1]
        with clear_errors(self._frames.path), place.engine.begin() as connection:
            if blocks:
                connection.execute(insert(SEGMENT), blocks)
            quarantine(connection, broken)
            packed = (FRAME.c.src == place.source, FRAME.c.seq >= first, FRAME.c.seq <= last)
            connection.execute(delete(FRAME).where(*packed))
        return len(frames)

    def waiting(self, before_us: int) -> list[Waiting]:
        """Return the hours that ended before `before_us` and have something to be packed, the oldest first."""
        place = self._frames.place()
        is_over = SEGMENT.c.hour_us <= before_us - HOUR_US
        groups = select(SEGMENT.c.hour_us, SEGMENT.c.grp, func.max(SEGMENT.c.id)).where(is_over)
        groups = groups.group_by(SEGMENT.c.hour_us, SEGMENT.c.grp)
        stale = select(STALE.c.hour_us, STALE.c.grp).where(STALE.c.hour_us <= before_us - HOUR_US)
        with clear_errors(self._frames.path), place.engine.connect() as connection:
            found = {(hour, group): last_id for hour, group, last_id in connection.execute(groups)}
            outdated = {(hour, group) for hour, group in connection.execute(stale)}
        found = {**dict.fromkeys(outdated, 0), **found}
        return [Waiting(*key, last_id, key in outdated) for key, last_id in sorted(found.items())]

    def blocks(self, hour_us: int, group: int) -> tuple[list[Block], list[BrokenBlob]]:
        """Return the minutes of an hour of 64 tags in order, "no data" for those that can't be read, and those."""
        place = self._frames.place()
        with clear_errors(self._frames.path), place.engine.connect() as connection:
            blocks, broken = read_blocks(connection, hour_us, group)
        holes = no_data(place.ids[place.ids // TAGS == group], [each.t0_us for each in broken])
        return [Block(holes.ids, Samples(holes.time_us, holes.values, holes.qualities)), *blocks], broken

    def quarantine(self, broken: list[BrokenBlob]) -> None:
        """Keep blobs that are about to be replaced."""
        place = self._frames.place()
        with clear_errors(self._frames.path), place.engine.begin() as connection:
            quarantine(connection, broken)

    def done(self, waiting: Waiting, broken: list[BrokenBlob], neighbours: Sequence[int]) -> None:
        """Let go of what is packed now, but for what couldn't be read: that goes into quarantine.

        The cells of the neighbouring hours are to be worked out anew.
        """
        place = self._frames.place()
        hour, group = waiting.hour_us, waiting.group
        with clear_errors(self._frames.path), place.engine.begin() as connection:
            quarantine(connection, broken)
            mine = (SEGMENT.c.hour_us == hour, SEGMENT.c.grp == group, SEGMENT.c.id <= waiting.last_id)
            connection.execute(delete(SEGMENT).where(*mine))
            connection.execute(delete(STALE).where(STALE.c.hour_us == hour, STALE.c.grp == group))
            upsert(connection, STALE, [{"hour_us": neighbour, "grp": group} for neighbour in neighbours])


def _columns(frames: Sequence[tuple[Any, ...]], ids: NDArray[np.int64]) -> tuple[Columns, list[BrokenBlob]]:
    """Return what frames hold, and those that can't be read; from where they begin: no data."""
    picker, broken = Picker(), list[BrokenBlob]()
    for src, seq, t0_us, t1_us, at_us, n, codec, crc, body in frames:
        try:
            if checksum((src, seq, t0_us, t1_us, at_us, n, codec), body) != crc:
                raise CodecError("its checksum doesn't fit")
            picker.add(codec, body, n, t0_us)
        except CodecError as error:
            broken.append(BrokenBlob(f"frame {src}/{seq}", str(error), t0_us, body).tell())
    return concatenate([no_data(ids, [each.t0_us for each in broken]), picker.columns()]), broken


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    """Return a row for each hour and group of 64 tags."""
    hours, groups = columns.time_us // HOUR_US, columns.ids // TAGS
    order = np.lexsort((columns.ids, groups, hours))
    hours, groups = hours[order], groups[order]
    is_new = np.append(True, (hours[1:] != hours[:-1]) | (groups[1:] != groups[:-1]))[: len(order)]
    starts = np.flatnonzero(is_new).tolist()
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        part = columns.take(order[start:end])
        block = Block(part.ids, Samples(part.time_us, part.values, part.qualities, part.texts))
        yield {
            "hour_us": int(hours[start]) * HOUR_US,
            "grp": int(groups[start]),
            "t0_us": int(part.time_us.min()),
            "t1_us": int(part.time_us.max()),
            "n": len(part),
            "body": write_segment(block),
        }
