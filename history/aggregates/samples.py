"""The samples of one tag as aggregates take them. Immutable, any thread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import QualityArray

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TagSamples:
    """n samples of a tag, in order, without equal times (µs UTC).

    They should reach from the last sample before the first interval to the first one after the last interval, since the
    values at the edges follow from their neighbours. `is_stepped` is the Stepped attribute of OPC UA Part 11: a value
    holds until the next; otherwise it goes straight to it.

    Raises:
        ValueError: the columns differ in length, the times don't rise, or `known_until_us` isn't after the last one.
    """

    times_us: Times
    values: Floats
    qualities: QualityArray
    is_stepped: bool
    known_until_us: int | None = None
    """Until when it is known that no other sample came (now, or when the silence was too long); the last one holds
    until then, and data ends there. None: data ends with the last sample."""
    hold_us: int | None = None
    """After a sample that isn't followed by another within this time nothing is known until the next one, however much
    of it the value may have held. None: a sample holds however long it takes."""

    def __post_init__(self) -> None:
        if not len(self.times_us) == len(self.values) == len(self.qualities):
            raise ValueError(
                f"{len(self.times_us)} times, {len(self.values)} values, {len(self.qualities)} qualities; "
                "each sample needs all three"
            )
        if not (self.times_us[1:] > self.times_us[:-1]).all():
            raise ValueError("the times of the samples don't rise; sort them and keep one of equal times")
        if self.known_until_us is not None and len(self) and self.known_until_us <= self.times_us[-1]:
            raise ValueError(f"known until {self.known_until_us} µs, but the last sample is at {self.times_us[-1]} µs")

    def __len__(self) -> int:
        return len(self.times_us)

    @property
    def begins_us(self) -> int:
        """When data begins; 0 if there is none."""
        return int(self.times_us[0]) if len(self) else 0

    @property
    def ends_us(self) -> int:
        """When data ends: a µs, the resolution of history, after the last sample, unless more is known."""
        if not len(self):
            return 0
        return int(self.times_us[-1]) + 1 if self.known_until_us is None else self.known_until_us

    @property
    def is_silent_after(self) -> Mask:
        """After which samples nothing is known, since they hold no longer than `hold_us`."""
        if self.hold_us is None:
            return np.zeros(len(self), np.bool_)
        return np.diff(self.times_us, append=self.ends_us) > self.hold_us


def checked_edges(edges_us: Times) -> Times:
    """Return the n + 1 edges of n intervals.

    Raises:
        ValueError: there are fewer than two, or they don't rise.
    """
    if len(edges_us) < 2 or not (edges_us[1:] > edges_us[:-1]).all():
        raise ValueError("intervals need at least two edges that rise")
    return edges_us


def merge_times(times_us: Times, cuts_us: Times) -> tuple[Times, Mask]:
    """Return two rising columns of times as one, each time once, and which of them are of the first column."""
    at = np.searchsorted(times_us, cuts_us)
    if len(times_us):
        is_new = times_us[np.minimum(at, len(times_us) - 1)] != cuts_us
        at, cuts_us = at[is_new], cuts_us[is_new]
    places = at + np.arange(len(cuts_us))
    is_time = np.ones(len(times_us) + len(cuts_us), np.bool_)
    is_time[places] = False
    merged = np.empty(len(is_time), np.int64)
    merged[places], merged[is_time] = cuts_us, times_us
    return merged, is_time
