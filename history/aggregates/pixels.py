"""Pixels from a mixture of roll-up cells and samples, exact at their edges. Pure, any thread.

A planner takes cells where they lie within a pixel and samples (or finer cells) where a cell lies across an edge:
`is_across` names those. A cell across an edge that stays is shared: its extremes go to the side on which they were, its
first value to the left, its last to the right.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from history.aggregates.samples import Floats, Mask, Rows, Times, merge_times
from history.aggregates.spans import Spans, join
from history.series import Gap, HistoryQuery, HistorySeries
from history.usable import badness
from plant_models.quality import QualityArray


def is_across(t0_us: Times, level_us: int, edges_us: Times) -> Mask:
    """Return which cells [t0, t0 + level) have an edge inside them."""
    inside = np.searchsorted(edges_us, t0_us + level_us) - np.searchsorted(edges_us, t0_us, "right")
    return np.asarray(inside > 0, np.bool_)


def draw_spans(tag: str, parts: Sequence[Spans], query: HistoryQuery, newest_us: int) -> HistorySeries:
    """Return the answer for one tag from stretches that cover the query, in order.

    Of a pixel that isn't over yet at `newest_us` the rest, of which nothing is known, makes the quality no worse.

    Raises:
        ValueError: the stretches don't follow each other, or don't cover the query.
    """
    edges = query.edges_us()
    spans = _cut(join(parts), edges)
    first = np.searchsorted(spans.starts_us, edges[:-1])
    with np.errstate(all="ignore"):
        good_s = np.add.reduceat(spans.good_us, first) / 1e6
        means = np.where(good_s > 0, np.add.reduceat(spans.areas, first) / good_s, np.nan)
    firsts, lasts = _ends(spans, first)
    return HistorySeries(
        tag=tag,
        t0_us=edges[:-1],
        min=np.fmin.reduceat(spans.min, first),
        max=np.fmax.reduceat(spans.max, first),
        first=firsts,
        last=lasts,
        mean=means,
        quality=_worst(spans, first, edges, newest_us),
        gaps=_gaps(spans, query),
    )


def _cut(spans: Spans, edges: Times) -> Spans:
    """Return the spans of the query, those across an edge cut in two there."""
    end = spans.starts_us[-1] + spans.lengths_us[-1]
    if spans.starts_us[0] > edges[0] or end < edges[-1]:
        raise ValueError(f"stretches from {spans.starts_us[0]} to {end} µs don't cover {edges[0]} to {edges[-1]} µs")
    low = int(np.searchsorted(spans.starts_us, edges[0]))
    high = int(np.searchsorted(spans.starts_us, edges[-1]))
    points, is_start = merge_times(spans.starts_us[low:high], edges)
    starts, lengths = points[:-1], np.diff(points)
    rows = np.cumsum(is_start[:-1], dtype=np.int64) + (low - 1)
    pieces = spans.take(rows)
    at = np.flatnonzero(lengths < pieces.lengths_us)
    shares = lengths[at] / pieces.lengths_us[at]
    is_first = starts[at] == pieces.starts_us[at]
    is_last = starts[at] + lengths[at] == pieces.starts_us[at] + pieces.lengths_us[at]
    pieces.areas[at] *= shares
    pieces.good_us[at] = (pieces.good_us[at] * shares).round()
    pieces = replace(pieces, starts_us=starts, lengths_us=lengths)
    is_cell = ~pieces.is_held[at] & pieces.is_usable[at]
    _share_cells(pieces, at[is_cell], is_first[is_cell], is_last[is_cell])
    return pieces


def _share_cells(pieces: Spans, at: Rows, is_first: Mask, is_last: Mask) -> None:
    """Leave to each piece of a cell its share. Where none of the four values lies, it is between the extremes."""
    starts, t_min, t_max = pieces.starts_us[at], pieces.t_min_us[at], pieces.t_max_us[at]
    ends, smallest, largest = starts + pieces.lengths_us[at], pieces.min[at], pieces.max[at]
    begin, end = np.where(is_first, pieces.first[at], np.nan), np.where(is_last, pieces.last[at], np.nan)
    low = np.where((t_min >= starts) & (t_min < ends), smallest, np.nan)
    high = np.where((t_max >= starts) & (t_max < ends), largest, np.nan)
    is_rising = t_min <= t_max
    early, late = np.where(is_rising, low, high), np.where(is_rising, high, low)
    pieces.first[at] = _first_known(begin, early, late, end)
    pieces.last[at] = _first_known(end, late, early, begin)
    pieces.min[at] = _first_known(np.fmin(np.fmin(begin, end), np.fmin(low, high)), smallest)
    pieces.max[at] = _first_known(np.fmax(np.fmax(begin, end), np.fmax(low, high)), largest)


def _first_known(found: Floats, *others: Floats) -> Floats:
    for other in others:
        found = np.where(np.isnan(found), other, found)
    return found


def _ends(spans: Spans, first: Rows) -> tuple[Floats, Floats]:
    """Return the first and last value of each pixel, NaN if there is none."""
    rows, n = np.arange(len(spans.first)), len(spans.first)
    following = np.minimum.accumulate(np.where(np.isnan(spans.first), n, rows)[::-1])[::-1][first]
    high = np.append(first[1:], n)
    previous = np.maximum.accumulate(np.where(np.isnan(spans.last), -1, rows))[high - 1]
    firsts, lasts = spans.first[np.minimum(following, n - 1)], spans.last[np.maximum(previous, 0)]
    return np.where(following < high, firsts, np.nan), np.where(previous >= first, lasts, np.nan)


def _worst(spans: Spans, first: Rows, edges: Times, newest_us: int) -> QualityArray:
    begun = np.repeat(edges[:-1] < newest_us, np.diff(first, append=len(spans.starts_us)))
    ranks = np.where((spans.starts_us >= newest_us) & begun, np.uint32(0), badness(spans.qualities))
    return (np.maximum.reduceat(ranks, first) & np.uint32(0xFFFF)).astype(np.uint16)


def _gaps(spans: Spans, query: HistoryQuery) -> tuple[Gap, ...]:
    """Return the runs of spans that aren't usable."""
    is_usable = spans.is_usable
    starts = np.flatnonzero(~is_usable & np.append(True, is_usable[:-1]))
    ends = np.flatnonzero(~is_usable & np.append(is_usable[1:], True)) + 1
    times = np.append(spans.starts_us, query.end_us)
    columns = (times[starts].tolist(), times[ends].tolist(), spans.qualities[starts].tolist())
    return tuple(Gap(*row) for row in zip(*columns, strict=True))
