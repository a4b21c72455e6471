"""The thread of one connection: runs a job step by step, sleeps until the next is due. A border for exceptions.

One hanging connection hangs its own thread only.
"""

import logging
import threading
from typing import Final, Protocol

from drivers.bell import Bell
from drivers.connection import ENDED_NS
from drivers.health import DeviceHealth
from drivers.once import NO_ANSWERS, AnyQuestion, Askable
from drivers.writes import PendingWrite
from plant_models.clock import Clock
from plant_models.message import message

_log = logging.getLogger(__name__)
_PAUSE_NS: Final = 5_000_000_000
_LONGEST_SLEEP_S: Final = 1.0
"""A sleeping worker shows this often that it isn't stuck."""


class Job(Protocol):
    """Everything that happens on one connection."""

    def step(self) -> int:
        """Do the most urgent thing; return when the next is due (monotonic ns, past if at once)."""

    def write(self, write: PendingWrite) -> None:
        """Queue a command; any thread."""

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return how the devices are doing; any thread."""

    def abort(self) -> None:
        """Make a step under way end soon, and refuse new work; called from any thread."""

    def close(self) -> None:
        """Let go of the connection; the last call, on the worker's thread."""

    def fail(self, words: str) -> None:
        """Show that a step broke down: no value of this connection may look good."""


class Worker:
    """Fulfils `drivers.connection.Connection`: a daemon thread around a job; `start` once, `stop` once."""

    def __init__(self, name: str, job: Job, clock: Clock) -> None:
        self.name = name
        self._job = job
        self._clock = clock
        self._bell = Bell()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.heartbeat_ns = clock.mono_ns()

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Let the worker look for new work now; any thread."""
        self._bell.ring()

    def write(self, write: PendingWrite) -> None:
        self._job.write(write)
        self.wake()

    def ask(self, question: AnyQuestion) -> None:
        if not isinstance(self._job, Askable):
            question.not_sent(NO_ANSWERS)
            return
        self._job.ask(question)
        self.wake()

    def health(self) -> tuple[DeviceHealth, ...]:
        return self._job.health()

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        self._is_stopping = True
        self._job.abort()
        self._bell.ring()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._work()
        finally:
            if not self._is_stopping:
                self.heartbeat_ns = ENDED_NS
            self._job.close()

    def _work(self) -> None:
        while not self._is_stopping:
            due_ns = self._step()
            self.heartbeat_ns = self._clock.mono_ns()
            while (wait_s := (due_ns - self._clock.mono_ns()) / 1e9) > 0:
                if self._bell.wait(min(wait_s, _LONGEST_SLEEP_S)):
                    break
                self.heartbeat_ns = self._clock.mono_ns()

    def _step(self) -> int:
        try:
            return self._job.step()
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("%s: a step failed", self._thread.name)
            self._job.fail(message("Internal error: {error}", error=str(error)))
            return self._clock.mono_ns() + _PAUSE_NS
