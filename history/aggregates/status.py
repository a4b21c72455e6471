"""The status of an interval from its shares of good, uncertain and bad data. Pure, any thread.

OPC UA Part 13, section 5.4.3.2.1. What was used and uncertain makes the result uncertain, whatever the percentages say.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.results import Bits, Result
from history.aggregates.samples import Floats, Mask, TagSamples, Times
from history.aggregates.settings import AggregateSettings
from plant_models.quality import Quality, QualityArray, bad_mask


@dataclass(frozen=True, slots=True)
class Shares:
    """Of each interval: how much is good, uncertain and used, and bad; time or number of samples."""

    good: Times
    uncertain: Times
    bad: Times


def judge(shares: Shares, settings: AggregateSettings) -> QualityArray:
    """Return good, Uncertain_DataSubNormal or bad for each interval; Bad_NoData where there is nothing to use."""
    whole = np.maximum(shares.good + shares.uncertain + shares.bad, 1)
    is_doubtful = (shares.bad > 0) & (100 * shares.good < settings.percent_data_good * whole)
    is_bad = (shares.bad > 0) & (100 * shares.bad >= settings.percent_data_bad * whole)
    is_nothing = (shares.good == 0) & (shares.uncertain == 0)
    return np.select(
        [is_nothing, is_bad, is_doubtful | (shares.uncertain > 0)],
        [np.uint16(Quality.BAD_NO_DATA), np.uint16(Quality.BAD), np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL)],
        np.uint16(Quality.GOOD),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The intervals of a question, and how far the data reaches into them."""

    starts_us: Times
    ends_us: Times
    is_outside: Mask
    is_partial: Mask

    def result(
        self, values: Floats, qualities: QualityArray, bits: NDArray[np.uint8], times_us: Times | None = None
    ) -> Result:
        """Return a result whose intervals outside the data say Bad_NoData; Partial is added to the bits.

        A bad result has no value, and where there is nothing neither bits.
        """
        qualities = np.where(self.is_outside, np.uint16(Quality.BAD_NO_DATA), qualities)
        is_nothing = qualities == Quality.BAD_NO_DATA
        bits = np.where(self.is_partial, bits | np.uint8(Bits.PARTIAL), bits)
        times = self.starts_us if times_us is None else np.where(is_nothing, self.starts_us, times_us)
        return Result(
            np.where(bad_mask(qualities), np.nan, values), qualities, times, np.where(is_nothing, np.uint8(0), bits)
        )

    def calculated(self, values: Floats, qualities: QualityArray) -> Result:
        """Return a result with the bit Calculated."""
        return self.result(values, qualities, np.full(len(values), Bits.CALCULATED, np.uint8))

    def nothing(self) -> Result:
        """Return a result without any data."""
        n = len(self.starts_us)
        return self.result(np.full(n, np.nan), np.full(n, Quality.BAD_NO_DATA, np.uint16), np.zeros(n, np.uint8))


def make_frame(samples: TagSamples, edges_us: Times) -> Frame:
    """Return the frame of the intervals between n + 1 rising edges (Partial: Part 13, section 5.3.3.2)."""
    starts, ends = edges_us[:-1], edges_us[1:]
    is_outside = (ends <= samples.begins_us) | (starts >= samples.ends_us)
    return Frame(starts, ends, is_outside, (starts < samples.begins_us) | (ends > samples.ends_us))
