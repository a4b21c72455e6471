"""The watchdog: a thread of its own that notices when the station thread stalls. Then no value may be believed."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from plant_models.clock import Clock

STALL_S: Final = 5.0
PERIOD_S: Final = 0.25
_log = structlog.get_logger()


class Watchdog:
    """Compares `heartbeat_ns()` with the clock; `is_evaluated` is False before `start`, in a stall and after `stop`."""

    def __init__(self, heartbeat_ns: Callable[[], int], clock: Clock) -> None:
        self._heartbeat_ns = heartbeat_ns
        self._clock = clock
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self.is_evaluated = False

    def start(self) -> None:
        """Start the thread."""
        self.is_evaluated = True
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._is_stopping.set()
        self._thread.join()
        self.is_evaluated = False

    def _run(self) -> None:
        while not self._is_stopping.wait(PERIOD_S):
            silence_s = (self._clock.mono_ns() - self._heartbeat_ns()) / 1e9
            is_evaluated = silence_s <= STALL_S
            if is_evaluated != self.is_evaluated:
                self.is_evaluated = is_evaluated
                if is_evaluated:
                    _log.warning("watchdog: the station thread runs again")
                else:
                    _log.error("watchdog: the station thread stalls, values are not evaluated", silence_s=silence_s)
