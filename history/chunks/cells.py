"""Roll-up cells: what the samples of a minute or an hour come to. Pure, any thread.

They are worked out from all samples before anything is left out to save room. An interval between two samples counts,
in the integral and in the good time, if the first of them is usable and the interval is no longer than the hold time:
longer silence means that nothing is known. A stepped tag holds its value until the next sample; a sloped one goes
straight to it, or holds if the next sample isn't usable. An interval across the edge of a cell is divided there, and
the value that a stepped tag holds there counts in the cell that begins: it was there.
"""

from collections.abc import Sequence
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
time of each, first and last (NaN, and t0_us, without a usable value); value × seconds; usable time; worst quality."""
Cells = NDArray[np.void]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a tag is integrated, and what may be left out of it afterwards: 0 is nothing (`history.thinning`)."""

    is_stepped: bool
    hold_us: int
    """A longer silence between two samples is missing time; three scans, or what the heartbeat asks for."""
    deadband: float = 0.0
    deviation: float = 0.0


@dataclass(frozen=True, slots=True)
class _Intervals:
    """From each sample to the next: since when, in which cell, from and to which value, and whether it counts."""

    since_us: Times
    numbers: Integers
    begins: Floats
    ends: Floats
    counts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Held:
    """Cells that begin within a usable interval, at most one each, and the rows of the samples in force there."""

    cells: Integers
    rows: NDArray[np.intp]


@np.errstate(all="ignore")
def make_cells(samples: Samples, rule: Rule, level_us: int, start_us: int, end_us: int) -> Cells:
    """Return the cells of [start, end), multiples of `level_us`, that have a sample or usable time; in order.

    `samples` are in order, without equal times. They should reach from the last sample before the start to the first
    at or after the end; without those the time up to the edges isn't counted. An integral beyond 1e308 isn't finite.
    """
    is_usable = usable_mask(samples.values, samples.qualities)
    since_us = samples.times_us - start_us
    numbers = since_us // level_us
    cells = _empty_cells(np.arange(start_us, end_us, level_us))
    first, last = np.searchsorted(numbers, [0, len(cells)]).tolist()
    if first < last:
        inside = samples.take(slice(first, last))
        _fill_samples(cells, inside, is_usable[first:last], numbers[first:last])
    final = _final(samples.values, is_usable, rule)
    counts = is_usable[:-1] & (since_us[1:] - since_us[:-1] <= rule.hold_us)
    held = _fill_time(cells, _Intervals(since_us, numbers, samples.values, final, counts), level_us)
    if rule.is_stepped:
        _fill_held(cells, held, samples)
    return cells[(cells["n"] > 0) | (cells["good_us"] > 0)]


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
    has_values = ~np.isnan(cells["first"])
    valued = cells[has_values]
    group = np.searchsorted(coarse["t0_us"], t0[has_values])
    for name in ("min", "max"):
        _fill_extreme(coarse, name, group, valued[name], valued[f"t_{name}_us"])
    _fill_ends(coarse, group, valued["first"], valued["last"])
    coarse["worst"] = np.maximum.reduceat(badness(cells["worst"]), starts) & 0xFFFF
    return coarse


def replace(cells: Cells, fresh: Cells, start_us: int, end_us: int) -> Cells:
    """Return the cells with those of [start, end) taken out and the fresh ones put in their place."""
    first, last = np.searchsorted(cells["t0_us"], [start_us, end_us]).tolist()
    return np.concatenate([cells[:first], fresh, cells[last:]])


def join_cells(parts: Sequence[Cells]) -> Cells:
    """Return the cells of all parts, one after another; as bytes, since numpy copies fields one by one."""
    if len(parts) == 1:
        return parts[0]
    plain = [np.ascontiguousarray(part).view(np.uint8) for part in parts]
    joined: Cells = np.concatenate([np.empty(0, np.uint8), *plain]).view(CELL)
    return joined


