"""Pieces of a tag's past, from roll-up cells or samples, in one form that pixels can be drawn from. Pure, any thread.

Cells are structured arrays with the fields t0_us, n_good, min, t_min_us, max, t_max_us, first, last, integral
(value × s), good_us and worst (quality), in order of t0_us, all of one level. The one that isn't over yet is better
drawn from samples: as a cell it looks as if time were missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Mask, Rows, TagSamples, Times
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

    def take(self, rows: Rows) -> "Spans":
        """Return the given rows."""
        return Spans(*(getattr(self, field.name).take(rows) for field in fields(self)))


def join(parts: Sequence[Spans]) -> Spans:
    """Return the spans of stretches that follow each other.

    Raises:
        ValueError: there are none, or one doesn't begin where the one before it ends.
    """
    if not parts:
        raise ValueError("no stretches to draw")
    if len(parts) == 1:
        return parts[0]
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Spans))
    joined = Spans(*(np.concatenate(column) for column in columns))
    if (joined.starts_us[:-1] + joined.lengths_us[:-1] != joined.starts_us[1:]).any():
        raise ValueError("stretches must follow each other without a hole")
    return joined


def spans_of_cells(cells: Cells, level_us: int, stretch: Stretch) -> Spans:
    """Return the spans of whole cells; where there is no cell nothing was recorded.

    A cell whose usable time doesn't fill it is at least Uncertain_DataSubNormal. One without a sample, in which an
    earlier value holds, has that value.

    Raises:
        ValueError: the stretch doesn't begin and end with a cell of the level.
    """
    if stretch.start_us % level_us or stretch.end_us % level_us:
        raise ValueError(f"cells of {level_us} µs don't fill {stretch.start_us} to {stretch.end_us} µs")
    low, high = np.searchsorted(cells["t0_us"], [stretch.start_us, stretch.end_us]).tolist()
    starts = np.arange(stretch.start_us, stretch.end_us, level_us, dtype=np.int64)
    cells = _without_holes(cells[low:high], starts, level_us)
    has_time = cells["good_us"] > 0
    is_usable = has_time | (cells["n_good"] > 0)
    values = {name: cells[name] for name in ("min", "max", "first", "last")}
    at = np.flatnonzero(has_time & (cells["n_good"] == 0))
    if len(at):
        values = {name: _filled(column, at, cells) for name, column in values.items()}
    return Spans(
        starts_us=starts,
        lengths_us=np.full(len(starts), level_us, np.int64),
        areas=np.where(has_time, cells["integral"], 0.0),
        qualities=_completed(cells["worst"], cells["good_us"] < level_us, is_usable),
        is_usable=is_usable,
        is_held=np.zeros(len(starts), np.bool_),
        **{name: cells[name] for name in ("t_min_us", "t_max_us", "good_us")},
        **values,
    )


def _filled(column: Floats, at: Rows, cells: Cells) -> Floats:
    """Return values of cells in which there is no sample but one from before holds: their mean."""
    column = column.copy()
    column[at] = cells["integral"][at] / (cells["good_us"][at] / 1e6)
    return column


def _without_holes(cells: Cells, starts_us: Times, level_us: int) -> Cells:
    """Return a cell for each time; where there is none one in which nothing was recorded."""
    if len(cells) == len(starts_us):
        return cells
    filled = np.zeros(len(starts_us), cells.dtype)
    for name in ("min", "max", "first", "last"):
        filled[name] = np.nan
    filled["worst"] = NO_DATA
    filled[(cells["t0_us"] - starts_us[0]) // level_us] = cells
    return filled


def spans_of_samples(samples: TagSamples, hold_us: int, stretch: Stretch) -> Spans:
    """Return the spans of samples: each holds until the next, but for no longer than `hold_us`, and until data ends.

    The samples should reach back to the one in force at the start.
    """
    low = max(int(np.searchsorted(samples.times_us, stretch.start_us, "right")) - 1, 0)
    high = int(np.searchsorted(samples.times_us, stretch.end_us))
    starts, rows = _with_silences(samples, hold_us, slice(low, high), stretch.end_us)
    begin = int(np.searchsorted(starts, stretch.start_us, "right")) - 1
    if begin < 0:
        starts, rows = np.append(stretch.start_us, starts), np.append(-1, rows)
    starts, rows = np.maximum(starts[max(begin, 0) :], stretch.start_us), rows[max(begin, 0) :]
    lengths = np.diff(starts, append=stretch.end_us)
    values, qualities = np.append(samples.values, np.nan)[rows], np.append(samples.qualities, np.uint16(NO_DATA))[rows]
    is_usable = usable_mask(values, qualities)
    values[~is_usable] = np.nan
    with np.errstate(over="ignore"):
        areas = np.where(is_usable, values * (lengths / 1e6), 0.0)
    good = np.where(is_usable, lengths, 0)
    is_held = np.ones(len(starts), np.bool_)
    return Spans(
        starts, lengths, values, starts, values, starts, values, values, areas, good, qualities, is_usable, is_held
    )


def _with_silences(samples: TagSamples, hold_us: int, inside: slice, end_us: int) -> tuple[Times, Rows]:
    """Return when samples and the silences after them begin, and the rows of the samples; -1 for a silence."""
    times = samples.times_us[inside]
    silent_from = np.minimum(times + hold_us, samples.ends_us)
    after = np.flatnonzero(silent_from < np.append(times[1:], end_us)[: len(times)])
    rows = np.insert(np.arange(inside.start, inside.start + len(times)), after + 1, -1)
    return np.insert(times, after + 1, silent_from[after]), rows


def _completed(worst: QualityArray, is_short: Mask, is_usable: Mask) -> QualityArray:
    """Return the qualities of cells; with a usable part and one that is missing they are no better than uncertain."""
    least = np.where(is_short, np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL), np.uint16(Quality.GOOD))
    least = np.where(is_usable, least, worst)
    return np.where(badness(worst) >= badness(least), worst, least)
