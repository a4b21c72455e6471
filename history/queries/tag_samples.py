"""Samples of one tag as aggregates and totals take them, some intervals at a time. Worker threads of the station."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from history.aggregates.samples import Mask, TagSamples, Times
from history.chunks.cells import HOUR_US
from history.chunks.samples import Samples, merge
from history.queries.limits import Patience
from history.queries.neighbours import Chooses, any_sample, first_from, last_before
from history.queries.source import Source

_AT_ONCE_US: Final = 7 * 24 * HOUR_US
"""Intervals are read together until they are longer than this."""


def pieces(edges_us: Times, is_asked: Mask) -> Iterator[slice]:
    """Return runs of intervals that are asked for and follow each other, each short enough to be read at once."""
    rows = np.flatnonzero(is_asked)
    while len(rows):
        first = int(rows[0])
        n_following = int(np.append(rows[1:] - rows[:-1] != 1, True).argmax()) + 1
        n_at_once = int(np.searchsorted(edges_us, edges_us[first] + _AT_ONCE_US, "right")) - 1 - first
        n = max(min(n_following, n_at_once), 1)
        yield slice(first, first + n)
        rows = rows[n:]


def held_samples(source: Source, row: int, edges_us: Times, chosen: Chooses, patience: Patience) -> TagSamples:
    """Return the samples of a tag for some intervals; a longer silence than its hold time means that nothing is known.

    They begin with the last one before the intervals, and the last one that is chosen, however old these are.
    """
    hold_us, start_us, end_us = source.hold_us(row), int(edges_us[0]), int(edges_us[-1])
    found = source.samples(row, max(start_us - hold_us, 0), end_us + hold_us)
    return _known_until_now(source, _begun(source, row, found, start_us, chosen, patience), hold_us)


def counted_samples(source: Source, row: int, edges_us: Times, chosen: Chooses, patience: Patience) -> TagSamples:
    """Return the samples of a tag for some intervals, with the chosen ones next to them on both sides, however far:
    a counter has counted in a silence.
    """
    start_us, end_us = int(edges_us[0]), int(edges_us[-1])
    found = _begun(source, row, source.samples(row, start_us, end_us), start_us, chosen, patience)
    later = [first_from(source, row, end_us, choose, patience) for choose in (any_sample, chosen)]
    return _known_until_now(source, merge([found, *later]), None)


def _begun(source: Source, row: int, found: Samples, start_us: int, chosen: Chooses, patience: Patience) -> Samples:
    """Return the samples with one at or before the start, and one that is chosen, unless there is none."""
    early = found.between(0, start_us + 1)
    wanted = [choose for choose in (any_sample, chosen) if not choose(early).any()]
    older = [last_before(source, row, start_us, choose, patience) for choose in wanted]
    return merge([*older, found])


def _known_until_now(source: Source, found: Samples, hold_us: int | None) -> TagSamples:
    """Return samples of a tag that is being read: nothing has come since the last one."""
    until_us = max(source.now_us(), *(found.times_us[-1:] + 1).tolist())
    return TagSamples(found.times_us, found.values, found.qualities, True, until_us, hold_us)