def _fill_samples(cells: Cells, samples: Samples, is_usable: NDArray[np.bool_], numbers: Integers) -> None:
    """Set all that doesn't need the time between samples; each has the number of its cell."""
    cells["n"] = np.bincount(numbers, minlength=len(cells))
    if samples.qualities.any():
        starts = run_starts(numbers)
        cells["worst"][numbers[starts]] = np.maximum.reduceat(badness(samples.qualities), starts) & 0xFFFF
    values, times = samples.values, samples.times_us
    if not is_usable.all():
        numbers, values, times = numbers[is_usable], values[is_usable], times[is_usable]
    cells["n_good"] = np.bincount(numbers, minlength=len(cells))
    _fill_extreme(cells, "min", numbers, values, times)
    _fill_extreme(cells, "max", numbers, values, times)
    _fill_ends(cells, numbers, values, values)


def _final(values: Floats, is_usable: NDArray[np.bool_], rule: Rule) -> Floats:
    """Return the value at the end of each interval."""
    return values[:-1] if rule.is_stepped else np.where(is_usable[1:], values[1:], values[:-1])


def _fill_time(cells: Cells, intervals: _Intervals, level_us: int) -> _Held:
    """Set what the time between samples comes to; most intervals begin and end in the same cell. Return the others."""
    since, numbers = intervals.since_us, intervals.numbers
    is_divided = numbers[1:] != numbers[:-1]
    whole = np.flatnonzero(intervals.counts & ~is_divided)
    means = intervals.begins[whole] / 2 + intervals.ends[whole] / 2
    _add_time(cells, numbers[whole], means, since[whole + 1] - since[whole])
    rows = np.flatnonzero(intervals.counts & is_divided)
    parts = numbers[rows + 1] - numbers[rows] + 1
    part = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    rows = np.repeat(rows, parts)
    pieces = numbers[rows] + part
    starts = np.maximum(since[rows], pieces * level_us)
    ends = np.minimum(since[rows + 1], (pieces + 1) * level_us)
    begins, lengths = intervals.begins[rows], since[rows + 1] - since[rows]
    slopes = intervals.ends[rows] / lengths - begins / lengths
    middles = starts - since[rows] + (ends - starts) / 2
    _add_time(cells, pieces, begins + slopes * middles, ends - starts)
    is_held = (part > 0) & (ends > starts) & (pieces >= 0) & (pieces < len(cells))
    return _Held(pieces[is_held], rows[is_held])


def _fill_held(cells: Cells, held: _Held, samples: Samples) -> None:
    """Let the value in force where a cell begins count in it."""
    at, values = held.cells, samples.values[held.rows]
    begins = cells["t0_us"][at]
    for name, is_beyond in (("min", values <= cells["min"][at]), ("max", values >= cells["max"][at])):
        is_new = is_beyond | np.isnan(cells[name][at])
        cells[name][at[is_new]], cells[f"t_{name}_us"][at[is_new]] = values[is_new], begins[is_new]
    cells["last"][at] = np.where(np.isnan(cells["last"][at]), values, cells["last"][at])
    cells["first"][at] = values
    worst = np.maximum(badness(cells["worst"][at]), badness(samples.qualities[held.rows]))
    cells["worst"][at] = worst & 0xFFFF


def _add_time(cells: Cells, numbers: Integers, means: Floats, lengths_us: Times) -> None:
    """Add pieces of time to their cells; those outside are left out."""
    is_inside = (numbers >= 0) & (numbers < len(cells))
    at, lengths = numbers[is_inside], lengths_us[is_inside]
    cells["integral"] += np.bincount(at, means[is_inside] * (lengths / 1e6), len(cells))
    cells["good_us"] += np.bincount(at, lengths, len(cells)).astype(np.int64)


def _fill_extreme(cells: Cells, name: str, group: Integers, values: Floats, times: Times) -> None:
    """Set the smallest or largest value of each group that has one, and the earliest time of it."""
    if not len(group):
        return
    starts = run_starts(group)
    extremes = (np.minimum if name == "min" else np.maximum).reduceat(values, starts)
    cells[name][group[starts]] = extremes
    rows = np.flatnonzero(values == np.repeat(extremes, np.diff(starts, append=len(group))))
    firsts = rows[run_starts(group[rows])]
    cells[f"t_{name}_us"][group[firsts]] = times[firsts]


def _fill_ends(cells: Cells, group: Integers, firsts: Floats, lasts: Floats) -> None:
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
