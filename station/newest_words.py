"""The newest that devices said of every tag, in columns. Not locked: whoever owns it sees to that.

The tag table can't stand in for it: what waits in the queue isn't in it yet, and what found no room never will be.
"""

import numpy as np

from plant_models.batch import Batch, samples
from plant_models.quality import Quality


class NewestWords:
    """Row i belongs to tag i of the table, and starts like there: NaN, Bad, waiting for initial data. Without texts."""

    def __init__(self, n: int) -> None:
        self._values = np.full(n, np.nan)
        self._qualities = np.full(n, Quality.BAD_WAITING_FOR_INITIAL_DATA, np.uint16)
        self._source_us = np.zeros(n, np.int64)
        self._received_ns = np.zeros(n, np.int64)

    def note(self, batch: Batch) -> None:
        """Take in a sound batch; of several samples of a tag the last one counts."""
        self._received_ns[batch.tags] = batch.received_ns
        if batch.qualities is None:
            return
        self._qualities[batch.tags] = batch.qualities
        self._source_us[batch.tags] = batch.source_us
        if batch.values is not None:
            self._values[batch.tags] = batch.values

    def of(self, row: int) -> Batch:
        """Return what was said of a row, as a sample."""
        return samples(row, self._values[row], self._qualities[row], self._source_us[row], self._received_ns[row])
