"""From frames to minutes of 64 tags each, in the file of the newest samples or on a server. Packer thread.

A minute that is packed and the frames that it replaces change in one transaction: who reads both in one snapshot sees
every sample, and none is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, delete, func, insert, select

from history.chunks.cells import HOUR_US
from history.chunks.samples import Block, Samples
from history.chunks.segment import TAGS, write_segment
from history.codec import Picker
from history.columns import Columns, concatenate
from history.store.broken import BrokenBlob, quarantine
from history.store.minutes import read_blocks
from history.store.packed import upsert
from history.store.place import Alias, Home, Place
from history.store.tables import FRAME, QUARANTINE, SEGMENT, SOURCE, STALE, TAG
from history.store.unpacked import no_data, pick

FRAMES: Final = 60
"""Frames in one step: what a minute brings."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An hour of 64 tags that has minutes to be packed, up to the segment `last_id`; 0 if only its cells are stale."""

    hour_us: int
    group: int
    last_id: int
    is_stale: bool = False
    """Whether a neighbouring hour has changed since it was packed."""


class Segments:
    """The minutes beside the frames of a place."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def is_open(self) -> bool:
        """Whether something can be packed now."""
        return self._home.is_open

    @property
    def place(self) -> Place:
        """The opened database; another object once it was opened anew.

        Raises:
            DatabaseError: it isn't open.
        """
        return self._home.place()

    def tag_names(self) -> dict[int, str]:
        """Return the name of every id that history ever gave.

        Raises:
            DatabaseError: it can't be read.
        """
        with self.place.reading() as connection:
            return {row.id: row.name for row in connection.execute(select(TAG.c.id, TAG.c.name))}

    def packed_until(self, now_us: int) -> int:
        """Return the beginning of the oldest hour of which something isn't packed, of `now_us` if everything is.

        Raises:
            DatabaseError: it can't be read.
        """
        oldest = select(func.min(SEGMENT.c.hour_us)), select(func.min(FRAME.c.t0_us))
        with self.place.reading() as connection:
            found = [connection.execute(query).scalar() for query in oldest]
        return min(now_us if at_us is None else at_us for at_us in (*found, now_us)) // HOUR_US * HOUR_US

    def pack_frames(self, before_us: int) -> int:
        """Turn the oldest frames of a source, written before `before_us`, into minutes; return how many frames.

        The newest frame of each source stays: it says where the last run of the station ended, and which number comes
        next.

        Raises:
            DatabaseError: nothing was changed.
        """
        place = self._home.place()
        with place.reading() as connection:
            frames = _oldest(connection, before_us)
            if not frames:
                return 0
            alias = place.alias(connection, frames[0].src)
        columns, broken = _columns(frames, alias)
        rows = list(_rows(columns))
        source, first, last = frames[0].src, frames[0].seq, frames[-1].seq
        with place.writing() as connection:
            if rows:
                connection.execute(insert(SEGMENT), rows)
            quarantine(connection, broken)
            connection.execute(delete(FRAME).where(FRAME.c.src == source, FRAME.c.seq >= first, FRAME.c.seq <= last))
        return len(frames)

    def waiting(self, before_us: int) -> list[Waiting]:
        """Return the hours that ended before `before_us` and have something to be packed, the oldest first."""
        is_over = SEGMENT.c.hour_us <= before_us - HOUR_US
        groups = select(SEGMENT.c.hour_us, SEGMENT.c.grp, func.max(SEGMENT.c.id)).where(is_over)
        groups = groups.group_by(SEGMENT.c.hour_us, SEGMENT.c.grp)
        stale = select(STALE.c.hour_us, STALE.c.grp).where(STALE.c.hour_us <= before_us - HOUR_US)
        with self._home.place().reading() as connection:
            found = {(hour, group): last_id for hour, group, last_id in connection.execute(groups)}
            outdated = {(hour, group) for hour, group in connection.execute(stale)}
        found = {**dict.fromkeys(outdated, 0), **found}
        return [Waiting(*key, last_id, key in outdated) for key, last_id in sorted(found.items())]

    def blocks(self, hour_us: int, group: int) -> tuple[list[Block], list[BrokenBlob]]:
        """Return the minutes of an hour of 64 tags in order, "no data" for those that can't be read, and those."""
        members = select(TAG.c.id).where(TAG.c.id >= group * TAGS, TAG.c.id < (group + 1) * TAGS)
        with self._home.place().reading() as connection:
            blocks, broken = read_blocks(connection, hour_us, group)
            tags = list(connection.execute(members).scalars()) if broken else []
        holes = no_data(np.array(sorted(tags), np.int64), [each.t0_us for each in broken])
        return [Block(holes.ids, Samples(holes.time_us, holes.values, holes.qualities)), *blocks], broken

    def quarantine(self, broken: list[BrokenBlob]) -> None:
        """Keep blobs that are about to be replaced."""
        if broken:
            with self._home.place().writing() as connection:
                quarantine(connection, broken)

    def keep_once(self, broken: BrokenBlob) -> bool:
        """Keep a blob that stays where it is, unless it is kept already: then False."""
        same = (QUARANTINE.c.what == broken.what, QUARANTINE.c.t0_us == broken.t0_us, QUARANTINE.c.body == broken.body)
        with self._home.place().writing() as connection:
            if connection.execute(select(QUARANTINE.c.id).where(*same)).first() is not None:
                return False
            quarantine(connection, [broken])
        return True

    def done(self, waiting: Waiting, broken: list[BrokenBlob], neighbours: Sequence[int]) -> None:
        """Let go of what is packed now, but for what couldn't be read: that goes into quarantine.

        The cells of the neighbouring hours are to be worked out anew.
        """
        hour, group = waiting.hour_us, waiting.group
        with self._home.place().writing() as connection:
            quarantine(connection, broken)
            mine = (SEGMENT.c.hour_us == hour, SEGMENT.c.grp == group, SEGMENT.c.id <= waiting.last_id)
            connection.execute(delete(SEGMENT).where(*mine))
            connection.execute(delete(STALE).where(STALE.c.hour_us == hour, STALE.c.grp == group))
            upsert(connection, STALE, [{"hour_us": neighbour, "grp": group} for neighbour in neighbours])


