"""The aggregates of OPC UA Part 13 of one tag, as many of them as are asked for. Pure, any thread."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from history.aggregates import counted as of_samples
from history.aggregates import extremes, timed
from history.aggregates.counted import Counted
from history.aggregates.regions import Regions, make_regions
from history.aggregates.results import Aggregate, Result
from history.aggregates.samples import TagSamples, Times, checked_edges
from history.aggregates.segments import Segments, judge_samples, make_segments
from history.aggregates.settings import AggregateSettings
from history.aggregates.status import Frame, make_frame
from plant_models.quality import QualityArray

Results = dict[Aggregate, Result]

_BY_SAMPLES: Final[Mapping[Aggregate, Callable[[Counted], Result]]] = {
    Aggregate.COUNT: of_samples.count,
    Aggregate.START: of_samples.start,
    Aggregate.END: of_samples.end,
    Aggregate.DELTA: of_samples.delta,
    Aggregate.NUMBER_OF_TRANSITIONS: of_samples.transitions,
    Aggregate.AVERAGE: of_samples.average,
    Aggregate.RANGE: of_samples.value_range,
    Aggregate.STANDARD_DEVIATION: of_samples.standard_deviation,
}


@dataclass(frozen=True, slots=True)
class _Timed:
    """What aggregates weighted by time have in common."""

    segments: Segments
    regions: Regions
    settings: AggregateSettings
    frame: Frame
    status: QualityArray

    def areas(self) -> Results:
        averages, totals = timed.averages_and_totals(self.regions)
        return {
            Aggregate.TIME_AVERAGE_2: self.frame.calculated(averages, self.status),
            Aggregate.TOTAL_2: self.frame.calculated(totals, self.status),
        }

    def minima(self) -> Results:
        found = extremes.find(self.segments, self.regions, self.frame, np.fmin)
        return {
            Aggregate.MINIMUM_2: extremes.at_start(found, self.frame, self.status),
            Aggregate.MINIMUM_ACTUAL_TIME_2: extremes.at_actual_time(found, self.frame, self.status),
        }

    def maxima(self) -> Results:
        found = extremes.find(self.segments, self.regions, self.frame, np.fmax)
        return {
            Aggregate.MAXIMUM_2: extremes.at_start(found, self.frame, self.status),
            Aggregate.MAXIMUM_ACTUAL_TIME_2: extremes.at_actual_time(found, self.frame, self.status),
        }

    def durations(self) -> Results:
        good_ms, bad_ms = timed.good_and_bad_ms(self.segments, self.regions, self.settings)
        percent = timed.percent_good(self.regions, good_ms)
        return {
            Aggregate.DURATION_GOOD: timed.always_good(self.frame, good_ms),
            Aggregate.DURATION_BAD: timed.always_good(self.frame, bad_ms),
            Aggregate.PERCENT_GOOD: timed.always_good(self.frame, percent),
        }


_BY_TIME: Final[Mapping[Callable[[_Timed], Results], frozenset[Aggregate]]] = {
    _Timed.areas: frozenset({Aggregate.TIME_AVERAGE_2, Aggregate.TOTAL_2}),
    _Timed.minima: frozenset({Aggregate.MINIMUM_2, Aggregate.MINIMUM_ACTUAL_TIME_2}),
    _Timed.maxima: frozenset({Aggregate.MAXIMUM_2, Aggregate.MAXIMUM_ACTUAL_TIME_2}),
    _Timed.durations: frozenset({Aggregate.DURATION_GOOD, Aggregate.DURATION_BAD, Aggregate.PERCENT_GOOD}),
}


def aggregate(
    samples: TagSamples, edges_us: Times, wanted: Collection[Aggregate], settings: AggregateSettings
) -> Results:
    """Return the wanted aggregates of the n intervals [edge, next edge) between n + 1 edges (µs UTC).

    Raises:
        ValueError: there are fewer than two edges, or they don't rise.
    """
    asked = set(wanted)
    frame = make_frame(samples, checked_edges(edges_us))
    if not len(samples):
        return dict.fromkeys(asked, frame.nothing())
    judged = judge_samples(samples, settings)
    results: Results = {}
    if asked & _BY_SAMPLES.keys():
        counted = of_samples.count_samples(judged, settings, frame)
        results |= {each: work_out(counted) for each, work_out in _BY_SAMPLES.items() if each in asked}
    if asked - _BY_SAMPLES.keys():
        segments = make_segments(judged, settings)
        regions = make_regions(segments, edges_us)
        timed_ = _Timed(segments, regions, settings, frame, timed.time_status(regions, settings))
        for work_out, given in _BY_TIME.items():
            results |= work_out(timed_) if asked & given else {}
    return {each: results[each] for each in asked}
