"""Answering what history knows: memory and disk as one, without a seam. Worker threads of the station."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.aggregates.pixels import draw_spans
from history.aggregates.spans import Stretch, spans_of_cells, spans_of_samples
from history.chunks.cells import HOUR_US
from history.columns import Columns, concatenate
from history.memory import Memory
from history.pixels import draw
from history.plan import level_of, samples_of, stretches
from history.series import HistoryQuery, HistorySeries
from history.stamping import HEARTBEAT_US
from history.store.archive import Archive
from plant_models.clock import Clock
from plant_models.tag import Tag

SLACK_US: Final = 30_000_000
SCANS: Final = 3


def holds_us(tags: Sequence[Tag], scan_s: Mapping[str, float]) -> NDArray[np.int64]:
    """Return for how long a sample of each tag holds at most: a heartbeat comes every minute or with the next scan."""
    scans = (SCANS * scan_s.get(tag.scan, 0.0) * 1e6 for tag in tags)
    return np.array([HEARTBEAT_US + max(SLACK_US, round(scan)) for scan in scans], np.int64)


class HistoryReader:
    """Reads what a recorder with the same memory and store has written."""

    def __init__(
        self, rows: Mapping[str, int], holds: NDArray[np.int64], memory: Memory, store: Archive, clock: Clock
    ) -> None:
        self._rows, self._holds, self._memory, self._store, self._clock = rows, holds, memory, store, clock

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag of the query, in its order.

        Raises:
            KeyError: there is no such tag.
            DatabaseError: what is on disk can't be read.
        """
        rows = [self._rows[tag] for tag in query.tags]
        if not rows:
            return ()
        level_us = level_of(query)
        if level_us:
            return tuple(self._from_cells(tag, row, level_us, query) for tag, row in zip(query.tags, rows, strict=True))
        found = self._samples(sorted(set(rows)), query)
        now_us = self._clock.wall_us()
        return tuple(
            draw(tag, found.take(found.ids == row), query, now_us, int(self._holds[row]))
            for tag, row in zip(query.tags, rows, strict=True)
        )

    def _from_cells(self, tag: str, row: int, level_us: int, query: HistoryQuery) -> HistorySeries:
        """Return a series from cells where hours are packed, from samples elsewhere."""
        recollection = self._memory.recall()  # the newest first: what is packed meanwhile is found twice, not lost
        until, hold_us = recollection.stored_until, int(self._holds[row])
        blocks = [block.take(block.ids == row) for block in recollection.blocks]
        span = Stretch(query.start_us // HOUR_US * HOUR_US, -(-query.end_us // HOUR_US) * HOUR_US)
        unpacked = concatenate([self._store.newest([row], span.start_us, span.end_us, until), *blocks])
        cells = self._store.cells(row, level_us, span.start_us, span.end_us)
        now_us = self._clock.wall_us()
        parts = []
        for stretch, is_packed in stretches(span, unpacked.time_us):
            if is_packed:
                parts.append(spans_of_cells(cells, level_us, stretch))
                continue
            packed = self._store.read([row], stretch.start_us - hold_us, stretch.end_us, until)
            known = samples_of(concatenate([packed, *blocks]), stretch.end_us, now_us)
            parts.append(spans_of_samples(known, hold_us, stretch))
        newest_us = int(unpacked.time_us[unpacked.time_us < query.end_us].max(initial=now_us - 1)) + 1
        return draw_spans(tag, parts, query, newest_us)

    def _samples(self, rows: Sequence[int], query: HistoryQuery) -> Columns:
        recollection = self._memory.recall()  # before the disk is asked: see history.memory
        start_us = query.start_us - int(self._holds[rows].max())
        parts = [self._store.read(rows, start_us, query.end_us, recollection.stored_until)]
        parts += [block.take(np.isin(block.ids, rows)) for block in recollection.blocks]
        return concatenate(parts)
