"""Looks round in servers for whoever is at a window, beside the connections that bring the values.

A connection of its own each, so that a server that chokes on a question costs no value; it is kept for half a minute,
since whoever opens a folder soon opens the next one. One thread with an event loop, begun by the first question.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from drivers.address_space import SpaceLevel
from drivers.opcua.browse import browsing_session, in_words
from drivers.opcua.levels import read_levels
from drivers.opcua.session import Session
from plant_models.clock import Clock
from plant_models.device import Device, Endpoint

KEPT_S: Final = 30.0
LIMIT_S: Final = 60.0
"""One question with all its requests; each request has the time-out of its device."""
_STOP_S: Final = 1.0
_HURRY_S: Final = 0.2
"""For taking leave of a server while the station ends."""
_Key = tuple[str, Endpoint]


@dataclass(slots=True)
class _Place:
    """One server: its session, if there is one, and who waits to close it; one question at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    session: Session | None = None
    closing: asyncio.Task[None] | None = None


class Browser:
    """`ask` and `stop` may be called from any thread; `folder` is the station's data folder."""

    def __init__(self, clock: Clock, folder: Path, kept_s: float = KEPT_S) -> None:
        self._clock = clock
        self._folder = folder
        self._kept_s = kept_s
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._places: dict[_Key, _Place] = {}
        self._is_stopping = False

    def ask(self, device: Device, addresses: Sequence[str]) -> Future[list[SpaceLevel]]:
        """Return what lies below nodes of a server; who cancels the future ends the question.

        The future raises BrowseError where the server can't be asked.
        """
        return self._run(self._answer(device, addresses))

    def stop(self) -> None:
        """End every question and connection, within a second or so."""
        self._is_stopping = True
        with self._starting:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close_all(), loop).result(_STOP_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_STOP_S)

    def _run(self, coroutine: Coroutine[Any, Any, list[SpaceLevel]]) -> Future[list[SpaceLevel]]:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_turn, args=(self._loop,), name="browse-opcua", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _answer(self, device: Device, addresses: Sequence[str]) -> list[SpaceLevel]:
        place = self._places.setdefault((device.name, device.endpoint), _Place())
        async with place.lock:
            if place.closing is not None:
                place.closing.cancel()
                place.closing = None
            try:
                with in_words(device):
                    async with asyncio.timeout(LIMIT_S):
                        session = await self._session(device, place)
                        levels = await read_levels(session.client.uaclient.session, addresses)
            except BaseException:  # also when nobody waits for the answer any more: it must not come to the next one
                await self._close(place)
                raise
            place.closing = asyncio.create_task(self._close_later(place))
            return levels

    async def _session(self, device: Device, place: _Place) -> Session:
        if place.session is not None and not place.session.problem():
            return place.session
        await self._close(place)
        place.session, security = browsing_session(device, self._clock, self._folder)
        await place.session.open({}, security)
        return place.session

    async def _close_later(self, place: _Place) -> None:
        await asyncio.sleep(self._kept_s)
        async with place.lock:
            await self._close(place)

    async def _close(self, place: _Place) -> None:
        session, place.session = place.session, None
        if session is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_HURRY_S if self._is_stopping else None):
                    await session.close()

    async def _close_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.gather(*(self._close(place) for place in self._places.values()))


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
