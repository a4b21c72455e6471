"""Aggregates weighted by time: TimeAverage2, Total2, DurationGood, DurationBad, PercentGood. Pure, any thread.

OPC UA Part 13, sections 5.4.3.7, 5.4.3.9 and 5.4.3.31 to 5.4.3.33.
"""

import numpy as np

from history.aggregates.regions import Regions
from history.aggregates.results import Result
from history.aggregates.samples import Floats, Mask
from history.aggregates.segments import BEYOND, Segments
from history.aggregates.settings import AggregateSettings
from history.aggregates.status import Frame, Shares, judge
from plant_models.quality import Quality, QualityArray, Severity


def time_status(regions: Regions, settings: AggregateSettings) -> QualityArray:
    """Return the status of each interval by the time of its regions; data that has ended doesn't count."""
    good, uncertain, bad = (
        regions.total_us(regions.states == state) for state in (Severity.GOOD, Severity.UNCERTAIN, Severity.BAD)
    )
    return judge(Shares(good, uncertain, bad), settings)


def averages_and_totals(regions: Regions) -> tuple[Floats, Floats]:
    """Return TimeAverage2 and Total2 (value × s) over the time in which there is a value; NaN and 0 without any.

    The smallest value of the interval is subtracted first, so that small movements of a large number aren't lost.
    """
    used = regions.used
    used_us = regions.total_us(used)
    with np.errstate(all="ignore"):
        smallest = np.fmin.reduceat(np.where(used, regions.from_values, np.nan), regions.first)
        floor = np.where(np.isfinite(smallest), smallest, 0.0)
        heights = regions.from_values / 2 + regions.to_values / 2 - regions.each(floor)
        heights *= regions.lengths_us
        heights[~used] = 0
        areas = np.add.reduceat(heights, regions.first)
        averages = floor + areas / used_us
        return averages, np.where(used_us > 0, averages * (used_us / 1e6), 0.0)


def good_and_bad_ms(segments: Segments, regions: Regions, settings: AggregateSettings) -> tuple[Floats, Floats]:
    """Return DurationGood and DurationBad: each region is as the sample or bounding value that it begins with."""
    is_heard = regions.is_raw & ~segments.judged.samples.is_silent_after[regions.rows]
    states = np.where(is_heard, segments.judged.severities[regions.rows], regions.states)
    is_bad = states == Severity.BAD
    if settings.treat_uncertain_as_bad:
        is_bad |= regions.is_raw & (states == Severity.UNCERTAIN)
    is_known = regions.states != BEYOND
    return _ms(regions, is_known & (states == Severity.GOOD)), _ms(regions, is_known & is_bad)


def percent_good(regions: Regions, good_ms: Floats) -> Floats:
    """Return DurationGood as a share of the interval, which ends with the data if that ends in it."""
    width_ms = _ms(regions, regions.states != BEYOND)
    with np.errstate(all="ignore"):
        return 100 * good_ms / width_ms


def always_good(frame: Frame, values: Floats) -> Result:
    """Return a result that is good wherever there is data, as the sections of the durations say."""
    return frame.calculated(values, np.full(len(values), Quality.GOOD, np.uint16))


def _ms(regions: Regions, chosen: Mask) -> Floats:
    return regions.total_us(chosen) / 1e3
