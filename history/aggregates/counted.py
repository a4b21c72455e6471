"""Aggregates of the samples themselves: Count, Start, End, Delta, NumberOfTransitions, Average, Range, deviation.

OPC UA Part 13, sections 5.4.3.5, 5.4.3.14, 5.4.3.21, 5.4.3.24 to 5.4.3.27 and 5.4.3.37. Pure, any thread.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.results import Bits, Result
from history.aggregates.samples import Floats, Mask, Rows, Times
from history.aggregates.segments import Judged
from history.aggregates.settings import AggregateSettings
from history.aggregates.status import Frame, Shares, judge
from plant_models.quality import Quality, QualityArray, Severity


@dataclass(frozen=True, slots=True)
class Counted:
    """The samples of each interval: rows from `low` to `high`; the next interval begins where one ends."""

    judged: Judged
    frame: Frame
    low: Rows
    high: Rows
    is_good: Mask
    shares: Shares
    status: QualityArray
    means: Floats
    """Of the good samples, which alone count in most aggregates; without meaning where there are none."""

    @property
    def n_good(self) -> Times:
        """The number of good samples."""
        return self.shares.good


def count_samples(judged: Judged, settings: AggregateSettings, frame: Frame) -> Counted:
    """Return which samples lie in which interval, and the status that their number gives; there must be some."""
    times = judged.samples.times_us
    low, high = np.searchsorted(times, frame.starts_us), np.searchsorted(times, frame.ends_us)
    is_good = judged.severities == Severity.GOOD
    good, kept = (_per_interval(mask, low, high) for mask in (is_good, judged.is_usable))
    shares = Shares(good, kept - good, (high - low) - kept)
    means = _means(judged.samples.values, is_good, low, high)
    return Counted(judged, frame, low, high, is_good, shares, judge(shares, settings), means)


def count(counted: Counted) -> Result:
    """Return the number of good samples, also where others make it bad; none at all is good and 0."""
    is_silent = counted.low == counted.high
    status = np.where(counted.n_good + counted.shares.uncertain == 0, np.uint16(Quality.BAD), counted.status)
    result = counted.frame.calculated(counted.n_good.astype(np.float64), _or_good(status, is_silent))
    values = np.where(counted.frame.is_outside, np.nan, counted.n_good)
    return Result(values, result.qualities, result.times_us, result.bits)


def transitions(counted: Counted) -> Result:
    """Return how often a usable sample differs from the usable one before it, which may lie before the interval."""
    rows = np.flatnonzero(counted.judged.is_usable)
    values = counted.judged.samples.values[rows]
    rows = rows[np.append(True, values[1:] != values[:-1])[: len(rows)]]
    number = np.searchsorted(rows, counted.high) - np.searchsorted(rows, counted.low)
    return counted.frame.calculated(number.astype(np.float64), _or_good(counted.status, counted.low == counted.high))


def start(counted: Counted) -> Result:
    """Return the first sample of each interval with its own time and quality."""
    return _sample(counted, counted.low)


def end(counted: Counted) -> Result:
    """Return the last sample of each interval with its own time and quality."""
    return _sample(counted, counted.high - 1)


def delta(counted: Counted) -> Result:
    """Return the last good sample less the first; uncertain if others had to be skipped to find them."""
    good = np.append(np.flatnonzero(counted.is_good), -1)  # -1 is never used: where there is none, there is no value
    first, last = good[np.searchsorted(good[:-1], counted.low)], good[np.searchsorted(good[:-1], counted.high) - 1]
    values = counted.judged.samples.values
    is_skipped = (first != counted.low) | (last != counted.high - 1)
    with np.errstate(all="ignore"):
        return counted.frame.calculated(values[last] - values[first], _skipping(counted, is_skipped))


def average(counted: Counted) -> Result:
    """Return the mean of the good samples, each of the same weight."""
    return counted.frame.calculated(counted.means, _of_good(counted))


def value_range(counted: Counted) -> Result:
    """Return the largest good sample less the smallest; uncertain if there were others."""
    values, low, high = np.where(counted.is_good, counted.judged.samples.values, np.nan), counted.low, counted.high
    with np.errstate(all="ignore"):
        spans = _fold(np.fmax, values, low, high) - _fold(np.fmin, values, low, high)
    return counted.frame.calculated(spans, _skipping(counted, counted.n_good != high - low))


def standard_deviation(counted: Counted) -> Result:
    """Return the deviation of the good samples, with n - 1; 0 for one alone."""
    low, high = counted.low, counted.high
    inside = slice(int(low[0]), int(high[-1]))
    with np.errstate(all="ignore"):
        distance = counted.judged.samples.values[inside] - np.repeat(counted.means, high - low)
        distance *= distance
        distance[~counted.is_good[inside]] = 0
        variance = _fold(np.add, distance, low - low[0], high - low[0]) / np.maximum(counted.n_good - 1, 1)
        return counted.frame.calculated(np.sqrt(variance), _of_good(counted))


def _fold(ufunc: np.ufunc, column: NDArray[np.float64], low: Rows, high: Rows) -> Floats:
    """Return a column folded over each interval, NaN where one has no sample."""
    folded = np.full(len(low), np.nan)
    is_filled = low < high
    if is_filled.any():
        folded[is_filled] = ufunc.reduceat(column[: high[-1]], low[is_filled])
    return folded


def _means(values: Floats, is_good: Mask, low: Rows, high: Rows) -> Floats:
    """Return the means; the smallest value is subtracted first, so that small movements of a large one aren't lost."""
    inside = slice(int(low[0]), int(high[-1]))
    values, is_good, low, high = values[inside], is_good[inside], low - low[0], high - low[0]
    floor = _fold(np.fmin, np.where(is_good, values, np.nan), low, high)
    with np.errstate(all="ignore"):
        above = values - np.repeat(floor, high - low)
        above[~is_good] = 0
        return floor + _fold(np.add, above, low, high) / _per_interval(is_good, low, high)


def _sample(counted: Counted, rows: Rows) -> Result:
    is_empty = counted.low == counted.high
    samples, at = counted.judged.samples, np.where(is_empty, 0, rows)
    values = np.where(counted.judged.severities[at] < Severity.BAD, samples.values[at], np.nan)
    qualities = np.where(is_empty, np.uint16(Quality.BAD_NO_DATA), samples.qualities[at])
    return counted.frame.result(values, qualities, np.full(len(at), Bits.RAW, np.uint8), samples.times_us[at])


def _per_interval(mask: NDArray[np.bool_], low: Rows, high: Rows) -> Times:
    rows = np.flatnonzero(mask)
    return np.searchsorted(rows, high) - np.searchsorted(rows, low)


def _or_good(status: QualityArray, is_good: Mask) -> QualityArray:
    return np.where(is_good, np.uint16(Quality.GOOD), status)


def _of_good(counted: Counted) -> QualityArray:
    return np.where(counted.n_good == 0, np.uint16(Quality.BAD_NO_DATA), counted.status)


def _skipping(counted: Counted, is_skipped: Mask) -> QualityArray:
    doubt = np.where(is_skipped, np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL), np.uint16(Quality.GOOD))
    return np.where(counted.n_good == 0, np.uint16(Quality.BAD_NO_DATA), doubt)
