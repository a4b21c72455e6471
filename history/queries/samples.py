"""The samples themselves, a page at a time (OPC UA Part 11, ReadRawModified). Worker threads of the station."""

from dataclasses import dataclass

import numpy as np

from history.aggregates.samples import Floats, Times
from history.chunks.cells import HOUR_US
from history.chunks.samples import Samples, concatenate_samples
from history.chunks.texts import Texts
from history.queries.limits import Patience, check_size, check_span
from history.queries.neighbours import any_sample, full_hour, last_before, together
from history.queries.source import Source
from plant_models.quality import QualityArray


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """The samples of tags by name in [start_us, end_us) (µs UTC), the first `limit` of each.

    With `has_bound`, the sample before the start comes too, if none stands at the start itself, however old it is; it
    doesn't count for the limit.

    Raises:
        ValueError: the time is empty, or it asks for more than 1,000 tags or a million samples.
    """

    tags: tuple[str, ...]
    start_us: int
    end_us: int
    limit: int = 10_000
    has_bound: bool = False

    def __post_init__(self) -> None:
        check_span(self.start_us, self.end_us)
        if self.limit < 1:
            raise ValueError(f"{self.limit} samples; ask for 1 at least")
        check_size(self.tags, self.limit)


@dataclass(frozen=True, slots=True)
class SampleSeries:
    """The samples of one tag in the order of their times, no two at the same; every column has a row for each.

    Values and qualities are as they were recorded: a bad sample may have a value. What can't be read is a sample
    without value at the beginning of it, "no data". Where there are more than the limit, `more_from_us` is the time of
    the next one: ask again from there. A sample that comes late and stands before it is not seen then.
    """

    tag: str
    times_us: Times
    values: Floats
    qualities: QualityArray
    texts: Texts | None
    more_from_us: int | None


def read_samples(source: Source, query: SampleQuery, patience: Patience) -> tuple[SampleSeries, ...]:
    """Return the samples of each tag of a query, in its order.

    Raises:
        KeyError: there is no such tag.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    rows = source.rows(query.tags)
    return tuple(_series(source, tag, row, query, patience) for tag, row in zip(query.tags, rows, strict=True))


def _series(source: Source, tag: str, row: int, query: SampleQuery, patience: Patience) -> SampleSeries:
    found = _inside(source, row, query, patience)
    more_from_us = int(found.times_us[query.limit]) if len(found) > query.limit else None
    found = found.take(slice(0, query.limit))
    if query.has_bound and not np.isin(query.start_us, found.times_us[:1]):
        found = concatenate_samples([last_before(source, row, query.start_us, any_sample, patience), found])
    return SampleSeries(tag, found.times_us, found.values, found.qualities, found.texts, more_from_us)


def _inside(source: Source, row: int, query: SampleQuery, patience: Patience) -> Samples:
    """Return samples from the start on until there is one more than asked for."""
    hours = source.hours(row, full_hour(query.start_us), full_hour(query.end_us + HOUR_US - 1))
    parts, n = list[Samples](), 0
    for some in together(hours):
        patience.check()
        parts.append(source.samples(row, max(int(some[0]), query.start_us), min(int(some[-1]) + HOUR_US, query.end_us)))
        n += len(parts[-1])
        if n > query.limit:
            break
    return concatenate_samples(parts)
