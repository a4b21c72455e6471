"""Aggregates of the samples themselves: Count, Start, End, Delta, NumberOfTransitions, Average, Range, deviation.

OPC UA Part 13, sections 5.4.3.5, 5.4.3.14, 5.4.3.21, 5.4.3.24 to 5.4.3.27 and 5.4.3.37. Pure, any thread.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.results import Bits, Result
from history.aggregates.samples import Floats, Mask, Rows, TagSamples, Times
from history.aggregates.segments import severities, usable
from history.aggregates.settings import AggregateSettings
from history.aggregates.status import Frame, Shares, judge
from plant_models.quality import Quality, QualityArray, Severity


@dataclass(frozen=True, slots=True)
class Counted:
    """The samples of each interval: rows from `low` to `high`; the next interval begins where one ends."""

    samples: TagSamples
    frame: Frame
    low: Rows
    high: Rows
    is_usable: Mask
    is_good: Mask
    shares: Shares
    status: QualityArray

    @property
    def n_good(self) -> Times:
        """The number of good samples, which alone count here."""
        return self.shares.good

    def fold(self, ufunc: np.ufunc, column: NDArray[np.float64]) -> Floats:
        """Return a column folded over each interval; without meaning where an interval has no sample."""
        pairs = np.column_stack([self.low, self.high]).reshape(-1)
        return np.asarray(ufunc.reduceat(np.append(column, 0.0), pairs)[::2], np.float64)

    def each(self, column: Floats) -> Floats:
        """Return a column of the intervals, once for each sample; 0 for samples outside all."""
        spread = np.zeros(len(self.samples))
        spread[self.low[0] : self.high[-1]] = np.repeat(column, self.high - self.low)
        return spread


def count_samples(samples: TagSamples, settings: AggregateSettings, frame: Frame) -> Counted:
    """Return which samples lie in which interval, and the status that their number gives."""
    low = np.searchsorted(samples.times_us, frame.starts_us)
    high = np.searchsorted(samples.times_us, frame.ends_us)
    severity, is_usable = severities(samples), usable(samples, settings)
    is_good = severity == Severity.GOOD
    good, kept = (_per_interval(mask, low, high) for mask in (is_good, is_usable))
    shares = Shares(good, kept - good, (high - low) - kept)
    return Counted(samples, frame, low, high, is_usable, np.asarray(is_good, np.bool_), shares, judge(shares, settings))


def count(counted: Counted) -> Result:
    """Return the number of good samples; none at all is good and 0, only bad ones is 0 and bad."""
    is_silent = counted.low == counted.high
    result = counted.frame.calculated(counted.n_good.astype(np.float64), _or_good(counted.status, is_silent))
    is_zero = ~counted.frame.is_outside & (counted.n_good == 0)
    return Result(np.where(is_zero, 0.0, result.values), result.qualities, result.times_us, result.bits)


def transitions(counted: Counted) -> Result:
    """Return how often a usable sample differs from the usable one before it, which may lie before the interval."""
    rows = np.flatnonzero(counted.is_usable)
    values = counted.samples.values[rows]
    is_change = np.zeros(len(counted.samples), np.bool_)
    is_change[rows] = np.append(True, values[1:] != values[:-1])[: len(rows)]
    number = _per_interval(is_change, counted.low, counted.high).astype(np.float64)
    return counted.frame.calculated(number, _or_good(counted.status, counted.low == counted.high))


def start(counted: Counted) -> Result:
    """Return the first sample of each interval with its own time and quality."""
    return _sample(counted, counted.low)


def end(counted: Counted) -> Result:
    """Return the last sample of each interval with its own time and quality."""
    return _sample(counted, counted.high - 1)


def delta(counted: Counted) -> Result:
    """Return the last good sample less the first; uncertain if others had to be skipped to find them."""
    n = len(counted.samples)
    rows = np.arange(n)
    following = np.append(np.minimum.accumulate(np.where(counted.is_good, rows, n)[::-1])[::-1], n)
    previous = np.append(np.maximum.accumulate(np.where(counted.is_good, rows, -1)), -1)
    first, last = following[counted.low], previous[counted.high - 1]
    padded = np.append(counted.samples.values, np.nan)
    is_skipped = (first != counted.low) | (last != counted.high - 1)
    with np.errstate(all="ignore"):
        return counted.frame.calculated(padded[last] - padded[first], _skipping(counted, is_skipped))


def average(counted: Counted) -> Result:
    """Return the mean of the good samples, each of the same weight."""
    return counted.frame.calculated(_means(counted), _of_good(counted))


def value_range(counted: Counted) -> Result:
    """Return the largest good sample less the smallest; uncertain if there were others."""
    values = np.where(counted.is_good, counted.samples.values, np.nan)
    with np.errstate(all="ignore"):
        spans = counted.fold(np.fmax, values) - counted.fold(np.fmin, values)
    return counted.frame.calculated(spans, _skipping(counted, counted.n_good != counted.high - counted.low))


def standard_deviation(counted: Counted) -> Result:
    """Return the deviation of the good samples, with n - 1; 0 for one alone."""
    with np.errstate(all="ignore"):
        distance = np.where(counted.is_good, counted.samples.values - counted.each(_means(counted)), 0.0)
        variance = counted.fold(np.add, distance**2) / np.maximum(counted.n_good - 1, 1)
        return counted.frame.calculated(np.sqrt(variance), _of_good(counted))


def _means(counted: Counted) -> Floats:
    values = np.where(counted.is_good, counted.samples.values, np.nan)
    floor = counted.fold(np.fmin, values)
    with np.errstate(all="ignore"):
        above = np.where(counted.is_good, counted.samples.values - counted.each(floor), 0.0)
        return floor + counted.fold(np.add, above) / counted.n_good


def _sample(counted: Counted, rows: Rows) -> Result:
    is_empty = counted.low == counted.high
    at = np.where(is_empty, len(counted.samples), rows)
    times = np.append(counted.samples.times_us, 0)[at]
    qualities = np.append(counted.samples.qualities, np.uint16(Quality.BAD_NO_DATA))[at]
    values = np.append(counted.samples.values, np.nan)[at]
    return counted.frame.result(values, qualities, np.full(len(at), Bits.RAW, np.uint8), times)


def _per_interval(mask: NDArray[np.bool_], low: Rows, high: Rows) -> Times:
    total = np.append(0, np.cumsum(mask))
    return np.asarray(total[high] - total[low], np.int64)


def _or_good(status: QualityArray, is_good: Mask) -> QualityArray:
    return np.where(is_good, np.uint16(Quality.GOOD), status)


def _of_good(counted: Counted) -> QualityArray:
    return np.where(counted.n_good == 0, np.uint16(Quality.BAD_NO_DATA), counted.status)


def _skipping(counted: Counted, is_skipped: Mask) -> QualityArray:
    doubt = np.where(is_skipped, np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL), np.uint16(Quality.GOOD))
    return np.where(counted.n_good == 0, np.uint16(Quality.BAD_NO_DATA), doubt)
