"""Time, injected everywhere, so that tests, replay and fast runs can pass their own.

Any thread. Nothing else in Clearwell calls `time` or `datetime.now` (ruff bans them).
"""

import time
from typing import Final, Protocol


class Clock(Protocol):
    """Wall time for stamps, monotonic time for ages, delays and schedules."""

    def wall_us(self) -> int:
        """Return the wall time in microseconds since 1970-01-01 UTC."""

    def mono_ns(self) -> int:
        """Return a time in nanoseconds that never goes back; its zero means nothing."""

    def sleep(self, seconds: float) -> None:
        """Block the calling thread; zero or less returns at once."""


class SystemClock:
    """The machine's own clocks."""

    def wall_us(self) -> int:
        return time.time_ns() // 1_000

    def mono_ns(self) -> int:
        return time.monotonic_ns()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


BEGUN_NS: Final = SystemClock().mono_ns()
"""When the program began to load: main.py imports this module before any other."""
