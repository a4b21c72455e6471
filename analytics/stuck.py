"""Tags that don't move, as an alarm of the kind `stuck` sees them, for a page of samples. Pure, any thread.

A value holds until the next, as for rates: a running station hears every reading, history those that changed something
and a heartbeat. What counts as moved is said by `alarms/watchers/stuck.py`. After a sample that isn't usable the window
begins anew.
"""

import math

import numpy as np
from numpy.typing import NDArray

from alarms.watchers.stuck import compared
from alarms.watchers.watching import Finding
from analytics.judging import Judged, at, from_finding
from analytics.pages import Page
from analytics.rates import NOTHING, after, since_us
from history.series import NO_DATA
from history.usable import usable_mask
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import Values

Indices = NDArray[np.intp]


class StuckJudge:
    """Judges one alarm, page after page in their order; it has no worst value, so `sign` is NaN."""

    sign = math.nan

    def __init__(self, definition: AlarmDefinition) -> None:
        self._tag, self._limit_tag = definition.tag, definition.limit_tag
        self._limit, self._deadband = definition.limit or 0.0, definition.deadband
        self._window_us = round(definition.window_s * 1e6)
        self._seen = self._held = NOTHING
        self._until_us = -1

    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page, up to the last sample of it."""
        column = page[self._tag]
        seen = after(self._seen, column)
        held = after(self._held, page[self._limit_tag]) if self._limit_tag else NOTHING
        until_us = int(column.times_us[-1]) if len(column.times_us) else self._until_us
        moments = np.unique(np.concatenate([column.times_us, seen.times_us + self._window_us, held.times_us]))
        last = np.searchsorted(seen.times_us, moments, "right") - 1
        is_in = (moments > self._until_us) & (moments <= until_us) & (last >= 0)
        moments, last = moments[is_in], last[is_in]
        is_usable = usable_mask(seen.values, seen.qualities)
        anew = np.maximum.accumulate(np.where(is_usable, 0, np.arange(len(is_usable)) + 1))[last]
        ago = np.searchsorted(seen.times_us, moments - self._window_us, "right") - 1
        limit: Values | float = self._limit
        is_known, is_unknown = is_usable[last], seen.qualities[last] == NO_DATA
        if self._limit_tag:
            limits = at(held, moments)
            limit = limits.values
            is_known = is_known & usable_mask(limit, limits.qualities)
            is_unknown = is_unknown | (limits.qualities == NO_DATA)
        moved = extent(seen.values, np.minimum(np.maximum(ago, anew), last), last)
        raises, clears = compared(moved, limit, self._deadband)
        self._seen, self._held = since_us(seen, until_us - self._window_us), since_us(held, until_us)
        self._until_us = until_us
        finding = Finding(raises & (ago >= anew) & is_known, clears & is_known, ~is_known)
        return from_finding(moments, finding, is_unknown)


def extent(values: Values, first: Indices, last: Indices) -> Values:
    """Return how far values lie apart in each part of a column, given by the places of its first and last.

    Each part is covered by two of the same power of two, whose extremes are made by doubling.
    """
    found = np.empty(len(first))
    doublings = np.frexp((last - first + 1).astype(np.float64))[1] - 1
    low = high = values
    for doubling in range(int(doublings.max(initial=-1)) + 1):
        width = 1 << doubling
        at_once = np.flatnonzero(doublings == doubling)
        left, right = first[at_once], last[at_once] - width + 1
        found[at_once] = np.maximum(high[left], high[right]) - np.minimum(low[left], low[right])
        low, high = np.minimum(low[:-width], low[width:]), np.maximum(high[:-width], high[width:])
    return found
