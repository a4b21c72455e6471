"""Where the drivers' batches end in a test: kept as they came, and applied to a real tag table."""

import threading
from collections.abc import Sequence

from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.plant import Plant
from plant_models.quality import Quality, is_bad
from plant_models.tag_table import Sample, TagTable


class TableSink:
    """A sink for several workers; a lock stands in for the one station thread. While it `is_full` it takes nothing."""

    def __init__(self, plant: Plant, clock: Clock) -> None:
        self.table = TagTable(plant.tags, plant.scan_s, clock, plant.rest_s)
        self.batches: list[Batch] = []
        self.is_full = False
        self._lock = threading.Lock()

    def offer(self, batch: Batch) -> bool:
        if self.is_full:
            return False
        with self._lock:
            self.batches.append(batch)
            self.table.apply(batch)
        return True

    def sample(self, tag: str) -> Sample:
        return self.table.sample(tag)

    def values(self, tags: Sequence[str]) -> list[float]:
        return [self.sample(tag).value for tag in tags]

    def is_good(self, *tags: str) -> bool:
        """True if every tag is good now."""
        return all(self.sample(tag).quality == Quality.GOOD for tag in tags)

    def is_bad(self, *tags: str) -> bool:
        """True if every tag is bad now and was tried at least once."""
        waiting = Quality.BAD_WAITING_FOR_INITIAL_DATA
        return all(is_bad(self.sample(tag).quality) and self.sample(tag).quality != waiting for tag in tags)

    def good_values(self, tag: str) -> set[float]:
        """Return every value that ever came for a tag with a good quality."""
        row = self.table.index[tag]
        with self._lock:
            batches = list(self.batches)
        found: set[float] = set()
        for batch in batches:
            if batch.values is not None and batch.qualities is not None:
                found.update(batch.values[(batch.tags == row) & (batch.qualities == Quality.GOOD)].tolist())
        return found
