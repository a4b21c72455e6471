"""Answering what history knows: memory and disk as one, without a seam. Worker threads of the station.

There is a file for each kind of question in `history.queries`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.memory import Memory
from history.queries.aggregates import AggregateQuery, AggregateSeries, read_aggregates
from history.queries.instants import Instant, InstantQuery, read_instant
from history.queries.limits import PATIENT, Patience
from history.queries.samples import SampleQuery, SampleSeries, read_samples
from history.queries.site import Site
from history.queries.source import Source
from history.queries.totals import TotalQuery, TotalSeries, read_totals
from history.queries.trends import read_trends
from history.series import HistoryQuery, HistorySeries
from history.stamping import HEARTBEAT_US
from history.store.archive import Archive
from plant_models.clock import Clock
from plant_models.tag import Tag

SLACK_US: Final = 30_000_000
SCANS: Final = 3
NOWHERE: Final = Site()
"""UTC, and no tag has a unit."""


def holds_us(tags: Sequence[Tag], scan_s: Mapping[str, float]) -> NDArray[np.int64]:
    """Return for how long a sample of each tag holds at most: a heartbeat comes every minute or with the next scan."""
    scans = (SCANS * scan_s.get(tag.scan, 0.0) * 1e6 for tag in tags)
    return np.array([HEARTBEAT_US + max(SLACK_US, round(scan)) for scan in scans], np.int64)


class HistoryReader:
    """Reads what a recorder with the same memory and store has written.

    Every answer is in the order of the question's tags, and all of them may raise:

        KeyError: there is no such tag.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more (long answers only).
    """

    def __init__(
        self,
        rows: Mapping[str, int],
        holds: NDArray[np.int64],
        memory: Memory,
        store: Archive,
        clock: Clock,
        site: Site = NOWHERE,
    ) -> None:
        self._source, self._site = Source(rows, holds, memory, store, clock), site

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return what a trend draws of each tag."""
        return read_trends(self._source, query)

    def samples(self, query: SampleQuery, patience: Patience = PATIENT) -> tuple[SampleSeries, ...]:
        """Return the samples of each tag."""
        return read_samples(self._source, query, patience)

    def at(self, query: InstantQuery, patience: Patience = PATIENT) -> Instant:
        """Return what each tag showed at a time."""
        return read_instant(self._source, query, patience)

    def aggregates(self, query: AggregateQuery, patience: Patience = PATIENT) -> tuple[AggregateSeries, ...]:
        """Return aggregates of each tag."""
        return read_aggregates(self._source, self._site, query, patience)

    def totals(self, query: TotalQuery, patience: Patience = PATIENT) -> tuple[TotalSeries, ...]:
        """Return the totals of each tag.

        Raises:
            ValueError: a tag is neither a flow nor a counter.
        """
        return read_totals(self._source, self._site, query, patience)