def _oldest(connection: Connection, before_us: int) -> list[Row[Any]]:
    """Return the oldest frames of the first source that has some, up to the last one written before `before_us`.

    One among them that was written later by a clock that was wrong goes with them: its turn has come.
    """
    for source in connection.execute(select(SOURCE.c.id).order_by(SOURCE.c.id)).scalars().all():
        newest = select(func.max(FRAME.c.seq)).where(FRAME.c.src == source).scalar_subquery()
        older = (FRAME.c.src == source, FRAME.c.seq < newest)
        last = select(FRAME.c.seq).where(*older, FRAME.c.at_us < before_us).order_by(FRAME.c.seq.desc()).limit(1)
        until = connection.execute(last).scalar()
        if until is not None:
            oldest = select(FRAME).where(*older, FRAME.c.seq <= until).order_by(FRAME.c.seq).limit(FRAMES)
            return list(connection.execute(oldest))
    return []


def _columns(frames: Sequence[Row[Any]], alias: Alias) -> tuple[Columns, list[BrokenBlob]]:
    """Return what the frames of a source hold, and those that can't be read; from where they begin: no data.

    One with an id that means no tag is kept as one that can't be read.
    """
    picker = Picker()
    broken = pick(picker, frames)
    found = picker.columns()
    tags = alias.tags_of(found.ids)
    if (tags < 0).any():
        if len(frames) > 1:
            parts = [_columns([frame], alias) for frame in frames]
            return concatenate([columns for columns, _ in parts]), [each for _, some in parts for each in some]
        frame, unknown = frames[0], int(found.ids[tags < 0][0])
        reason = f"id {unknown} means no tag"
        broken = [BrokenBlob(f"frame {frame.src}/{frame.seq}", reason, frame.t0_us, frame.body)]
        found, tags = concatenate([]), found.ids[:0]
    for each in broken:
        each.tell()
    return concatenate([no_data(alias.tags, [each.t0_us for each in broken]), found.with_ids(tags)]), broken


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
