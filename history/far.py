"""Answering with a server that may be away: of what only it has nothing is known then. Worker threads of the station.

A gap because the server is away must not look as if nothing had been recorded.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from history.store.server import OutOfReachError
from plant_models.quality import Quality

AWAY: int = int(Quality.BAD_NO_COMMUNICATION)


class Reader(Protocol):
    """Whoever answers queries."""

    def answer(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag of the query, in its order."""


class FarReader:
    """Asks `whole`, which needs the server; while that is away `near`, which knows all from `known_from_us()` on."""

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


def unknown_before(from_us: int, series: HistorySeries) -> HistorySeries:
    """Return a series in which "no data" before a time is "no communication": it isn't known now, but not lost."""
    is_unknown = (series.quality == NO_DATA) & (series.t0_us < from_us)
    gaps = tuple(
        Gap(gap.start_us, gap.end_us, AWAY) if gap.quality == NO_DATA and gap.start_us < from_us else gap
        for gap in series.gaps
    )
    return replace(series, quality=np.where(is_unknown, np.uint16(AWAY), series.quality), gaps=gaps)
