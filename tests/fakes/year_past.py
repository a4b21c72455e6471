"""A year of history, made up when it is asked for: a wave each day on a wave each year, and a month out of reach."""

import asyncio
from typing import Final

import numpy as np

from history.series import Gap, HistoryQuery, HistorySeries
from plant_models.quality import Quality
from tests.fakes.station import FakeStation

DAY_US: Final = 86_400_000_000


class YearPast:
    """Answers in the place of a station's history, between `hold` and `release` not yet; remembers what it was asked.

    Of the time `away_us` (start, end) it says that the server can't be reached.
    """

    def __init__(
        self, station: FakeStation, loop: asyncio.AbstractEventLoop, away_us: tuple[int, int] | None = None
    ) -> None:
        self.asked: list[HistoryQuery] = []
        self._away_us = away_us
        self._loop = loop
        self._released = loop.create_future()
        self._released.set_result(None)
        station.history = self.history  # type: ignore[method-assign]

    def hold(self) -> None:
        """Answer nothing until `release`."""
        self._released = self._loop.create_future()

    def release(self) -> None:
        """Answer what waits and what is asked from now on."""
        self._released.set_result(None)

    async def history(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return a series for each tag."""
        self.asked.append(query)
        await self._released
        return tuple(self._series(tag, query) for tag in query.tags)

    def _series(self, tag: str, query: HistoryQuery) -> HistorySeries:
        t0_us = query.edges_us()[:-1]
        mean = 50 + 20 * np.sin(t0_us / DAY_US / 58) + 5 * np.sin(t0_us / DAY_US * 2 * np.pi)
        gaps: tuple[Gap, ...] = ()
        quality = np.full(len(t0_us), int(Quality.GOOD), np.uint16)
        if self._away_us is not None:
            start_us, end_us = max(self._away_us[0], query.start_us), min(self._away_us[1], query.end_us)
            if end_us > start_us:
                gaps = (Gap(start_us, end_us, int(Quality.BAD_NO_COMMUNICATION)),)
                mean = np.where((t0_us >= start_us) & (t0_us < end_us), np.nan, mean)
        return HistorySeries(tag, t0_us, mean - 4, mean + 4, mean - 1, mean + 1, mean, quality, gaps)
