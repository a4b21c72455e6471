"""Where a driver's late samples end in a test."""

import threading

from plant_models.quality import Quality
from plant_models.recovered import Recovered


class PastSink:
    """Fulfils `drivers.base.PastSink`. While it `is_full` it takes nothing, and counts how often it was asked."""

    def __init__(self) -> None:
        self.taken: list[Recovered] = []
        self.is_full = False
        self.refused = 0
        self._lock = threading.Lock()

    def recover(self, recovered: Recovered) -> bool:
        with self._lock:
            self.refused += self.is_full
            if not self.is_full:
                self.taken.append(recovered)
            return not self.is_full

    def of(self, row: int) -> list[tuple[int, float]]:
        """Return the good samples of a row, each time once, the last one that came."""
        found: dict[int, float] = {}
        for part in list(self.taken):
            batch = part.batch
            assert batch.values is not None
            assert batch.qualities is not None
            for place in ((batch.tags == row) & (batch.qualities == Quality.GOOD)).nonzero()[0].tolist():
                found[int(batch.source_us[place])] = float(batch.values[place])
        return sorted(found.items())

    @property
    def samples(self) -> int:
        return sum(map(len, self.taken))
