"""The sample next to a time, however far away it is. Worker threads of the station.

Heartbeats let it be near in most cases: so little is read first, and then more and more.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from history.aggregates.samples import Mask
from history.chunks.cells import HOUR_US
from history.chunks.samples import Samples
from history.queries.limits import LATEST_US, Patience
from history.queries.source import Source

Chooses = Callable[[Samples], Mask]
_DISTANCES_US: Final = (0, HOUR_US, 24 * HOUR_US, 32 * 24 * HOUR_US, 366 * 24 * HOUR_US, LATEST_US + 2 * HOUR_US)


def any_sample(samples: Samples) -> Mask:
    """Choose all."""
    return np.ones(len(samples), np.bool_)


def last_before(source: Source, row: int, at_us: int, is_chosen: Chooses, patience: Patience) -> Samples:
    """Return the last sample of a tag before a time that is chosen, or none.

    Raises:
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    for near, far in pairwise(_DISTANCES_US):
        start_us, end_us = max(at_us - far, 0), max(at_us - near, 0)
        for hour_us in reversed(list(_hours(source, row, start_us, end_us))):
            patience.check()
            found = source.samples(row, hour_us, min(hour_us + HOUR_US, at_us))
            rows = np.flatnonzero(is_chosen(found))
            if len(rows):
                return found.take(rows[-1:])
    return _NONE


def first_from(source: Source, row: int, at_us: int, is_chosen: Chooses, patience: Patience) -> Samples:
    """Return the first sample of a tag at or after a time that is chosen, or none; raises as `last_before`."""
    for near, far in pairwise(_DISTANCES_US):
        for hour_us in _hours(source, row, at_us + near, at_us + far):
            patience.check()
            found = source.samples(row, max(hour_us, at_us), hour_us + HOUR_US)
            rows = np.flatnonzero(is_chosen(found))
            if len(rows):
                return found.take(rows[:1])
    return _NONE


def _hours(source: Source, row: int, start_us: int, end_us: int) -> Iterator[int]:
    """Return the hours that touch [start, end) and may have samples."""
    first, end = start_us // HOUR_US * HOUR_US, -(-end_us // HOUR_US) * HOUR_US
    yield from source.hours(row, first, end).tolist()


_NONE: Final = Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint16))
