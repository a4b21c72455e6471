"""The history of one station: recorder, memory, files, packer and reader, put together. Made once at its start."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import Rule
from history.health import HistoryHealth
from history.memory import Memory
from history.overview import HistoryOverview
from history.packer import Packer
from history.packing import PackingThread
from history.query import HistoryReader, holds_us
from history.recorder import Recorder
from history.series import HistoryQuery, HistorySeries
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.segments import Segments
from history.store.sizes import look
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.recovered import Recovered
from plant_models.tag_table import TagTable


class _Rules:
    """How tags are integrated, by id: a value holds until the next, or as long as silence may last."""

    def __init__(self, frames: FrameStore, holds: NDArray[np.int64]) -> None:
        self._frames = frames
        self._holds = holds
        self._of_ids: dict[int, int] = {}
        self.longest_hold_us = int(holds.max(initial=0))

    def of(self, tag: int) -> Rule:
        """Return the rule of a tag; the file must have been opened."""
        if not self._of_ids:
            self._of_ids = dict(zip(self._frames.place().ids.tolist(), self._holds.tolist(), strict=True))
        return Rule(is_stepped=True, hold_us=self._of_ids.get(tag, self.longest_hold_us))


class History:
    """`on_changed` is the listener for the tag table; `answer` reads the disk, so it belongs on a worker thread."""

    def __init__(self, table: TagTable, scan_s: Mapping[str, float], folder: Path, clock: Clock) -> None:
        memory, frames, self._months = Memory(), FrameStore(folder, [tag.name for tag in table.tags]), Months(folder)
        self._folder, self._clock = folder, clock
        holds = holds_us(table.tags, scan_s)
        self._recorder = Recorder(table, frames, memory, clock)
        self._reader = HistoryReader(table.index, holds, memory, Archive(frames, self._months), clock)
        rules = _Rules(frames, holds)
        self._packing = PackingThread(Packer(Segments(frames), self._months, rules.of, rules.longest_hold_us, clock))

    def start(self) -> None:
        """Start the recorder thread; it opens the file and begins to record whatever state the file is in."""
        self._recorder.start()
        self._packing.start()

    def stop(self) -> bool:
        """Write what waits and end; False if the disk hangs and a thread was left behind."""
        has_ended = [self._packing.stop(), self._recorder.stop()]
        self._months.close()
        return all(has_ended)

    def on_changed(self, batch: Batch) -> None:
        """Record changed rows; station thread."""
        self._recorder.offer(batch)

    def recover(self, recovered: Recovered, held: int = 0) -> bool:
        """Record late samples; False if there is no room now: come again later. Any thread.

        `held` more were left out because a manual value stood.
        """
        return self._recorder.recover(recovered, held)

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag of the query, in its order.

        Raises:
            KeyError: there is no such tag.
            DatabaseError: what is on disk can't be read.
        """
        return self._reader.answer(query)

    def overview(self) -> HistoryOverview:
        """Return what history takes on the disk; it reads the disk, so it belongs on a worker thread."""
        return look(self._folder, self._clock.wall_us())

    @property
    def health(self) -> HistoryHealth:
        """The present state."""
        health = self._recorder.health
        why = self._packing.error
        notice = health.notice or (message("History can't be packed: {why}", why=why) if why else "")
        return replace(health, notice=notice, size_bytes=health.size_bytes + self._packing.size_bytes)
