"""Between the drivers and the historian, for samples of the past: where a manual value stood, that is what counted.

A tag that had one during an outage keeps for all of it what was recorded. The way from here goes to history alone, past
queue, table and alarms. Drivers call from their own threads.
"""

from dataclasses import replace

import numpy as np

from history.history import History
from plant_models.recovered import Recovered
from station.manual_gate import ManualGate, part_of


class LateGate:
    """Fulfils `drivers.base.PastSink`."""

    def __init__(self, manual: ManualGate, history: History) -> None:
        self._manual, self._history = manual, history

    def recover(self, recovered: Recovered) -> bool:
        """Pass on the tags that had no manual value; False if there is no room now."""
        batch = recovered.batch
        is_held = np.isin(batch.tags, self._manual.held_within(recovered.since_us, recovered.until_us))
        if not is_held.any():
            return self._history.recover(recovered)
        return self._history.recover(replace(recovered, batch=part_of(batch, ~is_held)), held=int(is_held.sum()))
