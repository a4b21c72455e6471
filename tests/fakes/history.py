"""A history without thread and file: what the table showed, and a past that the test writes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from history.columns import Columns
from history.memory import Memory
from history.queries.site import Site
from history.query import NOWHERE, HistoryReader, holds_us
from history.series import HistoryQuery, HistorySeries
from history.stamping import Stamper
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.quality import Quality
from plant_models.tag_table import TagTable


class FakeHistory:
    """Answers like the real one. There are no heartbeats: a value that wasn't put again for 90 s is a gap."""

    def __init__(self, table: TagTable, scan_s: Mapping[str, float], clock: Clock, site: Site = NOWHERE) -> None:
        self._table, self._clock = table, clock
        self._memory, self._stamper = Memory(), Stamper(table.tags)
        frames = FrameStore(Path("/nowhere"), [tag.name for tag in table.tags])
        never_opened = Archive(frames, Months(Path("/nowhere")))
        holds = holds_us(table.tags, scan_s)
        self.reader = HistoryReader(table.index, holds, self._memory, never_opened, clock, site)
        table.add_listener(self._remember)

    def put_past(self, tag: str, times_us: Sequence[int], values: Sequence[float], quality: int = Quality.GOOD) -> None:
        """Write samples of the past."""
        n = len(times_us)
        times = np.array(times_us, np.int64)
        ids = np.full(n, self._table.index[tag], np.int64)
        self._memory.add(
            Columns(ids, np.array(values, np.float64), np.full(n, quality, np.uint16), times, times, times)
        )

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag."""
        return self.reader.answer(query)

    def _remember(self, batch: Batch) -> None:
        self._memory.add(self._stamper.stamp(batch, self._clock.wall_us()))
