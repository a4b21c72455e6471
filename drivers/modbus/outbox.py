"""Samples of one connection on their way to the station, neighbours handed over as one batch. One worker thread.

The station has a fixed cost for each batch, and a scan of many blocks comes within milliseconds.
"""

from collections.abc import Callable
from typing import Final

from drivers.base import Sink
from plant_models.batch import Batch, merge
from plant_models.clock import Clock

MOST_ROWS: Final = 1_000
PACE_NS: Final = 5_000_000
"""A sample waits for the next one only while they follow each other as quickly as this."""
OnLost = Callable[[int], object]


class Outbox:
    """Fulfils `drivers.base.Sink`. What `keep` is given may wait for `flush`; what `offer` is given goes at once.

    Nothing overtakes anything.
    """

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self._kept: list[tuple[Batch, OnLost]] = []
        self._rows = 0
        self._kept_ns = -PACE_NS

    def offer(self, batch: Batch) -> bool:
        """Hand over a batch and all that was kept before it; False if any of it was dropped."""
        return self.flush() & self._sink.offer(batch)

    def keep(self, batch: Batch, on_lost: OnLost) -> bool:
        """Take a read batch; False if one was dropped that had to be handed over now.

        `on_lost` is told how many of its samples found no room in the end.
        """
        now_ns = self._clock.mono_ns()
        is_quick = now_ns - self._kept_ns < PACE_NS
        self._kept_ns = now_ns
        self._kept.append((batch, on_lost))
        self._rows += len(batch.tags)
        return True if is_quick and self._rows < MOST_ROWS else self.flush()

    def flush(self) -> bool:
        """Hand over what was kept; False if it was dropped."""
        if not self._kept:
            return True
        kept, self._kept, self._rows = self._kept, [], 0
        batches = [batch for batch, _ in kept]
        is_taken = self._sink.offer(batches[0] if len(batches) == 1 else merge(batches))
        if not is_taken:
            for batch, on_lost in kept:
                on_lost(len(batch))
        return is_taken
