"""Totals of intervals: how much has flowed. Pure, any thread.

A flow is integrated, a counter followed (`history.aggregates.flow`, `history.aggregates.counter`). Both become regions
cut at the edges of the intervals, so that the totals of neighbouring intervals add up to that of both. What isn't known
is told as missing time and never guessed.
"""

from dataclasses import dataclass

import numpy as np

from history.aggregates.regions import Regions
from history.aggregates.samples import Mask, TagSamples, Times
from history.aggregates.segments import Judged, judge_samples
from history.aggregates.settings import AggregateSettings
from plant_models.quality import Quality, QualityArray, Severity

MEASURED = AggregateSettings(treat_uncertain_as_bad=False)


@dataclass(frozen=True, slots=True)
class Totals:
    """The total of n intervals; NaN where nothing is known, and then Bad_NoData.

    `missing_us` is the time of which nothing is known, that before the first sample and after the end of data included.
    `qualities` are Uncertain_DataSubNormal if time is missing, an uncertain value was used, or a counter began anew.
    """

    values: np.ndarray[tuple[int], np.dtype[np.float64]]
    qualities: QualityArray
    missing_us: Times
    resets: Times
    """How often a counter began anew in the interval; 0 for a flow."""


def measured(samples: TagSamples) -> Judged:
    """Return the samples judged for totals: a last usable value was not measured then, so it is bad."""
    judged = judge_samples(samples, MEASURED)
    is_held = samples.qualities == Quality.UNCERTAIN_LAST_USABLE
    severities = np.where(is_held, np.uint8(Severity.BAD), judged.severities)
    return Judged(samples, severities, judged.is_usable & ~is_held)


def total_regions(regions: Regions, factor: float, is_doubtful: Mask, resets: Times) -> Totals:
    """Return value × seconds × factor of all regions that have a value; `is_doubtful` are regions of missing time."""
    with np.errstate(all="ignore"):
        areas = (regions.from_values / 2 + regions.to_values / 2) * (regions.lengths_us / 1e6)
        areas[~regions.used] = 0
        values = np.add.reduceat(areas, regions.first) * factor
    is_known = regions.total_us(regions.used) > 0
    missing_us = regions.total_us(~regions.used | is_doubtful)
    is_uncertain = (missing_us > 0) | (resets > 0) | (regions.total_us(regions.states == Severity.UNCERTAIN) > 0)
    qualities = np.select(
        [~is_known, is_uncertain],
        [np.uint16(Quality.BAD_NO_DATA), np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL)],
        np.uint16(Quality.GOOD),
    )
    return Totals(np.where(is_known, values, np.nan), qualities, missing_us, resets)


def no_totals(edges_us: Times) -> Totals:
    """Return totals of which nothing is known."""
    n = len(edges_us) - 1
    codes = np.full(n, Quality.BAD_NO_DATA, np.uint16)
    return Totals(np.full(n, np.nan), codes, np.diff(edges_us), np.zeros(n, np.int64))
