"""The values of one tag over time, as columns: what history gave, and what the live table has shown since. Pure.

A column is what happened from its time to the next column's: one sample, or all samples of one pixel. Its last value
holds until the next column begins. Bad values, and last usable ones that nobody confirms any more, are gaps: never
drawn, never counted.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import Quality, bad_mask

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
NOT_LOADED: Final = 0xFFFF
"""The quality of a stretch that nobody has asked history about yet; no device sends it."""


class Gap(NamedTuple):
    """From when to when there is nothing to draw, and the quality that says why."""

    start_us: int
    end_us: int
    quality: int


class Value(NamedTuple):
    """The value at a time; NaN in a gap. The quality says why."""

    value: float
    quality: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Columns of shape (n,), rising in time; the last one ends at `end_us`. `mean` is weighted by time."""

    t_us: Times
    first: Floats
    last: Floats
    low: Floats
    high: Floats
    mean: Floats
    quality: NDArray[np.uint16]
    end_us: int

    def __len__(self) -> int:
        return len(self.t_us)

    @property
    def is_shown(self) -> NDArray[np.bool_]:
        """Which columns have something to draw, shape (n,)."""
        return is_held(self.quality) & np.isfinite(self.last)

    @property
    def ends_us(self) -> Times:
        """Where each column ends, shape (n,)."""
        return np.append(self.t_us[1:], self.end_us)[: len(self)]

    def at(self, at_us: int) -> Value:
        """Return the value that held at a time: the last one of the column it lies in."""
        index = int(np.searchsorted(self.t_us, at_us, side="right")) - 1
        if index < 0 or at_us > self.end_us:
            return Value(float("nan"), NOT_LOADED)
        quality = int(self.quality[index])
        return Value(float(self.last[index]) if self.is_shown[index] else float("nan"), quality)

    def part(self, start_us: int, end_us: int) -> "Trace":
        """Return the columns that touch a window, whole."""
        if not len(self):
            return self
        begin = max(0, int(np.searchsorted(self.t_us, start_us, side="right")) - 1)
        stop = int(np.searchsorted(self.t_us, end_us, side="right"))
        return self._taken(slice(begin, stop), min(self.end_us, end_us) if stop < len(self) else self.end_us)

    def before(self, at_us: int) -> "Trace":
        """Return the columns that begin before a time; the last one ends there."""
        return self._taken(slice(0, int(np.searchsorted(self.t_us, at_us, side="left"))), min(self.end_us, at_us))

    def followed_by(self, later: "Trace") -> "Trace":
        """Return this trace, cut where the later one begins, and the later one; between them nothing is loaded."""
        if not len(later):
            return self
        kept = self.before(int(later.t_us[0]))
        hole = not_loaded(kept.end_us if len(kept) and kept.end_us < later.t_us[0] else None)
        columns = (
            np.concatenate(parts) for parts in zip(kept._columns(), hole._columns(), later._columns(), strict=True)
        )
        return Trace(*columns, end_us=later.end_us)

    def gaps(self) -> tuple[Gap, ...]:
        """Return the stretches without a usable value, neighbours joined; the first reason stands for all."""
        shown = self.is_shown | (self.quality == NOT_LOADED)
        edges = np.flatnonzero(np.diff(np.concatenate(([True], shown, [True])).astype(np.int8)))
        ends = self.ends_us
        return tuple(
            Gap(int(self.t_us[begin]), int(ends[stop - 1]), int(self.quality[begin]))
            for begin, stop in zip(edges[::2], edges[1::2], strict=True)
        )

    def runs(self) -> list[slice]:
        """Return the stretches of columns between gaps."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], self.is_shown, [False])).astype(np.int8)))
        return [slice(int(begin), int(stop)) for begin, stop in zip(edges[::2], edges[1::2], strict=True)]

    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.t_us, self.first, self.last, self.low, self.high, self.mean, self.quality

    def _taken(self, rows: slice, end_us: int) -> "Trace":
        return Trace(*(column[rows] for column in self._columns()), end_us=end_us)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Over a window: NaN where it holds no usable value. `mean` is weighted by time."""

    low: float
    high: float
    mean: float


def statistics(trace: Trace, start_us: int, end_us: int) -> Statistics:
    """Return what the columns in a window say, gaps left out."""
    part = trace.part(start_us, end_us)
    shown = part.is_shown
    if not shown.any():
        return Statistics(*(float("nan"),) * 3)
    weights = np.clip(part.ends_us, start_us, end_us) - np.clip(part.t_us, start_us, end_us)
    weights = np.where(shown & np.isfinite(part.mean), weights, 0)
    total = weights.sum()
    mean = float((np.where(weights > 0, part.mean, 0.0) * weights).sum() / total) if total else float("nan")
    return Statistics(float(part.low[shown].min()), float(part.high[shown].max()), mean)


def trace_of_samples(t_us: Times, values: Floats, quality: NDArray[np.uint16], end_us: int) -> Trace:
    """Return a trace with a column for each sample."""
    return Trace(t_us, values, values, values, values, values, quality, end_us)


def not_loaded(from_us: int | None = None, end_us: int = 0) -> Trace:
    """Return a trace that knows nothing: one column from a time on, or none at all."""
    t_us = [] if from_us is None else [from_us]
    values, quality = np.full(len(t_us), np.nan), np.full(len(t_us), NOT_LOADED, np.uint16)
    return trace_of_samples(np.array(t_us, np.int64), values, quality, end_us)


def is_held(quality: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Tell which qualities let a value be drawn on: not bad, and not a last usable value that has gone stale."""
    return ~bad_mask(quality) & (quality != np.uint16(Quality.UNCERTAIN_LAST_USABLE))
