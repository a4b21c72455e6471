"""When each row of the live table last became what it is, and what it was before.

A poll renews the source time of a value that stays the same, so this can't be read from the samples. The table gives
times that can be believed (`plant_models/source_time.py`). Written by the station thread under the table's lock, like
the table itself.
"""

import math
from dataclasses import dataclass

import numpy as np

from plant_models.batch import Qualities, TagIndices, Times, Values
from plant_models.quality import good_mask


@dataclass(frozen=True, slots=True)
class Change:
    """The newest change of a row's value or quality; `at_us` is its time (µs UTC), 0 for what is calculated.

    `before` is the good value that the row had until then. NaN says that nobody saw it become what it is: it was the
    first sample since the start, or came after one that wasn't good.
    """

    at_us: int = 0
    before: float = math.nan

    @property
    def is_seen(self) -> bool:
        return self.at_us > 0 and not math.isnan(self.before)


class NewestChanges:
    """Two columns beside those of the table."""

    def __init__(self, n: int) -> None:
        self._at_us = np.zeros(n, np.int64)
        self._before = np.full(n, np.nan)

    def __getitem__(self, row: int) -> Change:
        return Change(int(self._at_us[row]), float(self._before[row]))

    def note(self, rows: TagIndices, values: Values, qualities: Qualities, at_us: Times | int) -> None:
        """Note that rows change at `at_us`; `values` and `qualities` are what they had until then."""
        self._at_us[rows] = at_us
        self._before[rows] = np.where(good_mask(qualities), values, np.nan)
