"""Long questions to history: on workers of their own, and given up when nobody waits for them."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from database.errors import DatabaseError
from history.queries.instants import InstantQuery
from history.queries.limits import Patience
from history.queries.samples import SampleQuery
from history.series import HistoryQuery
from station.history_questions import HistoryQuestions
from tests.fakes.running_station import RunningStation
from tests.fakes.waiting import wait_until


class EndlessReader:
    """Answers only by asking whether anybody still waits."""

    def __init__(self) -> None:
        self.has_begun, self.has_ended = threading.Event(), threading.Event()

    def at(self, _query: InstantQuery, patience: Patience) -> None:
        self.has_begun.set()
        try:
            while True:
                patience.check()
                self.has_ended.wait(0.001)
        finally:
            self.has_ended.set()


async def test_work_ends_when_who_asked_is_gone() -> None:
    reader = EndlessReader()
    with ThreadPoolExecutor(1) as workers:
        questions = HistoryQuestions(reader, workers, lambda: True)  # type: ignore[arg-type]
        asked = asyncio.create_task(questions.at(InstantQuery(0)))
        await asyncio.to_thread(wait_until, reader.has_begun.is_set)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await asyncio.to_thread(wait_until, reader.has_ended.is_set)


async def test_work_ends_when_the_station_stops() -> None:
    reader, state = EndlessReader(), SimpleNamespace(is_running=True)
    with ThreadPoolExecutor(1) as workers:
        questions = HistoryQuestions(reader, workers, lambda: state.is_running)  # type: ignore[arg-type]
        asked = asyncio.create_task(questions.at(InstantQuery(0)))
        await asyncio.to_thread(wait_until, reader.has_begun.is_set)
        state.is_running = False
        with pytest.raises(DatabaseError, match="not running"):
            await asked


async def test_trends_are_answered_while_all_long_questions_wait(running: RunningStation) -> None:
    station, is_over = running.station, threading.Event()
    blocked = [station._asking.submit(is_over.wait, 20.0) for _ in range(2)]
    asked = asyncio.create_task(station.samples(SampleQuery(("LEVEL",), 0, 1)))
    (series,) = await station.history(HistoryQuery(("LEVEL",), 0, 1, 1))
    assert series.tag == "LEVEL"
    assert not asked.done()
    is_over.set()
    assert len((await asked)[0].values) == 0
    assert all(each.result() for each in blocked)


async def test_a_station_that_does_not_run_says_so(running: RunningStation) -> None:
    await asyncio.to_thread(running.stop)
    with pytest.raises(DatabaseError, match="not running"):
        await running.station.at(InstantQuery(0))
