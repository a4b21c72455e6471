"""Samples of one connection on their way to the station, neighbours decoded and handed over as one. One worker thread.

Each batch has a fixed cost here and in the station, and a scan of many blocks comes within milliseconds.
"""

from typing import Final

from drivers.base import Sink
from drivers.modbus.replies import Read, decoded
from plant_models.batch import Batch, merge
from plant_models.clock import Clock

MOST_ROWS: Final = 1_000
PACE_NS: Final = 5_000_000
"""A sample waits for the next one only while they follow each other as quickly as this."""


class Outbox:
    """Fulfils `drivers.base.Sink`. What `keep` is given may wait for `flush`; what `offer` is given goes at once.

    Nothing overtakes anything.
    """

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self._kept: list[Read] = []
        self._rows = 0
        self._kept_ns = -PACE_NS

    def offer(self, batch: Batch) -> bool:
        """Hand over a batch and all that was kept before it; False if any of it was dropped."""
        return self.flush() & self._sink.offer(batch)

    def keep(self, read: Read) -> bool:
        """Take what was read; False if samples were dropped that had to be handed over now.

        Its unit counts those that found no room in the end.
        """
        now_ns = self._clock.mono_ns()
        is_quick = now_ns - self._kept_ns < PACE_NS
        self._kept_ns = now_ns
        self._kept.append(read)
        self._rows += len(read)
        return True if is_quick and self._rows < MOST_ROWS else self.flush()

    def flush(self) -> bool:
        """Hand over what was kept; False if it was dropped."""
        if not self._kept:
            return True
        kept, self._kept, self._rows = self._kept, [], 0
        batches = decoded(kept)
        is_taken = self._sink.offer(batches[0] if len(batches) == 1 else merge(batches))
        if not is_taken:
            for read in kept:
                read.unit.counters.lost_samples(len(read))
        return is_taken
