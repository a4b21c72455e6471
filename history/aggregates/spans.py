"""Pieces of a tag's past, from roll-up cells or samples, in one form that pixels can be drawn from. Pure, any thread.

Cells are structured arrays with the fields t0_us, n_good, min, t_min_us, max, t_max_us, first, last, integral
(value × s), good_us and worst (quality), in order of t0_us, all of one level. The one that isn't over yet is better
drawn from samples: as a cell it looks as if time were missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Mask, TagSamples, Times
from history.series import NO_DATA
from history.usable import badness, usable_mask
from plant_models.quality import Quality, QualityArray

Cells = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time, [start_us, end_us)."""

    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Times that follow each other without a hole; each ends where the next begins, the last one with the stretch.

    `areas` are value × s over the usable part, which is `good_us` long. Of a span that isn't usable the values are NaN.
    """

    starts_us: Times
    lengths_us: Times
    min: Floats
    t_min_us: Times
    max: Floats
    t_max_us: Times
    first: Floats
    last: Floats
    areas: Floats
    good_us: Times
    qualities: QualityArray
    is_usable: Mask
    is_held: Mask
    """Whether the value holds in all of it (a sample), or was somewhere in it (a cell)."""

    def take(self, rows: NDArray[np.intp]) -> "Spans":
        """Return the given rows."""
        return Spans(*(getattr(self, field.name)[rows] for field in fields(self)))


def join(parts: Sequence[Spans]) -> Spans:
    """Return the spans of stretches that follow each other.

    Raises:
        ValueError: there are none, or one doesn't begin where the one before it ends.
    """
    if not parts:
        raise ValueError("no stretches to draw")
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Spans))
    joined = Spans(*(np.concatenate(column) for column in columns))
    if (joined.starts_us[:-1] + joined.lengths_us[:-1] != joined.starts_us[1:]).any():
        raise ValueError("stretches must follow each other without a hole")
    return joined


def spans_of_cells(cells: Cells, level_us: int, stretch: Stretch) -> Spans:
    """Return the spans of whole cells; where there is no cell nothing was recorded.

    A cell whose usable time doesn't fill it is at least Uncertain_DataSubNormal.

    Raises:
        ValueError: the stretch doesn't begin and end with a cell of the level.
    """
    if stretch.start_us % level_us or stretch.end_us % level_us:
        raise ValueError(f"cells of {level_us} µs don't fill {stretch.start_us} to {stretch.end_us} µs")
    low, high = np.searchsorted(cells["t0_us"], [stretch.start_us, stretch.end_us]).tolist()
    cells = cells[low:high]
    starts = _with_holes(cells["t0_us"], level_us, stretch)
    at = np.minimum(np.searchsorted(cells["t0_us"], starts), max(len(cells) - 1, 0))
    is_cell = np.isin(starts, cells["t0_us"], assume_unique=True)
    spans = _nothing(starts, np.diff(starts, append=stretch.end_us))
    found, rows = cells[at[is_cell]], np.flatnonzero(is_cell)
    for name in ("min", "max", "t_min_us", "t_max_us", "first", "last", "good_us"):
        getattr(spans, name)[rows] = found[name]
    spans.areas[rows] = np.where(found["good_us"] > 0, found["integral"], 0.0)
    spans.is_usable[rows] = (found["good_us"] > 0) | (found["n_good"] > 0)
    spans.is_held[rows] = False
    spans.qualities[rows] = _completed(found["worst"], found["good_us"] < level_us, spans.is_usable[rows])
    return spans


def spans_of_samples(samples: TagSamples, hold_us: int, stretch: Stretch) -> Spans:
    """Return the spans of samples: each holds until the next, but for no longer than `hold_us`, and until data ends.

    The samples should reach back to the one in force at the start.
    """
    times = samples.times_us
    low = max(int(np.searchsorted(times, stretch.start_us, "right")) - 1, 0)
    high = max(int(np.searchsorted(times, stretch.end_us)), low)
    times = times[low:high]
    ends = np.append(times[1:], max(stretch.end_us, int(times[-1]))) if len(times) else times
    silent_from = np.minimum(times + hold_us, samples.ends_us)
    is_silent = silent_from < ends
    beginning = min(stretch.start_us, int(times[0])) - 1 if len(times) else stretch.start_us - 1
    starts = np.concatenate([times, silent_from[is_silent], [beginning]])
    order = np.argsort(starts, kind="stable")
    starts = starts[order]
    rows = np.concatenate([np.arange(low, high), np.full(int(is_silent.sum()) + 1, -1)])[order]
    begin = int(np.searchsorted(starts, stretch.start_us, "right")) - 1
    starts, rows = np.maximum(starts[begin:], stretch.start_us), rows[begin:]
    spans = _nothing(starts, np.diff(starts, append=stretch.end_us))
    is_row = np.flatnonzero(rows >= 0)
    values, qualities = samples.values[rows[is_row]], samples.qualities[rows[is_row]]
    spans.qualities[is_row] = qualities
    is_usable = usable_mask(values, qualities)
    used, values = is_row[is_usable], values[is_usable]
    for column in (spans.min, spans.max, spans.first, spans.last):
        column[used] = values
    spans.is_usable[used] = True
    spans.good_us[used] = spans.lengths_us[used]
    with np.errstate(over="ignore"):
        spans.areas[used] = values * (spans.lengths_us[used] / 1e6)
    return spans


def _nothing(starts_us: Times, lengths_us: Times) -> Spans:
    """Return spans in which nothing was recorded, to be filled."""
    n = len(starts_us)
    smallest, largest, first, last = np.full((4, n), np.nan)
    return Spans(
        starts_us=starts_us,
        lengths_us=lengths_us,
        min=smallest,
        t_min_us=starts_us.copy(),
        max=largest,
        t_max_us=starts_us.copy(),
        first=first,
        last=last,
        areas=np.zeros(n),
        good_us=np.zeros(n, np.int64),
        qualities=np.full(n, NO_DATA, np.uint16),
        is_usable=np.zeros(n, np.bool_),
        is_held=np.ones(n, np.bool_),
    )


def _with_holes(t0_us: Times, level_us: int, stretch: Stretch) -> Times:
    """Return where cells begin, and where holes between them do."""
    holes = np.append(stretch.start_us, t0_us + level_us)
    return np.union1d(t0_us, holes[holes < np.append(t0_us, stretch.end_us)])


def _completed(worst: QualityArray, is_short: Mask, is_usable: Mask) -> QualityArray:
    """Return the qualities of cells; with a usable part and one that is missing they are no better than uncertain."""
    least = np.where(is_short, np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL), np.uint16(Quality.GOOD))
    least = np.where(is_usable, least, worst)
    return np.where(badness(worst) >= badness(least), worst, least)
