"""How fast a tag changes, as an alarm of the kind `rate` sees it, for a page of samples. Pure, any thread.

A running station reckons with every reading, history keeps those that changed something: so a value holds until the
next, and the rate is judged again when an old value leaves the window. After a sample that isn't usable nothing is
judged until there is a whole window again.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.watchers.rates import NS_PER_MIN, towards
from analytics.judging import Judged, at
from analytics.pages import Column, Page
from history.series import NO_DATA
from history.usable import usable_mask
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import Times

NOTHING: Final = Column(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint16))
"""Of a tag that wasn't seen yet."""


class RateJudge:
    """Judges one alarm, page after page in their order.

    `sign` takes `excess` back to what people read; where a tag holds the limit, by the newest one.
    """

    def __init__(self, definition: AlarmDefinition) -> None:
        limit = 0.0 if definition.limit is None or definition.limit_tag else definition.limit
        self.sign = -1.0 if limit < 0 else 1.0
        self._tag, self._limit_tag = definition.tag, definition.limit_tag
        self._limit = np.array([limit])
        self._window_us = round(definition.window_s * 1e6)
        self._minutes = self._window_us * 1_000 / NS_PER_MIN
        self._seen = self._held = NOTHING
        self._until_us = -1

    @np.errstate(invalid="ignore")
    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page, up to the last sample of it."""
        column = page[self._tag]
        seen = after(self._seen, column)
        held = after(self._held, page[self._limit_tag]) if self._limit_tag else NOTHING
        until_us = int(column.times_us[-1]) if len(column.times_us) else self._until_us
        moments = np.unique(np.concatenate([column.times_us, seen.times_us + self._window_us, held.times_us]))
        moments = moments[(moments > self._until_us) & (moments <= until_us)]
        since = moments - self._window_us
        now, before = at(seen, moments), at(seen, since)
        is_whole = _unusable(seen, moments) == _unusable(seen, since)
        is_whole &= usable_mask(before.values, before.qualities)
        is_unknown = now.qualities == NO_DATA
        limit = np.broadcast_to(self._limit, moments.shape)
        if self._limit_tag:
            limits = at(held, moments)
            limit, is_known = limits.values, usable_mask(limits.values, limits.qualities)
            is_whole, is_unknown = is_whole & is_known, is_unknown | (limits.qualities == NO_DATA)
            if is_known.any():
                self.sign = -1.0 if limit[is_known][-1] < 0 else 1.0
        excess, raise_above = towards(limit, (now.values - before.values) / self._minutes)
        self._seen, self._held = since_us(seen, until_us - self._window_us), since_us(held, until_us)
        self._until_us = until_us
        return Judged(moments, excess, raise_above, is_whole, is_unknown)


def after(seen: Column, column: Column) -> Column:
    """Return what was seen of a tag with what came after it."""
    return Column(
        np.append(seen.times_us, column.times_us),
        np.append(seen.values, column.values),
        np.append(seen.qualities, column.qualities),
    )


def since_us(seen: Column, begin_us: int) -> Column:
    """Return what was seen since a time, and what was in force then."""
    rows = slice(max(int(np.searchsorted(seen.times_us, begin_us, "right")) - 1, 0), None)
    return Column(seen.times_us[rows], seen.values[rows], seen.qualities[rows])


def _unusable(seen: Column, times_us: Times) -> NDArray[np.int64]:
    """Return how many samples up to some times aren't usable."""
    n = np.append(0, np.cumsum(~usable_mask(seen.values, seen.qualities)))
    return n[np.searchsorted(seen.times_us, times_us, "right")]
