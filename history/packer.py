"""Packing: frames become minutes, minutes hours, hours days and months, step by step. No thread of its own.

Every step can be done again, so that one that was cut short loses and doubles nothing: an hour is on the disk in its
part before its minutes are let go of. Files or a server: it is all the same.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from database.errors import DamagedError
from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples, concatenate_samples, merge_blocks
from history.chunks.segment import TAGS
from history.late_hours import MINUTES, border_minutes, patched, rejoin, touched_minutes
from history.plain_tables import PlainTables
from history.store.broken import BrokenBlob
from history.store.mending import Mender
from history.store.months import month_of, span_of
from history.store.packed import PackedHour, merge_rows, next_merge, read_cells, read_hour, write_hours
from history.store.parts import Parts, UnreadablePartError, keeping_in, month_in, part_name
from history.store.segments import Segments, Waiting
from history.thinning import thin
from plant_models.clock import Clock

DAY_US: Final = 24 * HOUR_US
LATE_US: Final = 3 * HOUR_US
"""Since its beginning an hour that is packed for the first time has waited for its samples, or for the station."""
SETTLE_US: Final = 2_000_000
"""How long after a full minute its frames are left alone."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What parts have of an hour of 64 tags: the samples of each tag, the classes of the parts, what can't be read."""

    samples: dict[int, Samples] = field(default_factory=dict)
    classes: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    broken: list[BrokenBlob] = field(default_factory=list)


