"""Samples of one tag as aggregates and totals take them, some intervals at a time. Worker threads of the station."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from history.aggregates.samples import Mask, TagSamples, Times
from history.chunks.samples import Samples, merge
from history.queries.neighbours import Chooses, any_sample
from history.queries.past import Past

_AT_ONCE: Final = 500_000
"""Samples that are read together, unless a single interval has more: six days of one a second."""


def pieces(past: Past, edges_us: Times, is_asked: Mask) -> Iterator[slice]:
    """Return runs of intervals that are asked for and follow each other, each small enough to be read at once."""
    rows, most = np.flatnonzero(is_asked), past.most_before(edges_us)
    while len(rows):
        first = int(rows[0])
        n_following = int(np.append(rows[1:] - rows[:-1] != 1, True).argmax()) + 1
        n_at_once = int(np.searchsorted(most, most[first] + _AT_ONCE, "right")) - 1 - first
        n = max(min(n_following, n_at_once), 1)
        yield slice(first, first + n)
        rows = rows[n:]


def held_samples(past: Past, edges_us: Times, chosen: Chooses) -> TagSamples:
    """Return the samples of a tag for some intervals; a longer silence than its hold time means that nothing is known.

    They begin with the last one before the intervals, and the last one that is chosen, however old these are.
    """
    start_us, end_us = int(edges_us[0]), int(edges_us[-1])
    found = past.samples(max(start_us - past.hold_us, 0), end_us + past.hold_us)
    return _known_until_now(past, _begun(past, found, (start_us, end_us), chosen), past.hold_us)


def counted_samples(past: Past, edges_us: Times, chosen: Chooses) -> TagSamples:
    """Return the samples of a tag for some intervals, with the chosen ones next to them on both sides, however far:
    a counter has counted in a silence.
    """
    start_us, end_us = int(edges_us[0]), int(edges_us[-1])
    found = _begun(past, past.samples(start_us, end_us), (start_us, end_us), chosen)
    later = [past.first_from(end_us, choose) for choose in (any_sample, chosen)]
    return _known_until_now(past, merge([found, *later]), None)


def _begun(past: Past, found: Samples, span_us: tuple[int, int], chosen: Chooses) -> Samples:
    """Return the samples with one at or before the start, and one that is chosen, unless there is none."""
    start_us, end_us = span_us
    early = found.between(0, start_us + 1)
    wanted = {any_sample, chosen}
    older = [past.last_before(start_us, choose) for choose in wanted if not choose(early).any()]
    begun = merge([*older, found])
    for choose in wanted:
        past.note(begun, end_us, choose)
    return begun


def _known_until_now(past: Past, found: Samples, hold_us: int | None) -> TagSamples:
    """Return samples of a tag that is being read: nothing has come since the last one."""
    until_us = max([past.now_us(), *(found.times_us[-1:] + 1).tolist()])
    return TagSamples(found.times_us, found.values, found.qualities, True, until_us, hold_us)
