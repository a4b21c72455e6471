"""Intervals divided into regions, none of them across an edge or a sample. Pure, any thread.

OPC UA Part 13, section 5.4.3.2: what is weighted by time is summed over such regions, and the status follows from them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Mask, Rows, Times
from history.aggregates.segments import BEYOND, Segments, States
from plant_models.quality import Severity


@dataclass(frozen=True, slots=True)
class Regions:
    """m regions of n intervals, in order; `first` has the first region of each interval."""

    first: Rows
    starts_us: Times
    lengths_us: Times
    rows: Rows
    """The segment that each lies in."""
    states: States
    is_raw: Mask
    """Whether it begins with a sample."""
    from_values: Floats
    to_values: Floats

    def total_us(self, chosen: Mask) -> Times:
        """Return the time of the chosen regions of each interval."""
        return np.add.reduceat(np.where(chosen, self.lengths_us, 0), self.first)

    def each(self, column: NDArray[np.float64]) -> Floats:
        """Return a column of the intervals, once for each of their regions."""
        return np.repeat(column, np.diff(self.first, append=len(self.rows)))


def make_regions(segments: Segments, edges_us: Times) -> Regions:
    """Return the regions of the intervals between n + 1 rising edges."""
    samples = segments.samples
    points, is_raw = _points(samples.times_us, np.unique(np.append(edges_us, samples.ends_us)), edges_us)
    before = int(np.searchsorted(samples.times_us, edges_us[0]))
    rows = np.cumsum(is_raw[:-1]) + (before - 1)
    starts, ends = points[:-1], points[1:]
    states = segments.states[rows]
    states[starts >= samples.ends_us] = BEYOND
    return Regions(
        first=np.searchsorted(points, edges_us[:-1]),
        starts_us=starts,
        lengths_us=ends - starts,
        rows=rows,
        states=states,
        is_raw=is_raw[:-1],
        from_values=segments.values_at(rows, starts),
        to_values=segments.values_at(rows, ends),
    )


def is_used(regions: Regions) -> Mask:
    """Return which regions have a value."""
    return np.asarray(regions.states <= Severity.UNCERTAIN, np.bool_)


def _points(times_us: Times, cuts_us: Times, edges_us: Times) -> tuple[Times, Mask]:
    """Return the times of samples and cuts from the first edge to the last, each once, and which are samples."""
    low, high = np.searchsorted(times_us, edges_us[[0, -1]]).tolist()
    inner = times_us[low : high + 1]
    inner = inner[inner <= edges_us[-1]]
    cuts = cuts_us[(cuts_us >= edges_us[0]) & (cuts_us <= edges_us[-1])]
    places = np.searchsorted(inner, cuts) + np.arange(len(cuts))
    is_sample = np.ones(len(inner) + len(cuts), np.bool_)
    is_sample[places] = False
    points = np.empty(len(is_sample), np.int64)
    points[places], points[is_sample] = cuts, inner
    is_kept = np.append(points[1:] != points[:-1], True)  # of a cut and a sample at one time the sample
    return points[is_kept], is_sample[is_kept]
