"""The newest samples of a pen, kept from the live table until history has them. GUI thread."""

from collections import deque
from typing import Final

import numpy as np

from history.columns import Columns
from history.pixels import draw
from history.series import MAX_PIXELS, HistoryQuery
from hmi.trends.from_history import trace_of
from hmi.trends.trace import Trace, is_held, not_loaded
from plant_models.tag_table import TagTable

KEPT: Final = 20_000
_FOR_EVER_US: Final = 10**15


class LiveTail:
    """One tag's changes since the trend has followed it, at most KEPT.

    Where the source's clock is ahead or steps back, samples take the time at which they were seen, or a time just after
    their predecessor: they rise in time.
    """

    def __init__(self, row: int) -> None:
        self.row = row
        self._samples: deque[tuple[int, float, int]] = deque(maxlen=KEPT)

    def __len__(self) -> int:
        return len(self._samples)

    @property
    def begins_us(self) -> int | None:
        """The time of the first sample."""
        return self._samples[0][0] if self._samples else None

    def read(self, table: TagTable, now_us: int) -> None:
        """Add the present sample of the tag."""
        sample = table.sample(self.row)
        at_us = min(sample.source_us or now_us, now_us)
        if self._samples:
            at_us = max(at_us, self._samples[-1][0] + 1)
        self._samples.append((at_us, sample.value, sample.quality))

    def forget(self, before_us: int) -> None:
        """Drop what history has; the sample that held at that time stays."""
        while len(self._samples) > 1 and self._samples[1][0] <= before_us:
            self._samples.popleft()

    def trace(self, from_us: int, now_us: int, pixel_us: float) -> Trace:
        """Return what held from a time on until now, reduced to pixels by the rules of history."""
        if not self._samples or from_us >= now_us:
            return not_loaded(end_us=now_us)
        t_us, values, quality = zip(*self._samples, strict=True)
        times = np.array(t_us, np.int64)
        codes = np.array(quality, np.uint16)
        held = np.where(is_held(codes), np.array(values), np.nan)  # what is stale is a gap from that moment on
        samples = Columns(times, held, codes, times, times, times)
        pixels = min(max(round((now_us - from_us) / pixel_us), 1), MAX_PIXELS)
        query = HistoryQuery(("",), from_us, now_us, pixels)
        return trace_of(draw("", samples, query, now_us, _FOR_EVER_US), now_us)
