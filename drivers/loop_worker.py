"""The thread of one connection whose library wants asyncio: its own event loop, its own heartbeat.

One hanging connection hangs its own loop only.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from drivers.connection import ENDED_NS
from drivers.health import DeviceHealth
from drivers.loop_commands import LoopCommands
from drivers.once import AnyQuestion
from drivers.writes import PendingWrite
from plant_models.clock import Clock

_HEARTBEAT_S: Final = 1.0
STUCK_NS: Final = 5_000_000_000
"""A loop that has been silent for so long can't take its leave."""
_log = logging.getLogger(__name__)


class AsyncJob(Protocol):
    """Everything that happens on one connection, as coroutines. `commands` is the line of what it is asked to do."""

    @property
    def commands(self) -> LoopCommands: ...

    async def run(self) -> None:
        """Keep the link until cancelled, and leave nothing behind. Exceptions are its own business."""

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return how the devices are doing; any thread."""


class LoopWorker:
    """Fulfils `drivers.connection.Connection`: a daemon thread that runs a job; `start` once, `stop` once.

    `abort` shuts the sockets of the job down from outside, for a loop that is stuck and can't take its leave.
    """

    def __init__(self, name: str, job: AsyncJob, clock: Clock, abort: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self._job = job
        self._clock = clock
        self._abort = abort
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.heartbeat_ns = clock.mono_ns()

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def stop(self) -> None:
        self._call(self._stopping.set)
        self._job.commands.close()
        if self._clock.mono_ns() - self.heartbeat_ns > STUCK_NS:
            self._abort()

    def join(self, timeout_s: float) -> bool:
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def write(self, write: PendingWrite) -> None:
        self._job.commands.put(write)
        self._call(self._job.commands.notice)

    def ask(self, question: AnyQuestion) -> None:
        self._job.commands.ask(question)
        self._call(self._job.commands.notice)

    def health(self) -> tuple[DeviceHealth, ...]:
        return self._job.health()

    def _call(self, what: Callable[[], None]) -> None:
        """Run `what` on the loop, unless that has ended or not begun (it looks at everything when it begins)."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        loop = self._loop
        assert loop is not None
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        beat = asyncio.create_task(self._beat())
        stopping = asyncio.create_task(self._stopping.wait())
        job = asyncio.create_task(self._job.run())
        self._job.commands.notice()
        await asyncio.wait((job, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not stopping.done():
            _log.error("%s: broke down", self.name, exc_info=job.exception())
            self.heartbeat_ns = ENDED_NS
        for task in (beat, stopping, job):
            task.cancel()
        await asyncio.gather(beat, stopping, job, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            self.heartbeat_ns = self._clock.mono_ns()
            await asyncio.sleep(_HEARTBEAT_S)
