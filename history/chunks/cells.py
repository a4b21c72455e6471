"""Roll-up cells: what the samples of a minute or an hour come to. Pure, any thread.

They are worked out from all samples before anything is left out to save room. An interval between two samples counts,
in the integral and in the good time, if the first of them is usable and the interval is no longer than the hold time:
longer silence means that nothing is known. A stepped tag holds its value until the next sample; a sloped one goes
straight to it, or holds if the next sample isn't usable. An interval across the edge of a cell is divided there.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.runs import run_starts
from history.chunks.samples import Floats, Samples, Times
from history.usable import badness, usable_mask

MINUTE_US: Final = 60_000_000
HOUR_US: Final = 3_600_000_000
CELL: Final = np.dtype(
    [
        ("t0_us", "<i8"),
        ("n", "<u4"),
        ("n_good", "<u4"),
        ("min", "<f8"),
        ("t_min_us", "<i8"),
        ("max", "<f8"),
        ("t_max_us", "<i8"),
        ("first", "<f8"),
        ("last", "<f8"),
        ("integral", "<f8"),
        ("good_us", "<i8"),
        ("worst", "<u2"),
    ]
)
"""When the cell begins; its samples, and the usable ones of them; their smallest and largest value with the earliest
time of each, first and last (NaN, and t0_us, without usable samples); value × seconds; usable time; worst quality."""
Cells = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a tag is integrated."""

    is_stepped: bool
    hold_us: int
    """A longer silence between two samples is missing time; three scans, or what the heartbeat asks for."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Usable intervals, none of them across the edge of a cell."""

    t0_us: Times
    areas: Floats
    lengths_us: Times


@np.errstate(all="ignore")
def make_cells(samples: Samples, rule: Rule, level_us: int, start_us: int, end_us: int) -> Cells:
    """Return the cells of [start, end), multiples of `level_us`, that have a sample or usable time; in order.

    `samples` are in order, without equal times. They should reach from the last sample before the start to the first
    at or after the end; without those the time up to the edges isn't counted. An integral beyond 1e308 isn't finite.
    """
    is_usable = usable_mask(samples.values, samples.qualities)
    all_t0 = samples.times_us // level_us * level_us
    pieces = _pieces(samples, is_usable, all_t0, rule, level_us)
    first, last = np.searchsorted(samples.times_us, [start_us, end_us]).tolist()
    inside = samples.between(start_us, end_us)
    piece_first, piece_last = np.searchsorted(pieces.t0_us, [start_us, end_us]).tolist()
    within = slice(piece_first, piece_last)
    rows_t0, pieces_t0 = all_t0[first:last], pieces.t0_us[within]
    cells = _empty_cells(np.union1d(rows_t0[run_starts(rows_t0)], pieces_t0[run_starts(pieces_t0)]))
    _fill_samples(cells, inside, is_usable[first:last], rows_t0)
    if len(pieces_t0):
        starts = run_starts(pieces_t0)
        at = np.searchsorted(cells["t0_us"], pieces_t0[starts])
        cells["integral"][at] = np.add.reduceat(pieces.areas[within], starts)
        cells["good_us"][at] = np.add.reduceat(pieces.lengths_us[within], starts)
    return cells


@np.errstate(all="ignore")
def coarsen(cells: Cells, level_us: int) -> Cells:
    """Return cells of a coarser level, made of finer ones in order."""
    t0 = cells["t0_us"] // level_us * level_us
    starts = run_starts(t0)
    coarse = _empty_cells(t0[starts])
    if not len(starts):
        return coarse
    for name in ("n", "n_good", "integral", "good_us"):
        coarse[name] = np.add.reduceat(cells[name], starts)
    group = np.searchsorted(coarse["t0_us"], t0)
    has_values = cells["n_good"] > 0
    for name, time in (("min", "t_min_us"), ("max", "t_max_us")):
        _fill_extreme(coarse, name, group[has_values], cells[name][has_values], cells[time][has_values])
    _fill_ends(coarse, group[has_values], cells["first"][has_values], cells["last"][has_values])
    coarse["worst"] = np.maximum.reduceat(badness(cells["worst"]), starts) & 0xFFFF
    return coarse


