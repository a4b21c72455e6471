"""What an aggregate gives: value, quality, time and information bits of each interval. Immutable, any thread."""

from dataclasses import dataclass
from enum import IntFlag, StrEnum

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Times
from plant_models.quality import QualityArray


class Aggregate(StrEnum):
    """The aggregates by their browse names in OPC UA Part 13, section 5.4.3."""

    TIME_AVERAGE_2 = "TimeAverage2"
    TOTAL_2 = "Total2"
    MINIMUM_2 = "Minimum2"
    MAXIMUM_2 = "Maximum2"
    MINIMUM_ACTUAL_TIME_2 = "MinimumActualTime2"
    MAXIMUM_ACTUAL_TIME_2 = "MaximumActualTime2"
    DURATION_GOOD = "DurationGood"
    DURATION_BAD = "DurationBad"
    PERCENT_GOOD = "PercentGood"
    COUNT = "Count"
    START = "Start"
    END = "End"
    DELTA = "Delta"
    NUMBER_OF_TRANSITIONS = "NumberOfTransitions"
    AVERAGE = "Average"
    RANGE = "Range"
    STANDARD_DEVIATION = "StandardDeviationSample"


class Bits(IntFlag):
    """The historian bits of a StatusCode (Part 11, section 6.3.2), which lie in its lower half, below our quality."""

    RAW = 0
    CALCULATED = 1
    INTERPOLATED = 2
    PARTIAL = 4
    MULTIPLE_VALUES = 16


@dataclass(frozen=True, slots=True)
class Result:
    """One aggregate of n intervals; every column has n rows. The value is NaN where there is none."""

    values: Floats
    qualities: QualityArray
    times_us: Times
    bits: NDArray[np.uint8]