class Packer:
    """Packs what a place has. `rule_of` says how a tag (by id) is integrated, `keeping_of` in which class it is kept.

    An hour is packed when the longest hold time of any tag has passed: then no sample can still lengthen an interval.
    `tables` are what other programs read of it.
    `size_bytes` is what the parts took on the disk when there was last nothing to do.
    """

    def __init__(
        self,
        segments: Segments,
        parts: Parts,
        rule_of: Callable[[int], Rule],
        longest_hold_us: int,
        clock: Clock,
        keeping_of: Callable[[int], str] = lambda _: "",
        tables: PlainTables | None = None,
    ) -> None:
        self._segments = segments
        self._parts = parts
        self._rule_of = rule_of
        self._keeping_of = keeping_of
        self._longest_hold_us = longest_hold_us
        self._clock = clock
        self._tables = tables
        self._mender = Mender(parts, rule_of)
        self._merged: set[str] = set()  # parts in which nothing is left to be done
        self._merged_us = 0
        self.size_bytes = 0

    def step(self) -> bool:
        """Do one step of what is due; False if nothing is, or the place isn't open.

        Raises:
            DatabaseError: it can't be done now; nothing is lost.
        """
        if not self._segments.is_open:
            return False
        now_us = self._clock.wall_us()
        if self._segments.pack_frames((now_us - SETTLE_US) // MINUTE_US * MINUTE_US):
            return True
        waiting = self._segments.waiting(now_us - self._longest_hold_us)
        if waiting:
            self._pack_hour(waiting[0], now_us)
            return True
        is_done = self._merge(now_us) or self._step_tables(now_us)
        if not is_done:
            self.size_bytes = self._parts.size_bytes
        return is_done

    def _pack_hour(self, waiting: Waiting, now_us: int) -> None:
        """Pack an hour; if the file of its month is damaged, put that aside first: the next step begins a new one."""
        try:
            self._write_hour(waiting, now_us)
        except (UnreadablePartError, DamagedError):
            parts = self._parts.between(waiting.hour_us, waiting.hour_us + 1)
            damaged = [part for part in parts if self._parts.is_damaged(part)]
            if not damaged:
                raise
            if not waiting.last_id:  # only its cells are stale: nothing needs to be written
                self._segments.done(waiting, [], ())
                return
            for part in damaged:
                self._parts.put_aside(part, now_us)

    def _write_hour(self, waiting: Waiting, now_us: int) -> None:
        hour_us, group = waiting.hour_us, waiting.group
        blocks, broken = self._segments.blocks(hour_us, group)
        fresh = merge_blocks(blocks)
        present = self._stored(hour_us, group)
        self._segments.quarantine(present.broken)
        before = self._beside(hour_us - HOUR_US, hour_us, group)
        after = _merged(
            self._beside(hour_us + HOUR_US, hour_us, group),
            merge_blocks(self._segments.blocks(hour_us + HOUR_US, group)[0]),
        )
        by_class, packed = defaultdict[str, list[PackedHour]](list), list[PackedHour]()
        merged = _merged(present.samples, fresh)
        thinned = thin(merged, self._rule_of)
        for tag, samples in merged.items():
            around = [before[tag].take(slice(-1, None))] if tag in before else []
            around += [samples, *([after[tag].take(slice(0, 1))] if tag in after else [])]
            joined = concatenate_samples(around)
            minutes = make_cells(joined, self._rule_of(tag), MINUTE_US, hour_us, hour_us + HOUR_US)
            if tag in present.samples and present.samples[tag].filled is not None:
                minutes = self._kept(tag, waiting, minutes, joined, fresh.get(tag))
            packed.append(PackedHour(Chunk(tag, coarsen(minutes, HOUR_US), thinned[tag]), minutes))
            for keeping in present.classes.get(tag) or [self._keeping_of(tag)]:
                by_class[keeping].append(packed[-1])
        for keeping, hours in by_class.items():
            self._merged.discard(part_name(month_of(hour_us), keeping))
            with self._parts.writing(hour_us, keeping) as connection:
                self._mender.mend(connection, [hour.chunk.tag for hour in hours], hour_us, hour_us + HOUR_US)
                write_hours(connection, hour_us, hours)
        if packed and self._tables is not None:
            self._tables.packed(packed)
        is_late = now_us - hour_us > LATE_US  # its neighbours were packed without it
        is_changed = bool(fresh) and (bool(present.samples) or is_late)
        self._segments.done(waiting, broken, (hour_us - HOUR_US, hour_us + HOUR_US) if is_changed else ())

    def _step_tables(self, now_us: int) -> bool:
        """Do a step of what other programs read; every hour that can be packed is."""
        packed_until_us = (now_us - self._longest_hold_us) // HOUR_US * HOUR_US
        return self._tables is not None and self._tables.step(packed_until_us)

    def _kept(self, tag: int, waiting: Waiting, fresh: Cells, joined: Samples, late: Samples | None) -> Cells:
        """Return the minutes of an hour that was thinned before: as they were, but for those that something touched."""
        hour_us = waiting.hour_us
        touched = np.zeros(MINUTES, np.bool_)
        if waiting.is_stale:
            touched |= border_minutes(joined.between(hour_us, hour_us + HOUR_US), hour_us)
        if late is not None:
            touched |= touched_minutes(joined, late, hour_us, self._rule_of(tag))
        for part in self._parts.between(hour_us, hour_us + 1):
            with self._parts.reading(part) as connection:
                old = read_cells(connection, tag, MINUTE_US, hour_us, hour_us + HOUR_US)
            if len(old):
                return patched(old, fresh, touched, hour_us)
        return fresh

    def _stored(self, hour_us: int, group: int) -> _Stored:
        """Return what all parts have of an hour. A tag that has changed its class keeps its hours where they are."""
        stored, tags = _Stored(), range(group * TAGS, group * TAGS + TAGS)
        for part in self._parts.between(hour_us, hour_us + 1):
            with self._parts.reading(part) as connection:
                found, broken = read_hour(connection, hour_us, tags)
            stored.samples.update(_merged(stored.samples, found))
            stored.broken.extend(broken.values())
            for tag in found.keys() | broken.keys():
                stored.classes[tag].append(keeping_in(part))
        return stored

    def _beside(self, hour_us: int, of_us: int, group: int) -> dict[int, Samples]:
        """Return the packed samples of the hour before or after another; none if another month can't be read."""
        try:
            return self._stored(hour_us, group).samples
        except UnreadablePartError:
            if month_of(hour_us) == month_of(of_us):
                raise
            return {}

    def _merge(self, now_us: int) -> bool:
        """Let one row stand for each day, then for each month, that is over; one group of tags in a step."""
        if now_us // HOUR_US == self._merged_us // HOUR_US:
            return False
        this_month, today_us = month_of(now_us), now_us // DAY_US * DAY_US
        for part in self._parts.between(0, now_us + 1):
            if part in self._merged:
                continue
            try:
                if self._merge_part(part, month_in(part) < this_month, today_us):
                    return True
            except (UnreadablePartError, DamagedError):
                if self._parts.is_damaged(part):  # it is told, and the others go on
                    continue
                raise
            if month_in(part) < this_month:
                self._merged.add(part)
        self._merged_us = now_us
        return False

    def _merge_part(self, part: str, is_over: bool, today_us: int) -> bool:
        first, last = span_of(part)
        with self._parts.reading(part) as connection:
            day = next_merge(connection, MINUTE_US, (HOUR_US, DAY_US), (first, min(today_us, last)))
            is_due = not day and is_over
            whole = next_merge(connection, HOUR_US, (DAY_US, None), (first, last)) if is_due else None
        for merge_ in filter(None, (day, whole)):
            with self._parts.writing(merge_.start_us, keeping_in(part)) as connection:
                self._mender.mend(connection, merge_.tags, merge_.start_us, merge_.end_us)
                for level_us in (HOUR_US, MINUTE_US) if day else (HOUR_US,):
                    merge_rows(connection, merge_, level_us)
            return True
        return False


def _merged(earlier: dict[int, Samples], later: dict[int, Samples]) -> dict[int, Samples]:
    """Return the samples of each tag, of equal times the later recorded ones."""
    both = {tag: rejoin(earlier[tag], later[tag]) for tag in earlier.keys() & later.keys()}
    return dict(sorted({**earlier, **later, **both}.items()))
