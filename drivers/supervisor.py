"""A thread of the pool that looks whether every connection still shows signs of life."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from plant_models.clock import Clock

PERIOD_S: Final = 0.5
LATE_S: Final = 2.0
"""A look that comes so late says that the whole program stood still: then nobody's silence counts."""
_STOP_S: Final = 1.0
_log = logging.getLogger(__name__)


class Supervisor:
    """Calls `look` with the moment (monotonic ns) since which silence counts, from `start` to `stop`."""

    def __init__(self, look: Callable[[int], None], clock: Clock) -> None:
        self._look = look
        self._clock = clock
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="driver supervisor", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that a driver holds up is left behind."""
        self._is_stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_STOP_S)

    def _run(self) -> None:
        looked_ns = since_ns = self._clock.mono_ns()
        while not self._is_stopping.wait(PERIOD_S):
            now_ns = self._clock.mono_ns()
            if now_ns - looked_ns > (PERIOD_S + LATE_S) * 1e9:
                since_ns = now_ns
            try:
                self._look(since_ns)
            except Exception:  # noqa: BLE001 - the border: whatever went wrong with one, all the others are looked after
                _log.exception("the drivers can't be looked after")
            looked_ns = self._clock.mono_ns()
