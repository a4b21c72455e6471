"""Long questions to history, on workers of their own: they hold up neither trends nor commands.

Who stops waiting for an answer, or stops the station, ends the work on it. Any thread.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from database.errors import DatabaseError
from history.far import Reader
from history.queries.aggregates import AggregateQuery, AggregateSeries
from history.queries.instants import Instant, InstantQuery
from history.queries.limits import AbandonedError, Patience
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.totals import TotalQuery, TotalSeries
from station.commands import STOPPED

Q = TypeVar("Q")
A = TypeVar("A")


class HistoryQuestions:
    """What of `station.protocol.Station` asks history, but trends."""

    def __init__(self, reader: Reader, workers: Executor, is_running: Callable[[], bool]) -> None:
        self._reader, self._workers, self._is_running = reader, workers, is_running

    async def samples(self, query: SampleQuery) -> tuple[SampleSeries, ...]:
        return await self.ask(self._reader.samples, query)

    async def at(self, query: InstantQuery) -> Instant:
        return await self.ask(self._reader.at, query)

    async def aggregates(self, query: AggregateQuery) -> tuple[AggregateSeries, ...]:
        return await self.ask(self._reader.aggregates, query)

    async def totals(self, query: TotalQuery) -> tuple[TotalSeries, ...]:
        return await self.ask(self._reader.totals, query)

    async def ask(self, answer: Callable[[Q, Patience], A], query: Q) -> A:
        """Return what `answer` says on a worker; its `Patience` ends it when nobody waits any more.

        Raises:
            DatabaseError: the station doesn't run; and whatever `answer` raises.
        """
        if not self._is_running():
            raise DatabaseError(STOPPED)
        is_gone = threading.Event()
        patience = Patience(lambda: self._is_running() and not is_gone.is_set())
        try:
            return await asyncio.wrap_future(self._workers.submit(answer, query, patience))
        except AbandonedError:  # the station stopped meanwhile
            raise DatabaseError(STOPPED) from None
        finally:
            is_gone.set()
