"""Wakes one thread that sleeps. Any thread rings; rings while nobody sleeps are one, heard at the next sleep.

A worker sleeps between any two scans, a hundred of them ten times a second: a lock does it with one call to the
system, where `threading.Event` makes a lock and a queue for each sleep.
"""

import contextlib
import threading


class Bell:
    """A lock that the sleeper can't get until somebody rings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def ring(self) -> None:
        """End the sleep, or the next one at once."""
        with contextlib.suppress(RuntimeError):  # rung already
            self._lock.release()

    def wait(self, timeout_s: float) -> bool:
        """Sleep for at most `timeout_s`; True if the bell rang."""
        return self._lock.acquire(timeout=timeout_s)
