"""Answering with a server that may be away: of what only it has nothing is known then. Worker threads of the station.

A gap because the server is away must not look as if nothing had been recorded.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from history.queries.aggregates import AggregateQuery, AggregateSeries
from history.queries.instants import Instant, InstantQuery
from history.queries.limits import PATIENT, Patience
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.totals import TotalQuery, TotalSeries
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from history.store.server import OutOfReachError
from plant_models.quality import Quality

AWAY: int = int(Quality.BAD_NO_COMMUNICATION)


class Reader(Protocol):
    """Whoever answers questions, as `history.query.HistoryReader` does."""

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return what a trend draws of each tag."""

    def samples(self, query: SampleQuery, patience: Patience = PATIENT) -> tuple[SampleSeries, ...]:
        """Return the samples of each tag."""

    def at(self, query: InstantQuery, patience: Patience = PATIENT) -> Instant:
        """Return what each tag showed at a time."""

    def aggregates(self, query: AggregateQuery, patience: Patience = PATIENT) -> tuple[AggregateSeries, ...]:
        """Return aggregates of each tag."""

    def totals(self, query: TotalQuery, patience: Patience = PATIENT) -> tuple[TotalSeries, ...]:
        """Return the totals of each tag."""


class FarReader:
    """Asks `whole`, which needs the server; while that is away `near`, which knows all from `known_from_us()` on.

    Only a trend is answered without the server: a sum or a list of samples that lacks some of them would be wrong.
    """

    def __init__(self, whole: Reader, near: Reader, known_from_us: Callable[[], int]) -> None:
        self._whole, self._near, self._known_from_us = whole, near, known_from_us

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag of the query, in its order.

        Raises:
            KeyError: there is no such tag.
            DatabaseError: what is on disk can't be read.
        """
        try:
            return self._whole.answer(query)
        except OutOfReachError:
            from_us = self._known_from_us()  # before the file is read, which may grow but not shrink without a server
            return tuple(unknown_before(from_us, series) for series in self._near.answer(query))

    def samples(self, query: SampleQuery, patience: Patience = PATIENT) -> tuple[SampleSeries, ...]:
        """Return the samples of each tag; may also raise OutOfReachError."""
        return self._whole.samples(query, patience)

    def at(self, query: InstantQuery, patience: Patience = PATIENT) -> Instant:
        """Return what each tag showed at a time; may also raise OutOfReachError."""
        return self._whole.at(query, patience)

    def aggregates(self, query: AggregateQuery, patience: Patience = PATIENT) -> tuple[AggregateSeries, ...]:
        """Return aggregates of each tag; may also raise OutOfReachError."""
        return self._whole.aggregates(query, patience)

    def totals(self, query: TotalQuery, patience: Patience = PATIENT) -> tuple[TotalSeries, ...]:
        """Return the totals of each tag; may also raise OutOfReachError."""
        return self._whole.totals(query, patience)


def unknown_before(from_us: int, series: HistorySeries) -> HistorySeries:
    """Return a series in which "no data" before a time is "no communication": it isn't known now, but not lost."""
    is_unknown = (series.quality == NO_DATA) & (series.t0_us < from_us)
    gaps = tuple(
        Gap(gap.start_us, gap.end_us, AWAY) if gap.quality == NO_DATA and gap.start_us < from_us else gap
        for gap in series.gaps
    )
    return replace(series, quality=np.where(is_unknown, np.uint16(AWAY), series.quality), gaps=gaps)
