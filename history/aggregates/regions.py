"""Intervals divided into regions, none of them across an edge or a sample. Pure, any thread.

OPC UA Part 13, section 5.4.3.2: what is weighted by time is summed over such regions, and the status follows from them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.aggregates.samples import Floats, Mask, Rows, Times, merge_times
from history.aggregates.segments import BEYOND, Segments, States
from plant_models.quality import Severity


@dataclass(frozen=True, slots=True)
class Regions:
    """m regions of n intervals, in order; `first` has the first region of each interval."""

    first: Rows
    starts_us: Times
    lengths_us: Times
    rows: Rows
    """The segment that each lies in; 0 also before the first one."""
    states: States
    is_raw: Mask
    """Whether it begins with a sample."""
    from_values: Floats
    to_values: Floats
    used: Mask
    """Whether it has a value."""

    def total_us(self, chosen: Mask) -> Times:
        """Return the time of the chosen regions of each interval."""
        if not chosen.any():
            return np.zeros(len(self.first), np.int64)
        return np.asarray(np.add.reduceat(self.lengths_us * chosen, self.first), np.int64)

    def each(self, column: NDArray[np.float64]) -> Floats:
        """Return a column of the intervals, once for each of their regions."""
        return np.repeat(column, np.diff(self.first, append=len(self.rows)))


def make_regions(segments: Segments, edges_us: Times) -> Regions:
    """Return the regions of the intervals between n + 1 rising edges."""
    samples = segments.judged.samples
    points, is_raw = _points(samples.times_us, edges_us, samples.ends_us)
    rows = np.cumsum(is_raw[:-1], dtype=np.int64) + (np.searchsorted(samples.times_us, edges_us[0]) - 1)
    starts, ends = points[:-1], points[1:]
    n_before = int(np.searchsorted(rows, 0))
    rows[:n_before] = 0
    states = segments.states[rows]
    states[:n_before] = Severity.BAD
    states[int(np.searchsorted(starts, samples.ends_us)) :] = BEYOND
    from_values, to_values = samples.values[rows], segments.targets[rows]
    for values, times, cuts in ((from_values, starts, ~is_raw[:-1]), (to_values, ends, ~is_raw[1:])):
        at = np.flatnonzero(cuts)
        values[at] = segments.values_at(rows[at], times[at])
    return Regions(
        first=np.searchsorted(points, edges_us[:-1]),
        starts_us=starts,
        lengths_us=ends - starts,
        rows=rows,
        states=states,
        is_raw=is_raw[:-1],
        from_values=from_values,
        to_values=to_values,
        used=states < Severity.BAD,
    )


def _points(times_us: Times, edges_us: Times, ends_us: int) -> tuple[Times, Mask]:
    """Return the times of samples, edges and the end of data, each once, from the first edge to the last; and which
    of them are samples."""
    low = int(np.searchsorted(times_us, edges_us[0]))
    high = int(np.searchsorted(times_us, edges_us[-1], "right"))
    is_end_inside = edges_us[0] < ends_us < edges_us[-1]
    return merge_times(times_us[low:high], np.union1d(edges_us, [ends_us]) if is_end_inside else edges_us)
