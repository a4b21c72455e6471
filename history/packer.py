"""Packing: frames become minutes, minutes hours, hours days and months, step by step. No thread of its own.

Every step can be done again, so that one that was cut short loses and doubles nothing: an hour is on the disk in the
file of its month before its minutes are let go of.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples, concatenate_samples, merge_blocks
from history.chunks.segment import TAGS
from history.late_hours import MINUTES, border_minutes, patched, rejoin, touched_minutes
from history.store.broken import BrokenBlob
from history.store.months import Months, month_of
from history.store.packed import PackedHour, merge_rows, next_merge, read_cells, read_hour, write_hours
from history.store.segments import Segments, Waiting
from history.thinning import thin
from plant_models.clock import Clock

DAY_US: Final = 24 * HOUR_US
SETTLE_US: Final = 2_000_000
"""How long after a full minute its frames are left alone."""


class Packer:
    """Packs what a station has recorded. `rule_of` says how a tag (by id) is integrated.

    An hour is packed when the longest hold time of any tag has passed: then no sample can still lengthen an interval.
    `size_bytes` is what the months took on the disk when there was last nothing to do.
    """

    def __init__(
        self, segments: Segments, months: Months, rule_of: Callable[[int], Rule], longest_hold_us: int, clock: Clock
    ) -> None:
        self._segments = segments
        self._months = months
        self._rule_of = rule_of
        self._longest_hold_us = longest_hold_us
        self._clock = clock
        self._merged: set[str] = set()  # months in which nothing is left to be done
        self._merged_us = 0
        self.size_bytes = 0

    def step(self) -> bool:
        """Do one step of what is due; False if nothing is, or the recorder hasn't opened its file.

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
            self._pack_hour(waiting[0])
            return True
        is_done = self._merge(now_us)
        if not is_done:
            self.size_bytes = self._months.size_bytes
        return is_done

    def _pack_hour(self, waiting: Waiting) -> None:
        hour_us, group = waiting.hour_us, waiting.group
        blocks, broken = self._segments.blocks(hour_us, group)
        fresh = merge_blocks(blocks)
        present, replaced = self._stored(hour_us, group)
        self._segments.quarantine(replaced)
        before, _ = self._stored(hour_us - HOUR_US, group)
        after = self._all(hour_us + HOUR_US, group)
        packed = []
        merged = _merged(present, fresh)
        thinned = thin(merged, self._rule_of)
        for tag, samples in merged.items():
            around = [before[tag].take(slice(-1, None))] if tag in before else []
            around += [samples, *([after[tag].take(slice(0, 1))] if tag in after else [])]
            joined = concatenate_samples(around)
            minutes = make_cells(joined, self._rule_of(tag), MINUTE_US, hour_us, hour_us + HOUR_US)
            if tag in present and present[tag].filled is not None:
                minutes = self._kept(tag, waiting, minutes, joined, fresh.get(tag))
            packed.append(PackedHour(Chunk(tag, coarsen(minutes, HOUR_US), thinned[tag]), minutes))
        if packed:
            self._merged.discard(month_of(hour_us))
            with self._months.writing(hour_us) as connection:
                write_hours(connection, hour_us, packed)
        is_changed = bool(present) and bool(fresh)
        self._segments.done(waiting, broken, (hour_us - HOUR_US, hour_us + HOUR_US) if is_changed else ())

    def _kept(self, tag: int, waiting: Waiting, fresh: Cells, joined: Samples, late: Samples | None) -> Cells:
        """Return the minutes of an hour that was thinned before: as they were, but for those that something touched."""
        hour_us = waiting.hour_us
        touched = np.zeros(MINUTES, np.bool_)
        if waiting.is_stale:
            touched |= border_minutes(joined.between(hour_us, hour_us + HOUR_US), hour_us)
        if late is not None:
            touched |= touched_minutes(joined, late, hour_us, self._rule_of(tag))
        for month in self._months.between(hour_us, hour_us + 1):
            with self._months.reading(month) as connection:
                old = read_cells(connection, tag, MINUTE_US, hour_us, hour_us + HOUR_US)
            return patched(old, fresh, touched, hour_us) if len(old) else fresh
        return fresh

    def _stored(self, hour_us: int, group: int) -> tuple[dict[int, Samples], list[BrokenBlob]]:
        """Return the packed samples of an hour by tag, and what of them can't be read."""
        tags = range(group * TAGS, group * TAGS + TAGS)
        for month in self._months.between(hour_us, hour_us + 1):
            with self._months.reading(month) as connection:
                return read_hour(connection, hour_us, tags)
        return {}, []

    def _all(self, hour_us: int, group: int) -> dict[int, Samples]:
        """Return the samples of an hour by tag, packed or not."""
        blocks, _ = self._segments.blocks(hour_us, group)
        return _merged(self._stored(hour_us, group)[0], merge_blocks(blocks))

    def _merge(self, now_us: int) -> bool:
        """Let one row stand for each day, then for each month, that is over; one group of tags in a step."""
        if now_us // HOUR_US == self._merged_us // HOUR_US:
            return False
        this_month, today_us = month_of(now_us), now_us // DAY_US * DAY_US
        for month in self._months.between(0, now_us + 1):
            if month in self._merged:
                continue
            with self._months.reading(month) as connection:
                day = next_merge(connection, MINUTE_US, (HOUR_US, DAY_US), today_us)
                whole = (
                    None if day or month >= this_month else next_merge(connection, HOUR_US, (DAY_US, None), today_us)
                )
            for merge_ in filter(None, (day, whole)):
                with self._months.writing(merge_.start_us) as connection:
                    for level_us in (HOUR_US, MINUTE_US) if day else (HOUR_US,):
                        merge_rows(connection, merge_, level_us)
                return True
            if month < this_month:
                self._merged.add(month)
        self._merged_us = now_us
        return False


def _merged(earlier: dict[int, Samples], later: dict[int, Samples]) -> dict[int, Samples]:
    """Return the samples of each tag, of equal times the later recorded ones."""
    both = {tag: rejoin(earlier[tag], later[tag]) for tag in earlier.keys() & later.keys()}
    return dict(sorted({**earlier, **later, **both}.items()))
