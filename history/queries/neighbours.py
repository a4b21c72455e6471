"""The sample next to a time, however far away it is. Worker threads of the station.

Heartbeats let it be near in most cases: so little is read first, and then more and more.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from history.aggregates.samples import Mask
from history.chunks.cells import HOUR_US
from history.chunks.samples import Samples, Times
from history.queries.limits import LATEST_US, Patience
from history.queries.source import Source

Chooses = Callable[[Samples], Mask]
_DISTANCES_US: Final = (0, HOUR_US, 24 * HOUR_US, 32 * 24 * HOUR_US, 366 * 24 * HOUR_US, LATEST_US + 2 * HOUR_US)
_AT_ONCE: Final = 64
"""Hours that are read together at most."""


def any_sample(samples: Samples) -> Mask:
    """Choose all."""
    return np.ones(len(samples), np.bool_)


def last_before(source: Source, row: int, at_us: int, chosen: Chooses, patience: Patience) -> Samples:
    """Return the last sample of a tag before a time that is chosen, or none.

    Raises:
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    for near, far in pairwise(_DISTANCES_US):
        hours = source.hours(row, full_hour(at_us - far), full_hour(at_us - near + HOUR_US - 1))
        found = last_of_hours(source, row, hours, (0, at_us), (chosen, patience))
        if len(found):
            return found
    return NONE


def first_from(source: Source, row: int, at_us: int, chosen: Chooses, patience: Patience) -> Samples:
    """Return the first sample of a tag at or after a time that is chosen, or none; raises as `last_before`."""
    for near, far in pairwise(_DISTANCES_US):
        hours = source.hours(row, full_hour(at_us + near), full_hour(at_us + far + HOUR_US - 1))
        for some in together(hours):
            patience.check()
            found = source.samples(row, max(int(some[0]), at_us), int(some[-1]) + HOUR_US)
            rows = np.flatnonzero(chosen(found))
            if len(rows):
                return found.take(rows[:1])
    return NONE


def last_of_hours(
    source: Source, row: int, hours: Times, span: tuple[int, int], how: tuple[Chooses, Patience]
) -> Samples:
    """Return the last sample in some hours and in [start, end) that is chosen, or none; raises as `last_before`."""
    chosen, patience = how
    for some in together(hours[::-1]):
        patience.check()
        found = source.samples(row, max(int(some[-1]), span[0]), min(int(some[0]) + HOUR_US, span[1]))
        rows = np.flatnonzero(chosen(found))
        if len(rows):
            return found.take(rows[-1:])
    return NONE


def together(hours: Times) -> Iterator[Times]:
    """Return runs of hours that are read at once: one first, then more."""
    at, n = 0, 1
    while at < len(hours):
        yield hours[at : at + n]
        at, n = at + n, min(2 * n, _AT_ONCE)


def full_hour(at_us: int) -> int:
    """Return the beginning of the hour of a time."""
    return max(at_us, 0) // HOUR_US * HOUR_US


NONE: Final = Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint16))
