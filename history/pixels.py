"""From the samples of one tag to what a trend draws: exact columns per pixel, and gaps. Pure functions, any thread.

Silence is made explicit first: where nothing was recorded, a row without value is put in. After that everything follows
one rule: a row holds until the next one, and a row that is bad or stale is a gap.
"""

import numpy as np
from numpy.typing import NDArray

from history.columns import Columns
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from history.usable import badness, usable_mask
from plant_models.quality import QualityArray

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Rows = NDArray[np.intp]


def draw(tag: str, samples: Columns, query: HistoryQuery, now_us: int, hold_us: int) -> HistorySeries:
    """Return the answer for one tag. `samples` are all of its samples from `start - hold_us` to the end, as they came.

    Samples of equal time: the one that came last counts. A sample holds until the next, but for no longer than
    `hold_us`, since silence means that nothing was recorded; and not beyond `now_us`. A pixel that isn't over yet tells
    of what has been: that nothing is known of the rest makes it no worse.
    """
    seen = samples.time_us[samples.time_us < query.end_us]
    newest_us = int(seen.max(initial=now_us - 1)) + 1  # a device's clock may be ahead of ours
    times, values, qualities = _explicit(samples, query, newest_us, hold_us)
    is_usable = usable_mask(values, qualities)
    edges = query.edges_us()
    lo = np.searchsorted(times, edges[:-1], "right") - 1  # the row in force at the left edge
    hi = np.searchsorted(times, np.minimum(edges[1:], newest_us), "left")
    smallest, largest, first, last = _extremes(np.where(is_usable, values, np.nan), is_usable, lo, hi)
    return HistorySeries(
        tag=tag,
        t0_us=edges[:-1],
        min=smallest,
        max=largest,
        first=first,
        last=last,
        mean=_means(times, values, is_usable, edges),
        quality=_worst(qualities, lo, hi),
        gaps=_gaps(times, qualities, is_usable, query),
    )


def _explicit(
    samples: Columns, query: HistoryQuery, newest_us: int, hold_us: int
) -> tuple[Times, Floats, QualityArray]:
    """Return times, values, qualities with rows for silence put in; the first row is the one in force at the start."""
    order = np.argsort(samples.time_us, kind="stable")
    times = samples.time_us[order]
    is_last = np.append(times[1:] != times[:-1], True)[: len(times)]
    order, times = order[is_last], times[is_last]
    n = int(np.searchsorted(times, query.end_us))
    order, times = order[:n], times[:n]
    ends = np.append(times[1:], query.end_us)[:n]
    silent_from = np.minimum(times + hold_us, newest_us)
    silences = silent_from[silent_from < ends]
    beginning = min(query.start_us, int(times[0]) if n else query.start_us) - 1
    silences = np.append(silences, beginning)
    all_times = np.concatenate([times, silences])
    values = np.concatenate([samples.values[order], np.full(len(silences), np.nan)])
    qualities = np.concatenate([samples.qualities[order], np.full(len(silences), NO_DATA, np.uint16)])
    rows = np.argsort(all_times, kind="stable")
    in_force = int(np.searchsorted(all_times[rows], query.start_us, "right")) - 1
    rows = rows[in_force:]
    return all_times[rows], values[rows], qualities[rows]


def _extremes(values: Floats, is_usable: NDArray[np.bool_], lo: Rows, hi: Rows) -> tuple[Floats, ...]:
    """Return min, max, first and last of the usable `values[lo:hi]` of each pixel, NaN where there is none."""
    n = len(values)
    rows = np.arange(n)
    following = np.minimum.accumulate(np.where(is_usable, rows, n)[::-1])[::-1]
    previous = np.maximum.accumulate(np.where(is_usable, rows, -1))
    first, last = following[lo], previous[hi - 1]
    is_empty = first >= hi
    padded = np.append(values, np.nan)
    pairs = np.column_stack([lo, hi]).reshape(-1)
    return (
        np.where(is_empty, np.nan, np.fmin.reduceat(padded, pairs)[::2]),
        np.where(is_empty, np.nan, np.fmax.reduceat(padded, pairs)[::2]),
        np.where(is_empty, np.nan, padded[np.minimum(first, n)]),
        np.where(is_empty, np.nan, padded[last]),
    )


def _means(times: Times, values: Floats, is_usable: NDArray[np.bool_], edges: Times) -> Floats:
    """Return the mean weighted by time, from running integrals read off at the edges.

    A middle value is subtracted first, so that small movements of a large number are not lost in the integral.
    """
    centre = float(np.median(values[is_usable])) if is_usable.any() else 0.0
    rows = np.searchsorted(times, edges, "right") - 1
    seconds, beyond_s = np.diff(times) / 1e6, (edges - times[rows]) / 1e6
    good_s = np.concatenate([[0.0], np.cumsum(is_usable[:-1] * seconds)])
    width_s = np.diff(good_s[rows] + is_usable[rows] * beyond_s)
    means = np.full(len(width_s), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        heights = np.where(is_usable, values - centre, 0.0)
        area = np.concatenate([[0.0], np.cumsum(heights[:-1] * seconds)])
        areas = np.diff(area[rows] + heights[rows] * beyond_s)
        np.divide(areas, width_s, out=means, where=width_s > 0)
    return means + centre


def _worst(qualities: QualityArray, lo: Rows, hi: Rows) -> QualityArray:
    """Return per pixel the quality of the highest severity (of equal ones the highest code)."""
    ranks = np.append(badness(qualities), np.uint32(0))
    worst = np.maximum.reduceat(ranks, np.column_stack([lo, hi]).reshape(-1))[::2]
    return (worst & np.uint32(0xFFFF)).astype(np.uint16)


def _gaps(times: Times, qualities: QualityArray, is_usable: NDArray[np.bool_], query: HistoryQuery) -> tuple[Gap, ...]:
    """Return the runs of rows that can't be used, cut to the query."""
    starts = np.flatnonzero(~is_usable & np.append(True, is_usable[:-1]))
    ends = np.append(times, query.end_us)[_run_ends(is_usable, starts)]
    return tuple(
        Gap(max(start, query.start_us), min(end, query.end_us), quality)
        for start, end, quality in zip(times[starts].tolist(), ends.tolist(), qualities[starts].tolist(), strict=True)
        if end > query.start_us
    )


def _run_ends(is_usable: NDArray[np.bool_], starts: Rows) -> Rows:
    """Return for each row of `starts` the next usable row, the length if there is none."""
    usable_rows = np.append(np.flatnonzero(is_usable), len(is_usable))
    return usable_rows[np.searchsorted(usable_rows, starts)]
