"""Minimum2 and Maximum2, at the start of the interval or at their own times. Pure, any thread.

OPC UA Part 13, sections 5.4.3.15 to 5.4.3.18: the smallest or largest of the usable samples and of the simple bounding
values. The value at the end counts for sloped tags alone; its time is the last µs of the interval.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.regions import Regions
from history.aggregates.results import Bits, Result
from history.aggregates.samples import Floats, Mask, Times
from history.aggregates.segments import Segments
from history.aggregates.status import Frame
from plant_models.quality import QualityArray


@dataclass(frozen=True, slots=True)
class Extreme:
    """The smallest or largest value of each interval, NaN if there is none, and where it comes from."""

    values: Floats
    times_us: Times
    is_multiple: Mask
    is_end: Mask
    is_sample: Mask
    """Whether it is a sample; of an end: whether one stands there."""


def find(segments: Segments, regions: Regions, frame: Frame, choose: np.ufunc) -> Extreme:
    """Return the extremes; `choose` is np.fmin or np.fmax. Of equal ones the earliest counts."""
    is_sample = regions.is_raw & segments.judged.is_usable[regions.rows]  # one before a silence was measured, too
    inside = np.where(regions.used | is_sample, regions.from_values, np.nan)
    inner = choose.reduceat(inside, regions.first)
    ends, is_end_sample = _end_bounds(segments, frame.ends_us)
    values = choose(inner, ends)
    found = np.flatnonzero(inside == regions.each(values))
    low, high = np.searchsorted(found, regions.first), np.searchsorted(found, np.append(regions.first[1:], len(inside)))
    is_end = low == high
    earliest = found[np.minimum(low, len(found) - 1)] if len(found) else regions.first
    return Extreme(
        values=values,
        times_us=np.where(is_end, frame.ends_us - 1, regions.starts_us[earliest]),
        is_multiple=high - low + (ends == values) > 1,
        is_end=is_end,
        is_sample=np.where(is_end, is_end_sample, regions.is_raw[earliest]),
    )


def at_start(extreme: Extreme, frame: Frame, qualities: QualityArray) -> Result:
    """Return Minimum2 or Maximum2: Calculated unless it is a sample at the start, Interpolated if it is no sample."""
    is_raw = extreme.is_sample & ~extreme.is_end & (extreme.times_us == frame.starts_us)
    bits = np.select([is_raw, extreme.is_sample], [Bits.RAW, Bits.CALCULATED], Bits.INTERPOLATED)
    return frame.result(extreme.values, qualities, _with_multiple(bits.astype(np.uint8), extreme))


def at_actual_time(extreme: Extreme, frame: Frame, qualities: QualityArray) -> Result:
    """Return MinimumActualTime2 or MaximumActualTime2: Interpolated if it is no sample of the interval."""
    bits = np.where(extreme.is_sample & ~extreme.is_end, np.uint8(Bits.RAW), np.uint8(Bits.INTERPOLATED))
    return frame.result(extreme.values, qualities, _with_multiple(bits, extreme), extreme.times_us)


def _with_multiple(bits: NDArray[np.uint8], extreme: Extreme) -> NDArray[np.uint8]:
    return np.where(extreme.is_multiple, bits | np.uint8(Bits.MULTIPLE_VALUES), bits)


def _end_bounds(segments: Segments, ends_us: Times) -> tuple[Floats, Mask]:
    """Return the values at the ends and whether they are samples; NaN if stepped, bad, or beyond the last sample."""
    samples = segments.judged.samples
    if samples.is_stepped:
        return np.full(len(ends_us), np.nan), np.zeros(len(ends_us), np.bool_)
    rows = np.searchsorted(samples.times_us, ends_us, "right") - 1
    is_inside = (rows >= 0) & (ends_us <= samples.times_us[-1])
    rows = np.maximum(rows, 0)
    is_sample = samples.times_us[rows] == ends_us
    is_inside &= is_sample | ~samples.is_silent_after[rows]
    return np.where(is_inside & segments.judged.is_usable[rows], segments.values_at(rows, ends_us), np.nan), is_sample
