"""The total of a flow: its integral, without the times of which nothing is known. Pure, any thread."""

from dataclasses import dataclass

import numpy as np

from history.aggregates.regions import make_regions
from history.aggregates.samples import TagSamples, Times, checked_edges
from history.aggregates.segments import Segments, make_segments
from history.aggregates.totals import MEASURED, Totals, measured, no_totals, total_regions
from plant_models.quality import Severity


@dataclass(frozen=True, slots=True)
class FlowRule:
    """How a flow becomes a quantity."""

    per_second: float
    """Quantity a second for a value of 1: 1/3600 for m³/h to m³, 0.001 for l/s to m³."""
    gap_us: int
    """A longer silence between two samples (three scans, or what the heartbeat asks for) isn't integrated."""


def flow_totals(samples: TagSamples, edges_us: Times, rule: FlowRule) -> Totals:
    """Return the totals of a flow for the intervals between n + 1 edges (µs UTC).

    Trapezoids, or steps if the tag is stepped; before a bad sample the value holds, and so does the last one of all.

    Raises:
        ValueError: there are fewer than two edges, or they don't rise.
    """
    checked_edges(edges_us)
    if not len(samples):
        return no_totals(edges_us)
    judged = measured(samples)
    segments = make_segments(judged, MEASURED)
    states = segments.states.copy()
    states[-1] = judged.severities[-1]
    states[np.diff(samples.times_us, append=samples.ends_us) > rule.gap_us] = Severity.BAD
    regions = make_regions(Segments(judged, states, segments.targets, segments.durations_us), edges_us)
    none = np.zeros(len(regions.rows), np.bool_)
    return total_regions(regions, rule.per_second, none, np.zeros(len(edges_us) - 1, np.int64))
