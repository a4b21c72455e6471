"""The coroutines that the screens have started, and the last border for what goes wrong in them. GUI thread."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

_LOG: Final = structlog.get_logger(__name__)


class Tasks:
    """Keeps every running task alive, tells of those that failed, and ends all of them with the window."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_error: Callable[[BaseException], None]) -> None:
        self._loop = loop
        self._on_error = on_error
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    def __len__(self) -> int:
        return len(self._running)

    @property
    def is_running(self) -> bool:
        """Whether the loop runs and isn't ending; before and after, a task could not wait for a thread."""
        return self._loop.is_running() and not self._is_stopping

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine on the loop of the window; its task may be cancelled."""
        task = self._loop.create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def stop(self) -> None:
        """Cancel what still runs and wait until it has ended."""
        self._is_stopping = True
        try:
            running = tuple(self._running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        finally:
            self._is_stopping = False

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a task of the screens failed", exc_info=error)
            self._on_error(error)
