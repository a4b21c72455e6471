"""History of some tags, a page of time after the other, so that months needn't be in memory at once. Worker threads.

What history doesn't know is in it as samples: where nothing came for longer than a sample holds, one without value and
of the quality "nothing recorded" stands at the end of the hold. So whoever reads pages needs no rule about silence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.far import Reader
from history.queries.limits import Patience
from history.queries.samples import SampleQuery, SampleSeries
from history.series import NO_DATA
from plant_models.batch import Qualities, Times, Values

AT_ONCE: Final = 500_000
"""Samples of a tag in a page at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """[start_us, end_us), µs UTC."""

    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Column:
    """The samples of a tag in a page in the order of their times; the value and quality before them hold until then."""

    times_us: Times
    values: Values
    qualities: Qualities
    value_before: float = float("nan")
    quality_before: int = NO_DATA


Page = Mapping[str, Column]
"""Columns by tag, all of the same part of the time; the first page also has the samples in force at its beginning."""


def read_pages(reader: Reader, holds_us: Mapping[str, int], span: Span, patience: Patience) -> Iterator[Page]:
    """Yield the history of tags in a span; `holds_us` has the longest hold of a sample of each.

    Raises:
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    tags = tuple(holds_us)
    streams = {tag: _Stream(hold_us, span.start_us) for tag, hold_us in holds_us.items()}
    at_us: int | None = span.start_us
    while at_us is not None:
        query = SampleQuery(tags, at_us, span.end_us, AT_ONCE // len(tags), has_bound=at_us == span.start_us)
        series = reader.samples(query, patience)
        at_us = min((each.more_from_us for each in series if each.more_from_us is not None), default=None)
        until_us = span.end_us if at_us is None else at_us
        yield {each.tag: streams[each.tag].take(each, until_us) for each in series}


class _Stream:
    """One tag on its way through the pages."""

    def __init__(self, hold_us: int, start_us: int) -> None:
        self._hold_us = hold_us
        self._start_us = start_us
        self._last: tuple[int, float, int] | None = None
        self._is_silent = False

    def take(self, series: SampleSeries, until_us: int) -> Column:
        """Return the samples up to a time with what stands for silences, and remember how it goes on."""
        n = int(np.searchsorted(series.times_us, until_us))
        times, values, qualities = series.times_us[:n], series.values[:n], series.qualities[:n]
        _, value_before, quality_before = self._last or (0, float("nan"), NO_DATA)
        silences = self._silences(times, until_us)
        if len(silences):
            places = np.searchsorted(times, silences)
            times = np.insert(times, places, silences)
            values = np.insert(values, places, np.nan)
            qualities = np.insert(qualities, places, np.uint16(NO_DATA))
        if len(times):
            self._last = int(times[-1]), float(values[-1]), int(qualities[-1])
            self._is_silent = bool(len(silences)) and silences[-1] == times[-1]
        return Column(times, values, qualities, value_before, quality_before)

    def _silences(self, times: Times, until_us: int) -> NDArray[np.int64]:
        """Return when it is no longer known what a sample said, as nothing came after it."""
        if self._last is None:
            first = np.array([] if len(times) and times[0] <= self._start_us else [self._start_us], np.int64)
            since = times
        else:
            first = np.empty(0, np.int64)
            since = times if self._is_silent else np.append(np.int64(self._last[0]), times)
        waits = np.diff(since, append=until_us)
        return np.append(first, since[waits > self._hold_us] + self._hold_us)
