"""Which parts of a query come from cells, and which from samples. Pure functions, any thread."""

from collections.abc import Iterator

import numpy as np

from history.aggregates.samples import TagSamples
from history.aggregates.spans import Stretch
from history.chunks.cells import HOUR_US, MINUTE_US
from history.chunks.samples import Times
from history.columns import Columns
from history.series import HistoryQuery


def level_of(query: HistoryQuery) -> int:
    """Return the width of the coarsest cells that fit into a pixel (µs), 0 if a pixel is narrower than any."""
    width_us = (query.end_us - query.start_us) // query.pixels
    return next((level_us for level_us in (HOUR_US, MINUTE_US) if width_us >= level_us), 0)


def stretches(span: Stretch, unpacked_us: Times) -> Iterator[tuple[Stretch, bool]]:
    """Return runs of whole hours that fill a span of whole hours, in order, and whether cells may be taken for each.

    Where a sample isn't packed yet (their times in any order), the cells of its hour, if there are any, are outdated.
    """
    first, last = span.start_us // HOUR_US, span.end_us // HOUR_US
    hours = np.unique(unpacked_us // HOUR_US)
    is_packed = np.ones(last - first, np.bool_)
    is_packed[hours[(hours >= first) & (hours < last)] - first] = False
    edges = np.flatnonzero(np.append(True, is_packed[1:] != is_packed[:-1])).tolist()
    for start, end in zip(edges, [*edges[1:], last - first], strict=True):
        yield Stretch((first + start) * HOUR_US, (first + end) * HOUR_US), bool(is_packed[start])


def samples_of(found: Columns, end_us: int, now_us: int) -> TagSamples:
    """Return samples of one tag in the order of their times, of equal times the last; they are known until now."""
    order = np.argsort(found.time_us, kind="stable")
    times = found.time_us[order]
    is_last = np.append(times[1:] != times[:-1], True)[: len(times)]
    rows = order[is_last]
    rows = rows[found.time_us[rows] < end_us]
    times = found.time_us[rows]
    newest_us = max(int(times[-1]) + 1 if len(times) else now_us, now_us)
    return TagSamples(times, found.values[rows], found.qualities[rows], is_stepped=True, known_until_us=newest_us)
