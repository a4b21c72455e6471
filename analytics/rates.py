"""How fast a tag changes, as an alarm of the kind `rate` sees it, for a page of samples. Pure, any thread.

A running station reckons with every reading, history keeps those that changed something: so a value holds until the
next, and the rate is judged again when an old value leaves the window. After a sample that isn't usable nothing is
judged until there is a whole window again.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.judging import Judged, at
from analytics.pages import Column, Page
from history.series import NO_DATA
from history.usable import usable_mask
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import Times

_MINUTE_NS: Final = 60e9


class RateJudge:
    """Judges one alarm, page after page in their order; `sign` takes `excess` back to what people read."""

    def __init__(self, definition: AlarmDefinition) -> None:
        limit = definition.limit or 0.0
        self.sign = -1.0 if limit < 0 else 1.0
        self._tag = definition.tag
        self._raise_above = abs(limit)
        self._window_us = round(definition.window_s * 1e6)
        self._minutes = self._window_us * 1_000 / _MINUTE_NS
        self._seen = Column(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint16))
        self._until_us = -1

    @np.errstate(invalid="ignore")
    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page, up to the last sample of it."""
        column = page[self._tag]
        seen = Column(
            np.append(self._seen.times_us, column.times_us),
            np.append(self._seen.values, column.values),
            np.append(self._seen.qualities, column.qualities),
        )
        until_us = int(column.times_us[-1]) if len(column.times_us) else self._until_us
        moments = np.union1d(column.times_us, seen.times_us + self._window_us)
        moments = moments[(moments > self._until_us) & (moments <= until_us)]
        since = moments - self._window_us
        now, before = at(seen, moments), at(seen, since)
        rate = (now.values - before.values) / self._minutes * self.sign
        is_whole = _unusable(seen, moments) == _unusable(seen, since)
        is_whole &= usable_mask(before.values, before.qualities)
        first = int(np.searchsorted(seen.times_us, until_us - self._window_us, "right")) - 1
        rows = slice(max(first, 0), None)
        self._seen = Column(seen.times_us[rows], seen.values[rows], seen.qualities[rows])
        self._until_us = until_us
        return Judged(moments, rate, self._raise_above, is_whole, now.qualities == NO_DATA)


def _unusable(seen: Column, times_us: Times) -> NDArray[np.int64]:
    """Return how many samples up to some times aren't usable."""
    n = np.append(0, np.cumsum(~usable_mask(seen.values, seen.qualities)))
    return n[np.searchsorted(seen.times_us, times_us, "right")]
