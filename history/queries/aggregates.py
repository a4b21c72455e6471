"""Aggregates of OPC UA Part 13 over intervals, from cells where those tell them exactly, else from samples.

A value holds until the next sample; a silence longer than the hold time is bad time, all of it (record 14). Worker
threads of the station.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from history.aggregates.part13 import Results, aggregate
from history.aggregates.results import Aggregate, Bits, Result
from history.aggregates.samples import Floats, Mask, TagSamples, Times
from history.aggregates.segments import judge_samples
from history.aggregates.settings import AggregateSettings
from history.chunks.samples import Samples
from history.queries.intervals import Intervals
from history.queries.limits import Patience, check_size
from history.queries.neighbours import Chooses, any_sample
from history.queries.past import Past, pasts
from history.queries.site import Site
from history.queries.source import Source
from history.queries.tag_samples import held_samples, pieces
from history.queries.whole_cells import WholeCells, whole_cells
from plant_models.quality import Quality, Severity

OF_CELLS: Final = frozenset(
    {
        Aggregate.TIME_AVERAGE_2,
        Aggregate.TOTAL_2,
        Aggregate.MINIMUM_2,
        Aggregate.MAXIMUM_2,
        Aggregate.MINIMUM_ACTUAL_TIME_2,
        Aggregate.MAXIMUM_ACTUAL_TIME_2,
        Aggregate.DURATION_GOOD,
        Aggregate.DURATION_BAD,
        Aggregate.PERCENT_GOOD,
        Aggregate.COUNT,
    }
)
"""What cells of good samples tell; everything else needs the samples."""


@dataclass(frozen=True, slots=True)
class AggregateQuery:
    """Aggregates of tags by name over intervals.

    Raises:
        ValueError: it asks for no aggregate, or for more than 1,000 tags or a million results.
    """

    tags: tuple[str, ...]
    intervals: Intervals
    aggregates: tuple[Aggregate, ...]
    settings: AggregateSettings = field(default_factory=AggregateSettings)

    def __post_init__(self) -> None:
        if not self.aggregates:
            raise ValueError("no aggregate is asked for; name one at least")
        check_size(self.tags, self.intervals.most * len(self.aggregates))


@dataclass(frozen=True, slots=True)
class AggregateSeries:
    """The aggregates of one tag over the n intervals between n + 1 edges (µs UTC).

    A smallest or largest value from cells has the bit Interpolated if it was there when the interval began, whether
    there was a sample at that very moment or not, and no bit for several of them.
    """

    tag: str
    edges_us: Times
    results: Mapping[Aggregate, Result]


def read_aggregates(
    source: Source, site: Site, query: AggregateQuery, patience: Patience
) -> tuple[AggregateSeries, ...]:
    """Return the aggregates of each tag of a query, in its order.

    Raises:
        KeyError: there is no such tag.
        ValueError: an interval has more than ten million samples, which would be needed.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    rows = source.rows(query.tags)
    edges = query.intervals.edges_us(site)
    each = zip(query.tags, pasts(source, rows, (int(edges[0]), int(edges[-1])), patience), strict=True)
    return tuple(AggregateSeries(tag, edges, _results(past, edges, query, patience)) for tag, past in each)


def _results(past: Past, edges: Times, query: AggregateQuery, patience: Patience) -> Results:
    wanted = frozenset(query.aggregates)
    results = {each: _empty(edges) for each in query.aggregates}
    is_left = np.ones(len(edges) - 1, np.bool_)
    if wanted <= OF_CELLS:
        cells = whole_cells(past, edges, Severity.GOOD)
        is_left = ~cells.is_whole
        if not is_left.all():
            _put(results, cells.is_whole, _from_cells(cells, edges, wanted))
    chosen = _usable(query.settings) if Aggregate.NUMBER_OF_TRANSITIONS in wanted else any_sample
    for piece in pieces(past, edges, is_left):
        patience.check()
        part = edges[piece.start : piece.stop + 1]
        samples = held_samples(past, part, chosen)
        _put(results, piece, aggregate(samples, part, wanted, query.settings))
    return results


def _usable(settings: AggregateSettings) -> Chooses:
    """Return what chooses the samples that count by the settings."""

    def is_usable(samples: Samples) -> Mask:
        known = TagSamples(samples.times_us, samples.values, samples.qualities, is_stepped=True)
        return judge_samples(known, settings).is_usable

    return is_usable


def _empty(edges: Times) -> Result:
    n = len(edges) - 1
    return Result(np.empty(n), np.empty(n, np.uint16), np.empty(n, np.int64), np.empty(n, np.uint8))


def _put(results: Results, where: slice | Mask, found: Results) -> None:
    for name, result in found.items():
        for column in ("values", "qualities", "times_us", "bits"):
            getattr(results[name], column)[where] = getattr(result, column)


def _from_cells(cells: WholeCells, edges: Times, wanted: Collection[Aggregate]) -> Results:
    """Return the aggregates of the intervals that are whole: all of their time is good."""
    starts, widths_us = edges[:-1][cells.is_whole], np.diff(edges)[cells.is_whole]
    seconds, integrals = widths_us / 1e6, cells.sums("integral")
    values: dict[Aggregate, Floats] = {
        Aggregate.TIME_AVERAGE_2: integrals / seconds,
        Aggregate.TOTAL_2: integrals,
        Aggregate.DURATION_GOOD: widths_us / 1e3,
        Aggregate.DURATION_BAD: np.zeros(len(starts)),
        Aggregate.PERCENT_GOOD: np.full(len(starts), 100.0),
        Aggregate.COUNT: cells.sums("n_good"),
    }
    results = {name: _good(column, starts, Bits.CALCULATED) for name, column in values.items() if name in wanted}
    for choose, name, at_start, at_time in _EXTREMES:
        if at_start in wanted or at_time in wanted:
            column, times = cells.extremes(choose, name)
            is_later = times > starts
            at = _good(column, starts, np.where(is_later, Bits.CALCULATED, Bits.INTERPOLATED))
            its = _good(column, times, np.where(is_later, Bits.RAW, Bits.INTERPOLATED))
            results |= {key: each for key, each in ((at_start, at), (at_time, its)) if key in wanted}
    return results


_EXTREMES: Final = (
    (np.fmin, "min", Aggregate.MINIMUM_2, Aggregate.MINIMUM_ACTUAL_TIME_2),
    (np.fmax, "max", Aggregate.MAXIMUM_2, Aggregate.MAXIMUM_ACTUAL_TIME_2),
)


def _good(values: Floats, times: Times, bits: object) -> Result:
    n = len(values)
    return Result(values, np.full(n, Quality.GOOD, np.uint16), times, np.full(n, bits, np.uint8))
