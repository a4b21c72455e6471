"""The history of one station: recorder, memory, files, packer and reader, put together. Made once at its start.

With a server in its settings, frames aren't packed here: they wait in the file until the server has them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import Rule
from history.forward.feed import Feed
from history.forward.forwarding import Forwarding
from history.health import HistoryHealth
from history.memory import Memory
from history.packer import Packer
from history.packing import PackingThread
from history.query import HistoryReader, holds_us
from history.recorder import Recorder
from history.series import HistoryQuery, HistorySeries
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.segments import Segments
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.history_settings import HistorySettings
from plant_models.message import joined, message
from plant_models.recovered import Recovered
from plant_models.tag_table import TagTable

_FILES: Final = HistorySettings()


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

    def __init__(
        self,
        table: TagTable,
        scan_s: Mapping[str, float],
        folder: Path,
        clock: Clock,
        settings: HistorySettings = _FILES,
        feeds: Sequence[Feed] = (),
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        memory, frames, self._months = Memory(), FrameStore(folder, [tag.name for tag in table.tags]), Months(folder)
        holds = holds_us(table.tags, scan_s)
        self._recorder = Recorder(table, frames, memory, clock)
        self._reader = HistoryReader(table.index, holds, memory, Archive(frames, self._months), clock)
        rules = _Rules(frames, holds)
        self._packing = PackingThread(Packer(Segments(frames), self._months, rules.of, rules.longest_hold_us, clock))
        self._forwarding: Forwarding | None = None
        if settings.database:
            self._forwarding = Forwarding(settings, self._recorder, (frames, memory, clock), feeds, tell)

    def start(self) -> None:
        """Start the recorder thread; it opens the file and begins to record whatever state the file is in."""
        self._recorder.start()
        (self._forwarding or self._packing).start()

    def stop(self) -> bool:
        """Write what waits and end; False if the disk hangs and a thread was left behind."""
        has_ended = [(self._forwarding or self._packing).stop(), self._recorder.stop()]
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

    @property
    def health(self) -> HistoryHealth:
        """The present state."""
        health = self._recorder.health
        why = self._packing.error
        notice = health.notice or (message("History can't be packed: {why}", why=why) if why else "")
        size_bytes = health.size_bytes + self._packing.size_bytes
        if self._forwarding is None:
            return replace(health, notice=notice, size_bytes=size_bytes)
        spool, notice = self._forwarding.health, joined((notice, self._forwarding.notice))
        return replace(health, notice=notice, size_bytes=size_bytes, spool=spool)
