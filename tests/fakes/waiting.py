"""Waiting for something that another thread or process does."""

import threading
from collections.abc import Callable

from plant_models.clock import SystemClock


def wait_until(condition: Callable[[], object], timeout_s: float = 20.0, what: str = "the condition") -> None:
    """Return as soon as `condition()` is true.

    Raises:
        AssertionError: it wasn't within `timeout_s`, a hang guard.
    """
    clock, pause = SystemClock(), threading.Event()
    end_ns = clock.mono_ns() + int(timeout_s * 1e9)
    while not condition():
        if clock.mono_ns() > end_ns:
            raise AssertionError(f"{what} did not come true within {timeout_s} s")
        pause.wait(0.01)