def replace(cells: Cells, fresh: Cells, start_us: int, end_us: int) -> Cells:
    """Return the cells with those of [start, end) taken out and the fresh ones put in their place."""
    first, last = np.searchsorted(cells["t0_us"], [start_us, end_us]).tolist()
    return np.concatenate([cells[:first], fresh, cells[last:]])


def stale_span(times_us: Times, changed_us: Times, level_us: int) -> tuple[int, int]:
    """Return start and end of the cells that late samples change.

    `times_us` are all times in order with the late ones among them, `changed_us` those that were added or replaced (at
    least one). An interval reaches to the neighbours of a sample, so their cells change as well.
    """
    before = int(np.searchsorted(times_us, changed_us.min())) - 1
    after = int(np.searchsorted(times_us, changed_us.max(), "right"))
    start = int(times_us[max(before, 0)])
    end = int(times_us[min(after, len(times_us) - 1)])
    return start // level_us * level_us, (end // level_us + 1) * level_us


def _pieces(samples: Samples, is_usable: NDArray[np.bool_], t0_us: Times, rule: Rule, level_us: int) -> _Pieces:
    times, values = samples.times_us, samples.values
    counts = is_usable[:-1] & (np.diff(times) <= rule.hold_us)
    starts, ends, edges, heights = times[:-1][counts], times[1:][counts], t0_us[:-1][counts], values[:-1][counts]
    final = heights if rule.is_stepped else np.where(is_usable[1:], values[1:], values[:-1])[counts]
    slopes = final / (ends - starts) - heights / (ends - starts)
    is_divided = ends > edges + level_us
    if is_divided.any():
        parts = np.ones(len(starts), np.int64)
        parts[is_divided] = (ends[is_divided] - 1 - edges[is_divided]) // level_us + 1
        rows = np.repeat(np.arange(len(starts)), parts)
        whole_starts = starts[rows]
        edges = edges[rows] + (np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)) * level_us
        starts, ends, slopes = np.maximum(whole_starts, edges), np.minimum(ends[rows], edges + level_us), slopes[rows]
        heights = heights[rows] + slopes * (starts - whole_starts)
    lengths = ends - starts
    return _Pieces(edges, (heights + slopes * (lengths / 2)) * (lengths / 1e6), lengths)


def _fill_samples(cells: Cells, samples: Samples, is_usable: NDArray[np.bool_], rows_t0: Times) -> None:
    if not len(samples):
        return
    starts = run_starts(rows_t0)
    at = np.searchsorted(cells["t0_us"], rows_t0[starts])
    counts = np.diff(starts, append=len(samples))
    cells["n"][at] = counts
    cells["worst"][at] = np.maximum.reduceat(badness(samples.qualities), starts) & 0xFFFF
    group = np.repeat(at, counts)
    values, times = samples.values, samples.times_us
    if not is_usable.all():
        group, values, times = group[is_usable], values[is_usable], times[is_usable]
    cells["n_good"] = np.bincount(group, minlength=len(cells))
    _fill_extreme(cells, "min", group, values, times)
    _fill_extreme(cells, "max", group, values, times)
    _fill_ends(cells, group, values, values)


def _fill_extreme(cells: Cells, name: str, group: NDArray[np.intp], values: Floats, times: Times) -> None:
    """Set the smallest or largest value of each group that has one, and the earliest time of it."""
    if not len(group):
        return
    starts = run_starts(group)
    extremes = (np.minimum if name == "min" else np.maximum).reduceat(values, starts)
    cells[name][group[starts]] = extremes
    rows = np.flatnonzero(values == np.repeat(extremes, np.diff(starts, append=len(group))))
    firsts = rows[run_starts(group[rows])]
    cells[f"t_{name}_us"][group[firsts]] = times[firsts]


def _fill_ends(cells: Cells, group: NDArray[np.intp], firsts: Floats, lasts: Floats) -> None:
    if len(group):
        starts = run_starts(group)
        cells["first"][group[starts]] = firsts[starts]
        cells["last"][group[starts]] = lasts[np.append(starts[1:], len(group)) - 1]


def _empty_cells(t0_us: Times) -> Cells:
    cells: NDArray[Any] = np.zeros(len(t0_us), CELL)
    for name in ("t0_us", "t_min_us", "t_max_us"):
        cells[name] = t0_us
    for name in ("min", "max", "first", "last"):
        cells[name] = np.nan
    return cells
